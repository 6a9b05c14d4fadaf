//! What HTTP itself promises, through the whole product: faults that say where they are, ids that callers choose, methods,
//! and copies that are confirmed.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, ETAG, IF_NONE_MATCH};
use serde_json::json;
use shared::adapters::http_client;
use test_support::product::{API_KEY, Product};
use tower::ServiceExt;

const MEETINGS: &str = "/v1/customers/kadry/users/anna/meetings";

async fn send(
    product: &Product,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> reqwest::Response {
    let mut request =
        http_client::build_client().unwrap().request(method, format!("{}{path}", product.base)).bearer_auth(API_KEY);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.to_owned()).send().await.unwrap()
}

#[tokio::test]
async fn a_fault_of_a_body_says_where_it_is_and_what_was_meant() {
    let product = Product::start().await;
    let headers = [("content-type", "application/json"), ("idempotency-key", "k")];
    for (body, status, errors) in [
        (r#"{"subject":"x","start":"y"}"#, 422, &[("end", "is missing")][..]),
        (
            r#"{"subject":1,"startTime":"y","end":"z","coOrganizers":[],"chat":"disable"}"#,
            422,
            &[
                ("chat", "is none of `enabled`, `disabled`, `limited`; did you mean `disabled`?"),
                ("coOrganizers", "is unknown; did you mean `co_organizers`?"),
                ("startTime", "is unknown; did you mean `start`?"),
                ("subject", "is of another type: expected a string"),
                ("start", "is missing"),
            ],
        ),
        ("{\n\"subject\": \"x\"\n\"start\": 1}", 400, &[(".", "line 3, column 1: expected `,` or `}`")]),
    ] {
        let answer = send(&product, Method::POST, MEETINGS, &headers, body).await;
        assert_eq!(answer.status().as_u16(), status, "{body}");
        let problem: serde_json::Value = answer.json().await.unwrap();
        let errors: Vec<_> = errors.iter().map(|(field, detail)| json!({"field": field, "detail": detail})).collect();
        assert_eq!(problem["errors"], json!(errors), "{body}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_in_a_query_is_named() {
    let product = Product::start().await;
    for (path, field, detail) in [
        ("/v1/customers?expiringWithin=30d", "expiringWithin", "is unknown; did you mean `expiring_within`?"),
        ("/v1/customers?page=1&page=2", "page", "stands twice"),
        ("/v1/customers?page=%", "page", "has a broken percent sequence, or is not UTF-8"),
        ("/v1/customers/kadry?verbose=1", "verbose", "is unknown; none is known here"),
    ] {
        let answer = send(&product, Method::GET, path, &[], "").await;
        let problem: serde_json::Value = answer.json().await.unwrap();
        let errors = json!([{"field": field, "detail": detail}]);
        assert_eq!((&problem["code"], &problem["errors"]), (&json!("malformed_request"), &errors), "{path}");
    }
}

#[tokio::test]
async fn a_call_is_found_in_the_log_by_the_callers_own_id() {
    let product = Product::start().await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    for (header, sent, id) in [("x-request-id", "order-4711", "order-4711"), ("traceparent", &parent, trace)] {
        let answer = send(&product, Method::GET, MEETINGS, &[(header, sent)], "").await;
        assert_eq!(answer.headers()["x-request-id"], id);
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(problem["trace_id"], id);
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_told_those_that_it_has() {
    let product = Product::start().await;
    let customer = "/v1/customers/kadry";
    let answer = send(&product, Method::PUT, customer, &[], "").await;
    assert_eq!((answer.status().as_u16(), allowed(&answer)), (405, vec!["DELETE", "GET", "HEAD"]));
    let answer = send(&product, Method::OPTIONS, customer, &[], "").await;
    assert_eq!((answer.status().as_u16(), allowed(&answer)), (204, vec!["DELETE", "GET", "HEAD"]));
    product.ats().configure("kadry").await.expect(200);
    let answer = send(&product, Method::HEAD, customer, &[], "").await;
    assert_eq!((answer.status().as_u16(), answer.bytes().await.unwrap().len()), (200, 0));
}

fn allowed(answer: &reqwest::Response) -> Vec<&str> {
    let mut methods: Vec<_> = answer.headers()[ALLOW].to_str().unwrap().split(',').collect();
    methods.sort_unstable();
    methods
}

#[tokio::test]
async fn the_documents_are_compressed_and_a_copy_is_confirmed() {
    let product = Product::start().await;
    for (path, accepted, times_smaller) in [
        ("/openapi.json", "pl", 5),
        ("/openapi-3.0.json", "pl", 5),
        ("/docs", "pl", 2),
        ("/docs/recruiters", "pl", 2),
        ("/docs/reference", "pl", 5),
        ("/docs/reference", "en", 5),
        ("/docs/search", "en", 2),
    ] {
        let headers = [("accept-language", accepted), (ACCEPT_ENCODING.as_str(), "gzip")];
        let answer = send(&product, Method::GET, path, &headers, "").await;
        assert_eq!((answer.status().as_u16(), answer.headers()[CONTENT_ENCODING].to_str().unwrap()), (200, "gzip"));
        assert_eq!(answer.headers()["cache-control"], "public, max-age=3600");
        let tag = answer.headers()[ETAG].to_str().unwrap().to_owned();
        let compressed = answer.bytes().await.unwrap().len();
        let plain = send(&product, Method::GET, path, &headers[..1], "").await.bytes().await.unwrap().len();
        assert!(compressed * times_smaller < plain, "{path}: {compressed} of {plain}");
        let copy = [headers[0], (IF_NONE_MATCH.as_str(), &tag)];
        let confirmed = send(&product, Method::GET, path, &copy, "").await;
        assert_eq!((confirmed.status().as_u16(), confirmed.bytes().await.unwrap().len()), (304, 0), "{path}");
    }
}

#[tokio::test]
async fn the_document_in_openapi_3_0_is_served_beside_the_other() {
    let product = Product::start().await;
    for (path, version) in [("/openapi.json", "3.1.0"), ("/openapi-3.0.json", "3.0.3")] {
        let document: serde_json::Value = send(&product, Method::GET, path, &[], "").await.json().await.unwrap();
        assert_eq!(document["openapi"], version);
        assert!(document["paths"]["/v1/customers/{customer}"].is_object());
    }
}

#[tokio::test]
async fn the_documents_lead_to_the_address_for_calls_wherever_they_are_read() {
    let mut parts = Product::start().await.parts.clone();
    parts.settings.api_url = "https://calls.ats.example".parse().unwrap();
    for path in ["/openapi.json", "/openapi-3.0.json"] {
        let request = axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
        let answer = local::app(&parts).oneshot(request).await.unwrap();
        let document = axum::body::to_bytes(answer.into_body(), 1 << 22).await.unwrap();
        let document: serde_json::Value = serde_json::from_slice(&document).unwrap();
        assert_eq!(document["servers"], serde_json::json!([{ "url": "https://calls.ats.example" }]), "{path}");
    }
}
