//! How often something may be tried. Counted in this process and nowhere else: whoever is spread over several processes
//! has the allowance several times. What that leaves open, API Gateway bounds for all together (`SECURITY.md`, "Limits").

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Reference;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter as GovernorLimiter};
use quick_cache::sync::Cache;

use crate::types::clock::{Clock, Timestamp};
use crate::types::ids::CustomerId;

/// As many as are counted at once; beyond it, those that tried least lately are forgotten.
const MAX_KEYS: usize = 4_096;

type TokenBucket = GovernorLimiter<NotKeyed, InMemoryState, GovernorClock, NoOpMiddleware<Nanos>>;

/// The clock, as `governor` reads it.
#[derive(Debug, Clone)]
struct GovernorClock(Clock);

impl governor::clock::Clock for GovernorClock {
    type Instant = Nanos;
    fn now(&self) -> Nanos {
        let milliseconds = u64::try_from(self.0.now().as_millisecond()).unwrap_or_default();
        Nanos::new(milliseconds.saturating_mul(1_000_000))
    }
}

/// What each `K` may do so often.
#[derive(Debug, Clone)]
pub struct RateLimiter<K> {
    buckets: Arc<Cache<K, Arc<TokenBucket>>>,
    clock: Clock,
}

/// How often the form behind a link may be sent: a link is known by its customer and by when it was made.
pub type IntakeLinkLimiter = RateLimiter<(CustomerId, Timestamp)>;

impl<K: Hash + Eq + Clone> RateLimiter<K> {
    /// Nobody has tried anything yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { buckets: Arc::new(Cache::new(MAX_KEYS)), clock }
    }

    /// Takes one of the `many` that `who` may have at once, one of which comes back after each `pause`.
    ///
    /// # Errors
    /// None is left; the time until there is one.
    pub fn acquire(&self, who: &K, many: NonZeroU32, pause: Duration) -> Result<(), Duration> {
        let Some(quota) = Quota::with_period(pause) else { return Ok(()) };
        let ticks = GovernorClock(self.clock.clone());
        let fresh = || {
            Ok::<_, std::convert::Infallible>(Arc::new(GovernorLimiter::direct_with_clock(
                quota.allow_burst(many),
                ticks.clone(),
            )))
        };
        let Ok(bucket) = self.buckets.get_or_insert_with(who, fresh);
        bucket.check().map_err(|not_until| {
            let now = governor::clock::Clock::now(&ticks);
            Duration::from(not_until.earliest_possible().duration_since(now))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::clock::SignedDuration;

    const MINUTE: Duration = Duration::from_mins(1);
    const THREE: NonZeroU32 = NonZeroU32::new(3).unwrap();

    #[test]
    fn what_was_used_up_comes_back_one_by_one() {
        let clock = Clock::frozen_at(Timestamp::UNIX_EPOCH);
        let allowance = RateLimiter::new(clock.clone());
        let take = || allowance.acquire(&"anna", THREE, MINUTE);
        assert_eq!([take(), take(), take()], [Ok(()); 3]);
        assert_eq!(take(), Err(MINUTE));
        clock.advance(SignedDuration::from_secs(59));
        assert_eq!(take(), Err(Duration::from_secs(1)));
        clock.advance(SignedDuration::from_secs(1));
        assert_eq!([take(), take()], [Ok(()), Err(MINUTE)]);
    }

    #[test]
    fn what_one_used_up_the_other_still_has() {
        let allowance = RateLimiter::new(Clock::frozen_at(Timestamp::UNIX_EPOCH));
        let [.., fourth] = [(); 4].map(|()| allowance.acquire(&"anna", THREE, MINUTE));
        assert_eq!(fourth, Err(MINUTE));
        assert_eq!(allowance.acquire(&"jan", THREE, MINUTE), Ok(()));
    }

    #[test]
    fn more_than_are_counted_at_once_cost_no_more_memory() {
        let allowance = RateLimiter::new(Clock::frozen_at(Timestamp::UNIX_EPOCH));
        for who in 0..10 * MAX_KEYS {
            assert_eq!(allowance.acquire(&who, THREE, MINUTE), Ok(()));
        }
        assert!(allowance.buckets.len() <= MAX_KEYS);
    }
}
