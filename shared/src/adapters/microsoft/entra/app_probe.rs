//! Checks of a customer's app at Entra, before anybody signs in.

use std::time::Duration;

use oauth2::{CsrfToken, PkceCodeChallenge, Scope};
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use url::Url;

use crate::adapters::http_client;
use crate::adapters::http_client::RetryPolicy;
use crate::adapters::microsoft::entra::client::{EntraClient, OAuthHttpAdapter, TOKEN_TIMEOUT};
use crate::adapters::microsoft::entra::error::EntraError;
use crate::adapters::microsoft::token_error::to_evidence;
use crate::adapters::microsoft::wire;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::domain::entra_app::{
    Credential, CredentialProbe, EntraApp, FederatedApp, ProbeError, ProbeFederatedApps, TenantRef,
};
use crate::domain::finding::parse_aadsts;
use crate::domain::finding::{Evidence, Finding, FindingKind};
use crate::types::ids::{ClientId, TenantId};

/// The timeout for the check of the redirect URI, for all attempts together. It is short, because the check is advisory.
const REDIRECT_CHECK_TIMEOUT: Duration = Duration::from_secs(4);

/// A constant in place of state, nonce and verifier: the check of the redirect URI starts no sign-in.
const PLACEHOLDER: &str = "nothing-is-signed-in-by-this-request-0123456";

/// The length of a GUID.
const GUID_LENGTH: usize = 36;

/// How many words after its label an id is looked for.
const MAX_WORDS_AFTER_LABEL: usize = 24;

/// What Microsoft's discovery says about a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantDiscovery {
    /// The tenant's id.
    Tenant(TenantId),
    /// It is in Azure China.
    InChina,
    /// It is in another cloud than this deployment's.
    InAnotherCloud,
    /// It does not exist (AADSTS90002).
    Unknown(Evidence),
}

/// Whether our redirect URI is registered on the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectUriCheck {
    /// Yes: Entra redirected to it.
    Yes,
    /// No: Entra does not redirect to it (AADSTS50011).
    No(Evidence),
    /// Not known from what Entra showed.
    Unknown,
}

impl EntraClient {
    /// Requests an application's token and drops it. Success shows that tenant, app and credential belong together.
    ///
    /// # Errors
    /// [`EntraError::Unavailable`] or [`EntraError::Protocol`]: the credential could not be probed.
    pub async fn probe_credential(&self, app: &EntraApp) -> Result<CredentialProbe, EntraError> {
        let client = self.authenticated_client(app)?;
        let adapter = OAuthHttpAdapter { entra: self.clone(), retry: RetryPolicy::Idempotent };
        let mut request = client.exchange_client_credentials().add_scope(Scope::new(self.endpoints.default_scope()));
        for (name, value) in self.client_assertion_params(app).await? {
            request = request.add_extra_param(name, value);
        }
        match request.request_async(&adapter).await.map_err(|error| self.map_token_error(error, app)) {
            Ok(_) => Ok(CredentialProbe::Accepted),
            Err(EntraError::AppRejected(finding)) if is_conclusive(&finding) => Ok(CredentialProbe::Rejected(finding)),
            Err(EntraError::AppRejected(finding) | EntraError::SignInRejected { finding, .. }) => {
                Ok(CredentialProbe::Inconclusive(finding.evidence.unwrap_or_default()))
            }
            // Ours to solve, yet nothing works before.
            Err(EntraError::RequestRejected {
                kind: Some(kind @ (FindingKind::IssuerUnreachable | FindingKind::FederationRefused)),
                evidence,
            }) => Ok(CredentialProbe::Rejected(Finding::reported(kind, evidence))),
            Err(EntraError::RequestRejected { evidence, .. }) => Ok(CredentialProbe::Inconclusive(evidence)),
            Err(error) => Err(error),
        }
    }

    /// Finds the tenant of an id or domain name, without credentials. The issuer in the response has the tenant's id.
    ///
    /// # Errors
    /// [`EntraError::Unavailable`] or [`EntraError::Protocol`].
    pub async fn discover_tenant(&self, name: &TenantRef) -> Result<TenantDiscovery, EntraError> {
        let base = self.endpoints.login.as_str();
        let url = format!("{base}/{name}/v2.0/.well-known/openid-configuration");
        let response =
            http_client::send_with_retry(&self.http, TOKEN_TIMEOUT, RetryPolicy::Idempotent, &self.clock, |http| {
                http.get(&url)
            })
            .await?;
        // Entra answers 400 with AADSTS90002. Another error, perhaps of a proxy, says nothing about the tenant.
        match response.status {
            StatusCode::OK => {}
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => {
                let error = serde_json::from_slice::<wire::TokenErrorResponse>(&response.body);
                return Ok(TenantDiscovery::Unknown(error.map(|body| to_evidence(&body)).unwrap_or_default()));
            }
            _ => return Err(EntraError::Protocol("no discovery document")),
        }
        let document: wire::OpenIdConfiguration =
            serde_json::from_slice(&response.body).map_err(|_| EntraError::Protocol("no discovery document"))?;
        let of_this_cloud = document.issuer.strip_prefix(base).and_then(|rest| rest.strip_prefix('/'));
        let tenant = of_this_cloud.and_then(|rest| rest.strip_suffix("/v2.0")).and_then(|tenant| tenant.parse().ok());
        Ok(tenant.map_or_else(|| cloud_from_issuer(&document.issuer), TenantDiscovery::Tenant))
    }

    /// Checks whether Entra would redirect a browser to us: requests a sign-in without a page (`prompt=none`) and reads where
    /// Entra redirects. It is advisory, so it never fails. Decision 0035.
    pub async fn check_redirect_uri(&self, tenant: TenantId, client_id: ClientId) -> RedirectUriCheck {
        let Ok(client) = self.oauth_client(tenant, &client_id.to_string()) else { return RedirectUriCheck::Unknown };
        let verifier = oauth2::PkceCodeVerifier::new(PLACEHOLDER.to_owned());
        let (url, _) = client
            .authorize_url(|| CsrfToken::new(PLACEHOLDER.to_owned()))
            .add_scopes(self.endpoints.scopes().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_extra_param("response_mode", "query")
            .add_extra_param("nonce", PLACEHOLDER)
            .add_extra_param("prompt", "none")
            .url();
        let response = http_client::send_with_retry(
            &self.http,
            REDIRECT_CHECK_TIMEOUT,
            RetryPolicy::Idempotent,
            &self.clock,
            |http| http.get(url.clone()),
        )
        .await;
        let Ok(response) = response else { return RedirectUriCheck::Unknown };
        if response.status.is_redirection() {
            let to = response.header(LOCATION.as_str()).and_then(|to| Url::parse(to).ok());
            return if to.is_some_and(|to| same_origin_and_path(&to, &self.redirect_uri)) {
                RedirectUriCheck::Yes
            } else {
                RedirectUriCheck::Unknown
            };
        }
        let page = std::str::from_utf8(&response.body).unwrap_or_default();
        let number = parse_aadsts(page);
        match number.and_then(FindingKind::from_aadsts) {
            Some(FindingKind::RedirectUriMissing) => {
                RedirectUriCheck::No(Evidence::sanitized(number, find_correlation_id(page), None, None))
            }
            _ => RedirectUriCheck::Unknown,
        }
    }
}

impl ProbeFederatedApps for EntraClient {
    fn probe(&self, app: FederatedApp) -> BoxFuture<'_, Result<CredentialProbe, ProbeError>> {
        let FederatedApp { tenant, client_id, subject } = app;
        let app = EntraApp { tenant, client_id, credential: Credential::Federated(subject), expires_on: None };
        async move {
            self.probe_credential(&app).await.map_err(|error| match error {
                EntraError::Unavailable { retry_after, source } => ProbeError { retry_after, source },
                error => ProbeError { retry_after: None, source: Some(error.into()) },
            })
        }
        .boxed()
    }
}

/// The cloud of an issuer that is not of this cloud, by the names of Microsoft's hosts
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

/// The correlation id on an error page of Microsoft: the GUID after its label.
fn find_correlation_id(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let after = lower.split_once("correlation")?.1;
    let words = after.split(|c: char| !c.is_ascii_hexdigit() && c != '-').take(MAX_WORDS_AFTER_LABEL);
    words.into_iter().find(|word| word.len() == GUID_LENGTH).map(str::to_owned)
}

/// Whether two addresses differ only in query and fragment.
fn same_origin_and_path(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin() && one.path() == other.path()
}

/// Whether a finding says that the credential does not work. Without a number, `unauthorized_client` may only mean that the
/// app may not use this grant.
fn is_conclusive(finding: &Finding) -> bool {
    let number = finding.evidence.as_ref().and_then(|evidence| evidence.aadsts);
    match finding.kind {
        FindingKind::AppNotFound => number.and_then(FindingKind::from_aadsts).is_some(),
        FindingKind::ConsentMissing | FindingKind::AdminApprovalNeeded | FindingKind::PermissionMissing => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_cloud_is_known_by_its_issuer() {
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
    fn the_correlation_id_on_a_page_is_the_guid_after_its_label() {
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
