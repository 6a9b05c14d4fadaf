//! Connections and apps, listed by what their tags say: no secret is read.

use super::card::{self, ConnectionSummary};
use crate::entra_app::AppSummary;
use crate::ids::{CustomerId, UserId};
use crate::vault::layout::SecretOwner;
use crate::vault::terms::VaultError;
use crate::vault::{Vault, apps};

/// Lists the secrets of customers by what their tags say.
#[derive(Clone, Debug)]
pub struct SecretIndex {
    pub(in crate::vault) vault: Vault,
}

/// Some of the connections and apps, without reading them.
#[derive(Debug)]
pub struct SecretIndexPage {
    /// Whose connections, and what their tags say.
    pub connections: Vec<(CustomerId, UserId, ConnectionSummary)>,
    /// Who handed interviews over.
    pub hand_overs: Vec<(CustomerId, UserId)>,
    /// Whose apps, and what their tags say.
    pub apps: Vec<(CustomerId, AppSummary)>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

impl SecretIndex {
    /// Some connections and apps, in the order of their names, beginning at `page`.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn page(&self, page: Option<&str>) -> Result<SecretIndexPage, VaultError> {
        let prefix = self.vault.layout.customers();
        let listed = self.vault.backend.list(&prefix, page, 100).await?;
        let mut found =
            SecretIndexPage { connections: Vec::new(), apps: Vec::new(), hand_overs: Vec::new(), next: listed.next };
        for description in &listed.secrets {
            let taken = match self.vault.layout.owner_of(&description.name) {
                Some(SecretOwner::Connection(customer, user)) => {
                    card::parse_connection_tags(description).map(|card| found.connections.push((customer, user, card)))
                }
                Some(SecretOwner::App(customer)) => {
                    apps::parse_app_tags(description).map(|card| found.apps.push((customer, card)))
                }
                Some(SecretOwner::HandOvers(customer, user)) => {
                    found.hand_overs.push((customer, user));
                    Ok(())
                }
                Some(SecretOwner::KeyPair(_)) | None => Ok(()),
            };
            if let Err(error) = taken {
                tracing::error!(error = %error, "a secret is passed over");
            }
        }
        Ok(found)
    }
}
