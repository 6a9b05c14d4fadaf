//! How fast a run may go.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// A turn is a question to Entra, or one write at most. Secrets Manager takes 50 writes a second from a whole account
/// ([quotas](https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html)), and a node is one write
/// for all its recruiters; so even where each has but a few, half of them are left to the requests of people who wait.
pub(super) const MAX_TASKS_PER_SECOND: u32 = 50;

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
