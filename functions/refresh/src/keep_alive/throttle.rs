//! Limits the tasks a run begins in a second.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior};

/// Secrets Manager takes 50 writes a second from a whole account
/// ([quotas](https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html)). A turn is a question to
/// Entra or a write, and a node is one write for all its recruiters, so at least half of the writes are left to requests.
pub(super) const MAX_TASKS_PER_SECOND: u32 = 50;

/// Lets tasks begin at an even rate; time in which none began is not made up for.
pub(super) struct Throttle(Mutex<Interval>);

impl Throttle {
    pub(super) fn new() -> Self {
        let mut interval = tokio::time::interval(Duration::from_secs(1) / MAX_TASKS_PER_SECOND);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self(Mutex::new(interval))
    }

    pub(super) async fn acquire(&self) {
        self.0.lock().await.tick().await;
    }
}
