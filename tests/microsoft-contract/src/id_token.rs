//! What an id_token says. Its signature is the product's business; here its header and claims are compared.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::belief::{Observation, TrialError};
use crate::http::Reply;
use crate::session::Session;

fn part(token: &str, at: usize) -> Value {
    let bytes = token.split('.').nth(at).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or(Value::Null)
}

/// The claims of the id_token that the sign-in gave.
pub(crate) fn claims(session: &Session) -> Result<Value, TrialError> {
    Ok(part(session.token("id_token")?, 1))
}

/// Compares header and claims with what the product demands.
pub(crate) async fn look(session: &Session) -> Result<Observation, TrialError> {
    let (header, claims) = (part(session.token("id_token")?, 0), claims(session)?);
    let keys = Reply::to(session.http.get(session.entra("discovery/v2.0/keys"))).await?;
    let keys = keys.json["keys"].as_array().cloned().unwrap_or_default();
    let nonce = session.returned.as_ref().map(|returned| returned.nonce.clone()).unwrap_or_default();
    let checks = [
        ("alg", header["alg"] == "RS256"),
        ("kid", keys.iter().any(|key| key["kid"] == header["kid"])),
        ("iss", claims["iss"] == session.entra("v2.0")),
        ("aud", claims["aud"] == session.app.client_id.to_string()),
        ("tid", claims["tid"] == session.app.tenant.to_string()),
        ("ver", claims["ver"] == "2.0"),
        ("nonce", claims["nonce"] == nonce),
        ("oid", claims["oid"].is_string()),
        ("sub", claims["sub"].is_string()),
        ("preferred_username", claims["preferred_username"].is_string()),
        ("iat", claims["iat"].is_i64()),
        ("nbf", claims["nbf"].is_i64()),
        ("exp", claims["exp"].is_i64()),
    ];
    let wrong: Vec<_> = checks.iter().filter(|(_, is_right)| !is_right).map(|(name, _)| *name).collect();
    let did = if wrong.is_empty() { "as believed".to_owned() } else { format!("otherwise: {}", wrong.join(", ")) };
    Ok(Observation::new(did, wrong.is_empty()))
}
