//! How long an event waits that could not be delivered.

use crate::types::clock::SignedDuration;

/// The waits after the first, the second and each further failure, in seconds: a day together.
const WAITS: [i64; 14] = [10, 30, 60, 300, 900, 1_800, 3_600, 7_200, 10_800, 10_800, 10_800, 14_400, 14_400, 14_400];

/// How often an event is taken from the queue before it counts as a dead letter: once, and after each wait.
pub const MAX_RECEIVES: u32 = 15;

/// How long to wait after so many failures; `None` when there is no further attempt.
#[must_use]
pub fn retry_delay(receives: u32) -> Option<SignedDuration> {
    let wait = WAITS.get(usize::try_from(receives.checked_sub(1)?).ok()?)?;
    Some(SignedDuration::from_secs(*wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_take_a_day_and_the_last_attempt_has_none_after_it() {
        let waits: Vec<_> = (1..).map_while(retry_delay).collect();
        assert_eq!(waits.len() + 1, usize::try_from(MAX_RECEIVES).unwrap());
        let all: SignedDuration = waits.iter().sum();
        assert!((24..=26).contains(&all.as_hours()), "{all}");
        assert!(waits.is_sorted());
        assert_eq!(retry_delay(0), None);
        assert_eq!(retry_delay(MAX_RECEIVES), None);
    }
}
