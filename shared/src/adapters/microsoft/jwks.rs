//! The signing keys of tenants, cached.
//!
//! Microsoft publishes no schedule for key changes. It advises to keep keys for a day, to fetch them when a token names an
//! unknown key, and at most every five minutes
//! ([signing key rollover](https://learn.microsoft.com/entra/identity-platform/signing-key-rollover)). Decision 0008.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::DecodingKey;
use tokio::sync::Mutex;
use url::Url;

use crate::adapters::http_client;
use crate::adapters::http_client::transport::HttpTransport;
use crate::adapters::http_client::{HttpError, RetryPolicy};
use crate::adapters::microsoft::endpoints::Endpoints;
use crate::adapters::microsoft::id_token::SigningKey;
use crate::adapters::microsoft::wire;
use crate::types::clock::{Clock, SignedDuration, Timestamp};
use crate::types::ids::TenantId;

const JWKS_TTL: SignedDuration = SignedDuration::from_hours(24);
const JWKS_MIN_REFRESH_INTERVAL: SignedDuration = SignedDuration::from_mins(5);
const JWKS_TIMEOUT: Duration = Duration::from_secs(6);

/// More keys than any tenant has.
const MAX_KEYS: usize = 100;

/// More tenants than one process serves in a day. Beyond it, the cache is cleared.
const MAX_TENANTS: usize = 1_000;

/// The signing keys of the tenants that this process has served.
#[derive(Clone, Debug)]
pub(super) struct JwksCache {
    http: HttpTransport,
    endpoints: Endpoints,
    clock: Clock,
    tenants: Arc<Mutex<HashMap<TenantId, TenantSlot>>>,
}

/// The cached keys of a tenant, and the lock for fetching them.
type TenantSlot = Arc<Mutex<Option<CachedJwks>>>;

/// Why the keys could not be fetched.
#[derive(Debug)]
pub(super) enum JwksError {
    /// The HTTP call failed.
    Http(HttpError),
    /// The response is not a key set.
    Protocol(&'static str),
}

impl From<HttpError> for JwksError {
    fn from(error: HttpError) -> Self {
        Self::Http(error)
    }
}

#[derive(Debug)]
struct CachedJwks {
    fetched_at: Timestamp,
    keys: Vec<SigningKey>,
}

impl JwksCache {
    pub(super) fn new(http: HttpTransport, endpoints: Endpoints, clock: Clock) -> Self {
        Self { http, endpoints, clock, tenants: Arc::default() }
    }

    /// The key that a token of the tenant names. Requests for the same tenant wait for each other, so many sign-ins at once
    /// make one call to Microsoft.
    pub(super) async fn get(&self, tenant: TenantId, kid: &str) -> Result<Option<SigningKey>, JwksError> {
        let slot = {
            let mut tenants = self.tenants.lock().await;
            if tenants.len() >= MAX_TENANTS && !tenants.contains_key(&tenant) {
                tenants.clear();
            }
            tenants.entry(tenant).or_default().clone()
        };
        let mut slot = slot.lock().await;
        let now = self.clock.now();
        if let Some(cached) = slot.as_ref() {
            let age = cached.fetched_at.duration_until(now);
            let key = cached.keys.iter().find(|key| key.kid == kid);
            if age < JWKS_TTL && (key.is_some() || age < JWKS_MIN_REFRESH_INTERVAL) {
                return Ok(key.cloned());
            }
        }
        let keys = self.fetch_jwks(tenant).await?;
        let key = keys.iter().find(|key| key.kid == kid).cloned();
        *slot = Some(CachedJwks { fetched_at: now, keys });
        Ok(key)
    }

    /// Tries Entra's path first. A provider with another path names it in its discovery document. Only an address of the same
    /// origin is accepted.
    async fn fetch_jwks(&self, tenant: TenantId) -> Result<Vec<SigningKey>, JwksError> {
        let base = self.endpoints.login.as_str();
        let first = self.get_url(&format!("{base}/{tenant}/discovery/v2.0/keys")).await?;
        if let Some(keys) = first {
            return self.parse_jwks(tenant, &keys);
        }
        let document = self.get_url(&format!("{base}/{tenant}/v2.0/.well-known/openid-configuration")).await?;
        let document = document.ok_or(JwksError::Protocol("no signing keys"))?;
        let document: wire::OpenIdConfiguration =
            serde_json::from_slice(&document).map_err(|_| JwksError::Protocol("no discovery document"))?;
        let address = document.jwks_uri.and_then(|uri| Url::parse(&uri).ok());
        let address = address.filter(|uri| Url::parse(base).is_ok_and(|base| base.origin() == uri.origin()));
        let address = address.ok_or(JwksError::Protocol("signing keys at another origin"))?;
        let keys = self.get_url(address.as_str()).await?.ok_or(JwksError::Protocol("no signing keys"))?;
        self.parse_jwks(tenant, &keys)
    }

    async fn get_url(&self, url: &str) -> Result<Option<Vec<u8>>, JwksError> {
        let answer =
            http_client::send_with_retry(&self.http, JWKS_TIMEOUT, RetryPolicy::Idempotent, &self.clock, |http| {
                http.get(url)
            })
            .await?;
        Ok(answer.status.is_success().then_some(answer.body))
    }

    fn parse_jwks(&self, tenant: TenantId, body: &[u8]) -> Result<Vec<SigningKey>, JwksError> {
        let set: wire::Jwks = serde_json::from_slice(body).map_err(|_| JwksError::Protocol("no key set"))?;
        if set.keys.len() > MAX_KEYS {
            return Err(JwksError::Protocol("too many signing keys"));
        }
        let issuer = self.endpoints.issuer(tenant);
        Ok(set.keys.into_iter().filter_map(|key| to_signing_key(key, tenant, &issuer)).collect())
    }
}

/// Converts an RSA signing key of this tenant. Entra names the issuer of each key; keys of another issuer are left out.
fn to_signing_key(key: wire::Jwk, tenant: TenantId, issuer: &str) -> Option<SigningKey> {
    let is_signing_key = key.kty == "RSA" && key.usage.as_deref().is_none_or(|usage| usage == "sig");
    let is_of_tenant =
        key.issuer.as_deref().is_none_or(|template| template.replace("{tenantid}", &tenant.to_string()) == issuer);
    if !is_signing_key || !is_of_tenant {
        return None;
    }
    let decoding_key = DecodingKey::from_rsa_components(key.n.as_deref()?, key.e.as_deref()?).ok()?;
    Some(SigningKey { kid: key.kid?, key: decoding_key })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://login.example/6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60/v2.0";

    fn is_usable(json: &str) -> bool {
        let tenant = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap();
        to_signing_key(serde_json::from_str(json).unwrap(), tenant, ISSUER).is_some()
    }

    #[test]
    fn only_an_rsa_signing_key_of_the_tenants_issuer_is_used() {
        assert!(is_usable(r#"{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}"#));
        assert!(is_usable(
            r#"{"kty":"RSA","use":"sig","kid":"a","n":"AQAB","e":"AQAB","issuer":"https://login.example/{tenantid}/v2.0"}"#
        ));
        for json in [
            r#"{"kty":"EC","kid":"a"}"#,
            r#"{"kty":"oct","kid":"a","k":"AQAB"}"#,
            r#"{"kty":"RSA","use":"enc","kid":"a","n":"AQAB","e":"AQAB"}"#,
            r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#,
            r#"{"kty":"RSA","kid":"a","n":"","e":"!"}"#,
            r#"{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB","issuer":"https://login.example/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"}"#,
        ] {
            assert!(!is_usable(json), "{json}");
        }
    }
}
