//! Sign-ins from which a browser returned, until the ATS says whose they are: at most one beside each connection.

use std::sync::Arc;

use crate::adapters::vault::connections::{Connections, StoredConnection, StoredReturn, decisions, stored};
use crate::adapters::vault::documents::connection;
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_store::{StoredNode, WritePlan};
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::write_budget::WriteClass;
use crate::domain::sign_in::ReturnedSignIn;
use crate::types::clock::Timestamp;
use crate::types::ids::{CustomerId, UserId};

/// How far a recruiter's sign-ins have come.
#[derive(Debug, Default)]
pub struct SignInProgress {
    /// The connection.
    pub connection: Option<StoredConnection>,
    /// The sign-in that waits for being completed.
    pub returned: Option<ReturnedSignIn>,
}

impl Connections {
    /// Lets a sign-in wait until it is completed, in this tenure of the customer.
    ///
    /// # Errors
    /// [`VaultError`]; `Refused` when the secret was written as often today as it may.
    pub async fn store_return(
        &self,
        tenure: Timestamp,
        (customer, user): (&CustomerId, &UserId),
        returned: &ReturnedSignIn,
    ) -> Result<StoredReturn, VaultError> {
        let tree = NodeTree::Connections(customer.clone());
        let plan = WritePlan { class: WriteClass::PendingSignIn, tenure: Some(tenure), may_begin: true };
        let now = self.clock.now();
        self.nodes
            .update(&tree, user.as_str(), plan, |node| decisions::returned(node, (customer, user), returned, now))
            .await
    }

    /// The recruiter's connection and the sign-in that waits, as they are now, in this tenure of the customer.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn sign_in_progress(
        &self,
        tenure: Timestamp,
        (customer, user): (&CustomerId, &UserId),
    ) -> Result<SignInProgress, VaultError> {
        let tree = NodeTree::Connections(customer.clone());
        let node = match self.nodes.find_now(&tree, user.as_str()).await {
            Ok(node) => node,
            Err(VaultError::NotFound | VaultError::Deleted) => return Ok(SignInProgress::default()),
            Err(error) => return Err(error),
        };
        self.read_progress(&node, &tree, tenure, (customer, user))
    }

    fn read_progress(
        &self,
        node: &Arc<StoredNode>,
        tree: &NodeTree,
        tenure: Timestamp,
        (customer, user): (&CustomerId, &UserId),
    ) -> Result<SignInProgress, VaultError> {
        let content = node.parse(tree)?;
        let connection = match stored(node, tree, (customer, user)) {
            Ok(connection) => Some(connection),
            Err(VaultError::NotFound | VaultError::Deleted) => None,
            Err(error) => return Err(error),
        };
        let (returned, _) = connection::read_returns(&content, user)?;
        let now = self.clock.now();
        let returned = returned.filter(|returned| content.tenure == tenure && returned.until > now);
        Ok(SignInProgress { connection, returned })
    }

    /// Lets a sign-in wait no more.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn drop_return(
        &self,
        tenure: Timestamp,
        (customer, user): (&CustomerId, &UserId),
        sign_in: &str,
    ) -> Result<(), VaultError> {
        let tree = NodeTree::Connections(customer.clone());
        let plan = WritePlan { class: WriteClass::Always, tenure: Some(tenure), may_begin: false };
        let now = self.clock.now();
        self.nodes.update(&tree, user.as_str(), plan, |node| decisions::drop_return(node, user, sign_in, now)).await
    }
}
