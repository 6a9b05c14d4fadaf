//! Events: what the ATS is told of without asking, so that whoever must act learns of it before an interview fails.
//!
//! An event is published before the change that it is about is written, and delivered once that was kept. So no change that
//! was kept is lost, and none is told that was not: where a process died in between, the event finds nothing in the vault
//! and is dropped.

mod event_id;
mod kind;
mod model;
mod publisher;
mod sentence;

pub use event_id::EventId;
pub use kind::{EventKind, EventSubject};
pub use model::Event;
#[cfg(test)]
pub(crate) use publisher::CollectedEvents;
pub use publisher::{EventPublisher, PublishError, PublishEvents};
