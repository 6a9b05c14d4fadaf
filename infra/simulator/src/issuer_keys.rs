//! The signing keys of foreign issuers: fetched over HTTP, and kept for a while.
//!
//! Microsoft does not publish how long Entra keeps them. This follows its advice to others: fetch again every hour and for an
//! unknown key, use what is there for 24 hours
//! ([signing key rollover](https://learn.microsoft.com/entra/identity-platform/signing-key-rollover)).

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Url};
use ring::rsa::PublicKeyComponents;
use serde_json::Value;

/// The timeout of one document.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// The age at which keys are fetched again.
const REFETCH_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// The age at which keys are no longer used, if the issuer does not answer.
const KEYS_TTL: SignedDuration = SignedDuration::from_hours(24);
/// The pause between two fetches for unknown keys.
const UNKNOWN_KEY_PAUSE: SignedDuration = SignedDuration::from_mins(5);
/// Entra reads no further keys of a set.
const MAX_KEYS: usize = 100;

/// A published RSA key.
#[derive(Clone, Debug)]
pub(crate) struct ForeignKey {
    pub(crate) id: String,
    pub(crate) components: PublicKeyComponents<Vec<u8>>,
}

/// What is known of one issuer.
struct CachedKeys {
    keys: Vec<ForeignKey>,
    fetched: Timestamp,
    tried: Timestamp,
}

/// The keys by the exact text of the issuer.
#[derive(Default)]
pub(crate) struct IssuerKeyCache(HashMap<String, CachedKeys>);

impl IssuerKeyCache {
    /// The keys that are in force now; `None` if the issuer could not be read.
    pub(crate) fn keys(&self, issuer: &str, now: Timestamp) -> Option<&[ForeignKey]> {
        let cached = self.0.get(issuer)?;
        (now.duration_since(cached.fetched) < KEYS_TTL).then_some(cached.keys.as_slice())
    }

    /// Whether the issuer is asked before a signature by this key is verified.
    pub(crate) fn must_fetch(&self, issuer: &str, key: &str, now: Timestamp) -> bool {
        let Some(cached) = self.0.get(issuer) else { return true };
        let known = cached.keys.iter().any(|own| own.id == key);
        now.duration_since(cached.fetched) >= REFETCH_AFTER
            || !known && now.duration_since(cached.tried) >= UNKNOWN_KEY_PAUSE
    }

    /// Records a fetch. After one that failed, what was known stays.
    pub(crate) fn record(&mut self, issuer: String, fetched: Option<Vec<ForeignKey>>, now: Timestamp) {
        match (fetched, self.0.get_mut(&issuer)) {
            (Some(keys), _) => {
                self.0.insert(issuer, CachedKeys { keys, fetched: now, tried: now });
            }
            (None, Some(cached)) => cached.tried = now,
            (None, None) => {}
        }
    }
}

/// Reads the documents of issuers. Like the simulator's own addresses, theirs must be on loopback.
#[derive(Clone)]
pub(crate) struct IssuerClient(Client);

impl IssuerClient {
    #[expect(clippy::disallowed_methods, reason = "the simulator imports nothing of ours: no redirects, one TLS stack")]
    pub(crate) fn build() -> io::Result<Self> {
        // Loopback needs no TLS, yet a client is not built without.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(FETCH_TIMEOUT)
            .build();
        client.map(Self).map_err(io::Error::other)
    }

    /// The published keys; `None` if a document cannot be had or does not fit.
    pub(crate) async fn keys(&self, issuer: &str) -> Option<Vec<ForeignKey>> {
        let base = issuer.strip_suffix('/').unwrap_or(issuer);
        let discovery = self.document(&format!("{base}/.well-known/openid-configuration")).await?;
        let lists = ["response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"];
        let complete = lists.iter().all(|name| discovery[name].as_array().is_some_and(|list| !list.is_empty()));
        let authorization = discovery.get("authorization_endpoint").is_none_or(is_url);
        if !complete || !authorization || discovery["issuer"] != issuer {
            return None;
        }
        let set = self.document(discovery["jwks_uri"].as_str()?).await?;
        Some(set["keys"].as_array()?.iter().take(MAX_KEYS).filter_map(issuer_key).collect())
    }

    async fn document(&self, url: &str) -> Option<Value> {
        let url = Url::parse(url).ok().filter(is_on_loopback)?;
        let response = self.0.get(url).send().await.ok().filter(|response| response.status() == 200)?;
        serde_json::from_slice(&response.bytes().await.ok()?).ok()
    }
}

fn is_url(value: &Value) -> bool {
    value.as_str().is_some_and(|text| Url::parse(text).is_ok())
}

fn is_on_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    url.scheme() == "http" && (host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback()))
}

/// An RSA key that may verify signatures (RFC 7517, RFC 7518 §6.3.1).
fn issuer_key(key: &Value) -> Option<ForeignKey> {
    let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str()?).ok();
    let serves = key["kty"] == "RSA" && key.get("use").is_none_or(|purpose| purpose == "sig");
    let id = key["kid"].as_str().filter(|_| serves)?.to_owned();
    Some(ForeignKey { id, components: PublicKeyComponents { n: number("n")?, e: number("e")? } })
}
