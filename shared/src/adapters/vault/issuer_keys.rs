//! The keys of our issuer. Whoever signs reads one secret, whoever publishes reads another with nothing secret in it, and the
//! key that signs next lies in a third that no function reads: a key stolen from a function leaves the next one good.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::adapters::vault::Vault;
use crate::adapters::vault::api_keys::KEYS_TTL;
use crate::adapters::vault::deployment_secrets::DeploymentSecrets;
use crate::adapters::vault::documents;
use crate::adapters::vault::model::{VaultError, VersionStage};
use crate::adapters::vault::secret_names::DeploymentSecret;
use crate::adapters::vault::secret_store::{SecretStore, Versioned};
use crate::domain::issuer::{IssuerKey, IssuerKeyError, PublishedKey, ReadIssuerKey, publish};
use crate::types::clock::Timestamp;
use crate::types::secret::SecretBody;
use crate::types::single_flight::SingleFlight;

/// Reads the key that signs.
#[derive(Clone, Debug)]
pub struct IssuerKeys {
    store: SecretStore,
    key: Arc<SingleFlight<Option<Arc<IssuerKey>>>>,
}

impl IssuerKeys {
    pub(super) fn new(store: SecretStore) -> Self {
        Self { store, key: SingleFlight::new() }
    }

    /// The key that signs now, as of a minute ago at most; `None` where none was made yet.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn current(&self) -> Result<Option<Arc<IssuerKey>>, VaultError> {
        let key = self.key.get_or_load(self.store.clock.now(), KEYS_TTL, async {
            match read_key(&self.store, DeploymentSecret::IssuerKey).await {
                Ok(read) => Ok(read.value.map(Arc::new)),
                // A deployment whose template is older than this code.
                Err(VaultError::NotFound) => Ok(None),
                Err(error) => Err(error),
            }
        });
        Ok(key.await?.as_ref().clone())
    }
}

impl ReadIssuerKey for IssuerKeys {
    fn read(&self) -> BoxFuture<'_, Result<Option<Arc<IssuerKey>>, IssuerKeyError>> {
        async { self.current().await.map_err(|error| IssuerKeyError(error.into())) }.boxed()
    }
}

/// Reads what is published of the keys. Nothing in it is secret.
#[derive(Clone, Debug)]
pub struct PublishedKeys {
    store: SecretStore,
    keys: Arc<SingleFlight<Vec<PublishedKey>>>,
}

impl PublishedKeys {
    pub(super) fn new(store: SecretStore) -> Self {
        Self { store, keys: SingleFlight::new() }
    }

    /// The keys, as of a minute ago at most, with those whose time is over. Empty where none was made yet.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn list(&self) -> Result<Arc<Vec<PublishedKey>>, VaultError> {
        let keys = self.keys.get_or_load(self.store.clock.now(), KEYS_TTL, async {
            match read_published(&self.store).await {
                Ok(read) => Ok(read.value),
                Err(VaultError::NotFound) => Ok(Vec::new()),
                Err(error) => Err(error),
            }
        });
        keys.await
    }
}

async fn read_key(store: &SecretStore, secret: DeploymentSecret) -> Result<Versioned<Option<IssuerKey>>, VaultError> {
    let name = store.names.of_deployment(secret);
    let read = store.backend.read(&name, VersionStage::Current).await?;
    let value = documents::read_issuer_key(secret, &name, &read.body)?;
    Ok(Versioned { value, arn: read.arn, version: read.version })
}

async fn read_published(store: &SecretStore) -> Result<Versioned<Vec<PublishedKey>>, VaultError> {
    let name = store.names.of_deployment(DeploymentSecret::IssuerJwks);
    let read = store.backend.read(&name, VersionStage::Current).await?;
    let value = documents::read_published_keys(&name, &read.body)?;
    Ok(Versioned { value, arn: read.arn, version: read.version })
}

/// The issuer as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerOverview {
    /// The key that signs.
    pub signing: Option<String>,
    /// The key that signs next.
    pub next: Option<String>,
    /// What is published.
    pub published: Vec<PublishedKey>,
}

impl IssuerOverview {
    /// Whether the next key cannot sign yet, and from when on it can.
    #[must_use]
    pub fn waits_until(&self, now: Timestamp) -> Option<Timestamp> {
        let next = self.published.iter().find(|key| Some(&key.key.kid) == self.next.as_ref())?;
        Some(next.may_sign_from()).filter(|from| now < *from)
    }

    /// Whether an operation stopped half-way: the next one goes on with it.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        let is_published = |kid: &str| self.published.iter().any(|key| key.key.kid == kid);
        match (&self.signing, &self.next) {
            (Some(signing), Some(next)) => signing == next || !is_published(signing) || !is_published(next),
            _ => self.signing.is_some() || self.next.is_some(),
        }
    }
}

/// What an operator does with the issuer's keys. Each step may be the last that succeeds: the same command again goes on.
impl DeploymentSecrets {
    /// What there is.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn issuer(&self) -> Result<IssuerOverview, VaultError> {
        let kid = |key: Option<IssuerKey>| key.map(|key| key.public.kid);
        Ok(IssuerOverview {
            signing: kid(read_key(&self.store, DeploymentSecret::IssuerKey).await?.value),
            next: kid(read_key(&self.store, DeploymentSecret::IssuerNextKey).await?.value),
            published: read_published(&self.store).await?.value,
        })
    }

    /// Makes whatever is missing: a key that signs, the next one, and what is published of them.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn complete_issuer(&self, now: Timestamp) -> Result<(), VaultError> {
        self.complete(now, None).await
    }

    /// Lets the next key sign, and makes another next one. The key of before stays published for a day.
    ///
    /// # Errors
    /// [`VaultError`]; `Refused` while the next key is not known everywhere, or where there is none.
    pub async fn rotate_issuer(&self, now: Timestamp) -> Result<(), VaultError> {
        let overview = self.issuer().await?;
        if !overview.is_unfinished() {
            if overview.next.is_none() {
                return Err(VaultError::Refused("there is no issuer's key yet"));
            }
            if overview.waits_until(now).is_some() {
                return Err(VaultError::Refused("the next key is published for less than a day"));
            }
            self.promote_next().await?;
        }
        self.complete(now, None).await
    }

    /// Withdraws a key that was stolen: it signs no more and is published no more.
    ///
    /// # Errors
    /// [`VaultError`]; `Refused` for a key that there is not.
    pub async fn withdraw_issuer_key(&self, kid: &str, now: Timestamp) -> Result<(), VaultError> {
        let overview = self.issuer().await?;
        let is = |key: &Option<String>| key.as_deref() == Some(kid);
        let is_published = overview.published.iter().any(|key| key.key.kid == kid);
        if !(is(&overview.signing) || is(&overview.next) || is_published) {
            return Err(VaultError::Refused("there is no such key"));
        }
        if is(&overview.next) {
            self.replace(DeploymentSecret::IssuerNextKey, &self.generate().await?).await?;
        }
        if is(&overview.signing) {
            self.promote_next().await?;
        }
        self.complete(now, Some(kid)).await
    }

    /// The key in `issuer-next-key` becomes the one that signs, too.
    async fn promote_next(&self) -> Result<(), VaultError> {
        let next = read_key(&self.store, DeploymentSecret::IssuerNextKey).await?.value.ok_or(VaultError::NotFound)?;
        self.replace(DeploymentSecret::IssuerKey, &next).await
    }

    async fn complete(&self, now: Timestamp, without: Option<&str>) -> Result<(), VaultError> {
        let signing = match read_key(&self.store, DeploymentSecret::IssuerKey).await?.value {
            Some(key) => key.public,
            None => self.replace_by_new(DeploymentSecret::IssuerKey).await?,
        };
        let next = match read_key(&self.store, DeploymentSecret::IssuerNextKey).await?.value {
            Some(key) if key.public != signing => key.public,
            _ => self.replace_by_new(DeploymentSecret::IssuerNextKey).await?,
        };
        let (published, held) = read_published(&self.store).await?.into_parts();
        let mut keys = publish(&published, [&signing, &next], now);
        keys.retain(|key| Some(key.key.kid.as_str()) != without);
        if keys == published {
            return Ok(());
        }
        let body = documents::write_published_keys(&keys)?;
        self.store.backend.put(&held.arn, &held.version, body).await.map(drop)
    }

    async fn replace_by_new(
        &self,
        secret: DeploymentSecret,
    ) -> Result<crate::domain::issuer::PublicIssuerKey, VaultError> {
        let key = self.generate().await?;
        self.replace(secret, &key).await?;
        Ok(key.public)
    }

    async fn replace(&self, secret: DeploymentSecret, key: &IssuerKey) -> Result<(), VaultError> {
        let read = self.store.backend.read(&self.name(secret), VersionStage::Current).await?;
        let body: SecretBody = documents::write_issuer_key(secret, Some(key))?;
        self.store.backend.put(&read.arn, &read.version, body).await.map(drop)
    }

    async fn generate(&self) -> Result<IssuerKey, VaultError> {
        let randomness = self.store.randomness.clone();
        let made = tokio::task::spawn_blocking(move || IssuerKey::generate(&randomness)).await;
        made.map_err(|error| VaultError::Unavailable(error.into()))?
            .map_err(|error| VaultError::Unavailable(error.into()))
    }
}

impl Vault {
    /// Lays the issuer's secrets in the vault where there are none, without keys. On AWS the template does this.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn create_issuer(&self) -> Result<(), VaultError> {
        let name = |secret| self.store.names.of_deployment(secret);
        for secret in [DeploymentSecret::IssuerKey, DeploymentSecret::IssuerNextKey] {
            self.create_unless_there(&name(secret), documents::write_issuer_key(secret, None)?).await?;
        }
        let published = documents::write_published_keys(&[])?;
        self.create_unless_there(&name(DeploymentSecret::IssuerJwks), published).await
    }

    /// Reads the issuer's key that signs.
    #[must_use]
    pub fn issuer_keys(&self) -> IssuerKeys {
        IssuerKeys::new(self.store.clone())
    }

    /// Reads what is published of the issuer's keys.
    #[must_use]
    pub fn published_keys(&self) -> PublishedKeys {
        PublishedKeys::new(self.store.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::backend::Backend;
    use crate::adapters::vault::backend::memory::MemoryBackend;
    use crate::domain::issuer::{PUBLISHED_AFTER, PUBLISHED_BEFORE, jwks};
    use crate::types::clock::{Clock, SignedDuration};
    use crate::types::randomness::Randomness;

    struct Deployment {
        vault: Vault,
        clock: Clock,
    }

    impl Deployment {
        async fn new() -> Self {
            let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
            let backend = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
            let vault = Vault::new(backend, "test".parse().unwrap(), clock.clone(), randomness);
            vault.create_issuer().await.unwrap();
            Self { vault, clock }
        }

        fn secrets(&self) -> DeploymentSecrets {
            self.vault.deployment_secrets()
        }

        async fn signing(&self) -> Option<String> {
            self.vault.issuer_keys().current().await.unwrap().map(|key| key.public.kid.clone())
        }

        async fn published(&self) -> Vec<String> {
            let keys = self.vault.published_keys().list().await.unwrap();
            let document = serde_json::to_value(jwks(&keys, self.clock.now())).unwrap();
            document["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
        }
    }

    #[tokio::test]
    async fn a_rotation_lets_the_key_sign_that_was_published_a_day_before() {
        let at = Deployment::new().await;
        assert_eq!((at.signing().await, at.published().await), (None, Vec::new()));
        assert!(matches!(at.secrets().rotate_issuer(at.clock.now()).await, Err(VaultError::Refused(_))));
        at.secrets().complete_issuer(at.clock.now()).await.unwrap();
        let first = at.secrets().issuer().await.unwrap();
        let (signing, next) = (first.signing.clone().unwrap(), first.next.clone().unwrap());
        assert_eq!(at.signing().await, Some(signing.clone()));
        assert_eq!(at.published().await, [signing.clone(), next.clone()]);
        at.secrets().complete_issuer(at.clock.now()).await.unwrap();
        assert_eq!(at.secrets().issuer().await.unwrap(), first, "nothing was missing");

        at.clock.advance(PUBLISHED_BEFORE - SignedDuration::from_secs(1));
        assert!(matches!(at.secrets().rotate_issuer(at.clock.now()).await, Err(VaultError::Refused(_))));
        at.clock.advance(SignedDuration::from_secs(1));
        at.secrets().rotate_issuer(at.clock.now()).await.unwrap();
        let second = at.secrets().issuer().await.unwrap();
        assert_eq!(second.signing, Some(next.clone()));
        let third = second.next.clone().unwrap();
        assert_eq!(at.published().await, [signing, next.clone(), third.clone()]);
        at.clock.advance(PUBLISHED_AFTER);
        assert_eq!(at.published().await, [next, third]);
    }

    #[tokio::test]
    async fn a_stolen_key_signs_no_more_and_is_published_no_more() {
        let at = Deployment::new().await;
        at.secrets().complete_issuer(at.clock.now()).await.unwrap();
        let first = at.secrets().issuer().await.unwrap();
        let (stolen, next) = (first.signing.unwrap(), first.next.unwrap());
        at.secrets().withdraw_issuer_key(&stolen, at.clock.now()).await.unwrap();
        let second = at.secrets().issuer().await.unwrap();
        let third = second.next.clone().unwrap();
        assert_eq!((second.signing, at.published().await), (Some(next.clone()), vec![next.clone(), third.clone()]));

        at.secrets().withdraw_issuer_key(&third, at.clock.now()).await.unwrap();
        let fourth = at.secrets().issuer().await.unwrap().next.unwrap();
        assert_eq!((at.signing().await, at.published().await), (Some(next.clone()), vec![next, fourth]));
        let again = at.secrets().withdraw_issuer_key(&stolen, at.clock.now()).await;
        assert!(matches!(again, Err(VaultError::Refused(_))));
    }

    #[tokio::test]
    async fn a_rotation_that_stopped_half_way_is_gone_on_with() {
        let at = Deployment::new().await;
        at.secrets().complete_issuer(at.clock.now()).await.unwrap();
        let first = at.secrets().issuer().await.unwrap();
        at.clock.advance(PUBLISHED_BEFORE);
        at.secrets().promote_next().await.unwrap();
        assert!(at.secrets().issuer().await.unwrap().is_unfinished());
        at.secrets().rotate_issuer(at.clock.now()).await.unwrap();
        let second = at.secrets().issuer().await.unwrap();
        assert_eq!((&second.signing, second.is_unfinished()), (&first.next, false));
        assert_eq!(at.published().await.len(), 3, "the last one stays for a day");

        at.secrets().replace_by_new(DeploymentSecret::IssuerNextKey).await.unwrap();
        at.secrets().rotate_issuer(at.clock.now()).await.unwrap();
        let third = at.secrets().issuer().await.unwrap();
        assert_eq!((&third.signing, third.is_unfinished()), (&second.signing, false), "what nobody knew signs nothing");
    }

    #[tokio::test]
    async fn a_process_that_knows_the_former_key_signs_with_it_for_a_minute() {
        let at = Deployment::new().await;
        at.secrets().complete_issuer(at.clock.now()).await.unwrap();
        let keys = at.vault.issuer_keys();
        let signing = async || keys.current().await.unwrap().map(|key| key.public.kid.clone());
        let stolen = signing().await.unwrap();
        at.secrets().withdraw_issuer_key(&stolen, at.clock.now()).await.unwrap();
        assert_eq!(signing().await, Some(stolen));
        at.clock.advance(KEYS_TTL);
        assert_eq!(signing().await, at.secrets().issuer().await.unwrap().signing);
    }
}
