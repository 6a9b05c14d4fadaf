//! The one call that each handler makes.

use axum::http::HeaderMap;
use url::Url;

use shared::adapters::microsoft::entra::{EntraError, SignInResult};
use shared::adapters::vault::connections::StoreSignInError;
use shared::adapters::vault::model::VaultError;
use shared::domain::audit;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::connection::{Connection, ConnectionOwner, ConnectionState, ReplaceConnectionError};
use shared::domain::entra_app::{AdminConsentRequest, AppSummary, EntraApp};
use shared::domain::finding::{Evidence, FindingKind as Found, Severity};
use shared::domain::sign_in::{
    AuthorizationError, AuthorizationResponse, CompletionHandle, ConnectLink, HANDLE_TTL, PendingSignIn, SIGN_IN_TTL,
    SignInPurpose,
};
use shared::http::problem::{Problem, ProblemKind};
use shared::http::sign_in_cookie;
use shared::types::clock::{SignedDuration, add_saturating};
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;
use shared::types::sealing::SealError;
use shared::types::secret::AuthorizationCode;

use crate::Callback;
use crate::requests::{
    CallbackError, CallbackResponse, ConnectLinkOptions, ConnectLinkResponse, ConnectionStateResponse, PageWithCookie,
    RedirectWithCookies,
};

pub(crate) use crate::connect_link::{ConnectLinkStatus, ConnectLinkView};

/// A recruiter reads mail within a week or asks again.
const CONNECT_LINK_TTL: SignedDuration = SignedDuration::from_hours(24 * 7);

/// The number that says that a code was redeemed before.
const AADSTS_CODE_ALREADY_REDEEMED: u32 = 54005;

impl Callback {
    pub(crate) async fn invite(
        &self,
        customer: CustomerId,
        user: UserId,
        wish: ConnectLinkOptions,
    ) -> Result<ConnectLinkResponse, Problem> {
        self.app_card(&customer).await?;
        let now = self.clock.now();
        let expires_at = add_saturating(now, CONNECT_LINK_TTL);
        let content = ConnectLink { customer, user, login_hint: wish.login_hint, language: wish.language };
        let sealed = self.sealing_keys.current().await?.seal(&content, "", now, expires_at)?;
        Ok(ConnectLinkResponse::new(self.connect_url(&sealed), expires_at))
    }

    pub(crate) async fn begin(&self, link: &str, headers: &HeaderMap) -> Result<RedirectWithCookies, Problem> {
        let now = self.clock.now();
        let opened = self.sealing_keys.open::<ConnectLink>(link, "", now).await?;
        let link = opened.map_err(|error| Problem::from(ProblemKind::LinkUnusable).with_cause(error))?.content;
        let card = self.app_card(&link.customer).await.map_err(|problem| problem.with_language(link.language))?;
        let app = (card.tenant, card.client_id);
        let aim = SignInPurpose::Connection(link.user);
        let sign_in = PendingSignIn::start(link.customer, aim, app, &self.randomness)?;
        self.send_to_microsoft(sign_in, link.login_hint.as_deref(), headers).await
    }

    /// Keeps a sign-in in the browser's cookie, bound to its `state`, and sends the browser to Entra.
    pub(crate) async fn send_to_microsoft(
        &self,
        sign_in: PendingSignIn,
        login_hint: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<RedirectWithCookies, Problem> {
        let now = self.clock.now();
        let state = self.randomness.token()?;
        let to = self.entra.authorize_url(&sign_in, &state, login_hint)?;
        let sealed =
            self.sealing_keys.current().await?.seal(&sign_in, &state, now, add_saturating(now, SIGN_IN_TTL))?;
        let mut cookies: Vec<_> = sign_in_cookie::set(&state, sealed, SIGN_IN_TTL).into_iter().collect();
        let others = sign_in_cookie::cookie_names(headers);
        if others.len() >= sign_in_cookie::MAX_SIGN_INS {
            cookies.extend(others.into_iter().filter_map(sign_in_cookie::clear_named));
        }
        audit::record_sign_in_id(&sign_in.id);
        audit_entry(AuditAction::BeginSignIn, &sign_in).succeeded();
        Ok(RedirectWithCookies { to, cookies })
    }

    /// Where a browser that Microsoft sent back goes on: with an administrator's consent, to a page of ours; with a
    /// sign-in, to the ATS, or to a page of ours where it was a test.
    pub(crate) async fn take_back(
        &self,
        answer: AuthorizationResponse,
        headers: &HeaderMap,
        language: Language,
    ) -> Result<CallbackResponse, CallbackError> {
        let now = self.clock.now();
        let request =
            self.sealing_keys.open::<AdminConsentRequest>(answer.state(), "", now).await.map_err(Problem::from)?;
        if let Ok(request) = request {
            return Ok(self.consented(request.content, answer, language).await?);
        }
        let state = answer.state().to_owned();
        let sign_in = self.begun(&answer, headers).await?;
        let answered = match answer {
            AuthorizationResponse::Code { code, .. } => Ok(code),
            AuthorizationResponse::Error { refusal, .. } => Err(refusal),
            AuthorizationResponse::AdminConsent { .. } => return Err(Problem::from(ProblemKind::SignInNotFound).into()),
        };
        audit::record_sign_in_id(&sign_in.id);
        audit_return(&sign_in, answered.as_ref().err());
        let stranded = |problem: Problem| CallbackError { problem, cookie: sign_in_cookie::clear(&state) };
        match sign_in.aim {
            SignInPurpose::Connection(_) => {
                let to = self.onward(sign_in, answered).await.map_err(stranded)?;
                Ok(CallbackResponse::Redirect(RedirectWithCookies {
                    to,
                    cookies: sign_in_cookie::clear(&state).into_iter().collect(),
                }))
            }
            SignInPurpose::Test { meeting } => {
                let page = self.tested(sign_in, meeting, answered, language).await.map_err(stranded)?;
                Ok(CallbackResponse::Page(PageWithCookie { page, cookie: sign_in_cookie::clear(&state) }))
            }
        }
    }

    /// Only the browser that began a sign-in can bring its answer: its cookie opens with the returned `state` alone.
    async fn begun(&self, answer: &AuthorizationResponse, headers: &HeaderMap) -> Result<PendingSignIn, CallbackError> {
        let state = answer.state();
        let stranded = |problem: Problem| CallbackError { problem, cookie: sign_in_cookie::clear(state) };
        let nobody = || stranded(ProblemKind::SignInNotFound.into());
        let sealed = sign_in_cookie::get(headers, state).ok_or_else(nobody)?;
        let opened = self.sealing_keys.open::<PendingSignIn>(&sealed, state, self.clock.now()).await;
        let opened = opened.map_err(|error| CallbackError::from(Problem::from(error)))?;
        let sign_in =
            opened.map_err(|error| stranded(Problem::from(ProblemKind::SignInNotFound).with_cause(error)))?.content;
        // RFC 9207 §2.4. Entra sends no `iss`; one that is sent must be the tenant's own, to the byte.
        match answer {
            AuthorizationResponse::Code { iss: Some(iss), .. }
            | AuthorizationResponse::Error { iss: Some(iss), .. }
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
        answered: Result<AuthorizationCode, AuthorizationError>,
    ) -> Result<Url, Problem> {
        let now = self.clock.now();
        let (name, value) = match answered {
            Ok(code) => {
                let seal = self.sealing_keys.current().await?;
                ("handle", seal.seal(&sign_in.into_handle(code), "", now, add_saturating(now, HANDLE_TTL))?)
            }
            Err(AuthorizationError { code, .. }) => ("error", code.to_owned()),
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
        audit::record_sign_in_id(&id);
        if handle.sign_in.customer != *customer || handle.sign_in.aim != SignInPurpose::Connection(user.clone()) {
            return Err(ProblemKind::WrongUser.into());
        }
        let app = self.app_of(&handle).await?;
        let present = self.connections.find(customer, user).await?;
        if present.as_ref().is_some_and(|held| held.value.sign_in == id) {
            return Err(ProblemKind::HandleUsed.into());
        }
        let signed_in = self.redeem(&app, &handle).await.map_err(refused)?;
        let made = made(customer, user, &app, signed_in, &id)?;
        self.connections.store_sign_in(present, made).await.map_err(not_kept)
    }

    /// A code is not spent by whoever cannot prove to be its app, so the credential that the present one replaced may be
    /// tried where that one is refused.
    async fn redeem(&self, app: &EntraApp, handle: &CompletionHandle) -> Result<SignInResult, EntraError> {
        let refusal = match self.entra.redeem_code(app, handle).await {
            Err(EntraError::AppRejected(finding)) => finding,
            redeemed => return redeemed,
        };
        let customer = &handle.sign_in.customer;
        if let Some(former) = self.apps.previous_credential(customer, app, refusal.kind).await
            && let Ok(signed_in) = self.entra.redeem_code(&former, handle).await
        {
            tracing::warn!(%customer, "the former credential served, the new one is refused");
            return Ok(signed_in);
        }
        Err(EntraError::AppRejected(refusal))
    }

    pub(crate) async fn state(&self, customer: &CustomerId, user: &UserId) -> Result<ConnectionStateResponse, Problem> {
        let card = self.connections.summary(customer, user).await.map_err(not_connected)?;
        let mut state = ConnectionStateResponse::from(card);
        if state.state == ConnectionState::Disconnected {
            return Ok(state);
        }
        match self.apps.summary(customer).await {
            Ok(app) => {
                if let Some(code) = app.findings.into_iter().find(|code| is_error_code(code)) {
                    state.mark_blocked(code);
                }
            }
            Err(VaultError::NotFound | VaultError::Deleted) => {
                state.mark_blocked(ProblemKind::NotConfigured.code().to_owned());
            }
            Err(error) => return Err(error.into()),
        }
        Ok(state)
    }

    pub(crate) async fn disconnect(&self, customer: &CustomerId, user: &UserId) -> Result<(), Problem> {
        self.connections.disconnect(customer, user).await.map_err(not_connected)
    }

    pub(crate) async fn app_card(&self, customer: &CustomerId) -> Result<AppSummary, Problem> {
        self.apps.summary(customer).await.map_err(not_configured)
    }

    async fn opened(&self, handle: &str) -> Result<CompletionHandle, Problem> {
        let opened = self.sealing_keys.open::<CompletionHandle>(handle, "", self.clock.now()).await?;
        opened
            .map(|opened| opened.content)
            .map_err(|error: SealError| Problem::from(ProblemKind::HandleUnusable).with_cause(error))
    }

    /// The app that the sign-in was begun with. Another one since then could not redeem the code.
    pub(crate) async fn app_of(&self, handle: &CompletionHandle) -> Result<EntraApp, Problem> {
        let app = self.apps.read(&handle.sign_in.customer).await.map_err(not_configured)?.value;
        let same = app.tenant == handle.sign_in.tenant && app.client_id == handle.sign_in.client_id;
        if same { Ok(app) } else { Err(ProblemKind::HandleUnusable.into()) }
    }
}

/// What a browser did, for the audit trail.
fn audit_entry(deed: AuditAction, sign_in: &PendingSignIn) -> AuditEntry<'_> {
    let entry = AuditEntry::new(deed, AuditActor::Browser).customer(&sign_in.customer);
    match &sign_in.aim {
        SignInPurpose::Connection(user) => entry.user(user),
        SignInPurpose::Test { .. } => entry,
    }
}

fn audit_return(sign_in: &PendingSignIn, refusal: Option<&AuthorizationError>) {
    let Some(AuthorizationError { code, evidence, .. }) = refusal else {
        return audit_entry(AuditAction::ReturnFromSignIn, sign_in).succeeded();
    };
    let Evidence { aadsts, correlation_id, timestamp, .. } = evidence;
    tracing::info!(code, ?aadsts, correlation_id, timestamp, "Microsoft refused the sign-in");
    audit_entry(AuditAction::ReturnFromSignIn, sign_in).refused(code);
}

fn made(
    customer: &CustomerId,
    user: &UserId,
    app: &EntraApp,
    signed_in: SignInResult,
    sign_in: &str,
) -> Result<Connection, Problem> {
    let SignInResult { account, tokens, .. } = signed_in;
    let owner = ConnectionOwner {
        customer: customer.clone(),
        user: user.clone(),
        tenant: app.tenant,
        client_id: app.client_id,
    };
    Connection::from_tokens(owner, account, tokens, sign_in.to_owned()).map_err(|insufficient| {
        Problem::from(ProblemKind::SignInRefused)
            .with_findings([insufficient.finding_kind().into()])
            .with_cause(insufficient)
    })
}

fn not_kept(error: StoreSignInError) -> Problem {
    match error {
        StoreSignInError::NoSuccessor(ReplaceConnectionError::DifferentAccount) => {
            Problem::from(ProblemKind::DifferentAccount).with_findings([Found::DifferentAccount.into()])
        }
        StoreSignInError::NoSuccessor(ReplaceConnectionError::Older) => ProblemKind::Conflict.into(),
        StoreSignInError::Vault(error) => error.into(),
    }
}

fn refused(error: EntraError) -> Problem {
    match error {
        EntraError::SignInRejected { finding, .. } => {
            let number = finding.evidence.as_ref().and_then(|evidence| evidence.aadsts);
            if number == Some(AADSTS_CODE_ALREADY_REDEEMED) {
                return ProblemKind::HandleUsed.into();
            }
            Problem::from(ProblemKind::SignInRefused).with_findings([finding])
        }
        error => error.into(),
    }
}

fn not_configured(error: VaultError) -> Problem {
    match error {
        VaultError::NotFound => ProblemKind::NotConfigured.into(),
        VaultError::Deleted => ProblemKind::Offboarded.into(),
        error => error.into(),
    }
}

fn not_connected(error: VaultError) -> Problem {
    match error {
        VaultError::NotFound => ProblemKind::NotConnected.into(),
        error => error.into(),
    }
}

fn is_error_code(code: &str) -> bool {
    Found::ALL.iter().any(|kind| kind.code() == code && kind.severity() == Severity::Error)
}
