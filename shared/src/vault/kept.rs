//! A value of the vault's that a process goes on with for a while.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::clock::{SignedDuration, Timestamp};
use crate::vault::terms::VaultError;

/// A value that was read, and when. Requests that need it at once wait for one reading.
#[derive(Debug)]
pub(super) struct Kept<T>(Mutex<Option<(Timestamp, Arc<T>)>>);

impl<T> Kept<T> {
    pub(super) fn empty() -> Arc<Self> {
        Arc::new(Self(Mutex::new(None)))
    }

    pub(super) async fn get_or(
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
