use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use microsoft_simulator::{DirectoryEvent, demo};
use reqwest::StatusCode;

use crate::caller::{Caller, Got, Pairs, pairs, with};

fn probe() -> Pairs {
    let mut form = Caller::credentials();
    form.extend(pairs(&[("grant_type", "client_credentials"), ("scope", "https://graph.microsoft.com/.default")]));
    form
}

#[tokio::test]
async fn right_credentials_get_a_token_that_speaks_for_nobody() {
    let caller = Caller::new().await;
    let got = caller.token("kadry.example", &probe()).await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(got.headers["cache-control"], "no-store, no-cache");
    let body = got.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["refresh_token"], serde_json::Value::Null);
    let own = format!("{}/.default", caller.simulator.graph_url());
    let got = caller.token("kadry.example", &with(probe(), "scope", &own)).await;
    assert_eq!(got.status, StatusCode::OK);
}

#[tokio::test]
async fn each_wrong_credential_has_its_own_number() {
    let caller = Caller::new().await;
    let other = "11111111-2222-4333-8444-555555555555";
    let object_id = demo::KADRY_OBJECT_ID.to_string();
    let secret_id = demo::KADRY_SECRET_ID.to_string();
    let praca = demo::PRACA_CLIENT_ID.to_string();
    for (name, value, status, error, number) in [
        ("client_secret", "wrong", 401, "invalid_client", 7_000_215),
        ("client_secret", secret_id.as_str(), 401, "invalid_client", 7_000_215),
        ("client_secret", "", 401, "invalid_client", 7_000_218),
        ("client_id", other, 400, "unauthorized_client", 700_016),
        ("client_id", object_id.as_str(), 400, "unauthorized_client", 700_016),
        ("client_id", praca.as_str(), 400, "unauthorized_client", 700_016),
        ("client_id", "kadry", 400, "unauthorized_client", 90_112),
        ("client_id", "", 400, "invalid_request", 900_144),
        ("scope", "User.Read", 400, "invalid_scope", 1_002_012),
        ("scope", "", 400, "invalid_request", 900_144),
        ("grant_type", "", 400, "invalid_request", 900_144),
        ("grant_type", "password", 400, "unsupported_grant_type", 70_003),
    ] {
        let got = caller.token("kadry.example", &with(probe(), name, value)).await;
        assert_eq!(got.refusal(), (status, error.to_owned(), number), "{name}={value}");
    }
    for (tenant, number) in [("nobody.example", 90_002), ("kadry", 900_023), ("common", 50_194)] {
        let got = caller.token(tenant, &probe()).await;
        assert_eq!(got.refusal(), (400, "invalid_request".to_owned(), number));
    }
}

#[tokio::test]
async fn the_error_body_has_every_field_and_echoes_the_request_id() {
    let caller = Caller::new().await;
    let url = caller.login("kadry.example/oauth2/v2.0/token");
    let id = "0f0e0d0c-0b0a-4908-8706-050403020100";
    let request = caller.http.post(url).header("client-request-id", id);
    let sent = request.form(&with(probe(), "client_secret", "wrong")).send().await;
    let got = Got::of(sent.expect("an answer")).await;
    let body = got.json();
    assert_eq!(body["correlation_id"], id);
    let timestamp = body["timestamp"].as_str().expect("a time");
    assert_eq!((timestamp.len(), &timestamp[10..11], &timestamp[19..]), (20, " ", "Z"));
    let trace = body["trace_id"].as_str().expect("an id");
    let description = body["error_description"].as_str().expect("a text");
    assert!(description.ends_with(&format!("\r\nTrace ID: {trace}\r\nCorrelation ID: {id}\r\nTimestamp: {timestamp}")));
    assert!(body["error_uri"].as_str().is_some_and(|uri| uri.ends_with("/error?code=7000215")));
}

#[tokio::test]
async fn http_basic_is_taken_with_both_parts_form_encoded() {
    let caller = Caller::new().await;
    let form = with(with(probe(), "client_id", ""), "client_secret", "");
    let encoded: String = form_urlencoded::byte_serialize(demo::KADRY_SECRET.as_bytes()).collect();
    let basic = STANDARD.encode(format!("{}:{encoded}", demo::KADRY_CLIENT_ID));
    let url = caller.login("kadry.example/oauth2/v2.0/token");
    let request = caller.http.post(&url).header("authorization", format!("Basic {basic}"));
    let got = Got::of(request.form(&form).send().await.expect("an answer")).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text);
    let request = caller.http.post(&url).header("authorization", format!("Basic {basic}"));
    let got = Got::of(request.form(&probe()).send().await.expect("an answer")).await;
    assert_eq!(got.refusal().1, "invalid_request");
}

#[tokio::test]
async fn secrets_expire_overlap_and_are_replaced() {
    let caller = Caller::new().await;
    let client_id = demo::KADRY_CLIENT_ID;
    let ask = async |secret: &str| {
        let form = with(probe(), "client_secret", secret);
        caller.token("kadry.example", &form).await
    };
    caller.simulator.expire_secret(client_id).expect("an application");
    let expired = ask(demo::KADRY_SECRET).await;
    assert_eq!(expired.refusal(), (401, "invalid_client".to_owned(), 7_000_222));
    let value = "new8Q~second.secret-of_the.same~application".to_owned();
    caller.simulator.apply(DirectoryEvent::AddSecret { client_id, value: value.clone() }).expect("an application");
    assert_eq!(ask(&value).await.status, StatusCode::OK);
    caller.simulator.replace_secret(client_id, "third~secret").expect("an application");
    assert_eq!(ask("third~secret").await.status, StatusCode::OK);
    assert_eq!(ask(&value).await.refusal().2, 7_000_215);
}

#[tokio::test]
async fn a_disabled_a_removed_and_a_public_application_are_refused() {
    let caller = Caller::new().await;
    let client_id = demo::KADRY_CLIENT_ID;
    let ask = async || caller.token("kadry.example", &probe()).await.refusal();
    let happen = |event| caller.simulator.apply(event).expect("an application");
    happen(DirectoryEvent::SetEnterpriseApp { client_id, present: false });
    assert_eq!(ask().await, (401, "invalid_client".to_owned(), 7_000_229));
    happen(DirectoryEvent::SetPublicClient { client_id, public: true });
    assert_eq!(ask().await, (401, "invalid_client".to_owned(), 700_025));
    happen(DirectoryEvent::DisableApp { client_id });
    assert_eq!(ask().await, (400, "unauthorized_client".to_owned(), 7_000_112));
    happen(DirectoryEvent::RemoveApp { client_id });
    assert_eq!(ask().await, (400, "unauthorized_client".to_owned(), 700_016));
    happen(DirectoryEvent::BlockTenant { tenant: demo::KADRY_TENANT, blocked: true });
    assert_eq!(ask().await, (400, "interaction_required".to_owned(), 5_000_225));
}

#[tokio::test]
async fn only_one_form_without_duplicates_is_read() {
    let caller = Caller::new().await;
    let url = caller.login("kadry.example/oauth2/v2.0/token");
    let mut form = probe();
    form.extend(pairs(&[("scope", "openid")]));
    let got = caller.token("kadry.example", &form).await;
    assert_eq!(got.refusal(), (400, "invalid_request".to_owned(), 9_000_411));
    let sent = caller.http.post(&url).body("{}").header("content-type", "application/json");
    let got = Got::of(sent.send().await.expect("an answer")).await;
    assert_eq!(got.refusal(), (400, "invalid_request".to_owned(), 900_144));
    assert_eq!(caller.get(&url).await.refusal().2, 900_561);
}
