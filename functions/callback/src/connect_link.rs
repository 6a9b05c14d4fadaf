//! A connect link that is looked at and not used: its help page is the same for whomever it was sent to.

use shared::adapters::vault::model::VaultError;
use shared::domain::sign_in::ConnectLink;
use shared::http::problem::Problem;
use shared::types::clock::{SignedDuration, add_saturating};
use shared::types::ids::{ClientId, CustomerId, TenantId, UserId};
use shared::types::language::Language;

use crate::connection;
use crate::requests::ConnectLinkOptions;
use crate::responses::ConnectLinkResponse;
use crate::state::Callback;

/// A connect link, as its help page sees it.
#[derive(Debug)]
pub(crate) struct ConnectLinkView {
    /// The language that the ATS asked for.
    pub(crate) language: Option<Language>,
    /// What it is good for.
    pub(crate) standing: ConnectLinkStatus,
}

/// What a link is good for.
#[derive(Debug)]
pub(crate) enum ConnectLinkStatus {
    /// It begins a sign-in, with this app.
    Valid { tenant: TenantId, client_id: ClientId, sign_in_url: String },
    /// It is expired or none of ours, or the customer has no app. Which of them, nobody is told.
    Invalid,
    /// The vault did not answer.
    Unknown,
}

/// A recruiter reads mail within a week or asks again.
const CONNECT_LINK_TTL: SignedDuration = SignedDuration::from_hours(24 * 7);

pub(crate) async fn create(
    callback: &Callback,
    customer: CustomerId,
    user: UserId,
    wish: ConnectLinkOptions,
) -> Result<ConnectLinkResponse, Problem> {
    connection::app_summary(callback, &customer).await?;
    let now = callback.clock.now();
    let expires_at = add_saturating(now, CONNECT_LINK_TTL);
    let content = ConnectLink { customer, user, login_hint: wish.login_hint, language: wish.language };
    let sealed = callback.sealing_keys.current().await?.seal(&content, "", now, expires_at)?;
    Ok(ConnectLinkResponse::new(connect_url(callback, &sealed), expires_at))
}

/// Looks at a link. Whatever is wrong with it, or with the vault, numbers can still be explained.
pub(crate) async fn inspect(callback: &Callback, link: &str) -> ConnectLinkView {
    let seen = try_inspect(callback, link).await;
    seen.unwrap_or_else(|error| {
        tracing::warn!(error = %error, "a connect link could not be looked at");
        ConnectLinkView { language: None, standing: ConnectLinkStatus::Unknown }
    })
}

async fn try_inspect(callback: &Callback, link: &str) -> Result<ConnectLinkView, VaultError> {
    let Ok(opened) = callback.sealing_keys.open::<ConnectLink>(link, "", callback.clock.now()).await? else {
        return Ok(ConnectLinkView { language: None, standing: ConnectLinkStatus::Invalid });
    };
    let ConnectLink { customer, language, .. } = opened.content;
    let standing = match callback.apps.summary(&customer).await {
        Ok(card) => ConnectLinkStatus::Valid {
            tenant: card.tenant,
            client_id: card.client_id,
            sign_in_url: connect_url(callback, link),
        },
        Err(VaultError::NotFound | VaultError::Deleted) => ConnectLinkStatus::Invalid,
        Err(error) => return Err(error),
    };
    Ok(ConnectLinkView { language, standing })
}

/// The address of a sealed link.
fn connect_url(callback: &Callback, sealed: &str) -> String {
    format!("{}/connect/{sealed}", callback.settings.public_url.as_str())
}
