//! The return from admin consent.

use shared::adapters::vault::apps::AppStatusUpdate;
use shared::adapters::vault::model::VaultError;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::entra_app::{AdminConsent, AdminConsentRequest};
use shared::domain::sign_in::{AuthorizationResponse, SignInTestLink};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::clock::{SignedDuration, add_saturating};
use shared::types::language::Language;

use crate::pages::result;
use crate::responses::{CallbackResponse, PageWithCookie};
use crate::sign_in_test::to_finding;
use crate::state::Callback;

/// As long as the links of a receipt.
const SIGN_IN_TEST_LINK_TTL: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Takes the return of a request for consent, which brings its own seal as `state`.
pub(crate) async fn handle(
    callback: &Callback,
    request: AdminConsentRequest,
    answer: AuthorizationResponse,
    language: Language,
) -> Result<CallbackResponse, Problem> {
    let now = callback.clock.now();
    let AdminConsentRequest { customer, tenant, client_id } = request;
    let refusal = match answer {
        AuthorizationResponse::AdminConsent { .. } => None,
        AuthorizationResponse::Error { refusal, .. } => Some(to_finding(refusal)),
        AuthorizationResponse::Code { .. } => return Err(ProblemKind::SignInNotFound.into()),
    };
    let entry = AuditEntry::new(AuditAction::AnswerConsent, AuditActor::Browser).customer(&customer);
    match &refusal {
        None => entry.succeeded(),
        Some(finding) => entry.refused(finding.kind.code()),
    }
    let note = AppStatusUpdate::AdminConsent(AdminConsent { granted: refusal.is_none(), at: now });
    match callback.notes.record(&customer, (tenant, client_id), note).await {
        Ok(()) => {}
        // Another app by now, or none: then this consent is of no use to anybody.
        Err(VaultError::Stale | VaultError::Deleted | VaultError::NotFound) => {
            return Err(ProblemKind::LinkUnusable.into());
        }
        Err(error) => return Err(error.into()),
    }
    let link = SignInTestLink { customer, tenant, client_id };
    let sealed =
        callback.sealing_keys.current().await?.seal(&link, "", now, add_saturating(now, SIGN_IN_TEST_LINK_TTL))?;
    let url = format!("{}/sign-in-test/{sealed}", callback.settings.public_url.as_str());
    Ok(CallbackResponse::Page(PageWithCookie {
        page: result::admin_consent_page(language, refusal.as_ref(), &url)?,
        cookie: None,
    }))
}
