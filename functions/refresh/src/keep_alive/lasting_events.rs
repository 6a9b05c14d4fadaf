//! Tells again what is bad and lasts: whoever missed it the first time, or did nothing, hears of it once a day.

use shared::adapters::vault::connections::{ListedNode, StoredConnection};
use shared::adapters::vault::model::VaultError;

use crate::keep_alive::report::TaskOutcome;
use crate::state::Refresh;

/// Publishes the events of those recruiters of a node who must sign in. They have the ids that they had the first time.
pub(super) async fn repeat_events(refresh: &Refresh, listed: &ListedNode) -> TaskOutcome {
    let customer = &listed.node.customer;
    let held = match refresh.connections.of_node(&listed.node).await {
        Ok(held) => held,
        Err(VaultError::NotFound | VaultError::Deleted) => return TaskOutcome::NotDue,
        Err(error) => return TaskOutcome::failed(customer, None, &error),
    };
    let events: Vec<_> = held.iter().filter_map(StoredConnection::lasting_event).collect();
    match refresh.events.publish(&events).await {
        Ok(()) => TaskOutcome::Recorded,
        Err(error) => TaskOutcome::failed(customer, None, &error),
    }
}
