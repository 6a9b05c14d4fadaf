//! The return from admin consent. The `state` is a sealed [`AdminConsentRequest`], so no cookie is needed.

use shared::adapters::vault::apps::AppStatusUpdate;
use shared::adapters::vault::model::VaultError;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::entra_app::{AdminConsent, AdminConsentRequest};
use shared::domain::sign_in::{AuthorizationResponse, SignInTestLink};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::language::Language;
use shared::types::sealing::OpenedToken;

use crate::pages::result;
use crate::responses::{CallbackResponse, PageWithCookie};
use crate::sign_in_test::to_finding;
use crate::state::Callback;

/// Records whether an administrator granted consent and shows the result, with a link to a sign-in test that ends with the
/// `state`.
pub(crate) async fn handle(
    callback: &Callback,
    request: OpenedToken<AdminConsentRequest>,
    response: AuthorizationResponse,
    language: Language,
) -> Result<CallbackResponse, Problem> {
    let now = callback.clock.now();
    let (app, ends) = (request.content.app(), request.expires_at);
    let AdminConsentRequest { customer, tenure, tenant, client_id } = request.content;
    // An answer for another directory says nothing about this one.
    let rejection = match response {
        AuthorizationResponse::AdminConsent { tenant: answered, .. } if answered == tenant => None,
        AuthorizationResponse::Error { refusal, tenant: answered, .. }
            if answered.as_ref().is_none_or(|answered| answered.parse() == Ok(tenant)) =>
        {
            Some(to_finding(refusal))
        }
        _ => return Err(ProblemKind::SignInNotFound.into()),
    };
    let entry = AuditEntry::new(AuditAction::AnswerConsent, AuditActor::Browser).customer(&customer);
    entry.ended(rejection.as_ref().map(|finding| finding.kind.code()));
    let update = AppStatusUpdate::AdminConsent(AdminConsent { granted: rejection.is_none(), at: now });
    match callback.app_status.record(&customer, app, update).await {
        Ok(()) => {}
        // The app was replaced or deleted meanwhile: consent to it means nothing.
        Err(VaultError::Stale | VaultError::Deleted | VaultError::NotFound) => {
            return Err(ProblemKind::LinkUnusable.into());
        }
        Err(error) => return Err(error.into()),
    }
    let link = SignInTestLink { customer, tenure, tenant, client_id };
    let sealed = callback.next_steps_keys.seal(&link, "", now, ends).await??;
    let url = format!("{}/sign-in-test/{sealed}", callback.public_url());
    Ok(CallbackResponse::Page(PageWithCookie {
        page: result::admin_consent_page(&callback.settings.branding, language, rejection.as_ref(), &url)?,
        cookie: None,
    }))
}
