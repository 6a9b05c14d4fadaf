//! All secrets of a deployment, looked over by what a list tells of them. No content is read.

use crate::adapters::vault::apps::parse_app_tags;
use crate::adapters::vault::model::{SecretMetadata, SecretName, VaultError};
use crate::adapters::vault::nodes::node_tags;
use crate::adapters::vault::secret_names::SecretOwner;
use crate::adapters::vault::secret_store::SecretStore;
use crate::domain::entra_app::AppSummary;
use crate::types::ids::CustomerId;

/// Looks all secrets of the deployment over; an operator asks.
#[derive(Clone, Debug)]
pub struct SecretReview {
    pub(super) store: SecretStore,
}

/// What is wrong with a secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// `AWSCURRENT` was moved back to the version before, whose successor exists: no write can succeed any more.
    #[error("AWSCURRENT was moved back by hand, and nothing can be written any more: write the content again")]
    LabelMovedBack,
    /// No name of this product.
    #[error("this name is none that the product gives")]
    UnknownName,
    /// Its tags are not what the product writes.
    #[error("its tags are not what the product writes: {0}")]
    Tags(String),
}

/// Some of the secrets.
#[derive(Debug, Default)]
pub struct ReviewedPage {
    /// How many they are.
    pub secrets: usize,
    /// What is wrong with which.
    pub faults: Vec<(SecretName, SecretFault)>,
    /// Whose apps are among them, and what their tags say.
    pub apps: Vec<(CustomerId, AppSummary)>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

impl SecretReview {
    /// Some secrets, in the order of their names, beginning at `page`.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn page(&self, page: Option<&str>) -> Result<ReviewedPage, VaultError> {
        let listed = self.store.backend.list(&self.store.names.all(), None, page, 100).await?;
        let mut found = ReviewedPage { secrets: listed.secrets.len(), next: listed.next, ..ReviewedPage::default() };
        for secret in listed.secrets {
            let faults = self.faults(&secret, &mut found.apps);
            found.faults.extend(faults.into_iter().map(|fault| (secret.name.clone(), fault)));
        }
        Ok(found)
    }

    fn faults(&self, secret: &SecretMetadata, apps: &mut Vec<(CustomerId, AppSummary)>) -> Vec<SecretFault> {
        let mut faults = Vec::new();
        if secret.previous.as_ref() == Some(&secret.current.successor()) {
            faults.push(SecretFault::LabelMovedBack);
        }
        let read = match self.store.names.owner_of(&secret.name) {
            Some(SecretOwner::App(customer)) => parse_app_tags(secret).map(|app| apps.push((customer, app))),
            Some(SecretOwner::Connections(_) | SecretOwner::HandOvers(_)) => node_tags::parse(secret).map(drop),
            Some(SecretOwner::KeyPair(_)) => Ok(()),
            None if self.store.names.is_of_deployment(&secret.name) => Ok(()),
            None => {
                faults.push(SecretFault::UnknownName);
                Ok(())
            }
        };
        faults.extend(read.err().map(|error| SecretFault::Tags(error.to_string())));
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::Vault;
    use crate::adapters::vault::backend::Backend;
    use crate::adapters::vault::backend::memory::MemoryBackend;
    use crate::adapters::vault::model::{Arn, Tags, VersionId};
    use crate::types::clock::{Clock, Timestamp};
    use crate::types::randomness::Randomness;
    use crate::types::secret::SecretBody;

    fn vault() -> Vault {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let backend = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
        Vault::new(backend, "test".parse().unwrap(), clock, randomness)
    }

    #[tokio::test]
    async fn whatever_the_product_did_not_make_is_told() {
        let vault = vault();
        let first = VersionId::random(&vault.store.randomness).unwrap();
        let names =
            ["test/customers/kadry/app", "test/customers/kadry/else", "test/claims/07", "test/api-keys", "test2/x"];
        for name in names {
            let body = SecretBody::from("{}".to_owned());
            vault.store.backend.create(&name.parse().unwrap(), &first, body, &Tags::new()).await.unwrap();
        }
        let page = vault.secret_review().page(None).await.unwrap();
        let told: Vec<_> = page.faults.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((page.secrets, told), (4, names[..2].to_vec()), "{page:?}");
        assert!(matches!(page.faults[0].1, SecretFault::Tags(_)));
        assert_eq!(page.faults[1].1, SecretFault::UnknownName);
    }

    #[test]
    fn a_label_that_was_moved_back_is_seen_by_the_successor_beside_it() {
        let first = VersionId("00112233445566778899aabbccddeeff".to_owned());
        let seen = |current: &VersionId, previous: Option<&VersionId>| {
            let (current, previous) = (current.clone(), previous.cloned());
            let (name, arn, tags) = ("test/api-keys".parse().unwrap(), Arn("a".to_owned()), Tags::new());
            let (created_at, changed_at) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
            let deleted_at = None;
            let described = SecretMetadata { name, arn, current, previous, tags, created_at, changed_at, deleted_at };
            vault().secret_review().faults(&described, &mut Vec::new())
        };
        assert_eq!(seen(&first, None), []);
        assert_eq!(seen(&first.successor(), Some(&first)), []);
        assert_eq!(seen(&first, Some(&first.successor())), [SecretFault::LabelMovedBack]);
    }
}
