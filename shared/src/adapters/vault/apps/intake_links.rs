//! What became of a customer's intake links: when the ATS took them back, and how far an administrator came. It lies with the
//! claims, so it is there before a customer is and after the record of one is purged.

use crate::adapters::vault::apps::app_claims::{CLAIM_WRITE, place_among_claims};
use crate::adapters::vault::apps::{AppClaims, AppWriter};
use crate::adapters::vault::documents::intake_links::IntakeLinksEntry;
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::node_write::Decision;
use crate::domain::entra_app::IntakeProgress;
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;

fn place_of(customer: &CustomerId) -> (String, NodeTree) {
    // The name is older than what else lies there now.
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
        let written = self.claims.nodes.update(&tree, &key, CLAIM_WRITE, |node| {
            // What nobody can read keeps nothing from being withdrawn.
            let known = IntakeLinksEntry::read(node, &key, customer, now).unwrap_or_default();
            let next = IntakeLinksEntry { links_withdrawn_at: Some(now), ..known };
            Ok(Decision::Write(vec![next.to_write(&key, customer)?], ()))
        });
        written.await
    }

    /// When a customer's intake links were last withdrawn, as it is known now.
    ///
    /// # Errors
    /// [`VaultError`], but for there being nothing; `Corrupt` for another customer's.
    pub async fn intake_links_withdrawn_at(&self, customer: &CustomerId) -> Result<Option<Timestamp>, VaultError> {
        Ok(self.claims.intake_links(customer).await?.links_withdrawn_at)
    }

    /// Notes how far an administrator came with a link of that time: the form was opened, or `finding` was wrong with what was
    /// submitted. Nothing is written that is known.
    ///
    /// # Errors
    /// [`VaultError`]; `Corrupt` for another customer's.
    pub async fn note_intake(
        &self,
        customer: &CustomerId,
        link_issued_at: Timestamp,
        finding: Option<&str>,
    ) -> Result<(), VaultError> {
        let (key, tree) = place_of(customer);
        let now = self.store.clock.now();
        let written = self.claims.nodes.update(&tree, &key, CLAIM_WRITE, |node| {
            let known = IntakeLinksEntry::read(node, &key, customer, now)?;
            let Some(progress) = known.progress.after(link_issued_at, finding, now) else {
                return Ok(Decision::Answer(()));
            };
            Ok(Decision::Write(vec![IntakeLinksEntry { progress, ..known }.to_write(&key, customer)?], ()))
        });
        written.await
    }
}

impl AppClaims {
    /// How far an administrator came with the last intake link that was opened.
    ///
    /// # Errors
    /// As [`AppWriter::intake_links_withdrawn_at`].
    pub async fn intake_progress(&self, customer: &CustomerId) -> Result<IntakeProgress, VaultError> {
        Ok(self.intake_links(customer).await?.progress)
    }

    async fn intake_links(&self, customer: &CustomerId) -> Result<IntakeLinksEntry, VaultError> {
        let now = self.store.clock.now();
        let read = self.find_now(place_of(customer), |node, key| IntakeLinksEntry::read(node, key, customer, now));
        Ok(read.await?.unwrap_or_default())
    }
}
