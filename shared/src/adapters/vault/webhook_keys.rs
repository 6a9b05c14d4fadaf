//! The key that signs webhooks. While a new one spreads among receivers, the former signs as well.

use std::sync::Arc;

use crate::adapters::vault::api_keys::KEYS_TTL;
use crate::adapters::vault::documents;
use crate::adapters::vault::model::{VaultError, VersionStage};
use crate::adapters::vault::secret_names::DeploymentSecret;
use crate::adapters::vault::secret_store::SecretStore;
use crate::types::clock::Timestamp;
use crate::types::sealing::webhook_key::WebhookKey;
use crate::types::secret::Secret;
use crate::types::single_flight::SingleFlight;

/// Signs webhooks.
#[derive(Clone, Debug)]
pub struct WebhookKeys {
    store: SecretStore,
    keys: Arc<SingleFlight<Vec<WebhookKey>>>,
}

impl WebhookKeys {
    pub(super) fn new(store: SecretStore) -> Self {
        Self { store, keys: SingleFlight::new() }
    }

    /// What stands in the header `webhook-signature`: a signature by the key in force and one by the key before it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn sign(&self, id: &str, at: Timestamp, body: &str) -> Result<String, VaultError> {
        let keys = self.keys.get_or_load(self.store.clock.now(), KEYS_TTL, read(&self.store)).await?;
        Ok(keys.iter().map(|key| key.sign(id, at, body)).collect::<Vec<_>>().join(" "))
    }
}

/// The key in force, and the one before it.
pub(super) async fn read(store: &SecretStore) -> Result<Vec<WebhookKey>, VaultError> {
    let name = store.names.of_deployment(DeploymentSecret::WebhookKey);
    let mut keys = Vec::new();
    for stage in [VersionStage::Current, VersionStage::Previous] {
        let body = match store.backend.read(&name, stage).await {
            Ok(read) => read.body,
            Err(VaultError::NotFound) if stage == VersionStage::Previous => break,
            Err(error) => return Err(error),
        };
        let text = documents::read_key(DeploymentSecret::WebhookKey, &name, &body)?;
        let key = WebhookKey::new(text.expose()).map_err(|_| documents::corrupt_document(&name, "it holds no key"))?;
        keys.push(key);
    }
    Ok(keys)
}
