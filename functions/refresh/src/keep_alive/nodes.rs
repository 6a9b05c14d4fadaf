//! Nodes that count for nothing are put away, and those that count are brought back.

use shared::adapters::vault::connections::ListedNode;
use shared::adapters::vault::model::VaultError;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::types::clock::Timestamp;
use shared::types::ids::CustomerId;

use crate::keep_alive::report::TaskOutcome;
use crate::keep_alive::task::recruiters;
use crate::state::Refresh;

/// Marks a node that counts for nothing. The list may be behind: whether it is so, the customer's app says itself.
pub(super) async fn delete_node(refresh: &Refresh, listed: &ListedNode) -> Vec<TaskOutcome> {
    let customer = &listed.node.customer;
    match refresh.apps.summary(customer).await {
        Ok(app) if app.tenure <= listed.summary.tenure => return vec![TaskOutcome::NotDue],
        Ok(_) | Err(VaultError::Deleted | VaultError::NotFound) => {}
        Err(error) => return vec![TaskOutcome::failed(customer, None, &error)],
    }
    if let Err(error) = refresh.secret_index.delete(&listed.node).await {
        return vec![TaskOutcome::failed(customer, None, &error)];
    }
    let action = if listed.holds_connections { AuditAction::Disconnect } else { AuditAction::ForgetHandOvers };
    AuditEntry::new(action, AuditActor::Schedule).customer(customer).succeeded();
    vec![TaskOutcome::Removed; recruiters(listed)]
}

/// Looks whether the way from the root leads to a node, and marks it where it does not.
pub(super) async fn verify_node(refresh: &Refresh, listed: &ListedNode) -> TaskOutcome {
    let customer = &listed.node.customer;
    let done = match refresh.connections.is_reached(&listed.node, listed.holds_connections).await {
        Ok(true) => refresh.secret_index.record_reached(&listed.node).await,
        Ok(false) => {
            tracing::warn!(%customer, "a split was given up, and what it left is put away");
            refresh.secret_index.delete(&listed.node).await
        }
        Err(error) => Err(error),
    };
    done.map_or_else(|error| TaskOutcome::failed(customer, None, &error), |()| TaskOutcome::Recorded)
}

/// Brings back nodes of a customer who is there.
pub(super) async fn restore_nodes(refresh: &Refresh, customer: &CustomerId, tenure: Timestamp) -> TaskOutcome {
    match refresh.secret_index.restore(customer, tenure).await {
        Ok(true) => {
            tracing::warn!(%customer, "what was marked of a customer who is there was brought back");
            TaskOutcome::Recorded
        }
        Ok(false) => TaskOutcome::NotDue,
        Err(error) => TaskOutcome::failed(customer, None, &error),
    }
}
