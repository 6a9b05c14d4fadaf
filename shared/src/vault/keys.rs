//! The two secrets of the deployment itself: the API keys' hashes and the sealing key.
//!
//! Of both, the version labelled `AWSPREVIOUS` stays good, so that a rotation needs no downtime.

use std::sync::{Arc, Mutex, PoisonError};

use crate::caller::{HashedKey, KeyRing};
use crate::clock::{SignedDuration, Timestamp};
use crate::seal::Seal;
use crate::secret::SealingKeyText;
use crate::vault::layout;
use crate::vault::terms::{SecretName, Stage, Tags, VaultError, VersionId};
use crate::vault::{Held, Vault};

/// How long a process may go on with keys that it has read: a revoked key is refused everywhere a minute later.
const KEPT: SignedDuration = SignedDuration::from_secs(60);

/// A value that was read, and when.
#[derive(Debug)]
struct Kept<T>(Mutex<Option<(Timestamp, Arc<T>)>>);

impl<T> Kept<T> {
    fn empty() -> Self {
        Self(Mutex::new(None))
    }

    fn get(&self, now: Timestamp) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(read_at, _)| read_at.duration_until(now) < KEPT).map(|(_, value)| value.clone())
    }

    fn set(&self, now: Timestamp, value: T) -> Arc<T> {
        let value = Arc::new(value);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, value.clone()));
        value
    }
}

/// Reads the hashes of the API keys.
#[derive(Clone, Debug)]
pub struct ApiKeys {
    vault: Vault,
    kept: Arc<Kept<KeyRing>>,
}

/// Reads the sealing keys.
#[derive(Clone, Debug)]
pub struct SealingKeys {
    vault: Vault,
    kept: Arc<Kept<Seal>>,
}

impl ApiKeys {
    pub(super) fn new(vault: Vault) -> Self {
        Self { vault, kept: Arc::new(Kept::empty()) }
    }

    /// The keys in force, at most a minute old.
    ///
    /// # Errors
    /// [`VaultError`]; also when there is no key at all: then nobody is let in.
    pub async fn ring(&self) -> Result<Arc<KeyRing>, VaultError> {
        let now = self.vault.clock.now();
        if let Some(ring) = self.kept.get(now) {
            return Ok(ring);
        }
        let name = self.vault.layout.api_keys();
        let mut keys = layout::read_api_keys(&name, &self.vault.backend.read(&name, Stage::Current).await?.body)?;
        match self.vault.backend.read(&name, Stage::Previous).await {
            Ok(previous) => keys.extend(layout::read_api_keys(&name, &previous.body)?),
            Err(VaultError::NotFound) => {}
            Err(error) => return Err(error),
        }
        Ok(self.kept.set(now, KeyRing::new(keys)))
    }
}

impl SealingKeys {
    pub(super) fn new(vault: Vault) -> Self {
        Self { vault, kept: Arc::new(Kept::empty()) }
    }

    /// The keys in force, at most a minute old.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn seal(&self) -> Result<Arc<Seal>, VaultError> {
        let now = self.vault.clock.now();
        if let Some(seal) = self.kept.get(now) {
            return Ok(seal);
        }
        let name = self.vault.layout.sealing_key();
        let current = layout::read_sealing_key(&name, &self.vault.backend.read(&name, Stage::Current).await?.body)?;
        let previous = match self.vault.backend.read(&name, Stage::Previous).await {
            Ok(previous) => Some(layout::read_sealing_key(&name, &previous.body)?),
            Err(VaultError::NotFound) => None,
            Err(error) => return Err(error),
        };
        let seal =
            Seal::new(&current, previous.as_ref()).map_err(|_| layout::corrupt(&name, "it holds no sealing key"))?;
        Ok(self.kept.set(now, seal))
    }
}

impl Vault {
    /// Lays the keys of a new deployment in the vault, where there are none. On AWS the template does this.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn lay_sealing_key(&self, key: &SealingKeyText) -> Result<(), VaultError> {
        let body = layout::write_sealing_key(key)?;
        let name = self.layout.sealing_key();
        match self.backend.create(&name, &self.first_version()?, body, &Tags::new()).await {
            Ok(_) | Err(VaultError::Stale) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Puts these API keys in force. Those that were in force stay good until this is done again.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn put_api_keys(&self, keys: Vec<HashedKey>) -> Result<(), VaultError> {
        let name = self.layout.api_keys();
        let held = match self.held(&name).await {
            Ok(held) if layout::read_api_keys(&name, &held.value)? == keys => return Ok(()),
            Ok(held) => held,
            Err(VaultError::NotFound) => {
                let body = layout::write_api_keys(keys)?;
                return self.backend.create(&name, &self.first_version()?, body, &Tags::new()).await.map(drop);
            }
            Err(error) => return Err(error),
        };
        self.backend.put(&held.arn, &held.version, layout::write_api_keys(keys)?).await.map(drop)
    }

    async fn held(&self, name: &SecretName) -> Result<Held<crate::secret::SecretBody>, VaultError> {
        let read = self.backend.read(name, Stage::Current).await?;
        Ok(Held { value: read.body, arn: read.arn, version: read.version })
    }

    fn first_version(&self) -> Result<VersionId, VaultError> {
        VersionId::first(&self.randomness).map_err(|error| VaultError::Unavailable(error.into()))
    }
}
