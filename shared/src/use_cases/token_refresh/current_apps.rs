//! Which app each customer works with, as it was within the last minute. Tokens of a former app may be valid for an hour
//! more, and nobody is to meet in the name of the company that it was of.

use std::sync::Arc;

use crate::adapters::vault::apps::AppReader;
use crate::adapters::vault::connections::StoredConnection;
use crate::adapters::vault::model::VaultError;
use crate::domain::entra_app::AppInTenure;
use crate::types::clock::{Clock, SignedDuration, Timestamp};
use crate::types::ids::CustomerId;
use crate::types::keyed_mutex::KeyedMutex;
use crate::types::ttl_cache::TtlCache;
use crate::use_cases::token_refresh::error::TokenRefreshError;

/// An app, and when it was read.
type ReadApp = (AppInTenure, Timestamp);

/// The apps that customers work with. Its clones share what was read.
#[derive(Clone, Debug)]
pub(super) struct CurrentApps {
    apps: AppReader,
    clock: Clock,
    known: Arc<TtlCache<CustomerId, ReadApp>>,
    reading: KeyedMutex<CustomerId>,
}

impl CurrentApps {
    /// None is known for longer than `ttl`.
    pub(super) fn new(apps: AppReader, clock: Clock, ttl: SignedDuration) -> Self {
        Self { apps, clock, known: Arc::new(TtlCache::new(ttl)), reading: KeyedMutex::default() }
    }

    /// Reads the customer's app, unless that was done within the last minute.
    ///
    /// # Errors
    /// [`TokenRefreshError`]; `NotConfigured` where there is none.
    async fn read(&self, customer: &CustomerId) -> Result<Arc<ReadApp>, TokenRefreshError> {
        let known = || self.known.get(customer, self.clock.now());
        if let Some(known) = known() {
            return Ok(known);
        }
        let _alone = self.reading.lock(customer).await;
        if let Some(known) = known() {
            return Ok(known);
        }
        let read_at = self.clock.now();
        let app = self.apps.read(customer).await.map_err(|error| match error {
            VaultError::NotFound | VaultError::Deleted => TokenRefreshError::NotConfigured,
            error => TokenRefreshError::Vault(error),
        })?;
        let read = Arc::new((app.app(), read_at));
        self.known.insert(customer.clone(), read.clone(), read_at);
        Ok(read)
    }

    /// When it was last seen that the customer works with the app of this connection; nothing if it is another one now.
    ///
    /// # Errors
    /// As [`CurrentApps::read`].
    pub(super) async fn seen(&self, stored: &StoredConnection) -> Result<Option<Timestamp>, TokenRefreshError> {
        let connection = &stored.connection;
        let made_with =
            AppInTenure { tenure: stored.tenure, tenant: connection.tenant, client_id: connection.client_id };
        let mut read = self.read(&connection.customer).await?;
        // The recruiter may have signed in to a newer one since.
        if read.0 != made_with && read.1 < self.clock.now() {
            self.known.remove(&connection.customer);
            read = self.read(&connection.customer).await?;
        }
        Ok((read.0 == made_with).then_some(read.1))
    }
}
