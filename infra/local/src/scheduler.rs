//! The schedule: what `EventBridge` does on AWS, a tokio interval does here.

use std::time::Duration;

use refresh::{Refresh, keep_alive};
use shared::types::clock::SignedDuration;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// A start is not slowed down by it, and a machine that is restarted all the time still gets to it.
const INITIAL_DELAY: Duration = Duration::from_mins(1);

/// Tokens are used after 30 days and lapse after 90, so once a day would do; a machine that sleeps at night is awake for
/// some of the hours.
const INTERVAL: Duration = Duration::from_hours(1);

/// One run ends well before the next begins.
const RUN_TIMEOUT: SignedDuration = SignedDuration::from_mins(30);

/// Keeps connections alive until it is told to stop. A run that fails is logged, and the next one comes all the same.
pub(crate) async fn run(refresh: Refresh, mut stopped: watch::Receiver<bool>) {
    let mut ticks = interval_at(Instant::now() + INITIAL_DELAY, INTERVAL);
    // After a night's sleep one run is due, not eight.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let runs = async {
        loop {
            ticks.tick().await;
            if let Err(error) = keep_alive(&refresh, RUN_TIMEOUT).await {
                tracing::error!(error = %error, "the connections could not be kept alive");
            }
        }
    };
    tokio::select! {
        () = runs => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}
