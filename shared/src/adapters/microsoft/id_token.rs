//! Who signed in: the one place where an id_token is believed.
//!
//! OpenID Connect Core §3.1.3.7 and Microsoft's [claims validation](https://learn.microsoft.com/entra/identity-platform/claims-validation).
//! Every claim is typed, and what decides is required: a claim of the wrong type is a refusal, never an absence
//! (CVE-2026-25537). Compared is always with what we stored, never with what the token says of itself.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use ring::digest;
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::adapters::microsoft::jwt_crypto::install_ring_provider;
use crate::domain::connection::Account;
use crate::types::clock::Timestamp;
use crate::types::ids::{ClientId, ObjectId, TenantId};
use crate::types::secret::{AccessToken, RawIdToken, Secret};

/// How far Microsoft's clock and ours may differ, in seconds: five minutes, as Microsoft's own libraries allow
/// (`TokenValidationParameters.DefaultClockSkew`).
const CLOCK_SKEW_SECONDS: i64 = 300;

/// An id_token of a sign-in that just happened was issued no longer ago than this, in seconds.
const MAX_AGE_SECONDS: i64 = 3_600;

/// Longer than any id_token, and than any key's name.
const MAX_TOKEN: usize = 64 * 1024;
const MAX_KID: usize = 256;

/// What the token must say.
#[derive(Debug, Clone)]
pub struct ExpectedClaims {
    /// The issuer of the customer's tenant, to the byte.
    pub issuer: String,
    /// The customer's tenant.
    pub tenant: TenantId,
    /// The customer's app.
    pub client_id: ClientId,
    /// The nonce of this sign-in.
    pub nonce: String,
}

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedIdentity {
    /// The account.
    pub account: Account,
    /// Whether its home is another tenant
    /// ([`idp`](https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference)).
    pub is_guest: bool,
}

/// A key that may sign for a tenant.
#[derive(Clone)]
pub struct SigningKey {
    pub(super) kid: String,
    pub(super) key: DecodingKey,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.kid)
    }
}

/// Why a token proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    /// Not three parts of base64url with a JSON header, or larger than any id_token.
    #[error("it is not a signed JWT")]
    NotAJwt,
    /// Another algorithm than RS256.
    #[error("its algorithm is not RS256")]
    Algorithm,
    /// A header that demands something (RFC 7515 §4.1.11) or hides the content.
    #[error("its header demands what is not offered")]
    Header,
    /// It names no key, or one that is not the tenant's.
    #[error("its key is not known")]
    UnknownKey,
    /// The signature is not that of the key.
    #[error("its signature is wrong")]
    Signature,
    /// A claim is missing or has another type.
    #[error("a claim is missing or has another type")]
    Claims,
    /// `iss` is not the tenant's.
    #[error("iss is another issuer")]
    Issuer,
    /// `aud` or `azp` is not the app, or not the app alone.
    #[error("aud is another app")]
    Audience,
    /// `tid` is another tenant.
    #[error("tid is another tenant")]
    Tenant,
    /// `nonce` is that of another sign-in.
    #[error("nonce is another")]
    Nonce,
    /// `exp`, `nbf` or `iat` is not now.
    #[error("it does not count now")]
    Time,
    /// `at_hash` is that of another access token.
    #[error("at_hash is another access token's")]
    AccessToken,
}

/// One audience, or a list, which must not have more than ours.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// What decides is required. `nbf` and `ver` are Entra's; OpenID Connect does not ask for them, so a provider may leave
/// them out, but not write something else. `name` and `preferred_username` are for display.
#[derive(Deserialize)]
struct IdTokenClaims {
    iss: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    sub: String,
    nonce: String,
    tid: TenantId,
    oid: ObjectId,
    #[serde(default, deserialize_with = "present_if_given")]
    nbf: Option<i64>,
    #[serde(default, deserialize_with = "present_if_given")]
    ver: Option<String>,
    #[serde(default, deserialize_with = "present_if_given")]
    azp: Option<String>,
    #[serde(default, deserialize_with = "present_if_given")]
    at_hash: Option<String>,
    #[serde(default, deserialize_with = "present_if_given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "present_if_given")]
    preferred_username: Option<String>,
    #[serde(default, deserialize_with = "present_if_given")]
    idp: Option<String>,
}

/// A claim that may be left out but not be `null`.
fn present_if_given<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The key that the token says it was signed with. Only a name: it is looked up among the tenant's own.
///
/// # Errors
/// [`IdTokenError`] when the header alone is reason to refuse.
pub fn key_id(token: &RawIdToken) -> Result<String, IdTokenError> {
    let text = token.expose();
    if text.len() > MAX_TOKEN || text.split('.').count() != 3 {
        return Err(IdTokenError::NotAJwt);
    }
    let header =
        text.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok()).ok_or(IdTokenError::NotAJwt)?;
    let header: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&header).map_err(|_| IdTokenError::NotAJwt)?;
    if header.get("alg").and_then(serde_json::Value::as_str) != Some("RS256") {
        return Err(IdTokenError::Algorithm);
    }
    if ["crit", "zip", "enc", "b64"].iter().any(|name| header.contains_key(*name)) {
        return Err(IdTokenError::Header);
    }
    let kid = header.get("kid").and_then(serde_json::Value::as_str).unwrap_or_default();
    if kid.is_empty() || kid.len() > MAX_KID { Err(IdTokenError::UnknownKey) } else { Ok(kid.to_owned()) }
}

/// Believes the token, or says why not.
///
/// # Errors
/// [`IdTokenError`].
pub fn verify(
    token: &RawIdToken,
    key: &SigningKey,
    expected: &ExpectedClaims,
    access: &AccessToken,
    now: Timestamp,
) -> Result<VerifiedIdentity, IdTokenError> {
    if key_id(token)? != key.kid {
        return Err(IdTokenError::UnknownKey);
    }
    let claims = verify_signature(token, key)?;
    let audience = match &claims.aud {
        Audience::One(audience) => std::slice::from_ref(audience),
        Audience::Several(audiences) => audiences,
    };
    let app = expected.client_id.to_string();
    if claims.iss != expected.issuer {
        return Err(IdTokenError::Issuer);
    }
    if *audience != [app.as_str()] || claims.azp.is_some_and(|azp| azp != app) {
        return Err(IdTokenError::Audience);
    }
    if claims.tid != expected.tenant {
        return Err(IdTokenError::Tenant);
    }
    if !bool::from(claims.nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
        return Err(IdTokenError::Nonce);
    }
    if claims.sub.is_empty() || claims.ver.is_some_and(|version| version != "2.0") {
        return Err(IdTokenError::Claims);
    }
    validate_lifetime(claims.iat, claims.nbf, claims.exp, now.as_second())?;
    if claims.at_hash.is_some_and(|hash| hash != at_hash(access)) {
        return Err(IdTokenError::AccessToken);
    }
    let upn = claims.preferred_username.unwrap_or_default();
    let account = Account { oid: claims.oid, name: claims.name.unwrap_or_else(|| upn.clone()), upn };
    // "If the issuer … doesn't match": the claim is there for accounts whose home is another tenant.
    let is_guest = claims.idp.is_some_and(|idp| idp != expected.issuer);
    Ok(VerifiedIdentity { account, is_guest })
}

/// The times are compared here and not by the library, which looks at the wall clock.
fn validate_lifetime(iat: i64, nbf: Option<i64>, exp: i64, now: i64) -> Result<(), IdTokenError> {
    let over = exp <= now.saturating_sub(CLOCK_SKEW_SECONDS);
    let ahead = iat.max(nbf.unwrap_or(iat)) > now.saturating_add(CLOCK_SKEW_SECONDS);
    let stale = iat < now.saturating_sub(MAX_AGE_SECONDS);
    if over || ahead || stale || exp <= iat { Err(IdTokenError::Time) } else { Ok(()) }
}

fn verify_signature(token: &RawIdToken, key: &SigningKey) -> Result<IdTokenClaims, IdTokenError> {
    install_ring_provider();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let decoded = decode::<IdTokenClaims>(token.expose(), &key.key, &validation);
    decoded.map(|data| data.claims).map_err(|error| match error.kind() {
        ErrorKind::InvalidSignature => IdTokenError::Signature,
        ErrorKind::InvalidToken | ErrorKind::Base64(_) => IdTokenError::NotAJwt,
        _ => IdTokenError::Claims,
    })
}

/// OpenID Connect Core §3.1.3.6: the left half of the hash.
fn at_hash(access: &AccessToken) -> String {
    let hash = digest::digest(&digest::SHA256, access.expose().as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

#[cfg(test)]
mod tests;
