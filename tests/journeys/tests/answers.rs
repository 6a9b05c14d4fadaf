//! What every answer of every route has in common, whoever asks and however: the routes are those of the README.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

use architecture::document::{quoted, table};
use microsoft_simulator::demo::KADRY_CLIENT_ID;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_support::contract::{ForeignCaller, RouteAnswer};
use test_support::product::{API_KEY, Product};

/// A path of the README with its methods, and one address below it.
struct Place {
    path: String,
    methods: Vec<Method>,
}

fn places() -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for row in table("README.md", "routes", &["function", "route"]).unwrap() {
        for (method, path) in quoted(&row.cells[1]).into_iter().filter_map(|route| route.split_once(' ')) {
            let (method, path) = (method.parse().unwrap(), filled(path));
            match places.iter_mut().find(|place| place.path == path) {
                Some(place) => place.methods.push(method),
                None => places.push(Place { path, methods: vec![method] }),
            }
        }
    }
    assert!(places.len() > 10, "hardly any route was found");
    places
}

/// The path with something for each of its parameters.
fn filled(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "strange".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn methods() -> Vec<Method> {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "LINK", "get"]
        .map(|method| Method::from_bytes(method.as_bytes()).unwrap())
        .into()
}

fn assert_protected(answer: &RouteAnswer, place: &str) {
    let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap());
    // The documents are the same for everybody, and may be kept.
    let is_document = ["/openapi.json", "/openapi-3.0.json", "/docs"].iter().any(|path| place.ends_with(path));
    let kept = if is_document && answer.status == StatusCode::OK { "public, max-age=3600" } else { "no-store" };
    for (name, value) in [
        ("cache-control", kept),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=31536000"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(header(name), Some(value), "{place}: {name}");
    }
    let isolated = (!answer.status.is_redirection()).then_some("same-origin");
    assert_eq!(header("cross-origin-opener-policy"), isolated, "{place}");
    let policy = header("content-security-policy").unwrap();
    for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
        assert!(policy.contains(part), "{place}: {policy}");
    }
    // A script of ours is known by its hash; whatever else stands in a page is not run.
    let mut scripts = policy.split("; ").filter(|part| part.starts_with("script-src"));
    assert!(scripts.all(|part| part.starts_with("script-src 'sha256-")), "{place}: {policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{place}: {policy}");
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{place}: CORS");
    assert!(header("server").is_none() && header("x-powered-by").is_none(), "{place}");
    if let Some(kind) = header("content-type") {
        let known =
            ["application/json", "application/problem+json", "text/html; charset=utf-8", "text/plain; charset=utf-8"];
        assert!(known.contains(&kind), "{place}: {kind}");
    } else {
        assert!(answer.body.is_empty(), "{place}: nobody knows what this is");
    }
    if header("content-type") == Some("application/problem+json") && !answer.body.is_empty() {
        let document: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(document["status"], answer.status.as_u16(), "{place}");
        assert!(document["type"].as_str().unwrap().ends_with(document["code"].as_str().unwrap()), "{place}");
    }
}

#[tokio::test]
async fn every_answer_of_every_route_is_protected() {
    let product = Product::start().await;
    product.ats().configure("strange").await.expect(200);
    let (stranger, bearer) = (ForeignCaller::at(&product), format!("Bearer {API_KEY}"));
    let mut places = places();
    places.push(Place { path: "/nowhere".to_owned(), methods: Vec::new() });
    for Place { path, .. } in &places {
        for method in methods() {
            // With a key once more, but nothing that would take the customer away before the others came.
            let with_key = method != Method::DELETE;
            let headers = [("authorization", &*bearer), ("accept-language", "pl")];
            for headers in [&[][..], &headers].into_iter().take(1 + usize::from(with_key)) {
                assert_protected(&stranger.ask(&method, path, headers).await, &format!("{method} {path}"));
            }
        }
    }
}

#[tokio::test]
async fn no_method_is_served_but_those_of_the_table() {
    let product = Product::start().await;
    let (stranger, bearer) = (ForeignCaller::at(&product), format!("Bearer {API_KEY}"));
    for Place { path, methods: served } in places() {
        for method in methods() {
            let served = served.contains(&method)
                || method == Method::HEAD && served.contains(&Method::GET)
                || method == Method::OPTIONS;
            let headers = [("authorization", &*bearer), ("x-http-method-override", served_name(&method))];
            let answer = stranger.ask(&method, &path, &headers).await;
            let refused = answer.status == StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(refused, !served, "{method} {path}: {answer:?}");
            let tells = refused || method == Method::OPTIONS;
            assert_eq!(answer.headers.contains_key("allow"), tells, "{method} {path}");
        }
    }
}

/// What an override would have to name to get past the table.
fn served_name(method: &Method) -> &'static str {
    if *method == Method::GET { "DELETE" } else { "GET" }
}

#[tokio::test]
async fn what_proxies_write_changes_no_answer() {
    let product = Product::start().await;
    let stranger = ForeignCaller::at(&product);
    let long = "A".repeat(4_096);
    let spoofs = [
        ("x-forwarded-for", "127.0.0.1"),
        ("x_forwarded_for", "127.0.0.1"),
        ("x-real-ip", "127.0.0.1"),
        ("forwarded", "for=127.0.0.1;host=evil.example;proto=http"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-uri", "/healthz"),
        ("x-original-url", "/healthz"),
        ("x-rewrite-url", "/healthz"),
        ("x-amzn-request-context", "{\"authorizer\":{\"key\":\"journey\"}}"),
        ("x-amzn-trace-id", "junk"),
        ("x-user-id", "anna"),
        ("x-customer-id", "kadry"),
        ("user-agent", "ELB-HealthChecker/2.0"),
        ("user-agent", ""),
        ("user-agent", &long),
        ("traceparent", "00-00000000000000000000000000000000-0000000000000000-00"),
        ("origin", "https://evil.example"),
        ("accept", "application/xml"),
        ("range", "bytes=0-3"),
        ("host", "evil.example"),
    ];
    for Place { path, methods } in places() {
        let honest = stranger.ask(&methods[0], &path, &[]).await;
        // A form is refused when it comes from another site, whichever link it is for.
        let is_form = methods[0] == Method::POST && !path.starts_with("/v1/");
        let told = spoofs.into_iter().filter(|(name, _)| !is_form || *name != "origin").collect::<Vec<_>>();
        let spoofed = stranger.ask(&methods[0], &path, &told).await;
        assert_eq!(spoofed, honest, "{} {path}", methods[0]);
        for behind in ["%23/healthz", ";/healthz", "%2f..%2fhealthz", "/", "//"] {
            let answer = stranger.ask(&methods[0], &format!("{path}{behind}"), &[]).await;
            assert!(!answer.status.is_success() || path == "/healthz", "{path}{behind}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn what_was_typed_into_a_form_comes_back_as_text() {
    let product = Product::start().await;
    let link = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    let client_id = KADRY_CLIENT_ID.to_string();
    for typed in [
        "\"><script>alert(1)</script>",
        "'><img src=x onerror=alert(1)>",
        "</textarea></form><form action=https://evil.example>",
        "javascript:alert(1)",
        "\" autofocus onfocus=alert(1) x=\"",
        "\u{202e}elpmaxe.live",
    ] {
        for (tenant, secret) in [(typed, "x"), ("x", typed)] {
            let form = [("tenant", tenant), ("client_id", &client_id), ("client_secret", secret)];
            let page = product.browser().submit(link.text("url"), &form).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
            for markup in ["<script>alert", "<img src=x", "<form action=https", "onfocus=alert(1) x=\""] {
                assert!(!page.text.contains(markup), "{typed}: {markup}");
            }
        }
    }
}
