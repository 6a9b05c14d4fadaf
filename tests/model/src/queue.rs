//! The queue of events, played: it takes a while, does not always answer, and can be made to lose what it took.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use shared::domain::event::{Event, PublishError, PublishEvents};

/// The queue. Its clones share it.
#[derive(Debug, Clone, Default)]
pub struct ModelQueue {
    published: Arc<Mutex<HashMap<String, Event>>>,
    failures: Arc<AtomicU32>,
    forgets: Arc<AtomicBool>,
}

impl ModelQueue {
    /// The next one is not taken.
    pub fn fail_next(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    /// Nothing fails any more.
    pub fn calm(&self) {
        self.failures.store(0, Ordering::Relaxed);
    }

    /// From now on nothing of what is taken is there afterwards, as where an event is published after its change and its
    /// process dies in between.
    pub fn forget_everything(&self) {
        self.forgets.store(true, Ordering::Relaxed);
    }

    /// The events that were taken, by their ids.
    pub fn published(&self) -> MutexGuard<'_, HashMap<String, Event>> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn take(&self, events: &[Event]) -> Result<(), PublishError> {
        // Here others go on, or the process dies.
        tokio::task::yield_now().await;
        let fails = self.failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        if fails.is_ok() {
            return Err(PublishError("the queue does not answer".into()));
        }
        if !self.forgets.load(Ordering::Relaxed) {
            self.published().extend(events.iter().map(|event| (event.id.to_string(), event.clone())));
        }
        tokio::task::yield_now().await;
        Ok(())
    }
}

impl PublishEvents for ModelQueue {
    fn publish<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), PublishError>> {
        self.take(events).boxed()
    }
}
