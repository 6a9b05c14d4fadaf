//! The simulator's own time: it ticks with the system, from wherever it was set.

use jiff::{SignedDuration, Timestamp};

/// A clock that can be moved, so that a test sees ninety days pass in no time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SimulatedClock {
    ahead_of_system: SignedDuration,
}

impl SimulatedClock {
    /// The simulated time.
    pub(crate) fn now(self) -> Timestamp {
        let system = system_time();
        system.checked_add(self.ahead_of_system).unwrap_or(Timestamp::MAX)
    }

    /// Makes it be `then` now.
    pub(crate) fn set(&mut self, then: Timestamp) {
        self.ahead_of_system = then.duration_since(system_time());
    }

    /// Moves the time forward, or back for a negative duration.
    pub(crate) fn advance(&mut self, by: SignedDuration) {
        self.ahead_of_system = self.ahead_of_system.saturating_add(by);
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place of this crate that looks at the wall clock")]
fn system_time() -> Timestamp {
    Timestamp::now()
}
