//! Connect links: the ATS orders one, its help page inspects one.

use shared::adapters::vault::model::VaultError;
use shared::domain::connection::AccountRef;
use shared::domain::entra_app::AppSummary;
use shared::domain::sign_in::{CONNECT_LINK_TTL, ConnectLink};
use shared::http::problem::Problem;
use shared::types::clock::Timestamp;
use shared::types::ids::{ClientId, CustomerId, TenantId, UserId};
use shared::types::language::Language;
use shared::types::sealing::OpenedToken;

use crate::connection;
use crate::requests::ConnectLinkOptions;
use crate::responses::ConnectLinkResponse;
use crate::state::Callback;

/// A connect link as its help page shows it.
#[derive(Debug)]
pub(crate) struct ConnectLinkView {
    /// The language that the ATS asked for.
    pub(crate) language: Option<Language>,
    /// Whether it can start a sign-in.
    pub(crate) status: ConnectLinkStatus,
}

/// Whether a connect link can start a sign-in.
#[derive(Debug)]
pub(crate) enum ConnectLinkStatus {
    /// It can, with this app.
    Valid { tenant: TenantId, client_id: ClientId, sign_in_url: String },
    /// It has expired, was not sealed by us, or its customer has no app. The page does not say which of them.
    Invalid,
    /// The vault did not answer, or the link was opened too often to ask it.
    Unknown,
}

/// Seals a connect link for a recruiter of a customer who has an app.
pub(crate) async fn create(
    callback: &Callback,
    customer: CustomerId,
    user: UserId,
    options: ConnectLinkOptions,
) -> Result<ConnectLinkResponse, Problem> {
    let tenure = connection::app_summary(callback, &customer).await?.tenure;
    let login_hint = find_login_hint(callback, tenure, (&customer, &user), &options).await;
    let ConnectLinkOptions { language, select_account, completion, .. } = options;
    let link = ConnectLink { customer, user, tenure, login_hint, language, select_account, completion };
    let (sealed, expires_at) = callback.sign_in_keys.seal_for(&link, CONNECT_LINK_TTL).await??;
    Ok(ConnectLinkResponse::new(connect_url(callback, &sealed), expires_at))
}

/// The account to offer at Microsoft: the one that the ATS names, else the connected one. Without a hint, single sign-on
/// may choose another account than the one that will be accepted.
async fn find_login_hint(
    callback: &Callback,
    tenure: Timestamp,
    (customer, user): (&CustomerId, &UserId),
    options: &ConnectLinkOptions,
) -> Option<String> {
    let expected = options.completion.expected_account.as_ref();
    match (&options.login_hint, expected) {
        (Some(hint), _) | (None, Some(AccountRef::Upn(hint))) => return Some(hint.clone()),
        (None, Some(AccountRef::Oid(_)) | None) => {}
    }
    let connection = callback.connections.find(customer, user).await.unwrap_or_else(|error| {
        tracing::warn!(error = %error, "reading the connected account failed; no account is offered");
        None
    })?;
    if connection.tenure != tenure {
        return None;
    }
    let account = connection.connection.account;
    (!account.upn.is_empty() && expected.is_none_or(|expected| expected.matches(&account))).then_some(account.upn)
}

/// Withdraws the connect links that a recruiter was given until now.
pub(crate) async fn withdraw(callback: &Callback, customer: &CustomerId, user: &UserId) -> Result<(), Problem> {
    let tenure = connection::app_summary(callback, customer).await?.tenure;
    Ok(callback.connections.withdraw_links(tenure, (customer, user)).await?)
}

/// The app to sign in with; `None` if the link was made for another tenure of its customer, or was withdrawn.
///
/// # Errors
/// [`VaultError`] of the app; `NotFound` or `Deleted` if the customer has none.
pub(crate) async fn find_app(
    callback: &Callback,
    link: &OpenedToken<ConnectLink>,
) -> Result<Option<AppSummary>, VaultError> {
    let ConnectLink { customer, user, tenure, .. } = &link.content;
    let app = callback.apps.summary(customer).await?;
    if app.tenure != *tenure {
        return Ok(None);
    }
    let withdrawn_at = callback.connections.links_withdrawn_at(customer, user).await?;
    let is_withdrawn = withdrawn_at.is_some_and(|withdrawn_at| withdrawn_at >= link.issued_at);
    Ok(Some(app).filter(|_| !is_withdrawn))
}

/// Inspects a connect link without using it up. Never fails: the help page explains numbers even if the link is invalid or
/// the vault does not answer.
pub(crate) async fn inspect(callback: &Callback, link: &str) -> ConnectLinkView {
    let view = try_inspect(callback, link).await;
    view.unwrap_or_else(|error| {
        tracing::warn!(error = %error, "inspecting a connect link failed; showing its help page without the app");
        ConnectLinkView { language: None, status: ConnectLinkStatus::Unknown }
    })
}

async fn try_inspect(callback: &Callback, link: &str) -> Result<ConnectLinkView, VaultError> {
    let Ok(opened) = callback.sign_in_keys.open::<ConnectLink>(link, "", callback.clock.now()).await? else {
        return Ok(ConnectLinkView { language: None, status: ConnectLinkStatus::Invalid });
    };
    let language = opened.content.language;
    if callback.count_opening(link).is_err() {
        return Ok(ConnectLinkView { language, status: ConnectLinkStatus::Unknown });
    }
    let status = match find_app(callback, &opened).await {
        Ok(Some(app)) => ConnectLinkStatus::Valid {
            tenant: app.tenant,
            client_id: app.client_id,
            sign_in_url: connect_url(callback, link),
        },
        Ok(None) | Err(VaultError::NotFound | VaultError::Deleted) => ConnectLinkStatus::Invalid,
        Err(error) => return Err(error),
    };
    Ok(ConnectLinkView { language, status })
}

/// The address of a sealed link.
fn connect_url(callback: &Callback, sealed: &str) -> String {
    format!("{}/connect/{sealed}", callback.public_url())
}
