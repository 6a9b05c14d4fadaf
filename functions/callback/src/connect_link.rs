//! A connect link that is looked at and not used: its help page is the same for whomever it was sent to.

use shared::adapters::vault::model::VaultError;
use shared::domain::sign_in::ConnectLink;
use shared::types::ids::{ClientId, TenantId};
use shared::types::language::Language;

use crate::Callback;

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

impl Callback {
    /// Looks at a link. Whatever is wrong with it, or with the vault, numbers can still be explained.
    pub(crate) async fn inspect(&self, link: &str) -> ConnectLinkView {
        let seen = self.try_inspect(link).await;
        seen.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "a connect link could not be looked at");
            ConnectLinkView { language: None, standing: ConnectLinkStatus::Unknown }
        })
    }

    async fn try_inspect(&self, link: &str) -> Result<ConnectLinkView, VaultError> {
        let Ok(opened) = self.sealing_keys.open::<ConnectLink>(link, "", self.clock.now()).await? else {
            return Ok(ConnectLinkView { language: None, standing: ConnectLinkStatus::Invalid });
        };
        let ConnectLink { customer, language, .. } = opened.content;
        let standing = match self.apps.summary(&customer).await {
            Ok(card) => ConnectLinkStatus::Valid {
                tenant: card.tenant,
                client_id: card.client_id,
                sign_in_url: self.connect_url(link),
            },
            Err(VaultError::NotFound | VaultError::Deleted) => ConnectLinkStatus::Invalid,
            Err(error) => return Err(error),
        };
        Ok(ConnectLinkView { language, standing })
    }

    /// The address of a sealed link.
    pub(super) fn connect_url(&self, sealed: &str) -> String {
        format!("{}/connect/{sealed}", self.settings.public_url.as_str())
    }
}
