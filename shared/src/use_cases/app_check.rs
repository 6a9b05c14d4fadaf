//! The doctor: everything that can be found out about a customer's app before a recruiter signs in, all at once.
//!
//! What only a sign-in can show (consent, permissions, licence) is found by the test of a sign-in.

use futures_util::future;

use crate::adapters::microsoft::entra::{CredentialProbe, EntraClient, EntraError, RedirectUriCheck, TenantDiscovery};
use crate::domain::entra_app::{AppCandidate, EntraApp, TenantRef, expiry_finding};
use crate::domain::finding::{Finding, FindingKind, Severity};
use crate::types::clock::{Clock, Timestamp};
use crate::types::ids::{ClientId, TenantId};

/// Looks at customers' apps.
#[derive(Clone, Debug)]
pub struct AppChecker {
    entra: EntraClient,
    clock: Clock,
}

/// What was found about an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// When Entra accepted the credential, if it did.
    pub verified_at: Option<Timestamp>,
    /// Everything that was found.
    pub findings: Vec<Finding>,
}

impl CheckReport {
    /// Whether anything stands in the way of working with this app.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind.severity() == Severity::Error)
    }

    fn error(finding: Finding) -> Self {
        Self { verified_at: None, findings: vec![finding] }
    }
}

impl AppChecker {
    /// A doctor who asks this Entra.
    #[must_use]
    pub fn new(entra: EntraClient, clock: Clock) -> Self {
        Self { entra, clock }
    }

    /// The app that an administrator handed over, in its tenant, and what was found about it; what was found alone where
    /// there is no such tenant. `expected`: the tenant must be the one of this name.
    ///
    /// # Errors
    /// [`EntraError`] when nothing could be learned.
    pub async fn check_candidate(
        &self,
        candidate: AppCandidate,
        expected: Option<&TenantRef>,
    ) -> Result<(Option<EntraApp>, CheckReport), EntraError> {
        let tenant = match self.resolve_tenant(&candidate.tenant, candidate.client_id).await? {
            Ok(tenant) => tenant,
            Err(finding) => return Ok((None, CheckReport::error(finding))),
        };
        if let Some(expected) = expected
            && self.entra.discover_tenant(expected).await? != TenantDiscovery::Tenant(tenant)
        {
            return Ok((None, CheckReport::error(FindingKind::TenantUnexpected.into())));
        }
        let app = candidate.into_app(tenant);
        let diagnosis = self.probe(&app).await?;
        Ok((Some(app), diagnosis))
    }

    /// What is to be found about an app that was taken before.
    ///
    /// # Errors
    /// [`EntraError`] when nothing could be learned.
    pub async fn check(&self, app: &EntraApp) -> Result<CheckReport, EntraError> {
        match self.resolve_tenant(&TenantRef::Id(app.tenant), app.client_id).await? {
            Ok(_) => self.probe(app).await,
            Err(finding) => Ok(CheckReport::error(finding)),
        }
    }

    /// Credential and redirect URI, asked about at the same time, so that an administrator hears of both.
    async fn probe(&self, app: &EntraApp) -> Result<CheckReport, EntraError> {
        let redirect_uri = self.entra.check_redirect_uri(app.tenant, app.client_id);
        let (probe, redirect_uri) = future::join(self.entra.probe_credential(app), redirect_uri).await;
        let now = self.clock.now();
        let (verified_at, mut findings) = match probe? {
            CredentialProbe::Accepted => (Some(now), Vec::new()),
            CredentialProbe::Rejected(finding) => (None, vec![finding]),
            CredentialProbe::Inconclusive(evidence) => {
                (None, vec![Finding { kind: FindingKind::CouldNotBeChecked, evidence: Some(evidence) }])
            }
        };
        match redirect_uri {
            RedirectUriCheck::Yes => {}
            RedirectUriCheck::No(evidence) => {
                findings.push(Finding { kind: FindingKind::RedirectUriMissing, evidence: Some(evidence) });
            }
            // Of an app that is not there or disabled, nothing else is to be expected.
            RedirectUriCheck::Unknown if findings.iter().any(|finding| finding.kind.severity() == Severity::Error) => {}
            RedirectUriCheck::Unknown => findings.push(FindingKind::RedirectUriUnchecked.into()),
        }
        findings.extend(match expiry_finding(app.credential.kind(), app.expires_on, now) {
            // It works, so it is the date that is wrong, and nobody knows the right one.
            Some(Finding { kind: FindingKind::SecretExpired, .. }) if verified_at.is_some() => {
                Some(FindingKind::ExpiryUnknown.into())
            }
            expiry => expiry.filter(|expiry| findings.iter().all(|finding| finding.kind != expiry.kind)),
        });
        Ok(CheckReport { verified_at, findings })
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
                Err(Finding { kind, evidence: Some(evidence) })
            }
        })
    }

    /// Whether the client id is a tenant, where the tenant's id is none.
    async fn is_swapped(&self, name: &TenantRef, client_id: ClientId) -> bool {
        let (TenantRef::Id(_), Ok(swapped)) = (name, client_id.to_string().parse()) else { return false };
        matches!(self.entra.discover_tenant(&TenantRef::Id(swapped)).await, Ok(TenantDiscovery::Tenant(_)))
    }
}
