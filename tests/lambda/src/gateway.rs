//! API Gateway, as far as an HTTP API does more than pass a request on.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use shared::types::clock::Clock;
use tokio::net::TcpListener;

use crate::answer::{message, response};
use crate::event::event;
use crate::function::Function;
use crate::routes::Routes;

/// The largest body that an HTTP API takes
/// ([Quotas for configuring and running an HTTP API](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html)).
const MAX_BODY: usize = 10 * 1024 * 1024;

/// The functions by name.
pub type Functions = Arc<BTreeMap<String, Function>>;

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
    let app = Router::new().fallback(pass).with_state(gateway);
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
    response(&gateway.functions[&route.function].invoke(&event).await)
}
