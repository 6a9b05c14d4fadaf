//! A connection that works now: read, and renewed where its access token has lapsed.
//!
//! Two processes may renew the same connection at once. Entra keeps the old refresh token alive and the vault lets one
//! writer win, so the loser goes on with what the winner kept. Inside one process, requests for the same recruiter wait
//! for one another and Entra is asked once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::connection::{CONFIRMATION_TIME, Connection, State};
use crate::entra_app::EntraApp;
use crate::finding::{Finding, Kind};
use crate::ids::{CustomerId, UserId};
use crate::microsoft::entra::{Entra, EntraError};
use crate::vault::Held;
use crate::vault::apps::AppReader;
use crate::vault::connections::Connections;
use crate::vault::terms::VaultError;

/// What it takes to keep connections working.
#[derive(Clone, Debug)]
pub struct Renewal {
    apps: AppReader,
    connections: Connections,
    entra: Entra,
    clock: Clock,
    flights: Flights,
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

impl Renewal {
    /// Renews connections of `connections` with the apps of `apps`, at `entra`.
    #[must_use]
    pub fn new(apps: AppReader, connections: Connections, entra: Entra, clock: Clock) -> Self {
        Self { apps, connections, entra, clock, flights: Flights::default() }
    }

    /// The connection, with an access token that counts.
    ///
    /// # Errors
    /// [`RenewalError`].
    pub async fn fresh(&self, customer: &CustomerId, user: &UserId) -> Result<Connection, RenewalError> {
        let held = self.read(customer, user).await?;
        if self.serves(&held.value) {
            return Ok(held.value);
        }
        let _alone = self.flights.board(customer, user).await;
        let held = self.read(customer, user).await?;
        if self.serves(&held.value) {
            return Ok(held.value);
        }
        self.renew(held).await
    }

    /// The connection renewed now, unless somebody renewed it since `seen` was.
    ///
    /// # Errors
    /// [`RenewalError`].
    pub async fn renewed_since(&self, seen: &Connection) -> Result<Connection, RenewalError> {
        let _alone = self.flights.board(&seen.customer, &seen.user).await;
        let held = self.read(&seen.customer, &seen.user).await?;
        if held.value.obtained_at > seen.obtained_at && held.value.is_fresh(self.clock.now()) {
            return Ok(held.value);
        }
        self.renew(held).await
    }

    /// The connection renewed now, whatever the age of its tokens.
    ///
    /// # Errors
    /// [`RenewalError`].
    pub async fn renewed(&self, customer: &CustomerId, user: &UserId) -> Result<Connection, RenewalError> {
        let _alone = self.flights.board(customer, user).await;
        let held = self.read(customer, user).await?;
        self.renew(held).await
    }

    /// A token that still counts serves, also while the refresh token is in doubt.
    fn serves(&self, connection: &Connection) -> bool {
        connection.state != State::NeedsReauth && connection.is_fresh(self.clock.now())
    }

    async fn read(&self, customer: &CustomerId, user: &UserId) -> Result<Held<Connection>, RenewalError> {
        self.connections.read(customer, user).await.map_err(|error| match error {
            VaultError::NotFound => RenewalError::NotConnected,
            VaultError::Deleted => RenewalError::Disconnected,
            error => RenewalError::Vault(error),
        })
    }

    async fn renew(&self, held: Held<Connection>) -> Result<Connection, RenewalError> {
        if !held.value.may_try(self.clock.now()) {
            return Err(self.lost(&held.value, None));
        }
        let app = self.app_of(&held.value).await?;
        match self.entra.renew(&app, &held.value.refresh).await {
            Ok(tokens) => {
                let (connection, held) = held.split();
                Ok(self.keep(&held, connection.renewed(tokens)).await)
            }
            Err(EntraError::SignInRefused { finding, certain }) => self.doubt(held, &app, finding, certain).await,
            Err(error) => Err(RenewalError::Entra(error)),
        }
    }

    async fn app_of(&self, connection: &Connection) -> Result<EntraApp, RenewalError> {
        let app = self.apps.read(&connection.customer).await.map_err(|error| match error {
            VaultError::NotFound | VaultError::Deleted => RenewalError::NotConfigured,
            error => RenewalError::Vault(error),
        })?;
        let same = app.value.tenant == connection.tenant && app.value.client_id == connection.client_id;
        if same { Ok(app.value) } else { Err(RenewalError::Reconfigured) }
    }

    /// Keeps the renewed connection. Whoever came first is right: then his is taken. Where the vault does not answer,
    /// the tokens still serve this request, and the old refresh token the next one.
    async fn keep(&self, held: &Held<()>, renewed: Connection) -> Connection {
        match self.connections.replace(held, renewed).await {
            Ok(kept) => kept.value,
            Err((VaultError::Stale, renewed)) => match self.read(&renewed.customer, &renewed.user).await {
                Ok(winner) if winner.value.is_fresh(self.clock.now()) => winner.value,
                Ok(_) | Err(_) => *renewed,
            },
            Err((error, renewed)) => {
                tracing::error!(error = %error, customer = %renewed.customer, "new tokens could not be kept");
                *renewed
            }
        }
    }

    /// Entra refused the refresh token. Somebody may have brought a newer one meanwhile: then that one is tried, once.
    async fn doubt(
        &self,
        held: Held<Connection>,
        app: &EntraApp,
        finding: Finding,
        certain: bool,
    ) -> Result<Connection, RenewalError> {
        let now = self.clock.now();
        let present = self.read(&held.value.customer, &held.value.user).await?;
        if present.version != held.version {
            if present.value.is_fresh(now) {
                return Ok(present.value);
            }
            let renewed = self.entra.renew(app, &present.value.refresh).await;
            if let Ok(tokens) = renewed {
                let (connection, held) = present.split();
                return Ok(self.keep(&held, connection.renewed(tokens)).await);
            }
        }
        let (connection, held) = held.split();
        let doubted = connection.doubted(finding.kind, certain, now);
        let lost = self.lost(&doubted, Some(finding));
        // A writer that came first knows better; the next request reads what he wrote.
        if let Err((error, _)) = self.connections.replace(&held, doubted).await {
            tracing::warn!(error = %error, "a doubt about a connection was not kept");
        }
        Err(lost)
    }

    fn lost(&self, connection: &Connection, finding: Option<Finding>) -> RenewalError {
        let known = || Kind::ALL.iter().find(|kind| Some(kind.code()) == connection.reason.as_deref());
        let finding = finding.or_else(|| known().map(|kind| Finding::from(*kind)));
        let since = connection.since.duration_until(self.clock.now());
        let retry_after = (connection.state == State::Suspect)
            .then(|| Duration::try_from(CONFIRMATION_TIME - since).unwrap_or_default());
        RenewalError::Lost { finding, retry_after }
    }
}

type Seats = HashMap<(CustomerId, UserId), Arc<tokio::sync::Mutex<()>>>;

/// One renewal at a time for each recruiter, in this process.
#[derive(Clone, Debug, Default)]
struct Flights(Arc<Mutex<Seats>>);

impl Flights {
    /// Waits until nobody else renews this connection. The place is free again when the guard is dropped, also by a
    /// request that was given up or panicked.
    async fn board(&self, customer: &CustomerId, user: &UserId) -> tokio::sync::OwnedMutexGuard<()> {
        let seat = {
            let mut seats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // A seat that only this map knows is nobody's.
            seats.retain(|_, seat| Arc::strong_count(seat) > 1);
            seats.entry((customer.clone(), user.clone())).or_default().clone()
        };
        seat.lock_owned().await
    }
}
