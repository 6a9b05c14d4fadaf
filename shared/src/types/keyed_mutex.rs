//! One renewal at a time for each recruiter, in this process.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use tokio::sync::OwnedMutexGuard;

use crate::ids::{CustomerId, UserId};
use crate::lock::Mutex;

type LockMap = HashMap<(CustomerId, UserId), Arc<tokio::sync::Mutex<()>>>;

/// The seats that are taken, one for each recruiter.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyedMutex(Arc<Mutex<LockMap>>);

impl KeyedMutex {
    /// Waits until nobody else renews this connection. The seat is free again when the guard is dropped, also by a
    /// request that was given up or panicked.
    pub(super) async fn lock(&self, whose: &(CustomerId, UserId)) -> OwnedMutexGuard<()> {
        let seat = {
            let mut seats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // A seat that only this map knows is nobody's.
            seats.retain(|_, seat| Arc::strong_count(seat) > 1);
            seats.entry(whose.clone()).or_default().clone()
        };
        seat.lock_owned().await
    }
}
