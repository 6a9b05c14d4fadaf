//! Connect links that were withdrawn.

use super::Connections;
use crate::adapters::vault::documents::node::Node;
use crate::adapters::vault::documents::{connection, withdrawn_links};
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::node_write::{Decision, WritePlan};
use crate::adapters::vault::nodes::write_budget::WriteClass;
use crate::types::clock::Timestamp;
use crate::types::ids::{CustomerId, UserId};

impl Connections {
    /// Withdraws the connect links that a recruiter was given until now, in this tenure of the customer. The sign-in that
    /// waits ends too, and the connection stays.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn withdraw_links(
        &self,
        tenure: Timestamp,
        (customer, user): (&CustomerId, &UserId),
    ) -> Result<(), VaultError> {
        let tree = NodeTree::Connections(customer.clone());
        let plan = WritePlan { class: WriteClass::Always, tenure: Some(tenure), may_begin: true };
        let now = self.clock.now();
        let withdrawal = |node: &Node<'_>| {
            Ok(Decision::Write(vec![withdrawn_links::write_connect_withdrawal(node, user, now)?], ()))
        };
        self.nodes.update(&tree, user.as_str(), plan, withdrawal).await
    }

    /// When a recruiter's connect links were last withdrawn, as it is known now.
    ///
    /// # Errors
    /// [`VaultError`], but for there being nothing.
    pub async fn links_withdrawn_at(
        &self,
        customer: &CustomerId,
        user: &UserId,
    ) -> Result<Option<Timestamp>, VaultError> {
        let tree = NodeTree::Connections(customer.clone());
        let Some(node) = self.nodes.find_now(&tree, user.as_str()).await? else { return Ok(None) };
        let content = node.parse(&tree)?;
        // Nothing is believed of an entry that is somebody else's.
        connection::read_connection(&content, customer, user)?;
        Ok(withdrawn_links::read_withdrawn_at(&content, user.as_str()))
    }
}
