//! The id token (Microsoft's `id-token-claims-reference.md`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde_json::{Value, json};

use crate::fault_rules::{IdTokenForgery, merge};
use crate::keys::IdTokenSigner;
use crate::state::{SimulatedSignIn, SimulatorState};

/// The difference between `exp` and `iat`, in seconds, in tokens that Microsoft documents.
const ID_TOKEN_SECONDS: i64 = 3900;

/// The home tenant of the demo's guests, as in the claim `idp`.
const GUEST_IDP: &str = "https://sts.windows.net/9b1f6c2d-35e7-4a80-b4c9-d07e18a52f63/";

/// A signed token for this sign-in. `None` if the account was deleted or signing failed.
pub(crate) fn issue(
    state: &mut SimulatorState,
    sign_in: &SimulatedSignIn,
    nonce: Option<&str>,
    forgery: Option<&IdTokenForgery>,
) -> Option<String> {
    if let Some(raw) = forgery.and_then(|forgery| forgery.raw.clone()) {
        return Some(raw);
    }
    let subject = sign_in.subject;
    let now = state.now().as_second();
    let unique = state.randomness.opaque(16);
    let issuer = state.issuer(subject.tenant);
    let (tenant, user) = state.account(subject.tenant, subject.oid)?;
    let maps_claims = tenant.apps.iter().any(|app| app.client_id == subject.client_id && app.own_signing_key);
    let key = if maps_claims { IdTokenSigner::App } else { IdTokenSigner::Tenant };
    let mut claims = json!({
        "aud": subject.client_id,
        "iss": issuer,
        "iat": now,
        "nbf": now,
        "exp": now + ID_TOKEN_SECONDS,
        "aio": "AXQAi/8TAAAAsimulated",
        "rh": "1.AXoAsimulated.",
        "sub": pairwise(sign_in),
        "tid": subject.tenant,
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
        claims["idp"] = json!(GUEST_IDP);
    }
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    let mut header = json!({ "typ": "JWT", "alg": "RS256", "kid": state.keys.id(key) });
    if let Some(forgery) = forgery {
        for (part, patch) in [(&mut header, &forgery.header), (&mut claims, &forgery.claims)] {
            if !patch.is_null() {
                merge(part, patch);
            }
        }
    }
    let signed = format!("{}.{}", encoded(&header), encoded(&claims));
    let stray = forgery.is_some_and(|forgery| forgery.unpublished_key);
    let key = if stray { IdTokenSigner::Unpublished } else { key };
    let signature = state.keys.sign(key, signed.as_bytes())?;
    Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// A subject that differs from application to application.
fn pairwise(sign_in: &SimulatedSignIn) -> String {
    let subject = sign_in.subject;
    let name = format!("{}/{}/{}", subject.tenant, subject.client_id, subject.oid);
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, name.as_bytes()))
}
