//! The key of the links to meetings: a secret of the deployment with a life of its own.
//!
//! A link lives as long as the interview that it leads to, for months. The sealing key may be replaced every week, and
//! then seals of the one before last open nothing; so links have another key, of which the present and the former version
//! count as well, and which is replaced seldom (`infra/README.md` says how seldom).

use std::sync::Arc;

use crate::adapters::vault::api_keys::MIN_RELOAD_INTERVAL;
use crate::adapters::vault::documents;
use crate::adapters::vault::model::{VaultError, VersionStage};
use crate::adapters::vault::secret_names::DeploymentSecret;
use crate::adapters::vault::secret_store::SecretStore;
use crate::domain::meeting::MeetingLink;
use crate::types::clock::SignedDuration;
use crate::types::sealing::deterministic::DeterministicSealingKey;
use crate::types::secret::Secret;
use crate::types::single_flight::SingleFlight;

/// How long a process goes on with the key that it has read. Links of a newer one make it look sooner.
const LINK_KEY_TTL: SignedDuration = SignedDuration::from_hours(1);

/// Seals and opens the links to meetings.
#[derive(Clone, Debug)]
pub struct LinkKeys {
    store: SecretStore,
    current: Arc<SingleFlight<DeterministicSealingKey>>,
    previous: Arc<SingleFlight<Option<DeterministicSealingKey>>>,
}

impl LinkKeys {
    pub(super) fn new(store: SecretStore) -> Self {
        Self { store, current: SingleFlight::new(), previous: SingleFlight::new() }
    }

    /// The key in force.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn current(&self) -> Result<Arc<DeterministicSealingKey>, VaultError> {
        self.current.get_or_load(self.store.clock.now(), LINK_KEY_TTL, self.read(VersionStage::Current)).await
    }

    /// Where a link leads; `None` for one that is none of ours. As with the other keys, a token that neither version opens
    /// makes both be read again, every few seconds at most.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn open(&self, token: &str) -> Result<Option<MeetingLink>, VaultError> {
        let now = self.store.clock.now();
        for age in [LINK_KEY_TTL, MIN_RELOAD_INTERVAL] {
            let current = self.current.get_or_load(now, age, self.read(VersionStage::Current)).await?;
            if let Some(room) = MeetingLink::open(&current, token) {
                return Ok(Some(room));
            }
            let previous = self.previous.get_or_load(now, age, self.previous()).await?;
            if let Some(room) = previous.as_ref().as_ref().and_then(|seal| MeetingLink::open(seal, token)) {
                return Ok(Some(room));
            }
        }
        Ok(None)
    }

    async fn previous(&self) -> Result<Option<DeterministicSealingKey>, VaultError> {
        match self.read(VersionStage::Previous).await {
            Ok(seal) => Ok(Some(seal)),
            Err(VaultError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn read(&self, stage: VersionStage) -> Result<DeterministicSealingKey, VaultError> {
        let name = self.store.names.of_deployment(DeploymentSecret::LinkKey);
        let key =
            documents::read_key(DeploymentSecret::LinkKey, &name, &self.store.backend.read(&name, stage).await?.body)?;
        DeterministicSealingKey::derive(key.expose().as_bytes())
            .map_err(|_| documents::corrupt_document(&name, "it holds no key"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::Vault;
    use crate::adapters::vault::backend::Backend;
    use crate::adapters::vault::backend::memory::MemoryBackend;
    use crate::domain::meeting::{JoinUrl, MeetingId};
    use crate::types::clock::{Clock, Timestamp};
    use crate::types::randomness::Randomness;
    use crate::types::sealing::generate_key;

    #[tokio::test]
    async fn a_link_outlives_one_replacement_of_its_key_and_not_two() {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let backend = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
        let vault = Vault::new(backend, "test".parse().unwrap(), clock.clone(), randomness);
        vault.create_key(DeploymentSecret::LinkKey, &generate_key(&vault.store.randomness).unwrap()).await.unwrap();
        let room = MeetingLink {
            customer: "kadry".parse().unwrap(),
            user: "anna".parse().unwrap(),
            id: MeetingId::parse("x").unwrap(),
            join_url: JoinUrl::parse("https://teams.microsoft.com/x").unwrap(),
        };
        let keys = vault.link_keys();
        let link = room.seal(&keys.current().await.unwrap()).unwrap();
        for expected in [Some(room), None] {
            let name = vault.store.names.of_deployment(DeploymentSecret::LinkKey);
            let read = vault.store.backend.read(&name, VersionStage::Current).await.unwrap();
            let body = documents::write_key(DeploymentSecret::LinkKey, &generate_key(&vault.store.randomness).unwrap())
                .unwrap();
            vault.store.backend.put(&read.arn, &read.version, body).await.unwrap();
            clock.advance(LINK_KEY_TTL);
            assert_eq!(vault.link_keys().open(&link).await.unwrap(), expected);
            assert_eq!(keys.open(&link).await.unwrap(), expected, "a process that knew the former keys");
        }
        assert_eq!(keys.open("x").await.unwrap(), None);
    }
}
