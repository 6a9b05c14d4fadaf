//! Creating and opening an intake link. It opens the form until it is spent, and then shows how things stand until it ends.

use ring::digest;

use shared::adapters::vault::apps::AppSnapshot;
use shared::adapters::vault::model::VaultError;
use shared::adapters::vault::pending_key_pairs::{CredentialInUse, PendingCertificate};
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::entra_app::{AppSummary, FederatedTrust, IntakeLink, TenureState};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::CustomerId;
use shared::types::rate_limiter::LINK_LIMIT;
use shared::types::sealing::OpenedToken;

use crate::issuer;
use crate::requests::IntakeLinkOptions;
use crate::responses::IntakeLinkResponse;
use crate::state::Intake;

/// What an intake link opens.
pub(crate) enum OpenedIntakeLink {
    /// The form.
    Form(Box<OpenIntakeLink>),
    /// How things stand: the credentials in use came by this link.
    Status(Box<(IntakeLink, AppSummary)>),
}

/// An intake link that was opened and is not spent.
pub(crate) struct OpenIntakeLink {
    /// Tells the link from every other.
    pub(crate) digest: String,
    /// The content of the link and the time at which it was created.
    pub(crate) token: OpenedToken<IntakeLink>,
    /// The app that the customer works with now, if there is one.
    pub(crate) current: CurrentApp,
    /// The certificate of a key pair that is not in use yet, if one was created.
    pub(crate) pending_certificate: Option<PendingCertificate>,
    /// Whether an app can do without a secret here.
    pub(crate) is_federation_offered: bool,
    /// What the app must trust then, if an administrator asked for that.
    pub(crate) trust: Option<FederatedTrust>,
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
    pub(crate) fn tenure_state(&self) -> TenureState {
        self.snapshot.as_ref().map_or(TenureState::None, AppSnapshot::tenure_state)
    }

    /// A pending key pair of another tenure does not count, and one with the same fingerprint is in use already.
    pub(crate) fn credential(&self) -> CredentialInUse<'_> {
        let fingerprint = self.summary.as_ref().and_then(|app| app.fingerprint.as_deref());
        CredentialInUse { tenure: self.tenure_state(), fingerprint }
    }
}

/// Creates a sealed link for the customer's administrator.
pub(crate) async fn create(
    intake: &Intake,
    customer: CustomerId,
    options: IntakeLinkOptions,
) -> Result<IntakeLinkResponse, Problem> {
    let IntakeLinkOptions { lifetime, language, expected_domain, return_url, customer_name, requested_by } = options;
    let tenure = current_app(intake, &customer).await?.tenure_state();
    let content = IntakeLink { customer, language, expected_domain, return_url, customer_name, requested_by, tenure };
    let (sealed, expires_at) = intake.link_keys.seal_for(&content, lifetime).await??;
    Ok(IntakeLinkResponse { url: format!("{}/intake/{sealed}", intake.settings.public_url.as_str()), expires_at })
}

/// Opens a link that is not spent.
///
/// # Errors
/// As [`open_any`], and for a link that is spent.
pub(crate) async fn open(intake: &Intake, link: &str) -> Result<OpenIntakeLink, Problem> {
    match open_any(intake, link).await? {
        OpenedIntakeLink::Form(opened) => Ok(*opened),
        OpenedIntakeLink::Status(..) => Err(ProblemKind::LinkUnusable.into()),
    }
}

/// Opens a link and writes an audit entry.
///
/// # Errors
/// [`ProblemKind::LinkUnusable`] for a link that this deployment did not seal, that has expired, or that other credentials spent;
/// [`ProblemKind::TooManyRequests`] beyond [`LINK_LIMIT`].
pub(crate) async fn open_any(intake: &Intake, link: &str) -> Result<OpenedIntakeLink, Problem> {
    let unusable = |error| Problem::from(ProblemKind::LinkUnusable).with_cause(error);
    let token = intake.link_keys.open::<IntakeLink>(link, "", intake.clock.now()).await?.map_err(unusable)?;
    intake.link_limiter.acquire(&link.to_owned(), LINK_LIMIT).map_err(Problem::rate_limited)?;
    let (customer, digest) = (&token.content.customer, digest(link));
    let current = current_app(intake, customer).await?;
    ensure_not_withdrawn(intake, &token).await?;
    if let Some(summary) = current.summary.as_ref().filter(|app| app.intake_link.as_ref() == Some(&digest)) {
        AuditEntry::new(AuditAction::OpenIntakeLink, AuditActor::Link).customer(customer).succeeded();
        let summary = summary.clone();
        return Ok(OpenedIntakeLink::Status(Box::new((token.content, summary))));
    }
    ensure_current(&token, &current)?;
    AuditEntry::new(AuditAction::OpenIntakeLink, AuditActor::Link).customer(customer).succeeded();
    let pending_certificate = intake.pending_key_pairs.find_certificate(customer, current.credential()).await?;
    let is_federation_offered = issuer::is_offered(intake).await?;
    let trust = if is_federation_offered {
        issuer::find_trust(intake, customer, current.summary.as_ref()).await?
    } else {
        None
    };
    Ok(OpenedIntakeLink::Form(Box::new(OpenIntakeLink {
        digest,
        token,
        current,
        pending_certificate,
        is_federation_offered,
        trust,
    })))
}

/// Returns the current app. Credentials that were stored after the link was created spend the link; a withdrawal and an
/// offboarding end it. Clocks do not matter for the latter, and neither does it matter when the record of the former customer is
/// deleted: no link works for longer than 30 days, which is how long the record stays at least.
///
/// # Errors
/// [`ProblemKind::LinkUnusable`] for a link that is spent or withdrawn.
pub(crate) async fn ensure_unspent(intake: &Intake, token: &OpenedToken<IntakeLink>) -> Result<CurrentApp, Problem> {
    let current = current_app(intake, &token.content.customer).await?;
    ensure_current(token, &current)?;
    ensure_not_withdrawn(intake, token).await?;
    Ok(current)
}

fn ensure_current(token: &OpenedToken<IntakeLink>, current: &CurrentApp) -> Result<(), Problem> {
    let is_spent = current.summary.as_ref().is_some_and(|summary| summary.submitted_at >= token.issued_at);
    if is_spent || !token.content.tenure.lasts_in(current.tenure_state()) {
        return Err(ProblemKind::LinkUnusable.into());
    }
    Ok(())
}

async fn ensure_not_withdrawn(intake: &Intake, token: &OpenedToken<IntakeLink>) -> Result<(), Problem> {
    let withdrawn_at = intake.apps.intake_links_withdrawn_at(&token.content.customer).await?;
    if withdrawn_at.is_some_and(|withdrawn_at| withdrawn_at >= token.issued_at) {
        return Err(ProblemKind::LinkUnusable.into());
    }
    Ok(())
}

/// What tells a link from every other, and opens nothing.
fn digest(link: &str) -> String {
    let digest = digest::digest(&digest::SHA256, link.as_bytes());
    hex::encode(digest.as_ref().get(..16).unwrap_or_default())
}

/// The customer's app, from the metadata of its secret: nothing secret is read.
pub(crate) async fn current_app(intake: &Intake, customer: &CustomerId) -> Result<CurrentApp, VaultError> {
    let snapshot = intake.apps.snapshot(customer).await?;
    let summary = snapshot.as_ref().map(AppSnapshot::summary).transpose()?.flatten();
    Ok(CurrentApp { snapshot, summary })
}
