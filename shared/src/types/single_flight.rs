//! A value that concurrent requests load once and reuse for a stated time.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::types::clock::{SignedDuration, Timestamp};

/// A value and the time when it was loaded. Concurrent requests wait for one load.
#[derive(Debug)]
pub(crate) struct SingleFlight<T>(Mutex<Option<(Timestamp, Arc<T>)>>);

impl<T> SingleFlight<T> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(None)))
    }

    /// The value, loaded again if it is `max_age` old.
    ///
    /// # Errors
    /// The error of `load`. The next caller loads again.
    pub(crate) async fn get_or_load<E>(
        &self,
        now: Timestamp,
        max_age: SignedDuration,
        load: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let mut slot = self.0.lock().await;
        if let Some((loaded_at, value)) = slot.as_ref()
            && loaded_at.duration_until(now) < max_age
        {
            return Ok(value.clone());
        }
        let value = Arc::new(load.await?);
        *slot = Some((now, value.clone()));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct NoValue;

    const MINUTE: SignedDuration = SignedDuration::from_mins(1);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    #[tokio::test]
    async fn a_loaded_value_is_reused_for_a_minute_and_never_longer() {
        let flight = SingleFlight::new();
        let load = async |seconds| {
            *flight.get_or_load(at(seconds), MINUTE, async { Ok::<_, NoValue>(seconds) }).await.unwrap()
        };
        assert_eq!((load(0).await, load(59).await), (0, 0));
        assert_eq!((load(60).await, load(119).await), (60, 60));
        assert_eq!(load(9_999).await, 9_999);
    }

    #[tokio::test]
    async fn a_failed_load_is_not_kept_and_drops_no_value() {
        let flight = SingleFlight::new();
        let fails = async |seconds| flight.get_or_load(at(seconds), MINUTE, async { Err(NoValue) }).await;
        assert!(matches!(fails(0).await, Err(NoValue)));
        assert_eq!(*flight.get_or_load(at(1), MINUTE, async { Ok::<_, NoValue>(7) }).await.unwrap(), 7);
        assert_eq!(*fails(2).await.unwrap(), 7, "nothing is loaded while the value is fresh");
        assert!(fails(61).await.is_err());
    }
}
