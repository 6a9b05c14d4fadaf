//! Handles Microsoft's redirect.

use axum::http::HeaderMap;
use url::Url;

use shared::domain::audit;
use shared::domain::audit::AuditAction;
use shared::domain::entra_app::AdminConsentRequest;
use shared::domain::finding::Evidence;
use shared::domain::sign_in::{AuthorizationError, AuthorizationResponse, HANDLE_TTL, PendingSignIn, SignInPurpose};
use shared::http::problem::{Problem, ProblemKind};
use shared::http::sign_in_cookie;
use shared::types::clock::add_saturating;
use shared::types::language::Language;
use shared::types::secret::AuthorizationCode;

use crate::responses::{CallbackError, CallbackResponse, PageWithCookie, RedirectWithCookies};
use crate::sign_in::audit_entry;
use crate::state::Callback;
use crate::{admin_consent, sign_in_test};

/// Where a browser that Microsoft sent back goes on: with an administrator's consent, to a page of ours; with a
/// sign-in, to the ATS, or to a page of ours where it was a test.
pub(crate) async fn handle(
    callback: &Callback,
    answer: AuthorizationResponse,
    headers: &HeaderMap,
    language: Language,
) -> Result<CallbackResponse, CallbackError> {
    let now = callback.clock.now();
    let request =
        callback.sealing_keys.open::<AdminConsentRequest>(answer.state(), "", now).await.map_err(Problem::from)?;
    if let Ok(request) = request {
        return Ok(admin_consent::handle(callback, request.content, answer, language).await?);
    }
    let state = answer.state().to_owned();
    let sign_in = open_pending_sign_in(callback, &answer, headers).await?;
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
            let to = completion_url(callback, sign_in, answered).await.map_err(stranded)?;
            Ok(CallbackResponse::Redirect(RedirectWithCookies {
                to,
                cookies: sign_in_cookie::clear(&state).into_iter().collect(),
            }))
        }
        SignInPurpose::Test { meeting } => {
            let page = sign_in_test::finish(callback, sign_in, meeting, answered, language).await.map_err(stranded)?;
            Ok(CallbackResponse::Page(PageWithCookie { page, cookie: sign_in_cookie::clear(&state) }))
        }
    }
}

/// Only the browser that began a sign-in can bring its answer: its cookie opens with the returned `state` alone.
async fn open_pending_sign_in(
    callback: &Callback,
    answer: &AuthorizationResponse,
    headers: &HeaderMap,
) -> Result<PendingSignIn, CallbackError> {
    let state = answer.state();
    let stranded = |problem: Problem| CallbackError { problem, cookie: sign_in_cookie::clear(state) };
    let nobody = || stranded(ProblemKind::SignInNotFound.into());
    let sealed = sign_in_cookie::get(headers, state).ok_or_else(nobody)?;
    let opened = callback.sealing_keys.open::<PendingSignIn>(&sealed, state, callback.clock.now()).await;
    let opened = opened.map_err(|error| CallbackError::from(Problem::from(error)))?;
    let sign_in =
        opened.map_err(|error| stranded(Problem::from(ProblemKind::SignInNotFound).with_cause(error)))?.content;
    // RFC 9207 §2.4. Entra sends no `iss`; one that is sent must be the tenant's own, to the byte.
    match answer {
        AuthorizationResponse::Code { iss: Some(iss), .. } | AuthorizationResponse::Error { iss: Some(iss), .. }
            if *iss != callback.entra.issuer(sign_in.tenant) =>
        {
            Err(nobody())
        }
        _ => Ok(sign_in),
    }
}

/// The ATS's page, with a handle that only the ATS can complete, or with what went wrong.
async fn completion_url(
    callback: &Callback,
    sign_in: PendingSignIn,
    answered: Result<AuthorizationCode, AuthorizationError>,
) -> Result<Url, Problem> {
    let now = callback.clock.now();
    let (name, value) = match answered {
        Ok(code) => {
            let seal = callback.sealing_keys.current().await?;
            ("handle", seal.seal(&sign_in.into_handle(code), "", now, add_saturating(now, HANDLE_TTL))?)
        }
        Err(AuthorizationError { code, .. }) => ("error", code.to_owned()),
    };
    let mut to = callback.settings.completion_url.clone();
    to.query_pairs_mut().append_pair(name, &value);
    Ok(to)
}

fn audit_return(sign_in: &PendingSignIn, refusal: Option<&AuthorizationError>) {
    let Some(AuthorizationError { code, evidence, .. }) = refusal else {
        return audit_entry(AuditAction::ReturnFromSignIn, sign_in).succeeded();
    };
    let Evidence { aadsts, correlation_id, timestamp, .. } = evidence;
    tracing::info!(code, ?aadsts, correlation_id, timestamp, "Microsoft refused the sign-in");
    audit_entry(AuditAction::ReturnFromSignIn, sign_in).refused(code);
}
