//! The deployment on one machine: the same routers as on AWS, in one process, on loopback.

use axum::{Json, Router, routing::get};

use callback::Callback;
use intake::Intake;
use meetings::Meetings;
use refresh::Refresh;
use shared::parts::Parts;
use shared::web::front::front;

/// All functions behind one door.
pub fn app(parts: &Parts) -> Router {
    front(functions(parts), parts.front())
}

/// The routes of all functions, merged.
pub fn functions(parts: &Parts) -> Router {
    Router::new()
        .merge(intake::router(Intake::new(parts)))
        .merge(callback::router(Callback::new(parts)))
        .merge(meetings::router(Meetings::new(parts)))
        .merge(refresh::router(Refresh::new(parts)))
        .route("/healthz", get(|| async { Json(serde_json::json!({"status": "ok"})) }))
}
