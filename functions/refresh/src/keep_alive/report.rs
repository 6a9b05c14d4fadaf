//! The report of a run.

use std::error::Error;

use shared::types::ids::{CustomerId, UserId};

/// The report of a run: log field names are read by metric filters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeepAliveReport {
    /// Connections whose tags were read.
    pub seen: usize,
    /// Connections whose tokens were refreshed.
    pub renewed: usize,
    /// Connections of offboarded customers that were deleted, and interrupted disconnections that were finished.
    pub removed: usize,
    /// Customers whose app was checked, with any result.
    pub checked: usize,
    /// Tasks that failed; the log says why.
    pub failed: usize,
    /// Tasks left for the next run.
    pub left: usize,
}

/// The outcome of one task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TaskOutcome {
    Renewed,
    Removed,
    Checked,
    Recorded,
    Failed,
    Skipped,
    /// There was nothing left to do.
    NotDue,
}

impl TaskOutcome {
    /// A failure; its cause goes to the log.
    pub(super) fn failed(customer: &CustomerId, user: Option<&UserId>, error: &dyn Error) -> Self {
        let user = user.map(tracing::field::display);
        tracing::warn!(%customer, user, error = %error, "the schedule could not do what was due");
        Self::Failed
    }
}

impl KeepAliveReport {
    pub(super) fn count(&mut self, outcome: TaskOutcome) {
        match outcome {
            TaskOutcome::Renewed => self.renewed += 1,
            TaskOutcome::Removed => self.removed += 1,
            TaskOutcome::Checked => self.checked += 1,
            TaskOutcome::Failed => self.failed += 1,
            TaskOutcome::Skipped => self.left += 1,
            TaskOutcome::Recorded | TaskOutcome::NotDue => {}
        }
    }

    pub(super) fn log(self) {
        let Self { seen, renewed, removed, checked, failed, left } = self;
        tracing::info!(seen, renewed, removed, checked, failed, left, "the schedule ran");
    }
}
