//! API Gateway, as far as an HTTP API does more than pass a request on; and Lambda's `Invoke`, by which one function asks
//! another.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::StatusCode;
use shared::types::clock::Clock;
use tokio::net::TcpListener;

use crate::answer::{message, response};
use crate::event::event;
use crate::function::{Function, Outcome};
use crate::routes::Routes;

/// The largest body that an HTTP API takes
/// ([Quotas for configuring and running an HTTP API](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html)).
const MAX_BODY: usize = 10 * 1024 * 1024;

/// The functions by name.
pub type Functions = Arc<BTreeMap<String, Function>>;

/// Another execution environment of intake: an emulator handles one event at a time.
pub const SECOND_INTAKE: &str = "intake, another";

#[derive(Clone)]
struct Gateway {
    routes: Arc<Routes>,
    functions: Functions,
}

/// Serves the HTTP API.
///
/// # Panics
/// When the listener fails.
pub async fn serve(listener: TcpListener, functions: Functions) {
    let gateway = Gateway { routes: Arc::new(Routes::of_the_readme()), functions };
    let app = Router::new()
        .route("/2015-03-31/functions/{function}/invocations", post(invoke))
        .fallback(pass)
        .with_state(gateway);
    axum::serve(listener, app).await.unwrap();
}

async fn pass(State(gateway): State<Gateway>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(route) = gateway.routes.find(parts.method.as_str(), parts.uri.path()) else {
        return message(StatusCode::NOT_FOUND);
    };
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return message(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let event = event(&parts, &body, &route.key, Clock::system().now());
    // Microsoft asks for the issuer's documents while intake waits for the probe that made it ask.
    let function = if parts.uri.path().starts_with("/.well-known/") { SECOND_INTAKE } else { &route.function };
    response(&gateway.functions[function].invoke(&event).await)
}

/// Lambda's own API: a signed request runs the function that it names and gets what the function answers.
async fn invoke(State(gateway): State<Gateway>, Path(name): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let is_signed = parts.headers.get("authorization").is_some_and(|value| {
        value
            .to_str()
            .is_ok_and(|value| value.starts_with("AWS4-HMAC-SHA256 ") && value.contains("/lambda/aws4_request"))
    });
    let Some(function) =
        gateway.functions.get(&name).filter(|_| is_signed && parts.uri.query() == Some("Qualifier=live"))
    else {
        return message(StatusCode::FORBIDDEN);
    };
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    match serde_json::from_slice(&body) {
        Err(_) => message(StatusCode::BAD_REQUEST),
        Ok(event) => match function.invoke(&event).await {
            Outcome::Answered(answer) => axum::Json(answer).into_response(),
            Outcome::Failed(error) => ([("x-amz-function-error", "Unhandled")], axum::Json(error)).into_response(),
            Outcome::Lost => message(StatusCode::INTERNAL_SERVER_ERROR),
        },
    }
}
