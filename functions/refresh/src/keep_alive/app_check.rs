//! The daily check of a customer's app: whoever must act learns of a fault before an interview fails.

use shared::adapters::vault::apps::{CheckRecord, StoredApp};
use shared::adapters::vault::model::VaultError;
use shared::domain::finding::Finding;
use shared::types::ids::CustomerId;
use shared::use_cases::app_check::CheckReport;

use crate::app_claim::claim_if_accepted;
use crate::keep_alive::circuit_breaker::CircuitBreaker;
use crate::keep_alive::report::TaskOutcome;
use crate::state::Refresh;

/// Checks an app and records the result in its tags. If Microsoft does not answer, nothing is recorded.
pub(super) async fn check_app(
    refresh: &Refresh,
    customer: &CustomerId,
    circuit_breaker: &CircuitBreaker,
) -> TaskOutcome {
    let app = match refresh.apps.read(customer).await {
        Ok(app) => app,
        // Offboarded since the list was read.
        Err(VaultError::NotFound | VaultError::Deleted) => return TaskOutcome::NotDue,
        Err(error) => return TaskOutcome::failed(customer, None, &error),
    };
    let report = match refresh.app_checker.check(&app.value).await {
        Ok(report) => report,
        Err(error) => {
            circuit_breaker.record_failure(customer);
            return TaskOutcome::failed(customer, None, &error);
        }
    };
    let report = match claim_if_accepted(refresh, customer, &app.value, report).await {
        Ok(report) => report,
        Err(error) => return TaskOutcome::failed(customer, None, &error),
    };
    if report.has_errors() {
        circuit_breaker.open(customer);
    }
    match record_check(refresh, customer, &app, &report).await {
        Ok(()) => TaskOutcome::Checked,
        Err(error) => TaskOutcome::failed(customer, None, &error),
    }
}

async fn record_check(
    refresh: &Refresh,
    customer: &CustomerId,
    app: &StoredApp,
    report: &CheckReport,
) -> Result<(), VaultError> {
    for Finding { kind, evidence, .. } in &report.findings {
        let aadsts = evidence.as_ref().and_then(|evidence| evidence.aadsts);
        tracing::warn!(%customer, code = kind.code(), aadsts, "the app check found a problem");
    }
    let record = CheckRecord::from_findings(report.verified_at.is_some(), &report.findings);
    refresh.app_status.record_check(customer, (&app.arn, &app.version), &record).await
}
