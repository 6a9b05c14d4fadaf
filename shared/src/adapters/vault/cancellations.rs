//! The cancelled meetings of recruiters. They lie beside the connection in its entry, so that an order, which needs the
//! connection, reads nothing more; and they stay there when the connection ends.

use std::sync::Arc;

use crate::adapters::vault::documents::cancellations::{read_cancelled, write_cancelled};
use crate::adapters::vault::documents::node::Node;
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_store::{NODE_TTL, NodeStore};
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::node_write::{Decision, WritePlan};
use crate::adapters::vault::nodes::write_budget::WriteClass;
use crate::domain::meeting::{Cancellation, CancelledMeetings, TooManyCancellations};
use crate::types::clock::{Clock, Timestamp};
use crate::types::ids::{CustomerId, UserId};
use crate::types::ttl_cache::TtlCache;

/// Reads and writes the cancelled meetings of recruiters.
#[derive(Clone, Debug)]
pub struct Cancellations {
    nodes: NodeStore,
    clock: Clock,
    known: TtlCache<(CustomerId, UserId), Option<Arc<CancelledMeetings>>>,
}

impl Cancellations {
    pub(in crate::adapters::vault) fn new(nodes: NodeStore, clock: Clock) -> Self {
        Self { nodes, clock, known: TtlCache::new(NODE_TTL) }
    }

    /// The cancelled meetings of a recruiter, as they were within the last minute.
    ///
    /// # Errors
    /// [`VaultError`], but for there being no such recruiter.
    pub async fn get(&self, customer: &CustomerId, user: &UserId) -> Result<Arc<CancelledMeetings>, VaultError> {
        Ok(self.find(customer, user).await?.unwrap_or_default())
    }

    /// As [`Cancellations::get`]; nothing where the customer has ended, or nobody ever connected there.
    ///
    /// # Errors
    /// [`VaultError`], but for there being nothing.
    pub async fn find(
        &self,
        customer: &CustomerId,
        user: &UserId,
    ) -> Result<Option<Arc<CancelledMeetings>>, VaultError> {
        let recruiter = (customer.clone(), user.clone());
        if let Some(known) = self.known.get(&recruiter, self.clock.now()) {
            return Ok((*known).clone());
        }
        let (tree, now) = (NodeTree::Connections(customer.clone()), self.clock.now());
        match self.nodes.find(&tree, user.as_str()).await {
            Ok(node) => Ok(Some(self.remember(&node.parse(&tree)?, user, node.read_at))),
            Err(VaultError::NotFound | VaultError::Deleted) => {
                self.known.insert(recruiter, Arc::new(None), now);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Remembers a cancellation. Nothing is written where it is known, and where there never was a connection.
    ///
    /// # Errors
    /// [`VaultError`]; then it is not remembered. `Refused` where as many are remembered as can be, all of interviews that
    /// are to come.
    pub async fn record(
        &self,
        customer: &CustomerId,
        user: &UserId,
        cancellation: &Cancellation,
    ) -> Result<(), VaultError> {
        let tree = NodeTree::Connections(customer.clone());
        let plan = WritePlan { class: WriteClass::Always, tenure: None, may_begin: false };
        let now = self.clock.now();
        let recorded = self.nodes.update(&tree, user.as_str(), plan, |node| {
            let all = match read_cancelled(node, user).with(cancellation.clone(), now) {
                Ok(Some(all)) => all,
                Ok(None) => return Ok(Decision::Answer(())),
                Err(TooManyCancellations) => return Err(VaultError::Refused("too many interviews are cancelled")),
            };
            Ok(match write_cancelled(node, user, &all)? {
                Some(entry) => Decision::Write(vec![entry], ()),
                None => Decision::Answer(()),
            })
        });
        let recorded = recorded.await;
        self.known.remove(&(customer.clone(), user.clone()));
        match recorded {
            Err(VaultError::NotFound | VaultError::Deleted) => Ok(()),
            recorded => recorded,
        }
    }

    /// Whoever reads a connection has read these as well.
    pub(in crate::adapters::vault) fn remember(
        &self,
        node: &Node<'_>,
        user: &UserId,
        read_at: Timestamp,
    ) -> Arc<CancelledMeetings> {
        let cancelled = Arc::new(read_cancelled(node, user));
        if let Some(customer) = node.tree().customer() {
            self.known.insert((customer.clone(), user.clone()), Arc::new(Some(cancelled.clone())), read_at);
        }
        cancelled
    }
}
