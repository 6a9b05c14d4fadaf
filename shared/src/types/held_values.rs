//! Values that wait until they are taken, for a stated time.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use crate::types::clock::{SignedDuration, Timestamp};
use crate::types::lock::Mutex;

/// More than fail in one process at the same time. Beyond it, nothing is held.
const MAX_VALUES: usize = 1_024;

/// Values that wait until they are taken. Each is taken once.
#[derive(Debug)]
pub struct HeldValues<V> {
    values: Arc<Mutex<HashMap<String, (Timestamp, V)>>>,
    ttl: SignedDuration,
}

impl<V> Clone for HeldValues<V> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), ttl: self.ttl }
    }
}

impl<V> HeldValues<V> {
    /// Nothing is held yet. Each value will wait for `ttl`.
    #[must_use]
    pub fn new(ttl: SignedDuration) -> Self {
        Self { values: Arc::new(Mutex::new(HashMap::new())), ttl }
    }

    /// Holds a value.
    pub fn hold(&self, key: &str, value: V, now: Timestamp) {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.retain(|_, (held_at, _)| held_at.duration_until(now) < self.ttl);
        if values.len() < MAX_VALUES {
            values.insert(key.to_owned(), (now, value));
        }
    }

    /// Takes the value, if it is held still.
    #[must_use]
    pub fn take(&self, key: &str, now: Timestamp) -> Option<V> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let (held_at, value) = values.remove(key)?;
        (held_at.duration_until(now) < self.ttl).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn held() -> HeldValues<usize> {
        HeldValues::new(SignedDuration::from_mins(10))
    }

    #[test]
    fn a_value_is_taken_once_and_within_its_time() {
        let (held, late) = (held(), NOW + SignedDuration::from_mins(10));
        held.clone().hold("a", 1, NOW);
        held.hold("b", 2, NOW);
        assert_eq!((held.take("a", NOW), held.take("a", NOW)), (Some(1), None));
        assert_eq!(held.take("b", late), None);
    }

    #[test]
    fn no_more_is_held_than_fits_and_what_is_late_makes_room() {
        let (held, late) = (held(), NOW + SignedDuration::from_mins(10));
        for number in 0..=MAX_VALUES {
            held.hold(&number.to_string(), number, NOW);
        }
        assert_eq!(held.take(&MAX_VALUES.to_string(), NOW), None);
        held.hold("late", 7, late);
        assert_eq!((held.take("late", late), held.take("0", NOW)), (Some(7), None));
    }
}
