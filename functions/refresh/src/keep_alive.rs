//! A run of the schedule: look at the tags of a slice of the customers, see what is due, and do it until the time is over.
//!
//! Nothing is kept between two runs. What one run did not get to is still due in the next, and older; so each begins
//! with what has waited longest. Two runs at once do the same work twice and no harm.

mod app_check;
mod circuit_breaker;
mod deadline;
mod lasting_events;
mod node_refresh;
mod nodes;
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

use crate::state::Refresh;
use app_check::check_app;
use circuit_breaker::CircuitBreaker;
use deadline::Deadline;
use lasting_events::repeat_events;
use node_refresh::{Run, refresh_node};
use nodes::{delete_node, restore_nodes, verify_node};
use reminder::{record_status, send_reminder};
pub use report::KeepAliveReport;
use report::TaskOutcome;
use task::KeepAliveTask;
use throttle::Throttle;
use work_plan::WorkPlan;

/// Calls that wait for an answer at the same time: at four tenths of a second each, enough to use up what [`Throttle`] grants.
const MAX_IN_FLIGHT: usize = 32;

/// Puts away what offboarded customers left; checks every customer's app once a day; uses refresh tokens that were not used
/// for a week, so that whoever was signed out is known before the next interview; and asks Entra again about suspect
/// connections. Begins no task after `budget`. A customer or connection that fails does not stop the others.
///
/// # Errors
/// [`VaultError`] if the secrets cannot be listed.
pub async fn keep_alive(refresh: &Refresh, budget: SignedDuration) -> Result<KeepAliveReport, VaultError> {
    let run = Run {
        deadline: Deadline::new(&refresh.clock, budget),
        throttle: Throttle::new(),
        circuit_breaker: CircuitBreaker::default(),
    };
    let plan = WorkPlan::build(&refresh.secret_index, &run.deadline, refresh.schedule).await?;
    let mut report = KeepAliveReport { seen: plan.seen, ..KeepAliveReport::default() };
    let tasks = plan.into_tasks(run.deadline.began);
    let work = stream::iter(tasks).map(|task| run_task(refresh, task, &run));
    let mut outcomes = work.buffer_unordered(MAX_IN_FLIGHT);
    while let Some(outcomes) = outcomes.next().await {
        for outcome in outcomes {
            report.count(outcome);
        }
    }
    report.log();
    Ok(report)
}

/// Runs a task when the throttle allows it, unless the time is over or the circuit breaker of its customer is open.
async fn run_task(refresh: &Refresh, task: KeepAliveTask, run: &Run<'_>) -> Vec<TaskOutcome> {
    let must_skip = || run.must_skip(task.customer());
    if !must_skip() {
        run.throttle.acquire_task().await;
    }
    if must_skip() {
        return vec![TaskOutcome::Skipped; task.weight()];
    }
    match &task {
        KeepAliveTask::DeleteNode(listed) => delete_node(refresh, listed).await,
        KeepAliveTask::RefreshNode(listed) => refresh_node(refresh, listed, run).await,
        KeepAliveTask::RepeatEvents(listed) => vec![repeat_events(refresh, listed).await],
        KeepAliveTask::VerifyNode(listed) => vec![verify_node(refresh, listed).await],
        KeepAliveTask::RestoreNodes { customer, tenure } => vec![restore_nodes(refresh, customer, *tenure).await],
        KeepAliveTask::Check(customer) => vec![check_app(refresh, customer, &run.circuit_breaker).await],
        KeepAliveTask::SendReminder { customer, of, days_left, reminder } => {
            vec![send_reminder(refresh, customer, *of, *days_left, *reminder).await]
        }
        KeepAliveTask::StoreCounts { customer, of, count } => {
            vec![record_status(refresh, customer, *of, AppStatusUpdate::ConnectionCounts(*count)).await]
        }
    }
}
