//! A connection that works now: read, and renewed where its access token has lapsed.
//!
//! Two processes may refresh the tokens of one recruiter at once: Entra keeps the old refresh token alive, and the vault
//! takes one answer. Inside one process, requests for the same recruiter wait for one another and Entra is asked once.
//!
//! New tokens are written beside whatever is done with them, and nobody waits for it. Where they are not written, because
//! that secret was written often today or another writer came first, nothing is lost: the refresh token that lies in the
//! vault goes on working, and this process goes on with the tokens that it has for as long as that one lies there.
//!
//! What a process has read it keeps for a minute at most: so long a disconnected recruiter can still make meetings, and
//! so long a warm function needs nothing but Graph.

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
use crate::domain::connection::{Connection, HealthEvent, HealthState, TokenSet};
use crate::domain::entra_app::EntraApp;
use crate::domain::finding::{Finding, FindingKind};
use crate::types::clock::{Clock, SignedDuration, Timestamp};
use crate::types::ids::{CustomerId, UserId};

use crate::types::keyed_mutex::KeyedMutex;
use crate::types::ttl_cache::TtlCache;

/// How long a connection that was read serves without being read again.
const CONNECTION_TTL: SignedDuration = SignedDuration::from_secs(60);

/// A refresh token that lies in the vault for longer is replaced in any case: it lapses after 90 days.
const WRITTEN_IN_ANY_CASE_AFTER: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Access tokens live up to 28 hours.
const OWN_TOKENS_TTL: SignedDuration = SignedDuration::from_hours(28);

/// How long Entra is not asked again with a credential that it refused: a customer's hundred recruiters are one question.
const REJECTION_TTL: SignedDuration = SignedDuration::from_secs(30);

/// What it takes to keep connections working.
#[derive(Clone, Debug)]
pub struct TokenRefresher {
    apps: AppReader,
    connections: Connections,
    entra: EntraClient,
    clock: Clock,
    flights: KeyedMutex<(CustomerId, UserId)>,
    connections_kept: Arc<TtlCache<(CustomerId, UserId), Connection>>,
    /// What this process got for the refresh token that lies in the vault, whether it was written or not.
    own: Arc<TtlCache<(CustomerId, UserId), (RefreshTokenDigest, Arc<Connection>)>>,
    refusals_kept: Arc<TtlCache<CustomerId, (VersionId, Finding)>>,
}

/// Whether a request waits until new tokens lie in the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenWrite {
    Beside,
    Awaited,
}

/// Entra's refusal of one recruiter's refresh token.
struct RefreshRejection {
    finding: Finding,
    /// Whether it needs no confirmation.
    certain: bool,
}

/// Newer tokens than those that were seen.
#[derive(Debug)]
pub enum RefreshOutcome {
    /// Entra was asked for them.
    Refreshed(Arc<Connection>),
    /// Somebody else had asked before.
    RefreshedElsewhere(Arc<Connection>),
}

/// Why there is no working connection.
#[derive(Debug, thiserror::Error)]
pub enum TokenRefreshError {
    /// The recruiter never connected.
    #[error("the recruiter is not connected")]
    NotConnected,
    /// The recruiter was disconnected.
    #[error("the recruiter was disconnected")]
    Disconnected,
    /// The customer has no app any more.
    #[error("the customer has no app")]
    NotConfigured,
    /// The customer's app is another than the one the recruiter signed in to.
    #[error("the customer's app is another now")]
    AppChanged,
    /// The recruiter's sign-in is not accepted.
    #[error("the sign-in is not accepted")]
    SignInRejected {
        /// Why.
        finding: Option<Finding>,
        /// When Entra is asked again, if it is.
        retry_after: Option<Duration>,
    },
    /// Entra did not answer, or the customer's app does not work.
    #[error(transparent)]
    Entra(EntraError),
    /// The vault did not answer.
    #[error(transparent)]
    Vault(VaultError),
}

impl RefreshRejection {
    fn event(&self) -> HealthEvent {
        let kind = self.finding.kind;
        if self.certain { HealthEvent::Wanted(kind) } else { HealthEvent::Rejected(kind) }
    }
}

fn not_connected(error: VaultError) -> TokenRefreshError {
    match error {
        VaultError::NotFound => TokenRefreshError::NotConnected,
        VaultError::Deleted => TokenRefreshError::Disconnected,
        error => TokenRefreshError::Vault(error),
    }
}

impl TokenRefreshError {
    /// What the audit trail calls it.
    fn code(&self) -> &'static str {
        match self {
            Self::NotConnected => "not_connected",
            Self::Disconnected => "disconnected",
            Self::NotConfigured => "not_configured",
            Self::AppChanged => "reconfigured",
            Self::SignInRejected { finding: Some(finding), .. }
            | Self::Entra(EntraError::AppRejected(finding) | EntraError::SignInRejected { finding, .. }) => {
                finding.kind.code()
            }
            Self::SignInRejected { finding: None, .. } => "reauth_required",
            Self::Entra(EntraError::Unavailable { .. }) => "microsoft_unavailable",
            Self::Entra(_) => "microsoft_protocol",
            Self::Vault(_) => "vault_unavailable",
        }
    }
}

impl TokenRefresher {
    /// Renews connections of `connections` with the apps of `apps`, at `entra`.
    #[must_use]
    pub fn new(apps: AppReader, connections: Connections, entra: EntraClient, clock: Clock) -> Self {
        Self {
            apps,
            connections,
            entra,
            clock,
            flights: KeyedMutex::default(),
            connections_kept: Arc::new(TtlCache::new(CONNECTION_TTL)),
            own: Arc::new(TtlCache::new(OWN_TOKENS_TTL)),
            refusals_kept: Arc::new(TtlCache::new(REJECTION_TTL)),
        }
    }

    /// The connection, with an access token that counts.
    ///
    /// # Errors
    /// [`TokenRefreshError`].
    pub async fn get_valid(&self, customer: &CustomerId, user: &UserId) -> Result<Arc<Connection>, TokenRefreshError> {
        let whose = (customer.clone(), user.clone());
        if let Some(kept) = self.cached(&whose) {
            return Ok(kept);
        }
        let _alone = self.flights.lock(&whose).await;
        if let Some(kept) = self.cached(&whose) {
            return Ok(kept);
        }
        let held = self.connections.get(customer, user).await.map_err(not_connected)?;
        let own = self.own.get(&whose, self.clock.now()).filter(|own| own.0 == held.token && self.is_usable(&own.1));
        if let Some(own) = own {
            return Ok(self.cache(&whose, own.1.clone(), held.read_at));
        }
        if self.is_usable(&held.connection) {
            return Ok(self.cache(&whose, Arc::new(held.connection), held.read_at));
        }
        self.refresh_and_audit(&whose, held, TokenWrite::Beside).await
    }

    /// The connection with newer tokens, unless somebody brought newer ones than `seen` since.
    ///
    /// # Errors
    /// [`TokenRefreshError`].
    pub async fn refresh_if_unchanged(&self, seen: &Connection) -> Result<RefreshOutcome, TokenRefreshError> {
        let whose = (seen.customer.clone(), seen.user.clone());
        let _alone = self.flights.lock(&whose).await;
        self.connections_kept.remove(&whose);
        let held = self.connections.get_now(&whose.0, &whose.1).await.map_err(not_connected)?;
        let own = self.own.get(&whose, self.clock.now()).filter(|own| own.0 == held.token && self.is_usable(&own.1));
        if let Some(own) = own.filter(|own| own.1.obtained_at > seen.obtained_at) {
            return Ok(RefreshOutcome::RefreshedElsewhere(self.cache(&whose, own.1.clone(), held.read_at)));
        }
        if held.connection.obtained_at > seen.obtained_at && self.is_usable(&held.connection) {
            let newer = self.cache(&whose, Arc::new(held.connection), held.read_at);
            return Ok(RefreshOutcome::RefreshedElsewhere(newer));
        }
        self.refresh_and_audit(&whose, held, TokenWrite::Beside).await.map(RefreshOutcome::Refreshed)
    }

    /// The connection with new tokens, whatever the age of those that are there, and they lie in the vault.
    ///
    /// # Errors
    /// [`TokenRefreshError`].
    pub async fn force_refresh(
        &self,
        customer: &CustomerId,
        user: &UserId,
    ) -> Result<Arc<Connection>, TokenRefreshError> {
        let whose = (customer.clone(), user.clone());
        let _alone = self.flights.lock(&whose).await;
        self.connections_kept.remove(&whose);
        let held = self.connections.get_now(customer, user).await.map_err(not_connected)?;
        self.refresh_and_audit(&whose, held, TokenWrite::Awaited).await
    }

    /// What Entra says about the refresh token that the schedule read, for it to write; many of one secret are one write.
    ///
    /// # Errors
    /// [`TokenRefreshError`] where nothing was learned about this recruiter's token.
    pub async fn ask(&self, held: StoredConnection) -> Result<RefreshResult, TokenRefreshError> {
        let whose = (held.connection.customer.clone(), held.connection.user.clone());
        let _alone = self.flights.lock(&whose).await;
        let (tenure, redeemed) = (held.tenure, held.token);
        let result = |outcome| RefreshResult { customer: whose.0.clone(), user: whose.1.clone(), redeemed, outcome };
        let answer = self.request_tokens(&held.connection, tenure).await;
        self.audit(&whose, answer.as_ref().map(drop));
        match answer? {
            Ok(tokens) => Ok(result(Ok(Arc::new(held.connection.with_tokens(tokens))))),
            Err(rejection) => Ok(result(Err(rejection.event()))),
        }
    }

    /// A token that still counts serves, also while the refresh token is in doubt.
    fn is_usable(&self, connection: &Connection) -> bool {
        connection.life.standing != HealthState::NeedsReauth && connection.has_valid_access_token(self.clock.now())
    }

    fn cached(&self, whose: &(CustomerId, UserId)) -> Option<Arc<Connection>> {
        self.connections_kept.get(whose, self.clock.now()).filter(|kept| self.is_usable(kept))
    }

    fn cache(&self, whose: &(CustomerId, UserId), connection: Arc<Connection>, at: Timestamp) -> Arc<Connection> {
        self.connections_kept.insert(whose.clone(), connection.clone(), at);
        connection
    }

    async fn refresh_and_audit(
        &self,
        whose: &(CustomerId, UserId),
        held: StoredConnection,
        write: TokenWrite,
    ) -> Result<Arc<Connection>, TokenRefreshError> {
        let refreshed = self.refresh_once_or_retry(whose, held, write).await;
        self.audit(whose, refreshed.as_ref().map(drop));
        refreshed
    }

    fn audit(&self, (customer, user): &(CustomerId, UserId), outcome: Result<(), &TokenRefreshError>) {
        let entry = AuditEntry::new(AuditAction::RenewTokens, AuditActor::Product).customer(customer).user(user);
        match outcome {
            Ok(()) => entry.succeeded(),
            Err(error) => entry.refused(error.code()),
        }
    }

    async fn refresh_once_or_retry(
        &self,
        whose: &(CustomerId, UserId),
        held: StoredConnection,
        write: TokenWrite,
    ) -> Result<Arc<Connection>, TokenRefreshError> {
        let unable = match self.request_tokens(&held.connection, held.tenure).await {
            Ok(Ok(tokens)) => return self.store_tokens(whose, (held, tokens), write).await,
            Ok(Err(rejection)) => Ok(rejection),
            Err(error @ (TokenRefreshError::NotConnected | TokenRefreshError::AppChanged)) => Err(error),
            Err(error) => return Err(error),
        };
        // Somebody may have brought another refresh token meanwhile. Then this says nothing about that one.
        let present = self.connections.get_now(&whose.0, &whose.1).await.map_err(not_connected)?;
        if present.token == held.token {
            return Err(match unable {
                Ok(rejection) => self.store_rejection(present, rejection).await,
                Err(error) => error,
            });
        }
        if self.is_usable(&present.connection) {
            return Ok(self.cache(whose, Arc::new(present.connection), present.read_at));
        }
        match self.request_tokens(&present.connection, present.tenure).await? {
            Ok(tokens) => self.store_tokens(whose, (present, tokens), write).await,
            Err(rejection) => Err(self.store_rejection(present, rejection).await),
        }
    }

    /// New tokens, or why Entra does not give any to this recruiter.
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
            Err(EntraError::SignInRejected { finding, certain }) => Ok(Err(RefreshRejection { finding, certain })),
            Err(EntraError::AppRejected(finding)) => {
                if let Some(tokens) = self.refresh_with_previous_credential(&app.value, connection, finding.kind).await
                {
                    return Ok(Ok(tokens));
                }
                let refused = Arc::new((app.version, finding.clone()));
                self.refusals_kept.insert(connection.customer.clone(), refused, self.clock.now());
                Err(TokenRefreshError::Entra(EntraError::AppRejected(finding)))
            }
            Err(error) => Err(TokenRefreshError::Entra(error)),
        }
    }

    /// New tokens by the credential that the present one replaced, where that may be tried.
    async fn refresh_with_previous_credential(
        &self,
        app: &EntraApp,
        connection: &Connection,
        refused: FindingKind,
    ) -> Option<TokenSet> {
        let former = self.apps.previous_credential(&connection.customer, app, refused).await?;
        let tokens = self.entra.refresh(&former, &connection.refresh).await.ok()?;
        tracing::warn!(customer = %connection.customer, "the former credential served, the new one is refused");
        Some(tokens)
    }

    /// Entra refused this very version of the app's credential a moment ago. A new one is tried at once.
    fn recent_rejection(&self, customer: &CustomerId, version: &VersionId) -> Option<Finding> {
        let kept = self.refusals_kept.get(customer, self.clock.now())?;
        (kept.0 == *version).then(|| kept.1.clone())
    }

    async fn read_app(&self, connection: &Connection, tenure: Timestamp) -> Result<StoredApp, TokenRefreshError> {
        let app = self.apps.read(&connection.customer).await.map_err(|error| match error {
            VaultError::NotFound | VaultError::Deleted => TokenRefreshError::NotConfigured,
            error => TokenRefreshError::Vault(error),
        })?;
        match tenure.cmp(&app.tenure) {
            // The customer left and began anew since.
            Ordering::Less => return Err(TokenRefreshError::NotConnected),
            // The app that was read is not the newest: a replica lags behind.
            Ordering::Greater => return Err(TokenRefreshError::Vault(VaultError::Stale)),
            Ordering::Equal => {}
        }
        let same = app.value.tenant == connection.tenant && app.value.client_id == connection.client_id;
        if same { Ok(app) } else { Err(TokenRefreshError::AppChanged) }
    }

    /// Keeps the new tokens: in this process, and in the vault. Where others came first there, or the vault does not answer,
    /// they serve all the same, and the refresh token that lies there the next time; but not once there is no connection.
    async fn store_tokens(
        &self,
        whose: &(CustomerId, UserId),
        (held, tokens): (StoredConnection, TokenSet),
        write: TokenWrite,
    ) -> Result<Arc<Connection>, TokenRefreshError> {
        let StoredConnection { connection, tenure, read_at, token } = held;
        let age = connection.obtained_at.duration_until(self.clock.now());
        let connection = Arc::new(connection.with_tokens(tokens));
        self.own.insert(whose.clone(), Arc::new((token, connection.clone())), self.clock.now());
        let (customer, user) = whose.clone();
        let result = RefreshResult { customer, user, redeemed: token, outcome: Ok(connection.clone()) };
        let class = match write {
            TokenWrite::Awaited => ConnectionWrite::Always,
            TokenWrite::Beside if age > WRITTEN_IN_ANY_CASE_AFTER => ConnectionWrite::Due,
            TokenWrite::Beside => ConnectionWrite::Routine,
        };
        let connections = self.connections.clone();
        let writing = async move { connections.store_result(class, (tenure, &result)).await };
        match write {
            TokenWrite::Beside => {
                tokio::spawn(async move {
                    if let Err(error) = writing.await {
                        tracing::debug!(error = %error, "new tokens were left out of the vault");
                    }
                });
            }
            TokenWrite::Awaited => match writing.await {
                Ok(StoredTokens::Stored | StoredTokens::Overtaken) => {}
                Ok(StoredTokens::Ended) | Err(VaultError::Deleted) => return Err(TokenRefreshError::Disconnected),
                Err(VaultError::NotFound) => return Err(TokenRefreshError::NotConnected),
                Err(error) => tracing::error!(error = %error, customer = %whose.0, "new tokens could not be kept"),
            },
        }
        Ok(self.cache(whose, connection, read_at))
    }

    /// Notes that Entra rejected the refresh token that lies in the vault.
    async fn store_rejection(&self, held: StoredConnection, rejection: RefreshRejection) -> TokenRefreshError {
        let StoredConnection { connection, tenure, token: redeemed, .. } = held;
        let (event, now) = (rejection.event(), self.clock.now());
        let (customer, user) = (connection.customer.clone(), connection.user.clone());
        let result = RefreshResult { customer, user, redeemed, outcome: Err(event) };
        // A writer that came first knows better; the next request reads what he wrote.
        if let Err(error) = self.connections.store_result(ConnectionWrite::Always, (tenure, &result)).await {
            tracing::warn!(error = %error, "a doubt about a connection was not kept");
        }
        self.rejection_error(&connection.apply(event, now), Some(rejection.finding))
    }

    fn rejection_error(&self, connection: &Connection, finding: Option<Finding>) -> TokenRefreshError {
        let known = || FindingKind::ALL.iter().find(|kind| Some(kind.code()) == connection.life.reason.as_deref());
        let finding = finding.or_else(|| known().map(|kind| Finding::from(*kind)));
        let next_try = connection.life.retry_after(self.clock.now());
        TokenRefreshError::SignInRejected {
            finding,
            retry_after: next_try.map(|wait| Duration::try_from(wait).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests;
