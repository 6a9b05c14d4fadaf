//! The calls that the handler and the schedule make.

use shared::caller::Caller;
use shared::clock::{SignedDuration, Timestamp};
use shared::connection::{Connection, KEEP_ALIVE_AFTER, State};
use shared::ids::{CustomerId, UserId};
use shared::renewal::RenewalError;
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
    ) -> Result<Connection, Problem> {
        let connection = self.renewal.renewed(customer, user).await?;
        tracing::info!(key = caller.key_id, %customer, %user, "renewed");
        Ok(connection)
    }

    /// Uses the refresh tokens that have lain for 30 days, the oldest first, so that none lapses after 90; and asks
    /// again about connections that were doubted. Ends after `time`; what is left is for the next run. One connection
    /// that cannot be renewed stops none of the others.
    ///
    /// # Errors
    /// [`VaultError`] when the connections cannot be listed.
    pub async fn keep_alive(&self, time: SignedDuration) -> Result<Report, VaultError> {
        let began = self.clock.now();
        let (mut due, seen) = self.due(began).await?;
        due.sort();
        let mut report = Report { seen, left: due.len(), ..Report::default() };
        for (_, customer, user) in due {
            if began.duration_until(self.clock.now()) >= time {
                break;
            }
            report.left -= 1;
            match self.renewal.renewed(&customer, &user).await {
                Ok(_) => report.renewed += 1,
                // Disconnected while we looked: nothing to keep alive.
                Err(RenewalError::NotConnected | RenewalError::Disconnected) => {}
                Err(error) => {
                    report.failed += 1;
                    tracing::warn!(%customer, %user, error = %error, "a connection could not be kept alive");
                }
            }
        }
        tracing::info!(?report, "kept alive");
        Ok(report)
    }

    async fn due(&self, now: Timestamp) -> Result<(Vec<(Timestamp, CustomerId, UserId)>, usize), VaultError> {
        let (mut due, mut seen, mut next) = (Vec::new(), 0, None);
        loop {
            let page = self.connections.page(next.as_deref()).await?;
            seen += page.connections.len();
            for (customer, user, card) in page.connections {
                let lain = card.renewed_at.duration_until(now) >= KEEP_ALIVE_AFTER;
                let wanted = match card.state {
                    State::Active | State::CustomerBlocked => lain,
                    State::Suspect => true,
                    State::NeedsReauth | State::Disconnected => false,
                };
                if wanted {
                    due.push((card.renewed_at, customer, user));
                }
            }
            next = page.next;
            if next.is_none() {
                return Ok((due, seen));
            }
        }
    }
}
