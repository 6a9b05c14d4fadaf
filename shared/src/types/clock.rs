//! Time enters by the front door: a function's state holds a [`Clock`], everything below takes `now`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub use jiff::{SignedDuration, Timestamp};

/// Where the time comes from.
#[derive(Clone, Debug)]
pub struct Clock(ClockSource);

#[derive(Clone, Debug)]
enum ClockSource {
    System,
    /// Milliseconds since the Unix epoch, moved by hand.
    Stopped(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(ClockSource::System)
    }

    /// A clock that stands still until it is moved. All its clones move together.
    #[must_use]
    pub fn frozen_at(now: Timestamp) -> Self {
        Self(ClockSource::Stopped(Arc::new(AtomicI64::new(now.as_millisecond()))))
    }

    /// The present moment, in whole milliseconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let milliseconds = match &self.0 {
            ClockSource::System => system_milliseconds(),
            ClockSource::Stopped(milliseconds) => milliseconds.load(Ordering::SeqCst),
        };
        Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
    }

    /// Moves a stopped clock; the machine's clock cannot be moved.
    pub fn advance(&self, by: SignedDuration) {
        if let ClockSource::Stopped(milliseconds) = &self.0 {
            let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
            milliseconds.fetch_add(by, Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that looks at the wall clock")]
fn system_milliseconds() -> i64 {
    Timestamp::now().as_millisecond()
}

/// `moment + by`, or the end of time: an expiry that cannot be represented has not been reached.
#[must_use]
pub fn add_saturating(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clones_of_a_stopped_clock_move_together() {
        let clock = Clock::frozen_at(Timestamp::UNIX_EPOCH);
        let clone = clock.clone();
        clock.advance(SignedDuration::from_mins(5));
        assert_eq!(clone.now(), Timestamp::UNIX_EPOCH + SignedDuration::from_mins(5));
    }
}
