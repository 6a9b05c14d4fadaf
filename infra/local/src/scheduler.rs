//! Runs the keep-alive of the function `refresh` at an interval, in place of `EventBridge` Scheduler.

use std::time::Duration;

use refresh::{Refresh, keep_alive};
use shared::types::clock::SignedDuration;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// 1 min: starting stays fast, and a machine that is restarted often still gets a run.
const INITIAL_DELAY: Duration = Duration::from_mins(1);

/// 1 h, although tokens expire only after 90 days: a machine that sleeps at night still gets a run every day.
const INTERVAL: Duration = Duration::from_hours(1);

/// 30 min: a run ends well before the next one starts.
const RUN_TIMEOUT: SignedDuration = SignedDuration::from_mins(30);

/// Keeps connections alive until `stopped` becomes true. Logs a failed run and continues with the next one.
pub(crate) async fn run(refresh: Refresh, mut stopped: watch::Receiver<bool>) {
    let mut ticks = interval_at(Instant::now() + INITIAL_DELAY, INTERVAL);
    // A machine that wakes up after a night needs one run, not eight.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let runs = async {
        loop {
            ticks.tick().await;
            if let Err(error) = keep_alive(&refresh, RUN_TIMEOUT).await {
                tracing::error!(error = %error, "keeping connections alive failed; the next run tries again");
            }
        }
    };
    tokio::select! {
        () = runs => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}
