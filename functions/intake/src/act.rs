//! The one call that each handler makes.

use std::num::NonZeroU32;
use std::time::Duration;

use url::Url;

use shared::audit::{By, Deed, Entry};
use shared::clock::{SignedDuration, after};
use shared::doctor::Diagnosis;
use shared::entra_app::{
    AppCard, Certificate, ConsentRequest, Credential, Domain, EntraApp, IntakeLink, Offer, Submission, TenantName,
};
use shared::finding::{Finding, Kind as Found};
use shared::ids::{ClientId, CustomerId, TenantId};
use shared::seal::Opened;
use shared::sign_in::SignInTestLink;
use shared::vault::Held;
use shared::vault::apps::{Claim, Diagnosed, Seen};
use shared::vault::key_pairs::Waiting;
use shared::vault::terms::VaultError;
use shared::web::problem::{Kind, Problem};

use crate::Intake;
use crate::parse::{Link, LinkWish};

/// A link that opened: what it says, and when it was made.
pub(crate) struct OpenLink {
    opened: Opened<IntakeLink>,
    /// The app that the customer works with until then.
    pub(crate) present: Option<AppCard>,
    /// The certificate that waits for being registered, if one was made.
    pub(crate) waiting: Option<Waiting>,
}

impl std::ops::Deref for OpenLink {
    type Target = IntakeLink;
    fn deref(&self) -> &IntakeLink {
        &self.opened.content
    }
}

/// Credentials that were taken, or every reason why not.
pub(crate) type Taken = Result<Receipt, Vec<Finding>>;

/// An app that works.
struct Checked {
    app: EntraApp,
    diagnosis: Diagnosis,
    /// Where its key pair waited, if it has one.
    pair: Option<Held<()>>,
}

/// A link is no place to try out credentials: forms at once, and after what time one more.
const TRIES_OF_A_LINK: (NonZeroU32, Duration) = (NonZeroU32::new(20).unwrap(), Duration::from_mins(3));

/// How long the two next steps of a receipt can be taken: consent, and the test of a sign-in.
const NEXT_STEPS_TIME: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What whoever handed over credentials gets for them.
#[derive(Debug)]
pub(crate) struct Receipt {
    /// What is known now.
    pub(crate) card: AppCard,
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
    pub(crate) async fn invite(&self, customer: CustomerId, wish: LinkWish) -> Result<Link, Problem> {
        let now = self.clock.now();
        let expires_at = after(now, wish.life);
        let LinkWish { language, expected_domain, return_url, .. } = wish;
        let content = IntakeLink { customer, language, expected_domain, return_url };
        let sealed = self.sealing_keys.seal().await?.close(&content, "", now, expires_at)?;
        Ok(Link { url: format!("{}/intake/{sealed}", self.settings.public_url.as_str()), expires_at })
    }

    /// A link that is ours, in time, and not spent: credentials that were handed over after it was made spend it.
    pub(crate) async fn opened(&self, link: &str) -> Result<OpenLink, Problem> {
        let unusable = |error| Problem::from(Kind::LinkUnusable).because(error);
        let opened = self.sealing_keys.open::<IntakeLink>(link, "", self.clock.now()).await?.map_err(unusable)?;
        let (_, present) = self.look(&opened).await?;
        Entry::new(Deed::OpenIntakeLink, By::Link).customer(&opened.content.customer).done();
        let waiting = self.key_pairs.look(&opened.content.customer, fingerprint(present.as_ref())).await?;
        Ok(OpenLink { opened, present, waiting })
    }

    async fn look(&self, link: &Opened<IntakeLink>) -> Result<(Option<Seen>, Option<AppCard>), Problem> {
        let (seen, card) = self.present(&link.content.customer).await?;
        if card.as_ref().is_some_and(|card| card.submitted_at >= link.issued_at) {
            return Err(Kind::LinkUnusable.into());
        }
        Ok((seen, card))
    }

    /// The app that a customer works with, from outside, and what is known of it.
    async fn present(&self, customer: &CustomerId) -> Result<(Option<Seen>, Option<AppCard>), VaultError> {
        let seen = self.apps.look(customer).await?;
        let card = seen.as_ref().map(Seen::card).transpose()?.flatten();
        Ok((seen, card))
    }

    /// Checks what the form says and keeps it if it works.
    pub(crate) async fn take(&self, link: &OpenLink, submission: Submission) -> Result<Taken, Problem> {
        let (many, pause) = TRIES_OF_A_LINK;
        let tried = self.tries.take(&(link.customer.clone(), link.opened.issued_at), many, pause);
        let taken = match tried {
            Ok(()) => self.tried(link, submission).await,
            Err(wait) => Err(Problem::too_many(wait)),
        };
        let entry = Entry::new(Deed::SubmitCredentials, By::Link).customer(&link.customer);
        match &taken {
            Ok(Ok(_)) => entry.done(),
            Ok(Err(findings)) => {
                entry.refused(findings.first().map_or("credentials_refused", |found| found.kind.code()));
            }
            Err(problem) => entry.refused(problem.code()),
        }
        taken
    }

    async fn tried(&self, link: &OpenLink, submission: Submission) -> Result<Taken, Problem> {
        let checked = match self.check(&link.customer, submission, link.expected_domain.as_ref()).await? {
            Ok(checked) => checked,
            Err(findings) => return Ok(Err(findings)),
        };
        let (seen, card) = self.look(&link.opened).await?;
        if let Some(kind) = card.and_then(|card| overwritten(&card, &checked.app)) {
            return Ok(Err(vec![kind.into()]));
        }
        self.keep(&link.customer, checked, seen.as_ref()).await
    }

    /// The certificate that waits for being registered, as a file.
    pub(crate) async fn certificate(&self, link: &OpenLink) -> Result<Certificate, Problem> {
        let held = self.key_pairs.read(&link.customer, fingerprint(link.present.as_ref())).await?;
        held.map(|held| held.value.certificate).ok_or_else(|| Kind::NotFound.into())
    }

    /// Makes a key pair for the customer of a link, unless one waits already.
    pub(crate) async fn make_certificate(&self, link: &OpenLink) -> Result<Certificate, Problem> {
        let made = self.key_pairs.offer(&link.customer, fingerprint(link.present.as_ref())).await;
        let made = made.map_err(Problem::from);
        let entry = Entry::new(Deed::MakeCertificate, By::Link).customer(&link.customer);
        match &made {
            Ok(_) => entry.done(),
            Err(problem) => entry.refused(problem.code()),
        }
        made
    }

    /// The same for an ATS that hands the certificate on itself.
    pub(crate) async fn order_certificate(&self, customer: &CustomerId) -> Result<Certificate, Problem> {
        let (_, present) = self.present(customer).await?;
        Ok(self.key_pairs.offer(customer, fingerprint(present.as_ref())).await?)
    }

    /// The same for values that the ATS brings itself.
    pub(crate) async fn hand_over(&self, customer: &CustomerId, submission: Submission) -> Result<Receipt, Problem> {
        let refused = |findings| Problem::from(Kind::CredentialsRefused).with_findings(findings);
        let checked = self.check(customer, submission, None).await?.map_err(refused)?;
        let seen = self.apps.look(customer).await?;
        self.keep(customer, checked, seen.as_ref()).await?.map_err(refused)
    }

    pub(crate) async fn known(&self, customer: &CustomerId) -> Result<AppCard, Problem> {
        self.apps.card(customer).await.map_err(|error| match error {
            VaultError::Deleted => Kind::Offboarded.into(),
            error => error.into(),
        })
    }

    pub(crate) async fn offboard(&self, customer: &CustomerId) -> Result<(), Problem> {
        let former = self.apps.card(customer).await.ok().map(|card| (card.tenant, card.client_id));
        self.key_pairs.forget(customer).await?;
        self.apps.offboard(customer).await?;
        self.let_go(customer, former).await;
        Ok(())
    }

    /// First the fields, all at once; then, where they could be right, the doctor.
    async fn check(
        &self,
        customer: &CustomerId,
        submission: Submission,
        expected: Option<&Domain>,
    ) -> Result<Result<Checked, Vec<Finding>>, Problem> {
        let (waiting, pair) = match submission.offer {
            Offer::Certificate => {
                let (_, present) = self.present(customer).await?;
                self.key_pairs.read(customer, fingerprint(present.as_ref())).await?.map(Held::split).unzip()
            }
            Offer::Secret { .. } => (None, None),
        };
        let candidate = match submission.parse(waiting, self.clock.now()) {
            Ok(candidate) => candidate,
            Err(findings) => return Ok(Err(findings)),
        };
        let expected = expected.cloned().map(TenantName::Domain);
        Ok(match self.doctor.admit(candidate, expected.as_ref()).await? {
            (Some(app), diagnosis) if !diagnosis.is_refusal() => Ok(Checked { app, diagnosis, pair }),
            (_, diagnosis) => Err(diagnosis.findings),
        })
    }

    async fn keep(&self, customer: &CustomerId, checked: Checked, seen: Option<&Seen>) -> Result<Taken, Problem> {
        let Checked { app, diagnosis, pair } = checked;
        let of = (app.tenant, app.client_id);
        if self.apps.claim(customer, of).await? == Claim::Taken {
            return Ok(Err(vec![Found::AppOfAnotherCustomer.into()]));
        }
        let diagnosed = Diagnosed::new(diagnosis.verified_at.is_some(), &diagnosis.findings);
        match self.apps.keep(customer, &app, &diagnosed, seen).await {
            Ok(()) => {
                // Where this fails, the pair waits no more all the same: it is the one in use.
                if let Some(pair) = pair
                    && let Err(error) = self.key_pairs.spend(customer, &pair).await
                {
                    tracing::warn!(%customer, error = %error, "the key of an app was not taken from where it waited");
                }
                let former = seen.map(Seen::card).transpose()?.flatten().map(|card| (card.tenant, card.client_id));
                self.let_go(customer, former.filter(|former| *former != of)).await;
                self.receipt(customer, &app, diagnosis.findings).await.map(Ok)
            }
            // Two people sent the form at once; whoever came second sees that it is done.
            Err(VaultError::Stale) => Err(Kind::Conflict.into()),
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

    async fn receipt(&self, customer: &CustomerId, app: &EntraApp, findings: Vec<Finding>) -> Result<Receipt, Problem> {
        let card = self.apps.card(customer).await?;
        let now = self.clock.now();
        let seal = self.sealing_keys.seal().await?;
        let (tenant, client_id) = (app.tenant, app.client_id);
        let consent = ConsentRequest { customer: customer.clone(), tenant, client_id };
        let state = seal.close(&consent, "", now, after(now, NEXT_STEPS_TIME))?;
        let test = SignInTestLink { customer: customer.clone(), tenant, client_id };
        let test = seal.close(&test, "", now, after(now, NEXT_STEPS_TIME))?;
        Ok(Receipt {
            card,
            findings,
            secret_begins: match &app.credential {
                Credential::Secret(secret) => Some(secret.beginning()),
                Credential::Certificate(_) => None,
            },
            redirect_uri: self.entra.redirect_uri().clone(),
            consent_url: self.entra.consent_url(tenant, client_id, &state)?,
            test_sign_in_url: format!("{}/sign-in-test/{test}", self.settings.public_url.as_str()),
        })
    }
}

/// What tells the credential that a customer works with from others.
fn fingerprint(present: Option<&AppCard>) -> Option<&str> {
    present.and_then(|card| card.fingerprint.as_deref())
}

/// A link renews the credential of a working app and changes nothing else: its recruiters are signed in to this very
/// app, and another one would sign them out.
fn overwritten(card: &AppCard, app: &EntraApp) -> Option<Found> {
    card.verified_at?;
    match (card.tenant == app.tenant, card.client_id == app.client_id) {
        (false, _) => Some(Found::TenantDiffers),
        (true, false) => Some(Found::AppDiffers),
        (true, true) => None,
    }
}
