//! The deadline of a run.

use shared::types::clock::{Clock, SignedDuration, Timestamp};

/// Until when a run may begin tasks.
pub(super) struct Deadline<'r> {
    clock: &'r Clock,
    pub(super) began: Timestamp,
    budget: SignedDuration,
}

impl<'r> Deadline<'r> {
    /// A run that begins now and may begin tasks for `budget`.
    pub(super) fn new(clock: &'r Clock, budget: SignedDuration) -> Self {
        Self { clock, began: clock.now(), budget }
    }

    pub(super) fn is_over(&self) -> bool {
        self.began.duration_until(self.clock.now()) >= self.budget
    }

    pub(super) fn is_half_over(&self) -> bool {
        self.began.duration_until(self.clock.now()) >= self.budget / 2
    }
}
