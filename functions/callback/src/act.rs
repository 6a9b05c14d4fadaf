//! The one call that each handler makes.

mod look;
mod next_steps;

use axum::http::HeaderMap;
use url::Url;

use shared::audit::{self, By, Deed, Entry};
use shared::clock::{SignedDuration, after};
use shared::connection::{Connection, NoSuccessor, Owner, State};
use shared::entra_app::{AppCard, ConsentRequest, EntraApp};
use shared::finding::{Evidence, Kind as Found, Severity};
use shared::ids::{CustomerId, UserId};
use shared::language::Language;
use shared::microsoft::entra::{EntraError, SignedIn};
use shared::seal::SealError;
use shared::secret::AuthorizationCode;
use shared::sign_in::{Aim, Answer, ConnectLink, HANDLE_TIME, Handle, PendingSignIn, Refusal, SIGN_IN_TIME};
use shared::vault::connections::NotSucceeded;
use shared::vault::terms::VaultError;
use shared::web::cookie;
use shared::web::problem::{Kind, Problem};

use crate::Callback;
use crate::parse::{Back, ConnectLinkWish, ConnectionState, Invitation, Onward, Shown, Stranded};

pub(crate) use look::{Seen, Standing};

/// A recruiter reads mail within a week or asks again.
const LINK_TIME: SignedDuration = SignedDuration::from_hours(24 * 7);

/// The number that says that a code was redeemed before.
const CODE_REDEEMED_BEFORE: u32 = 54005;

impl Callback {
    pub(crate) async fn invite(
        &self,
        customer: CustomerId,
        user: UserId,
        wish: ConnectLinkWish,
    ) -> Result<Invitation, Problem> {
        self.app_card(&customer).await?;
        let now = self.clock.now();
        let expires_at = after(now, LINK_TIME);
        let content = ConnectLink { customer, user, login_hint: wish.login_hint, language: wish.language };
        let sealed = self.sealing_keys.seal().await?.close(&content, "", now, expires_at)?;
        Ok(Invitation::new(self.connect_url(&sealed), expires_at))
    }

    pub(crate) async fn begin(&self, link: &str, headers: &HeaderMap) -> Result<Onward, Problem> {
        let now = self.clock.now();
        let opened = self.sealing_keys.open::<ConnectLink>(link, "", now).await?;
        let link = opened.map_err(|error| Problem::from(Kind::LinkUnusable).because(error))?.content;
        let card = self.app_card(&link.customer).await.map_err(|problem| problem.read_in(link.language))?;
        let app = (card.tenant, card.client_id);
        let aim = Aim::Connection(link.user);
        let sign_in = PendingSignIn::begin(link.customer, aim, app, &self.randomness)?;
        self.send_to_microsoft(sign_in, link.login_hint.as_deref(), headers).await
    }

    /// Keeps a sign-in in the browser's cookie, bound to its `state`, and sends the browser to Entra.
    async fn send_to_microsoft(
        &self,
        sign_in: PendingSignIn,
        login_hint: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<Onward, Problem> {
        let now = self.clock.now();
        let state = self.randomness.token()?;
        let to = self.entra.authorize_url(&sign_in, &state, login_hint)?;
        let sealed = self.sealing_keys.seal().await?.close(&sign_in, &state, now, after(now, SIGN_IN_TIME))?;
        let mut cookies: Vec<_> = cookie::set(&state, sealed, SIGN_IN_TIME).into_iter().collect();
        let others = cookie::names(headers);
        if others.len() >= cookie::MOST {
            cookies.extend(others.into_iter().filter_map(cookie::clear_named));
        }
        audit::part_of(&sign_in.id);
        entry(Deed::BeginSignIn, &sign_in).done();
        Ok(Onward { to, cookies })
    }

    /// Where a browser that Microsoft sent back goes on: with an administrator's consent, to a page of ours; with a
    /// sign-in, to the ATS, or to a page of ours where it was a test.
    pub(crate) async fn take_back(
        &self,
        answer: Answer,
        headers: &HeaderMap,
        language: Language,
    ) -> Result<Back, Stranded> {
        let now = self.clock.now();
        let request = self.sealing_keys.open::<ConsentRequest>(answer.state(), "", now).await.map_err(Problem::from)?;
        if let Ok(request) = request {
            return Ok(self.consented(request.content, answer, language).await?);
        }
        let state = answer.state().to_owned();
        let sign_in = self.begun(&answer, headers).await?;
        let answered = match answer {
            Answer::Granted { code, .. } => Ok(code),
            Answer::Refused { refusal, .. } => Err(refusal),
            Answer::Consented { .. } => return Err(Problem::from(Kind::SignInNotFound).into()),
        };
        audit::part_of(&sign_in.id);
        returned(&sign_in, answered.as_ref().err());
        let stranded = |problem: Problem| Stranded { problem, cookie: cookie::clear(&state) };
        match sign_in.aim {
            Aim::Connection(_) => {
                let to = self.onward(sign_in, answered).await.map_err(stranded)?;
                Ok(Back::Onward(Onward { to, cookies: cookie::clear(&state).into_iter().collect() }))
            }
            Aim::Test { meeting } => {
                let page = self.tested(sign_in, meeting, answered, language).await.map_err(stranded)?;
                Ok(Back::Shown(Shown { page, cookie: cookie::clear(&state) }))
            }
        }
    }

    /// Only the browser that began a sign-in can bring its answer: its cookie opens with the returned `state` alone.
    async fn begun(&self, answer: &Answer, headers: &HeaderMap) -> Result<PendingSignIn, Stranded> {
        let state = answer.state();
        let stranded = |problem: Problem| Stranded { problem, cookie: cookie::clear(state) };
        let nobody = || stranded(Kind::SignInNotFound.into());
        let sealed = cookie::get(headers, state).ok_or_else(nobody)?;
        let opened = self.sealing_keys.open::<PendingSignIn>(&sealed, state, self.clock.now()).await;
        let opened = opened.map_err(|error| Stranded::from(Problem::from(error)))?;
        let sign_in = opened.map_err(|error| stranded(Problem::from(Kind::SignInNotFound).because(error)))?.content;
        // RFC 9207 §2.4. Entra sends no `iss`; one that is sent must be the tenant's own, to the byte.
        match answer {
            Answer::Granted { iss: Some(iss), .. } | Answer::Refused { iss: Some(iss), .. }
                if *iss != self.entra.issuer(sign_in.tenant) =>
            {
                Err(nobody())
            }
            _ => Ok(sign_in),
        }
    }

    /// The ATS's page, with a handle that only the ATS can complete, or with what went wrong.
    async fn onward(
        &self,
        sign_in: PendingSignIn,
        answered: Result<AuthorizationCode, Refusal>,
    ) -> Result<Url, Problem> {
        let now = self.clock.now();
        let (name, value) = match answered {
            Ok(code) => {
                let seal = self.sealing_keys.seal().await?;
                ("handle", seal.close(&sign_in.granted(code), "", now, after(now, HANDLE_TIME))?)
            }
            Err(Refusal { code, .. }) => ("error", code.to_owned()),
        };
        let mut to = self.settings.completion_url.clone();
        to.query_pairs_mut().append_pair(name, &value);
        Ok(to)
    }

    pub(crate) async fn complete(
        &self,
        customer: &CustomerId,
        user: &UserId,
        handle: &str,
    ) -> Result<Connection, Problem> {
        let handle = self.opened(handle).await?;
        let id = handle.sign_in.id.clone();
        audit::part_of(&id);
        if handle.sign_in.customer != *customer || handle.sign_in.aim != Aim::Connection(user.clone()) {
            return Err(Kind::WrongUser.into());
        }
        let app = self.app_of(&handle).await?;
        let present = self.connections.present(customer, user).await?;
        if present.as_ref().is_some_and(|held| held.value.sign_in == id) {
            return Err(Kind::HandleUsed.into());
        }
        let signed_in = self.redeem(&app, &handle).await.map_err(refused)?;
        let made = made(customer, user, &app, signed_in, &id)?;
        self.connections.succeed(present, made).await.map_err(not_kept)
    }

    /// A code is not spent by whoever cannot prove to be its app, so the credential that the present one replaced may be
    /// tried where that one is refused.
    async fn redeem(&self, app: &EntraApp, handle: &Handle) -> Result<SignedIn, EntraError> {
        let refusal = match self.entra.redeem(app, handle).await {
            Err(EntraError::AppRefused(finding)) => finding,
            redeemed => return redeemed,
        };
        let customer = &handle.sign_in.customer;
        if let Some(former) = self.apps.stand_in(customer, app, refusal.kind).await
            && let Ok(signed_in) = self.entra.redeem(&former, handle).await
        {
            tracing::warn!(%customer, "the former credential served, the new one is refused");
            return Ok(signed_in);
        }
        Err(EntraError::AppRefused(refusal))
    }

    pub(crate) async fn state(&self, customer: &CustomerId, user: &UserId) -> Result<ConnectionState, Problem> {
        let card = self.connections.card(customer, user).await.map_err(not_connected)?;
        let mut state = ConnectionState::from(card);
        if state.state == State::Disconnected {
            return Ok(state);
        }
        match self.apps.card(customer).await {
            Ok(app) => {
                if let Some(code) = app.findings.into_iter().find(|code| is_an_error(code)) {
                    state.block(code);
                }
            }
            Err(VaultError::NotFound | VaultError::Deleted) => {
                state.block(Kind::NotConfigured.code().to_owned());
            }
            Err(error) => return Err(error.into()),
        }
        Ok(state)
    }

    pub(crate) async fn disconnect(&self, customer: &CustomerId, user: &UserId) -> Result<(), Problem> {
        self.connections.disconnect(customer, user).await.map_err(not_connected)
    }

    async fn app_card(&self, customer: &CustomerId) -> Result<AppCard, Problem> {
        self.apps.card(customer).await.map_err(not_configured)
    }

    async fn opened(&self, handle: &str) -> Result<Handle, Problem> {
        let opened = self.sealing_keys.open::<Handle>(handle, "", self.clock.now()).await?;
        opened
            .map(|opened| opened.content)
            .map_err(|error: SealError| Problem::from(Kind::HandleUnusable).because(error))
    }

    /// The app that the sign-in was begun with. Another one since then could not redeem the code.
    async fn app_of(&self, handle: &Handle) -> Result<EntraApp, Problem> {
        let app = self.apps.read(&handle.sign_in.customer).await.map_err(not_configured)?.value;
        let same = app.tenant == handle.sign_in.tenant && app.client_id == handle.sign_in.client_id;
        if same { Ok(app) } else { Err(Kind::HandleUnusable.into()) }
    }
}

/// What a browser did, for the audit trail.
fn entry(deed: Deed, sign_in: &PendingSignIn) -> Entry<'_> {
    let entry = Entry::new(deed, By::Browser).customer(&sign_in.customer);
    match &sign_in.aim {
        Aim::Connection(user) => entry.user(user),
        Aim::Test { .. } => entry,
    }
}

fn returned(sign_in: &PendingSignIn, refusal: Option<&Refusal>) {
    let Some(Refusal { code, evidence, .. }) = refusal else {
        return entry(Deed::ReturnFromSignIn, sign_in).done();
    };
    let Evidence { aadsts, correlation_id, timestamp, .. } = evidence;
    tracing::info!(code, ?aadsts, correlation_id, timestamp, "Microsoft refused the sign-in");
    entry(Deed::ReturnFromSignIn, sign_in).refused(code);
}

fn made(
    customer: &CustomerId,
    user: &UserId,
    app: &EntraApp,
    signed_in: SignedIn,
    sign_in: &str,
) -> Result<Connection, Problem> {
    let SignedIn { account, tokens, .. } = signed_in;
    let owner = Owner { customer: customer.clone(), user: user.clone(), tenant: app.tenant, client_id: app.client_id };
    Connection::made(owner, account, tokens, sign_in.to_owned()).map_err(|insufficient| {
        Problem::from(Kind::SignInRefused).with_findings([insufficient.kind().into()]).because(insufficient)
    })
}

fn not_kept(error: NotSucceeded) -> Problem {
    match error {
        NotSucceeded::NoSuccessor(NoSuccessor::DifferentAccount) => {
            Problem::from(Kind::DifferentAccount).with_findings([Found::DifferentAccount.into()])
        }
        NotSucceeded::NoSuccessor(NoSuccessor::Older) => Kind::Conflict.into(),
        NotSucceeded::Vault(error) => error.into(),
    }
}

fn refused(error: EntraError) -> Problem {
    match error {
        EntraError::SignInRefused { finding, .. } => {
            let number = finding.evidence.as_ref().and_then(|evidence| evidence.aadsts);
            if number == Some(CODE_REDEEMED_BEFORE) {
                return Kind::HandleUsed.into();
            }
            Problem::from(Kind::SignInRefused).with_findings([finding])
        }
        error => error.into(),
    }
}

fn not_configured(error: VaultError) -> Problem {
    match error {
        VaultError::NotFound => Kind::NotConfigured.into(),
        VaultError::Deleted => Kind::Offboarded.into(),
        error => error.into(),
    }
}

fn not_connected(error: VaultError) -> Problem {
    match error {
        VaultError::NotFound => Kind::NotConnected.into(),
        error => error.into(),
    }
}

fn is_an_error(code: &str) -> bool {
    Found::ALL.iter().any(|kind| kind.code() == code && kind.severity() == Severity::Error)
}
