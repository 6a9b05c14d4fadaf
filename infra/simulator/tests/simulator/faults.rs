use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use microsoft_simulator::{FaultEffect, FaultRule, Operation, demo};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Caller, interview};

const CREATE_OR_GET: &str = "/me/onlineMeetings/createOrGet";

fn throttled() -> FaultEffect {
    FaultEffect::GraphError {
        status: 429,
        code: "TooManyRequests".to_owned(),
        message: "Too many requests.".to_owned(),
        retry_after: Some(7),
    }
}

async fn lost(caller: &Caller, token: &str) -> bool {
    let url = format!("{}/v1.0{CREATE_OR_GET}", caller.simulator.graph_url());
    let request = caller.http.post(url).bearer_auth(token).json(&interview("a"));
    request.send().await.is_err()
}

#[tokio::test]
async fn a_graph_error_hits_as_often_as_it_was_told_and_no_more() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let fault = FaultRule::new(Operation::GraphCreateOrGet, throttled()).after(1).times(2);
    caller.simulator.faults().add(fault);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let got = caller.graph(Method::POST, CREATE_OR_GET, &token, &interview("a")).await;
        if got.status == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(got.headers["retry-after"], "7");
            assert!(got.headers.contains_key("request-id"));
        }
        statuses.push(got.status.as_u16());
    }
    assert_eq!(statuses, [201, 429, 429, 200]);
    assert!(caller.simulator.faults().all().is_empty());
}

#[tokio::test]
async fn a_fault_hits_only_its_user_and_its_tenant() {
    let caller = Caller::new().await;
    let anna = caller.access_token(demo::ANNA).await;
    let jan = caller.access_token(demo::JAN).await;
    let faults = caller.simulator.faults();
    faults.add(FaultRule::new(Operation::AnyGraph, throttled()).for_user(demo::JAN));
    let ask = async |token: &str| caller.graph(Method::GET, "/me", token, &Value::Null).await;
    assert_eq!(ask(&anna).await.status, StatusCode::OK);
    assert_eq!(ask(&jan).await.status, StatusCode::TOO_MANY_REQUESTS);
    faults.clear();
    faults.add(FaultRule::new(Operation::AnyGraph, throttled()).for_tenant(demo::PRACA_TENANT));
    assert_eq!(ask(&jan).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_lost_answer_has_been_acted_on_and_a_dropped_request_has_not() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let faults = caller.simulator.faults();
    faults.add(FaultRule::once(Operation::GraphCreateOrGet, FaultEffect::DropConnection));
    assert!(lost(&caller, &token).await);
    assert!(caller.simulator.meetings().is_empty());
    faults.add(FaultRule::once(Operation::GraphCreateOrGet, FaultEffect::LoseAnswer));
    assert!(lost(&caller, &token).await);
    assert_eq!(caller.simulator.meetings().len(), 1);
    let requests = caller.simulator.requests();
    assert_eq!(requests.last().expect("a request").status, None);
    let got = caller.graph(Method::POST, CREATE_OR_GET, &token, &interview("a")).await;
    assert_eq!(got.status, StatusCode::OK);
}

#[tokio::test]
async fn a_cut_connection_carries_no_byte() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let caller = Caller::new().await;
    let fault = FaultRule::once(Operation::Discovery, FaultEffect::DropConnection);
    caller.simulator.faults().add(fault);
    let address = caller.simulator.login_url().trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    stream
        .write_all(b"GET /kadry.example/v2.0/.well-known/openid-configuration HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("a request");
    let mut bytes = Vec::new();
    // A reset is as good as an end: what counts is that nothing came before it.
    let _ = stream.read_to_end(&mut bytes).await;
    assert!(bytes.is_empty());
}

#[tokio::test]
async fn an_entra_error_keeps_its_shape_on_token_and_redirect() {
    let caller = Caller::new().await;
    let token = caller.refresh_token(demo::ANNA).await;
    let effect = |error: &str, code, status| FaultEffect::EntraError {
        error: error.to_owned(),
        code,
        suberror: Some("message_only".to_owned()),
        claims: Some("{\"access_token\":{}}".to_owned()),
        status,
        retry_after: Some(60),
    };
    let faults = caller.simulator.faults();
    faults.add(FaultRule::once(Operation::AnyToken, effect("temporarily_unavailable", 90_033, 503)));
    let got = caller.refresh(&token).await;
    assert_eq!(got.refusal(), (503, "temporarily_unavailable".to_owned(), 90_033));
    assert_eq!(got.json()["claims"], "{\"access_token\":{}}");
    assert_eq!(got.headers["retry-after"], "60");
    faults.add(FaultRule::once(Operation::Authorize, effect("access_denied", 53_003, 400)));
    let got = caller.open(&Caller::request()).await;
    assert_eq!(got.parameter("error").as_deref(), Some("access_denied"));
    assert_eq!(got.parameter("state").as_deref(), Some("state-1"));
}

#[tokio::test]
async fn a_token_answer_can_be_patched() {
    let caller = Caller::new().await;
    let patch = json!({ "refresh_token": null, "expires_in": "3599", "scope": "openid" });
    let effect = FaultEffect::PatchTokenAnswer(patch);
    caller.simulator.faults().add(FaultRule::once(Operation::TokenAuthorizationCode, effect));
    let answer = caller.signed_in(demo::ANNA).await;
    assert_eq!(answer["refresh_token"], Value::Null);
    assert_eq!(answer["expires_in"], "3599");
    assert_eq!(answer["scope"], "openid");
}

#[tokio::test]
async fn an_answer_can_be_anything_and_come_late() {
    let caller = Caller::new().await;
    let faults = caller.simulator.faults();
    faults.add(FaultRule::once(
        Operation::TokenRefreshToken,
        FaultEffect::Answer {
            status: 502,
            headers: BTreeMap::from([("content-type".to_owned(), "text/html".to_owned())]),
            body: "<html>Bad gateway</html>".to_owned(),
        },
    ));
    let token = caller.refresh_token(demo::ANNA).await;
    let got = caller.refresh(&token).await;
    assert_eq!((got.status.as_u16(), got.text.as_str()), (502, "<html>Bad gateway</html>"));
    faults.add(FaultRule::once(Operation::TokenRefreshToken, FaultEffect::Delay { milliseconds: 200 }));
    let asked = Instant::now();
    assert_eq!(caller.refresh(&token).await.status, StatusCode::OK);
    assert!(asked.elapsed() >= Duration::from_millis(200));
}
