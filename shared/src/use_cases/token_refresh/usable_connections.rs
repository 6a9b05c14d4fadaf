//! Connections whose access token may be used as it is.

use std::sync::Arc;

use crate::adapters::vault::connections::StoredConnection;
use crate::domain::connection::{Connection, HealthState};
use crate::types::clock::Timestamp;
use crate::types::ids::{CustomerId, UserId};
use crate::use_cases::token_refresh::{TokenRefreshError, TokenRefresher};

impl TokenRefresher {
    /// Whether the access token is valid. It may be used while the refresh token is `suspect`.
    fn is_usable(&self, connection: &Connection) -> bool {
        connection.life.standing != HealthState::NeedsReauth && connection.has_valid_access_token(self.clock.now())
    }

    /// The connection with the tokens in the vault, or with those that this process got for them, if they are valid and newer
    /// than `than`. They are so for nobody whose customer has another app by now.
    pub(super) async fn usable(
        &self,
        recruiter: &(CustomerId, UserId),
        stored: StoredConnection,
        than: Option<Timestamp>,
    ) -> Result<Result<Arc<Connection>, StoredConnection>, TokenRefreshError> {
        let is_usable = |connection: &Connection| {
            self.is_usable(connection) && than.is_none_or(|than| connection.obtained_at > than)
        };
        let own = self.own_connections.get(recruiter, self.clock.now());
        let own = own.filter(|own| own.0 == stored.token && is_usable(&own.1)).map(|own| own.1.clone());
        if own.is_none() && !is_usable(&stored.connection) {
            return Ok(Err(stored));
        }
        let Some(seen_at) = self.current_apps.seen(&stored).await? else { return Ok(Err(stored)) };
        let at = stored.read_at.min(seen_at);
        Ok(Ok(self.cache(recruiter, own.unwrap_or_else(|| Arc::new(stored.connection)), at)))
    }

    pub(super) fn cached(&self, recruiter: &(CustomerId, UserId)) -> Option<Arc<Connection>> {
        self.cached_connections.get(recruiter, self.clock.now()).filter(|cached| self.is_usable(cached))
    }

    pub(super) fn cache(
        &self,
        recruiter: &(CustomerId, UserId),
        connection: Arc<Connection>,
        at: Timestamp,
    ) -> Arc<Connection> {
        self.cached_connections.insert(recruiter.clone(), connection.clone(), at);
        connection
    }
}
