//! What our issuer calls the customers whose apps trust it. It lies with the claims, so it is there before a customer is; with
//! the offboarding it is forgotten, and as it was random nobody is ever called so again.

use crate::adapters::vault::apps::AppWriter;
use crate::adapters::vault::apps::app_claims::{CLAIM_WRITE, place_among_claims};
use crate::adapters::vault::documents::federated_subjects::{read_federated_subject, write_federated_subject};
use crate::adapters::vault::documents::node::Node;
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::node_write::Decision;
use crate::domain::entra_app::FederatedSubject;
use crate::types::ids::CustomerId;

fn place_of(customer: &CustomerId) -> (String, NodeTree) {
    place_among_claims(&format!("teams-connect/federated-subjects/{customer}"))
}

impl AppWriter {
    /// What the issuer calls a customer, if that was asked for.
    ///
    /// # Errors
    /// [`VaultError`], but for there being nothing; `Corrupt` for another customer's.
    pub async fn find_federated_subject(&self, customer: &CustomerId) -> Result<Option<FederatedSubject>, VaultError> {
        let read = |node: &Node<'_>, key: &str| read_federated_subject(node, key, customer);
        Ok(self.claims.find_now(place_of(customer), read).await?.flatten())
    }

    /// What the issuer calls a customer: always the same until the customer is offboarded.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn get_or_create_federated_subject(&self, customer: &CustomerId) -> Result<FederatedSubject, VaultError> {
        let (key, tree) = place_of(customer);
        let new = FederatedSubject::generate(&self.store.randomness);
        let new = new.map_err(|error| VaultError::Unavailable(error.into()))?;
        let decided = self.claims.nodes.update(&tree, &key, CLAIM_WRITE, |node| {
            Ok(match read_federated_subject(node, &key, customer)? {
                Some(subject) => Decision::Answer(subject),
                None => Decision::Write(vec![write_federated_subject(&key, customer, Some(new.clone()))?], new.clone()),
            })
        });
        decided.await
    }

    /// Forgets what the issuer called a customer.
    ///
    /// # Errors
    /// [`VaultError`].
    pub(super) async fn forget_federated_subject(&self, customer: &CustomerId) -> Result<(), VaultError> {
        if self.find_federated_subject(customer).await?.is_none() {
            return Ok(());
        }
        let (key, tree) = place_of(customer);
        let written = self.claims.nodes.update(&tree, &key, CLAIM_WRITE, |_| {
            Ok(Decision::Write(vec![write_federated_subject(&key, customer, None)?], ()))
        });
        written.await
    }
}
