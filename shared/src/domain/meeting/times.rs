//! When an interview is, and the two small numbers that travel with it.
//!
//! Graph keeps nothing for a caller but what a meeting is, and echoes its times to 100 nanoseconds: in Microsoft's own
//! examples of [createOrGet](https://learn.microsoft.com/graph/api/onlinemeeting-createorget) and
//! [update](https://learn.microsoft.com/graph/api/onlinemeeting-update) `2020-02-06T01:49:21.3524945Z` comes back as it
//! was sent. Interviews begin and end at whole seconds, so the fractions are free. That of the start counts the changes,
//! which an invitation needs (`SEQUENCE`); that of the end holds a mark of the order, which tells a repeated order from
//! another one under the same key, also after the meeting was moved. Neither is longer than a second, and nobody sees it.

use crate::types::clock::{SignedDuration, Timestamp, add_saturating};

/// An interview is at least this long.
const MIN_DURATION: SignedDuration = SignedDuration::from_mins(1);
/// And at most a day; Teams itself allows 30 hours (Teams limits page).
const MAX_DURATION: SignedDuration = SignedDuration::from_hours(24);
/// An order may come a little late.
const MAX_LATENESS: SignedDuration = SignedDuration::from_hours(24);
/// Nobody plans an interview five years ahead.
const MAX_LEAD_TIME: SignedDuration = SignedDuration::from_hours(24 * 366 * 5);

/// Graph's finest fraction of a second, in nanoseconds.
const TICK: i32 = 100;
/// As many make a second.
const TICKS: u32 = 10_000_000;
/// As many marks there are: nine of ten ticks in the first 499 milliseconds.
const FINGERPRINT_COUNT: u32 = TICKS / 1000 * 499 / 10 * 9;

/// When an interview is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingTimes {
    /// From when; a whole second.
    pub start: Timestamp,
    /// Until when; a whole second.
    pub end: Timestamp,
    /// How often the meeting was changed through us.
    pub changes: u32,
    /// What its order looked like; `None` where Graph did not keep it.
    pub fingerprint: Option<OrderFingerprint>,
}

/// A short digest of an order: 1 of [`MARKS`]. It tells mistakes apart and keeps no secret.
///
/// In ticks it never ends in a zero, so a fraction that does was shortened on its way and is no mark; and it lies in the
/// first half of the second, so that whoever rounds it makes no other second of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderFingerprint(u32);

impl OrderFingerprint {
    /// The mark that a digest leaves.
    #[must_use]
    pub fn from_digest(digest: u64) -> Self {
        // Nothing is cut off: the remainder is below five million.
        let number = u32::try_from(digest % u64::from(FINGERPRINT_COUNT)).unwrap_or_default();
        Self(number / 9 * 10 + number % 9 + 1)
    }

    fn from_ticks(ticks: u32) -> Option<Self> {
        (!ticks.is_multiple_of(10)).then_some(Self(ticks))
    }
}

impl MeetingTimes {
    /// The times of a meeting that was not changed yet.
    #[must_use]
    pub fn new(start: Timestamp, end: Timestamp, mark: OrderFingerprint) -> Self {
        Self { start, end, changes: 0, fingerprint: Some(mark) }
    }

    /// Start and end as they are sent to Graph.
    #[must_use]
    pub fn encode(self) -> (Timestamp, Timestamp) {
        let changes = self.changes.min(TICKS - 1);
        (add_ticks(self.start, changes), add_ticks(self.end, self.fingerprint.map_or(0, |mark| mark.0)))
    }

    /// Start and end as they came from Graph.
    #[must_use]
    pub fn decode(start: Timestamp, end: Timestamp) -> Self {
        let (start, changes) = split_ticks(start);
        let (end, mark) = split_ticks(end);
        Self { start, end, changes, fingerprint: OrderFingerprint::from_ticks(mark) }
    }

    /// Whether a meeting can have these times. Graph has answered the year 1 for meetings that have others.
    #[must_use]
    pub fn is_plausible(self) -> bool {
        self.start > Timestamp::UNIX_EPOCH && self.start < self.end
    }

    /// These times one change later.
    #[must_use]
    pub fn rescheduled(self, start: Timestamp, end: Timestamp) -> Self {
        Self { start, end, changes: self.changes.saturating_add(1), fingerprint: self.fingerprint }
    }
}

fn add_ticks(time: Timestamp, ticks: u32) -> Timestamp {
    add_saturating(time, SignedDuration::from_nanos(i64::from(ticks) * i64::from(TICK)))
}

fn split_ticks(time: Timestamp) -> (Timestamp, u32) {
    // Before 1970 fractions are negative; no interview is there, and then nothing is noted.
    let fraction = time.subsec_nanosecond();
    let whole = add_saturating(time, SignedDuration::from_nanos(-i64::from(fraction)));
    (whole, u32::try_from(fraction / TICK).unwrap_or_default())
}

/// What is wrong with the times of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MeetingTimesError {
    /// The end does not come after the start, by a minute at least.
    #[error("end comes less than a minute after start")]
    TooShort,
    /// Longer than a day.
    #[error("longer than 24 hours")]
    TooLong,
    /// Begins more than a day ago.
    #[error("start is over")]
    Past,
    /// Begins in more than five years.
    #[error("start is more than five years ahead")]
    TooFar,
}

impl MeetingTimesError {
    /// The field of a request that is wrong.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::Past | Self::TooFar => "start",
            Self::TooShort | Self::TooLong => "end",
        }
    }
}

/// Whether an interview may have these times.
///
/// # Errors
/// [`MeetingTimesError`].
pub fn validate_times(start: Timestamp, end: Timestamp, now: Timestamp) -> Result<(), MeetingTimesError> {
    let length = start.duration_until(end);
    if length < MIN_DURATION {
        return Err(MeetingTimesError::TooShort);
    }
    if length > MAX_DURATION {
        return Err(MeetingTimesError::TooLong);
    }
    if add_saturating(start, MAX_LATENESS) < now {
        return Err(MeetingTimesError::Past);
    }
    if start > add_saturating(now, MAX_LEAD_TIME) {
        return Err(MeetingTimesError::TooFar);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::{RoundMode, TimestampRound, Unit};

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_interview_has_times_that_somebody_could_mean() {
        let now = at("2026-11-24T12:00:00Z");
        let check = |start: &str, end: &str| validate_times(at(start), at(end), now);
        assert_eq!(check("2026-11-25T10:00:00Z", "2026-11-25T10:30:00Z"), Ok(()));
        assert_eq!(check("2026-11-25T10:00:00Z", "2026-11-25T10:00:00Z"), Err(MeetingTimesError::TooShort));
        assert_eq!(check("2026-11-25T10:00:00Z", "2026-11-26T10:00:01Z"), Err(MeetingTimesError::TooLong));
        assert_eq!(check("2024-11-25T10:00:00Z", "2024-11-25T11:00:00Z"), Err(MeetingTimesError::Past));
        assert_eq!(check("2036-11-25T10:00:00Z", "2036-11-25T11:00:00Z"), Err(MeetingTimesError::TooFar));
    }

    #[test]
    fn what_travels_in_the_fractions_comes_back_and_moves_no_interview_by_a_second() {
        let (start, end) = (at("2026-11-25T10:00:00Z"), at("2026-11-25T10:30:00Z"));
        for digest in [0, 1, 8, 9, 4_490_999, 4_491_000, u64::MAX] {
            let times =
                MeetingTimes { changes: 41, ..MeetingTimes::new(start, end, OrderFingerprint::from_digest(digest)) };
            let (sent_start, sent_end) = times.encode();
            assert_eq!(sent_start, at("2026-11-25T10:00:00.0000041Z"));
            assert!(end < sent_end && sent_end < at("2026-11-25T10:30:01Z"), "{sent_end}");
            assert_eq!(MeetingTimes::decode(sent_start, sent_end), times);
        }
    }

    #[test]
    fn a_mark_that_was_shortened_is_none_and_the_times_are_what_they_were() {
        let (start, end) = (at("2026-11-25T10:00:00Z"), at("2026-11-25T10:30:00Z"));
        for digest in [0, 1, 4_711, 4_490_999, u64::MAX] {
            let sent = MeetingTimes::new(start, end, OrderFingerprint::from_digest(digest)).encode().1;
            for unit in [Unit::Microsecond, Unit::Millisecond, Unit::Second] {
                for mode in [RoundMode::Trunc, RoundMode::HalfExpand] {
                    let echoed = sent.round(TimestampRound::new().smallest(unit).mode(mode)).unwrap();
                    assert_eq!(
                        MeetingTimes::decode(start, echoed),
                        MeetingTimes { start, end, changes: 0, fingerprint: None },
                        "{echoed}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_meeting_that_carries_nothing_was_not_changed_and_has_no_mark() {
        let times = MeetingTimes::decode(at("2026-11-25T10:00:00Z"), at("2026-11-25T10:30:00Z"));
        assert_eq!((times.changes, times.fingerprint), (0, None));
        assert_eq!(times.encode(), (times.start, times.end));
        let changed = times.rescheduled(times.start, times.end);
        assert_eq!(MeetingTimes::decode(changed.encode().0, changed.encode().1), changed);
    }
}
