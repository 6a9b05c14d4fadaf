//! What is known of a customer, and offboarding.

use url::Url;

use shared::domain::entra_app::{AdminConsentRequest, AppSummary};
use shared::http::problem::Problem;
use shared::types::clock::SignedDuration;
use shared::types::ids::CustomerId;

use crate::state::Intake;

/// How long the links for an administrator's next steps work: admin consent and the sign-in test.
pub(crate) const NEXT_STEPS_TTL: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Returns what the tags of the customer's app say, and where an administrator consents.
///
/// # Errors
/// `Offboarded` for a customer whose app is scheduled for deletion.
pub(crate) async fn get(intake: &Intake, customer: &CustomerId) -> Result<(AppSummary, Url), Problem> {
    let summary = intake.apps.summary(customer).await.map_err(Problem::of_app)?;
    let consent_url = consent_url(intake, customer, &summary).await?;
    Ok((summary, consent_url))
}

/// Microsoft's page on which an administrator grants consent for the whole tenant.
pub(crate) async fn consent_url(intake: &Intake, customer: &CustomerId, app: &AppSummary) -> Result<Url, Problem> {
    let &AppSummary { tenure, tenant, client_id, .. } = app;
    let request = AdminConsentRequest { customer: customer.clone(), tenure, tenant, client_id };
    let (state, _) = intake.next_steps_keys.seal_for(&request, NEXT_STEPS_TTL).await??;
    Ok(intake.entra.consent_url(tenant, client_id, &state)?)
}

/// Deletes the pending key pair and schedules the app's secret for deletion. The schedule of the function `refresh`
/// puts away what the recruiters have afterwards. The claim of the app stays: without the app it counts no longer.
pub(crate) async fn offboard(intake: &Intake, customer: &CustomerId) -> Result<(), Problem> {
    intake.pending_key_pairs.delete(customer).await?;
    intake.apps.offboard(customer).await?;
    Ok(())
}
