//! How fast a run may go.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Secrets Manager takes 50 writes a second from a whole account
/// ([quotas](https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html)). Each turn writes once;
/// so half of them are always left to the requests of people who wait.
pub(super) const MAX_TASKS_PER_SECOND: u32 = 25;

/// Gives out turns, evenly: one that was not taken in time is not made up for.
pub(super) struct Throttle(Mutex<Interval>);

impl Throttle {
    pub(super) fn new() -> Self {
        let mut ticks = interval(Duration::from_secs(1) / MAX_TASKS_PER_SECOND);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self(Mutex::new(ticks))
    }

    pub(super) async fn acquire(&self) {
        self.0.lock().await.tick().await;
    }
}
