//! What a run did.

use std::error::Error;

use shared::types::ids::{CustomerId, UserId};

/// What a run of the schedule did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeepAliveReport {
    /// Connections that were looked at, by their tags.
    pub seen: usize,
    /// Those whose refresh token was used in time.
    pub renewed: usize,
    /// Those of customers who were offboarded, disconnected now; and disconnections that were interrupted, finished now.
    pub removed: usize,
    /// Customers whose credential was checked, whatever came of it.
    pub checked: usize,
    /// What could not be done; the log says why.
    pub failed: usize,
    /// What is left for the next run.
    pub left: usize,
}

/// What came of one task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TaskOutcome {
    Renewed,
    Removed,
    Checked,
    Noted,
    Failed,
    Skipped,
    /// There was nothing to do any more.
    NotDue,
}

impl TaskOutcome {
    /// It failed; why, goes to the log.
    pub(super) fn failed(customer: &CustomerId, user: Option<&UserId>, error: &dyn Error) -> Self {
        let user = user.map(tracing::field::display);
        tracing::warn!(%customer, user, error = %error, "the schedule could not do what was due");
        Self::Failed
    }
}

impl KeepAliveReport {
    pub(super) fn count(&mut self, done: TaskOutcome) {
        match done {
            TaskOutcome::Renewed => self.renewed += 1,
            TaskOutcome::Removed => self.removed += 1,
            TaskOutcome::Checked => self.checked += 1,
            TaskOutcome::Failed => self.failed += 1,
            TaskOutcome::Skipped => self.left += 1,
            TaskOutcome::Noted | TaskOutcome::NotDue => {}
        }
    }

    pub(super) fn log(self) {
        let Self { seen, renewed, removed, checked, failed, left } = self;
        tracing::info!(seen, renewed, removed, checked, failed, left, "kept alive");
    }
}
