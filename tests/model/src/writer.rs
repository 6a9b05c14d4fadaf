//! Those who write: each is one request, or one part of the schedule's run.

use shared::adapters::vault::model::VaultError;
use shared::domain::connection::Connection;
use shared::types::secret::Secret;
use shared::use_cases::token_refresh::{RefreshOutcome, TokenRefreshError, TokenRefresher};

use crate::world::ModelWorld;

/// What somebody sets out to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriterAction {
    /// A meeting is ordered.
    Order,
    /// A meeting is ordered, and Graph does not take the access token.
    OrderRefused,
    /// The schedule, or the ATS, renews.
    Renew,
    /// The recruiter signs in and the ATS completes it.
    SignIn,
    /// The ATS disconnects the recruiter.
    Disconnect,
    /// The schedule asks about all that lie together, and writes once.
    Sweep,
    /// The administrator hands over a secret.
    HandOver,
    /// The ATS offboards the customer.
    Offboard,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriterOutcome {
    /// This access token was handed out.
    Served(String),
    /// The ATS was told that this sign-in counts.
    Connected(u64),
    /// It was told that there is no connection any more.
    Disconnected,
    /// It was told that the recruiter must sign in again.
    Lost,
    /// It was told something else that is no success.
    Refused,
    /// The administrator was told that his secret is kept.
    HandedOver,
    /// The ATS was told that the customer is offboarded.
    Offboarded,
}

/// One errand, for one recruiter, in one process.
#[derive(Debug, Clone, Copy)]
pub struct WriterTask {
    /// What for.
    pub errand: WriterAction,
    /// For whom.
    pub recruiter: usize,
    /// Where.
    pub process: usize,
}

impl WriterTask {
    /// Does it.
    pub async fn go(self, world: ModelWorld) -> WriterOutcome {
        let (customer, user) = (&world.customer, &world.recruiters[self.recruiter]);
        let renewal = world.running(self.process);
        match self.errand {
            WriterAction::Order => served(renewal.get_valid(customer, user).await.as_deref()),
            WriterAction::Renew => served(renewal.force_refresh(customer, user).await.as_deref()),
            WriterAction::OrderRefused => {
                let seen = match renewal.get_valid(customer, user).await {
                    Ok(seen) => seen,
                    Err(error) => return served(Err(&error)),
                };
                match renewal.refresh_if_unchanged(&seen).await {
                    Ok(RefreshOutcome::Refreshed(connection) | RefreshOutcome::RefreshedElsewhere(connection)) => {
                        served(Ok(&connection))
                    }
                    Err(error) => served(Err(&error)),
                }
            }
            WriterAction::SignIn => self.sign_in(&world).await.unwrap_or(WriterOutcome::Refused),
            WriterAction::Disconnect => {
                let disconnected = world.vault.connections().disconnect(None, (customer, user)).await;
                disconnected.map_or(WriterOutcome::Refused, |()| WriterOutcome::Disconnected)
            }
            WriterAction::Sweep => {
                drop(sweep(&world, &renewal).await);
                WriterOutcome::Refused
            }
            WriterAction::HandOver => match world.hand_over().await {
                Ok(()) => WriterOutcome::HandedOver,
                Err(_) => WriterOutcome::Refused,
            },
            WriterAction::Offboard => match world.vault.app_writer().offboard(customer).await {
                Ok(()) => WriterOutcome::Offboarded,
                Err(_) => WriterOutcome::Refused,
            },
        }
    }

    /// As the callback function does: look, redeem, keep.
    async fn sign_in(self, world: &ModelWorld) -> Result<WriterOutcome, VaultError> {
        let connections = world.vault.connections();
        let tenure = world.tenure().await?;
        tokio::task::yield_now().await;
        let (issue, made) = world.signed_in(self.recruiter);
        tokio::task::yield_now().await;
        match connections.store_sign_in(tenure, &made).await {
            Ok(()) => Ok(WriterOutcome::Connected(issue.sign_in)),
            Err(_) => Ok(WriterOutcome::Refused),
        }
    }
}

/// As the schedule does: list, ask, write once for each secret.
async fn sweep(world: &ModelWorld, refresher: &TokenRefresher) -> Result<(), VaultError> {
    let connections = world.vault.connections();
    for listed in world.vault.secret_index().page(None).await?.nodes {
        let (mut results, mut tenure) = (Vec::new(), listed.summary.tenure);
        for held in connections.of_node(&listed.node).await? {
            tenure = held.tenure;
            if held.connection.life.may_refresh(world.now()) {
                results.extend(refresher.ask(held).await.ok());
            }
        }
        connections.store_results(&listed.node, (tenure, &results)).await?;
    }
    Ok(())
}

fn served(result: Result<&Connection, &TokenRefreshError>) -> WriterOutcome {
    match result {
        Ok(connection) => WriterOutcome::Served(connection.access.expose().to_owned()),
        Err(TokenRefreshError::SignInRejected { .. }) => WriterOutcome::Lost,
        Err(TokenRefreshError::NotConnected | TokenRefreshError::Disconnected) => WriterOutcome::Disconnected,
        Err(_) => WriterOutcome::Refused,
    }
}
