//! Whether what an event tells was kept, and what lasts of it.

use crate::adapters::vault::connections::decisions::event_of;
use crate::adapters::vault::connections::{Connections, StoredConnection};
use crate::adapters::vault::documents::told_events::read_told_events;
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::domain::connection::HealthState;
use crate::domain::event::{Event, EventKind};
use crate::types::ids::UserId;

impl StoredConnection {
    /// The event that told what is bad and lasts.
    #[must_use]
    pub fn lasting_event(&self) -> Option<Event> {
        let lasts = self.connection.life.standing == HealthState::NeedsReauth;
        lasts.then(|| event_of(EventKind::ConnectionNeedsSignIn, &self.connection, self.tenure))
    }
}

impl Connections {
    /// Whether the change of this recruiter's entry that the event tells was kept.
    ///
    /// # Errors
    /// [`VaultError`], but for there being nothing.
    pub async fn holds_event(&self, user: &UserId, event: &Event) -> Result<bool, VaultError> {
        let tree = NodeTree::Connections(event.customer.clone());
        let Some(node) = self.nodes.find_now(&tree, user.as_str()).await? else { return Ok(false) };
        let content = node.parse(&tree)?;
        Ok(content.tenure == event.tenure && read_told_events(&content, user).contains(&event.id))
    }
}
