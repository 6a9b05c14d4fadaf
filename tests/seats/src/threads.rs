//! What a library locks for us no scheduler of ours sees: there real threads come at once, and whatever the order, the law
//! holds.

use std::num::NonZeroU32;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use shared::types::rate_limiter::{RateLimit, RateLimiter};

use crate::types::clock::{Clock, Timestamp};

#[test]
fn however_many_come_at_once_no_more_is_taken_than_there_is() {
    let limit = RateLimit { burst: NonZeroU32::new(3).unwrap(), period: Duration::from_mins(1) };
    for _ in 0..200 {
        let allowance = RateLimiter::new(Clock::frozen_at(Timestamp::UNIX_EPOCH));
        let begin = Barrier::new(8);
        let taken: usize = thread::scope(|scope| {
            let takers = [(); 8].map(|()| {
                scope.spawn(|| {
                    begin.wait();
                    (0..3).filter(|_| allowance.acquire(&"anna", limit).is_ok()).count()
                })
            });
            takers.into_iter().map(|taker| taker.join().unwrap()).sum()
        });
        assert_eq!(taken, 3);
    }
}
