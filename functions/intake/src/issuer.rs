//! What our issuer publishes, and what an app must trust. This function cannot sign: it reads the public keys only.

use std::sync::Arc;

use serde::Serialize;
use shared::domain::entra_app::{AppSummary, FederatedSubject, FederatedTrust};
use shared::domain::issuer::{PublishedKey, discovery, jwks};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::CustomerId;

use crate::api_docs::CachedDocument;
use crate::state::Intake;

/// How long a copy of the keys is used without asking: a withdrawn key should be gone soon.
const COPY_LIFETIME: &str = "public, max-age=300";

/// The discovery document.
///
/// # Errors
/// [`ProblemKind::NotFound`] where an operator has made no keys.
pub(crate) async fn render_discovery(intake: &Intake) -> Result<CachedDocument, Problem> {
    published_keys(intake).await?.ok_or(ProblemKind::NotFound)?;
    to_document(&discovery(&intake.settings.issuer_url))
}

/// The published keys.
///
/// # Errors
/// As [`render_discovery`].
pub(crate) async fn render_keys(intake: &Intake) -> Result<CachedDocument, Problem> {
    let keys = published_keys(intake).await?.ok_or(ProblemKind::NotFound)?;
    to_document(&jwks(&keys, intake.clock.now()))
}

async fn published_keys(intake: &Intake) -> Result<Option<Arc<Vec<PublishedKey>>>, Problem> {
    Ok(Some(intake.published_keys.list().await?).filter(|keys| !keys.is_empty()))
}

fn to_document(content: &impl Serialize) -> Result<CachedDocument, Problem> {
    let failed = |error: std::io::Error| Problem::from(ProblemKind::Internal).with_cause(error);
    let text = serde_json::to_string(content).map_err(|error| failed(error.into()))?;
    Ok(CachedDocument::new("application/json", text).map_err(failed)?.with_lifetime(COPY_LIFETIME))
}

/// What the app of a customer must trust, if that was asked for. The deployment has an issuer.
pub(crate) async fn find_trust(
    intake: &Intake,
    customer: &CustomerId,
    app: Option<&AppSummary>,
) -> Result<Option<FederatedTrust>, Problem> {
    let subject = match app.and_then(AppSummary::federated_subject) {
        Some(subject) => Some(subject),
        None => intake.apps.find_federated_subject(customer).await?,
    };
    Ok(subject.map(|subject| trust_in(intake, subject)))
}

/// The same, made where it is not there yet; `None` where the deployment has no issuer.
pub(crate) async fn get_or_create_trust(
    intake: &Intake,
    customer: &CustomerId,
    app: Option<&AppSummary>,
) -> Result<Option<FederatedTrust>, Problem> {
    if !is_offered(intake).await? {
        return Ok(None);
    }
    let subject = match app.and_then(AppSummary::federated_subject) {
        Some(subject) => subject,
        None => intake.apps.get_or_create_federated_subject(customer).await?,
    };
    Ok(Some(trust_in(intake, subject)))
}

fn trust_in(intake: &Intake, subject: FederatedSubject) -> FederatedTrust {
    FederatedTrust { issuer: intake.settings.issuer_url.as_str().to_owned(), subject }
}

/// Whether customers can do without a secret here.
pub(crate) async fn is_offered(intake: &Intake) -> Result<bool, Problem> {
    Ok(published_keys(intake).await?.is_some())
}
