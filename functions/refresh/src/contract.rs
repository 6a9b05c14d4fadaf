//! What the routes take and answer, for the OpenAPI document.

use axum::http::StatusCode;
use serde_json::json;

use shared::web::contract::Route;

use crate::parse::Working;

/// The routes of this function.
#[must_use]
pub fn contract() -> Vec<Route> {
    vec![renew()]
}

fn renew() -> Route {
    let working = json!({
        "state": "active",
        "since": "2026-11-24T12:00:00Z",
        "renewed_at": "2026-11-25T09:30:00Z",
        "access_expires_at": "2026-11-25T10:42:11Z"
    });
    Route::post("/v1/customers/{customer}/users/{user}/connection/refresh", "refresh_connection")
        .says(
            "Connections",
            "Prove that a connection works",
            "Renews the recruiter's tokens at Microsoft now. Nothing needs it: tokens are renewed whenever they are \
             needed. It serves support, to see whether a connection works at this very moment.",
        )
        .for_callers()
        .answers::<Working>(StatusCode::OK, "It works.", working)
        .needs_a_connection()
}
