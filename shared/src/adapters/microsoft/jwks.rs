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
use crate::types::ids::{ClientId, TenantId};

const JWKS_TTL: SignedDuration = SignedDuration::from_hours(24);
const JWKS_MIN_REFRESH_INTERVAL: SignedDuration = SignedDuration::from_mins(5);
const JWKS_TIMEOUT: Duration = Duration::from_secs(6);

/// More keys than any tenant has.
const MAX_KEYS: usize = 100;

/// More tenants and apps than one process serves in a day; beyond it the cache is emptied.
const MAX_SOURCES: usize = 1_000;

/// The signing keys of the tenants and apps that this process has served.
#[derive(Clone, Debug)]
pub(super) struct JwksCache {
    http: HttpTransport,
    endpoints: Endpoints,
    clock: Clock,
    sources: Arc<Mutex<HashMap<JwksSource, JwksSlot>>>,
}

/// Whose keys: a tenant's, or those of one app. An app with claims mapping signs with a key of its own, which is published
/// for that app only ([claims validation](https://learn.microsoft.com/entra/identity-platform/claims-validation)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct JwksSource {
    tenant: TenantId,
    app: Option<ClientId>,
}

/// The cached keys of one source. Whoever holds the lock may fetch them.
type JwksSlot = Arc<Mutex<Option<CachedJwks>>>;

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
        Self { http, endpoints, clock, sources: Arc::default() }
    }

    /// Fetches a tenant's keys unless they are cached. Called before a code is redeemed, so that an outage of the keys does
    /// not use the code up.
    pub(super) async fn prefetch(&self, tenant: TenantId) -> Result<(), JwksError> {
        let source = JwksSource { tenant, app: None };
        let slot = self.slot(source).await;
        let mut cached = slot.lock().await;
        let now = self.clock.now();
        if cached.as_ref().is_none_or(|cached| cached.fetched_at.duration_until(now) >= JWKS_TTL) {
            *cached = Some(CachedJwks { fetched_at: now, keys: self.fetch_jwks(source).await? });
        }
        Ok(())
    }

    /// The key that a token of this app names: one of the tenant's, or else one of the app's own.
    pub(super) async fn get(
        &self,
        tenant: TenantId,
        client_id: ClientId,
        kid: &str,
    ) -> Result<Option<SigningKey>, JwksError> {
        match self.find(JwksSource { tenant, app: None }, kid).await? {
            Some(key) => Ok(Some(key)),
            None => self.find(JwksSource { tenant, app: Some(client_id) }, kid).await,
        }
    }

    /// Requests for the same source wait for one another, so that a burst of sign-ins asks Microsoft once.
    async fn find(&self, source: JwksSource, kid: &str) -> Result<Option<SigningKey>, JwksError> {
        let slot = self.slot(source).await;
        let mut cached = slot.lock().await;
        let now = self.clock.now();
        if let Some(cached) = cached.as_ref() {
            let age = cached.fetched_at.duration_until(now);
            let key = cached.keys.iter().find(|key| key.kid == kid);
            if age < JWKS_TTL && (key.is_some() || age < JWKS_MIN_REFRESH_INTERVAL) {
                return Ok(key.cloned());
            }
        }
        let keys = self.fetch_jwks(source).await?;
        let key = keys.iter().find(|key| key.kid == kid).cloned();
        *cached = Some(CachedJwks { fetched_at: now, keys });
        Ok(key)
    }

    async fn slot(&self, source: JwksSource) -> JwksSlot {
        let mut sources = self.sources.lock().await;
        if sources.len() >= MAX_SOURCES && !sources.contains_key(&source) {
            sources.clear();
        }
        sources.entry(source).or_default().clone()
    }

    /// Tries Entra's path first. A provider with another path names it in its discovery document. Only an address of the same
    /// origin is accepted.
    async fn fetch_jwks(&self, source: JwksSource) -> Result<Vec<SigningKey>, JwksError> {
        let JwksSource { tenant, app } = source;
        let base = self.endpoints.login.as_str();
        let query = app.map(|app| format!("?appid={app}")).unwrap_or_default();
        let first = self.get_url(&format!("{base}/{tenant}/discovery/v2.0/keys{query}")).await?;
        if let Some(keys) = first {
            return self.parse_jwks(tenant, &keys);
        }
        let document = self.get_url(&format!("{base}/{tenant}/v2.0/.well-known/openid-configuration{query}")).await?;
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

/// Converts an RSA key of this tenant that may verify RS256 signatures, as its `use`, `alg` and `key_ops` say
/// (RFC 7517, section 4). Entra names the issuer of each key; keys of another issuer are left out.
fn to_signing_key(key: wire::Jwk, tenant: TenantId, issuer: &str) -> Option<SigningKey> {
    let is_signing_key = key.kty == "RSA"
        && key.usage.as_deref().is_none_or(|usage| usage == "sig")
        && key.alg.as_deref().is_none_or(|algorithm| algorithm == "RS256")
        && key.key_ops.as_ref().is_none_or(|operations| operations.iter().any(|operation| operation == "verify"));
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
        assert!(is_usable(r#"{"kty":"RSA","alg":"RS256","key_ops":["verify"],"kid":"a","n":"AQAB","e":"AQAB"}"#));
        for json in [
            r#"{"kty":"EC","kid":"a"}"#,
            r#"{"kty":"oct","kid":"a","k":"AQAB"}"#,
            r#"{"kty":"RSA","use":"enc","kid":"a","n":"AQAB","e":"AQAB"}"#,
            r#"{"kty":"RSA","alg":"RSA-OAEP","kid":"a","n":"AQAB","e":"AQAB"}"#,
            r#"{"kty":"RSA","alg":"PS256","use":"sig","kid":"a","n":"AQAB","e":"AQAB"}"#,
            r#"{"kty":"RSA","key_ops":["encrypt"],"kid":"a","n":"AQAB","e":"AQAB"}"#,
            r#"{"kty":"RSA","key_ops":[],"kid":"a","n":"AQAB","e":"AQAB"}"#,
            r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#,
            r#"{"kty":"RSA","kid":"a","n":"","e":"!"}"#,
            r#"{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB","issuer":"https://login.example/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"}"#,
        ] {
            assert!(!is_usable(json), "{json}");
        }
    }
}
