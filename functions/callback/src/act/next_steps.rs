//! What an administrator does after handing over credentials: consent for everybody, and the test of a sign-in.
//!
//! Neither needs the ATS and neither makes a connection, so whoever a link is forwarded to gains nothing by it.

use axum::http::HeaderMap;
use axum::response::Html;

use shared::audit::{By, Deed, Entry};
use shared::clock::{SignedDuration, Timestamp, after};
use shared::connection::Insufficient;
use shared::entra_app::{Consent, ConsentRequest, SignInTest};
use shared::finding::{Finding, Kind as Found};
use shared::ids::CustomerId;
use shared::language::Language;
use shared::meeting::{ExternalId, IdempotencyKeyFault, Opening, Times};
use shared::microsoft::entra::{EntraError, SignedIn};
use shared::microsoft::graph::GraphError;
use shared::secret::{AccessToken, AuthorizationCode};
use shared::sign_in::{Aim, Answer, PendingSignIn, Refusal, SignInTestLink};
use shared::vault::apps::{Note, codes};
use shared::vault::terms::VaultError;
use shared::web::problem::{Kind, Problem};

use crate::Callback;
use crate::page;
use crate::parse::{Back, Onward, Shown};

/// As long as the links of a receipt.
const TEST_LINK_TIME: SignedDuration = SignedDuration::from_hours(24 * 7);

impl Callback {
    /// Begins the test of a sign-in, as a connect link begins a sign-in.
    pub(crate) async fn begin_test(&self, link: &str, meeting: bool, headers: &HeaderMap) -> Result<Onward, Problem> {
        let opened = self.sealing_keys.open::<SignInTestLink>(link, "", self.clock.now()).await?;
        let link = opened.map_err(|error| Problem::from(Kind::LinkUnusable).because(error))?.content;
        let app = (link.tenant, link.client_id);
        if !self.app_card(&link.customer).await?.is_of(app.0, app.1) {
            return Err(Kind::LinkUnusable.into());
        }
        let sign_in = PendingSignIn::begin(link.customer, Aim::Test { meeting }, app, &self.randomness)?;
        self.send_to_microsoft(sign_in, None, headers).await
    }

    /// Takes the return of a request for consent, which brings its own seal as `state`.
    pub(crate) async fn consented(
        &self,
        request: ConsentRequest,
        answer: Answer,
        language: Language,
    ) -> Result<Back, Problem> {
        let now = self.clock.now();
        let ConsentRequest { customer, tenant, client_id } = request;
        let refusal = match answer {
            Answer::Consented { .. } => None,
            Answer::Refused { refusal, .. } => Some(finding_of(refusal)),
            Answer::Granted { .. } => return Err(Kind::SignInNotFound.into()),
        };
        let entry = Entry::new(Deed::AnswerConsent, By::Browser).customer(&customer);
        match &refusal {
            None => entry.done(),
            Some(finding) => entry.refused(finding.kind.code()),
        }
        let note = Note::Consent(Consent { granted: refusal.is_none(), at: now });
        match self.notes.write(&customer, (tenant, client_id), note).await {
            Ok(()) => {}
            // Another app by now, or none: then this consent is of no use to anybody.
            Err(VaultError::Stale | VaultError::Deleted | VaultError::NotFound) => {
                return Err(Kind::LinkUnusable.into());
            }
            Err(error) => return Err(error.into()),
        }
        let link = SignInTestLink { customer, tenant, client_id };
        let sealed = self.sealing_keys.seal().await?.close(&link, "", now, after(now, TEST_LINK_TIME))?;
        let url = format!("{}/sign-in-test/{sealed}", self.settings.public_url.as_str());
        Ok(Back::Shown(Shown { page: page::consent(language, refusal.as_ref(), &url)?, cookie: None }))
    }

    /// Whoever tested a sign-in came back: the code is redeemed here, for there is no connection that it could be taken
    /// for. Everything that was found is shown, and what was found, though not about whom, is noted.
    pub(crate) async fn tested(
        &self,
        sign_in: PendingSignIn,
        meeting: bool,
        answered: Result<AuthorizationCode, Refusal>,
        language: Language,
    ) -> Result<Html<String>, Problem> {
        let (customer, app) = (sign_in.customer.clone(), (sign_in.tenant, sign_in.client_id));
        let (account, findings) = match answered {
            Ok(code) => self.examine(sign_in, meeting, code).await?,
            Err(refusal) => (None, vec![finding_of(refusal)]),
        };
        let entry = Entry::new(Deed::TestSignIn, By::Browser).customer(&customer);
        match findings.first() {
            None => entry.done(),
            Some(finding) => entry.refused(finding.kind.code()),
        }
        let test = SignInTest { at: self.clock.now(), findings: codes(&findings) };
        if let Err(error) = self.notes.write(&customer, app, Note::SignInTest(test)).await {
            tracing::warn!(%customer, error = %error, "the test of a sign-in could not be noted");
        }
        page::sign_in_test(language, account.as_deref(), &findings)
    }

    async fn examine(
        &self,
        sign_in: PendingSignIn,
        meeting: bool,
        code: AuthorizationCode,
    ) -> Result<(Option<String>, Vec<Finding>), Problem> {
        let (customer, id) = (sign_in.customer.clone(), sign_in.id.clone());
        let handle = sign_in.granted(code);
        let app = self.app_of(&handle).await?;
        let SignedIn { account, is_guest, tokens } = match self.entra.redeem(&app, &handle).await {
            Ok(signed_in) => signed_in,
            Err(EntraError::AppRefused(finding) | EntraError::SignInRefused { finding, .. }) => {
                return Ok((None, vec![finding]));
            }
            Err(EntraError::Unavailable { .. }) => return Ok((None, vec![Found::Throttled.into()])),
            Err(error) => return Err(error.into()),
        };
        let mut findings: Vec<Finding> = Insufficient::all_of(&tokens).map(|lack| lack.kind().into()).collect();
        if is_guest {
            findings.push(Found::AccountIsGuest.into());
        }
        // Where Graph does not say whether there is a licence, nothing is wrong with it: a meeting will show.
        if matches!(self.graph.has_teams(&tokens.access).await, Ok(Some(false))) {
            findings.push(Found::TeamsLicenceMissing.into());
        }
        if meeting && findings.is_empty() {
            findings.extend(self.try_a_meeting(&tokens.access, &customer, &id).await?.map(Finding::from));
        }
        Ok((Some(account.upn), findings))
    }

    /// Makes a meeting for the next hour and deletes it again.
    async fn try_a_meeting(
        &self,
        access: &AccessToken,
        customer: &CustomerId,
        sign_in: &str,
    ) -> Result<Option<Found>, Problem> {
        let internal = |_| Problem::from(Kind::Internal);
        let key = sign_in.parse().map_err(|IdempotencyKeyFault| Problem::from(Kind::Internal))?;
        let external_id = ExternalId::of(&key, customer, &"sign-in-test".parse().map_err(internal)?);
        let now = Timestamp::from_second(self.clock.now().as_second()).map_err(|_| Problem::from(Kind::Internal))?;
        let start = after(now, SignedDuration::from_hours(1));
        let times = Times { start, end: after(start, SignedDuration::from_mins(15)), changes: 0, mark: None };
        let opening = Opening { subject: "Teams Connect", times, people: &[], language: Language::default() };
        match self.graph.create_or_get(access, &external_id, &opening).await {
            Ok((_, meeting)) => {
                if let Err(error) = self.graph.delete(access, &meeting.id).await {
                    tracing::warn!(error = %error, "the meeting of a test was not deleted");
                }
                Ok(None)
            }
            Err(GraphError::Unavailable { .. }) => Ok(Some(Found::Throttled)),
            Err(
                GraphError::TokenRejected | GraphError::NotAllowed(_) | GraphError::NotFound | GraphError::Refused(_),
            ) => Ok(Some(Found::TeamsNotAvailable)),
            Err(error @ GraphError::Protocol(_)) => Err(error.into()),
        }
    }
}

/// A refusal without a finding of its own is at least a sign-in that did not come about.
fn finding_of(refusal: Refusal) -> Finding {
    Finding { kind: refusal.finding.unwrap_or(Found::SignInFailed), evidence: Some(refusal.evidence) }
}
