//! One lock for each key, in this process.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError};

use tokio::sync::OwnedMutexGuard;

use crate::types::lock::Mutex;

type LockMap<K> = HashMap<K, Arc<tokio::sync::Mutex<()>>>;

/// The locks that are held or waited for.
#[derive(Clone, Debug)]
pub struct KeyedMutex<K>(Arc<Mutex<LockMap<K>>>);

impl<K> Default for KeyedMutex<K> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(HashMap::new())))
    }
}

impl<K: Clone + Eq + Hash> KeyedMutex<K> {
    /// Locks `key`. Dropping the guard unlocks it, also when the request was cancelled or panicked.
    pub async fn lock(&self, key: &K) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Nobody holds or awaits a lock that only this map knows.
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            locks.entry(key.clone()).or_default().clone()
        };
        lock.lock_owned().await
    }
}
