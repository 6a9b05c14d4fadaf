//! Validation of an id_token: the only place that accepts one.
//!
//! OpenID Connect Core §3.1.3.7 and Microsoft's [claims validation](https://learn.microsoft.com/entra/identity-platform/claims-validation).
//! Every claim has a type, and every claim that decides is required: a claim of another type is an error and never counts as
//! absent (CVE-2026-25537). Claims are compared with what we stored, never with other claims of the token.

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

/// The maximal age of an id_token in seconds: the sign-in has just happened.
const MAX_AGE_SECONDS: i64 = 3_600;

/// More bytes than any id_token has.
const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// More bytes than any key id has.
const MAX_KID_BYTES: usize = 256;

/// The claims that a token must have.
#[derive(Debug, Clone)]
pub struct ExpectedClaims {
    /// The issuer of the customer's tenant, byte by byte.
    pub issuer: String,
    /// The customer's tenant.
    pub tenant: TenantId,
    /// The customer's app.
    pub client_id: ClientId,
    /// The nonce of this sign-in.
    pub nonce: String,
}

/// The verified account of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedIdentity {
    /// The account.
    pub account: Account,
    /// Whether the account's home is another tenant
    /// ([`idp`](https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference)).
    pub is_guest: bool,
}

/// A signing key of a tenant.
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

/// Why an id_token is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    /// Not three parts of base64url with a JSON header, or too long.
    #[error("it is not a signed JWT")]
    NotAJwt,
    /// Another algorithm than RS256.
    #[error("its algorithm is not RS256")]
    Algorithm,
    /// The header has a critical extension (RFC 7515 §4.1.11), or encrypts or compresses the content.
    #[error("its header has a critical extension")]
    Header,
    /// It names no key of the tenant.
    #[error("its key is not known")]
    UnknownKey,
    /// The signature does not match the key.
    #[error("its signature is wrong")]
    Signature,
    /// A claim is missing or has another type.
    #[error("a claim is missing or has another type")]
    Claims,
    /// `iss` is not the tenant's issuer.
    #[error("iss is another issuer")]
    Issuer,
    /// `aud` or `azp` is not only the app.
    #[error("aud is another app")]
    Audience,
    /// `tid` is another tenant.
    #[error("tid is another tenant")]
    Tenant,
    /// `nonce` is not the sign-in's.
    #[error("nonce is another")]
    Nonce,
    /// Expired, not valid yet, or too old (`exp`, `nbf`, `iat`).
    #[error("it is expired, not valid yet, or too old")]
    Time,
    /// `at_hash` does not match the access token.
    #[error("at_hash is another access token's")]
    AccessToken,
}

/// One audience, or a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Claims that decide are required. OpenID Connect does not require `nbf` and `ver`, which Entra sends: another provider may
/// omit them, but not send another value. `name` and `preferred_username` are for display. Decision 0006.
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

/// A claim that may be absent but not `null`.
fn present_if_given<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The id of the key in the token's header. It is only a name, to find one of the tenant's keys.
///
/// # Errors
/// [`IdTokenError`] if the header is not valid.
pub fn key_id(token: &RawIdToken) -> Result<String, IdTokenError> {
    let text = token.expose();
    if text.len() > MAX_TOKEN_BYTES || text.split('.').count() != 3 {
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
    if kid.is_empty() || kid.len() > MAX_KID_BYTES { Err(IdTokenError::UnknownKey) } else { Ok(kid.to_owned()) }
}

/// Validates a token.
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
    // Entra sends `idp` only for accounts whose home is another tenant.
    let is_guest = claims.idp.is_some_and(|idp| idp != expected.issuer);
    Ok(VerifiedIdentity { account, is_guest })
}

/// Checks the times here, because the library reads the system's clock.
fn validate_lifetime(iat: i64, nbf: Option<i64>, exp: i64, now: i64) -> Result<(), IdTokenError> {
    let is_expired = exp <= now.saturating_sub(CLOCK_SKEW_SECONDS);
    let is_early = iat.max(nbf.unwrap_or(iat)) > now.saturating_add(CLOCK_SKEW_SECONDS);
    let is_old = iat < now.saturating_sub(MAX_AGE_SECONDS);
    if is_expired || is_early || is_old || exp <= iat { Err(IdTokenError::Time) } else { Ok(()) }
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

/// The left half of the hash (OpenID Connect Core §3.1.3.6).
fn at_hash(access: &AccessToken) -> String {
    let hash = digest::digest(&digest::SHA256, access.expose().as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

#[cfg(test)]
mod tests;
