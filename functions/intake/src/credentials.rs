//! Checking a submission with Microsoft and storing it.

use std::num::NonZeroU32;
use std::time::Duration;

use shared::adapters::vault::apps::{AppSnapshot, CheckRecord, ClaimOutcome};
use shared::adapters::vault::model::VaultError;
use shared::adapters::vault::secret_store::Versioned;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::entra_app::{
    AppSummary, ContactChange, Credential, CredentialsSubmission, EntraApp, IntakeLink, SubmittedCredential, TenantRef,
    TenureState,
};
use shared::domain::finding::{Finding, FindingKind, from_codes};
use shared::domain::sign_in::SignInTestLink;
use shared::http::html::HtmlPage;
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::types::domain_name::DomainName;
use shared::types::ids::CustomerId;
use shared::types::language::Language;
use shared::types::rate_limiter::RateLimit;
use shared::use_cases::app_check::{CandidateCheck, CheckReport};

use crate::customer::{NEXT_STEPS_TTL, consent_url};
use crate::intake_link::{OpenIntakeLink, current_app, ensure_unspent};
use crate::issuer;
use crate::pages::admin_frame::frame;
use crate::pages::receipt::render_receipt;
use crate::receipt::StoredCredentials;
use crate::state::Intake;

/// Stored credentials, or every finding that kept them from being stored.
pub(crate) type SubmissionResult = Result<StoredCredentials, Vec<Finding>>;

/// An app that Microsoft accepted.
struct CheckedApp {
    app: EntraApp,
    report: CheckReport,
    /// The pending key pair that the app uses, if it authenticates with a certificate, and the tenure it waits in.
    key_pair: Option<(Versioned<()>, TenureState)>,
    contact: ContactChange,
}

/// Submissions per link: how many at once, and the time until one more. A link must not serve to guess credentials.
const SUBMISSION_LIMIT: RateLimit = RateLimit { burst: NonZeroU32::new(20).unwrap(), period: Duration::from_mins(3) };

/// Checks and stores what the form submitted, and writes an audit entry.
///
/// # Errors
/// [`ProblemKind::TooManyRequests`] beyond [`SUBMISSION_LIMIT`], [`ProblemKind::LinkUnusable`] if the link was spent in
/// the meantime, [`ProblemKind::Conflict`] if somebody else stored at the same time.
pub(crate) async fn submit(
    intake: &Intake,
    link: &OpenIntakeLink,
    submission: CredentialsSubmission,
) -> Result<SubmissionResult, Problem> {
    let link_key = (link.customer.clone(), link.token.issued_at);
    let result = match intake.submission_limiter.acquire(&link_key, SUBMISSION_LIMIT) {
        Ok(()) => check_and_store(intake, link, submission).await,
        Err(wait) => Err(Problem::rate_limited(wait)),
    };
    let entry = AuditEntry::new(AuditAction::SubmitCredentials, AuditActor::Link).customer(&link.customer);
    match &result {
        Ok(Ok(_)) => entry.succeeded(),
        Ok(Err(findings)) => {
            intake.events.form_rejected(&link.token, findings).await;
            entry.refused(findings.first().map_or("credentials_refused", |finding| finding.kind.code()));
        }
        Err(problem) => entry.refused(problem.code()),
    }
    result
}

async fn check_and_store(
    intake: &Intake,
    link: &OpenIntakeLink,
    submission: CredentialsSubmission,
) -> Result<SubmissionResult, Problem> {
    let checked = match check(intake, &link.customer, submission, link.expected_domain.as_ref()).await? {
        Ok(checked) => checked,
        Err(findings) => return Ok(Err(findings)),
    };
    let current = ensure_unspent(intake, &link.token).await?;
    if let Some(kind) = current.summary.and_then(|summary| app_change_finding(&summary, &checked.app)) {
        return Ok(Err(vec![kind.into()]));
    }
    store(intake, &link.customer, (checked, Some(&link.digest)), current.snapshot.as_ref()).await
}

/// Checks and stores credentials that the ATS sent.
///
/// # Errors
/// [`ProblemKind::CredentialsRefused`] with the findings, [`ProblemKind::Conflict`] if somebody else stored at the same
/// time.
pub(crate) async fn put(
    intake: &Intake,
    customer: &CustomerId,
    submission: CredentialsSubmission,
) -> Result<StoredCredentials, Problem> {
    let refused = |findings| Problem::from(ProblemKind::CredentialsRefused).with_findings(findings);
    let checked = check(intake, customer, submission, None).await?.map_err(refused)?;
    let snapshot = intake.apps.snapshot(customer).await?;
    store(intake, customer, (checked, None), snapshot.as_ref()).await?.map_err(refused)
}

/// Checks the fields first, all at once. Only values that could be right are checked with Microsoft.
async fn check(
    intake: &Intake,
    customer: &CustomerId,
    submission: CredentialsSubmission,
    expected_domain: Option<&DomainName>,
) -> Result<Result<CheckedApp, Vec<Finding>>, Problem> {
    let (prepared, key_pair) = match submission.offer {
        SubmittedCredential::Certificate => {
            let current = current_app(intake, customer).await?;
            let read = intake.pending_key_pairs.read(customer, current.credential()).await?;
            let (pair, held) = read.map(Versioned::into_parts).unzip();
            (pair.map(Credential::Certificate), held.map(|held| (held, current.tenure_state())))
        }
        SubmittedCredential::Federated => {
            let current = current_app(intake, customer).await?;
            let trust = issuer::get_or_create_trust(intake, customer, current.summary.as_ref()).await?;
            let Some(trust) = trust else {
                let error =
                    FieldError::new("kind", "cannot be `federated`: the operator has made no keys for the issuer");
                return Err(Problem::from(ProblemKind::InvalidFields).with_field(error));
            };
            (Some(Credential::Federated(trust.subject)), None)
        }
        SubmittedCredential::Secret { .. } => (None, None),
    };
    let mut candidate = match submission.parse(prepared, intake.clock.now()) {
        Ok(candidate) => candidate,
        Err(findings) => return Ok(Err(findings)),
    };
    let contact = std::mem::take(&mut candidate.contact);
    let expected_tenant = expected_domain.cloned().map(TenantRef::Domain);
    Ok(match intake.app_checker.check_candidate(candidate, expected_tenant.as_ref()).await? {
        CandidateCheck { app: Some(app), report } if !report.has_errors() => {
            Ok(CheckedApp { app, report, key_pair, contact })
        }
        CandidateCheck { report, .. } => Err(report.findings),
    })
}

async fn store(
    intake: &Intake,
    customer: &CustomerId,
    (checked, link): (CheckedApp, Option<&str>),
    snapshot: Option<&AppSnapshot>,
) -> Result<SubmissionResult, Problem> {
    let CheckedApp { app, report, key_pair, contact } = checked;
    let tenure = snapshot.map_or(TenureState::None, AppSnapshot::tenure_state);
    if key_pair.as_ref().is_some_and(|(_, waits_in)| !waits_in.lasts_in(tenure)) {
        return Err(ProblemKind::Conflict.into());
    }
    let app_id = (app.tenant, app.client_id);
    let is_verified = report.verified_at.is_some();
    let claim = if is_verified {
        intake.apps.claims.claim(customer, app_id).await?
    } else {
        intake.apps.claims.look_up(customer, app_id).await?
    };
    if claim == ClaimOutcome::Taken {
        return Ok(Err(vec![FindingKind::AppOfAnotherCustomer.into()]));
    }
    let record = CheckRecord::from_findings(is_verified, &report.findings);
    match intake.apps.store_by_link(customer, &app, (&record, link, &contact), snapshot).await {
        Ok(()) => {
            // After a failure the key pair counts as in use all the same: its fingerprint is the current one.
            if let Some((key_pair, _)) = key_pair
                && let Err(error) = intake.pending_key_pairs.consume(customer, &key_pair).await
            {
                tracing::warn!(%customer, error = %error, "deleting a pending key pair that is in use now failed");
            }
            let secret_prefix = match &app.credential {
                Credential::Secret(secret) => Some(secret.prefix()),
                Credential::Certificate(_) | Credential::Federated(_) => None,
            };
            let summary = intake.apps.summary(customer).await?;
            stored_credentials(intake, customer, summary, (report.findings, secret_prefix)).await.map(Ok)
        }
        // Two people submitted the form at once. The second one is told that the state has changed.
        Err(VaultError::Stale) => Err(ProblemKind::Conflict.into()),
        Err(error) => Err(error.into()),
    }
}

/// Shows how things stand with credentials that are in use, by what their tags say.
pub(crate) async fn show_status(
    intake: &Intake,
    language: Language,
    link: &IntakeLink,
    app: AppSummary,
) -> Result<HtmlPage, Problem> {
    let findings = from_codes(&app.findings);
    let stored = stored_credentials(intake, &link.customer, app, (findings, None)).await?;
    render_receipt((frame(intake), language), link, &stored, intake.clock.now())
}

async fn stored_credentials(
    intake: &Intake,
    customer: &CustomerId,
    summary: AppSummary,
    (findings, secret_prefix): (Vec<Finding>, Option<String>),
) -> Result<StoredCredentials, Problem> {
    let (tenant, client_id) = (summary.tenant, summary.client_id);
    let test = SignInTestLink { customer: customer.clone(), tenure: summary.tenure, tenant, client_id };
    let (test_link, _) = intake.next_steps_keys.seal_for(&test, NEXT_STEPS_TTL).await??;
    let consent_url = consent_url(intake, customer, &summary).await?;
    Ok(StoredCredentials {
        summary,
        findings,
        secret_prefix,
        redirect_uri: intake.entra.redirect_uri().clone(),
        consent_url,
        test_sign_in_url: format!("{}/sign-in-test/{test_link}", intake.settings.public_url.as_str()),
    })
}

/// A link renews the credential of a working app and changes nothing else: the recruiters are signed in to this app, and
/// another app would end their connections.
fn app_change_finding(current: &AppSummary, app: &EntraApp) -> Option<FindingKind> {
    // A check may have proved nothing when a recruiter's sign-in has.
    if current.verified_at.is_none() && current.consent_seen_at.is_none() {
        return None;
    }
    match (current.tenant == app.tenant, current.client_id == app.client_id) {
        (false, _) => Some(FindingKind::TenantDiffers),
        (true, false) => Some(FindingKind::AppDiffers),
        (true, true) => None,
    }
}
