//! Entra: tokens for a refresh token, and the two documents that MSAL asks for.

use hyper::StatusCode;
use serde_json::{Value, json};
use shared::types::clock::Clock;

use super::RequestCounts;
use crate::cast;

/// What MSAL may know of a tenant before it asks.
pub(crate) fn discovery(login: &str) -> Value {
    let tenant = format!("{login}/{}", cast::TENANT);
    json!({
        "issuer": format!("{tenant}/v2.0"),
        "authorization_endpoint": format!("{tenant}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{tenant}/oauth2/v2.0/token"),
        "end_session_endpoint": format!("{tenant}/oauth2/v2.0/logout"),
        "jwks_uri": format!("{tenant}/discovery/v2.0/keys"),
    })
}

pub(super) fn answer(asked: &RequestCounts, login: &str) -> (StatusCode, Value) {
    let body = String::from_utf8_lossy(&asked.body);
    if asked.path == format!("/{}/v2.0/.well-known/openid-configuration", cast::TENANT) {
        return (StatusCode::OK, discovery(login));
    }
    let bought = asked.path == format!("/{}/oauth2/v2.0/token", cast::TENANT)
        && body.contains("grant_type=refresh_token")
        && body.contains(cast::REFRESH_TOKEN);
    if !bought {
        return (StatusCode::BAD_REQUEST, json!({ "error": "invalid_grant" }));
    }
    let tokens = json!({
        "token_type": "Bearer",
        "scope": cast::SCOPE,
        "expires_in": 3600,
        "ext_expires_in": 3600,
        "access_token": cast::access_token(),
        "refresh_token": cast::REFRESH_TOKEN,
        "id_token": cast::id_token(login, Clock::system().now()),
        "client_info": cast::client_info(),
    });
    (StatusCode::OK, tokens)
}
