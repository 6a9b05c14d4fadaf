//! The app check: everything that can be found out about a customer's app before a recruiter signs in, all at once.
//!
//! Only a sign-in can show admin consent, permissions and licence. The sign-in test finds those.

use futures_util::future;

use std::sync::Arc;

use crate::adapters::microsoft::entra::{EntraClient, EntraError, RedirectUriCheck, TenantDiscovery};
use crate::domain::entra_app::{
    AppCandidate, Credential, CredentialProbe, EntraApp, FederatedApp, ProbeFederatedApps, ProbeOutcome, TenantRef,
    expiry_finding,
};
use crate::domain::finding::{Finding, FindingKind, Severity};
use crate::types::clock::{Clock, Timestamp};
use crate::types::ids::{ClientId, TenantId};

/// Checks customers' apps.
#[derive(Clone, Debug)]
pub struct AppChecker {
    entra: EntraClient,
    /// Who probes apps that trust our issuer, where it is not the client.
    prober: Option<Arc<dyn ProbeFederatedApps>>,
    clock: Clock,
}

/// The result of an app check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// When Entra accepted the credential, if it did.
    pub verified_at: Option<Timestamp>,
    pub findings: Vec<Finding>,
}

/// The result of checking submitted credentials.
#[derive(Debug)]
pub struct CandidateCheck {
    /// The app in its tenant; `None` if the tenant does not exist or is not the expected one.
    pub app: Option<EntraApp>,
    /// The findings.
    pub report: CheckReport,
}

impl CheckReport {
    /// Whether the app cannot be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind.severity() == Severity::Error)
    }

    fn error(finding: Finding) -> Self {
        Self { verified_at: None, findings: vec![finding] }
    }
}

impl AppChecker {
    /// An app checker for this Entra client.
    #[must_use]
    pub fn new(entra: EntraClient, clock: Clock) -> Self {
        Self { entra, prober: None, clock }
    }

    /// The same, but that this one probes apps that trust our issuer.
    #[must_use]
    pub fn with_prober(self, prober: Arc<dyn ProbeFederatedApps>) -> Self {
        Self { prober: Some(prober), ..self }
    }

    /// Checks submitted credentials. `expected`: the tenant must be this one.
    ///
    /// # Errors
    /// [`EntraError`] if Entra could not be asked.
    pub async fn check_candidate(
        &self,
        candidate: AppCandidate,
        expected: Option<&TenantRef>,
    ) -> Result<CandidateCheck, EntraError> {
        let tenant = match self.resolve_tenant(&candidate.tenant, candidate.client_id).await? {
            Ok(tenant) => tenant,
            Err(finding) => return Ok(CandidateCheck { app: None, report: CheckReport::error(finding) }),
        };
        if let Some(expected) = expected
            && self.entra.discover_tenant(expected).await? != TenantDiscovery::Tenant(tenant)
        {
            let report = CheckReport::error(FindingKind::TenantUnexpected.into());
            return Ok(CandidateCheck { app: None, report });
        }
        let app = candidate.into_app(tenant);
        let report = self.probe(&app).await?;
        Ok(CandidateCheck { app: Some(app), report })
    }

    /// Checks a stored app.
    ///
    /// # Errors
    /// [`EntraError`] if Entra could not be asked.
    pub async fn check(&self, app: &EntraApp) -> Result<CheckReport, EntraError> {
        match self.resolve_tenant(&TenantRef::Id(app.tenant), app.client_id).await? {
            Ok(_) => self.probe(app).await,
            Err(finding) => Ok(CheckReport::error(finding)),
        }
    }

    /// Checks credential and redirect URI at the same time, so that the administrator learns about both.
    async fn probe(&self, app: &EntraApp) -> Result<CheckReport, EntraError> {
        let redirect_uri = self.entra.check_redirect_uri(app.tenant, app.client_id);
        let (probe, redirect_uri) = future::join(self.probe_credential(app), redirect_uri).await;
        let now = self.clock.now();
        let (verified_at, mut findings) = match probe? {
            CredentialProbe::Accepted => (Some(now), Vec::new()),
            CredentialProbe::Rejected(finding) => (None, vec![finding]),
            CredentialProbe::Inconclusive(evidence) => {
                (None, vec![Finding::reported(FindingKind::CouldNotBeChecked, evidence)])
            }
        };
        match redirect_uri {
            RedirectUriCheck::Yes => {}
            RedirectUriCheck::No(evidence) => {
                findings.push(Finding::reported(FindingKind::RedirectUriMissing, evidence));
            }
            // Expected for an app that does not exist or is disabled.
            RedirectUriCheck::Unknown if findings.iter().any(|finding| finding.kind.severity() == Severity::Error) => {}
            RedirectUriCheck::Unknown => findings.push(FindingKind::RedirectUriUnchecked.into()),
        }
        findings.extend(match expiry_finding(app.credential.kind(), app.expires_on, now) {
            // The credential works, so the date is wrong and the right one is not known.
            Some(Finding { kind: FindingKind::SecretExpired, .. }) if verified_at.is_some() => {
                Some(FindingKind::ExpiryUnknown.into())
            }
            expiry => expiry.filter(|expiry| findings.iter().all(|finding| finding.kind != expiry.kind)),
        });
        Ok(CheckReport { verified_at, findings })
    }

    /// Probes an app that trusts our issuer, for a function that has no key of the issuer.
    pub async fn probe_federated_app(&self, app: FederatedApp) -> ProbeOutcome {
        self.entra.probe(app).await.into()
    }

    async fn probe_credential(&self, app: &EntraApp) -> Result<CredentialProbe, EntraError> {
        match (&app.credential, &self.prober) {
            (Credential::Federated(subject), Some(prober)) => {
                let (tenant, client_id, subject) = (app.tenant, app.client_id, subject.clone());
                Ok(prober.probe(FederatedApp { tenant, client_id, subject }).await?)
            }
            _ => self.entra.probe_credential(app).await,
        }
    }

    async fn resolve_tenant(
        &self,
        name: &TenantRef,
        client_id: ClientId,
    ) -> Result<Result<TenantId, Finding>, EntraError> {
        Ok(match self.entra.discover_tenant(name).await? {
            TenantDiscovery::Tenant(tenant) => Ok(tenant),
            TenantDiscovery::InChina => Err(FindingKind::TenantInChina.into()),
            TenantDiscovery::InAnotherCloud => Err(FindingKind::TenantInAnotherCloud.into()),
            TenantDiscovery::Unknown(evidence) => {
                let swapped = self.is_swapped(name, client_id).await;
                let kind = if swapped { FindingKind::TenantAndClientIdSwapped } else { FindingKind::TenantNotFound };
                Err(Finding::reported(kind, evidence))
            }
        })
    }

    /// Whether the client id is a tenant, if the tenant does not exist.
    async fn is_swapped(&self, name: &TenantRef, client_id: ClientId) -> bool {
        let (TenantRef::Id(_), Ok(swapped)) = (name, client_id.to_string().parse()) else { return false };
        matches!(self.entra.discover_tenant(&TenantRef::Id(swapped)).await, Ok(TenantDiscovery::Tenant(_)))
    }
}
