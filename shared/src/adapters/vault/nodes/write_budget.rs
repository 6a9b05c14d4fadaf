//! How often a secret may be written. Secrets Manager keeps about a hundred versions and purges none that is younger than
//! a day, so whatever must always be written needs room that nothing else takes.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::types::clock::Timestamp;

/// Writes of tokens that a meeting refreshed, a secret and day, unless a setting says otherwise.
pub(in crate::adapters::vault) const DEFAULT_ROUTINE_WRITES: u32 = 48;

/// From so many writes a day on, a secret takes nothing but what must be written, and is worn: what lies in it goes to others
/// with the next write, if it is enough for two.
const MAX_OPTIONAL_WRITES: u32 = 80;

/// What so many share is given two secrets in the place of a worn one. With fewer in each, secrets would never cease to be made.
const MIN_ENTRIES_TO_DIVIDE: usize = 8;

/// So many sign-ins of one recruiter may come to wait within a day.
const MAX_RETURNS: u32 = 20;

/// So many sign-ins may wait within a day beyond the first of each recruiter, in one secret.
const MAX_REPEATED_RETURNS: u32 = 24;

/// What a write is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteClass {
    /// Tokens that a meeting refreshed. Without them nothing is lost.
    Routine,
    /// Tokens in the place of some that are older than a week.
    Due,
    /// Connections made and ended, what is thought of them, cancellations and hand-overs. Sign-ins that wait have a
    /// budget of their own before.
    Always,
}

impl WriteClass {
    /// Writes of a day after which no more of this class are made.
    fn limit(self, routine: u32) -> u32 {
        match self {
            Self::Routine => routine,
            Self::Due => MAX_OPTIONAL_WRITES,
            Self::Always => u32::MAX,
        }
    }
}

/// The writes of the last day, by hours since the Unix epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::adapters::vault) struct WriteCounts(Vec<(i64, u32)>);

/// What the holders of connect links may have written into one secret. Each recruiter has a part of it, and the first
/// sign-in of a recruiter's day is not kept out by what others repeat.
pub(in crate::adapters::vault) struct ReturnBudget<'n> {
    /// The sign-ins of this recruiter.
    pub(in crate::adapters::vault) own: &'n WriteCounts,
    /// Those of each recruiter of the secret.
    pub(in crate::adapters::vault) all: Vec<WriteCounts>,
    /// All writes of the secret.
    pub(in crate::adapters::vault) written: &'n WriteCounts,
}

impl ReturnBudget<'_> {
    /// How long to wait until one more sign-in of this recruiter may wait in the secret; nothing if it may now.
    pub(in crate::adapters::vault) fn wait(&self, now: Timestamp) -> Option<Duration> {
        if self.allows(now) {
            return None;
        }
        // Counts change with the hours, and after a day nothing is left of them.
        let hours = (1..=24).map(|hours| (hour_of(now) + hours) * 3_600);
        let at = hours.filter_map(|second| Timestamp::from_second(second).ok()).find(|at| self.allows(*at));
        Some(at.map_or(Duration::from_hours(24), |at| now.duration_until(at).unsigned_abs()))
    }

    fn allows(&self, now: Timestamp) -> bool {
        let own = self.own.today(now);
        let repeated: u32 = self.all.iter().map(|returns| returns.today(now).saturating_sub(1)).sum();
        let may_repeat = own < MAX_RETURNS && repeated < MAX_REPEATED_RETURNS;
        let is_first = own == 0;
        // Where fewer share it than are enough for two, their first ones find room beside what must be written.
        is_first || (may_repeat && !self.written.is_worn(now))
    }
}

impl WriteCounts {
    pub(in crate::adapters::vault) fn allows(&self, class: WriteClass, routine: u32, now: Timestamp) -> bool {
        self.today(now) < class.limit(routine)
    }

    /// Whether the secret is to be written no more today.
    pub(in crate::adapters::vault) fn is_worn(&self, now: Timestamp) -> bool {
        self.today(now) >= MAX_OPTIONAL_WRITES
    }

    /// How many there were within the last day.
    fn today(&self, now: Timestamp) -> u32 {
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

/// Whether so many entries are enough for two secrets in the place of one that is worn.
pub(in crate::adapters::vault) fn divides(entries: usize) -> bool {
    entries >= MIN_ENTRIES_TO_DIVIDE
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

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn counts(writes: u32, now: Timestamp) -> WriteCounts {
        let mut counts = WriteCounts::default();
        (0..writes).for_each(|_| counts.add(now));
        counts
    }

    #[test]
    fn each_class_stops_where_the_room_of_the_next_begins() {
        let allows = |writes, class| counts(writes, NOW).allows(class, DEFAULT_ROUTINE_WRITES, NOW);
        assert!(allows(47, WriteClass::Routine) && !allows(48, WriteClass::Routine));
        assert!(allows(79, WriteClass::Due) && !allows(80, WriteClass::Due));
        assert!(allows(1_000, WriteClass::Always));
        assert!(!WriteCounts::default().allows(WriteClass::Routine, 0, NOW), "a setting turns it off");
    }

    /// Whether a recruiter with `own` sign-ins may have one more, where others have these and all was written so often.
    fn may_return(own: u32, others: &[u32], written: u32) -> bool {
        let own = counts(own, NOW);
        let mut all: Vec<_> = others.iter().map(|returns| counts(*returns, NOW)).collect();
        all.push(own.clone());
        ReturnBudget { own: &own, all, written: &counts(written, NOW) }.wait(NOW).is_none()
    }

    #[test]
    fn a_recruiter_has_twenty_sign_ins_a_day_and_the_first_of_each_is_kept_out_by_no_others() {
        assert!(may_return(19, &[], 19) && !may_return(20, &[], 20));
        assert!(may_return(1, &[10, 10, 6], 27) && !may_return(1, &[10, 10, 7], 28), "24 were repeated");
        assert!(may_return(0, &[10; 5], 50));
        assert!(may_return(0, &[1; 6], 80) && may_return(0, &[1; 7], 80), "nor by how often others write");
        assert!(may_return(1, &[1; 6], 79) && !may_return(1, &[1; 6], 80), "the rest is for what must be written");
    }

    #[test]
    fn whoever_returned_too_often_waits_until_the_hour_in_which_one_more_may() {
        let (later, hour) = (NOW + SignedDuration::from_mins(90), SignedDuration::from_hours(1));
        let mut own = counts(2, NOW);
        (0..18).for_each(|_| own.add(NOW + hour));
        let wait = |own: &WriteCounts, written: &WriteCounts, now| {
            ReturnBudget { own, all: vec![own.clone()], written }.wait(now)
        };
        assert_eq!(wait(&own, &own, later), Some(Duration::from_mins(24 * 60 - 90)));
        assert_eq!(wait(&own, &own, NOW + SignedDuration::from_hours(24)), None);
        let full = counts(80, NOW + hour);
        assert_eq!(wait(&counts(1, NOW), &full, later), Some(Duration::from_mins(24 * 60 - 90)));
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
