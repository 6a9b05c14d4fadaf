//! Events that are no requests, or no whole ones: a function fails or refuses, does nothing, and goes on.
#![cfg(test)]

use lambda_journey::deployment::{Deployment, tomorrow};
use lambda_journey::event;
use lambda_journey::function::Outcome;
use microsoft_simulator::demo::{PRACA_CLIENT_ID, PRACA_SECRET, PRACA_TENANT};
use serde_json::{Value, json};
use shared::adapters::vault::model::{Tags, VersionStage};
use shared::types::secret::{Secret, SecretBody};
use test_support::ats::connection;
use test_support::product::API_KEY;

/// What [EventBridge Scheduler](https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html)
/// sends where the schedule has no input of its own.
fn scheduled() -> Value {
    json!({
        "version": "0",
        "id": "3f1c6a52-7a2e-4f0c-9f4f-2a2c1c0f7d11",
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": "123456789012",
        "time": "2026-11-24T09:00:00Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:scheduler:eu-central-1:123456789012:schedule/default/keep-alive"],
        "detail": "{}",
    })
}

/// A request that has an effect, as each function would get it.
fn request_with_effect(function: &str) -> Value {
    let (request, body) = match function {
        "intake" => (
            "PUT /v1/customers/other/credentials".to_owned(),
            json!({
                "tenant": PRACA_TENANT.to_string(),
                "client_id": PRACA_CLIENT_ID.to_string(),
                "client_secret": PRACA_SECRET,
            }),
        ),
        "callback" => (format!("DELETE {}", connection("kadry", "anna")), Value::Null),
        "meetings" => {
            let mut order = tomorrow();
            order["subject"] = "Interview".into();
            ("POST /v1/customers/kadry/users/anna/meetings".to_owned(), order)
        }
        _ => (format!("POST {}/refresh", connection("kadry", "anna")), Value::Null),
    };
    let key = format!("Bearer {API_KEY}");
    let headers = [("authorization", &*key), ("content-type", "application/json"), ("idempotency-key", "order-1")];
    event::of(&request, &headers, &if body.is_null() { String::new() } else { body.to_string() })
}

/// The same request in
/// [format 1.0](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
fn version_1(request: &Value) -> Value {
    let (path, method) = (&request["rawPath"], &request["requestContext"]["http"]["method"]);
    json!({
        "version": "1.0",
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": request["headers"],
        "multiValueHeaders": {},
        "queryStringParameters": null,
        "requestContext": {
            "accountId": "123456789012", "apiId": "id", "httpMethod": method, "path": path, "protocol": "HTTP/1.1",
            "resourcePath": path, "stage": "$default", "requestId": "id=", "identity": { "sourceIp": "127.0.0.1" },
        },
        "pathParameters": null,
        "body": request["body"],
        "isBase64Encoded": false,
    })
}

/// As the pages "Using Lambda with Amazon SNS", "… SQS" and "… S3" show them, around a request that has an effect.
fn of_other_sources(request: &Value) -> [(&'static str, Value); 4] {
    let inner = request.to_string();
    [
        ("SNS", json!({"Records": [{"EventVersion": "1.0", "EventSource": "aws:sns", "Sns": {"Message": inner}}]})),
        ("SQS", json!({"Records": [{"messageId": "1", "body": inner, "attributes": {}, "eventSource": "aws:sqs"}]})),
        ("S3", json!({"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "s3": {"object": {"key": "k"}}}]})),
        (
            "EventBridge",
            json!({"version": "0", "detail-type": "Object Created", "source": "aws.s3", "detail": request}),
        ),
    ]
}

/// Events with which nobody ordered anything, each near to one with which somebody did.
fn malformed(function: &str) -> Vec<(&'static str, Value)> {
    let request = request_with_effect(function);
    let changed = |pointer: &str, value: Value| {
        let mut event = request.clone();
        if let Some(place) = event.pointer_mut(pointer) {
            *place = value;
        }
        event
    };
    let without = |pointer: &str, name: &str| {
        let mut event = request.clone();
        let place = event.pointer_mut(pointer).and_then(Value::as_object_mut);
        assert!(place.is_some_and(|object| object.remove(name).is_some()), "{name}");
        event
    };
    let mut flagged = changed("/isBase64Encoded", json!(true));
    flagged["body"] = "*** no base64 ***".into();
    let mut events = vec![
        ("an empty object", json!({})),
        ("null", Value::Null),
        ("an array", json!([])),
        ("an array of requests", json!([request])),
        ("a string", json!("GET /healthz")),
        ("format 1.0", version_1(&request)),
        ("format 3.0", changed("/version", json!("3.0"))),
        ("no request context", without("", "requestContext")),
        ("no part http", without("/requestContext", "http")),
        ("no method", without("/requestContext/http", "method")),
        ("a method that is none", changed("/requestContext/http/method", json!("NO METHOD"))),
        ("a method that is a number", changed("/requestContext/http/method", json!(1))),
        ("headers that are null", changed("/headers", Value::Null)),
        ("headers that are an array", changed("/headers", json!(["authorization"]))),
        ("a header that is a number", changed("/headers/authorization", json!(1))),
        ("no path", without("", "rawPath")),
        ("a path that is null", changed("/rawPath", Value::Null)),
        ("a path without its slash", changed("/rawPath", json!("v1"))),
        ("a host that is none", changed("/headers/host", json!("a b:c/?#"))),
        ("another stage", changed("/requestContext/stage", json!("prod"))),
        ("a body that is flagged and is not base64", flagged),
    ];
    if function != "refresh" {
        events.push(("a schedule", scheduled()));
    }
    events.extend(of_other_sources(&request));
    events
}

/// Sends them all; the request that they were made of has its effect at the end. How often the emulator itself went down,
/// which is no fault of the function's.
async fn withstands(function: &str) -> usize {
    let deployment = Deployment::start().await;
    deployment.connected().await;
    let well = event::of("GET /healthz", &[], "");
    assert_eq!(deployment.invoke(function, &well).await.status(), Some(200));
    let mut process = deployment.function(function).process_id().await;
    let mut state = deployment.state().await;
    let mut faults = Vec::new();
    for (name, event) in malformed(function) {
        let outcome = deployment.invoke(function, &event).await;
        if matches!(outcome, Outcome::Answered(_)) && !matches!(outcome.status(), Some(400..)) {
            faults.push(format!("{name}: {:?}", outcome.status()));
        }
        let after = deployment.state().await;
        if after != state {
            faults.push(format!("{name}: has an effect"));
            state = after;
        }
        let now = deployment.function(function).process_id().await;
        if now != process && !matches!(outcome, Outcome::Lost) {
            // Lambda starts another, so this is recovered from; but whoever sends the event costs us a cold start.
            faults.push(format!("{name}: the process ended"));
        }
        let answer = deployment.invoke(function, &well).await;
        if answer.status() != Some(200) {
            faults.push(format!("{name}: and after it {answer:?}"));
        }
        process = deployment.function(function).process_id().await;
    }
    assert_eq!(faults, [""; 0]);
    let outcome = deployment.invoke(function, &request_with_effect(function)).await;
    assert!(matches!(outcome.status(), Some(200..300)), "{outcome:?}");
    assert!(deployment.state().await != state, "the request that they were made of has no effect");
    deployment.restarts()
}

#[tokio::test]
async fn intake_withstands_events_that_are_no_requests() {
    println!("emulators restarted: {}", withstands("intake").await);
}

#[tokio::test]
async fn callback_withstands_events_that_are_no_requests() {
    println!("emulators restarted: {}", withstands("callback").await);
}

#[tokio::test]
async fn meetings_withstands_events_that_are_no_requests() {
    println!("emulators restarted: {}", withstands("meetings").await);
}

#[tokio::test]
async fn refresh_withstands_events_that_are_no_requests() {
    println!("emulators restarted: {}", withstands("refresh").await);
}

#[tokio::test]
async fn a_request_that_is_only_strange_is_answered_as_any_other() {
    let deployment = Deployment::start().await;
    let well = event::of("GET /healthz", &[], "");
    let cookies: Vec<_> = (0..200).map(|n| format!("cookie{n}={}", "x".repeat(40))).collect();
    for (name, value) in [
        ("cookies", Value::Null),
        ("cookies", json!([])),
        ("cookies", json!(cookies)),
        ("cookies", json!(["\u{0}", "ą=ć"])),
        ("body", Value::Null),
        ("queryStringParameters", Value::Null),
        ("pathParameters", Value::Null),
        ("stageVariables", Value::Null),
        ("somethingNew", json!({ "of": "AWS" })),
    ] {
        let mut event = well.clone();
        event[name] = value;
        for function in deployment.names() {
            let outcome = deployment.invoke(function, &event).await;
            assert_eq!(outcome.status(), Some(200), "{function}: {name}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_schedule_keeps_alive_what_is_due_and_leaves_the_rest() {
    let deployment = Deployment::start().await;
    deployment.connected().await;
    let renewals = || {
        let requests = deployment.microsoft.requests();
        requests.iter().filter(|request| request.operation.name() == "token:refresh_token").count()
    };
    assert!(matches!(deployment.invoke("refresh", &scheduled()).await, Outcome::Answered(_)));
    assert_eq!(renewals(), 0, "nothing is due");

    age_tokens(&deployment).await;
    // EventBridge Scheduler delivers at least once.
    for _ in 0..2 {
        assert!(matches!(deployment.invoke("refresh", &scheduled()).await, Outcome::Answered(_)));
        assert_eq!(renewals(), 1);
    }
    let log = deployment.function("refresh").log();
    assert_eq!(log.matches("the schedule ran").count(), 3, "{log}");
    assert!(log.contains(r#""seen":1,"renewed":1,"#), "{log}");
}

/// Makes the refresh tokens of the recruiters of `kadry` as old as ones of last winter.
async fn age_tokens(deployment: &Deployment) {
    let (secrets, _) = deployment.state().await;
    let node = secrets.iter().find(|secret| secret.tags.contains_key("oldest_token")).unwrap();
    let long_ago = "2026-01-01T00:00:00Z";
    let held = deployment.secrets.read(&node.name, VersionStage::Current).await.unwrap();
    let mut content: Value = serde_json::from_str(held.body.expose()).unwrap();
    for entry in content["entries"].as_object_mut().unwrap().values_mut() {
        entry["obtained_at"] = long_ago.into();
    }
    deployment.secrets.put(&node.arn, &held.version, SecretBody::from(content.to_string())).await.unwrap();
    let tags = Tags::from([("oldest_token".to_owned(), long_ago.to_owned())]);
    deployment.secrets.tag(&node.arn, &tags).await.unwrap();
}

#[tokio::test]
async fn a_schedule_deletes_the_connections_of_a_customer_who_left() {
    let deployment = Deployment::start().await;
    deployment.connected().await;
    let (secrets, _) = deployment.state().await;
    let node = &secrets.iter().find(|secret| secret.tags.contains_key("oldest_token")).unwrap().name;
    let is_marked = async || deployment.secrets.describe(node).await.unwrap().deleted_at.is_some();
    deployment.ats().delete("/v1/customers/kadry").await.expect(204);
    // From that moment they count for nothing; the schedule marks the secret.
    assert!(matches!(deployment.invoke("refresh", &scheduled()).await, Outcome::Answered(_)));
    assert!(is_marked().await, "{}", deployment.function("refresh").log());
}
