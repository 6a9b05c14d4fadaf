//! Intake links that the ATS took back. The moment lies with the claims, so it is there before a customer is and after the
//! record of one is purged.

use crate::adapters::vault::apps::AppWriter;
use crate::adapters::vault::apps::app_claims::{CLAIM_WRITE, place_among_claims};
use crate::adapters::vault::documents::withdrawn_links::{read_intake_withdrawal, write_intake_withdrawal};
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::node_write::Decision;
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;

fn place_of(customer: &CustomerId) -> (String, NodeTree) {
    place_among_claims(&format!("teams-connect/withdrawn-intake-links/{customer}"))
}

impl AppWriter {
    /// Withdraws the intake links that were made for a customer until now, whether there is a customer of this name or not.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn withdraw_intake_links(&self, customer: &CustomerId) -> Result<(), VaultError> {
        let (key, tree) = place_of(customer);
        let now = self.store.clock.now();
        let written = self.claims.nodes.update(&tree, &key, CLAIM_WRITE, |_| {
            Ok(Decision::Write(vec![write_intake_withdrawal(&key, customer, now)?], ()))
        });
        written.await
    }

    /// When a customer's intake links were last withdrawn, as it is known now.
    ///
    /// # Errors
    /// [`VaultError`], but for there being nothing; `Corrupt` for another customer's.
    pub async fn intake_links_withdrawn_at(&self, customer: &CustomerId) -> Result<Option<Timestamp>, VaultError> {
        let (key, tree) = place_of(customer);
        let Some(node) = self.claims.nodes.find_now(&tree, &key).await? else { return Ok(None) };
        read_intake_withdrawal(&node.parse(&tree)?, &key, customer)
    }
}
