//! What is known of a customer, and offboarding.

use shared::adapters::vault::model::VaultError;
use shared::domain::entra_app::AppSummary;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::CustomerId;

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
/// puts away what the recruiters have afterwards. The claim of the app stays: without the app it counts no longer.
pub(crate) async fn offboard(intake: &Intake, customer: &CustomerId) -> Result<(), Problem> {
    intake.pending_key_pairs.delete(customer).await?;
    intake.apps.offboard(customer).await?;
    Ok(())
}
