//! Our own OpenID issuer. A customer's app may trust it in place of a secret: then a key of ours signs for the app, and
//! nothing of the customer's expires
//! ([workload identity federation](https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust)).
//!
//! One key signs, and the next one is published before it does, so that a rotation finds every copy of the published keys
//! up to date.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures_util::future::BoxFuture;
use ring::digest;
use serde::{Deserialize, Serialize};

use crate::types::base_url::BaseUrl;
use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::randomness::Randomness;
use crate::types::rsa_key::{RsaKeyError, generate_rsa_key, public_parts};
use crate::types::secret::PrivateKey;

/// The path of the discovery document, after the issuer (OpenID Connect Discovery 1.0 §4).
pub const DISCOVERY_PATH: &str = "/.well-known/openid-configuration";

/// The path of the published keys, after the issuer.
pub const JWKS_PATH: &str = "/.well-known/jwks.json";

/// How long a key is published before it signs: Microsoft keeps its copy of the keys for up to a day.
pub const PUBLISHED_BEFORE: SignedDuration = SignedDuration::from_hours(24);

/// How long a key stays published after it was replaced: a day, and an hour for processes and clocks that are late.
pub const PUBLISHED_AFTER: SignedDuration = SignedDuration::from_hours(25);

/// The public part of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicIssuerKey {
    /// Names the key: its thumbprint (RFC 7638), so no two keys have the same.
    pub kid: String,
    /// The modulus, in base64url.
    pub n: String,
    /// The exponent, in base64url.
    pub e: String,
}

/// A key of the issuer.
#[derive(Debug)]
pub struct IssuerKey {
    pub private_key: PrivateKey,
    pub public: PublicIssuerKey,
}

/// A key that is published, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedKey {
    #[serde(flatten)]
    pub key: PublicIssuerKey,
    pub published_at: Timestamp,
    /// When it ceases to be published; `None` for a key that signs or will sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// The discovery document (OpenID Connect Discovery 1.0 §3): what Microsoft reads of it, and nothing that could be used to
/// sign somebody in.
#[derive(Debug, Serialize)]
pub struct DiscoveryDocument<'a> {
    issuer: &'a str,
    jwks_uri: String,
    response_types_supported: [&'static str; 1],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
}

/// The published keys (RFC 7517 §5).
#[derive(Debug, Serialize)]
pub struct JwksDocument<'a> {
    keys: Vec<JwkDocument<'a>>,
}

#[derive(Debug, Serialize)]
struct JwkDocument<'a> {
    kty: &'static str,
    #[serde(rename = "use")]
    key_use: &'static str,
    alg: &'static str,
    #[serde(flatten)]
    key: &'a PublicIssuerKey,
}

impl PublicIssuerKey {
    fn new(modulus: &[u8], exponent: &[u8]) -> Self {
        let (n, e) = (URL_SAFE_NO_PAD.encode(modulus), URL_SAFE_NO_PAD.encode(exponent));
        let members = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
        let kid = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, members.as_bytes()));
        Self { kid, n, e }
    }
}

impl IssuerKey {
    /// Makes a key. Takes 0.1 s of a whole processor, so call it on a thread that may block.
    ///
    /// # Errors
    /// [`RsaKeyError`].
    pub fn generate(randomness: &Randomness) -> Result<Self, RsaKeyError> {
        let key = generate_rsa_key(randomness)?;
        let parts = public_parts(&key)?;
        let public = PublicIssuerKey::new(&parts.n, &parts.e);
        Ok(Self { private_key: PrivateKey::from(STANDARD.encode(key.as_bytes())), public })
    }
}

impl PublishedKey {
    /// A key that is published from now on.
    #[must_use]
    pub fn new(key: PublicIssuerKey, now: Timestamp) -> Self {
        Self { key, published_at: now, until: None }
    }

    /// Whether it is published now.
    #[must_use]
    pub fn is_published(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// From when on every copy of the published keys has it.
    #[must_use]
    pub fn may_sign_from(&self) -> Timestamp {
        add_saturating(self.published_at, PUBLISHED_BEFORE)
    }
}

/// What is published while `signing` signs and `next` waits: these two, and whatever signed until lately. Applied again,
/// it changes nothing.
#[must_use]
pub fn publish(
    published: &[PublishedKey],
    [signing, next]: [&PublicIssuerKey; 2],
    now: Timestamp,
) -> Vec<PublishedKey> {
    let is_in_use = |kid: &str| kid == signing.kid || kid == next.kid;
    let mut keys: Vec<_> = published.iter().filter(|key| key.is_published(now)).cloned().collect();
    for key in &mut keys {
        key.until = if is_in_use(&key.key.kid) {
            None
        } else {
            key.until.or_else(|| Some(add_saturating(now, PUBLISHED_AFTER)))
        };
    }
    for key in [signing, next] {
        if keys.iter().all(|known| known.key.kid != key.kid) {
            keys.push(PublishedKey::new(key.clone(), now));
        }
    }
    keys
}

/// Renders the discovery document of an issuer.
#[must_use]
pub fn discovery(issuer: &BaseUrl) -> DiscoveryDocument<'_> {
    DiscoveryDocument {
        issuer: issuer.as_str(),
        jwks_uri: format!("{}{JWKS_PATH}", issuer.as_str()),
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
    }
}

/// Renders the keys that are published now.
#[must_use]
pub fn jwks(published: &[PublishedKey], now: Timestamp) -> JwksDocument<'_> {
    let keys = published.iter().filter(|key| key.is_published(now));
    JwksDocument {
        keys: keys.map(|key| JwkDocument { kty: "RSA", key_use: "sig", alg: "RS256", key: &key.key }).collect(),
    }
}

/// The key that signs cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("the issuer's key cannot be read")]
pub struct IssuerKeyError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Reads the key that signs. The vault does.
pub trait ReadIssuerKey: fmt::Debug + Send + Sync {
    /// The key that signs now; `None` where no key was made yet.
    fn read(&self) -> BoxFuture<'_, Result<Option<Arc<IssuerKey>>, IssuerKeyError>>;
}

/// An issuer that can sign. Only a function that redeems or refreshes tokens holds one.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// Its address, which is the `iss` of what it signs.
    pub url: BaseUrl,
    pub keys: Arc<dyn ReadIssuerKey>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> PublicIssuerKey {
        PublicIssuerKey::new(name.as_bytes(), &[1, 0, 1])
    }

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
    }

    fn kids(published: &[PublishedKey], now: Timestamp) -> Vec<String> {
        let document = serde_json::to_value(jwks(published, now)).unwrap();
        document["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }

    /// RFC 7638 §3.1.
    #[test]
    fn a_key_is_named_by_its_thumbprint() {
        let modulus = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi\
            FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9\
            c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1j\
            F44-csFCur-kEgU8awapJzKnqDKgw";
        let modulus = URL_SAFE_NO_PAD.decode(modulus).unwrap();
        let key = PublicIssuerKey::new(&modulus, &[1, 0, 1]);
        assert_eq!((key.kid.as_str(), key.e.as_str()), ("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "AQAB"));
    }

    #[test]
    fn two_keys_are_published_at_any_time_and_for_a_day_the_last_one_too() {
        let [a, b, c] = ["a", "b", "c"].map(key);
        let first = publish(&[], [&a, &b], at(0));
        assert_eq!(kids(&first, at(0)), [a.kid.clone(), b.kid.clone()]);
        assert_eq!(first[1].may_sign_from(), at(24));
        let second = publish(&first, [&b, &c], at(30));
        assert_eq!(kids(&second, at(54)), [a.kid.clone(), b.kid.clone(), c.kid.clone()]);
        assert_eq!(kids(&second, at(55)), [b.kid.clone(), c.kid.clone()]);
        assert_eq!(publish(&second, [&b, &c], at(30)), second, "again, it is the same");
        assert_eq!(publish(&second, [&b, &c], at(55)).len(), 2, "what is not published any more is forgotten");
    }

    #[test]
    fn discovery_says_no_more_than_what_it_takes() {
        let issuer = "https://teams.ats.example/".parse().unwrap();
        let expected = serde_json::json!({
            "issuer": "https://teams.ats.example",
            "jwks_uri": "https://teams.ats.example/.well-known/jwks.json",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        assert_eq!(serde_json::to_value(discovery(&issuer)).unwrap(), expected);
    }
}
