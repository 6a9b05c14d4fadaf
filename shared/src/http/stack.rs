//! The HTTP stack: the layers around all routes. Deadline, security headers, rendering of problems, one log line.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::{Json, Router};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;

use crate::domain::audit;
use crate::http::accept::prefers_html;
use crate::http::accept_language::negotiate;
use crate::http::branding::Branding;
use crate::http::html::{self, PageFrame};
use crate::http::problem::{Problem, ProblemKind};
use crate::http::request_id::{X_REQUEST_ID, new_request_id, request_id};
use crate::http::routes::{self, ServeRoute};
use crate::types::language::Language;
use crate::types::randomness::Randomness;

/// 25 s, because API Gateway stops at 30 s and its error body is not ours.
const RESPONSE_DEADLINE: Duration = Duration::from_secs(25);

/// The state of the HTTP stack.
#[derive(Clone, Debug)]
pub struct HttpStack {
    /// The public URL without a slash at the end, for the types of problems.
    pub public_url: String,
    /// What `GET /healthz` tells.
    pub version: String,
    /// For trace ids.
    pub randomness: Randomness,
    /// Whose pages they are.
    pub branding: Arc<Branding>,
}

/// What every response is finished with.
#[derive(Clone, Debug)]
struct Finish {
    stack: HttpStack,
    /// The content security policy of every response without one of its own.
    policy: HeaderValue,
}

/// Marks a response whose problem is rendered as a page.
#[derive(Debug, Clone, Copy)]
struct HtmlProblems;

/// The id of this request in the log and in a problem.
#[derive(Debug, Clone)]
pub struct TraceId(pub String);

/// The response of `GET /healthz`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Health))]
pub struct HealthResponse {
    /// `ok`: the function starts and its settings can be read.
    pub status: &'static str,
    /// The version of the product, followed on AWS by `+` and the version of the function.
    pub version: String,
}

/// Wraps the routes of one or several functions.
pub fn wrap(routes: Router, stack: HttpStack) -> Router {
    let version = stack.version.clone();
    let policy = PageFrame::plain(&stack.branding).policy(None);
    routes
        .serve(routes::HEALTH, async move || Json(HealthResponse { status: "ok", version }))
        .fallback(answer_unknown_address)
        .method_not_allowed_fallback(reject_method)
        .layer(CatchPanicLayer::custom(|_| {
            Problem::from(ProblemKind::Internal).with_cause("a handler panicked").into_response()
        }))
        .layer(from_fn(enforce_deadline))
        .layer(from_fn_with_state(Finish { stack, policy }, finalize_response))
}

/// Renders the problems of these routes as pages, because people read them.
pub fn with_html_problems<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes.layer(from_fn(|request: Request, next: Next| async move {
        let mut response = next.run(request).await;
        response.extensions_mut().insert(HtmlProblems);
        response
    }))
}

/// An address that no route has: a page for a browser, unless the address is one of the API.
async fn answer_unknown_address(uri: Uri, headers: HeaderMap) -> Response {
    let mut response = Problem::from(ProblemKind::NotFound).into_response();
    if prefers_html(&headers) && !uri.path().starts_with("/v1/") {
        response.extensions_mut().insert(HtmlProblems);
    }
    response
}

/// A method that the path does not have. `OPTIONS` asks which it has (RFC 9110 §9.3.7); the router adds `Allow`.
async fn reject_method(method: Method) -> Response {
    match method {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => Problem::from(ProblemKind::MethodNotAllowed).into_response(),
    }
}

async fn enforce_deadline(request: Request, next: Next) -> Response {
    match tokio::time::timeout(RESPONSE_DEADLINE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::from(ProblemKind::TooSlow).with_retry_after(Duration::from_secs(5)).into_response(),
    }
}

async fn finalize_response(
    State(Finish { stack, policy }): State<Finish>,
    mut request: Request,
    next: Next,
) -> Response {
    // A browser has no id of its own, and whoever holds a link must not choose the id of others.
    let trace_id = TraceId(if request.uri().path().starts_with("/v1/") {
        request_id(request.headers(), &stack.randomness)
    } else {
        new_request_id(&stack.randomness)
    });
    request.extensions_mut().insert(trace_id.clone());
    let (method, language) = (request.method().clone(), negotiate(request.headers()));
    // The path of the route and not of the request, which may have a sealed link in it.
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let span = audit::request_span(&trace_id.0);
    let mut response = next.run(request).instrument(span.clone()).await;
    let _entered = span.entered();
    if let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() {
        log(&problem, method.as_str(), &route, &trace_id);
        let language = problem.language().unwrap_or(language);
        let audience = response.extensions().get::<HtmlProblems>().copied();
        response = render_problem(&problem, response, audience, language, &stack, &trace_id);
    } else {
        tracing::info!(
            method = method.as_str(),
            route,
            status = response.status().as_u16(),
            trace_id = trace_id.0,
            "answered"
        );
    }
    set_security_headers(&mut response, policy, &trace_id);
    response
}

fn log(problem: &Problem, method: &str, route: &str, trace_id: &TraceId) {
    let (status, code, cause) = (problem.status().as_u16(), problem.code(), problem.cause().unwrap_or_default());
    if problem.status().is_server_error() {
        tracing::error!(method, route, status, code, cause, trace_id = trace_id.0, "answered with a problem");
    } else {
        tracing::info!(method, route, status, code, cause, trace_id = trace_id.0, "answered with a problem");
    }
}

/// Renders a problem. Keeps the headers that the handler set, such as deleted cookies.
fn render_problem(
    problem: &Problem,
    bare: Response,
    audience: Option<HtmlProblems>,
    language: Language,
    stack: &HttpStack,
    trace_id: &TraceId,
) -> Response {
    let (mut parts, _) = bare.into_parts();
    parts.headers.remove(CONTENT_TYPE);
    parts.headers.remove(http::header::CONTENT_LENGTH);
    if let Some(seconds) = problem.retry_after_seconds() {
        parts.headers.insert(RETRY_AFTER, seconds.into());
    }
    if let Some(challenge) = problem.challenge() {
        parts.headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    if audience.is_some() {
        return (parts, Html(html::render_problem_page(problem, language, &stack.branding, &trace_id.0)))
            .into_response();
    }
    let document = problem.document(language, &stack.public_url, &trace_id.0).to_string();
    let content_type = HeaderValue::from_static("application/problem+json");
    parts.headers.insert(http::header::CONTENT_LANGUAGE, HeaderValue::from_static(language.bcp47()));
    (parts, [(CONTENT_TYPE, content_type)], document).into_response()
}

fn set_security_headers(response: &mut Response, policy: HeaderValue, trace_id: &TraceId) {
    let redirects = response.status().is_redirection();
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    for (name, value) in [
        (REFERRER_POLICY, "no-referrer"),
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A redirect shows nothing, and the policy on it would cut off a window that the ATS opened for the sign-in.
    if !redirects {
        headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    if let Ok(value) = HeaderValue::from_str(&trace_id.0) {
        headers.insert(HeaderName::from_static(X_REQUEST_ID), value);
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    fn routes() -> Router {
        async fn broken() -> Result<&'static str, Problem> {
            panic!("canary")
        }
        async fn endless() {
            std::future::pending::<()>().await;
        }
        let people = with_html_problems(
            Router::new().route("/page/{link}", get(|| async { Problem::from(ProblemKind::LinkUnusable) })),
        );
        let machines = Router::new()
            .route("/well", get(|| async { "well" }))
            .route("/broken", get(broken))
            .route("/endless", get(endless));
        let settings = HttpStack {
            public_url: "https://x.example".into(),
            version: "0.1.0+7".into(),
            randomness: Randomness::seeded(1),
            branding: Arc::default(),
        };
        wrap(machines.merge(people), settings)
    }

    async fn ask(method: &str, path: &str) -> (StatusCode, http::HeaderMap, String) {
        let request = Request::builder().method(method).uri(path).header("accept-language", "pl");
        let response = routes().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().into()).unwrap();
        (parts.status, parts.headers, body)
    }

    #[tokio::test]
    async fn the_health_address_tells_which_version_answers() {
        let (status, _, body) = ask("GET", "/healthz").await;
        assert_eq!((status, body.as_str()), (StatusCode::OK, r#"{"status":"ok","version":"0.1.0+7"}"#));
    }

    #[tokio::test]
    async fn every_answer_is_protected() {
        for path in ["/well", "/broken", "/page/x", "/nowhere"] {
            let (_, headers, _) = ask("GET", path).await;
            assert_eq!(headers[CACHE_CONTROL], "no-store", "{path}");
            assert_eq!(headers[X_FRAME_OPTIONS], "DENY", "{path}");
            assert!(headers[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'none'"), "{path}");
        }
    }

    #[tokio::test]
    async fn machines_read_json_and_people_read_a_page() {
        let (status, headers, body) = ask("GET", "/nowhere").await;
        assert_eq!(
            (status, &headers[CONTENT_TYPE]),
            (StatusCode::NOT_FOUND, &"application/problem+json".parse().unwrap())
        );
        let document: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(
            (document["code"].as_str(), document["title"].as_str()),
            (Some("not_found"), Some("Nie znaleziono."))
        );
        let (status, headers, body) = ask("GET", "/page/x").await;
        assert_eq!((status, headers[CONTENT_TYPE].to_str().unwrap()), (StatusCode::GONE, "text/html; charset=utf-8"));
        assert!(body.contains("lang=\"pl\"") && body.contains("Ten link już nie działa"));
    }

    #[tokio::test]
    async fn a_browser_is_shown_a_page_where_there_is_nothing() {
        for (path, media_type) in
            [("/nowhere", "text/html; charset=utf-8"), ("/v1/nowhere", "application/problem+json")]
        {
            let request = Request::builder().uri(path).header("accept", "text/html,*/*;q=0.8");
            let response = routes().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(response.headers()[CONTENT_TYPE], media_type, "{path}");
        }
    }

    #[tokio::test]
    async fn a_method_that_is_not_served_names_those_that_are() {
        let (status, headers, _) = ask("DELETE", "/well").await;
        assert_eq!((status, headers["allow"].to_str().unwrap()), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
    }

    #[tokio::test]
    async fn options_names_the_methods_and_head_is_get_without_a_body() {
        let (status, headers, body) = ask("OPTIONS", "/well").await;
        assert_eq!(
            (status, headers["allow"].to_str().unwrap(), body.as_str()),
            (StatusCode::NO_CONTENT, "GET,HEAD", "")
        );
        let (status, headers, body) = ask("HEAD", "/well").await;
        assert_eq!((status, headers["content-length"].to_str().unwrap(), body.as_str()), (StatusCode::OK, "4", ""));
    }

    #[tokio::test]
    async fn a_call_of_the_ats_keeps_its_id_and_a_browser_gets_a_new_one() {
        for (path, kept) in [("/v1/nowhere", true), ("/page/x", false)] {
            let request = Request::builder().uri(path).header(X_REQUEST_ID, "order-4711").body(Body::empty()).unwrap();
            let response = routes().oneshot(request).await.unwrap();
            assert_eq!(response.headers()[X_REQUEST_ID] == "order-4711", kept, "{path}");
        }
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_without_its_message() {
        let (status, _, body) = ask("GET", "/broken").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!body.contains("canary"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_request_gets_a_problem_before_the_gateway_stops() {
        let began = tokio::time::Instant::now();
        let (status, headers, _) = ask("GET", "/endless").await;
        // API Gateway waits for 30 s.
        assert!(began.elapsed() < Duration::from_secs(29), "{:?}", began.elapsed());
        assert_eq!((status, headers[RETRY_AFTER].to_str().unwrap()), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    }
}
