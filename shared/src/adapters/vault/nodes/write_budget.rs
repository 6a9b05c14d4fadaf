//! How often a secret may be written. Secrets Manager keeps about a hundred versions and purges none that is younger than
//! a day, so whatever must always be written needs room that nothing else takes.

use serde::{Deserialize, Serialize};

use crate::types::clock::Timestamp;

/// Writes of tokens that a meeting refreshed, a secret and day, unless a setting says otherwise.
pub(in crate::adapters::vault) const DEFAULT_ROUTINE_WRITES: u32 = 48;

/// From so many writes a day on, a node has no room for a recruiter who signs in again and again.
const BUSY: u32 = 60;

/// So many sign-ins of one recruiter wait in a busy node within a day.
const RETURNS_WHEN_BUSY: u32 = 5;

/// What a write is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteClass {
    /// Tokens that a meeting refreshed. Without them nothing is lost.
    Routine,
    /// Tokens in the place of some that are older than a week, and cancellations.
    Due,
    /// A sign-in that waits for being completed.
    PendingSignIn,
    /// Connections made and ended, and what is thought of them.
    Always,
}

impl WriteClass {
    /// Writes of a day after which no more of this class are made.
    fn limit(self, routine: u32) -> u32 {
        match self {
            Self::Routine => routine,
            Self::Due => 80,
            Self::PendingSignIn => 90,
            Self::Always => u32::MAX,
        }
    }
}

/// The writes of the last day, by hours since the Unix epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::adapters::vault) struct WriteCounts(Vec<(i64, u32)>);

impl WriteCounts {
    pub(in crate::adapters::vault) fn allows(&self, class: WriteClass, routine: u32, now: Timestamp) -> bool {
        self.today(now) < class.limit(routine)
    }

    /// Whether one sign-in more of the same recruiter may wait, in a node that was written so often today: the holder of one
    /// link keeps at most its recruiter out, and the holders of seven everybody.
    pub(in crate::adapters::vault) fn allows_return(&self, writes_of_node: u32, now: Timestamp) -> bool {
        writes_of_node < BUSY || self.today(now) < RETURNS_WHEN_BUSY
    }

    /// How many there were within the last day.
    pub(in crate::adapters::vault) fn today(&self, now: Timestamp) -> u32 {
        self.0.iter().filter(|(hour, _)| is_recent(*hour, now)).map(|(_, count)| count).sum()
    }

    /// With one write more, and without those of more than a day ago.
    pub(in crate::adapters::vault) fn add(&mut self, now: Timestamp) {
        self.0.retain(|(hour, _)| is_recent(*hour, now));
        let this_hour = hour_of(now);
        match self.0.iter_mut().find(|(hour, _)| *hour == this_hour) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.0.push((this_hour, 1)),
        }
    }
}

fn hour_of(moment: Timestamp) -> i64 {
    moment.as_second().div_euclid(3_600)
}

fn is_recent(hour: i64, now: Timestamp) -> bool {
    hour > hour_of(now) - 24
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::clock::SignedDuration;

    #[test]
    fn each_class_stops_where_the_room_of_the_next_begins() {
        let (mut counts, now) = (WriteCounts::default(), Timestamp::UNIX_EPOCH);
        let mut stopped = Vec::new();
        for writes in 0_u32..100 {
            for class in [WriteClass::Routine, WriteClass::Due, WriteClass::PendingSignIn, WriteClass::Always] {
                if !counts.allows(class, DEFAULT_ROUTINE_WRITES, now) && !stopped.contains(&(class, writes)) {
                    stopped.push((class, writes));
                }
            }
            counts.add(now);
        }
        let first = |class| stopped.iter().find(|(of, _)| *of == class).map(|(_, writes)| *writes);
        assert_eq!(first(WriteClass::Routine), Some(48));
        assert_eq!(first(WriteClass::Due), Some(80));
        assert_eq!(first(WriteClass::PendingSignIn), Some(90));
        assert_eq!(first(WriteClass::Always), None);
        assert!(!WriteCounts::default().allows(WriteClass::Routine, 0, now), "a setting turns it off");
    }

    #[test]
    fn a_recruiter_who_signs_in_again_and_again_is_stopped_where_room_is_scarce() {
        let (mut returns, now) = (WriteCounts::default(), Timestamp::UNIX_EPOCH);
        for _ in 0..5 {
            assert!(returns.allows_return(89, now));
            returns.add(now);
        }
        assert!(returns.allows_return(59, now) && !returns.allows_return(60, now));
        assert!(returns.allows_return(60, now + SignedDuration::from_hours(24)));
    }

    #[test]
    fn what_was_written_a_day_ago_counts_no_more() {
        let (mut counts, mut now) = (WriteCounts::default(), Timestamp::UNIX_EPOCH);
        for _ in 0..48 {
            counts.add(now);
            now += SignedDuration::from_mins(30);
        }
        assert!(counts.allows(WriteClass::Routine, 48, now));
        counts.add(now);
        assert!(counts.0.len() <= 24, "{counts:?}");
    }
}
