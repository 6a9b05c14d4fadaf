//! Start and end of a meeting, and the two numbers that travel in their fractions.
//!
//! Graph stores nothing for a caller but the meeting itself, and returns its times to 100 nanoseconds: in Microsoft's examples
//! of [createOrGet](https://learn.microsoft.com/graph/api/onlinemeeting-createorget) and
//! [update](https://learn.microsoft.com/graph/api/onlinemeeting-update) `2020-02-06T01:49:21.3524945Z` comes back as it was
//! sent. Meetings start and end at whole seconds, so the fractions are free. The fraction of the start counts the changes,
//! which an invitation needs (`SEQUENCE`). The fraction of the end has the order's fingerprint, which tells a repeated order
//! from another one with the same key, also after the meeting was moved. Both are shorter than a second. Decision 0019.

use crate::types::clock::{SignedDuration, Timestamp, add_saturating};

/// The minimal duration.
const MIN_DURATION: SignedDuration = SignedDuration::from_mins(1);
/// The maximal duration is a day; Teams allows 30 hours (Teams limits page).
const MAX_DURATION: SignedDuration = SignedDuration::from_hours(24);
/// How far in the past a start may be: an order may come late.
const MAX_LATENESS: SignedDuration = SignedDuration::from_hours(24);
/// How far in the future a start may be: a later one is a typing error.
const MAX_LEAD_TIME: SignedDuration = SignedDuration::from_hours(24 * 366 * 5);

/// Graph's finest fraction of a second, in nanoseconds.
const TICK: i32 = 100;
/// The ticks of a second.
const TICKS_PER_SECOND: u32 = 10_000_000;
/// The number of fingerprints: nine of ten ticks in the first 499 milliseconds.
const FINGERPRINT_COUNT: u32 = TICKS_PER_SECOND / 1000 * 499 / 10 * 9;

/// Start and end of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingTimes {
    /// The start, at a whole second.
    pub start: Timestamp,
    /// The end, at a whole second.
    pub end: Timestamp,
    /// How often we changed the meeting.
    pub changes: u32,
    /// The order's fingerprint; `None` if Graph did not keep it.
    pub fingerprint: Option<OrderFingerprint>,
}

/// A short digest of an order. It finds mistakes and protects nothing.
///
/// In ticks it never ends with a zero: a fraction that does was shortened by Graph and is no fingerprint. It is less than
/// half a second, so rounding does not change the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderFingerprint(u32);

impl OrderFingerprint {
    /// The fingerprint of a digest.
    #[must_use]
    pub fn from_digest(digest: u64) -> Self {
        // The remainder is less than five million, so it fits.
        let number = u32::try_from(digest % u64::from(FINGERPRINT_COUNT)).unwrap_or_default();
        Self(number / 9 * 10 + number % 9 + 1)
    }

    fn from_ticks(ticks: u32) -> Option<Self> {
        (!ticks.is_multiple_of(10)).then_some(Self(ticks))
    }
}

impl MeetingTimes {
    /// The times of a new meeting.
    #[must_use]
    pub fn new(start: Timestamp, end: Timestamp, fingerprint: OrderFingerprint) -> Self {
        Self { start, end, changes: 0, fingerprint: Some(fingerprint) }
    }

    /// Start and end as sent to Graph.
    #[must_use]
    pub fn encode(self) -> (Timestamp, Timestamp) {
        let changes = self.changes.min(TICKS_PER_SECOND - 1);
        (add_ticks(self.start, changes), add_ticks(self.end, self.fingerprint.map_or(0, |fingerprint| fingerprint.0)))
    }

    /// Reads start and end as Graph returned them.
    #[must_use]
    pub fn decode(start: Timestamp, end: Timestamp) -> Self {
        let (start, changes) = split_ticks(start);
        let (end, ticks) = split_ticks(end);
        Self { start, end, changes, fingerprint: OrderFingerprint::from_ticks(ticks) }
    }

    /// Whether a meeting can have these times. Graph has answered the year 1 for meetings that have others.
    #[must_use]
    pub fn is_plausible(self) -> bool {
        self.start > Timestamp::UNIX_EPOCH && self.start < self.end
    }

    /// The times after one more change.
    #[must_use]
    pub fn rescheduled(self, start: Timestamp, end: Timestamp) -> Self {
        Self { start, end, changes: self.changes.saturating_add(1), fingerprint: self.fingerprint }
    }
}

fn add_ticks(time: Timestamp, ticks: u32) -> Timestamp {
    add_saturating(time, SignedDuration::from_nanos(i64::from(ticks) * i64::from(TICK)))
}

fn split_ticks(time: Timestamp) -> (Timestamp, u32) {
    // Before 1970 fractions are negative. No meeting is there, so they count as zero.
    let fraction = time.subsec_nanosecond();
    let whole = add_saturating(time, SignedDuration::from_nanos(-i64::from(fraction)));
    (whole, u32::try_from(fraction / TICK).unwrap_or_default())
}

/// Why a meeting may not have these times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MeetingTimesError {
    /// The end is less than a minute after the start.
    #[error("end comes less than a minute after start")]
    TooShort,
    /// Longer than a day.
    #[error("longer than 24 hours")]
    TooLong,
    /// It started more than a day ago.
    #[error("start is over")]
    Past,
    /// It starts in more than five years.
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

/// Checks that a meeting may have these times.
///
/// # Errors
/// [`MeetingTimesError`].
pub fn validate_times(start: Timestamp, end: Timestamp, now: Timestamp) -> Result<(), MeetingTimesError> {
    let duration = start.duration_until(end);
    if duration < MIN_DURATION {
        return Err(MeetingTimesError::TooShort);
    }
    if duration > MAX_DURATION {
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
    fn a_meeting_has_plausible_times() {
        let now = at("2026-11-24T12:00:00Z");
        let check = |start: &str, end: &str| validate_times(at(start), at(end), now);
        assert_eq!(check("2026-11-25T10:00:00Z", "2026-11-25T10:30:00Z"), Ok(()));
        assert_eq!(check("2026-11-25T10:00:00Z", "2026-11-25T10:00:00Z"), Err(MeetingTimesError::TooShort));
        assert_eq!(check("2026-11-25T10:00:00Z", "2026-11-26T10:00:01Z"), Err(MeetingTimesError::TooLong));
        assert_eq!(check("2024-11-25T10:00:00Z", "2024-11-25T11:00:00Z"), Err(MeetingTimesError::Past));
        assert_eq!(check("2036-11-25T10:00:00Z", "2036-11-25T11:00:00Z"), Err(MeetingTimesError::TooFar));
    }

    #[test]
    fn the_fractions_come_back_and_move_no_meeting_by_a_second() {
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
    fn a_shortened_fingerprint_is_none_and_the_times_stay() {
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
    fn times_without_fractions_have_no_changes_and_no_fingerprint() {
        let times = MeetingTimes::decode(at("2026-11-25T10:00:00Z"), at("2026-11-25T10:30:00Z"));
        assert_eq!((times.changes, times.fingerprint), (0, None));
        assert_eq!(times.encode(), (times.start, times.end));
        let changed = times.rescheduled(times.start, times.end);
        assert_eq!(MeetingTimes::decode(changed.encode().0, changed.encode().1), changed);
    }
}
