//! How often something may be tried. Counted in this process only: a client that reaches several processes gets the limit
//! several times. API Gateway limits all processes together (`SECURITY.md`, "Limits").

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
use crate::types::ids::{CustomerId, UserId};

/// The number of keys that are counted. Beyond it, the least recently used ones are dropped.
const MAX_KEYS: usize = 4_096;

type TokenBucket = GovernorLimiter<NotKeyed, InMemoryState, GovernorClock, NoOpMiddleware<Nanos>>;

/// Our clock for `governor`.
#[derive(Debug, Clone)]
struct GovernorClock(Clock);

impl governor::clock::Clock for GovernorClock {
    type Instant = Nanos;
    fn now(&self) -> Nanos {
        let milliseconds = u64::try_from(self.0.now().as_millisecond()).unwrap_or_default();
        Nanos::new(milliseconds.saturating_mul(1_000_000))
    }
}

/// How often something may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// The number of tries that are possible at once.
    pub burst: NonZeroU32,
    /// The time after which one more try is possible.
    pub period: Duration,
}

/// Limits how often each key may do something.
#[derive(Debug, Clone)]
pub struct RateLimiter<K> {
    buckets: Arc<Cache<K, Arc<TokenBucket>>>,
    clock: Clock,
}

/// Limits how often one link may have the vault asked.
pub type LinkLimiter = RateLimiter<String>;

/// How often one link may have the vault asked: how many times at once, and the time until once more.
pub const LINK_LIMIT: RateLimit = RateLimit { burst: NonZeroU32::new(150).unwrap(), period: Duration::from_mins(1) };

/// Limits how often the links of one recruiter's meetings may have Graph asked in the recruiter's name.
pub type MeetingLinkLimiter = RateLimiter<(CustomerId, UserId)>;

/// Limits how often a form may be submitted with one intake link, which its customer and its time of issue name.
pub type IntakeLinkLimiter = RateLimiter<(CustomerId, Timestamp)>;

/// Limits how often sign-in tests may end: those of one customer, and those of his links that end at one time.
pub type SignInTestLimiter = RateLimiter<(CustomerId, Option<Timestamp>)>;

impl<K: Hash + Eq + Clone> RateLimiter<K> {
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { buckets: Arc::new(Cache::new(MAX_KEYS)), clock }
    }

    /// Counts one try of `key`.
    ///
    /// # Errors
    /// The time to wait, if the limit is reached.
    pub fn acquire(&self, key: &K, limit: RateLimit) -> Result<(), Duration> {
        let Some(quota) = Quota::with_period(limit.period) else { return Ok(()) };
        let clock = GovernorClock(self.clock.clone());
        let new_bucket = || {
            Ok::<_, std::convert::Infallible>(Arc::new(GovernorLimiter::direct_with_clock(
                quota.allow_burst(limit.burst),
                clock.clone(),
            )))
        };
        let Ok(bucket) = self.buckets.get_or_insert_with(key, new_bucket);
        bucket.check().map_err(|not_until| {
            let now = governor::clock::Clock::now(&clock);
            Duration::from(not_until.earliest_possible().duration_since(now))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::clock::SignedDuration;

    const MINUTE: Duration = Duration::from_mins(1);
    const LIMIT: RateLimit = RateLimit { burst: NonZeroU32::new(3).unwrap(), period: MINUTE };

    #[test]
    fn tries_come_back_one_by_one() {
        let clock = Clock::frozen_at(Timestamp::UNIX_EPOCH);
        let limiter = RateLimiter::new(clock.clone());
        let take = || limiter.acquire(&"anna", LIMIT);
        assert_eq!([take(), take(), take()], [Ok(()); 3]);
        assert_eq!(take(), Err(MINUTE));
        clock.advance(SignedDuration::from_secs(59));
        assert_eq!(take(), Err(Duration::from_secs(1)));
        clock.advance(SignedDuration::from_secs(1));
        assert_eq!([take(), take()], [Ok(()), Err(MINUTE)]);
    }

    #[test]
    fn each_key_has_a_limit_of_its_own() {
        let limiter = RateLimiter::new(Clock::frozen_at(Timestamp::UNIX_EPOCH));
        let [.., fourth] = [(); 4].map(|()| limiter.acquire(&"anna", LIMIT));
        assert_eq!(fourth, Err(MINUTE));
        assert_eq!(limiter.acquire(&"jan", LIMIT), Ok(()));
    }

    #[test]
    fn the_number_of_keys_in_memory_is_limited() {
        let limiter = RateLimiter::new(Clock::frozen_at(Timestamp::UNIX_EPOCH));
        for key in 0..10 * MAX_KEYS {
            assert_eq!(limiter.acquire(&key, LIMIT), Ok(()));
        }
        assert!(limiter.buckets.len() <= MAX_KEYS);
    }
}
