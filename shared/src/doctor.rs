//! The doctor: everything that can be found out about a customer's app before a recruiter signs in, all at once.
//!
//! What only a sign-in can show (consent, permissions, licence) is found by the test of a sign-in.

use futures_util::future;

use crate::clock::{Clock, Timestamp};
use crate::entra_app::{Candidate, EntraApp, TenantName, expiry_finding};
use crate::finding::{Finding, Kind, Severity};
use crate::ids::{ClientId, TenantId};
use crate::microsoft::entra::{Discovered, Entra, EntraError, Probe, Registered};

/// Looks at customers' apps.
#[derive(Clone, Debug)]
pub struct Doctor {
    entra: Entra,
    clock: Clock,
}

/// What was found about an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// When Entra accepted the credential, if it did.
    pub verified_at: Option<Timestamp>,
    /// Everything that was found.
    pub findings: Vec<Finding>,
}

impl Diagnosis {
    /// Whether anything stands in the way of working with this app.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind.severity() == Severity::Error)
    }

    fn refusal(finding: Finding) -> Self {
        Self { verified_at: None, findings: vec![finding] }
    }
}

impl Doctor {
    /// A doctor who asks this Entra.
    #[must_use]
    pub fn new(entra: Entra, clock: Clock) -> Self {
        Self { entra, clock }
    }

    /// The app that an administrator handed over, in its tenant, and what was found about it; what was found alone where
    /// there is no such tenant. `expected`: the tenant must be the one of this name.
    ///
    /// # Errors
    /// [`EntraError`] when nothing could be learned.
    pub async fn admit(
        &self,
        candidate: Candidate,
        expected: Option<&TenantName>,
    ) -> Result<(Option<EntraApp>, Diagnosis), EntraError> {
        let tenant = match self.tenant_of(&candidate.tenant, candidate.client_id).await? {
            Ok(tenant) => tenant,
            Err(finding) => return Ok((None, Diagnosis::refusal(finding))),
        };
        if let Some(expected) = expected
            && self.entra.discover(expected).await? != Discovered::Tenant(tenant)
        {
            return Ok((None, Diagnosis::refusal(Kind::TenantUnexpected.into())));
        }
        let app = candidate.in_tenant(tenant);
        let diagnosis = self.look_closely(&app).await?;
        Ok((Some(app), diagnosis))
    }

    /// What is to be found about an app that was taken before.
    ///
    /// # Errors
    /// [`EntraError`] when nothing could be learned.
    pub async fn examine(&self, app: &EntraApp) -> Result<Diagnosis, EntraError> {
        match self.tenant_of(&TenantName::Id(app.tenant), app.client_id).await? {
            Ok(_) => self.look_closely(app).await,
            Err(finding) => Ok(Diagnosis::refusal(finding)),
        }
    }

    /// Credential and redirect URI, asked about at the same time, so that an administrator hears of both.
    async fn look_closely(&self, app: &EntraApp) -> Result<Diagnosis, EntraError> {
        let redirect_uri = self.entra.redirect_uri_is_registered(app.tenant, app.client_id);
        let (probe, redirect_uri) = future::join(self.entra.probe(app), redirect_uri).await;
        let now = self.clock.now();
        let (verified_at, mut findings) = match probe? {
            Probe::Accepted => (Some(now), Vec::new()),
            Probe::Refused(finding) => (None, vec![finding]),
            Probe::Inconclusive(evidence) => {
                (None, vec![Finding { kind: Kind::CouldNotBeChecked, evidence: Some(evidence) }])
            }
        };
        match redirect_uri {
            Registered::Yes => {}
            Registered::No(evidence) => {
                findings.push(Finding { kind: Kind::RedirectUriMissing, evidence: Some(evidence) });
            }
            // Of an app that is not there or disabled, nothing else is to be expected.
            Registered::Unknown if findings.iter().any(|finding| finding.kind.severity() == Severity::Error) => {}
            Registered::Unknown => findings.push(Kind::RedirectUriUnchecked.into()),
        }
        findings.extend(match expiry_finding(app.credential.kind(), app.expires_on, now) {
            // It works, so it is the date that is wrong, and nobody knows the right one.
            Some(Finding { kind: Kind::SecretExpired, .. }) if verified_at.is_some() => {
                Some(Kind::ExpiryUnknown.into())
            }
            expiry => expiry.filter(|expiry| findings.iter().all(|finding| finding.kind != expiry.kind)),
        });
        Ok(Diagnosis { verified_at, findings })
    }

    async fn tenant_of(&self, name: &TenantName, client_id: ClientId) -> Result<Result<TenantId, Finding>, EntraError> {
        Ok(match self.entra.discover(name).await? {
            Discovered::Tenant(tenant) => Ok(tenant),
            Discovered::InChina => Err(Kind::TenantInChina.into()),
            Discovered::InAnotherCloud => Err(Kind::TenantInAnotherCloud.into()),
            Discovered::Unknown(evidence) => {
                let swapped = self.is_a_tenant(name, client_id).await;
                let kind = if swapped { Kind::TenantAndClientIdSwapped } else { Kind::TenantNotFound };
                Err(Finding { kind, evidence: Some(evidence) })
            }
        })
    }

    /// Whether the client id is a tenant, where the tenant's id is none.
    async fn is_a_tenant(&self, name: &TenantName, client_id: ClientId) -> bool {
        let (TenantName::Id(_), Ok(swapped)) = (name, client_id.to_string().parse()) else { return false };
        matches!(self.entra.discover(&TenantName::Id(swapped)).await, Ok(Discovered::Tenant(_)))
    }
}
