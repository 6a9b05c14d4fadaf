//! What a run of the schedule does.

use shared::adapters::vault::connections::ListedNode;
use shared::domain::entra_app::{AppInTenure, ConnectionCounts};
use shared::types::clock::Timestamp;
use shared::types::ids::CustomerId;

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeepAliveTask {
    /// The customer was offboarded, or the node is of an earlier tenure: what it holds counts for nothing.
    DeleteNode(ListedNode),
    /// A split that was given up half way may have left it behind.
    VerifyNode(ListedNode),
    /// The customer is there, and not all of his nodes are.
    RestoreNodes { customer: CustomerId, tenure: Timestamp },
    /// The customer's credential was not looked at for a day.
    Check(CustomerId),
    /// The customer's credential ends in so many days; this reminder was not given yet.
    SendReminder { customer: CustomerId, of: AppInTenure, days_left: i32, reminder: i32 },
    /// Refresh tokens have lain unused, or are in doubt.
    RefreshNode(ListedNode),
    /// Recruiters must sign in: that is told once a day.
    RepeatEvents(ListedNode),
    /// The customer's connections are others than those that were counted last.
    StoreCounts { customer: CustomerId, of: AppInTenure, count: ConnectionCounts },
}

impl KeepAliveTask {
    pub(super) fn customer(&self) -> &CustomerId {
        match self {
            Self::DeleteNode(listed)
            | Self::VerifyNode(listed)
            | Self::RefreshNode(listed)
            | Self::RepeatEvents(listed) => &listed.node.customer,
            Self::RestoreNodes { customer, .. }
            | Self::Check(customer)
            | Self::SendReminder { customer, .. }
            | Self::StoreCounts { customer, .. } => customer,
        }
    }

    /// How much is left undone where it is left: a node counts for its recruiters.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::RefreshNode(listed) | Self::DeleteNode(listed) => recruiters(listed),
            _ => 1,
        }
    }
}

/// How many recruiters a node holds, by its tags.
pub(super) fn recruiters(listed: &ListedNode) -> usize {
    let ConnectionCounts { active, suspect, needs_reauth } = listed.summary.counts;
    usize::try_from(active + suspect + needs_reauth).unwrap_or(usize::MAX).max(1)
}
