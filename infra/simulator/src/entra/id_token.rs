//! The id token (Microsoft's `id-token-claims-reference.md`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde_json::{Value, json};

use crate::fault_rules::{IdTokenForgery, merge};
use crate::state::{SimulatedSignIn, SimulatorState};

/// Difference of `exp` and `iat` in tokens Microsoft shows.
const LIFE: i64 = 3900;

/// The home of the demo's guests, as `idp` names it.
const OTHER_HOME: &str = "https://sts.windows.net/9b1f6c2d-35e7-4a80-b4c9-d07e18a52f63/";

/// A signed token for this sign-in; `None` when the account is gone or signing failed.
pub(crate) fn issue(
    world: &mut SimulatorState,
    sign_in: &SimulatedSignIn,
    nonce: Option<&str>,
    forgery: Option<&IdTokenForgery>,
) -> Option<String> {
    if let Some(raw) = forgery.and_then(|forgery| forgery.raw.clone()) {
        return Some(raw);
    }
    let principal = sign_in.principal;
    let now = world.now().as_second();
    let unique = world.randomness.opaque(16);
    let issuer = world.issuer(principal.tenant);
    let (_, user) = world.account(principal.tenant, principal.oid)?;
    let mut claims = json!({
        "aud": principal.client_id,
        "iss": issuer,
        "iat": now,
        "nbf": now,
        "exp": now + LIFE,
        "aio": "AXQAi/8TAAAAsimulated",
        "rh": "1.AXoAsimulated.",
        "sub": pairwise(sign_in),
        "tid": principal.tenant,
        "uti": unique,
        "ver": "2.0",
    });
    if sign_in.scopes.contains("profile") {
        claims["name"] = json!(user.name);
        claims["oid"] = json!(user.oid);
        claims["preferred_username"] = json!(user.upn);
    }
    if sign_in.scopes.contains("email") {
        claims["email"] = json!(user.upn);
    }
    if user.guest {
        claims["idp"] = json!(OTHER_HOME);
    }
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    let mut header = json!({ "typ": "JWT", "alg": "RS256", "kid": world.keys.signing_id() });
    if let Some(forgery) = forgery {
        for (part, patch) in [(&mut header, &forgery.header), (&mut claims, &forgery.claims)] {
            if !patch.is_null() {
                merge(part, patch);
            }
        }
    }
    let signed = format!("{}.{}", encoded(&header), encoded(&claims));
    let stray = forgery.is_some_and(|forgery| forgery.unpublished_key);
    let signature = world.keys.sign(stray, signed.as_bytes())?;
    Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// A subject that differs from application to application.
fn pairwise(sign_in: &SimulatedSignIn) -> String {
    let principal = sign_in.principal;
    let name = format!("{}/{}/{}", principal.tenant, principal.client_id, principal.oid);
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, name.as_bytes()))
}
