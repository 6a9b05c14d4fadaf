//! What a process has learned, for a stated time.

use std::hash::Hash;
use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::types::clock::{SignedDuration, Timestamp};

/// As many recruiters as one process serves in a minute, with room to spare; beyond it the least used are forgotten.
const MAX_ENTRIES: usize = 4_096;

/// Values that are good for a while.
#[derive(Debug)]
pub(crate) struct TtlCache<K, V> {
    cache: Cache<K, (Timestamp, Arc<V>)>,
    time: SignedDuration,
}

impl<K: Eq + Hash, V> TtlCache<K, V> {
    pub(crate) fn new(time: SignedDuration) -> Self {
        Self { cache: Cache::new(MAX_ENTRIES), time }
    }

    pub(crate) fn get(&self, key: &K, now: Timestamp) -> Option<Arc<V>> {
        let (since, value) = self.cache.get(key)?;
        (since.duration_until(now) < self.time).then_some(value)
    }

    pub(crate) fn insert(&self, key: K, value: Arc<V>, now: Timestamp) {
        self.cache.insert(key, (now, value));
    }

    pub(crate) fn remove(&self, key: &K) {
        self.cache.remove(key);
    }
}
