//! What a customer's app must trust in place of a secret.

use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::entra_app::FederatedTrust;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::CustomerId;

use crate::intake_link::{OpenIntakeLink, current_app};
use crate::issuer;
use crate::state::Intake;

/// Returns it for the customer of a link, made unless it is there, and writes an audit entry.
///
/// # Errors
/// [`ProblemKind::NotFound`] where the deployment has no issuer.
pub(crate) async fn create(intake: &Intake, link: &OpenIntakeLink) -> Result<FederatedTrust, Problem> {
    let trust = get_or_create(intake, &link.customer).await;
    let entry = AuditEntry::new(AuditAction::MakeFederatedTrust, AuditActor::Link).customer(&link.customer);
    entry.ended(trust.as_ref().err().map(Problem::code));
    trust
}

/// Returns it, made unless it is there. The ATS passes it to the administrator.
///
/// # Errors
/// As [`create`].
pub(crate) async fn get_or_create(intake: &Intake, customer: &CustomerId) -> Result<FederatedTrust, Problem> {
    let app = current_app(intake, customer).await?.summary;
    issuer::get_or_create_trust(intake, customer, app.as_ref()).await?.ok_or_else(|| ProblemKind::NotFound.into())
}
