//! What the OpenAPI document promises of an answer: every answer on a journey is held to it.

use std::sync::LazyLock;

use reqwest::{Method, StatusCode};
use serde_json::Value;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../functions/openapi.json")).unwrap());

/// Problems in whose place the code of a finding may stand.
const SPOKEN_FOR_BY_A_FINDING: [&str; 2] = ["customer_blocked", "sign_in_refused"];

/// Whether the document names this status for the operation and, for a problem, this code. An address that it does not
/// know must be answered as not found, a method as not allowed.
///
/// # Errors
/// What was answered that nobody promised.
pub fn kept(method: &Method, path: &str, status: StatusCode, body: &Value) -> Result<(), String> {
    let path = path.split('?').next().unwrap_or(path);
    let told = || format!("{method} {path} was answered {status} {}, which the contract does not say", body["code"]);
    let Some(methods) = methods_at(path) else {
        return if status == StatusCode::NOT_FOUND { Ok(()) } else { Err(told()) };
    };
    let Some(operation) = methods.get(method.as_str().to_lowercase()) else {
        return if status == StatusCode::METHOD_NOT_ALLOWED { Ok(()) } else { Err(told()) };
    };
    let promised = operation["responses"].get(status.as_str()).ok_or_else(told)?;
    if !status.is_client_error() && !status.is_server_error() {
        return Ok(());
    }
    let codes = &promised["content"]["application/problem+json"]["examples"];
    let code = body["code"].as_str().unwrap_or_default();
    let spoken_for =
        || SPOKEN_FOR_BY_A_FINDING.iter().any(|kind| !codes[*kind].is_null()) && !body["findings"].is_null();
    if !codes[code].is_null() || spoken_for() { Ok(()) } else { Err(told()) }
}

/// The operations at a path: a name in braces stands for any one segment.
fn methods_at(path: &str) -> Option<&'static Value> {
    let fits = |template: &str| {
        let (mut ours, mut theirs) = (template.split('/'), path.split('/'));
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(our), Some(their)) if our == their || our.starts_with('{') && !their.is_empty() => {}
                _ => return false,
            }
        }
    };
    DOCUMENT["paths"].as_object()?.iter().find(|(template, _)| fits(template)).map(|(_, methods)| methods)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_nobody_promised_is_seen() {
        let keeps = |method: Method, path: &str, status: u16, body: Value| {
            kept(&method, path, StatusCode::from_u16(status).unwrap(), &body).is_ok()
        };
        let connection = "/v1/customers/kadry/users/anna/connection";
        assert!(keeps(Method::GET, connection, 200, json!({})));
        assert!(keeps(Method::GET, connection, 404, json!({"code": "not_connected"})));
        assert!(keeps(Method::POST, connection, 409, json!({"code": "secret_expired", "findings": []})));
        assert!(keeps(Method::PATCH, connection, 405, json!({})));
        assert!(keeps(Method::GET, "/v1/customers//users", 404, json!({})));
        assert!(!keeps(Method::GET, connection, 201, json!({})));
        assert!(!keeps(Method::GET, connection, 404, json!({"code": "meeting_gone"})));
        assert!(!keeps(Method::GET, connection, 404, json!({"code": "secret_expired", "findings": []})));
        assert!(!keeps(Method::POST, connection, 409, json!({"code": "secret_expired"})));
        assert!(!keeps(Method::PATCH, connection, 200, json!({})));
        assert!(!keeps(Method::GET, "/v2", 200, json!({})));
    }
}
