//! A value that is loaded once for all who need it, and kept for a stated time.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::types::clock::{SignedDuration, Timestamp};

/// A value and when it was loaded. Requests that need it at the same time wait for one load.
#[derive(Debug)]
pub(crate) struct SingleFlight<T>(Mutex<Option<(Timestamp, Arc<T>)>>);

impl<T> SingleFlight<T> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(None)))
    }

    /// The value, if it was loaded less than `max_age` before `now`; otherwise what `load` gives.
    ///
    /// # Errors
    /// That of `load`. Then nothing is kept and the next caller loads again.
    pub(crate) async fn get_or_load<E>(
        &self,
        now: Timestamp,
        max_age: SignedDuration,
        load: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let mut kept = self.0.lock().await;
        if let Some((loaded_at, value)) = kept.as_ref()
            && loaded_at.duration_until(now) < max_age
        {
            return Ok(value.clone());
        }
        let value = Arc::new(load.await?);
        *kept = Some((now, value.clone()));
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
    async fn what_was_read_serves_for_a_minute_and_never_longer() {
        let kept = SingleFlight::new();
        let told =
            async |seconds| *kept.get_or_load(at(seconds), MINUTE, async { Ok::<_, NoValue>(seconds) }).await.unwrap();
        assert_eq!((told(0).await, told(59).await), (0, 0));
        assert_eq!((told(60).await, told(119).await), (60, 60));
        assert_eq!(told(9_999).await, 9_999);
    }

    #[tokio::test]
    async fn what_could_not_be_read_is_not_kept_and_takes_nothing_away() {
        let kept = SingleFlight::new();
        let fails = async |seconds| kept.get_or_load(at(seconds), MINUTE, async { Err(NoValue) }).await;
        assert!(matches!(fails(0).await, Err(NoValue)));
        assert_eq!(*kept.get_or_load(at(1), MINUTE, async { Ok::<_, NoValue>(7) }).await.unwrap(), 7);
        assert_eq!(*fails(2).await.unwrap(), 7, "nothing is read while it serves");
        assert!(fails(61).await.is_err());
    }
}
