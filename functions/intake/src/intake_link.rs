//! Creating and opening an intake link.

use shared::adapters::vault::apps::AppSnapshot;
use shared::adapters::vault::model::VaultError;
use shared::adapters::vault::pending_key_pairs::PendingCertificate;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::entra_app::{AppSummary, IntakeLink, TenureState};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::clock::add_saturating;
use shared::types::ids::CustomerId;
use shared::types::rate_limiter::LINK_LIMIT;
use shared::types::sealing::OpenedToken;

use crate::requests::IntakeLinkOptions;
use crate::responses::IntakeLinkResponse;
use crate::state::Intake;

/// An intake link that was opened and is not spent.
pub(crate) struct OpenIntakeLink {
    /// The content of the link and the time at which it was created.
    pub(crate) token: OpenedToken<IntakeLink>,
    /// The app that the customer works with now, if there is one.
    pub(crate) current_app: Option<AppSummary>,
    /// The certificate of a key pair that is not in use yet, if one was created.
    pub(crate) pending_certificate: Option<PendingCertificate>,
}

impl std::ops::Deref for OpenIntakeLink {
    type Target = IntakeLink;
    fn deref(&self) -> &IntakeLink {
        &self.token.content
    }
}

/// The app that a customer works with: the version to compare with when writing, and what its tags say.
pub(crate) struct CurrentApp {
    pub(crate) snapshot: Option<AppSnapshot>,
    pub(crate) summary: Option<AppSummary>,
}

impl CurrentApp {
    fn tenure_state(&self) -> TenureState {
        self.snapshot.as_ref().map_or(TenureState::None, AppSnapshot::tenure_state)
    }
}

/// Creates a sealed link for the customer's administrator.
pub(crate) async fn create(
    intake: &Intake,
    customer: CustomerId,
    options: IntakeLinkOptions,
) -> Result<IntakeLinkResponse, Problem> {
    let now = intake.clock.now();
    let expires_at = add_saturating(now, options.lifetime);
    let IntakeLinkOptions { language, expected_domain, return_url, .. } = options;
    let tenure = current_app(intake, &customer).await?.tenure_state();
    let content = IntakeLink { customer, language, expected_domain, return_url, tenure };
    let sealed = intake.sealing_keys.current().await?.seal(&content, "", now, expires_at)?;
    Ok(IntakeLinkResponse { url: format!("{}/intake/{sealed}", intake.settings.public_url.as_str()), expires_at })
}

/// Opens a link and writes an audit entry.
///
/// # Errors
/// [`ProblemKind::LinkUnusable`] for a link that this deployment did not seal, that has expired or that is spent;
/// [`ProblemKind::TooManyRequests`] beyond [`LINK_LIMIT`].
pub(crate) async fn open(intake: &Intake, link: &str) -> Result<OpenIntakeLink, Problem> {
    let unusable = |error| Problem::from(ProblemKind::LinkUnusable).with_cause(error);
    let token = intake.sealing_keys.open::<IntakeLink>(link, "", intake.clock.now()).await?.map_err(unusable)?;
    intake.link_limiter.acquire(&link.to_owned(), LINK_LIMIT).map_err(Problem::rate_limited)?;
    let current_app = ensure_unspent(intake, &token).await?.summary;
    let customer = &token.content.customer;
    AuditEntry::new(AuditAction::OpenIntakeLink, AuditActor::Link).customer(customer).succeeded();
    let fingerprint = credential_fingerprint(current_app.as_ref());
    let pending_certificate = intake.pending_key_pairs.find_certificate(customer, fingerprint).await?;
    Ok(OpenIntakeLink { token, current_app, pending_certificate })
}

/// Returns the current app. Credentials that were stored after the link was created spend the link; a withdrawal and an
/// offboarding end it. Clocks do not matter for the latter, and neither does it matter when the record of the former customer is
/// deleted: no link works for longer than 30 days, which is how long the record stays at least.
///
/// # Errors
/// [`ProblemKind::LinkUnusable`] for a link that is spent or withdrawn.
pub(crate) async fn ensure_unspent(intake: &Intake, token: &OpenedToken<IntakeLink>) -> Result<CurrentApp, Problem> {
    let customer = &token.content.customer;
    let current = current_app(intake, customer).await?;
    let is_spent = current.summary.as_ref().is_some_and(|summary| summary.submitted_at >= token.issued_at);
    if is_spent || !token.content.tenure.lasts_in(current.tenure_state()) {
        return Err(ProblemKind::LinkUnusable.into());
    }
    let withdrawn_at = intake.apps.intake_links_withdrawn_at(customer).await?;
    if withdrawn_at.is_some_and(|withdrawn_at| withdrawn_at >= token.issued_at) {
        return Err(ProblemKind::LinkUnusable.into());
    }
    Ok(current)
}

/// The customer's app, from the metadata of its secret: nothing secret is read.
pub(crate) async fn current_app(intake: &Intake, customer: &CustomerId) -> Result<CurrentApp, VaultError> {
    let snapshot = intake.apps.snapshot(customer).await?;
    let summary = snapshot.as_ref().map(AppSnapshot::summary).transpose()?.flatten();
    Ok(CurrentApp { snapshot, summary })
}

/// The fingerprint of the credential in use. A pending key pair with the same fingerprint is in use already.
pub(crate) fn credential_fingerprint(current_app: Option<&AppSummary>) -> Option<&str> {
    current_app.and_then(|app| app.fingerprint.as_deref())
}
