//! A value of the vault's that a process goes on with for a while.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::clock::{SignedDuration, Timestamp};
use crate::vault::terms::VaultError;

/// A value that was read, and when. Requests that need it at once wait for one reading.
#[derive(Debug)]
pub(super) struct SingleFlight<T>(Mutex<Option<(Timestamp, Arc<T>)>>);

impl<T> SingleFlight<T> {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(None)))
    }

    pub(super) async fn get_or_load(
        &self,
        (now, age): (Timestamp, SignedDuration),
        read: impl Future<Output = Result<T, VaultError>>,
    ) -> Result<Arc<T>, VaultError> {
        let mut kept = self.0.lock().await;
        if let Some((read_at, value)) = kept.as_ref()
            && read_at.duration_until(now) < age
        {
            return Ok(value.clone());
        }
        let value = Arc::new(read.await?);
        *kept = Some((now, value.clone()));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: SignedDuration = SignedDuration::from_mins(1);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    #[tokio::test]
    async fn what_was_read_serves_for_a_minute_and_never_longer() {
        let kept = SingleFlight::new();
        let told = async |seconds| *kept.get_or_load((at(seconds), MINUTE), async { Ok(seconds) }).await.unwrap();
        assert_eq!((told(0).await, told(59).await), (0, 0));
        assert_eq!((told(60).await, told(119).await), (60, 60));
        assert_eq!(told(9_999).await, 9_999);
    }

    #[tokio::test]
    async fn what_could_not_be_read_is_not_kept_and_takes_nothing_away() {
        let kept = SingleFlight::new();
        let fails = async |seconds| kept.get_or_load((at(seconds), MINUTE), async { Err(VaultError::NotFound) }).await;
        assert!(matches!(fails(0).await, Err(VaultError::NotFound)));
        assert_eq!(*kept.get_or_load((at(1), MINUTE), async { Ok(7) }).await.unwrap(), 7);
        assert_eq!(*fails(2).await.unwrap(), 7, "nothing is read while it serves");
        assert!(fails(61).await.is_err());
    }
}
