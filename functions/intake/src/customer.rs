//! What is known of a customer, and offboarding.

use shared::adapters::vault::model::VaultError;
use shared::domain::entra_app::AppSummary;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::{ClientId, CustomerId, TenantId};

use crate::state::Intake;

/// Returns what the tags of the customer's app say.
///
/// # Errors
/// [`ProblemKind::Offboarded`] for a customer whose app is scheduled for deletion.
pub(crate) async fn get(intake: &Intake, customer: &CustomerId) -> Result<AppSummary, Problem> {
    intake.apps.summary(customer).await.map_err(|error| match error {
        VaultError::Deleted => ProblemKind::Offboarded.into(),
        error => error.into(),
    })
}

/// Deletes the pending key pair and schedules the app's secret for deletion. The schedule of the function `refresh`
/// disconnects the recruiters afterwards.
pub(crate) async fn offboard(intake: &Intake, customer: &CustomerId) -> Result<(), Problem> {
    let app = intake.apps.summary(customer).await.ok().map(|app| (app.tenant, app.client_id));
    intake.pending_key_pairs.delete(customer).await?;
    intake.apps.offboard(customer).await?;
    release_app(intake, customer, app).await;
    Ok(())
}

/// Releases the claim of an app that the customer no longer works with. A failure is logged only: a claim of a customer
/// whose current app is another one does not count.
pub(crate) async fn release_app(intake: &Intake, customer: &CustomerId, app: Option<(TenantId, ClientId)>) {
    let Some(app) = app else { return };
    if let Err(error) = intake.apps.release(customer, app).await {
        tracing::warn!(%customer, error = %error, "releasing the claim of a previous app failed; it no longer counts");
    }
}
