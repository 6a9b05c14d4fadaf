//! The time. Only a function's state holds a [`Clock`]; all other code takes `now` as an argument.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub use jiff::{SignedDuration, Timestamp};

/// Whether a time is the default one. The tenure of customers who were there before tenures were recorded is.
#[must_use]
pub fn is_epoch(time: &Timestamp) -> bool {
    *time == Timestamp::UNIX_EPOCH
}

/// The source of the time.
#[derive(Clone, Debug)]
pub struct Clock(ClockSource);

#[derive(Clone, Debug)]
enum ClockSource {
    System,
    /// Milliseconds since the Unix epoch, for tests.
    Frozen(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(ClockSource::System)
    }

    /// A clock that stands still until [`Clock::advance`]. All its clones share the time.
    #[must_use]
    pub fn frozen_at(now: Timestamp) -> Self {
        Self(ClockSource::Frozen(Arc::new(AtomicI64::new(now.as_millisecond()))))
    }

    /// The current time, in whole milliseconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let milliseconds = match &self.0 {
            ClockSource::System => system_milliseconds(),
            ClockSource::Frozen(milliseconds) => milliseconds.load(Ordering::SeqCst),
        };
        Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
    }

    /// Moves a frozen clock. Does nothing to the system's clock.
    pub fn advance(&self, by: SignedDuration) {
        if let ClockSource::Frozen(milliseconds) = &self.0 {
            let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
            milliseconds.fetch_add(by, Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the only place that reads the system's clock")]
fn system_milliseconds() -> i64 {
    Timestamp::now().as_millisecond()
}

/// `time + by`, or the last possible time: an expiry that cannot be represented has not been reached.
#[must_use]
pub fn add_saturating(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clones_of_a_frozen_clock_share_the_time() {
        let clock = Clock::frozen_at(Timestamp::UNIX_EPOCH);
        let clone = clock.clone();
        clock.advance(SignedDuration::from_mins(5));
        assert_eq!(clone.now(), Timestamp::UNIX_EPOCH + SignedDuration::from_mins(5));
    }
}
