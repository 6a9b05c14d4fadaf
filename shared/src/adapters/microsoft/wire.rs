//! JSON as Entra spells it. Private to the Microsoft adapter.

use std::fmt;

use oauth2::basic::BasicTokenType;
use serde::{Deserialize, Deserializer, Serialize};

/// A success of the token endpoint (RFC 6749 §5.1 and Entra's additions).
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TokenResponse {
    pub(super) access_token: oauth2::AccessToken,
    /// `Bearer`, in upper or lower case (RFC 6749 §7.1).
    #[serde(deserialize_with = "oauth2::helpers::deserialize_untagged_enum_case_insensitive")]
    pub(super) token_type: BasicTokenType,
    /// A number; Entra's older endpoints write a string.
    #[serde(default, deserialize_with = "number_or_text")]
    pub(super) expires_in: Option<i64>,
    pub(super) refresh_token: Option<oauth2::RefreshToken>,
    pub(super) scope: Option<String>,
    pub(super) id_token: Option<IdTokenString>,
}

/// An id_token that cannot be printed.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct IdTokenString(pub(super) String);

impl fmt::Debug for IdTokenString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdTokenString([redacted])")
    }
}

impl oauth2::TokenResponse for TokenResponse {
    type TokenType = BasicTokenType;
    fn access_token(&self) -> &oauth2::AccessToken {
        &self.access_token
    }
    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }
    fn expires_in(&self) -> Option<std::time::Duration> {
        self.expires_in.and_then(|seconds| u64::try_from(seconds).ok()).map(std::time::Duration::from_secs)
    }
    fn refresh_token(&self) -> Option<&oauth2::RefreshToken> {
        self.refresh_token.as_ref()
    }
    fn scopes(&self) -> Option<&Vec<oauth2::Scope>> {
        None
    }
}

fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum NumberOrText {
        Number(i64),
        Text(String),
    }
    match Option::<NumberOrText>::deserialize(deserializer)? {
        None => Ok(None),
        Some(NumberOrText::Number(number)) => Ok(Some(number)),
        Some(NumberOrText::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

/// An error of the token endpoint (RFC 6749 §5.2 and Entra's additions). The description is not read: it may quote what was
/// sent, and nothing depends on it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct TokenErrorResponse {
    pub(super) error: String,
    #[serde(default)]
    pub(super) error_codes: Vec<u32>,
    pub(super) suberror: Option<String>,
    pub(super) correlation_id: Option<String>,
    pub(super) trace_id: Option<String>,
    pub(super) timestamp: Option<String>,
}

impl fmt::Display for TokenErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rejected")
    }
}

impl oauth2::ErrorResponse for TokenErrorResponse {}

/// The members of the discovery document that we use.
#[derive(Debug, Deserialize)]
pub(super) struct OpenIdConfiguration {
    pub(super) issuer: String,
    pub(super) jwks_uri: Option<String>,
}

/// A tenant's key set (RFC 7517 §5).
#[derive(Debug, Deserialize)]
pub(super) struct Jwks {
    pub(super) keys: Vec<Jwk>,
}

/// A key. Entra adds the issuer that it may sign for.
#[derive(Debug, Deserialize)]
pub(super) struct Jwk {
    pub(super) kty: String,
    #[serde(rename = "use")]
    pub(super) usage: Option<String>,
    pub(super) alg: Option<String>,
    pub(super) key_ops: Option<Vec<String>>,
    pub(super) kid: Option<String>,
    pub(super) n: Option<String>,
    pub(super) e: Option<String>,
    pub(super) issuer: Option<String>,
}
