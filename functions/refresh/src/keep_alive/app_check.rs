//! A customer's app, looked at once a day: who must act learns of it before an interview does.

use shared::adapters::vault::apps::{CheckRecord, StoredApp};
use shared::adapters::vault::model::VaultError;
use shared::domain::finding::Finding;
use shared::types::ids::CustomerId;
use shared::use_cases::app_check::CheckReport;

use crate::Refresh;
use crate::keep_alive::circuit_breaker::CircuitBreaker;
use crate::keep_alive::report::TaskOutcome;

impl Refresh {
    /// Has the doctor look at an app, and notes what was found beside it. No answer is no finding.
    pub(super) async fn check_app(&self, customer: &CustomerId, poison: &CircuitBreaker) -> TaskOutcome {
        let app = match self.apps.read(customer).await {
            Ok(app) => app,
            // Offboarded while we looked.
            Err(VaultError::NotFound | VaultError::Deleted) => return TaskOutcome::NotDue,
            Err(error) => return TaskOutcome::failed(customer, None, &error),
        };
        let diagnosis = match self.doctor.check(&app.value).await {
            Ok(diagnosis) => diagnosis,
            Err(error) => {
                poison.record_failure(customer);
                return TaskOutcome::failed(customer, None, &error);
            }
        };
        if diagnosis.has_errors() {
            poison.open(customer);
        }
        match self.record_check(customer, &app, &diagnosis).await {
            Ok(()) => TaskOutcome::Checked,
            Err(error) => TaskOutcome::failed(customer, None, &error),
        }
    }

    async fn record_check(
        &self,
        customer: &CustomerId,
        app: &StoredApp,
        diagnosis: &CheckReport,
    ) -> Result<(), VaultError> {
        for Finding { kind, evidence } in &diagnosis.findings {
            let aadsts = evidence.as_ref().and_then(|evidence| evidence.aadsts);
            tracing::warn!(%customer, code = kind.code(), aadsts, "something is to be said of a credential");
        }
        let diagnosed = CheckRecord::from_findings(diagnosis.verified_at.is_some(), &diagnosis.findings);
        self.notes.record_check(app, &diagnosed).await
    }
}
