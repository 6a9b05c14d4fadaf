//! The contacts that administrators left for reminders. They are personal data, so they lie in no tag but with the claims.

use crate::adapters::vault::apps::app_claims::{AppClaims, CLAIM_WRITE, place_among_claims};
use crate::adapters::vault::documents::contacts::{read_contact, write_contact};
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::node_write::Decision;
use crate::domain::entra_app::{Contact, ContactChange};
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;

fn place_of(customer: &CustomerId) -> (String, NodeTree) {
    place_among_claims(&format!("teams-connect/contacts/{customer}"))
}

impl AppClaims {
    /// The contact that a customer left in this tenure, as it is known now. Nobody sees that of a former customer of the
    /// same name, even if an offboarding and a form met and it was kept after it had been forgotten.
    ///
    /// # Errors
    /// [`VaultError`], but for there being nothing; `Corrupt` for another customer's.
    pub async fn contact(&self, of: (&CustomerId, Timestamp)) -> Result<Option<Contact>, VaultError> {
        Ok(self.find_now(place_of(of.0), |node, key| read_contact(node, key, of)).await?.flatten())
    }

    /// Changes the contact of a customer in this tenure.
    ///
    /// # Errors
    /// [`VaultError`].
    pub(super) async fn change_contact(
        &self,
        of: (&CustomerId, Timestamp),
        change: &ContactChange,
    ) -> Result<(), VaultError> {
        match change {
            ContactChange::Keep => Ok(()),
            ContactChange::End => self.forget_contact(of.0).await,
            ContactChange::Set(contact) => {
                let (key, tree) = place_of(of.0);
                let written = self.nodes.update(&tree, &key, CLAIM_WRITE, |node| {
                    Ok(match read_contact(node, &key, of) {
                        Ok(Some(known)) if known == *contact => Decision::Answer(()),
                        _ => Decision::Write(vec![write_contact(&key, of, Some(contact.clone()))?], ()),
                    })
                });
                written.await
            }
        }
    }

    /// Forgets the contact of a customer, of whatever tenure, even one that cannot be read: an entry without a contact
    /// does not outlast the write.
    ///
    /// # Errors
    /// [`VaultError`].
    pub(super) async fn forget_contact(&self, customer: &CustomerId) -> Result<(), VaultError> {
        let (key, tree) = place_of(customer);
        let written = self.nodes.update(&tree, &key, CLAIM_WRITE, |node| {
            Ok(match node.entry(&key) {
                None => Decision::Answer(()),
                Some(_) => Decision::Write(vec![write_contact(&key, (customer, Timestamp::UNIX_EPOCH), None)?], ()),
            })
        });
        written.await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::Vault;
    use crate::adapters::vault::apps::{AppReader, AppWriter, CheckRecord};
    use crate::adapters::vault::backend::Backend;
    use crate::adapters::vault::backend::memory::MemoryBackend;
    use crate::adapters::vault::model::Tags;
    use crate::domain::entra_app::{Credential, EntraApp};
    use crate::types::clock::{Clock, SignedDuration};
    use crate::types::randomness::Randomness;
    use crate::types::secret::Secret;

    struct Contacts {
        writer: AppWriter,
        reader: AppReader,
        memory: MemoryBackend,
        clock: Clock,
        customer: CustomerId,
    }

    impl Contacts {
        fn new() -> Self {
            let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
            let memory = MemoryBackend::new(clock.clone(), randomness.clone());
            let backend = Backend::Memory(memory.clone());
            let vault = Vault::new(backend, "test".parse().unwrap(), clock.clone(), randomness);
            let customer = "kadry".parse().unwrap();
            Self { writer: vault.app_writer(), reader: vault.app_reader(), memory, clock, customer }
        }

        /// Hands over a secret, and what becomes of the contact with it.
        async fn hand_over(&self, change: &ContactChange) -> Result<(), VaultError> {
            self.clock.advance(SignedDuration::from_mins(1));
            let seen = self.writer.snapshot(&self.customer).await.unwrap();
            let app = EntraApp {
                tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
                client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
                credential: Credential::Secret("abC8Q~x".to_owned().into()),
                expires_on: None,
            };
            let diagnosed = CheckRecord::from_findings(true, &[]);
            self.writer.store_by_link(&self.customer, &app, (&diagnosed, None, change), seen.as_ref()).await
        }

        async fn tenure(&self) -> Timestamp {
            self.reader.summary(&self.customer).await.unwrap().tenure
        }

        async fn contact(&self) -> Option<Contact> {
            self.writer.claims.contact((&self.customer, self.tenure().await)).await.unwrap()
        }

        /// What lies in the vault where the contact does.
        fn content(&self) -> String {
            let (_, tree) = place_of(&self.customer);
            let name = tree.root(&self.writer.store.names);
            self.memory.stored(name.as_str()).map(|stored| stored.body.expose().to_owned()).unwrap_or_default()
        }
    }

    fn address(local: &str) -> Contact {
        format!("{local}@kadry.example").parse().unwrap()
    }

    fn set(local: &str) -> ContactChange {
        ContactChange::Set(address(local))
    }

    #[tokio::test]
    async fn a_contact_stays_until_it_is_replaced_or_ended() {
        let contacts = Contacts::new();
        contacts.hand_over(&ContactChange::Keep).await.unwrap();
        assert_eq!(contacts.contact().await, None);
        for (change, kept) in [
            (set("it"), Some(address("it"))),
            (ContactChange::Keep, Some(address("it"))),
            (set("hr"), Some(address("hr"))),
            (set("hr"), Some(address("hr"))),
            (ContactChange::End, None),
            (ContactChange::End, None),
        ] {
            contacts.hand_over(&change).await.unwrap();
            assert_eq!(contacts.contact().await, kept, "{change:?}");
        }
        assert!(!contacts.content().contains("kadry"), "nothing is left of it");
    }

    #[tokio::test]
    async fn a_contact_is_forgotten_with_the_offboarding_and_the_next_customer_sees_none() {
        let contacts = Contacts::new();
        contacts.hand_over(&set("it")).await.unwrap();
        let former = contacts.tenure().await;
        assert!(contacts.content().contains("it@kadry.example"));
        contacts.writer.offboard(&contacts.customer).await.unwrap();
        assert!(!contacts.content().contains("kadry"), "nothing is left of it");
        // A form that was on its way keeps it once more, and loses to the offboarding.
        contacts.writer.claims.change_contact((&contacts.customer, former), &set("it")).await.unwrap();
        contacts.hand_over(&ContactChange::Keep).await.unwrap();
        assert_eq!(contacts.contact().await, None, "it is of a former customer");
    }

    #[tokio::test]
    async fn nothing_is_stored_where_the_contact_cannot_be_kept_and_the_customer_can_leave_all_the_same() {
        let contacts = Contacts::new();
        contacts.hand_over(&ContactChange::Keep).await.unwrap();
        let (_, tree) = place_of(&contacts.customer);
        let (root, first) = (tree.root(&contacts.writer.store.names), contacts.writer.store.first_version().unwrap());
        contacts.memory.create(&root, &first, "damaged".to_owned().into(), &Tags::new()).await.unwrap();
        let before = contacts.reader.summary(&contacts.customer).await.unwrap();
        assert!(matches!(contacts.hand_over(&set("it")).await, Err(VaultError::Corrupt { .. })));
        assert_eq!(contacts.reader.summary(&contacts.customer).await.unwrap(), before);
        contacts.writer.offboard(&contacts.customer).await.unwrap();
    }

    #[tokio::test]
    async fn another_customers_entry_is_no_contact_and_can_be_forgotten() {
        let contacts = Contacts::new();
        let (key, tree) = place_of(&contacts.customer);
        let other = "praca".parse().unwrap();
        let of = (&other, Timestamp::UNIX_EPOCH);
        let written = contacts.writer.claims.nodes.update(&tree, &key, CLAIM_WRITE, |_| {
            Ok(Decision::Write(vec![write_contact(&key, of, Some(address("it")))?], ()))
        });
        written.await.unwrap();
        let read = contacts.writer.claims.contact((&contacts.customer, Timestamp::UNIX_EPOCH)).await;
        let Err(error @ VaultError::Corrupt { .. }) = read else { panic!("{read:?}") };
        assert!(!format!("{error} {error:?}").contains("it@"), "{error:?}");
        contacts.writer.claims.forget_contact(&contacts.customer).await.unwrap();
        assert_eq!(contacts.writer.claims.contact((&contacts.customer, Timestamp::UNIX_EPOCH)).await.unwrap(), None);
    }
}
