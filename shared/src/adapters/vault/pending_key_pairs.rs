//! Key pairs whose certificate waits for being registered on a customer's app: one small secret for each customer.
//!
//! Whoever takes credentials in can write apps and cannot read them; but a certificate is checked at Entra when its
//! administrator says that it is registered, and that takes its key. So until then the pair lies here, where it can be
//! read. Once the app works with it, the key is taken out of here and lies with the app alone.

use crate::adapters::vault::documents;
use crate::adapters::vault::model::{SecretMetadata, Tags, VaultError, VersionStage};
use crate::adapters::vault::nodes::node_tags::KIND;
use crate::adapters::vault::secret_store::{SecretStore, Versioned};
use crate::domain::entra_app::{Certificate, KeyPair, TenureState};
use crate::types::clock::SignedDuration;
use crate::types::ids::CustomerId;

/// As long as a link for an administrator lives at most, and as the record of an offboarded customer stays at least. A
/// certificate that nobody registered until then is made anew.
const PENDING_TTL: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Writers that are overtaken this often meet again at the next request.
const TRIES: usize = 3;

/// Makes key pairs and reads those whose certificate waits for being registered.
#[derive(Clone, Debug)]
pub struct PendingKeyPairs {
    pub(super) store: SecretStore,
    /// The subject of certificates.
    pub(super) common_name: String,
}

/// What the customer has while a pair waits.
#[derive(Debug, Clone, Copy)]
pub struct CredentialInUse<'a> {
    /// A pair of another tenure counts for nothing.
    pub tenure: TenureState,
    /// The fingerprint of the credential that the customer works with: its own pair waits no more.
    pub fingerprint: Option<&'a str>,
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
    /// The certificate that waits, without reading its key.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn find_certificate(
        &self,
        customer: &CustomerId,
        in_use: CredentialInUse<'_>,
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
        in_use: CredentialInUse<'_>,
    ) -> Result<Option<Versioned<KeyPair>>, VaultError> {
        match self.find_certificate(customer, in_use).await? {
            Some(_) => self.load(customer, in_use).await,
            None => Ok(None),
        }
    }

    async fn load(
        &self,
        customer: &CustomerId,
        in_use: CredentialInUse<'_>,
    ) -> Result<Option<Versioned<KeyPair>>, VaultError> {
        let name = self.store.names.key_pair(customer);
        let read = match self.store.backend.read(&name, VersionStage::Current).await {
            Ok(read) => read,
            Err(VaultError::NotFound | VaultError::Deleted) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (pair, tenure) = documents::read_pending_key_pair(&name, customer, &read.body)?;
        let waits = pair.filter(|pair| in_use.lets_wait(&pair.certificate.thumbprint(), tenure));
        Ok(waits.map(|value| Versioned { value, arn: read.arn, version: read.version }))
    }

    /// The certificate that waits; a new one where none does. Of two who ask at once both get the same.
    ///
    /// # Errors
    /// [`VaultError`]; `Stale` when others made and spent pairs all the while.
    pub async fn get_or_create(
        &self,
        customer: &CustomerId,
        in_use: CredentialInUse<'_>,
    ) -> Result<Certificate, VaultError> {
        for _ in 0..TRIES {
            let seen = self.describe(customer).await?;
            if seen.as_ref().is_some_and(|seen| self.pending_certificate(seen, in_use).is_some())
                && let Some(held) = self.load(customer, in_use).await?
            {
                return Ok(held.value.certificate);
            }
            match self.create((customer, in_use.tenure), seen).await {
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

    async fn create(
        &self,
        (customer, tenure): (&CustomerId, TenureState),
        seen: Option<SecretMetadata>,
    ) -> Result<Certificate, VaultError> {
        let pair = self.generate(customer).await?;
        let body = documents::write_pending_key_pair((customer, tenure), &pair)?;
        let tags = self.tags((customer, tenure), &pair.certificate);
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
    fn pending_certificate(&self, seen: &SecretMetadata, in_use: CredentialInUse<'_>) -> Option<PendingCertificate> {
        let tag = |name: &str| seen.tags.get(name).filter(|value| !value.is_empty());
        let tenure = tag("tenure").and_then(|tenure| TenureState::parse_tag(tenure));
        let thumbprint = tag("thumbprint").filter(|thumbprint| in_use.lets_wait(thumbprint, tenure))?.clone();
        let made_at = tag("made_at").and_then(|value| value.parse().ok())?;
        let is_fresh = self.store.clock.now().duration_since(made_at) < PENDING_TTL;
        let waits = seen.deleted_at.is_none() && is_fresh;
        waits.then(|| PendingCertificate { thumbprint, expires_on: tag("expires_on").cloned().unwrap_or_default() })
    }

    fn tags(&self, (customer, tenure): (&CustomerId, TenureState), certificate: &Certificate) -> Tags {
        let tags = [
            (KIND, "key-pair".to_owned()),
            ("customer", customer.to_string()),
            ("tenure", tenure.to_tag()),
            ("thumbprint", certificate.thumbprint()),
            ("expires_on", certificate.expires_on.to_string()),
            ("made_at", self.store.clock.now().to_string()),
        ];
        tags.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

impl CredentialInUse<'_> {
    /// Whether a pair waits still. One of an earlier version of this software, which noted no tenure, does until it ends.
    fn lets_wait(self, thumbprint: &str, tenure: Option<TenureState>) -> bool {
        self.fingerprint != Some(thumbprint) && tenure.is_none_or(|made_in| made_in.lasts_in(self.tenure))
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

    /// No customer of this name is there yet.
    const NOBODY: CredentialInUse<'_> = CredentialInUse { tenure: TenureState::None, fingerprint: None };

    fn works_with(fingerprint: &str) -> CredentialInUse<'_> {
        CredentialInUse { fingerprint: Some(fingerprint), ..NOBODY }
    }

    fn customer() -> CustomerId {
        "kadry".parse().unwrap()
    }

    #[tokio::test]
    async fn a_certificate_waits_until_it_is_spent() {
        let (pairs, clock) = pairs();
        assert_eq!(pairs.find_certificate(&customer(), NOBODY).await.unwrap(), None);
        let first = pairs.get_or_create(&customer(), NOBODY).await.unwrap();
        assert_eq!(pairs.get_or_create(&customer(), NOBODY).await.unwrap(), first, "asked again, the same");
        let seen = pairs.find_certificate(&customer(), NOBODY).await.unwrap().unwrap();
        assert_eq!((seen.thumbprint.as_str(), seen.expires_on.as_str()), (&*first.thumbprint(), "1972-01-01"));

        let (pair, held) = pairs.read(&customer(), NOBODY).await.unwrap().unwrap().into_parts();
        assert_eq!(pair.certificate, first);
        pairs.consume(&customer(), &held).await.unwrap();
        assert!(pairs.read(&customer(), NOBODY).await.unwrap().is_none());
        assert_eq!(pairs.find_certificate(&customer(), NOBODY).await.unwrap(), None);
        assert_ne!(pairs.get_or_create(&customer(), NOBODY).await.unwrap(), first);
        let day = SignedDuration::from_hours(24);
        clock.advance(day * 29);
        assert!(pairs.find_certificate(&customer(), NOBODY).await.unwrap().is_some());
        clock.advance(day);
        assert_eq!(
            pairs.find_certificate(&customer(), NOBODY).await.unwrap(),
            None,
            "nobody registered it for so long"
        );
    }

    #[tokio::test]
    async fn what_the_app_works_with_waits_no_more_though_it_was_not_spent() {
        let (pairs, _) = pairs();
        let first = pairs.get_or_create(&customer(), NOBODY).await.unwrap();
        let in_use = first.thumbprint();
        assert_eq!(pairs.find_certificate(&customer(), works_with(&in_use)).await.unwrap(), None);
        assert!(pairs.read(&customer(), works_with(&in_use)).await.unwrap().is_none());
        let second = pairs.get_or_create(&customer(), works_with(&in_use)).await.unwrap();
        assert_ne!(second, first);
        let (_, held) = pairs.read(&customer(), works_with(&in_use)).await.unwrap().unwrap().into_parts();
        pairs.consume(&customer(), &held).await.unwrap();
        assert!(pairs.read(&customer(), works_with(&in_use)).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_forgotten_pair_is_not_offered_again() {
        let (pairs, _) = pairs();
        pairs.delete(&customer()).await.unwrap();
        let first = pairs.get_or_create(&customer(), NOBODY).await.unwrap();
        pairs.delete(&customer()).await.unwrap();
        pairs.delete(&customer()).await.unwrap();
        assert_eq!(pairs.find_certificate(&customer(), NOBODY).await.unwrap(), None);
        assert!(pairs.read(&customer(), NOBODY).await.unwrap().is_none());
        assert_ne!(pairs.get_or_create(&customer(), NOBODY).await.unwrap(), first);
    }

    #[tokio::test]
    async fn a_pair_that_was_made_beside_an_offboarding_waits_in_no_other_tenure() {
        use TenureState::{Active, Ended, None};
        let (first, second) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(1).unwrap());
        let in_tenure = |tenure| CredentialInUse { tenure, fingerprint: Option::None };
        for (made_in, others) in [
            (Active(first), &[Ended(first), None, Active(second)][..]),
            (Ended(first), &[Active(first), Active(second), Ended(second)]),
            (None, &[Active(first), Ended(first)]),
        ] {
            let (pairs, _) = pairs();
            let made = pairs.get_or_create(&customer(), in_tenure(made_in)).await.unwrap();
            assert!(pairs.read(&customer(), in_tenure(made_in)).await.unwrap().is_some());
            for &other in others {
                let present = in_tenure(other);
                assert_eq!(pairs.find_certificate(&customer(), present).await.unwrap(), Option::None, "{other:?}");
                assert!(pairs.load(&customer(), present).await.unwrap().is_none(), "the tags may be behind: {other:?}");
            }
            assert_ne!(pairs.get_or_create(&customer(), in_tenure(others[0])).await.unwrap(), made);
        }
        let (pairs, _) = pairs();
        let made = pairs.get_or_create(&customer(), in_tenure(Ended(first))).await.unwrap();
        assert_eq!(pairs.get_or_create(&customer(), NOBODY).await.unwrap(), made, "the record was purged, no more");
    }
}
