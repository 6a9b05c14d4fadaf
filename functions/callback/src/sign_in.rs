//! Starts a sign-in.

use axum::http::HeaderMap;

use shared::domain::audit;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::sign_in::{ConnectLink, PendingSignIn, SIGN_IN_TTL, SignInPurpose};
use shared::http::problem::{Problem, ProblemKind};
use shared::http::sign_in_cookie;
use shared::types::clock::add_saturating;

use crate::connection;
use crate::responses::RedirectWithCookies;
use crate::state::Callback;

pub(crate) async fn start(
    callback: &Callback,
    link: &str,
    headers: &HeaderMap,
) -> Result<RedirectWithCookies, Problem> {
    let now = callback.clock.now();
    let opened = callback.sealing_keys.open::<ConnectLink>(link, "", now).await?;
    let link = opened.map_err(|error| Problem::from(ProblemKind::LinkUnusable).with_cause(error))?.content;
    let card = connection::app_summary(callback, &link.customer)
        .await
        .map_err(|problem| problem.with_language(link.language))?;
    let app = (card.tenant, card.client_id);
    let aim = SignInPurpose::Connection(link.user);
    let sign_in = PendingSignIn::start(link.customer, aim, app, &callback.randomness)?;
    redirect_to_microsoft(callback, sign_in, link.login_hint.as_deref(), headers).await
}

/// Keeps a sign-in in the browser's cookie, bound to its `state`, and sends the browser to Entra.
pub(crate) async fn redirect_to_microsoft(
    callback: &Callback,
    sign_in: PendingSignIn,
    login_hint: Option<&str>,
    headers: &HeaderMap,
) -> Result<RedirectWithCookies, Problem> {
    let now = callback.clock.now();
    let state = callback.randomness.token()?;
    let to = callback.entra.authorize_url(&sign_in, &state, login_hint)?;
    let sealed =
        callback.sealing_keys.current().await?.seal(&sign_in, &state, now, add_saturating(now, SIGN_IN_TTL))?;
    let mut cookies: Vec<_> = sign_in_cookie::set(&state, sealed, SIGN_IN_TTL).into_iter().collect();
    let others = sign_in_cookie::cookie_names(headers);
    if others.len() >= sign_in_cookie::MAX_SIGN_INS {
        cookies.extend(others.into_iter().filter_map(sign_in_cookie::clear_named));
    }
    audit::record_sign_in_id(&sign_in.id);
    audit_entry(AuditAction::BeginSignIn, &sign_in).succeeded();
    Ok(RedirectWithCookies { to, cookies })
}

/// What a browser did, for the audit trail.
pub(crate) fn audit_entry(deed: AuditAction, sign_in: &PendingSignIn) -> AuditEntry<'_> {
    let entry = AuditEntry::new(deed, AuditActor::Browser).customer(&sign_in.customer);
    match &sign_in.aim {
        SignInPurpose::Connection(user) => entry.user(user),
        SignInPurpose::Test { .. } => entry,
    }
}
