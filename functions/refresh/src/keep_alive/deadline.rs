//! Until when a run may begin something.

use shared::types::clock::{Clock, SignedDuration, Timestamp};

/// The end of a run.
pub(super) struct Deadline<'r> {
    pub(super) clock: &'r Clock,
    pub(super) began: Timestamp,
    pub(super) time: SignedDuration,
}

impl Deadline<'_> {
    pub(super) fn is_over(&self) -> bool {
        self.began.duration_until(self.clock.now()) >= self.time
    }

    pub(super) fn is_half_over(&self) -> bool {
        self.began.duration_until(self.clock.now()) >= self.time / 2
    }
}
