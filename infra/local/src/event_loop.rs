//! Delivers events from the local queue, in place of SQS and the function that Lambda calls.

use std::time::Duration;

use refresh::{Delivery, Refresh, deliver_event};
use shared::adapters::event_queue::local::LocalQueue;
use shared::domain::event::PublishError;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

/// How often the queue is looked at.
const INTERVAL: Duration = Duration::from_secs(1);

/// How many events are taken at once.
const BATCH: usize = 10;

/// Delivers what is due, and says how many events are done with.
///
/// # Errors
/// [`PublishError`] of the queue. What was taken comes again.
pub async fn deliver_due(refresh: &Refresh, queue: &LocalQueue) -> Result<usize, PublishError> {
    let mut done = 0;
    for (receipt, received) in queue.receive(BATCH).await? {
        match deliver_event(refresh, &received).await {
            Delivery::Done => {
                queue.delete(receipt).await?;
                done += 1;
            }
            Delivery::Again(delay) => queue.retry_later(receipt, delay).await?,
            Delivery::Failed => {
                tracing::error!(event = %received.event.id, "an event could not be delivered for a day");
            }
        }
    }
    Ok(done)
}

/// Delivers events until `stopped` becomes true.
pub(crate) async fn run(refresh: Refresh, queue: LocalQueue, mut stopped: watch::Receiver<bool>) {
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let deliveries = async {
        loop {
            ticks.tick().await;
            if let Err(error) = deliver_due(&refresh, &queue).await {
                tracing::error!(error = %error, "the queue of events did not answer");
            }
        }
    };
    tokio::select! {
        () = deliveries => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}
