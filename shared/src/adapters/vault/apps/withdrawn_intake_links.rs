//! Intake links that the ATS took back. The moment lies with the claims, so it is there before a customer is and after the
//! record of one is purged.

use ring::digest;

use crate::adapters::vault::apps::AppWriter;
use crate::adapters::vault::documents::withdrawn_links::{read_withdrawn_at, write_intake_withdrawal};
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_store::{Decision, WritePlan};
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::write_budget::WriteClass;
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;

/// The key of a customer's withdrawal, and the tree that it lies in.
fn place_of(customer: &CustomerId) -> (String, NodeTree) {
    let text = format!("teams-connect/withdrawn-intake-links/{customer}");
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    let byte = hash.as_ref().first().copied().unwrap_or_default();
    (hex::encode(hash), NodeTree::Claims(byte))
}

impl AppWriter {
    /// Withdraws the intake links that were made for a customer until now, whether there is a customer of this name or not.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn withdraw_intake_links(&self, customer: &CustomerId) -> Result<(), VaultError> {
        let (key, tree) = place_of(customer);
        let plan = WritePlan { class: WriteClass::Always, tenure: None, may_begin: true };
        let now = self.store.clock.now();
        let written = self.claims.nodes.update(&tree, &key, plan, |_| {
            Ok(Decision::Write(vec![write_intake_withdrawal(&key, customer, now)?], ()))
        });
        written.await
    }

    /// When a customer's intake links were last withdrawn, as it is known now.
    ///
    /// # Errors
    /// [`VaultError`], but for there being nothing.
    pub async fn intake_links_withdrawn_at(&self, customer: &CustomerId) -> Result<Option<Timestamp>, VaultError> {
        let (key, tree) = place_of(customer);
        match self.claims.nodes.find_now(&tree, &key).await {
            Ok(node) => Ok(read_withdrawn_at(&node.parse(&tree)?, &key)),
            Err(VaultError::NotFound | VaultError::Deleted) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
