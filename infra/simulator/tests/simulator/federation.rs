use std::time::Duration;

use microsoft_simulator::{DirectoryEvent, SimulatedFederatedCredential, demo};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Caller, Got, Pairs, REDIRECT_URI, VERIFIER, pairs, with};
use crate::issuer::{Issuer, KEY_ONE, KEY_TWO, published, signed};

const SUBJECT: &str = "customer-7F3a";
const AUDIENCE: &str = "api://AzureADTokenExchange";
const HOUR: Duration = Duration::from_hours(1);

/// An application that trusts an issuer, and nothing else: its secret is gone.
struct Trust {
    caller: Caller,
    issuer: Issuer,
}

impl Trust {
    async fn new() -> Self {
        let (caller, issuer) = (Caller::new().await, Issuer::start().await);
        let trust = Self { caller, issuer };
        trust.happen(DirectoryEvent::RemoveSecrets { client_id: demo::KADRY_CLIENT_ID });
        trust.happen(trust.credential(|_| ()));
        trust
    }

    fn credential(&self, change: impl FnOnce(&mut SimulatedFederatedCredential)) -> DirectoryEvent {
        let mut credential = SimulatedFederatedCredential {
            name: "teams-connect".to_owned(),
            issuer: self.issuer.url.clone(),
            subject: SUBJECT.to_owned(),
            audiences: vec![AUDIENCE.to_owned()],
        };
        change(&mut credential);
        DirectoryEvent::AddFederatedCredential { client_id: demo::KADRY_CLIENT_ID, credential }
    }

    fn happen(&self, event: DirectoryEvent) {
        self.caller.simulator.apply(event).expect("an application");
    }

    /// The application trusts this instead.
    fn trusts_instead(&self, change: impl FnOnce(&mut SimulatedFederatedCredential)) {
        self.happen(DirectoryEvent::RemoveFederatedCredentials { client_id: demo::KADRY_CLIENT_ID });
        self.happen(self.credential(change));
    }

    fn claims(&self) -> Value {
        let now = self.caller.simulator.now().as_second();
        json!({ "iss": self.issuer.url, "sub": SUBJECT, "aud": AUDIENCE, "jti": "1", "iat": now, "nbf": now, "exp": now + 300 })
    }

    fn assertion(&self) -> String {
        signed(KEY_ONE, &header("one"), &self.claims())
    }

    async fn ask(&self, assertion: &str) -> Got {
        let form = with(probe(), "client_assertion", assertion);
        self.caller.token("kadry.example", &form).await
    }

    /// The number with which an assertion is rejected, 0 if it is accepted.
    async fn number(&self, assertion: &str) -> u64 {
        let got = self.ask(assertion).await;
        if got.status == StatusCode::OK { 0 } else { got.refusal().2 }
    }
}

fn header(key: &str) -> Value {
    json!({ "alg": "RS256", "typ": "JWT", "kid": key })
}

fn credentials() -> Pairs {
    pairs(&[
        ("client_id", &demo::KADRY_CLIENT_ID.to_string()),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
    ])
}

fn probe() -> Pairs {
    let mut form = credentials();
    form.extend(pairs(&[("grant_type", "client_credentials"), ("scope", "https://graph.microsoft.com/.default")]));
    form
}

#[tokio::test]
async fn an_assertion_of_a_trusted_issuer_serves_every_grant() {
    let trust = Trust::new().await;
    assert_eq!(trust.ask(&trust.assertion()).await.status, StatusCode::OK);
    let mut form = with(credentials(), "client_assertion", &trust.assertion());
    form.extend(pairs(&[
        ("grant_type", "authorization_code"),
        ("code", &trust.caller.code(demo::ANNA).await),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ]));
    let got = trust.caller.token("kadry.example", &form).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text);
    let mut form = with(credentials(), "client_assertion", &trust.assertion());
    let refresh_token = got.json()["refresh_token"].as_str().expect("a token").to_owned();
    form.extend(pairs(&[("grant_type", "refresh_token"), ("refresh_token", &refresh_token)]));
    let got = trust.caller.token("kadry.example", &form).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text);
    assert_eq!(trust.issuer.asked(), [".well-known/openid-configuration", "keys"], "asked once for all of them");
}

#[tokio::test]
async fn issuer_audience_and_subject_are_compared_to_the_byte() {
    let trust = Trust::new().await;
    assert_eq!(trust.number(&trust.assertion()).await, 0);
    for (name, value, number, presented) in [
        ("iss", json!(format!("{}/", trust.issuer.url)), 700_211, "issuer"),
        ("iss", json!(trust.issuer.url.to_uppercase()), 700_211, "issuer"),
        ("iss", json!("https://elsewhere.example"), 700_211, "issuer"),
        ("aud", json!("api://azureadtokenexchange"), 700_212, "audience"),
        ("aud", json!(["api://elsewhere"]), 700_212, "audience"),
        ("aud", Value::Null, 700_212, "audience"),
        ("sub", json!("somebody-else"), 700_213, "subject"),
        ("sub", json!("CUSTOMER-7f3A"), 7_002_138, "subject"),
    ] {
        let mut claims = trust.claims();
        claims[name] = value;
        let got = trust.ask(&signed(KEY_ONE, &header("one"), &claims)).await;
        assert_eq!(got.refusal(), (401, "invalid_client".to_owned(), number), "{name}");
        assert!(got.text.contains(&format!("for presented assertion {presented} '")), "{}", got.text);
    }
    let mut claims = trust.claims();
    claims["aud"] = json!(["api://elsewhere", AUDIENCE]);
    assert_eq!(trust.number(&signed(KEY_ONE, &header("one"), &claims)).await, 0, "one of several audiences");
    trust.trusts_instead(|credential| credential.subject = SUBJECT.to_uppercase());
    assert_eq!(trust.number(&trust.assertion()).await, 7_002_138);
    trust.trusts_instead(|credential| credential.issuer = format!("{} ", trust.issuer.url));
    assert_eq!(trust.number(&trust.assertion()).await, 700_211);
    trust.happen(DirectoryEvent::RemoveFederatedCredentials { client_id: demo::KADRY_CLIENT_ID });
    assert_eq!(trust.number(&trust.assertion()).await, 70_025);
}

#[tokio::test]
async fn values_of_several_credentials_are_not_mixed() {
    let trust = Trust::new().await;
    trust.trusts_instead(|credential| credential.subject = "first".to_owned());
    trust.happen(trust.credential(|credential| {
        credential.name = "other".to_owned();
        credential.audiences = vec!["api://other".to_owned()];
    }));
    trust.happen(trust.credential(|credential| {
        credential.name = "third".to_owned();
        credential.issuer = "https://elsewhere.example".to_owned();
    }));
    assert_eq!(trust.number(&trust.assertion()).await, 700_213);
}

#[tokio::test]
async fn only_a_valid_assertion_that_the_issuer_signed_is_accepted() {
    let trust = Trust::new().await;
    let now = trust.caller.simulator.now().as_second();
    for (name, value, number) in [
        ("exp", json!(now - 1), 700_024),
        ("exp", Value::Null, 700_024),
        ("nbf", json!(now + 3_600), 700_024),
        ("iss", json!(7), 50_027),
        ("sub", Value::Null, 50_027),
    ] {
        let mut claims = trust.claims();
        claims[name] = value;
        assert_eq!(trust.number(&signed(KEY_ONE, &header("one"), &claims)).await, number, "{name}");
    }
    for (name, value, number) in
        [("typ", "at+jwt", 5_002_727), ("alg", "PS256", 50_027), ("alg", "none", 50_027), ("kid", "", 700_027)]
    {
        let mut header = header("one");
        header[name] = json!(value);
        assert_eq!(trust.number(&signed(KEY_ONE, &header, &trust.claims())).await, number, "{name} {value}");
    }
    assert_eq!(trust.number(&signed(KEY_TWO, &header("one"), &trust.claims())).await, 7_000_274);
    let whole = trust.assertion();
    let (unsigned, _) = whole.rsplit_once('.').expect("a signature");
    assert_eq!(trust.number(unsigned).await, 50_027);
    assert_eq!(trust.number(&format!("{whole}.more")).await, 50_027);
    assert_eq!(trust.number(&whole).await, 0);
}

#[tokio::test]
async fn keys_are_kept_for_an_hour_and_an_unknown_one_is_looked_for_after_five_minutes() {
    let trust = Trust::new().await;
    assert_eq!(trust.number(&trust.assertion()).await, 0);
    trust.issuer.change(|documents| documents.keys = vec![published("two", KEY_TWO)]);
    let second = || signed(KEY_TWO, &header("two"), &trust.claims());
    assert_eq!(trust.number(&second()).await, 700_027, "asked a moment ago");
    assert_eq!(trust.number(&trust.assertion()).await, 0, "the key that was withdrawn is still known");
    trust.caller.simulator.advance(Duration::from_mins(5));
    assert_eq!(trust.number(&trust.assertion()).await, 0, "a known key is no reason to ask");
    assert_eq!(trust.issuer.asked().len(), 2);
    assert_eq!(trust.number(&second()).await, 0);
    assert_eq!(trust.number(&trust.assertion()).await, 700_027, "now the first key is forgotten");
    assert_eq!(trust.issuer.asked().len(), 2);
    trust.caller.simulator.advance(Duration::from_mins(59));
    assert_eq!(trust.number(&second()).await, 0);
    assert_eq!(trust.issuer.asked(), Vec::<String>::new());
    trust.caller.simulator.advance(Duration::from_mins(1));
    assert_eq!(trust.number(&second()).await, 0);
    assert_eq!(trust.issuer.asked().len(), 2);
}

#[tokio::test]
async fn keys_of_an_issuer_that_does_not_answer_are_used_for_a_day() {
    let trust = Trust::new().await;
    trust.issuer.change(|documents| documents.out_of_order = true);
    let got = trust.ask(&trust.assertion()).await;
    assert_eq!(got.refusal(), (400, "invalid_request".to_owned(), 501_661));
    trust.issuer.change(|documents| documents.out_of_order = false);
    assert_eq!(trust.number(&trust.assertion()).await, 0, "a failure is not remembered");
    trust.issuer.change(|documents| documents.out_of_order = true);
    trust.caller.simulator.advance(23 * HOUR);
    assert_eq!(trust.number(&trust.assertion()).await, 0);
    trust.caller.simulator.advance(HOUR);
    assert_eq!(trust.number(&trust.assertion()).await, 501_661);
}

#[tokio::test]
async fn documents_that_do_not_fit_are_as_good_as_none() {
    let trust = Trust::new().await;
    let right = trust.issuer.change(|documents| documents.discovery.clone());
    let elsewhere = format!("{}/elsewhere", trust.issuer.url);
    let moved = format!("{}/moved", trust.issuer.url);
    for (name, value) in [
        ("issuer", json!(format!("{}/", trust.issuer.url))),
        ("issuer", Value::Null),
        ("jwks_uri", Value::Null),
        ("jwks_uri", json!(elsewhere)),
        ("jwks_uri", json!(moved)),
        ("jwks_uri", json!("http://192.0.2.1/keys")),
        ("response_types_supported", json!([])),
        ("subject_types_supported", Value::Null),
        ("id_token_signing_alg_values_supported", json!([])),
        ("authorization_endpoint", json!("")),
    ] {
        trust.issuer.change(|documents| {
            documents.discovery = right.clone();
            documents.discovery[name] = value.clone();
        });
        assert_eq!(trust.number(&trust.assertion()).await, 501_661, "{name} {value}");
    }
    trust.issuer.change(|documents| documents.discovery = right);
    assert_eq!(trust.number(&trust.assertion()).await, 0);
}

#[tokio::test]
async fn only_an_issuer_that_the_app_trusts_is_asked() {
    let trust = Trust::new().await;
    let stranger = Issuer::start().await;
    let mut claims = trust.claims();
    claims["iss"] = json!(stranger.url);
    assert_eq!(trust.number(&signed(KEY_ONE, &header("one"), &claims)).await, 700_211);
    assert_eq!(stranger.asked(), Vec::<String>::new());
    trust.trusts_instead(|credential| credential.issuer = "https://issuer.example".to_owned());
    claims["iss"] = json!("https://issuer.example");
    assert_eq!(trust.number(&signed(KEY_ONE, &header("one"), &claims)).await, 501_661, "not on loopback");
}

#[tokio::test]
async fn policies_of_the_tenant_forbid_an_issuer_or_all_of_them() {
    let trust = Trust::new().await;
    let allow = |issuers| trust.happen(DirectoryEvent::AllowIssuers { tenant: demo::KADRY_TENANT, issuers });
    for (issuers, number) in [
        (Some(vec!["https://elsewhere.example".to_owned()]), 700_238),
        (Some(Vec::new()), 700_223),
        (Some(vec![trust.issuer.url.clone()]), 0),
        (None, 0),
    ] {
        allow(issuers.clone());
        assert_eq!(trust.number(&trust.assertion()).await, number, "{issuers:?}");
    }
}

#[tokio::test]
async fn an_app_has_at_most_twenty_credentials_within_microsofts_limits() {
    let caller = Caller::new().await;
    let add = async |changes: &[(&str, Value)]| {
        let mut credential =
            json!({ "name": "c-0", "issuer": "https://a.example", "subject": "s-0", "audiences": [AUDIENCE] });
        for (name, value) in changes {
            credential[*name] = value.clone();
        }
        let event = json!({
            "event": "add_federated_credential",
            "client_id": demo::KADRY_CLIENT_ID,
            "credential": credential,
        });
        let got = caller.control(Method::POST, "events", &event).await;
        got.json()["error"].as_str().map_or_else(String::new, str::to_owned)
    };
    let long = "x".repeat(601);
    let wrong: [(&str, Value, &str); 9] = [
        ("name", json!("ab"), "is invalid"),
        ("name", json!("x".repeat(121)), "is invalid"),
        ("name", json!("-abc"), "is invalid"),
        ("name", json!("a b c"), "is invalid"),
        ("issuer", json!(long), "600 characters"),
        ("subject", json!(""), "empty properties"),
        ("audiences", json!([]), "exactly one audience"),
        ("audiences", json!([AUDIENCE, "api://other"]), "exactly one audience"),
        ("audiences", json!([long]), "600 characters"),
    ];
    for (name, value, reason) in wrong {
        let error = add(&[(name, value)]).await;
        assert!(error.contains(reason), "{name}: {error}");
    }
    for number in 0..20 {
        let error = add(&[("name", json!(format!("c-{number}"))), ("subject", json!(format!("s-{number}")))]).await;
        assert_eq!(error, "");
    }
    for (name, subject, reason) in
        [("c-0", "s-20", "same name"), ("c-20", "s-0", "combination already exists"), ("c-20", "s-20", "at most 20")]
    {
        let error = add(&[("name", json!(name)), ("subject", json!(subject))]).await;
        assert!(error.contains(reason), "{name} {subject}: {error}");
    }
    let directory = caller.control(Method::GET, "directory", &Value::Null).await.json();
    let listed = &directory["tenants"][0]["apps"][0]["federated_credentials"];
    assert_eq!(listed.as_array().map(Vec::len), Some(20));
    assert_eq!(listed[0]["audiences"], json!([AUDIENCE]));
    assert!(caller.get(&caller.login("")).await.text.contains("https://a.example"), "the start page shows them");
}

#[tokio::test]
async fn an_assertion_that_was_accepted_is_a_secret() {
    let trust = Trust::new().await;
    let assertion = trust.assertion();
    assert_eq!(trust.number(&assertion).await, 0);
    assert!(trust.caller.simulator.secrets().all().contains(&assertion));
}
