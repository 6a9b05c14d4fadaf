//! Links to the page for support: the ATS orders one, whoever has it opens it, and makes links for administrators there.

use shared::domain::api_key::{ApiScope, Caller};
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::entra_app::{AppSummary, INTAKE_LINK_LIFETIME, IntakeLink, TenureState};
use shared::domain::support_link::SupportLink;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::ids::CustomerId;
use shared::types::rate_limiter::LINK_LIMIT;

use crate::responses::SupportLinkResponse;
use crate::state::Refresh;

/// A support link that was opened.
#[derive(Debug)]
pub(crate) struct OpenSupportLink {
    /// What its API key may see now.
    pub(crate) caller: Caller,
    pub(crate) expires_at: Timestamp,
}

/// Seals a link that shows what this API key may see.
pub(crate) async fn create(
    refresh: &Refresh,
    caller: &Caller,
    lifetime: SignedDuration,
) -> Result<SupportLinkResponse, Problem> {
    let link = SupportLink { key_id: caller.key_id.clone(), key_fingerprint: caller.key_fingerprint.clone() };
    let (sealed, expires_at) = refresh.support_link_keys.seal_for(&link, lifetime).await??;
    Ok(SupportLinkResponse { url: format!("{}/support/{sealed}", refresh.public_url.as_str()), expires_at })
}

/// A link to the form for a customer's administrator.
#[derive(Debug)]
pub(crate) struct CreatedIntakeLink {
    pub(crate) url: String,
    pub(crate) expires_at: Timestamp,
}

/// Seals an intake link for this customer, as the ATS could order one with the API key of the support link.
pub(crate) async fn create_intake_link(
    refresh: &Refresh,
    customer: &CustomerId,
    app: Option<&AppSummary>,
) -> Result<CreatedIntakeLink, Problem> {
    let link = IntakeLink {
        customer: customer.clone(),
        language: None,
        expected_domain: None,
        return_url: None,
        customer_name: None,
        requested_by: None,
        tenure: app.map_or(TenureState::None, |app| TenureState::Active(app.tenure)),
    };
    let (sealed, expires_at) = refresh.intake_link_keys.seal_for(&link, INTAKE_LINK_LIFETIME).await??;
    Ok(CreatedIntakeLink { url: format!("{}/intake/{sealed}", refresh.public_url.as_str()), expires_at })
}

/// Opens a link, for all its customers or for one of them, and writes an audit entry of what is done with it.
///
/// # Errors
/// [`ProblemKind::LinkUnusable`] for a link that this deployment did not seal, that has expired, or whose API key was revoked;
/// [`ProblemKind::NotFound`] for a customer outside the key's limits; [`ProblemKind::TooManyRequests`] beyond [`LINK_LIMIT`].
pub(crate) async fn open(
    refresh: &Refresh,
    link: &str,
    action: AuditAction,
    customer: Option<&CustomerId>,
) -> Result<OpenSupportLink, Problem> {
    let unusable = |error| Problem::from(ProblemKind::LinkUnusable).with_cause(error);
    let opened = refresh.support_link_keys.open::<SupportLink>(link, "", refresh.clock.now()).await?;
    let opened = opened.map_err(unusable)?;
    refresh.link_limiter.acquire(&link.to_owned(), LINK_LIMIT).map_err(Problem::rate_limited)?;
    let entry = AuditEntry::new(action, AuditActor::SupportLink(&opened.content.key_id));
    let entry = customer.into_iter().fold(entry, AuditEntry::customer);
    let caller = refresh.api_keys.find(&opened.content.key_id).await?;
    let caller = caller.filter(|caller| caller.key_fingerprint == opened.content.key_fingerprint);
    let refused = |kind: ProblemKind| {
        entry.refused(kind.code());
        Err(kind.into())
    };
    match caller.filter(|caller| caller.has_scope(ApiScope::Administration)) {
        None => refused(ProblemKind::LinkUnusable),
        Some(caller) if customer.is_some_and(|customer| !caller.may_access(customer)) => refused(ProblemKind::NotFound),
        Some(caller) => {
            entry.succeeded();
            Ok(OpenSupportLink { caller, expires_at: opened.expires_at })
        }
    }
}
