//! What API Gateway does to requests and answers on their way.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lambda_journey::deployment::Deployment;
use lambda_journey::event;
use lambda_journey::function::Outcome;
use lambda_journey::routes::{Routes, UNKNOWN_ADDRESS};
use lambda_journey::wire;
use microsoft_simulator::demo::{ANNA, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT};
use serde_json::{Value, json};
use test_support::product::API_KEY;

const CONNECT_LINKS: &str = "/v1/customers/kadry/users/anna/connect-links";

fn key() -> String {
    format!("Bearer {API_KEY}")
}

#[tokio::test]
async fn cookies_survive_the_gateways_array() {
    let deployment = Deployment::start().await;
    deployment.ats().configure("kadry").await.expect(200);
    let link = deployment.ats().connect_link("kadry", "anna").await;
    let browser = deployment.browser();
    let mut begun = Vec::new();
    for _ in 0..3 {
        begun.push(browser.sign_in_at_microsoft(&link, ANNA).await);
    }
    let host = deployment.base.trim_start_matches("http://");
    assert_eq!(browser.cookies_of(host).matches("__Host-").count(), 3);
    // A browser may send other cookies too, and HTTP/2 splits the header (RFC 9113 §8.2.3).
    let cookies = browser.cookies_of(host);
    let (first, rest) = cookies.split_once("; ").unwrap();
    let headers = [("cookie", "theme=dark; x"), ("Cookie", rest), ("cookie", first)];
    let target = &begun[0][url::Position::BeforePath..];
    let reply = wire::send(&deployment.base, &format!("GET {target}"), &headers, b"").await;
    assert_eq!(reply.status, 303, "{}", reply.text);
    for back in &begun[1..] {
        assert_eq!(browser.get(back.as_str()).await.status.as_u16(), 303);
    }
    let without = wire::send(&deployment.base, &format!("GET {target}"), &[("cookie", "theme=dark")], b"").await;
    assert_eq!(without.status, 400);
}

#[tokio::test]
async fn a_body_with_the_base64_flag_is_understood() {
    let deployment = Deployment::start().await;
    let encoded = |mut event: Value| {
        event["body"] = STANDARD.encode(event["body"].as_str().unwrap()).into();
        event["isBase64Encoded"] = true.into();
        event
    };
    let body = json!({
        "tenant": KADRY_TENANT.to_string(), "client_id": KADRY_CLIENT_ID.to_string(), "client_secret": KADRY_SECRET,
    });
    let headers = [("authorization", &*key()), ("content-type", "application/json")];
    let put = event::of("PUT /v1/customers/kadry/credentials", &headers, &body.to_string());
    assert_eq!(deployment.invoke("intake", &encoded(put)).await.status(), Some(200));
    let post = event::of(&format!("POST {CONNECT_LINKS}"), &headers, r#"{"language":"pl"}"#);
    assert_eq!(deployment.invoke("callback", &encoded(post)).await.status(), Some(201));
    // What is no text reaches a function encoded; there it is no JSON.
    let line = format!("POST {CONNECT_LINKS}");
    let reply = wire::send(&deployment.base, &line, &headers, &[b'{', 0xff, b'}']).await;
    assert_eq!((reply.status, reply.text.contains("malformed_request")), (400, true), "{}", reply.text);
}

/// A path that is no address arrives as `/`: the start page, which takes no DELETE.
#[tokio::test]
async fn a_percent_encoded_or_traversing_path_reaches_nothing_that_is_not_public() {
    let deployment = Deployment::start().await;
    deployment.connected().await;
    let mut state = deployment.state().await;
    let mut others = Vec::new();
    for line in [
        "GET /v1/customers/kadry%2Fusers%2Fanna%2Fconnection",
        "DELETE /v1/customers/kadry%2Fusers%2Fanna%2Fconnection",
        "DELETE /v1/customers/kadry%00",
        "DELETE /v1/customers/kadry%0A",
        "DELETE /v1/customers/kadry%20",
        "DELETE /v1/customers/kadry%23",
        "DELETE /v1/customers/kadry%3F",
        "DELETE /v1/customers/kadry%2F",
        "DELETE /v1/customers/kadry%252F",
        "DELETE /v1/customers/%FF",
        "DELETE /v1/customers/k%C4%85dry",
        "DELETE /v1/customers/x%2F..%2Fkadry",
        "DELETE /v1/customers/x%2F%2E%2E%2Fkadry",
        "DELETE /v1/customers/x%5C..%5Ckadry",
        "DELETE /v1/customers/.%2Fkadry",
        "DELETE /v1/customers/%2Fkadry",
        "DELETE /v1/customers/x/../kadry",
        "DELETE /v1/customers/x/%2e%2e/kadry",
        "DELETE /v1/customers/..",
        "DELETE /v1/customers/%2e%2e",
        "GET /v1/../healthz",
        "GET /v1%2F..%2Fhealthz",
        "GET /intake/..%2Fhealthz",
        "GET /intake/..%2F..%2Fhealthz",
        "GET /connect/%2e%2e%2Fhealthz",
        "GET /connect/..%5Chealthz",
        "GET //healthz",
        "GET /healthz/",
        "GET /HEALTHZ",
        "DELETE /v1/customers/kadry/users/x%2F..%2Fanna/connection",
        "DELETE /v1/customers/x/users/..%2F..%2Fkadry%2Fusers%2Fanna/connection",
        "POST /v1/customers/kadry/users/anna%2Fconnection%2F..%2F..%2Fanna/connection/refresh",
    ] {
        let reply = wire::send(&deployment.base, line, &[("authorization", &key())], b"").await;
        let after = deployment.state().await;
        let is_start_page = reply.status == 200 && reply.text.contains("Teams meetings for interviews");
        if !([404, 405].contains(&reply.status) || is_start_page) || after != state {
            others.push(format!("{line}: {}{}", reply.status, if after == state { "" } else { ", with an effect" }));
            state = after;
        }
    }
    assert_eq!(others, [""; 0]);
}

#[tokio::test]
async fn two_authorization_headers_arrive_as_one_and_open_nothing() {
    let deployment = Deployment::start().await;
    let (key, headers) = (key(), |one: &str, other: &str| [one.to_owned(), other.to_owned()]);
    let line = "GET /v1/customers/kadry";
    for [one, other] in [headers(&key, &key), headers(&key, ""), headers("", &key), headers(&key, "Basic eDp5")] {
        let twice = [("authorization", &*one), ("Authorization", &*other)];
        let reply = wire::send(&deployment.base, line, &twice, b"").await;
        assert_eq!(reply.status, 401, "{one:?} {other:?}: {}", reply.text);
    }
    assert_eq!(wire::send(&deployment.base, line, &[("Authorization", &key)], b"").await.status, 404);
}

#[tokio::test]
async fn a_method_without_a_route_ends_at_the_gateway_and_is_refused_by_the_function_too() {
    let deployment = Deployment::start().await;
    let routes = Routes::of_the_readme();
    let paths: BTreeSet<(&str, &str)> =
        routes.all().filter_map(|route| Some((route.key.split_once(' ')?.1, &*route.function))).collect();
    let before = deployment.state().await;
    for (template, function) in paths {
        let path = template.replace(['{', '}'], "");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            let found = routes.find(method, &path).map(|route| &*route.key);
            if found.is_some_and(|key| key != UNKNOWN_ADDRESS) {
                continue;
            }
            let request = format!("{method} {path}");
            let reply = wire::send(&deployment.base, &request, &[("authorization", &key())], b"").await;
            if found.is_none() {
                assert!(reply.status == 404 && reply.text.contains(r#"{"message":"Not Found"}"#), "{}", reply.text);
            } else {
                assert!([404, 405].contains(&reply.status) && reply.text.contains("\"code\":"), "{}", reply.text);
            }
            let direct = event::of(&request, &[("authorization", &key())], "");
            let expected = if method == "OPTIONS" { 204 } else { 405 };
            assert_eq!(deployment.invoke(function, &direct).await.status(), Some(expected), "{request}");
        }
    }
    assert!(deployment.state().await == before);
}

#[tokio::test]
async fn every_function_says_that_it_is_well() {
    let deployment = Deployment::start().await;
    for function in deployment.names() {
        let outcome = deployment.invoke(function, &event::of("GET /healthz", &[], "")).await;
        let Outcome::Answered(answer) = outcome else { panic!("{function}: {outcome:?}") };
        let body: serde_json::Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!((&answer["statusCode"], &body["status"]), (&json!(200), &json!("ok")));
        assert!(body["version"].as_str().unwrap().starts_with(env!("CARGO_PKG_VERSION")), "{body}");
    }
}
