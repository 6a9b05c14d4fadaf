//! The secrets of the deployment itself, as an operator changes them. No function holds this: functions read keys only.

use crate::adapters::vault::documents;
use crate::adapters::vault::model::{SecretMetadata, SecretName, VaultError, VersionStage};
pub use crate::adapters::vault::secret_names::DeploymentSecret;
use crate::adapters::vault::secret_store::{SecretStore, Versioned};
use crate::adapters::vault::webhook_keys;
use crate::domain::api_key::ApiKeyRecord;
use crate::types::sealing::generate_key;
use crate::types::sealing::webhook_key::WebhookKey;
use crate::types::secret::SecretBody;

/// Changes the secrets of the deployment itself.
#[derive(Clone, Debug)]
pub struct DeploymentSecrets {
    pub(super) store: SecretStore,
}

impl DeploymentSecrets {
    /// Its name.
    #[must_use]
    pub fn name(&self, secret: DeploymentSecret) -> SecretName {
        self.store.names.of_deployment(secret)
    }

    /// What is known of it without reading it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn describe(&self, secret: DeploymentSecret) -> Result<SecretMetadata, VaultError> {
        self.store.backend.describe(&self.name(secret)).await
    }

    /// Reads it as the functions do.
    ///
    /// # Errors
    /// [`VaultError`]; `Corrupt` where no function could read it.
    pub async fn validate(&self, secret: DeploymentSecret, stage: VersionStage) -> Result<(), VaultError> {
        let name = self.name(secret);
        let body = self.store.backend.read(&name, stage).await?.body;
        match secret {
            DeploymentSecret::ApiKeys => documents::read_api_keys(&name, &body).map(drop),
            DeploymentSecret::IssuerKey | DeploymentSecret::IssuerNextKey => {
                documents::read_issuer_key(secret, &name, &body).map(drop)
            }
            DeploymentSecret::IssuerJwks => documents::read_published_keys(&name, &body).map(drop),
            key => documents::read_key(key, &name, &body).map(drop),
        }
    }

    /// The keys that sign webhooks: the one in force, and the one before it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn webhook_keys(&self) -> Result<Vec<WebhookKey>, VaultError> {
        webhook_keys::read(&self.store).await
    }

    /// The API keys of one of the two lists that count.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn api_keys(&self, stage: VersionStage) -> Result<Versioned<Vec<ApiKeyRecord>>, VaultError> {
        let name = self.name(DeploymentSecret::ApiKeys);
        let read = self.store.backend.read(&name, stage).await?;
        let value = documents::read_api_keys(&name, &read.body)?;
        Ok(Versioned { value, arn: read.arn, version: read.version })
    }

    /// Puts this list in the place of the one that was read. That one goes on counting; the one before it does not.
    ///
    /// # Errors
    /// [`VaultError`]; `Stale` when another list was put there meanwhile.
    pub async fn replace_api_keys(
        &self,
        base: Versioned<()>,
        keys: Vec<ApiKeyRecord>,
    ) -> Result<Versioned<()>, VaultError> {
        let body = documents::write_api_keys(keys)?;
        let version = self.store.backend.put(&base.arn, &base.version, body).await?;
        Ok(Versioned { value: (), arn: base.arn, version })
    }

    /// Puts a new key in the place of the present one, which goes on opening what it sealed.
    /// What is there is not looked at: a damaged one is mended so as well.
    ///
    /// # Errors
    /// [`VaultError`]; `Stale` when somebody else rotates it; `Refused` for the API keys, which are issued one by one.
    pub async fn rotate(&self, secret: DeploymentSecret) -> Result<(), VaultError> {
        let key = generate_key(&self.store.randomness).map_err(|error| VaultError::Unavailable(error.into()))?;
        let body: SecretBody = match secret {
            DeploymentSecret::ApiKeys => return Err(VaultError::Refused("API keys are issued, not rotated")),
            DeploymentSecret::IssuerKey | DeploymentSecret::IssuerNextKey | DeploymentSecret::IssuerJwks => {
                return Err(VaultError::Refused("the issuer's keys are rotated together"));
            }
            secret => documents::write_key(secret, &key)?,
        };
        let read = self.store.backend.read(&self.name(secret), VersionStage::Current).await?;
        self.store.backend.put(&read.arn, &read.version, body).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::Vault;
    use crate::adapters::vault::backend::Backend;
    use crate::adapters::vault::backend::memory::MemoryBackend;
    use crate::types::clock::{Clock, Timestamp};
    use crate::types::randomness::Randomness;
    use crate::types::secret::{ApiKey, SealingKeyText};

    async fn vault() -> Vault {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let backend = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
        let vault = Vault::new(backend, "test".parse().unwrap(), clock, randomness);
        vault.put_api_keys(Vec::new()).await.unwrap();
        for secret in DeploymentSecret::KEYS {
            vault.create_key(secret, &generate_key(&vault.store.randomness).unwrap()).await.unwrap();
        }
        vault
    }

    fn key(id: &str) -> ApiKeyRecord {
        ApiKeyRecord::from_key(id, &ApiKey::from(id.to_owned()))
    }

    #[tokio::test]
    async fn a_list_that_somebody_else_replaced_is_not_written_over() {
        let secrets = vault().await.deployment_secrets();
        let (_, base) = secrets.api_keys(VersionStage::Current).await.unwrap().into_parts();
        let (_, late) = secrets.api_keys(VersionStage::Current).await.unwrap().into_parts();
        let next = secrets.replace_api_keys(base, vec![key("a")]).await.unwrap();
        assert!(matches!(secrets.replace_api_keys(late, vec![key("b")]).await, Err(VaultError::Stale)));
        secrets.replace_api_keys(next, vec![key("c")]).await.unwrap();
        assert_eq!(secrets.api_keys(VersionStage::Current).await.unwrap().value, [key("c")]);
        assert_eq!(secrets.api_keys(VersionStage::Previous).await.unwrap().value, [key("a")]);
    }

    #[tokio::test]
    async fn a_key_that_nobody_could_read_is_replaced_by_one_that_everybody_can() {
        let vault = vault().await;
        let secrets = vault.deployment_secrets();
        for secret in DeploymentSecret::KEYS {
            let read = vault.store.backend.read(&secrets.name(secret), VersionStage::Current).await.unwrap();
            let wrong = documents::write_api_keys(Vec::new()).unwrap();
            vault.store.backend.put(&read.arn, &read.version, wrong).await.unwrap();
            let damaged = secrets.validate(secret, VersionStage::Current).await;
            assert!(matches!(damaged, Err(VaultError::Corrupt { .. })), "{secret:?}");
            secrets.rotate(secret).await.unwrap();
            secrets.validate(secret, VersionStage::Current).await.unwrap();
            assert_eq!(secrets.describe(secret).await.unwrap().previous, Some(read.version.successor()));
        }
        assert!(matches!(secrets.rotate(DeploymentSecret::ApiKeys).await, Err(VaultError::Refused(_))));
        assert!(vault.link_keys().current().await.is_ok());
    }

    #[tokio::test]
    async fn two_keys_in_a_row_are_two_keys() {
        let vault = vault().await;
        let seen = async || {
            let name = vault.deployment_secrets().name(DeploymentSecret::SealingKey);
            let read = vault.store.backend.read(&name, VersionStage::Current).await.unwrap();
            let text: SealingKeyText = documents::read_key(DeploymentSecret::SealingKey, &name, &read.body).unwrap();
            crate::types::secret::Secret::expose(&text).to_owned()
        };
        let first = seen().await;
        vault.deployment_secrets().rotate(DeploymentSecret::SealingKey).await.unwrap();
        assert_ne!(seen().await, first);
    }
    #[tokio::test]
    async fn the_former_webhook_key_signs_as_well_until_the_next_rotation() {
        let vault = vault().await;
        let secrets = vault.deployment_secrets();
        let mut former: Vec<String> = Vec::new();
        for _ in 0..3 {
            let keys = secrets.webhook_keys().await.unwrap();
            let signatures: Vec<_> = keys.iter().map(|key| key.sign("id", Timestamp::UNIX_EPOCH, "body")).collect();
            let header = vault.webhook_keys().sign("id", Timestamp::UNIX_EPOCH, "body").await.unwrap();
            assert_eq!(header, signatures.join(" "));
            assert_eq!(signatures[1..], former[..former.len().min(1)], "the one in force, and the one before it");
            assert!(!former.contains(&signatures[0]));
            former = signatures;
            secrets.rotate(DeploymentSecret::WebhookKey).await.unwrap();
        }
        let memory = Backend::Memory(MemoryBackend::new(vault.store.clock.clone(), vault.store.randomness.clone()));
        let empty = Vault::new(memory, "test".parse().unwrap(), vault.store.clock, vault.store.randomness);
        assert!(matches!(empty.deployment_secrets().webhook_keys().await, Err(VaultError::NotFound)));
    }
}
