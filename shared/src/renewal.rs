//! A connection that works now: read, and renewed where its access token has lapsed.
//!
//! Two processes may renew the same connection at once. Entra keeps the old refresh token alive and the vault lets one
//! writer win, so the loser goes on with what the winner kept. Inside one process, requests for the same recruiter wait
//! for one another and Entra is asked once.
//!
//! What a process has read it keeps for a minute at most: so long a disconnected recruiter can still make meetings, and
//! so long a warm function needs nothing but Graph.

mod flights;
mod kept;

use std::sync::Arc;
use std::time::Duration;

use crate::audit::{By, Deed, Entry};
use crate::clock::{Clock, SignedDuration, Timestamp};
use crate::connection::{Connection, Event, Standing, TokenSet};
use crate::entra_app::EntraApp;
use crate::finding::{Finding, Kind};
use crate::ids::{CustomerId, UserId};
use crate::microsoft::entra::{Entra, EntraError};
use crate::vault::Held;
use crate::vault::apps::AppReader;
use crate::vault::connections::Connections;
use crate::vault::terms::{VaultError, VersionId};

use flights::Flights;
use kept::Kept;

/// How long a connection that was read serves without being read again.
const CONNECTION_KEPT: SignedDuration = SignedDuration::from_secs(60);

/// How long Entra is not asked again with a credential that it refused: a customer's hundred recruiters are one question.
const REFUSAL_KEPT: SignedDuration = SignedDuration::from_secs(30);

/// What it takes to keep connections working.
#[derive(Clone, Debug)]
pub struct Renewal {
    apps: AppReader,
    connections: Connections,
    entra: Entra,
    clock: Clock,
    flights: Flights,
    connections_kept: Arc<Kept<(CustomerId, UserId), Connection>>,
    refusals_kept: Arc<Kept<CustomerId, (VersionId, Finding)>>,
}

/// A connection, and when the vault was last asked about it: no later can it be known that the recruiter is still
/// connected.
struct Known<C> {
    connection: C,
    at: Timestamp,
}

/// Entra's refusal of one recruiter's refresh token.
struct Refusal {
    finding: Finding,
    /// Whether it needs no confirmation.
    certain: bool,
}

/// Newer tokens than those that were seen.
#[derive(Debug)]
pub enum Renewed {
    /// Entra was asked for them.
    Now(Arc<Connection>),
    /// Somebody else had asked before.
    ByAnother(Arc<Connection>),
}

/// Why there is no working connection.
#[derive(Debug, thiserror::Error)]
pub enum RenewalError {
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
    Reconfigured,
    /// The recruiter's sign-in is not accepted.
    #[error("the sign-in is not accepted")]
    Lost {
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

impl RenewalError {
    /// What the audit trail calls it.
    fn code(&self) -> &'static str {
        match self {
            Self::NotConnected => "not_connected",
            Self::Disconnected => "disconnected",
            Self::NotConfigured => "not_configured",
            Self::Reconfigured => "reconfigured",
            Self::Lost { finding: Some(finding), .. }
            | Self::Entra(EntraError::AppRefused(finding) | EntraError::SignInRefused { finding, .. }) => {
                finding.kind.code()
            }
            Self::Lost { finding: None, .. } => "reauth_required",
            Self::Entra(EntraError::Unavailable { .. }) => "microsoft_unavailable",
            Self::Entra(_) => "microsoft_protocol",
            Self::Vault(_) => "vault_unavailable",
        }
    }
}

impl Renewal {
    /// Renews connections of `connections` with the apps of `apps`, at `entra`.
    #[must_use]
    pub fn new(apps: AppReader, connections: Connections, entra: Entra, clock: Clock) -> Self {
        Self {
            apps,
            connections,
            entra,
            clock,
            flights: Flights::default(),
            connections_kept: Arc::new(Kept::new(CONNECTION_KEPT)),
            refusals_kept: Arc::new(Kept::new(REFUSAL_KEPT)),
        }
    }

    /// The connection, with an access token that counts.
    ///
    /// # Errors
    /// [`RenewalError`].
    pub async fn fresh(&self, customer: &CustomerId, user: &UserId) -> Result<Arc<Connection>, RenewalError> {
        let whose = (customer.clone(), user.clone());
        if let Some(kept) = self.kept(&whose) {
            return Ok(kept);
        }
        let _alone = self.flights.board(&whose).await;
        if let Some(kept) = self.kept(&whose) {
            return Ok(kept);
        }
        let Known { connection: held, at } = self.read(customer, user).await?;
        let known = if self.serves(&held.value) {
            Known { connection: held.value, at }
        } else {
            self.renew(Known { connection: held, at }).await?
        };
        Ok(self.keep_for_a_while(whose, known))
    }

    /// The connection renewed now, unless somebody renewed it since `seen` was.
    ///
    /// # Errors
    /// [`RenewalError`].
    pub async fn renewed_since(&self, seen: &Connection) -> Result<Renewed, RenewalError> {
        let whose = (seen.customer.clone(), seen.user.clone());
        let _alone = self.flights.board(&whose).await;
        self.connections_kept.forget(&whose);
        let Known { connection: held, at } = self.read(&seen.customer, &seen.user).await?;
        if held.value.obtained_at > seen.obtained_at && self.serves(&held.value) {
            return Ok(Renewed::ByAnother(self.keep_for_a_while(whose, Known { connection: held.value, at })));
        }
        let renewed = self.renew(Known { connection: held, at }).await?;
        Ok(Renewed::Now(self.keep_for_a_while(whose, renewed)))
    }

    /// The connection renewed now, whatever the age of its tokens.
    ///
    /// # Errors
    /// [`RenewalError`].
    pub async fn renewed(&self, customer: &CustomerId, user: &UserId) -> Result<Arc<Connection>, RenewalError> {
        let whose = (customer.clone(), user.clone());
        let _alone = self.flights.board(&whose).await;
        self.connections_kept.forget(&whose);
        let held = self.read(customer, user).await?;
        let renewed = self.renew(held).await?;
        Ok(self.keep_for_a_while(whose, renewed))
    }

    /// A token that still counts serves, also while the refresh token is in doubt.
    fn serves(&self, connection: &Connection) -> bool {
        connection.life.standing != Standing::NeedsReauth && connection.is_fresh(self.clock.now())
    }

    fn kept(&self, whose: &(CustomerId, UserId)) -> Option<Arc<Connection>> {
        self.connections_kept.get(whose, self.clock.now()).filter(|kept| self.serves(kept))
    }

    fn keep_for_a_while(&self, whose: (CustomerId, UserId), known: Known<Connection>) -> Arc<Connection> {
        let connection = Arc::new(known.connection);
        self.connections_kept.keep(whose, connection.clone(), known.at);
        connection
    }

    async fn read(&self, customer: &CustomerId, user: &UserId) -> Result<Known<Held<Connection>>, RenewalError> {
        let at = self.clock.now();
        let read = self.connections.read(customer, user).await.map_err(|error| match error {
            VaultError::NotFound => RenewalError::NotConnected,
            VaultError::Deleted => RenewalError::Disconnected,
            error => RenewalError::Vault(error),
        });
        read.map(|connection| Known { connection, at })
    }

    async fn renew(&self, held: Known<Held<Connection>>) -> Result<Known<Connection>, RenewalError> {
        let (customer, user) = (held.connection.value.customer.clone(), held.connection.value.user.clone());
        let renewed = self.tried(held).await;
        let entry = Entry::new(Deed::RenewTokens, By::Product).customer(&customer).user(&user);
        match &renewed {
            Ok(_) => entry.done(),
            Err(error) => entry.refused(error.code()),
        }
        renewed
    }

    async fn tried(&self, known: Known<Held<Connection>>) -> Result<Known<Connection>, RenewalError> {
        let held = &known.connection;
        let refusal = match self.ask(&held.value).await? {
            Ok(tokens) => return self.keep(known, tokens).await,
            Err(refusal) => refusal,
        };
        // Somebody may have brought another refresh token meanwhile. Then the refusal says nothing about that one.
        let Known { connection: present, at } = self.read(&held.value.customer, &held.value.user).await?;
        if present.version == held.version {
            return Err(self.doubt(present, refusal).await);
        }
        if self.serves(&present.value) {
            return Ok(Known { connection: present.value, at });
        }
        match self.ask(&present.value).await? {
            Ok(tokens) => self.keep(Known { connection: present, at }, tokens).await,
            Err(refusal) => Err(self.doubt(present, refusal).await),
        }
    }

    /// New tokens, or why Entra does not give any to this recruiter.
    async fn ask(&self, connection: &Connection) -> Result<Result<TokenSet, Refusal>, RenewalError> {
        if !connection.life.may_try(self.clock.now()) {
            return Err(self.lost(connection, None));
        }
        let app = self.app_of(connection).await?;
        if let Some(finding) = self.refusal_of(&connection.customer, &app.version) {
            return Err(RenewalError::Entra(EntraError::AppRefused(finding)));
        }
        match self.entra.renew(&app.value, &connection.refresh).await {
            Ok(tokens) => Ok(Ok(tokens)),
            Err(EntraError::SignInRefused { finding, certain }) => Ok(Err(Refusal { finding, certain })),
            Err(EntraError::AppRefused(finding)) => {
                if let Some(tokens) = self.with_the_former(&app.value, connection, finding.kind).await {
                    return Ok(Ok(tokens));
                }
                let refused = Arc::new((app.version, finding.clone()));
                self.refusals_kept.keep(connection.customer.clone(), refused, self.clock.now());
                Err(RenewalError::Entra(EntraError::AppRefused(finding)))
            }
            Err(error) => Err(RenewalError::Entra(error)),
        }
    }

    /// New tokens by the credential that the present one replaced, where that may be tried.
    async fn with_the_former(&self, app: &EntraApp, connection: &Connection, refused: Kind) -> Option<TokenSet> {
        let former = self.apps.stand_in(&connection.customer, app, refused).await?;
        let tokens = self.entra.renew(&former, &connection.refresh).await.ok()?;
        tracing::warn!(customer = %connection.customer, "the former credential served, the new one is refused");
        Some(tokens)
    }

    /// Entra refused this very version of the app's credential a moment ago. A new one is tried at once.
    fn refusal_of(&self, customer: &CustomerId, version: &VersionId) -> Option<Finding> {
        let kept = self.refusals_kept.get(customer, self.clock.now())?;
        (kept.0 == *version).then(|| kept.1.clone())
    }

    async fn app_of(&self, connection: &Connection) -> Result<Held<EntraApp>, RenewalError> {
        let app = self.apps.read(&connection.customer).await.map_err(|error| match error {
            VaultError::NotFound | VaultError::Deleted => RenewalError::NotConfigured,
            error => RenewalError::Vault(error),
        })?;
        let same = app.value.tenant == connection.tenant && app.value.client_id == connection.client_id;
        if same { Ok(app) } else { Err(RenewalError::Reconfigured) }
    }

    /// Keeps the new tokens. Whoever came first is right: then his are taken, or there is no connection any more. Where the
    /// vault does not answer, the tokens still serve this request, and the old refresh token the next one.
    async fn keep(&self, known: Known<Held<Connection>>, tokens: TokenSet) -> Result<Known<Connection>, RenewalError> {
        let Known { connection: held, at } = known;
        let (connection, held) = held.split();
        let written_at = self.clock.now();
        match self.connections.replace(&held, connection.renewed(tokens)).await {
            Ok(kept) => Ok(Known { connection: kept.value, at: written_at }),
            Err((VaultError::Deleted, _)) => Err(RenewalError::Disconnected),
            Err((VaultError::Stale, renewed)) => match self.read(&renewed.customer, &renewed.user).await {
                Ok(winner) if self.serves(&winner.connection.value) => {
                    Ok(Known { connection: winner.connection.value, at: winner.at })
                }
                Err(error @ (RenewalError::NotConnected | RenewalError::Disconnected)) => Err(error),
                Ok(_) | Err(_) => Ok(Known { connection: *renewed, at }),
            },
            Err((error, renewed)) => {
                tracing::error!(error = %error, customer = %renewed.customer, "new tokens could not be kept");
                Ok(Known { connection: *renewed, at })
            }
        }
    }

    /// Notes that Entra refused the refresh token that is in the vault.
    async fn doubt(&self, held: Held<Connection>, refusal: Refusal) -> RenewalError {
        let Refusal { finding, certain } = refusal;
        let event = if certain { Event::Wanted(finding.kind) } else { Event::Refused(finding.kind) };
        let (connection, held) = held.split();
        let doubted = connection.after(event, self.clock.now());
        let lost = self.lost(&doubted, Some(finding));
        // A writer that came first knows better; the next request reads what he wrote.
        if let Err((error, _)) = self.connections.replace(&held, doubted).await {
            tracing::warn!(error = %error, "a doubt about a connection was not kept");
        }
        lost
    }

    fn lost(&self, connection: &Connection, finding: Option<Finding>) -> RenewalError {
        let known = || Kind::ALL.iter().find(|kind| Some(kind.code()) == connection.life.reason.as_deref());
        let finding = finding.or_else(|| known().map(|kind| Finding::from(*kind)));
        let next_try = connection.life.next_try(self.clock.now());
        RenewalError::Lost { finding, retry_after: next_try.map(|wait| Duration::try_from(wait).unwrap_or_default()) }
    }
}
