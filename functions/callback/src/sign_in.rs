//! The start of a sign-in: `state`, cookie, redirect to Microsoft.

use axum::http::HeaderMap;

use shared::adapters::microsoft::entra::AccountHints;
use shared::domain::audit;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::sign_in::{ConnectLink, PendingSignIn, SIGN_IN_TTL, SignInPurpose};
use shared::http::problem::{Problem, ProblemKind};
use shared::http::sign_in_cookie;
use shared::types::clock::add_saturating;

use crate::connect_link;
use crate::problems::app_problem;
use crate::responses::RedirectWithCookies;
use crate::state::Callback;

/// Starts the sign-in that a connect link was ordered for.
pub(crate) async fn start(
    callback: &Callback,
    link: &str,
    headers: &HeaderMap,
) -> Result<RedirectWithCookies, Problem> {
    let now = callback.clock.now();
    let opened = callback.sign_in_keys.open::<ConnectLink>(link, "", now).await?;
    let opened = opened.map_err(|error| Problem::from(ProblemKind::LinkUnusable).with_cause(error))?;
    callback.count_opening(link)?;
    let language = opened.content.language;
    let app = connect_link::find_app(callback, &opened).await.map_err(app_problem);
    let app = app.and_then(|app| app.ok_or_else(|| ProblemKind::LinkUnusable.into()));
    let app = app.map_err(|problem| problem.with_language(language))?;
    let link = opened.content;
    let purpose = SignInPurpose::Connection(link.user);
    let sign_in = PendingSignIn::start(link.customer, purpose, app.app(), (now, &callback.randomness))?;
    let sign_in = PendingSignIn { completion: link.completion, language: link.language, ..sign_in };
    let hints = AccountHints { login_hint: link.login_hint.as_deref(), select_account: link.select_account };
    redirect_to_microsoft(callback, sign_in, hints, headers).await
}

/// Seals a sign-in into a cookie of the browser, bound to its `state`, and redirects the browser to Entra.
///
/// A browser that already has [`sign_in_cookie::MAX_SIGN_INS`] of these cookies loses them, so that headers stay short.
pub(crate) async fn redirect_to_microsoft(
    callback: &Callback,
    sign_in: PendingSignIn,
    hints: AccountHints<'_>,
    headers: &HeaderMap,
) -> Result<RedirectWithCookies, Problem> {
    let now = callback.clock.now();
    let state = callback.randomness.token()?;
    let to = callback.entra.authorize_url(&sign_in, &state, hints)?;
    let sealed = callback.sign_in_keys.seal(&sign_in, &state, now, add_saturating(now, SIGN_IN_TTL)).await??;
    let mut cookies: Vec<_> = sign_in_cookie::set(&state, sealed, SIGN_IN_TTL).into_iter().collect();
    let pending = sign_in_cookie::cookie_names(headers);
    if pending.len() >= sign_in_cookie::MAX_SIGN_INS {
        cookies.extend(pending.into_iter().filter_map(sign_in_cookie::clear_named));
    }
    audit::record_sign_in_id(&sign_in.id);
    audit_entry(AuditAction::BeginSignIn, &sign_in).succeeded();
    Ok(RedirectWithCookies { to, cookies })
}

/// An audit entry for what a browser did in a sign-in.
pub(crate) fn audit_entry(action: AuditAction, sign_in: &PendingSignIn) -> AuditEntry<'_> {
    let entry = AuditEntry::new(action, AuditActor::Browser).customer(&sign_in.customer);
    match &sign_in.aim {
        SignInPurpose::Connection(user) => entry.user(user),
        SignInPurpose::Test { .. } => entry,
    }
}
