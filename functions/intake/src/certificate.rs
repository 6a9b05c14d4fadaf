//! The key pair that may take the place of a client secret, and its certificate.

use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::entra_app::Certificate;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::CustomerId;

use crate::intake_link::{OpenIntakeLink, current_app};
use crate::state::Intake;

/// Returns the pending certificate of the customer of a link.
///
/// # Errors
/// [`ProblemKind::NotFound`] if none was created.
pub(crate) async fn get(intake: &Intake, link: &OpenIntakeLink) -> Result<Certificate, Problem> {
    let pending = intake.pending_key_pairs.read(&link.customer, link.current.credential()).await?;
    pending.map(|key_pair| key_pair.value.certificate).ok_or_else(|| ProblemKind::NotFound.into())
}

/// Creates a key pair for the customer of a link and writes an audit entry. Keeps a pending key pair if there is one.
pub(crate) async fn create(intake: &Intake, link: &OpenIntakeLink) -> Result<Certificate, Problem> {
    let credential = link.current.credential();
    let certificate = intake.pending_key_pairs.get_or_create(&link.customer, credential).await.map_err(Problem::from);
    let entry = AuditEntry::new(AuditAction::MakeCertificate, AuditActor::Link).customer(&link.customer);
    entry.ended(certificate.as_ref().err().map(Problem::code));
    certificate
}

/// Returns the pending certificate of a customer, created if there is none. The ATS passes it to the administrator.
pub(crate) async fn get_or_create(intake: &Intake, customer: &CustomerId) -> Result<Certificate, Problem> {
    let current = current_app(intake, customer).await?;
    Ok(intake.pending_key_pairs.get_or_create(customer, current.credential()).await?)
}
