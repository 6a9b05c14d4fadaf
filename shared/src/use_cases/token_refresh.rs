//! Connections with a valid access token: read from the vault, and refreshed when the token expires.
//!
//! Two processes may refresh the tokens of one recruiter at once: Entra keeps the old refresh token valid, and the vault
//! accepts one of the results. Inside one process, requests for the same recruiter wait for each other, so Entra is called
//! once.
//!
//! No request waits until refreshed tokens are written. They may stay unwritten, because their secret was written often today
//! or another process wrote first. Nothing is lost then: the refresh token in the vault stays valid, and this process uses its
//! own tokens as long as that one is stored.
//!
//! A process caches a connection for a minute. For that long, a disconnected recruiter can still create meetings, and a warm
//! function needs no call but Graph's. Decision 0031 is about the previous credential.

mod current_apps;
mod error;
mod usable_connections;

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use crate::adapters::microsoft::entra::{EntraClient, EntraError};
use crate::adapters::vault::apps::{AppReader, StoredApp};
use crate::adapters::vault::connections::{
    ConnectionWrite, Connections, RefreshResult, RefreshTokenDigest, StoredConnection, StoredTokens,
};
use crate::adapters::vault::model::{VaultError, VersionId};
use crate::domain::audit::{AuditAction, AuditActor, AuditEntry};
use crate::domain::connection::{Connection, HealthEvent, TokenSet};
use crate::domain::finding::{Finding, FindingKind};
use crate::types::clock::{Clock, SignedDuration, Timestamp};
use crate::types::ids::{CustomerId, UserId};
use crate::types::keyed_mutex::KeyedMutex;
use crate::types::ttl_cache::TtlCache;

use current_apps::CurrentApps;
pub use error::TokenRefreshError;
use error::{found, not_connected};

/// How long a connection is used without reading it again.
const CONNECTION_TTL: SignedDuration = SignedDuration::from_secs(60);

/// A stored refresh token that is older is always replaced: it expires after 90 days.
const MAX_STORED_TOKEN_AGE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// The longest lifetime of an access token.
const OWN_TOKENS_TTL: SignedDuration = SignedDuration::from_hours(28);

/// How long a rejected credential is not tried again: all recruiters of a customer have the same one.
const REJECTION_TTL: SignedDuration = SignedDuration::from_secs(30);

/// A connection, and which refresh token lay in the vault when this process got it.
type OwnConnection = (RefreshTokenDigest, Arc<Connection>);

/// Refreshes tokens, one refresh per recruiter at a time.
#[derive(Clone, Debug)]
pub struct TokenRefresher {
    apps: AppReader,
    current_apps: CurrentApps,
    connections: Connections,
    entra: EntraClient,
    clock: Clock,
    refresh_locks: KeyedMutex<(CustomerId, UserId)>,
    cached_connections: Arc<TtlCache<(CustomerId, UserId), Connection>>,
    /// The connection that this process got for the refresh token in the vault, written or not.
    own_connections: Arc<TtlCache<(CustomerId, UserId), OwnConnection>>,
    rejections: Arc<TtlCache<CustomerId, (VersionId, Finding)>>,
}

/// Whether a request waits until refreshed tokens are in the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenWrite {
    Beside,
    Awaited,
}

/// Why Entra rejected a recruiter's refresh token, and when.
struct RefreshRejection {
    finding: Finding,
    event: HealthEvent,
    at: Timestamp,
}

/// A connection with newer tokens.
#[derive(Debug)]
pub enum RefreshOutcome {
    /// This call refreshed them.
    Refreshed(Arc<Connection>),
    /// Another request or process refreshed them.
    RefreshedElsewhere(Arc<Connection>),
}

fn audit((customer, user): &(CustomerId, UserId), outcome: Result<(), &TokenRefreshError>) {
    let entry = AuditEntry::new(AuditAction::RenewTokens, AuditActor::Product).customer(customer).user(user);
    entry.ended(outcome.err().map(TokenRefreshError::code));
}

impl TokenRefresher {
    /// Refreshes tokens of `connections` with the apps of `apps` at `entra`.
    #[must_use]
    pub fn new(apps: AppReader, connections: Connections, entra: EntraClient, clock: Clock) -> Self {
        Self {
            current_apps: CurrentApps::new(apps.clone(), clock.clone(), CONNECTION_TTL),
            apps,
            connections,
            entra,
            clock,
            refresh_locks: KeyedMutex::default(),
            cached_connections: Arc::new(TtlCache::new(CONNECTION_TTL)),
            own_connections: Arc::new(TtlCache::new(OWN_TOKENS_TTL)),
            rejections: Arc::new(TtlCache::new(REJECTION_TTL)),
        }
    }

    /// Gets the connection, with a valid access token.
    ///
    /// # Errors
    /// [`TokenRefreshError`].
    pub async fn get_valid(&self, customer: &CustomerId, user: &UserId) -> Result<Arc<Connection>, TokenRefreshError> {
        let recruiter = (customer.clone(), user.clone());
        if let Some(cached) = self.cached(&recruiter) {
            return Ok(cached);
        }
        let _guard = self.refresh_locks.lock(&recruiter).await;
        if let Some(cached) = self.cached(&recruiter) {
            return Ok(cached);
        }
        let stored = found(self.connections.get(customer, user).await, &self.apps, customer).await?;
        let stored = match self.usable(&recruiter, stored, None).await? {
            Ok(usable) => return Ok(usable),
            Err(stored) => stored,
        };
        // What was read a while ago may be from before a sign-in, or from a former life of the customer.
        let stored = if stored.read_at < self.clock.now() {
            self.connections.get_now(customer, user).await.map_err(not_connected)?
        } else {
            stored
        };
        match self.usable(&recruiter, stored, None).await? {
            Ok(usable) => Ok(usable),
            Err(stored) => self.refresh_and_audit(&recruiter, stored, TokenWrite::Beside).await,
        }
    }

    /// Refreshes the tokens, unless the vault or this process has newer ones than `seen`.
    ///
    /// # Errors
    /// [`TokenRefreshError`].
    pub async fn refresh_if_unchanged(&self, seen: &Connection) -> Result<RefreshOutcome, TokenRefreshError> {
        let recruiter = (seen.customer.clone(), seen.user.clone());
        let _guard = self.refresh_locks.lock(&recruiter).await;
        self.cached_connections.remove(&recruiter);
        let stored = self.connections.get_now(&recruiter.0, &recruiter.1).await.map_err(not_connected)?;
        match self.usable(&recruiter, stored, Some(seen.obtained_at)).await? {
            Ok(newer) => Ok(RefreshOutcome::RefreshedElsewhere(newer)),
            Err(stored) => {
                self.refresh_and_audit(&recruiter, stored, TokenWrite::Beside).await.map(RefreshOutcome::Refreshed)
            }
        }
    }

    /// Refreshes the tokens, whatever their age, and waits until they are in the vault.
    ///
    /// # Errors
    /// [`TokenRefreshError`].
    pub async fn force_refresh(
        &self,
        customer: &CustomerId,
        user: &UserId,
    ) -> Result<Arc<Connection>, TokenRefreshError> {
        let recruiter = (customer.clone(), user.clone());
        let _guard = self.refresh_locks.lock(&recruiter).await;
        self.cached_connections.remove(&recruiter);
        let stored = found(self.connections.get_now(customer, user).await, &self.apps, customer).await?;
        self.refresh_and_audit(&recruiter, stored, TokenWrite::Awaited).await
    }

    /// Refreshes the tokens of a connection that the schedule read. The schedule writes the results of one secret together.
    ///
    /// # Errors
    /// [`TokenRefreshError`] if the refresh says nothing about this recruiter's token.
    pub async fn ask(&self, stored: StoredConnection) -> Result<RefreshResult, TokenRefreshError> {
        let recruiter = (stored.connection.customer.clone(), stored.connection.user.clone());
        let _guard = self.refresh_locks.lock(&recruiter).await;
        let (tenure, redeemed) = (stored.tenure, stored.token);
        let result =
            |outcome| RefreshResult { customer: recruiter.0.clone(), user: recruiter.1.clone(), redeemed, outcome };
        let answer = self.request_tokens(&stored.connection, tenure).await;
        audit(&recruiter, answer.as_ref().map(drop));
        match answer? {
            Ok(tokens) => Ok(result(Ok(Arc::new(stored.connection.with_tokens(tokens))))),
            Err(rejection) => Ok(result(Err((rejection.event, rejection.at)))),
        }
    }

    async fn refresh_and_audit(
        &self,
        recruiter: &(CustomerId, UserId),
        stored: StoredConnection,
        write: TokenWrite,
    ) -> Result<Arc<Connection>, TokenRefreshError> {
        let refreshed = self.refresh_once_or_retry(recruiter, stored, write).await;
        audit(recruiter, refreshed.as_ref().map(drop));
        refreshed
    }

    async fn refresh_once_or_retry(
        &self,
        recruiter: &(CustomerId, UserId),
        stored: StoredConnection,
        write: TokenWrite,
    ) -> Result<Arc<Connection>, TokenRefreshError> {
        let unable = match self.request_tokens(&stored.connection, stored.tenure).await {
            Ok(Ok(tokens)) => return self.store_tokens(recruiter, (stored, tokens), write).await,
            Ok(Err(rejection)) => Ok(rejection),
            Err(error @ (TokenRefreshError::NotConnected | TokenRefreshError::AppChanged)) => Err(error),
            Err(error) => return Err(error),
        };
        // Another process may have stored another refresh token. Then this says nothing about that one.
        let current = self.connections.get_now(&recruiter.0, &recruiter.1).await.map_err(not_connected)?;
        if current.token == stored.token {
            return Err(match unable {
                Ok(rejection) => self.store_rejection(current, rejection).await,
                Err(error) => error,
            });
        }
        let current = match self.usable(recruiter, current, None).await? {
            Ok(connection) => return Ok(connection),
            Err(current) => current,
        };
        match self.request_tokens(&current.connection, current.tenure).await? {
            Ok(tokens) => self.store_tokens(recruiter, (current, tokens), write).await,
            Err(rejection) => Err(self.store_rejection(current, rejection).await),
        }
    }

    /// Requests new tokens. The inner error is Entra's rejection of this recruiter's token.
    async fn request_tokens(
        &self,
        connection: &Connection,
        tenure: Timestamp,
    ) -> Result<Result<TokenSet, RefreshRejection>, TokenRefreshError> {
        if !connection.life.may_refresh(self.clock.now()) {
            return Err(self.rejection_error(connection, None));
        }
        let app = self.read_app(connection, tenure).await?;
        if let Some(finding) = self.recent_rejection(&connection.customer, &app.version) {
            return Err(TokenRefreshError::Entra(EntraError::AppRejected(finding)));
        }
        match self.entra.refresh(&app.value, &connection.refresh).await {
            Ok(tokens) => Ok(Ok(tokens)),
            Err(EntraError::SignInRejected { finding, interaction_required }) => {
                let kind = finding.kind;
                let event = if interaction_required {
                    HealthEvent::InteractionRequired(kind)
                } else {
                    HealthEvent::Rejected(kind)
                };
                Ok(Err(RefreshRejection { finding, event, at: self.clock.now() }))
            }
            Err(EntraError::AppRejected(finding)) => {
                if let Some(tokens) = self.refresh_with_previous_credential(&app, connection, finding.kind).await {
                    return Ok(Ok(tokens));
                }
                let refused = Arc::new((app.version, finding.clone()));
                self.rejections.insert(connection.customer.clone(), refused, self.clock.now());
                Err(TokenRefreshError::Entra(EntraError::AppRejected(finding)))
            }
            Err(error) => Err(TokenRefreshError::Entra(error)),
        }
    }

    /// Tries the previous credential, if that may help.
    async fn refresh_with_previous_credential(
        &self,
        app: &StoredApp,
        connection: &Connection,
        refused: FindingKind,
    ) -> Option<TokenSet> {
        let previous = self.apps.previous_credential(&connection.customer, app, refused).await?;
        let tokens = self.entra.refresh(&previous, &connection.refresh).await.ok()?;
        tracing::warn!(customer = %connection.customer, "new credential rejected; the previous one was accepted");
        Some(tokens)
    }

    /// The finding, if Entra has just rejected this version of the credential. A new version is tried at once.
    fn recent_rejection(&self, customer: &CustomerId, version: &VersionId) -> Option<Finding> {
        let cached = self.rejections.get(customer, self.clock.now())?;
        (cached.0 == *version).then(|| cached.1.clone())
    }

    async fn read_app(&self, connection: &Connection, tenure: Timestamp) -> Result<StoredApp, TokenRefreshError> {
        let app = self.apps.read(&connection.customer).await.map_err(|error| match error {
            VaultError::NotFound | VaultError::Deleted => TokenRefreshError::NotConfigured,
            error => TokenRefreshError::Vault(error),
        })?;
        match tenure.cmp(&app.tenure) {
            // The customer was offboarded and configured again since then.
            Ordering::Less => return Err(TokenRefreshError::NotConnected),
            // The app is older than the connection: a replica lags behind.
            Ordering::Greater => return Err(TokenRefreshError::Vault(VaultError::Stale)),
            Ordering::Equal => {}
        }
        let same = app.value.tenant == connection.tenant && app.value.client_id == connection.client_id;
        if same { Ok(app) } else { Err(TokenRefreshError::AppChanged) }
    }

    /// Stores refreshed tokens in this process and in the vault. They are used also if another process stored first or the
    /// vault does not answer, but not after a disconnection.
    async fn store_tokens(
        &self,
        recruiter: &(CustomerId, UserId),
        (stored, tokens): (StoredConnection, TokenSet),
        write: TokenWrite,
    ) -> Result<Arc<Connection>, TokenRefreshError> {
        let StoredConnection { connection, tenure, read_at, token } = stored;
        let age = connection.obtained_at.duration_until(self.clock.now());
        let connection = Arc::new(connection.with_tokens(tokens));
        self.own_connections.insert(recruiter.clone(), Arc::new((token, connection.clone())), self.clock.now());
        let (customer, user) = recruiter.clone();
        let result = RefreshResult { customer, user, redeemed: token, outcome: Ok(connection.clone()) };
        let class = match write {
            TokenWrite::Awaited => ConnectionWrite::Always,
            TokenWrite::Beside if age > MAX_STORED_TOKEN_AGE => ConnectionWrite::Due,
            TokenWrite::Beside => ConnectionWrite::Routine,
        };
        let connections = self.connections.clone();
        let writing = async move { connections.store_result(class, (tenure, &result)).await };
        match write {
            TokenWrite::Beside => {
                tokio::spawn(async move {
                    if let Err(error) = writing.await {
                        tracing::debug!(error = %error, "refreshed tokens were not stored; the stored refresh token stays valid");
                    }
                });
            }
            TokenWrite::Awaited => match writing.await {
                Ok(StoredTokens::Stored | StoredTokens::Overtaken) => {}
                Ok(StoredTokens::Ended) | Err(VaultError::Deleted) => return Err(TokenRefreshError::Disconnected),
                Err(VaultError::NotFound) => return Err(TokenRefreshError::NotConnected),
                Err(error) => {
                    tracing::error!(error = %error, customer = %recruiter.0, "storing refreshed tokens failed; serving them anyway");
                }
            },
        }
        Ok(self.cache(recruiter, connection, read_at))
    }

    /// Stores that Entra rejected the refresh token.
    async fn store_rejection(&self, stored: StoredConnection, rejection: RefreshRejection) -> TokenRefreshError {
        let StoredConnection { connection, tenure, token: redeemed, .. } = stored;
        let (event, at) = (rejection.event, rejection.at);
        let (customer, user) = (connection.customer.clone(), connection.user.clone());
        let result = RefreshResult { customer, user, redeemed, outcome: Err((event, at)) };
        // If another process wrote first, the next request reads its result.
        if let Err(error) = self.connections.store_result(ConnectionWrite::Always, (tenure, &result)).await {
            tracing::warn!(error = %error, "storing a rejected refresh token failed");
        }
        self.rejection_error(&connection.apply(event, at), Some(rejection.finding))
    }

    fn rejection_error(&self, connection: &Connection, finding: Option<Finding>) -> TokenRefreshError {
        let known = || FindingKind::from_code(connection.life.reason.as_deref()?);
        let finding = finding.or_else(|| known().map(Finding::from));
        let next_try = connection.life.retry_after(self.clock.now());
        TokenRefreshError::SignInRejected {
            finding,
            retry_after: next_try.map(|wait| Duration::try_from(wait).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests;
