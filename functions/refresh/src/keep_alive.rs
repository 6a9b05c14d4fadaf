//! A run of the schedule: look at the tags of all secrets, see what is due, and do it until the time is over.
//!
//! Nothing is kept between two runs. What one run did not get to is still due in the next, and older; so each begins
//! with what has waited longest. Two runs at once do the same work twice and no harm.

mod app_check;
mod circuit_breaker;
mod reminder;
mod report;
mod throttle;
mod work_plan;

use futures_util::StreamExt;
use futures_util::stream;

use shared::adapters::vault::apps::AppStatusUpdate;
use shared::adapters::vault::model::VaultError;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::entra_app::ConnectionCounts;
use shared::types::clock::{Clock, SignedDuration, Timestamp};
use shared::types::ids::{ClientId, CustomerId, TenantId, UserId};
use shared::use_cases::token_refresh::TokenRefreshError;

use crate::Refresh;
use circuit_breaker::CircuitBreaker;
pub use report::KeepAliveReport;
use report::TaskOutcome;
use throttle::Throttle;
use work_plan::WorkPlan;

/// Calls that wait for an answer at the same time: at half a second each, enough to use up what [`Throttle`] grants.
const MAX_IN_FLIGHT: usize = 16;

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
enum KeepAliveTask {
    /// The customer was offboarded: this recruiter is connected to nothing.
    Disconnect(CustomerId, UserId),
    /// The recruiter was disconnected, and whoever did so was interrupted before the secret was put away.
    FinishDisconnect(CustomerId, UserId),
    /// The customer was offboarded: nobody needs to know where this recruiter's interviews went.
    DeleteHandOvers(CustomerId, UserId),
    /// The customer's credential was not looked at for a day.
    Check(CustomerId),
    /// The customer's credential ends in so many days; this reminder was not given yet.
    SendReminder { customer: CustomerId, of: (TenantId, ClientId), days_left: i32, reminder: i32 },
    /// The customer's connections are others than those that were counted last.
    StoreCounts { customer: CustomerId, of: (TenantId, ClientId), count: ConnectionCounts },
    /// The refresh token has lain unused, or is in doubt.
    RefreshTokens(CustomerId, UserId),
}

/// Until when a run may begin something.
struct Deadline<'r> {
    clock: &'r Clock,
    began: Timestamp,
    time: SignedDuration,
}

impl Deadline<'_> {
    fn is_over(&self) -> bool {
        self.began.duration_until(self.clock.now()) >= self.time
    }

    fn is_half_over(&self) -> bool {
        self.began.duration_until(self.clock.now()) >= self.time / 2
    }
}

impl Refresh {
    /// Disconnects the recruiters of customers who were offboarded, and finishes disconnections that were interrupted;
    /// checks every customer's credential once a day; uses the refresh tokens that have lain for 30 days, so that none
    /// lapses after 90; and asks again about connections that were doubted. Begins nothing after `time`; what is left is
    /// for the next run. A customer or a connection that fails stops none of the others.
    ///
    /// # Errors
    /// [`VaultError`] when the secrets cannot be listed.
    pub async fn keep_alive(&self, time: SignedDuration) -> Result<KeepAliveReport, VaultError> {
        let until = Deadline { clock: &self.clock, began: self.clock.now(), time };
        let survey = WorkPlan::build(&self.list, &until).await?;
        let mut report = KeepAliveReport { seen: survey.seen, ..KeepAliveReport::default() };
        let tasks = survey.into_tasks();
        let (pace, poison) = (Throttle::new(), CircuitBreaker::default());
        let work = stream::iter(tasks).map(|task| self.run_task(task, &until, &pace, &poison));
        let mut done = work.buffer_unordered(MAX_IN_FLIGHT);
        while let Some(done) = done.next().await {
            report.count(done);
        }
        report.log();
        Ok(report)
    }

    /// Does a task when its turn comes, if there is time and its customer is not set aside.
    async fn run_task(
        &self,
        task: KeepAliveTask,
        until: &Deadline<'_>,
        pace: &Throttle,
        poison: &CircuitBreaker,
    ) -> TaskOutcome {
        let is_out = || until.is_over() || poison.is_open(task.customer());
        if is_out() {
            return TaskOutcome::Skipped;
        }
        pace.acquire().await;
        if is_out() {
            return TaskOutcome::Skipped;
        }
        match &task {
            KeepAliveTask::Disconnect(customer, user) => {
                let deletion = self.connections.delete(customer, user);
                self.disconnect_if_offboarded(customer, user, (AuditAction::Disconnect, deletion)).await
            }
            KeepAliveTask::FinishDisconnect(customer, user) => self.finish_disconnect(customer, user).await,
            KeepAliveTask::DeleteHandOvers(customer, user) => {
                let deletion = self.hand_overs.delete(customer, user);
                self.disconnect_if_offboarded(customer, user, (AuditAction::ForgetHandOvers, deletion)).await
            }
            KeepAliveTask::Check(customer) => self.check_app(customer, poison).await,
            KeepAliveTask::SendReminder { customer, of, days_left, reminder } => {
                self.send_reminder(customer, *of, *days_left, *reminder).await
            }
            KeepAliveTask::StoreCounts { customer, of, count } => {
                self.record_status(customer, *of, AppStatusUpdate::ConnectionCounts(*count)).await
            }
            KeepAliveTask::RefreshTokens(customer, user) => self.refresh_tokens(customer, user, poison).await,
        }
    }

    /// The list may be behind: whether the customer is gone, his app says itself.
    async fn disconnect_if_offboarded(
        &self,
        customer: &CustomerId,
        user: &UserId,
        (deed, deletion): (AuditAction, impl Future<Output = Result<(), VaultError>>),
    ) -> TaskOutcome {
        match self.apps.summary(customer).await {
            Ok(_) => return TaskOutcome::NotDue,
            Err(VaultError::Deleted | VaultError::NotFound) => {}
            Err(error) => return TaskOutcome::failed(customer, Some(user), &error),
        }
        match deletion.await {
            Ok(()) => {
                AuditEntry::new(deed, AuditActor::Schedule).customer(customer).user(user).succeeded();
                TaskOutcome::Removed
            }
            Err(error) => TaskOutcome::failed(customer, Some(user), &error),
        }
    }

    async fn finish_disconnect(&self, customer: &CustomerId, user: &UserId) -> TaskOutcome {
        match self.connections.finish_disconnect(customer, user).await {
            Ok(true) => {
                AuditEntry::new(AuditAction::Disconnect, AuditActor::Schedule)
                    .customer(customer)
                    .user(user)
                    .succeeded();
                TaskOutcome::Removed
            }
            Ok(false) | Err(VaultError::NotFound) => TaskOutcome::NotDue,
            Err(error) => TaskOutcome::failed(customer, Some(user), &error),
        }
    }

    async fn refresh_tokens(&self, customer: &CustomerId, user: &UserId, poison: &CircuitBreaker) -> TaskOutcome {
        match self.renewal.force_refresh(customer, user).await {
            Ok(_) => {
                poison.record_success(customer);
                TaskOutcome::Renewed
            }
            // Disconnected while we looked, or by somebody who could not finish: nothing to keep alive.
            Err(TokenRefreshError::NotConnected) => TaskOutcome::NotDue,
            Err(TokenRefreshError::Disconnected) => self.finish_disconnect(customer, user).await,
            Err(error) => {
                poison.record_refresh_error(customer, &error);
                TaskOutcome::failed(customer, Some(user), &error)
            }
        }
    }
}

impl KeepAliveTask {
    fn customer(&self) -> &CustomerId {
        let (Self::Disconnect(customer, _)
        | Self::FinishDisconnect(customer, _)
        | Self::DeleteHandOvers(customer, _)
        | Self::Check(customer)
        | Self::SendReminder { customer, .. }
        | Self::StoreCounts { customer, .. }
        | Self::RefreshTokens(customer, _)) = self;
        customer
    }
}
