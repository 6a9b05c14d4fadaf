//! The API keys, by their hashes. The version labelled `AWSPREVIOUS` stays good, so that a rotation needs no downtime.

use std::sync::Arc;

use crate::adapters::vault::documents;
use crate::adapters::vault::model::{VaultError, VersionStage};
use crate::adapters::vault::secret_names::DeploymentSecret;
use crate::adapters::vault::secret_store::SecretStore;
use crate::domain::api_key::{ApiKeySet, Caller};
use crate::types::clock::SignedDuration;
use crate::types::secret::ApiKey;
use crate::types::single_flight::SingleFlight;

/// How long a process may go on with keys that it has read: what a write of the list took out of both its versions is
/// rejected everywhere a minute later.
pub(super) const KEYS_TTL: SignedDuration = SignedDuration::from_secs(60);

/// A key that is not known may be newer than what was read: then the vault is asked again, but not for every stranger.
pub(super) const MIN_RELOAD_INTERVAL: SignedDuration = SignedDuration::from_secs(5);

/// The API keys, by their hashes.
#[derive(Clone, Debug)]
pub struct ApiKeys {
    store: SecretStore,
    current: Arc<SingleFlight<ApiKeySet>>,
    previous: Arc<SingleFlight<ApiKeySet>>,
}

impl ApiKeys {
    pub(super) fn new(store: SecretStore) -> Self {
        Self { store, current: SingleFlight::new(), previous: SingleFlight::new() }
    }

    /// Lets the holder of a key in. The keys before the last rotation are read only for a key that is not among the
    /// current ones; and for one that is among neither both are read again, every few seconds at most.
    ///
    /// # Errors
    /// [`VaultError`]: then nobody is let in, whatever the reason.
    pub async fn authenticate(&self, presented: &ApiKey) -> Result<Option<Caller>, VaultError> {
        let now = self.store.clock.now();
        for age in [KEYS_TTL, MIN_RELOAD_INTERVAL] {
            for (kept, stage) in [(&self.current, VersionStage::Current), (&self.previous, VersionStage::Previous)] {
                let ring = kept.get_or_load(now, age, self.read(stage)).await?;
                if let Some(caller) = ring.authenticate(presented) {
                    return Ok(Some(caller));
                }
            }
        }
        Ok(None)
    }

    /// What the key with this id may do now; `None` once it is revoked.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn find(&self, key_id: &str) -> Result<Option<Caller>, VaultError> {
        let now = self.store.clock.now();
        for (kept, stage) in [(&self.current, VersionStage::Current), (&self.previous, VersionStage::Previous)] {
            let keys = kept.get_or_load(now, KEYS_TTL, self.read(stage)).await?;
            if let Some(caller) = keys.find(key_id) {
                return Ok(Some(caller));
            }
        }
        Ok(None)
    }

    async fn read(&self, stage: VersionStage) -> Result<ApiKeySet, VaultError> {
        let name = self.store.names.of_deployment(DeploymentSecret::ApiKeys);
        match self.store.backend.read(&name, stage).await {
            Ok(read) => Ok(ApiKeySet::new(documents::read_api_keys(&name, &read.body)?)),
            Err(VaultError::NotFound) if stage == VersionStage::Previous => Ok(ApiKeySet::default()),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::Vault;
    use crate::adapters::vault::backend::Backend;
    use crate::adapters::vault::backend::memory::MemoryBackend;
    use crate::domain::api_key::ApiKeyRecord;
    use crate::types::clock::{Clock, Timestamp};
    use crate::types::randomness::Randomness;

    fn vault() -> (Vault, Clock) {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let backend = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
        (Vault::new(backend, "test".parse().unwrap(), clock.clone(), randomness), clock)
    }

    #[tokio::test]
    async fn a_rotated_api_key_is_good_until_the_next_rotation_and_a_minute() {
        let (vault, clock) = vault();
        let key = |text: &str| ApiKey::from(text.to_owned());
        let put = async |text: &str| vault.put_api_keys(vec![ApiKeyRecord::from_key(text, &key(text))]).await.unwrap();
        put("first").await;
        let keys = vault.api_keys();
        assert_eq!(keys.authenticate(&key("first")).await.unwrap().unwrap().key_id, "first");
        put("second").await;
        clock.advance(KEYS_TTL);
        assert_eq!(keys.authenticate(&key("second")).await.unwrap().unwrap().key_id, "second");
        assert_eq!(keys.authenticate(&key("first")).await.unwrap().unwrap().key_id, "first");
        put("third").await;
        clock.advance(KEYS_TTL);
        assert_eq!(keys.authenticate(&key("first")).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_rotation_is_no_downtime_for_a_process_that_knows_the_former_keys() {
        let (vault, clock) = vault();
        let key = |text: &str| ApiKey::from(text.to_owned());
        let put = async |text: &str| vault.put_api_keys(vec![ApiKeyRecord::from_key(text, &key(text))]).await.unwrap();
        put("first").await;
        let keys = vault.api_keys();
        // A stranger made it look for keys before the first; there were none.
        assert_eq!(keys.authenticate(&key("stranger")).await.unwrap(), None);
        put("second").await;
        clock.advance(MIN_RELOAD_INTERVAL);
        assert!(keys.authenticate(&key("second")).await.unwrap().is_some());
        assert!(keys.authenticate(&key("first")).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_key_is_found_by_its_id_until_it_is_revoked() {
        let (vault, clock) = vault();
        let put = async |ids: &[&str]| {
            let keys = ids.iter().map(|id| ApiKeyRecord::from_key(id, &ApiKey::from((*id).to_owned())));
            vault.put_api_keys(keys.collect()).await.unwrap();
        };
        put(&["one", "other"]).await;
        let keys = vault.api_keys();
        assert_eq!(keys.find("one").await.unwrap().unwrap().key_id, "one");
        assert_eq!(keys.find("nobody").await.unwrap(), None);
        put(&["other"]).await;
        put(&["other", "third"]).await;
        clock.advance(KEYS_TTL);
        assert_eq!(keys.find("one").await.unwrap(), None);
    }

    #[tokio::test]
    async fn to_put_the_same_keys_in_force_again_does_not_end_those_before() {
        let (vault, _) = vault();
        let key = |text: &str| ApiKey::from(text.to_owned());
        for text in ["first", "second", "second"] {
            vault.put_api_keys(vec![ApiKeyRecord::from_key(text, &key(text))]).await.unwrap();
        }
        assert!(vault.api_keys().authenticate(&key("first")).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn without_keys_nobody_is_let_in() {
        let (vault, _) = vault();
        assert!(vault.api_keys().authenticate(&ApiKey::from(String::new())).await.is_err());
    }
}
