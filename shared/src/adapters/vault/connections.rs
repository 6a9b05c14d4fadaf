//! The recruiters' connections: those of a customer lie together in one secret, and in more only where that is full.
//!
//! What is written is decided upon the entry that is there when it is written: new tokens take the place of the very refresh
//! token that they were given for, a rejection counts for the token that was rejected, no older sign-in takes the place of a
//! newer one, and a disconnection is always written, whatever was seen before. So a writer that comes late changes nothing.

mod decisions;
mod kept_events;
mod listing;
mod withdrawn_connect_links;

use crate::adapters::vault::cancellations::Cancellations;
use crate::adapters::vault::documents::connection::{self, ConnectionEntry};
use crate::adapters::vault::documents::node::Node;
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_store::{NodeStore, StoredNode};
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::node_write::WritePlan;
use crate::adapters::vault::nodes::write_budget::WriteClass;
use crate::domain::connection::{Connection, HealthState, ReplaceConnectionError};
use crate::domain::sign_in::ReturnedSignIn;
use crate::types::clock::{Clock, Timestamp};
use crate::types::ids::{CustomerId, UserId};

pub use crate::adapters::vault::documents::connection::{ConnectionSummary, RefreshTokenDigest};
pub use crate::adapters::vault::nodes::node_ref::NodeRef;
pub use crate::adapters::vault::nodes::node_tags::{NodeSummary, SLICES};
pub use crate::adapters::vault::nodes::write_budget::WriteClass as ConnectionWrite;
pub use crate::adapters::vault::secret_index::{ListedNode, SecretIndex, SecretIndexPage};
pub use decisions::{DisconnectedNode, RefreshResult, StoredReturn, StoredTokens};
pub use listing::ListedConnection;

/// Why a new sign-in was not kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreSignInError {
    /// It may not take the place of what is there.
    #[error(transparent)]
    NoSuccessor(#[from] ReplaceConnectionError),
    /// The vault did not do it; `Stale` when others were faster every time.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// A connection as the vault has it.
#[derive(Debug)]
pub struct StoredConnection {
    /// The connection. Its access token has ended where none is kept.
    pub connection: Connection,
    /// The customer's tenure that it was made in.
    pub tenure: Timestamp,
    /// When the secret was read. The connection may have changed since.
    pub read_at: Timestamp,
    /// Which refresh token it is that lies there.
    pub token: RefreshTokenDigest,
}

/// How far a recruiter's sign-ins have come.
#[derive(Debug, Default)]
pub struct SignInProgress {
    /// The connection.
    pub connection: Option<StoredConnection>,
    /// The sign-in that waits for being completed.
    pub returned: Option<ReturnedSignIn>,
}

/// Reads and writes the recruiters' connections.
#[derive(Clone, Debug)]
pub struct Connections {
    pub(super) nodes: NodeStore,
    pub(super) clock: Clock,
    pub(super) cancellations: Cancellations,
}

impl Connections {
    /// The connection, as it was within the last minute.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where the recruiter never connected, `Deleted` where he was disconnected.
    pub async fn get(&self, customer: &CustomerId, user: &UserId) -> Result<StoredConnection, VaultError> {
        let tree = NodeTree::Connections(customer.clone());
        let known = match self.nodes.find(&tree, user.as_str()).await {
            Ok(node) => self.read(&node, &tree, (customer, user)),
            Err(error) => Err(error),
        };
        match known {
            Ok(known) if known.connection.life.standing == HealthState::Active => Ok(known),
            // Whoever has just signed in, perhaps through another process, is not made to wait for a minute.
            Ok(_) | Err(VaultError::NotFound | VaultError::Deleted) => self.get_now(customer, user).await,
            Err(error) => Err(error),
        }
    }

    /// The connection as it is now.
    ///
    /// # Errors
    /// As [`Connections::get`].
    pub async fn get_now(&self, customer: &CustomerId, user: &UserId) -> Result<StoredConnection, VaultError> {
        let tree = NodeTree::Connections(customer.clone());
        let node = self.nodes.find_now(&tree, user.as_str()).await?.ok_or(VaultError::NotFound)?;
        self.read(&node, &tree, (customer, user))
    }

    fn read(
        &self,
        node: &StoredNode,
        tree: &NodeTree,
        (customer, user): (&CustomerId, &UserId),
    ) -> Result<StoredConnection, VaultError> {
        let content = node.parse(tree)?;
        self.cancellations.remember(&content, user, node.read_at);
        stored(&content, node.read_at, (customer, user))
    }

    /// The recruiters' cancelled meetings, which are read together with their connections.
    #[must_use]
    pub fn cancellations(&self) -> Cancellations {
        self.cancellations.clone()
    }

    /// What there is to succeed, as it is now.
    ///
    /// # Errors
    /// [`VaultError`], but for there being nothing.
    pub async fn find(&self, customer: &CustomerId, user: &UserId) -> Result<Option<StoredConnection>, VaultError> {
        match self.get_now(customer, user).await {
            Ok(held) => Ok(Some(held)),
            Err(VaultError::NotFound | VaultError::Deleted) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is known of the connection, whatever became of it.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where the recruiter never connected.
    pub async fn summary(&self, customer: &CustomerId, user: &UserId) -> Result<ConnectionSummary, VaultError> {
        let tree = NodeTree::Connections(customer.clone());
        let found = self.nodes.find_now(&tree, user.as_str()).await?.ok_or(VaultError::NotFound)?;
        let node = found.parse(&tree)?;
        match connection::read_connection(&node, customer, user)?.ok_or(VaultError::NotFound)? {
            ConnectionEntry::Connected(connection) => Ok(ConnectionSummary::new(&connection, node.tenure)),
            ConnectionEntry::Ended(ended) => Ok(ended),
        }
    }

    /// Keeps a sign-in that began when it was made.
    ///
    /// # Errors
    /// [`StoreSignInError`]; then what was there before is there still.
    pub async fn store_sign_in(&self, tenure: Timestamp, made: &Connection) -> Result<(), StoreSignInError> {
        self.complete_sign_in(tenure, (made, made.connected_at), false).await
    }

    /// Keeps a new sign-in, which began at this time in this tenure of the customer. Tokens of a former one that came
    /// between are replaced; another sign-in that came between is not, if it is the newer one, and another account's only
    /// where that is meant.
    ///
    /// # Errors
    /// [`StoreSignInError`]; then what was there before is there still. `Older` too where the recruiter was disconnected,
    /// or the links were withdrawn, after it began.
    pub async fn complete_sign_in(
        &self,
        tenure: Timestamp,
        (made, began_at): (&Connection, Timestamp),
        replaces_account: bool,
    ) -> Result<(), StoreSignInError> {
        let check = if replaces_account { Connection::can_replace_account } else { Connection::can_replace };
        let tree = NodeTree::Connections(made.customer.clone());
        let plan = WritePlan { class: WriteClass::Always, tenure: Some(tenure), may_begin: true };
        let key = made.user.to_string();
        Ok(self.nodes.update(&tree, &key, plan, |node| decisions::sign_in(node, (made, began_at), check)).await??)
    }

    /// Lets a sign-in wait until it is completed, in this tenure of the customer.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn store_return(
        &self,
        tenure: Timestamp,
        (customer, user): (&CustomerId, &UserId),
        returned: &ReturnedSignIn,
    ) -> Result<StoredReturn, VaultError> {
        let tree = NodeTree::Connections(customer.clone());
        let plan = WritePlan { class: WriteClass::Always, tenure: Some(tenure), may_begin: true };
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
        let found = self.nodes.find_now(&tree, user.as_str()).await?;
        let Some(node) = found else { return Ok(SignInProgress::default()) };
        let content = node.parse(&tree)?;
        let connection = match stored(&content, node.read_at, (customer, user)) {
            Ok(connection) => Some(connection),
            Err(VaultError::NotFound | VaultError::Deleted) => None,
            Err(error) => return Err(error),
        };
        let now = self.clock.now();
        let returned = connection::read_returns(&content, user)?.pending;
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

    /// Keeps what Entra answered about one recruiter's refresh token.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where the customer's tenure has ended, `Refused` when the secret was written as often today
    /// as writes of this class may.
    pub async fn store_result(
        &self,
        class: ConnectionWrite,
        (tenure, result): (Timestamp, &RefreshResult),
    ) -> Result<StoredTokens, VaultError> {
        let RefreshResult { customer, user, .. } = result;
        let tree = NodeTree::Connections(customer.clone());
        let plan = WritePlan { class, tenure: Some(tenure), may_begin: false };
        let all = std::slice::from_ref(result);
        self.nodes.update(&tree, user.as_str(), plan, |node| decisions::results(node, all)).await
    }

    /// Disconnects a recruiter; in the customer's present tenure, where there is one, also one whose first sign-in is under
    /// way. Again: the same answer.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where there is nothing to disconnect.
    pub async fn disconnect(
        &self,
        tenure: Option<Timestamp>,
        (customer, user): (&CustomerId, &UserId),
    ) -> Result<(), VaultError> {
        self.end(WritePlan { class: WriteClass::Always, tenure, may_begin: tenure.is_some() }, (customer, user)).await
    }

    /// Disconnects a recruiter in this tenure of the customer, which has ended. What is marked already stays so.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn take_back(&self, tenure: Timestamp, owner: (&CustomerId, &UserId)) -> Result<(), VaultError> {
        let plan = WritePlan { class: WriteClass::Always, tenure: Some(tenure), may_begin: false };
        match self.end(plan, owner).await {
            // Another tenure, or none: nothing of this one counts.
            Err(VaultError::NotFound | VaultError::Deleted | VaultError::Stale) => Ok(()),
            ended => ended,
        }
    }

    async fn end(&self, plan: WritePlan, (customer, user): (&CustomerId, &UserId)) -> Result<(), VaultError> {
        let tree = NodeTree::Connections(customer.clone());
        let now = self.clock.now();
        self.nodes.update(&tree, user.as_str(), plan, |node| decisions::disconnect(node, customer, user, now)).await?
    }

    /// Disconnects all recruiters of a node, in one write; an operator asks.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` and `Deleted` for a node that holds nothing of the customer's any more.
    pub async fn disconnect_node(&self, node: &NodeRef) -> Result<DisconnectedNode, VaultError> {
        let tree = NodeTree::Connections(node.customer.clone());
        let plan = WritePlan { class: WriteClass::Always, tenure: None, may_begin: false };
        let now = self.clock.now();
        self.nodes
            .update_at(&tree, node.from, plan, |found| decisions::disconnect_all(found, &node.customer, now))
            .await
    }

    /// Keeps what Entra answered about recruiters of one node, in one write; the schedule asks.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn store_results(
        &self,
        node: &NodeRef,
        (tenure, all): (Timestamp, &[RefreshResult]),
    ) -> Result<StoredTokens, VaultError> {
        let tree = NodeTree::Connections(node.customer.clone());
        let plan = WritePlan { class: WriteClass::Always, tenure: Some(tenure), may_begin: false };
        self.nodes.update_at(&tree, node.from, plan, |node| decisions::results(node, all)).await
    }

    /// Whether the way from the root leads to a node that was listed.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn is_reached(&self, node: &NodeRef, holds_connections: bool) -> Result<bool, VaultError> {
        let customer = node.customer.clone();
        let tree = if holds_connections { NodeTree::Connections(customer) } else { NodeTree::HandOvers(customer) };
        match self.nodes.reached(&tree, node).await {
            Ok(_) => Ok(true),
            Err(VaultError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The connections of a node as they are now; the schedule asks.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` for a node that holds nothing of the customer's any more.
    pub async fn of_node(&self, node: &NodeRef) -> Result<Vec<StoredConnection>, VaultError> {
        let tree = NodeTree::Connections(node.customer.clone());
        let found = self.nodes.reached(&tree, node).await?;
        let content = found.parse(&tree)?;
        let users = content.entries().filter_map(|(user, _)| user.parse().ok());
        let read = users.map(|user: UserId| stored(&content, found.read_at, (&node.customer, &user)));
        // A damaged entry is in nobody's way but its own recruiter's.
        Ok(read
            .filter_map(|read| match read {
                Err(error @ VaultError::Corrupt { .. }) => {
                    tracing::error!(error = %error, "a connection is passed over");
                    None
                }
                read => read.ok(),
            })
            .collect())
    }

    /// All recruiters of a customer: one read of each secret, or none within a minute where it `may_be_known`.
    ///
    /// # Errors
    /// [`VaultError`], but for there being nothing.
    pub async fn list(&self, customer: &CustomerId, may_be_known: bool) -> Result<Vec<ListedConnection>, VaultError> {
        let tree = NodeTree::Connections(customer.clone());
        let nodes = match self.nodes.all(&tree, may_be_known).await {
            Err(VaultError::NotFound | VaultError::Deleted) => Vec::new(),
            nodes => nodes?,
        };
        let parsed = nodes.iter().map(|node| node.parse(&tree));
        Ok(parsed.collect::<Result<Vec<_>, _>>()?.iter().flat_map(|node| listing::listed(node, customer)).collect())
    }
}

fn stored(
    node: &Node<'_>,
    read_at: Timestamp,
    (customer, user): (&CustomerId, &UserId),
) -> Result<StoredConnection, VaultError> {
    match connection::read_connection(node, customer, user)?.ok_or(VaultError::NotFound)? {
        ConnectionEntry::Connected(connection) => {
            let token = RefreshTokenDigest::from(&connection.refresh);
            Ok(StoredConnection { connection: *connection, tenure: node.tenure, read_at, token })
        }
        ConnectionEntry::Ended(_) => Err(VaultError::Deleted),
    }
}

#[cfg(test)]
mod tests;
