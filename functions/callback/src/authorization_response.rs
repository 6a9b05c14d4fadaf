//! Microsoft's redirect: the authorization response to a sign-in, or the return from admin consent.

use axum::http::HeaderMap;
use url::Url;

use shared::adapters::vault::connections::StoredReturn;
use shared::domain::audit;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::entra_app::AdminConsentRequest;
use shared::domain::finding::Evidence;
use shared::domain::sign_in::{
    AuthorizationError, AuthorizationResponse, CompletionHandle, CompletionOptions, HANDLE_TTL, PendingSignIn,
    ReturnedSignIn, SignInPurpose,
};
use shared::http::problem::{Problem, ProblemKind};
use shared::http::sign_in_cookie;
use shared::types::ids::UserId;
use shared::types::language::Language;
use shared::types::secret::AuthorizationCode;

use crate::connection;
use crate::responses::{CallbackError, CallbackResponse, PageWithCookie, RedirectWithCookies};
use crate::sign_in::audit_entry;
use crate::state::Callback;
use crate::{admin_consent, sign_in_test};

/// Handles an authorization response (RFC 6749 §4.1.2). A recruiter's sign-in continues at the ATS; a sign-in test and
/// admin consent end on a page of ours.
///
/// # Errors
/// [`CallbackError`], which also deletes the cookie of the sign-in.
pub(crate) async fn handle(
    callback: &Callback,
    response: AuthorizationResponse,
    headers: &HeaderMap,
    language: Language,
) -> Result<CallbackResponse, CallbackError> {
    let now = callback.clock.now();
    let request =
        callback.next_steps_keys.open::<AdminConsentRequest>(response.state(), "", now).await.map_err(Problem::from)?;
    if let Ok(request) = request {
        callback.count_use("consent", &request.content.customer, request.content.app())?;
        return Ok(admin_consent::handle(callback, request, response, language).await?);
    }
    let state = response.state().to_owned();
    let sign_in = open_pending_sign_in(callback, &response, headers).await?;
    let result = match response {
        AuthorizationResponse::Code { code, .. } => Ok(code),
        AuthorizationResponse::Error { refusal, .. } => Err(refusal),
        AuthorizationResponse::AdminConsent { .. } => return Err(Problem::from(ProblemKind::SignInNotFound).into()),
    };
    audit::record_sign_in_id(&sign_in.id);
    let failed = |problem: Problem| {
        // Whoever loads the page again goes on from here.
        let is_over = !problem.kind().is_retryable();
        CallbackError { problem, cookie: is_over.then(|| sign_in_cookie::clear(&state)).flatten() }
    };
    match sign_in.aim.clone() {
        SignInPurpose::Connection(user) => {
            let url = completion_url(callback, sign_in, &user, result).await.map_err(failed)?;
            Ok(CallbackResponse::Redirect(RedirectWithCookies {
                to: url,
                cookies: sign_in_cookie::clear(&state).into_iter().collect(),
            }))
        }
        SignInPurpose::Test { meeting, link_ends_at } => {
            audit_return(&sign_in, result.as_ref().err());
            let test = (meeting, link_ends_at);
            let page = sign_in_test::finish(callback, sign_in, test, result, language).await.map_err(failed)?;
            Ok(CallbackResponse::Page(PageWithCookie { page, cookie: sign_in_cookie::clear(&state) }))
        }
    }
}

/// Opens the pending sign-in in the browser's cookie. It is sealed to its `state`, so a response counts only in the browser
/// that started the sign-in.
async fn open_pending_sign_in(
    callback: &Callback,
    response: &AuthorizationResponse,
    headers: &HeaderMap,
) -> Result<PendingSignIn, CallbackError> {
    let state = response.state();
    let failed = |problem: Problem| CallbackError { problem, cookie: sign_in_cookie::clear(state) };
    let not_found = || failed(ProblemKind::SignInNotFound.into());
    let sealed = sign_in_cookie::get(headers, state).ok_or_else(not_found)?;
    let opened = callback.sign_in_keys.open::<PendingSignIn>(&sealed, state, callback.clock.now()).await;
    let opened = opened.map_err(|error| CallbackError::from(Problem::from(error)))?;
    let sign_in = opened.map_err(|error| failed(Problem::from(ProblemKind::SignInNotFound).with_cause(error)))?.content;
    // RFC 9207 §2.4: an `iss` must equal the issuer. Entra sends none today.
    match response {
        AuthorizationResponse::Code { iss: Some(iss), .. } | AuthorizationResponse::Error { iss: Some(iss), .. }
            if *iss != callback.entra.issuer(sign_in.tenant) =>
        {
            Err(not_found())
        }
        _ => Ok(sign_in),
    }
}

/// The ATS's completion page with a completion handle, or with the code of the error; beside it the ATS's own `state`.
async fn completion_url(
    callback: &Callback,
    sign_in: PendingSignIn,
    user: &UserId,
    result: Result<AuthorizationCode, AuthorizationError>,
) -> Result<Url, Problem> {
    let CompletionOptions { state, url, .. } = sign_in.completion.clone();
    let (name, value) = match result {
        Ok(code) => match stored_handle(callback, sign_in, user, code).await {
            // The ATS can withdraw the links that are used too often: it is told, and not the recruiter alone.
            Err(problem) if problem.kind() == ProblemKind::TooManyRequests => ("error", problem.code().to_owned()),
            handle => ("handle", handle?),
        },
        Err(error) => {
            audit_return(&sign_in, Some(&error));
            ("error", error.code.to_owned())
        }
    };
    let settings = &callback.settings;
    let page = url.and_then(|url| settings.find_completion_url(&url)).unwrap_or(&settings.completion_url);
    let mut url = page.clone();
    url.query_pairs_mut().append_pair(name, &value).extend_pairs(state.map(|state| ("state", state)));
    Ok(url)
}

/// Lets the sign-in wait, and records the return of the browser. Returns the handle.
async fn stored_handle(
    callback: &Callback,
    sign_in: PendingSignIn,
    user: &UserId,
    code: AuthorizationCode,
) -> Result<String, Problem> {
    let customer = sign_in.customer.clone();
    let entry = AuditEntry::new(AuditAction::ReturnFromSignIn, AuditActor::Browser).customer(&customer).user(user);
    let handle = store_return(callback, sign_in, user, code).await;
    entry.ended(handle.as_ref().err().map(Problem::code));
    handle
}

/// Lets the sign-in wait in the vault until the ATS completes it. Returns its handle; if it returned before, the same one.
async fn store_return(
    callback: &Callback,
    sign_in: PendingSignIn,
    user: &UserId,
    code: AuthorizationCode,
) -> Result<String, Problem> {
    let customer = sign_in.customer.clone();
    callback.count_opening(&format!("return/{customer}/{user}/{}", sign_in.tenure))?;
    let app = connection::app_summary(callback, &customer).await?;
    if app.app() != sign_in.app() {
        return Err(ProblemKind::HandleUnusable.into());
    }
    let handle = CompletionHandle::new(&sign_in.id, &customer, user);
    let (handle, until) = callback.sign_in_keys.seal_for(&handle, HANDLE_TTL).await??;
    let returned = ReturnedSignIn { sign_in, code, handle, until };
    match callback.connections.store_return(app.tenure, (&customer, user), &returned).await {
        Ok(StoredReturn::Waits(handle)) => Ok(handle),
        Ok(StoredReturn::Over) => Err(ProblemKind::SignInNotFound.into()),
        Ok(StoredReturn::TooOften(wait)) => Err(Problem::rate_limited(wait)),
        Err(error) => Err(error.into()),
    }
}

/// Records the return of a browser, with Microsoft's error if there is one.
fn audit_return(sign_in: &PendingSignIn, error: Option<&AuthorizationError>) {
    let Some(AuthorizationError { code, evidence, .. }) = error else {
        return audit_entry(AuditAction::ReturnFromSignIn, sign_in).succeeded();
    };
    let Evidence { aadsts, correlation_id, timestamp, .. } = evidence;
    tracing::info!(code, ?aadsts, correlation_id, timestamp, "Microsoft rejected the sign-in");
    audit_entry(AuditAction::ReturnFromSignIn, sign_in).refused(code);
}
