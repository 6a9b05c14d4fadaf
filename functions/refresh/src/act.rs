//! The calls that the handler and the schedule make.

use std::sync::Arc;

use shared::caller::Caller;
use shared::clock::{SignedDuration, Timestamp};
use shared::connection::{Connection, KEEP_ALIVE_AFTER, State};
use shared::ids::{CustomerId, UserId};
use shared::renewal::RenewalError;
use shared::vault::connections::ConnectionCard;
use shared::vault::terms::VaultError;
use shared::web::problem::Problem;

use crate::Refresh;

/// What a run of the schedule did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Connections that were looked at, by their tags.
    pub seen: usize,
    /// Those whose refresh token was used in time.
    pub renewed: usize,
    /// Those of customers who were offboarded, disconnected now.
    pub removed: usize,
    /// Those that could not be renewed; the log says why.
    pub failed: usize,
    /// Those that are left for the next run.
    pub left: usize,
}

impl Refresh {
    pub(crate) async fn renew(
        &self,
        caller: &Caller,
        customer: &CustomerId,
        user: &UserId,
    ) -> Result<Arc<Connection>, Problem> {
        let connection = self.renewal.renewed(customer, user).await?;
        tracing::info!(key = caller.key_id, %customer, %user, "renewed");
        Ok(connection)
    }

    /// Uses the refresh tokens that have lain for 30 days, the oldest first, so that none lapses after 90; asks again
    /// about connections that were doubted; and disconnects the recruiters of customers who were offboarded. Ends after
    /// `time`; what is left is for the next run. One connection that cannot be renewed stops none of the others.
    ///
    /// # Errors
    /// [`VaultError`] when the connections cannot be listed.
    pub async fn keep_alive(&self, time: SignedDuration) -> Result<Report, VaultError> {
        let began = self.clock.now();
        let all = self.all().await?;
        let mut report = Report { seen: all.len(), ..Report::default() };
        let (left_behind, mut due) = self.sorted(all, began).await?;
        due.sort();
        report.left = left_behind.len() + due.len();
        let in_time = || began.duration_until(self.clock.now()) < time;
        for (customer, user) in left_behind {
            if !in_time() {
                return Ok(report);
            }
            report.left -= 1;
            match self.connections.delete(&customer, &user).await {
                Ok(()) => report.removed += 1,
                Err(error) => report.fail(&customer, &user, &error),
            }
        }
        for (_, customer, user) in due {
            if !in_time() {
                break;
            }
            report.left -= 1;
            match self.renewal.renewed(&customer, &user).await {
                Ok(_) => report.renewed += 1,
                // Disconnected while we looked: nothing to keep alive.
                Err(RenewalError::NotConnected | RenewalError::Disconnected) => {}
                Err(error) => report.fail(&customer, &user, &error),
            }
        }
        let Report { seen, renewed, removed, failed, left } = report;
        tracing::info!(seen, renewed, removed, failed, left, "kept alive");
        Ok(report)
    }

    async fn all(&self) -> Result<Vec<Listed>, VaultError> {
        let mut page = self.list.page(None).await?;
        let mut all = page.connections;
        while let Some(next) = page.next {
            page = self.list.page(Some(&next)).await?;
            all.append(&mut page.connections);
        }
        Ok(all)
    }

    /// Which connections belong to nobody any more, and which are due. They come in the order of their names, so each
    /// customer is looked at once.
    async fn sorted(&self, all: Vec<Listed>, now: Timestamp) -> Result<(Vec<Recruiter>, Vec<Due>), VaultError> {
        let (mut left_behind, mut due) = (Vec::new(), Vec::new());
        let mut known: Option<(CustomerId, bool)> = None;
        for (customer, user, card) in all {
            let offboarded = match &known {
                Some((last, offboarded)) if *last == customer => *offboarded,
                _ => match self.apps.card(&customer).await {
                    Ok(_) => false,
                    Err(VaultError::Deleted | VaultError::NotFound) => true,
                    Err(error) => return Err(error),
                },
            };
            known = Some((customer.clone(), offboarded));
            if offboarded {
                left_behind.push((customer, user));
            } else if is_due(&card, now) {
                due.push((card.renewed_at, customer, user));
            }
        }
        Ok((left_behind, due))
    }
}

type Listed = (CustomerId, UserId, ConnectionCard);
type Recruiter = (CustomerId, UserId);
type Due = (Timestamp, CustomerId, UserId);

fn is_due(card: &ConnectionCard, now: Timestamp) -> bool {
    match card.state {
        State::Active | State::CustomerBlocked => card.renewed_at.duration_until(now) >= KEEP_ALIVE_AFTER,
        State::Suspect => true,
        State::NeedsReauth | State::Disconnected => false,
    }
}

impl Report {
    fn fail(&mut self, customer: &CustomerId, user: &UserId, error: &dyn std::error::Error) {
        self.failed += 1;
        tracing::warn!(%customer, %user, error = %error, "a connection could not be kept alive");
    }
}
