//! A connection that works now: read, and renewed where its access token has lapsed.
//!
//! Two processes may renew the same connection at once. Entra keeps the old refresh token alive and the vault lets one
//! writer win, so the loser goes on with what the winner kept. Inside one process, requests for the same recruiter wait
//! for one another and Entra is asked once.
//!
//! What a process has read it keeps for a minute at most: so long a disconnected recruiter can still make meetings, and
//! so long a warm function needs nothing but Graph.

use std::sync::Arc;
use std::time::Duration;

use crate::adapters::microsoft::entra::{EntraClient, EntraError};
use crate::adapters::vault::apps::AppReader;
use crate::adapters::vault::connections::Connections;
use crate::adapters::vault::model::{VaultError, VersionId};
use crate::adapters::vault::secret_store::Versioned;
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
    refusals_kept: Arc<TtlCache<CustomerId, (VersionId, Finding)>>,
}

/// A connection, and when the vault was last asked about it: no later can it be known that the recruiter is still
/// connected.
struct ReadAt<C> {
    connection: C,
    at: Timestamp,
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
        let ReadAt { connection: held, at } = self.read_connection(customer, user).await?;
        let known = if self.is_usable(&held.value) {
            ReadAt { connection: held.value, at }
        } else {
            self.refresh_and_audit(ReadAt { connection: held, at }).await?
        };
        Ok(self.cache(whose, known))
    }

    /// The connection renewed now, unless somebody renewed it since `seen` was.
    ///
    /// # Errors
    /// [`TokenRefreshError`].
    pub async fn refresh_if_unchanged(&self, seen: &Connection) -> Result<RefreshOutcome, TokenRefreshError> {
        let whose = (seen.customer.clone(), seen.user.clone());
        let _alone = self.flights.lock(&whose).await;
        self.connections_kept.remove(&whose);
        let ReadAt { connection: held, at } = self.read_connection(&seen.customer, &seen.user).await?;
        if held.value.obtained_at > seen.obtained_at && self.is_usable(&held.value) {
            return Ok(RefreshOutcome::RefreshedElsewhere(self.cache(whose, ReadAt { connection: held.value, at })));
        }
        let renewed = self.refresh_and_audit(ReadAt { connection: held, at }).await?;
        Ok(RefreshOutcome::Refreshed(self.cache(whose, renewed)))
    }

    /// The connection renewed now, whatever the age of its tokens.
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
        let held = self.read_connection(customer, user).await?;
        let renewed = self.refresh_and_audit(held).await?;
        Ok(self.cache(whose, renewed))
    }

    /// A token that still counts serves, also while the refresh token is in doubt.
    fn is_usable(&self, connection: &Connection) -> bool {
        connection.life.standing != HealthState::NeedsReauth && connection.has_valid_access_token(self.clock.now())
    }

    fn cached(&self, whose: &(CustomerId, UserId)) -> Option<Arc<Connection>> {
        self.connections_kept.get(whose, self.clock.now()).filter(|kept| self.is_usable(kept))
    }

    fn cache(&self, whose: (CustomerId, UserId), known: ReadAt<Connection>) -> Arc<Connection> {
        let connection = Arc::new(known.connection);
        self.connections_kept.insert(whose, connection.clone(), known.at);
        connection
    }

    async fn read_connection(
        &self,
        customer: &CustomerId,
        user: &UserId,
    ) -> Result<ReadAt<Versioned<Connection>>, TokenRefreshError> {
        let at = self.clock.now();
        let read = self.connections.read(customer, user).await.map_err(|error| match error {
            VaultError::NotFound => TokenRefreshError::NotConnected,
            VaultError::Deleted => TokenRefreshError::Disconnected,
            error => TokenRefreshError::Vault(error),
        });
        read.map(|connection| ReadAt { connection, at })
    }

    async fn refresh_and_audit(
        &self,
        held: ReadAt<Versioned<Connection>>,
    ) -> Result<ReadAt<Connection>, TokenRefreshError> {
        let (customer, user) = (held.connection.value.customer.clone(), held.connection.value.user.clone());
        let renewed = self.refresh_once_or_retry(held).await;
        let entry = AuditEntry::new(AuditAction::RenewTokens, AuditActor::Product).customer(&customer).user(&user);
        match &renewed {
            Ok(_) => entry.succeeded(),
            Err(error) => entry.refused(error.code()),
        }
        renewed
    }

    async fn refresh_once_or_retry(
        &self,
        known: ReadAt<Versioned<Connection>>,
    ) -> Result<ReadAt<Connection>, TokenRefreshError> {
        let held = &known.connection;
        let refusal = match self.request_tokens(&held.value).await? {
            Ok(tokens) => return self.store_tokens(known, tokens).await,
            Err(refusal) => refusal,
        };
        // Somebody may have brought another refresh token meanwhile. Then the refusal says nothing about that one.
        let ReadAt { connection: present, at } = self.read_connection(&held.value.customer, &held.value.user).await?;
        if present.version == held.version {
            return Err(self.mark_suspect(present, refusal).await);
        }
        if self.is_usable(&present.value) {
            return Ok(ReadAt { connection: present.value, at });
        }
        match self.request_tokens(&present.value).await? {
            Ok(tokens) => self.store_tokens(ReadAt { connection: present, at }, tokens).await,
            Err(refusal) => Err(self.mark_suspect(present, refusal).await),
        }
    }

    /// New tokens, or why Entra does not give any to this recruiter.
    async fn request_tokens(
        &self,
        connection: &Connection,
    ) -> Result<Result<TokenSet, RefreshRejection>, TokenRefreshError> {
        if !connection.life.may_refresh(self.clock.now()) {
            return Err(self.rejection_error(connection, None));
        }
        let app = self.read_app(connection).await?;
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

    async fn read_app(&self, connection: &Connection) -> Result<Versioned<EntraApp>, TokenRefreshError> {
        let app = self.apps.read(&connection.customer).await.map_err(|error| match error {
            VaultError::NotFound | VaultError::Deleted => TokenRefreshError::NotConfigured,
            error => TokenRefreshError::Vault(error),
        })?;
        let same = app.value.tenant == connection.tenant && app.value.client_id == connection.client_id;
        if same { Ok(app) } else { Err(TokenRefreshError::AppChanged) }
    }

    /// Keeps the new tokens. Whoever came first is right: then his are taken, or there is no connection any more. Where the
    /// vault does not answer, the tokens still serve this request, and the old refresh token the next one.
    async fn store_tokens(
        &self,
        known: ReadAt<Versioned<Connection>>,
        tokens: TokenSet,
    ) -> Result<ReadAt<Connection>, TokenRefreshError> {
        let ReadAt { connection: held, at } = known;
        let (connection, held) = held.into_parts();
        let written_at = self.clock.now();
        match self.connections.replace(&held, connection.with_tokens(tokens)).await {
            Ok(kept) => Ok(ReadAt { connection: kept.value, at: written_at }),
            Err((VaultError::Deleted, _)) => Err(TokenRefreshError::Disconnected),
            Err((VaultError::Stale, renewed)) => match self.read_connection(&renewed.customer, &renewed.user).await {
                Ok(winner) if self.is_usable(&winner.connection.value) => {
                    Ok(ReadAt { connection: winner.connection.value, at: winner.at })
                }
                Err(error @ (TokenRefreshError::NotConnected | TokenRefreshError::Disconnected)) => Err(error),
                Ok(_) | Err(_) => Ok(ReadAt { connection: *renewed, at }),
            },
            Err((error, renewed)) => {
                tracing::error!(error = %error, customer = %renewed.customer, "new tokens could not be kept");
                Ok(ReadAt { connection: *renewed, at })
            }
        }
    }

    /// Notes that Entra refused the refresh token that is in the vault.
    async fn mark_suspect(&self, held: Versioned<Connection>, refusal: RefreshRejection) -> TokenRefreshError {
        let RefreshRejection { finding, certain } = refusal;
        let event = if certain { HealthEvent::Wanted(finding.kind) } else { HealthEvent::Rejected(finding.kind) };
        let (connection, held) = held.into_parts();
        let doubted = connection.apply(event, self.clock.now());
        let lost = self.rejection_error(&doubted, Some(finding));
        // A writer that came first knows better; the next request reads what he wrote.
        if let Err((error, _)) = self.connections.replace(&held, doubted).await {
            tracing::warn!(error = %error, "a doubt about a connection was not kept");
        }
        lost
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
