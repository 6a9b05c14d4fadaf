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
        let (key, tree) = place_of(of.0);
        let Some(node) = self.nodes.find_now(&tree, &key).await? else { return Ok(None) };
        read_contact(&node.parse(&tree)?, &key, of)
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
