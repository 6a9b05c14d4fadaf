//! The key of the links to meetings: a secret of the deployment with a life of its own.
//!
//! A link lives as long as the interview that it leads to, for months. The sealing key may be replaced every week, and
//! then seals of the one before last open nothing; so links have another key, of which the present and the former version
//! count as well, and which is replaced seldom (`infra/README.md` says how seldom).

use std::sync::Arc;

use crate::clock::SignedDuration;
use crate::meeting::Room;
use crate::seal::steady::SteadySeal;
use crate::secret::{SealingKeyText, Secret};
use crate::vault::Vault;
use crate::vault::kept::Kept;
use crate::vault::keys::BETWEEN_LOOKS;
use crate::vault::layout;
use crate::vault::terms::{Stage, Tags, VaultError};

/// How long a process goes on with the key that it has read. Links of a newer one make it look sooner.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Seals and opens the links to meetings.
#[derive(Clone, Debug)]
pub struct LinkKeys {
    vault: Vault,
    current: Arc<Kept<SteadySeal>>,
    previous: Arc<Kept<Option<SteadySeal>>>,
}

impl LinkKeys {
    pub(super) fn new(vault: Vault) -> Self {
        Self { vault, current: Kept::empty(), previous: Kept::empty() }
    }

    /// The key in force.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn seal(&self) -> Result<Arc<SteadySeal>, VaultError> {
        self.current.get_or((self.vault.clock.now(), KEPT), self.read(Stage::Current)).await
    }

    /// Where a link leads; `None` for one that is none of ours. As with the other keys, a token that neither version opens
    /// makes both be read again, every few seconds at most.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn open(&self, token: &str) -> Result<Option<Room>, VaultError> {
        let now = self.vault.clock.now();
        for age in [KEPT, BETWEEN_LOOKS] {
            let current = self.current.get_or((now, age), self.read(Stage::Current)).await?;
            if let Some(room) = Room::opened(&current, token) {
                return Ok(Some(room));
            }
            let previous = self.previous.get_or((now, age), self.previous_seal()).await?;
            if let Some(room) = previous.as_ref().as_ref().and_then(|seal| Room::opened(seal, token)) {
                return Ok(Some(room));
            }
        }
        Ok(None)
    }

    async fn previous_seal(&self) -> Result<Option<SteadySeal>, VaultError> {
        match self.read(Stage::Previous).await {
            Ok(seal) => Ok(Some(seal)),
            Err(VaultError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn read(&self, stage: Stage) -> Result<SteadySeal, VaultError> {
        let name = self.vault.layout.link_key();
        let key = layout::read_link_key(&name, &self.vault.backend.read(&name, stage).await?.body)?;
        SteadySeal::of(key.expose().as_bytes()).map_err(|_| layout::corrupt(&name, "it holds no key"))
    }
}

impl Vault {
    /// Lays the key of the links in the vault of a new deployment, where there is none. On AWS the template does this.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn lay_link_key(&self, key: &SealingKeyText) -> Result<(), VaultError> {
        let (name, body) = (self.layout.link_key(), layout::write_link_key(key)?);
        let first = self.first_version()?;
        match self.backend.create(&name, &first, body, &Tags::new()).await {
            Ok(_) | Err(VaultError::Stale) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, Timestamp};
    use crate::meeting::{JoinUrl, MeetingId};
    use crate::randomness::Randomness;
    use crate::seal::new_key;
    use crate::vault::backend::Backend;
    use crate::vault::memory::Memory;

    #[tokio::test]
    async fn a_link_outlives_one_replacement_of_its_key_and_not_two() {
        let (clock, randomness) = (Clock::stopped_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let backend = Backend::Memory(Memory::new(clock.clone(), randomness.clone()));
        let vault = Vault::new(backend, "test".parse().unwrap(), clock.clone(), randomness);
        vault.lay_link_key(&new_key(&vault.randomness).unwrap()).await.unwrap();
        let room = Room {
            customer: "kadry".parse().unwrap(),
            user: "anna".parse().unwrap(),
            id: MeetingId::parse("x").unwrap(),
            join_url: JoinUrl::parse("https://teams.microsoft.com/x").unwrap(),
        };
        let keys = vault.link_keys();
        let link = room.sealed(&keys.seal().await.unwrap()).unwrap();
        for expected in [Some(room), None] {
            let name = vault.layout.link_key();
            let read = vault.backend.read(&name, Stage::Current).await.unwrap();
            let body = layout::write_link_key(&new_key(&vault.randomness).unwrap()).unwrap();
            vault.backend.put(&read.arn, &read.version, body).await.unwrap();
            clock.advance(KEPT);
            assert_eq!(vault.link_keys().open(&link).await.unwrap(), expected);
            assert_eq!(keys.open(&link).await.unwrap(), expected, "a process that knew the former keys");
        }
        assert_eq!(keys.open("x").await.unwrap(), None);
    }
}
