//! The sign-in test: an administrator signs in to see whether recruiters can.
//!
//! It stores no tokens and makes no connection, so nothing is gained by forwarding its link.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::Html;

use shared::adapters::microsoft::entra::{AccountHints, EntraError, SignInResult};
use shared::adapters::microsoft::graph::GraphError;
use shared::adapters::vault::apps::{AppStatusUpdate, finding_codes};
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::connection::GrantError;
use shared::domain::entra_app::SignInTestResult;
use shared::domain::finding::{Finding, FindingKind};
use shared::domain::meeting::{CreateMeeting, ExternalId, MeetingTimes};
use shared::domain::sign_in::{AuthorizationError, PendingSignIn, SignInPurpose, SignInTestLink};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::clock::{SignedDuration, Timestamp, add_saturating};
use shared::types::ids::CustomerId;
use shared::types::language::Language;
use shared::types::rate_limiter::RateLimit;
use shared::types::secret::{AccessToken, AuthorizationCode};

use crate::completion::check_app;
use crate::connection;
use crate::pages::result::{self, PassedStep, SignInTestReport, TestStep};
use crate::problems::app_problem;
use crate::responses::RedirectWithCookies;
use crate::sign_in::redirect_to_microsoft;
use crate::state::Callback;

/// How often tests with one link may end: how many at once, and the time until one more. Whoever has a test link could
/// otherwise call Microsoft with the customer's secret as often as he likes.
const TEST_LINK_LIMIT: RateLimit = RateLimit { burst: NonZeroU32::new(5).unwrap(), period: Duration::from_mins(1) };

/// The same for all links of one customer. It is more, so that one link does not use it up.
const CUSTOMER_LIMIT: RateLimit = RateLimit { burst: NonZeroU32::new(30).unwrap(), period: Duration::from_secs(20) };

/// What Microsoft also answers to a code that somebody made up, or when it is out of service.
const PROVES_NOTHING: [FindingKind; 5] = [
    FindingKind::SignInFailed,
    FindingKind::SignInExpired,
    FindingKind::RequestRejected,
    FindingKind::MicrosoftUnavailable,
    FindingKind::Throttled,
];

/// Starts a sign-in test.
pub(crate) async fn start(
    callback: &Callback,
    link: &str,
    meeting: bool,
    headers: &HeaderMap,
) -> Result<RedirectWithCookies, Problem> {
    let now = callback.clock.now();
    let opened = callback.next_steps_keys.open::<SignInTestLink>(link, "", now).await?;
    let opened = opened.map_err(|error| Problem::from(ProblemKind::LinkUnusable).with_cause(error))?;
    let (link, link_ends_at) = (opened.content, opened.expires_at);
    let app = link.app();
    callback.count_use("sign-in-test", &link.customer, app)?;
    if connection::app_summary(callback, &link.customer).await?.app() != app {
        return Err(ProblemKind::LinkUnusable.into());
    }
    let purpose = SignInPurpose::Test { meeting, link_ends_at };
    let sign_in = PendingSignIn::start(link.customer, purpose, app, (now, &callback.randomness))?;
    redirect_to_microsoft(callback, sign_in, AccountHints::default(), headers).await
}

/// Finishes a sign-in test: redeems the code, shows the findings, and records their codes, but not the account. What no
/// sign-in and no answer about the app has shown is recorded as a hint.
///
/// The code is redeemed without the ATS because no connection comes of it.
pub(crate) async fn finish(
    callback: &Callback,
    sign_in: PendingSignIn,
    (meeting, link_ends_at): (bool, Timestamp),
    result: Result<AuthorizationCode, AuthorizationError>,
    language: Language,
) -> Result<Html<String>, Problem> {
    let (customer, app) = (sign_in.customer.clone(), sign_in.app());
    for (link, limit) in [(Some(link_ends_at), TEST_LINK_LIMIT), (None, CUSTOMER_LIMIT)] {
        callback.sign_in_test_limiter.acquire(&(customer.clone(), link), limit).map_err(Problem::rate_limited)?;
    }
    let asks_microsoft = result.is_ok();
    let report = match result {
        Ok(code) => run_checks(callback, sign_in, meeting, code).await?,
        Err(error) => SignInTestReport::rejected(to_finding(error)),
    };
    let findings = &report.findings;
    let entry = AuditEntry::new(AuditAction::TestSignIn, AuditActor::Browser).customer(&customer);
    entry.ended(findings.first().map(|finding| finding.kind.code()));
    let test = SignInTestResult { at: callback.clock.now(), findings: finding_codes(findings) };
    let is_proof = asks_microsoft
        && (report.account.is_some() || findings.iter().any(|finding| !PROVES_NOTHING.contains(&finding.kind)));
    let update = if is_proof { AppStatusUpdate::SignInTest(test) } else { AppStatusUpdate::SignInTestHint(test) };
    if let Err(error) = callback.app_status.record(&customer, app, update).await {
        tracing::warn!(%customer, error = %error, "recording a sign-in test failed; showing its result anyway");
    }
    result::sign_in_test_page(&callback.settings.branding, language, &report)
}

/// Redeems the code and checks what meetings need, one step after the other.
async fn run_checks(
    callback: &Callback,
    sign_in: PendingSignIn,
    meeting: bool,
    code: AuthorizationCode,
) -> Result<SignInTestReport, Problem> {
    let (customer, id) = (&sign_in.customer, &sign_in.id);
    let app = callback.apps.read(customer).await.map_err(app_problem)?;
    check_app(&app, &sign_in)?;
    let SignInResult { account, is_guest, tokens } = match callback.entra.redeem_code(&app.value, &sign_in, &code).await
    {
        Ok(signed_in) => signed_in,
        Err(EntraError::AppRejected(finding) | EntraError::SignInRejected { finding, .. }) => {
            return Ok(SignInTestReport::rejected(finding));
        }
        Err(EntraError::RequestRejected { kind: Some(kind), evidence }) => {
            return Ok(SignInTestReport::rejected(Finding::reported(kind, evidence)));
        }
        Err(EntraError::Unavailable { retry_after, .. }) => {
            let kind = retry_after.map_or(FindingKind::MicrosoftUnavailable, |_| FindingKind::Throttled);
            return Ok(SignInTestReport::rejected(kind.into()));
        }
        Err(error) => return Err(error.into()),
    };
    let step = |kind| PassedStep { kind, at: callback.clock.now() };
    let mut passed = vec![step(TestStep::SignIn)];
    let mut findings: Vec<Finding> = GrantError::check(&tokens).map(|error| error.finding_kind().into()).collect();
    if is_guest {
        findings.push(FindingKind::AccountIsGuest.into());
    }
    // If Graph does not say whether there is a licence, that is no finding: a test meeting will tell.
    match callback.graph.has_teams_license(&tokens.access, account.oid).await {
        Ok(Some(true)) => passed.push(step(TestStep::Licence)),
        Ok(Some(false)) => findings.push(FindingKind::TeamsLicenceMissing.into()),
        Ok(None) | Err(_) => {}
    }
    if meeting && findings.is_empty() {
        match create_and_delete_meeting(callback, &tokens.access, customer, id).await? {
            Ok(kind) => passed.push(step(kind)),
            Err(finding) => findings.push(finding.into()),
        }
    }
    Ok(SignInTestReport { account: Some(account.upn), passed, findings })
}

/// Creates a meeting an hour ahead and deletes it. Returns the step that passed, or what stands in the way.
async fn create_and_delete_meeting(
    callback: &Callback,
    access: &AccessToken,
    customer: &CustomerId,
    sign_in: &str,
) -> Result<Result<TestStep, FindingKind>, Problem> {
    let internal = |_| Problem::from(ProblemKind::Internal);
    let key = sign_in.parse().map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))?;
    let external_id = ExternalId::for_order(&key, customer, &"sign-in-test".parse().map_err(internal)?);
    let now =
        Timestamp::from_second(callback.clock.now().as_second()).map_err(|_| Problem::from(ProblemKind::Internal))?;
    let start = add_saturating(now, SignedDuration::from_hours(1));
    let times = MeetingTimes {
        start,
        end: add_saturating(start, SignedDuration::from_mins(15)),
        changes: 0,
        fingerprint: None,
    };
    let order = CreateMeeting {
        subject: callback.settings.branding.app_name(),
        times,
        people: &[],
        language: Language::default(),
    };
    match callback.graph.create_or_get(access, &external_id, &order).await {
        Ok((_, meeting)) => {
            if let Err(error) = callback.graph.delete_meeting(access, &meeting.id).await {
                tracing::warn!(error = %error, "deleting the meeting of a sign-in test failed; the meeting stays");
                return Ok(Ok(TestStep::MeetingNotDeleted));
            }
            Ok(Ok(TestStep::Meeting))
        }
        Err(GraphError::Unavailable { .. }) => Ok(Err(FindingKind::Throttled)),
        Err(GraphError::TokenRejected | GraphError::NotAllowed(_) | GraphError::NotFound | GraphError::Refused(_)) => {
            Ok(Err(FindingKind::TeamsNotAvailable))
        }
        Err(error @ GraphError::Protocol(_)) => Err(error.into()),
    }
}

/// The finding for an error of the redirect; `sign_in_failed` if there is no better one.
pub(crate) fn to_finding(error: AuthorizationError) -> Finding {
    Finding::reported(error.finding.unwrap_or(FindingKind::SignInFailed), error.evidence)
}
