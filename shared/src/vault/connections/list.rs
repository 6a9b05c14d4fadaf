//! Connections and apps, listed by what their tags say: no secret is read.

use super::card::{self, ConnectionCard};
use crate::entra_app::AppCard;
use crate::ids::{CustomerId, UserId};
use crate::vault::layout::Owned;
use crate::vault::terms::VaultError;
use crate::vault::{Vault, apps};

/// Lists the secrets of customers by what their tags say.
#[derive(Clone, Debug)]
pub struct ConnectionList {
    pub(in crate::vault) vault: Vault,
}

/// Some of the connections and apps, without reading them.
#[derive(Debug)]
pub struct ConnectionPage {
    /// Whose connections, and what their tags say.
    pub connections: Vec<(CustomerId, UserId, ConnectionCard)>,
    /// Who handed interviews over.
    pub hand_overs: Vec<(CustomerId, UserId)>,
    /// Whose apps, and what their tags say.
    pub apps: Vec<(CustomerId, AppCard)>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

impl ConnectionList {
    /// Some connections and apps, in the order of their names, beginning at `page`.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn page(&self, page: Option<&str>) -> Result<ConnectionPage, VaultError> {
        let prefix = self.vault.layout.customers();
        let listed = self.vault.backend.list(&prefix, page, 100).await?;
        let mut found =
            ConnectionPage { connections: Vec::new(), apps: Vec::new(), hand_overs: Vec::new(), next: listed.next };
        for description in &listed.secrets {
            let taken = match self.vault.layout.owner_of(&description.name) {
                Some(Owned::Connection(customer, user)) => {
                    card::read(description).map(|card| found.connections.push((customer, user, card)))
                }
                Some(Owned::App(customer)) => {
                    apps::read_tags(description).map(|card| found.apps.push((customer, card)))
                }
                Some(Owned::HandOvers(customer, user)) => {
                    found.hand_overs.push((customer, user));
                    Ok(())
                }
                Some(Owned::KeyPair(_)) | None => Ok(()),
            };
            if let Err(error) = taken {
                tracing::error!(error = %error, "a secret is passed over");
            }
        }
        Ok(found)
    }
}
