//! The recruiters of a node, without their tokens.

use crate::adapters::vault::documents::connection::{self, ConnectionEntry, ConnectionSummary};
use crate::adapters::vault::documents::node::Node;
use crate::domain::connection::Account;
use crate::types::ids::{CustomerId, UserId};

/// A recruiter in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedConnection {
    pub user: UserId,
    /// How the connection is.
    pub summary: ConnectionSummary,
    /// Who signed in; nothing once it has ended.
    pub account: Option<Account>,
}

/// Everybody in a node who connected, and whose end is still told.
pub(super) fn listed(node: &Node<'_>, customer: &CustomerId) -> Vec<ListedConnection> {
    let users = node.entries().filter_map(|(user, _)| user.parse::<UserId>().ok());
    let read = users.map(|user| (connection::read_connection(node, customer, &user), user));
    let listed = read.filter_map(|(entry, user)| match entry {
        Ok(Some(ConnectionEntry::Connected(connection))) => {
            let summary = ConnectionSummary::new(&connection, node.tenure);
            Some(ListedConnection { user, summary, account: Some(connection.account) })
        }
        Ok(Some(ConnectionEntry::Ended(summary))) => Some(ListedConnection { user, summary, account: None }),
        Ok(None) => None,
        // A damaged entry is in nobody's way but its own recruiter's.
        Err(error) => {
            tracing::error!(error = %error, "a connection is passed over");
            None
        }
    });
    listed.collect()
}
