//! Connections and apps, listed by what their tags say: no secret is read.

use crate::adapters::vault::apps;
use crate::adapters::vault::connections::connection_tags::{self, ConnectionSummary};
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::secret_names::SecretOwner;
use crate::adapters::vault::secret_store::SecretStore;
use crate::domain::entra_app::AppSummary;
use crate::types::ids::{CustomerId, UserId};

/// Lists the secrets of customers by what their tags say.
#[derive(Clone, Debug)]
pub struct SecretIndex {
    pub(in crate::adapters::vault) store: SecretStore,
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
        let prefix = self.store.names.customers();
        let listed = self.store.backend.list(&prefix, page, 100).await?;
        let mut found =
            SecretIndexPage { connections: Vec::new(), apps: Vec::new(), hand_overs: Vec::new(), next: listed.next };
        for description in &listed.secrets {
            let taken = match self.store.names.owner_of(&description.name) {
                Some(SecretOwner::Connection(customer, user)) => connection_tags::parse_connection_tags(description)
                    .map(|card| found.connections.push((customer, user, card))),
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
