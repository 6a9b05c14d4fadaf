//! The signed JWT with which an application authenticates (RFC 7523 §2.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::Value;

use crate::entra::error::EntraErrorBody;

/// How far a clock may be behind, in seconds.
const CLOCK_SKEW_SECONDS: i64 = 300;

/// A client assertion, not verified.
pub(crate) struct ClientAssertion<'a> {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    /// What the signature is over.
    pub(crate) signed: &'a str,
    pub(crate) signature: Vec<u8>,
}

impl<'a> ClientAssertion<'a> {
    pub(crate) fn parse(jwt: &'a str) -> Result<Self, EntraErrorBody> {
        Self::split(jwt).ok_or_else(EntraErrorBody::malformed_assertion)
    }

    fn split(jwt: &'a str) -> Option<Self> {
        let mut parts = jwt.split('.');
        let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let signed = &jwt[..header.len() + 1 + claims.len()];
        let signature = URL_SAFE_NO_PAD.decode(signature).ok().filter(|_| parts.next().is_none())?;
        Some(Self { header: object(header)?, claims: object(claims)?, signed, signature })
    }

    /// Whether it was signed with the key of a certificate. All others are those of a foreign issuer.
    pub(crate) fn names_certificate(&self) -> bool {
        ["x5t", "x5t#S256"].iter().any(|name| self.header.get(name).is_some())
    }

    /// AADSTS700024 unless it is valid now.
    pub(crate) fn check_time(&self, now: Timestamp) -> Result<(), EntraErrorBody> {
        let now = now.as_second();
        let ends = self.claims["exp"].as_i64().is_some_and(|exp| exp > now);
        let begins = self.claims["nbf"].as_i64().is_none_or(|nbf| nbf <= now + CLOCK_SKEW_SECONDS);
        if ends && begins {
            Ok(())
        } else {
            Err(EntraErrorBody::client(700_024, "Client assertion is not within its valid time range."))
        }
    }
}

fn object(part: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice::<Value>(&bytes).ok().filter(Value::is_object)
}
