use microsoft_simulator::{Directory, Simulator, SimulatorSettings, demo};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Caller, Got, interview};

#[tokio::test]
async fn a_fault_put_in_over_http_is_in_force() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let fault = json!({
        "operation": "graph:create_or_get",
        "upn": demo::ANNA,
        "times": 1,
        "effect": { "graph_error": { "status": 503, "code": "serviceNotAvailable", "retry_after": 2 } },
    });
    let got = caller.control(Method::POST, "faults", &fault).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text);
    let path = "/me/onlineMeetings/createOrGet";
    let got = caller.graph(Method::POST, path, &token, &interview("a")).await;
    assert_eq!(got.status, StatusCode::SERVICE_UNAVAILABLE);
    for effect in [
        json!("lose_answer"),
        json!("drop_connection"),
        json!({ "delay": { "milliseconds": 5 } }),
        json!({ "patch_token_answer": { "scope": null } }),
        json!({ "forge_id_token": { "claims": { "tid": "x" } } }),
        json!({ "entra_error": { "error": "invalid_grant", "code": 50_173 } }),
        json!({ "answer": { "status": 502, "body": "x" } }),
    ] {
        let fault = json!({ "operation": "token:*", "effect": effect });
        let got = caller.control(Method::POST, "faults", &fault).await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.text);
    }
    let got = caller.control(Method::DELETE, "faults", &Value::Null).await;
    assert_eq!(got.json(), json!([]));
}

#[tokio::test]
async fn what_is_not_understood_is_refused_with_a_reason() {
    let caller = Caller::new().await;
    for (path, body, word) in [
        ("faults", json!({ "operation": "token:nothing", "effect": "lose_answer" }), "no operation"),
        ("faults", json!({ "operation": "keys", "effect": "lose_answer", "often": 3 }), "unknown field"),
        ("faults", json!({ "operation": "keys", "effect": { "delay": { "minutes": 1 } } }), "unknown field"),
        ("events", json!({ "event": "earthquake" }), "unknown variant"),
        ("events", json!({ "event": "disable_user", "upn": demo::ANNA, "why": "x" }), "unknown field"),
        ("events", json!({ "event": "disable_user", "upn": "x@y.example" }), "no user"),
        ("clock", json!({}), "either"),
        ("clock", json!({ "set": 1, "advance_seconds": 1 }), "either"),
    ] {
        let got = caller.control(Method::POST, path, &body).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{body}");
        let error = got.json()["error"].as_str().expect("a reason").to_owned();
        assert!(error.contains(word), "{error}");
    }
    let url = caller.login("control/events");
    let sent = caller.http.post(url).body(r#"{"event":"rotate_signing_key"}"#).send().await;
    assert_eq!(sent.expect("an answer").status(), StatusCode::BAD_REQUEST);
    let got = caller.control(Method::GET, "nothing", &Value::Null).await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn events_happen_and_the_directory_shows_them_without_secrets() {
    let caller = Caller::new().await;
    let event = json!({ "event": "remove_licence", "upn": demo::ANNA });
    let got = caller.control(Method::POST, "events", &event).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text);
    let directory = caller.control(Method::GET, "directory", &Value::Null).await;
    assert_eq!(directory.json()["tenants"][0]["users"][0]["licensed"], false);
    assert!(!directory.text.contains(demo::KADRY_SECRET));
}

#[tokio::test]
async fn the_clock_is_set_and_moved() {
    let caller = Caller::new().await;
    let got = caller.control(Method::POST, "clock", &json!({ "set": 1_900_000_000 })).await;
    let set = got.json()["unix_seconds"].as_i64().expect("seconds");
    assert!((1_900_000_000..1_900_000_010).contains(&set));
    let got = caller.control(Method::POST, "clock", &json!({ "advance_seconds": 3_600 })).await;
    let moved = got.json()["unix_seconds"].as_i64().expect("seconds");
    assert!((1_900_003_600..1_900_003_620).contains(&moved));
}

#[tokio::test]
async fn redirect_uris_are_replaced() {
    let caller = Caller::new().await;
    let body = json!({ "redirect_uris": ["http://localhost:1/other"] });
    let got = caller.control(Method::PUT, "redirect-uris", &body).await;
    assert_eq!(got.status, StatusCode::OK);
    assert!(caller.open(&Caller::request()).await.text.contains("AADSTS50011"));
}

#[tokio::test]
async fn the_record_has_names_of_parameters_and_never_a_value() {
    let caller = Caller::new().await;
    let answer = caller.signed_in(demo::ANNA).await;
    let got = caller.control(Method::GET, "requests", &Value::Null).await;
    let requests = got.json();
    let last = &requests[1];
    assert_eq!(last["operation"], "token:authorization_code");
    assert_eq!(last["upn"], demo::ANNA);
    assert_eq!(last["status"], 200);
    assert!(last["parameters"].as_array().is_some_and(|names| names.contains(&json!("code_verifier"))));
    for secret in [demo::KADRY_SECRET, crate::caller::VERIFIER] {
        assert!(!got.text.contains(secret));
    }
    let token = answer["refresh_token"].as_str().expect("a token");
    assert!(!got.text.contains(token));
    caller.control(Method::DELETE, "requests", &Value::Null).await;
    assert!(caller.simulator.requests().is_empty());
}

#[tokio::test]
async fn the_start_page_shows_what_to_copy() {
    let caller = Caller::new().await;
    let got = caller.get(&caller.login("")).await;
    assert_eq!(got.status, StatusCode::OK);
    for value in [demo::KADRY_SECRET, demo::PRACA_DOMAIN, demo::ANNA] {
        assert!(got.text.contains(value), "{value}");
    }
    assert!(got.text.contains(&demo::KADRY_TENANT.to_string()));
}

#[tokio::test]
async fn it_listens_on_loopback_only_and_stops_when_told() {
    let mut settings = SimulatorSettings::new(Directory::demo(&[]));
    settings.login = "0.0.0.0:0".parse().expect("an address");
    assert!(Simulator::start(settings).await.is_err());
    let caller = Caller::new().await;
    let url = caller.login("");
    caller.simulator.shutdown().await;
    let sent = caller.http.get(url).send().await;
    assert!(sent.map(Got::of).is_err());
}
