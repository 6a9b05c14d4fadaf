//! A run of the schedule: look at the tags of a slice of the customers, see what is due, and do it until the time is over.
//!
//! Nothing is kept between two runs. What one run did not get to is still due in the next, and older; so each begins
//! with what has waited longest. Two runs at once do the same work twice and no harm.

mod app_check;
mod circuit_breaker;
mod deadline;
mod node_refresh;
mod reminder;
mod report;
mod task;
mod throttle;
mod work_plan;

use futures_util::StreamExt;
use futures_util::stream;

use shared::adapters::vault::apps::AppStatusUpdate;
use shared::adapters::vault::model::VaultError;
use shared::types::clock::SignedDuration;

use crate::Refresh;
use circuit_breaker::CircuitBreaker;
use deadline::Deadline;
use node_refresh::RunLimits;
pub use report::KeepAliveReport;
use report::TaskOutcome;
use task::KeepAliveTask;
use throttle::Throttle;
use work_plan::{Intervals, WorkPlan};

/// Calls that wait for an answer at the same time: at half a second each, enough to use up what [`Throttle`] grants.
const MAX_IN_FLIGHT: usize = 32;

impl Refresh {
    /// Puts away what customers left who were offboarded; checks every customer's credential once a day; uses the refresh
    /// tokens that have lain for a week, so that whoever was signed out is known before the next interview; and asks again
    /// about connections that were doubted. Begins nothing after `time`; what is left is for the next run. A customer or a
    /// connection that fails stops none of the others.
    ///
    /// # Errors
    /// [`VaultError`] when the secrets cannot be listed.
    pub async fn keep_alive(&self, time: SignedDuration) -> Result<KeepAliveReport, VaultError> {
        let limits = RunLimits {
            until: Deadline { clock: &self.clock, began: self.clock.now(), time },
            pace: Throttle::new(),
            poison: CircuitBreaker::default(),
        };
        let intervals = Intervals { refresh_tokens: self.refresh_tokens_every, check_apps: self.check_apps_every };
        let plan = WorkPlan::build(&self.list, &limits.until, intervals).await?;
        let mut report = KeepAliveReport { seen: plan.seen, ..KeepAliveReport::default() };
        let tasks = plan.into_tasks(limits.until.began);
        let work = stream::iter(tasks).map(|task| self.run_task(task, &limits));
        let mut done = work.buffer_unordered(MAX_IN_FLIGHT);
        while let Some(done) = done.next().await {
            done.into_iter().for_each(|done| report.count(done));
        }
        report.log();
        Ok(report)
    }

    /// Does a task when its turn comes, if there is time and its customer is not set aside.
    async fn run_task(&self, task: KeepAliveTask, limits: &RunLimits<'_>) -> Vec<TaskOutcome> {
        let is_out = || limits.is_out(task.customer());
        if !is_out() {
            limits.pace.acquire().await;
        }
        if is_out() {
            return vec![TaskOutcome::Skipped; task.weight()];
        }
        match &task {
            KeepAliveTask::DeleteNode(listed) => self.delete_node(listed).await,
            KeepAliveTask::RefreshNode(listed) => self.refresh_node(listed, limits).await,
            KeepAliveTask::VerifyNode(listed) => vec![self.verify_node(listed).await],
            KeepAliveTask::RestoreNodes { customer, tenure } => vec![self.restore_nodes(customer, *tenure).await],
            KeepAliveTask::Check(customer) => vec![self.check_app(customer, &limits.poison).await],
            KeepAliveTask::SendReminder { customer, of, days_left, reminder } => {
                vec![self.send_reminder(customer, *of, *days_left, *reminder).await]
            }
            KeepAliveTask::StoreCounts { customer, of, count } => {
                vec![self.record_status(customer, *of, AppStatusUpdate::ConnectionCounts(*count)).await]
            }
        }
    }
}
