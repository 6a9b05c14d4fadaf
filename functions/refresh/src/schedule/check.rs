//! A customer's credential, looked at once a day: who must act learns of it before an interview does.

use shared::entra_app::{EntraApp, expiry_finding};
use shared::finding::{Finding, Kind};
use shared::ids::CustomerId;
use shared::microsoft::entra::Probe;
use shared::vault::Held;
use shared::vault::apps::Verdict;
use shared::vault::terms::VaultError;

use super::poison::Poison;
use super::report::Done;
use crate::Refresh;

impl Refresh {
    /// Asks Entra whether the credential works, and notes the answer beside it. No answer is no finding.
    pub(super) async fn check(&self, customer: &CustomerId, poison: &Poison) -> Done {
        let app = match self.apps.read(customer).await {
            Ok(app) => app,
            // Offboarded while we looked.
            Err(VaultError::NotFound | VaultError::Deleted) => return Done::Nothing,
            Err(error) => return Done::failed(customer, None, &error),
        };
        let probe = match self.entra.probe(&app.value).await {
            Ok(probe) => probe,
            Err(error) => {
                poison.unanswered(customer);
                return Done::failed(customer, None, &error);
            }
        };
        if matches!(probe, Probe::Refused(_)) {
            poison.out(customer);
        }
        match self.note(customer, &app, probe).await {
            Ok(()) => Done::Checked,
            Err(error) => Done::failed(customer, None, &error),
        }
    }

    async fn note(&self, customer: &CustomerId, app: &Held<EntraApp>, probe: Probe) -> Result<(), VaultError> {
        let now = self.clock.now();
        let (verified_at, refused) = match probe {
            Probe::Accepted => (Some(now), None),
            Probe::Refused(finding) => (None, Some(finding)),
            Probe::Inconclusive(evidence) => {
                (None, Some(Finding { kind: Kind::CouldNotBeChecked, evidence: Some(evidence) }))
            }
        };
        let findings: Vec<_> = [refused, expiry_finding(app.value.expires_on, now)].into_iter().flatten().collect();
        for Finding { kind, evidence } in &findings {
            let aadsts = evidence.as_ref().and_then(|evidence| evidence.aadsts);
            tracing::warn!(%customer, code = kind.code(), aadsts, "something is to be said of a credential");
        }
        let mut codes: Vec<_> = findings.iter().map(|finding| finding.kind.code().to_owned()).collect();
        codes.dedup();
        self.notes.note(app, &Verdict { verified_at, findings: codes }).await
    }
}
