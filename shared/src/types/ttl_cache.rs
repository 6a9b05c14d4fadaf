//! Values that expire after a stated time.

use std::hash::Hash;
use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::types::clock::{SignedDuration, Timestamp};

/// More recruiters than one process serves in a minute. Beyond it, the least used entries are dropped.
const MAX_ENTRIES: usize = 4_096;

/// A cache whose values expire. Its clones are one cache.
#[derive(Debug)]
pub struct TtlCache<K, V> {
    cache: Arc<Cache<K, (Timestamp, Arc<V>)>>,
    ttl: SignedDuration,
}

impl<K, V> Clone for TtlCache<K, V> {
    fn clone(&self) -> Self {
        Self { cache: self.cache.clone(), ttl: self.ttl }
    }
}

impl<K: Eq + Hash, V> TtlCache<K, V> {
    /// An empty cache. Each value is kept for `ttl`.
    #[must_use]
    pub fn new(ttl: SignedDuration) -> Self {
        Self { cache: Arc::new(Cache::new(MAX_ENTRIES)), ttl }
    }

    /// The value, if it is kept still.
    #[must_use]
    pub fn get(&self, key: &K, now: Timestamp) -> Option<Arc<V>> {
        let (inserted_at, value) = self.cache.get(key)?;
        (inserted_at.duration_until(now) < self.ttl).then_some(value)
    }

    /// Keeps a value.
    pub fn insert(&self, key: K, value: Arc<V>, now: Timestamp) {
        self.cache.insert(key, (now, value));
    }

    pub(crate) fn remove(&self, key: &K) {
        self.cache.remove(key);
    }
}
