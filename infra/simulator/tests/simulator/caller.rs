//! The application under the simulator: asks for codes, tokens and meetings.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use microsoft_simulator::{Directory, Simulator, SimulatorSettings, demo};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

pub(crate) const REDIRECT_URI: &str = "http://localhost:8080/oauth/callback";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// RFC 7636 appendix B, of the verifier above.
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const SCOPE: &str = "openid profile offline_access \
     https://graph.microsoft.com/OnlineMeetings.ReadWrite https://graph.microsoft.com/User.Read";

pub(crate) type Pairs = Vec<(String, String)>;

pub(crate) struct Caller {
    pub(crate) simulator: Simulator,
    pub(crate) http: Client,
}

/// An answer, read completely.
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Got {
    pub(crate) async fn of(response: Response) -> Self {
        let header = response.headers().get("location");
        Self {
            status: response.status(),
            location: header.map(|value| value.to_str().expect("ASCII").to_owned()),
            headers: response.headers().clone(),
            text: response.text().await.expect("a body"),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// A parameter of the redirect.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let location = self.location.as_ref()?;
        let query = location.split_once('?')?.1.split('#').next()?;
        form_urlencoded::parse(query.as_bytes()).find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
    }

    /// Status, `error` and AADSTS number of a refused token request.
    pub(crate) fn refusal(&self) -> (u16, String, u64) {
        let body = self.json();
        (
            self.status.as_u16(),
            body["error"].as_str().unwrap_or_default().to_owned(),
            body["error_codes"][0].as_u64().unwrap_or_default(),
        )
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests' own client: loopback, no TLS, no redirects followed")]
fn client() -> Client {
    // Nothing here speaks TLS, yet reqwest wants a provider before it builds anything;
    // the second test to come finds the first one's.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client")
}

pub(crate) fn pairs(list: &[(&str, &str)]) -> Pairs {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The same pairs with one of them set, or removed for an empty value.
pub(crate) fn with(mut list: Pairs, name: &str, value: &str) -> Pairs {
    list.retain(|(own, _)| own != name);
    if !value.is_empty() {
        list.push((name.to_owned(), value.to_owned()));
    }
    list
}

pub(crate) fn encoded(list: &Pairs) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(list).finish()
}

impl Caller {
    pub(crate) async fn new() -> Self {
        let mut directory = Directory::demo(&[REDIRECT_URI.to_owned()]);
        // Recruiters of Kadry consent for themselves here; those of Praca may not.
        directory.tenants[0].require_admin_consent = false;
        let simulator = Simulator::start(SimulatorSettings::new(directory)).await;
        Self { simulator: simulator.expect("a simulator"), http: client() }
    }

    pub(crate) fn login(&self, path: &str) -> String {
        format!("{}/{path}", self.simulator.login_url())
    }

    pub(crate) async fn get(&self, url: &str) -> Got {
        Got::of(self.http.get(url).send().await.expect("an answer")).await
    }

    /// What a careful application sends to `authorize`.
    pub(crate) fn request() -> Pairs {
        pairs(&[
            ("client_id", &demo::KADRY_CLIENT_ID.to_string()),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT_URI),
            ("response_mode", "query"),
            ("scope", SCOPE),
            ("state", "state-1"),
            ("nonce", "nonce-1"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ])
    }

    pub(crate) fn praca_request() -> Pairs {
        with(Self::request(), "client_id", &demo::PRACA_CLIENT_ID.to_string())
    }

    pub(crate) fn authorize_url(&self, tenant: &str, request: &Pairs) -> String {
        self.login(&format!("{tenant}/oauth2/v2.0/authorize?{}", encoded(request)))
    }

    /// Opens the sign-in page.
    pub(crate) async fn open(&self, request: &Pairs) -> Got {
        self.get(&self.authorize_url(demo::KADRY_DOMAIN, request)).await
    }

    /// Posts the form of the sign-in page.
    pub(crate) async fn decide(&self, tenant: &str, request: &Pairs, form: &[(&str, &str)]) -> Got {
        let url = self.authorize_url(tenant, request);
        let sent = self.http.post(url).form(form).send().await;
        Got::of(sent.expect("an answer")).await
    }

    /// Signs a user in and returns the code.
    pub(crate) async fn code(&self, upn: &str) -> String {
        let form = [("user", upn), ("decision", "accept")];
        let got = self.decide(demo::KADRY_DOMAIN, &Self::request(), &form).await;
        got.parameter("code").expect("a code")
    }

    pub(crate) async fn token(&self, tenant: &str, form: &Pairs) -> Got {
        let url = self.login(&format!("{tenant}/oauth2/v2.0/token"));
        let sent = self.http.post(url).form(form).send().await;
        Got::of(sent.expect("an answer")).await
    }

    pub(crate) fn credentials() -> Pairs {
        pairs(&[("client_id", &demo::KADRY_CLIENT_ID.to_string()), ("client_secret", demo::KADRY_SECRET)])
    }

    pub(crate) fn redemption(code: &str) -> Pairs {
        let mut form = Self::credentials();
        form.extend(pairs(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ]));
        form
    }

    pub(crate) async fn redeem(&self, code: &str) -> Got {
        self.token(demo::KADRY_DOMAIN, &Self::redemption(code)).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Got {
        let mut form = Self::credentials();
        form.extend(pairs(&[("grant_type", "refresh_token"), ("refresh_token", token)]));
        self.token(demo::KADRY_DOMAIN, &form).await
    }

    /// The token answer of a fresh sign-in.
    pub(crate) async fn signed_in(&self, upn: &str) -> Value {
        let got = self.redeem(&self.code(upn).await).await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.text);
        got.json()
    }

    pub(crate) async fn access_token(&self, upn: &str) -> String {
        let answer = self.signed_in(upn).await;
        answer["access_token"].as_str().expect("a token").to_owned()
    }

    pub(crate) async fn refresh_token(&self, upn: &str) -> String {
        let answer = self.signed_in(upn).await;
        answer["refresh_token"].as_str().expect("a token").to_owned()
    }

    /// One Graph request; no body for null.
    pub(crate) async fn graph(&self, method: Method, path: &str, token: &str, body: &Value) -> Got {
        let url = format!("{}/v1.0{path}", self.simulator.graph_url());
        let mut request = self.http.request(method, url).bearer_auth(token);
        if !body.is_null() {
            request = request.json(body);
        }
        Got::of(request.send().await.expect("an answer")).await
    }

    /// Posts JSON to a control route.
    pub(crate) async fn control(&self, method: Method, path: &str, body: &Value) -> Got {
        let url = self.login(&format!("control/{path}"));
        let mut request = self.http.request(method, url);
        if !body.is_null() {
            request = request.json(body);
        }
        Got::of(request.send().await.expect("an answer")).await
    }
}

/// Header and claims of a JWT, unverified.
pub(crate) fn opened(jwt: &str) -> (Value, Value) {
    let mut parts = jwt.split('.').map(|part| {
        let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64url");
        serde_json::from_slice(&bytes).unwrap_or(Value::Null)
    });
    let header = parts.next().expect("a header");
    (header, parts.next().expect("claims"))
}

/// A body that makes or finds a meeting.
pub(crate) fn interview(external_id: &str) -> Value {
    json!({
        "externalId": external_id,
        "subject": "Rozmowa rekrutacyjna",
        "startDateTime": "2026-12-01T10:00:00+01:00",
        "endDateTime": "2026-12-01T11:00:00+01:00",
    })
}
