//! The one call that each handler makes.

use std::num::NonZeroU32;
use std::time::Duration;

use url::Url;

use shared::adapters::vault::Versioned;
use shared::adapters::vault::apps::{AppSnapshot, CheckRecord, ClaimOutcome};
use shared::adapters::vault::model::VaultError;
use shared::adapters::vault::pending_key_pairs::PendingCertificate;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::entra_app::{
    AdminConsentRequest, AppSummary, Certificate, Credential, CredentialsSubmission, DomainName, EntraApp, IntakeLink,
    SubmittedCredential, TenantRef,
};
use shared::domain::finding::{Finding, FindingKind as Found};
use shared::domain::sign_in::SignInTestLink;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::clock::{SignedDuration, add_saturating};
use shared::types::ids::{ClientId, CustomerId, TenantId};
use shared::types::rate_limiter::RateLimit;
use shared::types::sealing::OpenedToken;
use shared::use_cases::app_check::{CandidateCheck, CheckReport};

use crate::Intake;
use crate::requests::{IntakeLinkOptions, IntakeLinkResponse};

/// A link that opened: what it says, and when it was made.
pub(crate) struct OpenIntakeLink {
    opened: OpenedToken<IntakeLink>,
    /// The app that the customer works with until then.
    pub(crate) present: Option<AppSummary>,
    /// The certificate that waits for being registered, if one was made.
    pub(crate) waiting: Option<PendingCertificate>,
}

impl std::ops::Deref for OpenIntakeLink {
    type Target = IntakeLink;
    fn deref(&self) -> &IntakeLink {
        &self.opened.content
    }
}

/// Credentials that were taken, or every reason why not.
pub(crate) type SubmissionResult = Result<StoredCredentials, Vec<Finding>>;

/// An app that works.
struct CheckedApp {
    app: EntraApp,
    diagnosis: CheckReport,
    /// Where its key pair waited, if it has one.
    pair: Option<Versioned<()>>,
}

/// How often a form may be submitted with one link, so that nobody tries out credentials with it.
const SUBMISSION_LIMIT: RateLimit = RateLimit { burst: NonZeroU32::new(20).unwrap(), period: Duration::from_mins(3) };

/// How long the two next steps of a receipt can be taken: consent, and the test of a sign-in.
const NEXT_STEPS_TTL: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What whoever handed over credentials gets for them.
#[derive(Debug)]
pub(crate) struct StoredCredentials {
    /// What is known now.
    pub(crate) card: AppSummary,
    /// What was found, with what Microsoft said.
    pub(crate) findings: Vec<Finding>,
    /// The first three characters of the secret, which the portal goes on showing too; none of a certificate.
    pub(crate) secret_begins: Option<String>,
    /// What the app must have registered.
    pub(crate) redirect_uri: Url,
    /// Microsoft's page on which an administrator consents for everybody.
    pub(crate) consent_url: Url,
    /// Where anybody of the tenant tests a sign-in; with `?meeting=yes` a meeting is made and deleted again.
    pub(crate) test_sign_in_url: String,
}

impl Intake {
    pub(crate) async fn invite(
        &self,
        customer: CustomerId,
        wish: IntakeLinkOptions,
    ) -> Result<IntakeLinkResponse, Problem> {
        let now = self.clock.now();
        let expires_at = add_saturating(now, wish.life);
        let IntakeLinkOptions { language, expected_domain, return_url, .. } = wish;
        let content = IntakeLink { customer, language, expected_domain, return_url };
        let sealed = self.sealing_keys.current().await?.seal(&content, "", now, expires_at)?;
        Ok(IntakeLinkResponse { url: format!("{}/intake/{sealed}", self.settings.public_url.as_str()), expires_at })
    }

    /// A link that is ours, in time, and not spent: credentials that were handed over after it was made spend it.
    pub(crate) async fn opened(&self, link: &str) -> Result<OpenIntakeLink, Problem> {
        let unusable = |error| Problem::from(ProblemKind::LinkUnusable).with_cause(error);
        let opened = self.sealing_keys.open::<IntakeLink>(link, "", self.clock.now()).await?.map_err(unusable)?;
        let (_, present) = self.look(&opened).await?;
        AuditEntry::new(AuditAction::OpenIntakeLink, AuditActor::Link).customer(&opened.content.customer).succeeded();
        let waiting =
            self.key_pairs.find_certificate(&opened.content.customer, credential_fingerprint(present.as_ref())).await?;
        Ok(OpenIntakeLink { opened, present, waiting })
    }

    async fn look(&self, link: &OpenedToken<IntakeLink>) -> Result<(Option<AppSnapshot>, Option<AppSummary>), Problem> {
        let (seen, card) = self.present(&link.content.customer).await?;
        if card.as_ref().is_some_and(|card| card.submitted_at >= link.issued_at) {
            return Err(ProblemKind::LinkUnusable.into());
        }
        Ok((seen, card))
    }

    /// The app that a customer works with, from outside, and what is known of it.
    async fn present(&self, customer: &CustomerId) -> Result<(Option<AppSnapshot>, Option<AppSummary>), VaultError> {
        let seen = self.apps.snapshot(customer).await?;
        let card = seen.as_ref().map(AppSnapshot::summary).transpose()?.flatten();
        Ok((seen, card))
    }

    /// Checks what the form says and keeps it if it works.
    pub(crate) async fn take(
        &self,
        link: &OpenIntakeLink,
        submission: CredentialsSubmission,
    ) -> Result<SubmissionResult, Problem> {
        let tried = self.tries.acquire(&(link.customer.clone(), link.opened.issued_at), SUBMISSION_LIMIT);
        let taken = match tried {
            Ok(()) => self.tried(link, submission).await,
            Err(wait) => Err(Problem::rate_limited(wait)),
        };
        let entry = AuditEntry::new(AuditAction::SubmitCredentials, AuditActor::Link).customer(&link.customer);
        match &taken {
            Ok(Ok(_)) => entry.succeeded(),
            Ok(Err(findings)) => {
                entry.refused(findings.first().map_or("credentials_refused", |found| found.kind.code()));
            }
            Err(problem) => entry.refused(problem.code()),
        }
        taken
    }

    async fn tried(
        &self,
        link: &OpenIntakeLink,
        submission: CredentialsSubmission,
    ) -> Result<SubmissionResult, Problem> {
        let checked = match self.check(&link.customer, submission, link.expected_domain.as_ref()).await? {
            Ok(checked) => checked,
            Err(findings) => return Ok(Err(findings)),
        };
        let (seen, card) = self.look(&link.opened).await?;
        if let Some(kind) = card.and_then(|card| app_change_finding(&card, &checked.app)) {
            return Ok(Err(vec![kind.into()]));
        }
        self.keep(&link.customer, checked, seen.as_ref()).await
    }

    /// The certificate that waits for being registered, as a file.
    pub(crate) async fn certificate(&self, link: &OpenIntakeLink) -> Result<Certificate, Problem> {
        let held = self.key_pairs.read(&link.customer, credential_fingerprint(link.present.as_ref())).await?;
        held.map(|held| held.value.certificate).ok_or_else(|| ProblemKind::NotFound.into())
    }

    /// Makes a key pair for the customer of a link, unless one waits already.
    pub(crate) async fn make_certificate(&self, link: &OpenIntakeLink) -> Result<Certificate, Problem> {
        let made = self.key_pairs.get_or_create(&link.customer, credential_fingerprint(link.present.as_ref())).await;
        let made = made.map_err(Problem::from);
        let entry = AuditEntry::new(AuditAction::MakeCertificate, AuditActor::Link).customer(&link.customer);
        match &made {
            Ok(_) => entry.succeeded(),
            Err(problem) => entry.refused(problem.code()),
        }
        made
    }

    /// The same for an ATS that hands the certificate on itself.
    pub(crate) async fn order_certificate(&self, customer: &CustomerId) -> Result<Certificate, Problem> {
        let (_, present) = self.present(customer).await?;
        Ok(self.key_pairs.get_or_create(customer, credential_fingerprint(present.as_ref())).await?)
    }

    /// The same for values that the ATS brings itself.
    pub(crate) async fn hand_over(
        &self,
        customer: &CustomerId,
        submission: CredentialsSubmission,
    ) -> Result<StoredCredentials, Problem> {
        let refused = |findings| Problem::from(ProblemKind::CredentialsRefused).with_findings(findings);
        let checked = self.check(customer, submission, None).await?.map_err(refused)?;
        let seen = self.apps.snapshot(customer).await?;
        self.keep(customer, checked, seen.as_ref()).await?.map_err(refused)
    }

    pub(crate) async fn known(&self, customer: &CustomerId) -> Result<AppSummary, Problem> {
        self.apps.summary(customer).await.map_err(|error| match error {
            VaultError::Deleted => ProblemKind::Offboarded.into(),
            error => error.into(),
        })
    }

    pub(crate) async fn offboard(&self, customer: &CustomerId) -> Result<(), Problem> {
        let former = self.apps.summary(customer).await.ok().map(|card| (card.tenant, card.client_id));
        self.key_pairs.delete(customer).await?;
        self.apps.offboard(customer).await?;
        self.let_go(customer, former).await;
        Ok(())
    }

    /// First the fields, all at once; then, where they could be right, the doctor.
    async fn check(
        &self,
        customer: &CustomerId,
        submission: CredentialsSubmission,
        expected: Option<&DomainName>,
    ) -> Result<Result<CheckedApp, Vec<Finding>>, Problem> {
        let (waiting, pair) = match submission.offer {
            SubmittedCredential::Certificate => {
                let (_, present) = self.present(customer).await?;
                self.key_pairs
                    .read(customer, credential_fingerprint(present.as_ref()))
                    .await?
                    .map(Versioned::into_parts)
                    .unzip()
            }
            SubmittedCredential::Secret { .. } => (None, None),
        };
        let candidate = match submission.parse(waiting, self.clock.now()) {
            Ok(candidate) => candidate,
            Err(findings) => return Ok(Err(findings)),
        };
        let expected = expected.cloned().map(TenantRef::Domain);
        Ok(match self.doctor.check_candidate(candidate, expected.as_ref()).await? {
            CandidateCheck { app: Some(app), report } if !report.has_errors() => {
                Ok(CheckedApp { app, diagnosis: report, pair })
            }
            CandidateCheck { report, .. } => Err(report.findings),
        })
    }

    async fn keep(
        &self,
        customer: &CustomerId,
        checked: CheckedApp,
        seen: Option<&AppSnapshot>,
    ) -> Result<SubmissionResult, Problem> {
        let CheckedApp { app, diagnosis, pair } = checked;
        let of = (app.tenant, app.client_id);
        if self.apps.claim(customer, of).await? == ClaimOutcome::Taken {
            return Ok(Err(vec![Found::AppOfAnotherCustomer.into()]));
        }
        let diagnosed = CheckRecord::from_findings(diagnosis.verified_at.is_some(), &diagnosis.findings);
        match self.apps.store(customer, &app, &diagnosed, seen).await {
            Ok(()) => {
                // Where this fails, the pair waits no more all the same: it is the one in use.
                if let Some(pair) = pair
                    && let Err(error) = self.key_pairs.consume(customer, &pair).await
                {
                    tracing::warn!(%customer, error = %error, "the key of an app was not taken from where it waited");
                }
                let former =
                    seen.map(AppSnapshot::summary).transpose()?.flatten().map(|card| (card.tenant, card.client_id));
                self.let_go(customer, former.filter(|former| *former != of)).await;
                self.receipt(customer, &app, diagnosis.findings).await.map(Ok)
            }
            // Two people sent the form at once; whoever came second sees that it is done.
            Err(VaultError::Stale) => Err(ProblemKind::Conflict.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Releases an app that the customer works with no more. A claim that stays behind counts no longer.
    async fn let_go(&self, customer: &CustomerId, former: Option<(TenantId, ClientId)>) {
        let Some(former) = former else { return };
        if let Err(error) = self.apps.release(customer, former).await {
            tracing::warn!(%customer, error = %error, "the claim of a former app was not released");
        }
    }

    async fn receipt(
        &self,
        customer: &CustomerId,
        app: &EntraApp,
        findings: Vec<Finding>,
    ) -> Result<StoredCredentials, Problem> {
        let card = self.apps.summary(customer).await?;
        let now = self.clock.now();
        let seal = self.sealing_keys.current().await?;
        let (tenant, client_id) = (app.tenant, app.client_id);
        let consent = AdminConsentRequest { customer: customer.clone(), tenant, client_id };
        let state = seal.seal(&consent, "", now, add_saturating(now, NEXT_STEPS_TTL))?;
        let test = SignInTestLink { customer: customer.clone(), tenant, client_id };
        let test = seal.seal(&test, "", now, add_saturating(now, NEXT_STEPS_TTL))?;
        Ok(StoredCredentials {
            card,
            findings,
            secret_begins: match &app.credential {
                Credential::Secret(secret) => Some(secret.prefix()),
                Credential::Certificate(_) => None,
            },
            redirect_uri: self.entra.redirect_uri().clone(),
            consent_url: self.entra.consent_url(tenant, client_id, &state)?,
            test_sign_in_url: format!("{}/sign-in-test/{test}", self.settings.public_url.as_str()),
        })
    }
}

/// What tells the credential that a customer works with from others.
fn credential_fingerprint(present: Option<&AppSummary>) -> Option<&str> {
    present.and_then(|card| card.fingerprint.as_deref())
}

/// A link renews the credential of a working app and changes nothing else: its recruiters are signed in to this very
/// app, and another one would sign them out.
fn app_change_finding(card: &AppSummary, app: &EntraApp) -> Option<Found> {
    card.verified_at?;
    match (card.tenant == app.tenant, card.client_id == app.client_id) {
        (false, _) => Some(Found::TenantDiffers),
        (true, false) => Some(Found::AppDiffers),
        (true, true) => None,
    }
}
