//! The keys that sign a tenant's tokens.
//!
//! Microsoft publishes no schedule for their change and advises to keep them for a day, to look at once when a token
//! names a key that is not known, and not more often than every five minutes
//! ([signing key rollover](https://learn.microsoft.com/entra/identity-platform/signing-key-rollover)).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::DecodingKey;
use tokio::sync::Mutex;
use url::Url;

use crate::clock::{Clock, SignedDuration, Timestamp};
use crate::ids::TenantId;
use crate::microsoft::http::line::Line;
use crate::microsoft::http::{self, HttpFault, Repeat};
use crate::microsoft::id_token::SigningKey;
use crate::microsoft::{Endpoints, wire};

const KEPT: SignedDuration = SignedDuration::from_hours(24);
const BETWEEN_LOOKS: SignedDuration = SignedDuration::from_mins(5);
const KEYS_TIME: Duration = Duration::from_secs(6);

/// More keys than any tenant has.
const MOST_KEYS: usize = 100;

/// More tenants than one process serves in a day; beyond it the oldest knowledge is dropped.
const MOST_TENANTS: usize = 1_000;

/// The keys of the tenants that this process has served.
#[derive(Clone, Debug)]
pub(super) struct SigningKeys {
    line: Line,
    endpoints: Endpoints,
    clock: Clock,
    tenants: Arc<Mutex<HashMap<TenantId, Entry>>>,
}

/// What is known of one tenant, and who may look.
type Entry = Arc<Mutex<Option<Known>>>;

/// Why there are no keys.
#[derive(Debug)]
pub(super) enum KeysFault {
    /// They could not be fetched.
    Http(HttpFault),
    /// What was fetched is something else.
    Protocol(&'static str),
}

impl From<HttpFault> for KeysFault {
    fn from(fault: HttpFault) -> Self {
        Self::Http(fault)
    }
}

#[derive(Debug)]
struct Known {
    read_at: Timestamp,
    keys: Vec<SigningKey>,
}

impl SigningKeys {
    pub(super) fn new(line: Line, endpoints: Endpoints, clock: Clock) -> Self {
        Self { line, endpoints, clock, tenants: Arc::default() }
    }

    /// The key that a token of the tenant names. Requests for the same tenant wait for one another, so that a burst
    /// of sign-ins asks Microsoft once.
    pub(super) async fn find(&self, tenant: TenantId, kid: &str) -> Result<Option<SigningKey>, KeysFault> {
        let entry = {
            let mut tenants = self.tenants.lock().await;
            if tenants.len() >= MOST_TENANTS && !tenants.contains_key(&tenant) {
                tenants.clear();
            }
            tenants.entry(tenant).or_default().clone()
        };
        let mut known = entry.lock().await;
        let now = self.clock.now();
        if let Some(known) = known.as_ref() {
            let age = known.read_at.duration_until(now);
            let key = known.keys.iter().find(|key| key.kid == kid);
            if age < KEPT && (key.is_some() || age < BETWEEN_LOOKS) {
                return Ok(key.cloned());
            }
        }
        let keys = self.load(tenant).await?;
        let key = keys.iter().find(|key| key.kid == kid).cloned();
        *known = Some(Known { read_at: now, keys });
        Ok(key)
    }

    /// Entra's own path first. A provider that keeps its keys elsewhere says where in its discovery document; only an
    /// address at the same origin is believed.
    async fn load(&self, tenant: TenantId) -> Result<Vec<SigningKey>, KeysFault> {
        let base = self.endpoints.login.as_str();
        let first = self.fetch(&format!("{base}/{tenant}/discovery/v2.0/keys")).await?;
        if let Some(keys) = first {
            return self.read(tenant, &keys);
        }
        let document = self.fetch(&format!("{base}/{tenant}/v2.0/.well-known/openid-configuration")).await?;
        let document = document.ok_or(KeysFault::Protocol("no signing keys"))?;
        let document: wire::Discovery =
            serde_json::from_slice(&document).map_err(|_| KeysFault::Protocol("no discovery document"))?;
        let address = document.jwks_uri.and_then(|uri| Url::parse(&uri).ok());
        let address = address.filter(|uri| Url::parse(base).is_ok_and(|base| base.origin() == uri.origin()));
        let address = address.ok_or(KeysFault::Protocol("signing keys at another origin"))?;
        let keys = self.fetch(address.as_str()).await?.ok_or(KeysFault::Protocol("no signing keys"))?;
        self.read(tenant, &keys)
    }

    async fn fetch(&self, url: &str) -> Result<Option<Vec<u8>>, KeysFault> {
        let answer = http::call(&self.line, KEYS_TIME, Repeat::Freely, &self.clock, |http| http.get(url)).await?;
        Ok(answer.status.is_success().then_some(answer.body))
    }

    fn read(&self, tenant: TenantId, body: &[u8]) -> Result<Vec<SigningKey>, KeysFault> {
        let set: wire::Jwks = serde_json::from_slice(body).map_err(|_| KeysFault::Protocol("no key set"))?;
        if set.keys.len() > MOST_KEYS {
            return Err(KeysFault::Protocol("too many signing keys"));
        }
        let issuer = self.endpoints.issuer(tenant);
        Ok(set.keys.into_iter().filter_map(|key| usable(key, tenant, &issuer)).collect())
    }
}

/// An RSA key for signatures, and one that may sign for this tenant: Entra tells it for each key, and a key of another
/// issuer must not pass for one of this.
fn usable(key: wire::Jwk, tenant: TenantId, issuer: &str) -> Option<SigningKey> {
    let signs = key.kty == "RSA" && key.usage.as_deref().is_none_or(|usage| usage == "sig");
    let ours =
        key.issuer.as_deref().is_none_or(|template| template.replace("{tenantid}", &tenant.to_string()) == issuer);
    if !signs || !ours {
        return None;
    }
    let key_of_it = DecodingKey::from_rsa_components(key.n.as_deref()?, key.e.as_deref()?).ok()?;
    Some(SigningKey { kid: key.kid?, key: key_of_it })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://login.example/6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60/v2.0";

    fn is_usable(json: &str) -> bool {
        let tenant = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap();
        usable(serde_json::from_str(json).unwrap(), tenant, ISSUER).is_some()
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
