//! The two secrets of the deployment itself: the API keys' hashes and the sealing key.
//!
//! Of both, the version labelled `AWSPREVIOUS` stays good, so that a rotation needs no downtime.

use std::sync::Arc;

use crate::adapters::vault::documents;
use crate::adapters::vault::model::{VaultError, VersionStage};
use crate::adapters::vault::secret_store::SecretStore;
use crate::domain::api_key::{ApiKeySet, Caller};
use crate::types::clock::{SignedDuration, Timestamp};
use crate::types::sealing::{OpenedToken, SealError, Sealable, SealingKey};
use crate::types::secret::ApiKey;
use crate::types::single_flight::SingleFlight;

/// How long a process may go on with keys that it has read: what a write of the list took out of both its versions is rejected everywhere a minute later.
const KEYS_TTL: SignedDuration = SignedDuration::from_secs(60);

/// A key that is not known may be newer than what was read: then the vault is asked again, but not for every stranger.
pub(super) const MIN_RELOAD_INTERVAL: SignedDuration = SignedDuration::from_secs(5);

/// The API keys, by their hashes.
#[derive(Clone, Debug)]
pub struct ApiKeys {
    store: SecretStore,
    current: Arc<SingleFlight<ApiKeySet>>,
    previous: Arc<SingleFlight<ApiKeySet>>,
}

/// The sealing keys.
#[derive(Clone, Debug)]
pub struct SealingKeys {
    store: SecretStore,
    current: Arc<SingleFlight<SealingKey>>,
    previous: Arc<SingleFlight<Option<SealingKey>>>,
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

    async fn read(&self, stage: VersionStage) -> Result<ApiKeySet, VaultError> {
        let name = self.store.names.api_keys();
        match self.store.backend.read(&name, stage).await {
            Ok(read) => Ok(ApiKeySet::new(documents::read_api_keys(&name, &read.body)?)),
            Err(VaultError::NotFound) if stage == VersionStage::Previous => Ok(ApiKeySet::default()),
            Err(error) => Err(error),
        }
    }
}

impl SealingKeys {
    pub(super) fn new(store: SecretStore) -> Self {
        Self { store, current: SingleFlight::new(), previous: SingleFlight::new() }
    }

    /// The key in force.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn current(&self) -> Result<Arc<SealingKey>, VaultError> {
        let now = self.store.clock.now();
        self.current.get_or_load(now, KEYS_TTL, self.read(VersionStage::Current)).await
    }

    /// Opens what the key in force sealed, or the one before it; as with API keys, a token that names neither makes both
    /// be read again, every few seconds at most.
    ///
    /// # Errors
    /// The vault's failure outside; inside, why the token was not opened.
    pub async fn open<T: Sealable>(
        &self,
        token: &str,
        bound_to: &str,
        now: Timestamp,
    ) -> Result<Result<OpenedToken<T>, SealError>, VaultError> {
        let read_at = self.store.clock.now();
        for age in [KEYS_TTL, MIN_RELOAD_INTERVAL] {
            let current = self.current.get_or_load(read_at, age, self.read(VersionStage::Current)).await?;
            let opened = current.open(token, bound_to, now);
            if !matches!(opened, Err(SealError::UnknownKey)) {
                return Ok(opened);
            }
            let previous = self.previous.get_or_load(read_at, age, self.previous()).await?;
            let opened = previous.as_ref().as_ref().map(|seal| seal.open(token, bound_to, now));
            if let Some(opened) = opened.filter(|opened| !matches!(opened, Err(SealError::UnknownKey))) {
                return Ok(opened);
            }
        }
        Ok(Err(SealError::UnknownKey))
    }

    async fn previous(&self) -> Result<Option<SealingKey>, VaultError> {
        match self.read(VersionStage::Previous).await {
            Ok(seal) => Ok(Some(seal)),
            Err(VaultError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn read(&self, stage: VersionStage) -> Result<SealingKey, VaultError> {
        let name = self.store.names.sealing_key();
        let key = documents::read_sealing_key(&name, &self.store.backend.read(&name, stage).await?.body)?;
        SealingKey::new(&key).map_err(|_| documents::corrupt_document(&name, "it holds no sealing key"))
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::adapters::vault::Vault;
    use crate::adapters::vault::backend::Backend;
    use crate::adapters::vault::backend::memory::MemoryBackend;
    use crate::domain::api_key::ApiKeyRecord;
    use crate::types::clock::{Clock, add_saturating};
    use crate::types::randomness::Randomness;
    use crate::types::sealing::generate_key;

    #[derive(Debug, Serialize, Deserialize)]
    struct Letter(String);
    impl Sealable for Letter {
        const PURPOSE: &'static str = "letter";
    }

    fn vault() -> (Vault, Clock) {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let backend = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
        (Vault::new(backend, "test".parse().unwrap(), clock.clone(), randomness), clock)
    }

    async fn rotate_sealing_key(vault: &Vault) {
        let name = vault.store.names.sealing_key();
        let held = vault.read_versioned(&name).await.unwrap();
        let body = documents::write_sealing_key(&generate_key(&vault.store.randomness).unwrap()).unwrap();
        vault.store.backend.put(&held.arn, &held.version, body).await.unwrap();
    }

    #[tokio::test]
    async fn a_rotated_sealing_key_still_opens_until_the_next_rotation() {
        let (vault, clock) = vault();
        vault.create_sealing_key(&generate_key(&vault.store.randomness).unwrap()).await.unwrap();
        let now = clock.now();
        let never = add_saturating(now, SignedDuration::from_hours(1));
        let token = vault.sealing_keys().current().await.unwrap().seal(&Letter("x".into()), "", now, never).unwrap();
        rotate_sealing_key(&vault).await;
        assert!(vault.sealing_keys().open::<Letter>(&token, "", now).await.unwrap().is_ok());
        rotate_sealing_key(&vault).await;
        let opened = vault.sealing_keys().open::<Letter>(&token, "", now).await.unwrap();
        assert_eq!(opened.unwrap_err(), SealError::UnknownKey);
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
        vault.create_sealing_key(&generate_key(&vault.store.randomness).unwrap()).await.unwrap();
        let key = |text: &str| ApiKey::from(text.to_owned());
        let put = async |text: &str| vault.put_api_keys(vec![ApiKeyRecord::from_key(text, &key(text))]).await.unwrap();
        put("first").await;
        let (keys, seals) = (vault.api_keys(), vault.sealing_keys());
        // A stranger made it look for keys before the first; there were none.
        assert_eq!(keys.authenticate(&key("stranger")).await.unwrap(), None);
        seals.current().await.unwrap();
        put("second").await;
        rotate_sealing_key(&vault).await;
        clock.advance(MIN_RELOAD_INTERVAL);
        let now = clock.now();
        let never = add_saturating(now, SignedDuration::from_hours(1));
        let token = vault.sealing_keys().current().await.unwrap().seal(&Letter("x".into()), "", now, never).unwrap();
        assert!(keys.authenticate(&key("second")).await.unwrap().is_some());
        assert!(keys.authenticate(&key("first")).await.unwrap().is_some());
        assert!(seals.open::<Letter>(&token, "", now).await.unwrap().is_ok());
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
