use microsoft_simulator::demo;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::Caller;

const DOCUMENT: &str = "v2.0/.well-known/openid-configuration";

#[tokio::test]
async fn a_domain_in_any_case_leads_to_the_guid() {
    let caller = Caller::new().await;
    let login = caller.simulator.login_url().to_owned();
    for name in ["kadry.example", "KADRY.Example", &demo::KADRY_TENANT.to_string()] {
        let got = caller.get(&caller.login(&format!("{name}/{DOCUMENT}"))).await;
        let body = got.json();
        let tenant = demo::KADRY_TENANT;
        assert_eq!(body["issuer"], format!("{login}/{tenant}/v2.0"));
        assert_eq!(body["token_endpoint"], format!("{login}/{tenant}/oauth2/v2.0/token"));
        assert_eq!(body["code_challenge_methods_supported"], Value::Null);
        assert_eq!(body["authorization_response_iss_parameter_supported"], Value::Null);
        assert_eq!(got.headers["cache-control"], "max-age=86400, private");
    }
}

#[tokio::test]
async fn an_unknown_tenant_and_a_malformed_one_are_told_apart() {
    let caller = Caller::new().await;
    for (name, number) in [
        ("nobody.example", 90_002),
        ("11111111-2222-4333-8444-555555555555", 90_002),
        ("kadry", 900_023),
        ("kadry_polska.example", 900_023),
    ] {
        let got = caller.get(&caller.login(&format!("{name}/{DOCUMENT}"))).await;
        assert_eq!(got.refusal(), (400, "invalid_tenant".to_owned(), number), "{name}");
    }
}

#[tokio::test]
async fn keys_rotate_and_old_ones_stay_until_dropped() {
    let caller = Caller::new().await;
    let url = caller.login("kadry.example/discovery/v2.0/keys");
    let kids = |body: Value| -> Vec<String> {
        let keys = body["keys"].as_array().expect("keys").clone();
        keys.iter().map(|key| key["kid"].as_str().expect("kid").to_owned()).collect()
    };
    let before = kids(caller.get(&url).await.json());
    assert_eq!(before.len(), 2);
    caller.simulator.rotate_signing_key();
    let after = kids(caller.get(&url).await.json());
    assert_eq!(after.len(), 3);
    assert!(before.iter().all(|kid| after.contains(kid)));
    let got = caller.control(Method::POST, "events", &json!({ "event": "drop_old_keys" })).await;
    assert_eq!(got.status, StatusCode::OK);
    let last = kids(caller.get(&url).await.json());
    assert_eq!(last, after[2..]);
}

#[tokio::test]
async fn the_key_of_an_app_with_claims_mapping_is_published_for_that_app_only() {
    let caller = Caller::new().await;
    let event = json!({ "event": "map_claims", "client_id": demo::KADRY_CLIENT_ID, "on": true });
    assert_eq!(caller.control(Method::POST, "events", &event).await.status, StatusCode::OK);
    let url = caller.login("kadry.example/discovery/v2.0/keys");
    let of_tenant = caller.get(&url).await.json();
    let of_app = caller.get(&format!("{url}?appid={}", demo::KADRY_CLIENT_ID)).await.json();
    assert_eq!(of_app["keys"].as_array().expect("keys").len(), 1);
    let kid = &of_app["keys"][0]["kid"];
    assert!(of_tenant["keys"].as_array().expect("keys").iter().all(|key| key["kid"] != *kid));
    let other = caller.get(&format!("{url}?appid={}", demo::PRACA_CLIENT_ID)).await.json();
    assert_eq!(other, of_tenant);
}
