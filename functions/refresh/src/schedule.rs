//! A run of the schedule: look at the tags of all secrets, see what is due, and do it until the time is over.
//!
//! Nothing is kept between two runs. What one run did not get to is still due in the next, and older; so each begins
//! with what has waited longest. Two runs at once do the same work twice and no harm.

mod check;
mod pace;
mod poison;
mod reminder;
mod report;
mod survey;

use futures_util::StreamExt;
use futures_util::stream;

use shared::audit::{By, Deed, Entry};
use shared::clock::{Clock, SignedDuration, Timestamp};
use shared::entra_app::ConnectionCount;
use shared::ids::{ClientId, CustomerId, TenantId, UserId};
use shared::renewal::RenewalError;
use shared::vault::apps::Note;
use shared::vault::terms::VaultError;

use crate::Refresh;
use pace::Pace;
use poison::Poison;
use report::Done;
pub use report::Report;
use survey::Survey;

/// Calls that wait for an answer at the same time: at half a second each, enough to use up what [`Pace`] grants.
const AT_ONCE: usize = 16;

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Task {
    /// The customer was offboarded: this recruiter is connected to nothing.
    Disconnect(CustomerId, UserId),
    /// The recruiter was disconnected, and whoever did so was interrupted before the secret was put away.
    ClearAway(CustomerId, UserId),
    /// The customer was offboarded: nobody needs to know where this recruiter's interviews went.
    Forget(CustomerId, UserId),
    /// The customer's credential was not looked at for a day.
    Check(CustomerId),
    /// The customer's credential ends in so many days; this reminder was not given yet.
    Remind { customer: CustomerId, of: (TenantId, ClientId), days_left: i32, reminder: i32 },
    /// The customer's connections are others than those that were counted last.
    Count { customer: CustomerId, of: (TenantId, ClientId), count: ConnectionCount },
    /// The refresh token has lain unused, or is in doubt.
    Renew(CustomerId, UserId),
}

/// Until when a run may begin something.
struct Until<'r> {
    clock: &'r Clock,
    began: Timestamp,
    time: SignedDuration,
}

impl Until<'_> {
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
    pub async fn keep_alive(&self, time: SignedDuration) -> Result<Report, VaultError> {
        let until = Until { clock: &self.clock, began: self.clock.now(), time };
        let survey = Survey::of(&self.list, &until).await?;
        let mut report = Report { seen: survey.seen, ..Report::default() };
        let tasks = survey.tasks();
        let (pace, poison) = (Pace::new(), Poison::default());
        let work = stream::iter(tasks).map(|task| self.turn(task, &until, &pace, &poison));
        let mut done = work.buffer_unordered(AT_ONCE);
        while let Some(done) = done.next().await {
            report.count(done);
        }
        report.tell();
        Ok(report)
    }

    /// Does a task when its turn comes, if there is time and its customer is not set aside.
    async fn turn(&self, task: Task, until: &Until<'_>, pace: &Pace, poison: &Poison) -> Done {
        let is_out = || until.is_over() || poison.is_in(task.customer());
        if is_out() {
            return Done::Left;
        }
        pace.turn().await;
        if is_out() {
            return Done::Left;
        }
        match &task {
            Task::Disconnect(customer, user) => {
                let deletion = self.connections.delete(customer, user);
                self.let_go(customer, user, (Deed::Disconnect, deletion)).await
            }
            Task::ClearAway(customer, user) => self.clear_away(customer, user).await,
            Task::Forget(customer, user) => {
                let deletion = self.hand_overs.delete(customer, user);
                self.let_go(customer, user, (Deed::ForgetHandOvers, deletion)).await
            }
            Task::Check(customer) => self.check(customer, poison).await,
            Task::Remind { customer, of, days_left, reminder } => {
                self.remind(customer, *of, *days_left, *reminder).await
            }
            Task::Count { customer, of, count } => self.jot(customer, *of, Note::Connections(*count)).await,
            Task::Renew(customer, user) => self.keep(customer, user, poison).await,
        }
    }

    /// The list may be behind: whether the customer is gone, his app says itself.
    async fn let_go(
        &self,
        customer: &CustomerId,
        user: &UserId,
        (deed, deletion): (Deed, impl Future<Output = Result<(), VaultError>>),
    ) -> Done {
        match self.apps.card(customer).await {
            Ok(_) => return Done::Nothing,
            Err(VaultError::Deleted | VaultError::NotFound) => {}
            Err(error) => return Done::failed(customer, Some(user), &error),
        }
        match deletion.await {
            Ok(()) => {
                Entry::new(deed, By::Schedule).customer(customer).user(user).done();
                Done::Removed
            }
            Err(error) => Done::failed(customer, Some(user), &error),
        }
    }

    async fn clear_away(&self, customer: &CustomerId, user: &UserId) -> Done {
        match self.connections.clear_away(customer, user).await {
            Ok(true) => {
                Entry::new(Deed::Disconnect, By::Schedule).customer(customer).user(user).done();
                Done::Removed
            }
            Ok(false) | Err(VaultError::NotFound) => Done::Nothing,
            Err(error) => Done::failed(customer, Some(user), &error),
        }
    }

    async fn keep(&self, customer: &CustomerId, user: &UserId, poison: &Poison) -> Done {
        match self.renewal.renewed(customer, user).await {
            Ok(_) => {
                poison.well(customer);
                Done::Renewed
            }
            // Disconnected while we looked, or by somebody who could not finish: nothing to keep alive.
            Err(RenewalError::NotConnected) => Done::Nothing,
            Err(RenewalError::Disconnected) => self.clear_away(customer, user).await,
            Err(error) => {
                poison.tastes(customer, &error);
                Done::failed(customer, Some(user), &error)
            }
        }
    }
}

impl Task {
    fn customer(&self) -> &CustomerId {
        let (Self::Disconnect(customer, _)
        | Self::ClearAway(customer, _)
        | Self::Forget(customer, _)
        | Self::Check(customer)
        | Self::Remind { customer, .. }
        | Self::Count { customer, .. }
        | Self::Renew(customer, _)) = self;
        customer
    }
}
