//! What can be found out about a customer's app before anybody signs in to it.

use std::time::Duration;

use oauth2::{CsrfToken, PkceCodeChallenge, Scope};
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use url::Url;

use crate::adapters::http_client;
use crate::adapters::http_client::RetryPolicy;
use crate::adapters::microsoft::entra::client::{EntraClient, OAuthHttpAdapter, TOKEN_TIMEOUT, map_token_error};
use crate::adapters::microsoft::entra::error::EntraError;
use crate::adapters::microsoft::token_error::to_evidence;
use crate::adapters::microsoft::wire;
use crate::domain::entra_app::{EntraApp, TenantRef};
use crate::domain::finding::parse_aadsts;
use crate::domain::finding::{Evidence, Finding, FindingKind};
use crate::types::ids::{ClientId, TenantId};

/// For the look at the redirect URI, all attempts together: nobody waits long for advice.
const REDIRECT_CHECK_TIMEOUT: Duration = Duration::from_secs(4);

/// What the look at the redirect URI says in place of secrets: it begins no sign-in, so there is nothing to protect.
const NOTHING_TO_PROTECT: &str = "nothing-is-signed-in-by-this-request-0123456";

/// The letters of a GUID as Microsoft writes it.
const GUID_LENGTH: usize = 36;

/// So many pieces of text behind its name an id is still its own.
const FARTHEST_GUID: usize = 24;

/// What the probe of a credential proved.
#[derive(Debug)]
pub enum CredentialProbe {
    /// Tenant, app and credential belong together.
    Accepted,
    /// They do not; or the app is disabled.
    Rejected(Finding),
    /// Neither: Microsoft refused for a reason that says nothing about them.
    Inconclusive(Evidence),
}

/// What Microsoft's discovery says about the name of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantDiscovery {
    /// It is this one.
    Tenant(TenantId),
    /// It lives in Azure China.
    InChina,
    /// It lives in another cloud than the one that is served here.
    InAnotherCloud,
    /// Microsoft knows no such tenant (AADSTS90002).
    Unknown(Evidence),
}

/// Whether our redirect URI is one of the app's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectUriCheck {
    /// Entra sent the browser to it.
    Yes,
    /// Entra would send nobody there (AADSTS50011).
    No(Evidence),
    /// Neither follows from what Entra showed.
    Unknown,
}

impl EntraClient {
    /// Asks for an application's token and throws it away: it shows that tenant, app and credential belong together.
    ///
    /// # Errors
    /// [`EntraError::Unavailable`] or [`EntraError::Protocol`]: nothing was learned.
    pub async fn probe_credential(&self, app: &EntraApp) -> Result<CredentialProbe, EntraError> {
        let client = self.authenticated_client(app)?;
        let carrier = OAuthHttpAdapter { entra: self.clone(), retry: RetryPolicy::Idempotent };
        let mut request = client.exchange_client_credentials().add_scope(Scope::new(self.endpoints.default_scope()));
        for (name, value) in self.client_assertion_params(app)? {
            request = request.add_extra_param(name, value);
        }
        match request.request_async(&carrier).await.map_err(map_token_error) {
            Ok(_) => Ok(CredentialProbe::Accepted),
            Err(EntraError::AppRejected(finding)) if is_conclusive(&finding) => Ok(CredentialProbe::Rejected(finding)),
            Err(EntraError::AppRejected(finding) | EntraError::SignInRejected { finding, .. }) => {
                Ok(CredentialProbe::Inconclusive(finding.evidence.unwrap_or_default()))
            }
            Err(EntraError::RequestRejected(evidence)) => Ok(CredentialProbe::Inconclusive(evidence)),
            Err(error) => Err(error),
        }
    }

    /// The tenant of an id or domain. Needs no credentials. The issuer carries the GUID whatever name was asked for.
    ///
    /// # Errors
    /// [`EntraError::Unavailable`] or [`EntraError::Protocol`].
    pub async fn discover_tenant(&self, name: &TenantRef) -> Result<TenantDiscovery, EntraError> {
        let base = self.endpoints.login.as_str();
        let url = format!("{base}/{name}/v2.0/.well-known/openid-configuration");
        let answer =
            http_client::send_with_retry(&self.http, TOKEN_TIMEOUT, RetryPolicy::Idempotent, &self.clock, |http| {
                http.get(&url)
            })
            .await?;
        // Entra says 400 with AADSTS90002; another refusal, of a proxy perhaps, says nothing about the tenant.
        match answer.status {
            StatusCode::OK => {}
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => {
                let told = serde_json::from_slice::<wire::TokenErrorResponse>(&answer.body);
                return Ok(TenantDiscovery::Unknown(told.map(|body| to_evidence(&body)).unwrap_or_default()));
            }
            _ => return Err(EntraError::Protocol("no discovery document")),
        }
        let document: wire::OpenIdConfiguration =
            serde_json::from_slice(&answer.body).map_err(|_| EntraError::Protocol("no discovery document"))?;
        let of_this_cloud = document.issuer.strip_prefix(base).and_then(|rest| rest.strip_prefix('/'));
        let tenant = of_this_cloud.and_then(|rest| rest.strip_suffix("/v2.0")).and_then(|tenant| tenant.parse().ok());
        Ok(tenant.map_or_else(|| cloud_from_issuer(&document.issuer), TenantDiscovery::Tenant))
    }

    /// Whether a browser that signed in would find its way back: asks for a sign-in without a page (`prompt=none`) and
    /// looks where Entra would send the browser. Advice, so it never fails.
    pub async fn check_redirect_uri(&self, tenant: TenantId, client_id: ClientId) -> RedirectUriCheck {
        let Ok(client) = self.oauth_client(tenant, &client_id.to_string()) else { return RedirectUriCheck::Unknown };
        let verifier = oauth2::PkceCodeVerifier::new(NOTHING_TO_PROTECT.to_owned());
        let (url, _) = client
            .authorize_url(|| CsrfToken::new(NOTHING_TO_PROTECT.to_owned()))
            .add_scopes(self.endpoints.scopes().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_extra_param("response_mode", "query")
            .add_extra_param("nonce", NOTHING_TO_PROTECT)
            .add_extra_param("prompt", "none")
            .url();
        let answer = http_client::send_with_retry(
            &self.http,
            REDIRECT_CHECK_TIMEOUT,
            RetryPolicy::Idempotent,
            &self.clock,
            |http| http.get(url.clone()),
        )
        .await;
        let Ok(answer) = answer else { return RedirectUriCheck::Unknown };
        if answer.status.is_redirection() {
            let to = answer.header(LOCATION.as_str()).and_then(|to| Url::parse(to).ok());
            return if to.is_some_and(|to| same_origin_and_path(&to, &self.redirect_uri)) {
                RedirectUriCheck::Yes
            } else {
                RedirectUriCheck::Unknown
            };
        }
        let page = std::str::from_utf8(&answer.body).unwrap_or_default();
        let number = parse_aadsts(page);
        match number.and_then(FindingKind::from_aadsts) {
            Some(FindingKind::RedirectUriMissing) => {
                RedirectUriCheck::No(Evidence::sanitized(number, find_correlation_id(page), None, None))
            }
            _ => RedirectUriCheck::Unknown,
        }
    }
}

/// Where a tenant lives whose issuer is not of this cloud: one of Microsoft's own, by name
/// ([national clouds](https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud)).
fn cloud_from_issuer(issuer: &str) -> TenantDiscovery {
    match Url::parse(issuer).ok().as_ref().and_then(Url::host_str) {
        Some("login.partner.microsoftonline.cn" | "login.chinacloudapi.cn") => TenantDiscovery::InChina,
        Some("login.microsoftonline.com" | "login.microsoftonline.us") => TenantDiscovery::InAnotherCloud,
        Some("login.sovcloud-identity.fr" | "login.sovcloud-identity.de" | "login.sovcloud-identity.sg") => {
            TenantDiscovery::InAnotherCloud
        }
        _ => TenantDiscovery::Unknown(Evidence::default()),
    }
}

/// Microsoft's correlation id on a page that shows a refusal: the GUID that follows its name, whatever stands between.
fn find_correlation_id(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let behind = lower.split_once("correlation")?.1;
    let words = behind.split(|c: char| !c.is_ascii_hexdigit() && c != '-').take(FARTHEST_GUID);
    words.into_iter().find(|word| word.len() == GUID_LENGTH).map(str::to_owned)
}

/// Whether two addresses differ by what was asked and answered alone.
fn same_origin_and_path(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin() && one.path() == other.path()
}

/// Without a number that says so, `unauthorized_client` may only mean that the app may not use this grant.
fn is_conclusive(finding: &Finding) -> bool {
    let number = finding.evidence.as_ref().and_then(|evidence| evidence.aadsts);
    match finding.kind {
        FindingKind::AppNotFound => number.and_then(FindingKind::from_aadsts).is_some(),
        FindingKind::ConsentMissing | FindingKind::AdminApprovalNeeded => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_cloud_is_told_by_its_issuer() {
        let tenant = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";
        for (host, cloud) in [
            ("login.partner.microsoftonline.cn", TenantDiscovery::InChina),
            ("login.chinacloudapi.cn", TenantDiscovery::InChina),
            ("login.microsoftonline.us", TenantDiscovery::InAnotherCloud),
            ("idp.evil.example", TenantDiscovery::Unknown(Evidence::default())),
            ("login.microsoftonline.us.evil.example", TenantDiscovery::Unknown(Evidence::default())),
        ] {
            assert_eq!(cloud_from_issuer(&format!("https://{host}/{tenant}/v2.0")), cloud, "{host}");
        }
    }

    #[test]
    fn the_correlation_id_on_a_page_is_the_guid_behind_its_name() {
        let id = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";
        for page in [
            format!("Trace ID: <code>x</code><br>Correlation ID: <code>{id}</code>"),
            format!("$Config={{\"correlationId\":\"{}\",\"sessionId\":\"x\"}}", id.to_uppercase()),
        ] {
            assert_eq!(find_correlation_id(&page).as_deref(), Some(id), "{page}");
        }
        for page in ["", id, "Correlation ID: none", &format!("Correlation ID:{} {id}", " away".repeat(30))] {
            assert_eq!(find_correlation_id(page), None, "{page}");
        }
    }
}
