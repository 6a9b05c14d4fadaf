//! Limits what a run asks and writes in a second.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior};

/// Turns of a second. A question to Entra takes one.
const TURNS_PER_SECOND: u32 = 75;

/// Turns of a task. It writes once, and notes something in tags at most once, so there are 25 of either in a second. Secrets
/// Manager takes 50 from a whole account
/// ([quotas](https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html)): half is left to requests.
const TURNS_OF_A_TASK: u32 = 3;

/// Gives out turns at an even rate; time in which none was taken is not made up for.
pub(super) struct Throttle(Mutex<Interval>);

impl Throttle {
    pub(super) fn new() -> Self {
        let mut interval = tokio::time::interval(Duration::from_secs(1) / TURNS_PER_SECOND);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self(Mutex::new(interval))
    }

    /// Waits until a question may be asked.
    pub(super) async fn acquire(&self) {
        self.0.lock().await.tick().await;
    }

    /// Waits until a task may begin.
    pub(super) async fn acquire_task(&self) {
        // One after the other, or those that wait together would begin together.
        let mut turns = self.0.lock().await;
        for _ in 0..TURNS_OF_A_TASK {
            turns.tick().await;
        }
    }
}
