//! Those who write: each is one request, or one part of the schedule's run.

use shared::connection::Connection;
use shared::renewal::{RenewalError, Renewed};
use shared::secret::Secret;
use shared::vault::terms::VaultError;

use crate::world::World;

/// What somebody sets out to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
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
    /// The schedule puts away what a disconnection left.
    ClearAway,
    /// The administrator hands over a secret.
    HandOver,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
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
}

/// One errand, for one recruiter, in one process.
#[derive(Debug, Clone, Copy)]
pub struct Writer {
    /// What for.
    pub errand: Errand,
    /// For whom.
    pub recruiter: usize,
    /// Where.
    pub process: usize,
}

impl Writer {
    /// Does it.
    pub async fn go(self, world: World) -> Outcome {
        let (customer, user) = (&world.customer, &world.recruiters[self.recruiter]);
        let renewal = world.running(self.process);
        match self.errand {
            Errand::Order => served(renewal.fresh(customer, user).await.as_deref()),
            Errand::Renew => served(renewal.renewed(customer, user).await.as_deref()),
            Errand::OrderRefused => {
                let seen = match renewal.fresh(customer, user).await {
                    Ok(seen) => seen,
                    Err(error) => return served(Err(&error)),
                };
                match renewal.renewed_since(&seen).await {
                    Ok(Renewed::Now(connection) | Renewed::ByAnother(connection)) => served(Ok(&connection)),
                    Err(error) => served(Err(&error)),
                }
            }
            Errand::SignIn => self.sign_in(&world).await.unwrap_or(Outcome::Refused),
            Errand::Disconnect => {
                let connections = world.vault.connections();
                let disconnected = if world.marks_only {
                    connections.delete(customer, user).await
                } else {
                    connections.disconnect(customer, user).await
                };
                disconnected.map_or(Outcome::Refused, |()| Outcome::Disconnected)
            }
            Errand::ClearAway => match world.vault.connections().clear_away(customer, user).await {
                Ok(_) | Err(_) => Outcome::Refused,
            },
            Errand::HandOver => match world.hand_over().await {
                Ok(()) => Outcome::HandedOver,
                Err(_) => Outcome::Refused,
            },
        }
    }

    /// As the callback function does: look, redeem, keep.
    async fn sign_in(self, world: &World) -> Result<Outcome, VaultError> {
        let connections = world.vault.connections();
        let present = connections.present(&world.customer, &world.recruiters[self.recruiter]).await?;
        tokio::task::yield_now().await;
        let (issue, made) = world.signed_in(self.recruiter);
        tokio::task::yield_now().await;
        match connections.succeed(present, made).await {
            Ok(_) => Ok(Outcome::Connected(issue.sign_in)),
            Err(_) => Ok(Outcome::Refused),
        }
    }
}

fn served(result: Result<&Connection, &RenewalError>) -> Outcome {
    match result {
        Ok(connection) => Outcome::Served(connection.access.expose().to_owned()),
        Err(RenewalError::Lost { .. }) => Outcome::Lost,
        Err(RenewalError::NotConnected | RenewalError::Disconnected) => Outcome::Disconnected,
        Err(_) => Outcome::Refused,
    }
}
