//! The queue in which events wait for being delivered: SQS on AWS, a database in the folder of the deployment on one machine.
//!
//! What a delivery could not do waits longer each time, for a day; then the event lies among the dead letters, where an
//! operator finds it.

mod backoff;
#[cfg(feature = "local")]
pub mod local;
#[cfg(feature = "aws")]
pub mod sqs;

use crate::domain::event::Event;
use crate::types::clock::{SignedDuration, Timestamp};

pub use backoff::{MAX_RECEIVES, retry_delay};

/// An event that was taken from the queue. It is hidden from others until its delivery has come to an end, or a while.
#[derive(Debug, Clone)]
pub struct ReceivedEvent {
    /// The event.
    pub event: Event,
    /// When it was published.
    pub published_at: Timestamp,
    /// How often it was taken, with this time.
    pub receives: u32,
}

/// How long a published event waits before it is taken for the first time: the change that it tells is written meanwhile.
pub const INITIAL_DELAY: SignedDuration = SignedDuration::from_secs(2);
