//! The simulated time. It runs with the system's clock.

use jiff::{SignedDuration, Timestamp};

/// A clock that tests can move, for example by 90 days.
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

    /// Sets the time.
    pub(crate) fn set(&mut self, then: Timestamp) {
        self.ahead_of_system = then.duration_since(system_time());
    }

    /// Moves the time forward, or back for a negative duration.
    pub(crate) fn advance(&mut self, by: SignedDuration) {
        self.ahead_of_system = self.ahead_of_system.saturating_add(by);
    }
}

#[expect(clippy::disallowed_methods, reason = "the only place in this crate that reads the system clock")]
fn system_time() -> Timestamp {
    Timestamp::now()
}
