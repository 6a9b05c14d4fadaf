//! An app that was stored before Entra accepted it is claimed when a check shows that it does.

use shared::adapters::vault::apps::ClaimOutcome;
use shared::adapters::vault::model::VaultError;
use shared::domain::entra_app::EntraApp;
use shared::domain::finding::FindingKind;
use shared::types::ids::CustomerId;
use shared::use_cases::app_check::CheckReport;

use crate::state::Refresh;

/// What a check found. It does not count as accepted if another customer was the first to prove the same app.
///
/// # Errors
/// [`VaultError`].
pub(crate) async fn claim_if_accepted(
    refresh: &Refresh,
    customer: &CustomerId,
    app: &EntraApp,
    mut report: CheckReport,
) -> Result<CheckReport, VaultError> {
    if report.verified_at.is_some()
        && refresh.app_claims.keep(customer, (app.tenant, app.client_id)).await? == ClaimOutcome::Taken
    {
        report.verified_at = None;
        report.findings.insert(0, FindingKind::AppOfAnotherCustomer.into());
    }
    Ok(report)
}
