//! A connect link that is looked at and not used: its help page is the same for whomever it was sent to.

use shared::ids::{ClientId, TenantId};
use shared::language::Language;
use shared::sign_in::ConnectLink;
use shared::vault::terms::VaultError;

use crate::Callback;

/// A connect link, as its help page sees it.
#[derive(Debug)]
pub(crate) struct Seen {
    /// The language that the ATS asked for.
    pub(crate) language: Option<Language>,
    /// What it is good for.
    pub(crate) standing: Standing,
}

/// What a link is good for.
#[derive(Debug)]
pub(crate) enum Standing {
    /// It begins a sign-in, with this app.
    Works { tenant: TenantId, client_id: ClientId, sign_in_url: String },
    /// It is expired or none of ours, or the customer has no app. Which of them, nobody is told.
    DoesNotWork,
    /// The vault did not answer.
    Unknown,
}

impl Callback {
    /// Looks at a link. Whatever is wrong with it, or with the vault, numbers can still be explained.
    pub(crate) async fn look_at(&self, link: &str) -> Seen {
        let seen = self.seen(link).await;
        seen.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "a connect link could not be looked at");
            Seen { language: None, standing: Standing::Unknown }
        })
    }

    async fn seen(&self, link: &str) -> Result<Seen, VaultError> {
        let Ok(opened) = self.sealing_keys.open::<ConnectLink>(link, "", self.clock.now()).await? else {
            return Ok(Seen { language: None, standing: Standing::DoesNotWork });
        };
        let ConnectLink { customer, language, .. } = opened.content;
        let standing = match self.apps.card(&customer).await {
            Ok(card) => {
                Standing::Works { tenant: card.tenant, client_id: card.client_id, sign_in_url: self.connect_url(link) }
            }
            Err(VaultError::NotFound | VaultError::Deleted) => Standing::DoesNotWork,
            Err(error) => return Err(error),
        };
        Ok(Seen { language, standing })
    }

    /// The address of a sealed link.
    pub(super) fn connect_url(&self, sealed: &str) -> String {
        format!("{}/connect/{sealed}", self.settings.public_url.as_str())
    }
}
