//! Where events go. The queue is an adapter; whoever writes to the vault knows this only.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::domain::event::model::Event;

/// The queue did not take the events.
#[derive(Debug, thiserror::Error)]
#[error("the queue of events did not answer")]
pub struct PublishError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Takes events and keeps them until they are delivered.
pub trait PublishEvents: fmt::Debug + Send + Sync {
    /// Takes these events.
    fn publish<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), PublishError>>;
}

/// Publishes events; in a deployment without a receiver it does nothing.
#[derive(Debug, Clone, Default)]
pub struct EventPublisher(Option<Arc<dyn PublishEvents>>);

impl EventPublisher {
    /// Publishes to this queue.
    #[must_use]
    pub fn new(queue: Arc<dyn PublishEvents>) -> Self {
        Self(Some(queue))
    }

    /// Publishes these events. They are kept when this returns.
    ///
    /// # Errors
    /// [`PublishError`].
    pub async fn publish(&self, events: &[Event]) -> Result<(), PublishError> {
        match &self.0 {
            Some(queue) if !events.is_empty() => queue.publish(events).await,
            _ => Ok(()),
        }
    }
}

/// A queue from which tests take what was published.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct CollectedEvents(std::sync::Mutex<Vec<Event>>);

#[cfg(test)]
impl CollectedEvents {
    pub(crate) fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

#[cfg(test)]
impl PublishEvents for CollectedEvents {
    fn publish<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), PublishError>> {
        self.0.lock().unwrap().extend_from_slice(events);
        Box::pin(async { Ok(()) })
    }
}
