//! Key pairs whose certificate waits for being registered on a customer's app: one small secret for each customer.
//!
//! Whoever takes credentials in can write apps and cannot read them; but a certificate is checked at Entra when its
//! administrator says that it is registered, and that takes its key. So until then the pair lies here, where it can be
//! read. Once the app works with it, the key is taken out of here and lies with the app alone.

use crate::adapters::vault::documents;
use crate::adapters::vault::model::{SecretMetadata, Tags, VaultError, VersionStage};
use crate::adapters::vault::nodes::node_tags::KIND;
use crate::adapters::vault::secret_store::{SecretStore, Versioned};
use crate::domain::entra_app::{Certificate, KeyPair};
use crate::types::clock::SignedDuration;
use crate::types::ids::CustomerId;

/// As long as a link for an administrator lives at most. A certificate that nobody registered until then is made anew.
const PENDING_TTL: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Writers that are overtaken this often meet again at the next request.
const TRIES: usize = 3;

/// Makes key pairs and reads those whose certificate waits for being registered.
#[derive(Clone, Debug)]
pub struct PendingKeyPairs {
    pub(super) store: SecretStore,
    /// The subject of certificates.
    pub(super) common_name: String,
}

/// A certificate that waits, as far as tags tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingCertificate {
    /// As the portal shows it.
    pub thumbprint: String,
    /// The day it expires.
    pub expires_on: String,
}

impl PendingKeyPairs {
    /// The certificate that waits, without reading its key. `in_use` is the fingerprint of the credential that the
    /// customer works with: its own pair waits no more.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn find_certificate(
        &self,
        customer: &CustomerId,
        in_use: Option<&str>,
    ) -> Result<Option<PendingCertificate>, VaultError> {
        Ok(self.describe(customer).await?.and_then(|seen| self.pending_certificate(&seen, in_use)))
    }

    /// The pair that waits, with what it takes to spend it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn read(
        &self,
        customer: &CustomerId,
        in_use: Option<&str>,
    ) -> Result<Option<Versioned<KeyPair>>, VaultError> {
        match self.find_certificate(customer, in_use).await? {
            Some(_) => self.load(customer, in_use).await,
            None => Ok(None),
        }
    }

    async fn load(
        &self,
        customer: &CustomerId,
        in_use: Option<&str>,
    ) -> Result<Option<Versioned<KeyPair>>, VaultError> {
        let name = self.store.names.key_pair(customer);
        let read = match self.store.backend.read(&name, VersionStage::Current).await {
            Ok(read) => read,
            Err(VaultError::NotFound | VaultError::Deleted) => return Ok(None),
            Err(error) => return Err(error),
        };
        let pair = documents::read_pending_key_pair(&name, customer, &read.body)?;
        let waits = pair.filter(|pair| Some(pair.certificate.thumbprint().as_str()) != in_use);
        Ok(waits.map(|value| Versioned { value, arn: read.arn, version: read.version }))
    }

    /// The certificate that waits; a new one where none does. Of two who ask at once both get the same.
    ///
    /// # Errors
    /// [`VaultError`]; `Stale` when others made and spent pairs all the while.
    pub async fn get_or_create(&self, customer: &CustomerId, in_use: Option<&str>) -> Result<Certificate, VaultError> {
        for _ in 0..TRIES {
            let seen = self.describe(customer).await?;
            if seen.as_ref().is_some_and(|seen| self.pending_certificate(seen, in_use).is_some())
                && let Some(held) = self.load(customer, in_use).await?
            {
                return Ok(held.value.certificate);
            }
            match self.create(customer, seen).await {
                Ok(certificate) => return Ok(certificate),
                Err(VaultError::Stale | VaultError::Deleted) => {}
                Err(error) => return Err(error),
            }
        }
        Err(VaultError::Stale)
    }

    /// Takes the key out of here: from now on it is the app's alone. What is left is marked for deletion.
    ///
    /// # Errors
    /// `Stale` when another pair waits by now.
    pub async fn consume(&self, customer: &CustomerId, held: &Versioned<()>) -> Result<(), VaultError> {
        self.store.backend.put(&held.arn, &held.version, documents::write_consumed_key_pair(customer)?).await?;
        self.store.backend.tag(&held.arn, &Tags::from([("thumbprint".to_owned(), String::new())])).await?;
        self.store.backend.delete(&held.arn).await
    }

    /// Marks whatever waits for deletion.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn delete(&self, customer: &CustomerId) -> Result<(), VaultError> {
        match self.describe(customer).await? {
            Some(seen) => self.store.backend.delete(&seen.arn).await,
            None => Ok(()),
        }
    }

    async fn create(&self, customer: &CustomerId, seen: Option<SecretMetadata>) -> Result<Certificate, VaultError> {
        let pair = self.generate(customer).await?;
        let (body, tags) =
            (documents::write_pending_key_pair(customer, &pair)?, self.tags(customer, &pair.certificate));
        let name = self.store.names.key_pair(customer);
        match seen {
            None => {
                let first = self.store.first_version()?;
                self.store.backend.create(&name, &first, body, &tags).await?;
            }
            Some(seen) => {
                if seen.deleted_at.is_some() {
                    self.store.backend.restore(&name).await?;
                }
                self.store.backend.put(&seen.arn, &seen.current, body).await?;
                self.store.backend.tag(&seen.arn, &tags).await?;
            }
        }
        Ok(pair.certificate)
    }

    /// The search for primes goes on beside the requests that wait for something else.
    async fn generate(&self, customer: &CustomerId) -> Result<KeyPair, VaultError> {
        let (customer, now, randomness) = (customer.clone(), self.store.clock.now(), self.store.randomness.clone());
        let name = self.common_name.clone();
        let made = tokio::task::spawn_blocking(move || KeyPair::generate((&name, &customer), now, &randomness)).await;
        made.map_err(|error| VaultError::Unavailable(error.into()))?
            .map_err(|error| VaultError::Unavailable(error.into()))
    }

    async fn describe(&self, customer: &CustomerId) -> Result<Option<SecretMetadata>, VaultError> {
        match self.store.backend.describe(&self.store.names.key_pair(customer)).await {
            Ok(seen) => Ok(Some(seen)),
            Err(VaultError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Tags of a former pair may have stayed where a write of them failed. Then they name the pair in use, or nothing
    /// that its administrator could register in vain: whoever downloads a certificate gets the one that is kept.
    fn pending_certificate(&self, seen: &SecretMetadata, in_use: Option<&str>) -> Option<PendingCertificate> {
        let tag = |name: &str| seen.tags.get(name).filter(|value| !value.is_empty());
        let thumbprint = tag("thumbprint").filter(|thumbprint| Some(thumbprint.as_str()) != in_use)?.clone();
        let made_at = tag("made_at").and_then(|value| value.parse().ok())?;
        let is_fresh = self.store.clock.now().duration_since(made_at) < PENDING_TTL;
        let waits = seen.deleted_at.is_none() && is_fresh;
        waits.then(|| PendingCertificate { thumbprint, expires_on: tag("expires_on").cloned().unwrap_or_default() })
    }

    fn tags(&self, customer: &CustomerId, certificate: &Certificate) -> Tags {
        let tags = [
            (KIND, "key-pair".to_owned()),
            ("customer", customer.to_string()),
            ("thumbprint", certificate.thumbprint()),
            ("expires_on", certificate.expires_on.to_string()),
            ("made_at", self.store.clock.now().to_string()),
        ];
        tags.map(|(name, value)| (name.to_owned(), value)).into()
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

    fn pairs() -> (PendingKeyPairs, Clock) {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let memory = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
        let vault = Vault::new(memory, "test".parse().unwrap(), clock.clone(), randomness);
        (vault.pending_key_pairs("Teams Connect"), clock)
    }

    fn customer() -> CustomerId {
        "kadry".parse().unwrap()
    }

    #[tokio::test]
    async fn a_certificate_waits_until_it_is_spent() {
        let (pairs, clock) = pairs();
        assert_eq!(pairs.find_certificate(&customer(), None).await.unwrap(), None);
        let first = pairs.get_or_create(&customer(), None).await.unwrap();
        assert_eq!(pairs.get_or_create(&customer(), None).await.unwrap(), first, "asked again, the same");
        let seen = pairs.find_certificate(&customer(), None).await.unwrap().unwrap();
        assert_eq!((seen.thumbprint.as_str(), seen.expires_on.as_str()), (&*first.thumbprint(), "1972-01-01"));

        let (pair, held) = pairs.read(&customer(), None).await.unwrap().unwrap().into_parts();
        assert_eq!(pair.certificate, first);
        pairs.consume(&customer(), &held).await.unwrap();
        assert!(pairs.read(&customer(), None).await.unwrap().is_none());
        assert_eq!(pairs.find_certificate(&customer(), None).await.unwrap(), None);
        assert_ne!(pairs.get_or_create(&customer(), None).await.unwrap(), first);
        let day = SignedDuration::from_hours(24);
        clock.advance(day * 89);
        assert!(pairs.find_certificate(&customer(), None).await.unwrap().is_some());
        clock.advance(day);
        assert_eq!(pairs.find_certificate(&customer(), None).await.unwrap(), None, "nobody registered it for so long");
    }

    #[tokio::test]
    async fn what_the_app_works_with_waits_no_more_though_it_was_not_spent() {
        let (pairs, _) = pairs();
        let first = pairs.get_or_create(&customer(), None).await.unwrap();
        let in_use = first.thumbprint();
        assert_eq!(pairs.find_certificate(&customer(), Some(&in_use)).await.unwrap(), None);
        assert!(pairs.read(&customer(), Some(&in_use)).await.unwrap().is_none());
        let second = pairs.get_or_create(&customer(), Some(&in_use)).await.unwrap();
        assert_ne!(second, first);
        let (_, held) = pairs.read(&customer(), Some(&in_use)).await.unwrap().unwrap().into_parts();
        pairs.consume(&customer(), &held).await.unwrap();
        assert!(pairs.read(&customer(), Some(&in_use)).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_forgotten_pair_is_not_offered_again() {
        let (pairs, _) = pairs();
        pairs.delete(&customer()).await.unwrap();
        let first = pairs.get_or_create(&customer(), None).await.unwrap();
        pairs.delete(&customer()).await.unwrap();
        pairs.delete(&customer()).await.unwrap();
        assert_eq!(pairs.find_certificate(&customer(), None).await.unwrap(), None);
        assert!(pairs.read(&customer(), None).await.unwrap().is_none());
        assert_ne!(pairs.get_or_create(&customer(), None).await.unwrap(), first);
    }
}
