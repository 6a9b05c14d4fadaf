//! One run of the schedule: read the tags of all secrets, find what is due, and do it until the time is over.
//!
//! No state is kept between two runs. What one run does not reach is still due in the next, and older; so each run begins
//! with what has waited longest. Two runs at once do the same work twice, without harm.

mod app_check;
mod circuit_breaker;
mod deadline;
mod reminder;
mod report;
mod task;
mod throttle;
mod work_plan;

use futures_util::StreamExt;
use futures_util::stream;

use shared::adapters::vault::apps::AppStatusUpdate;
use shared::adapters::vault::model::VaultError;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::types::clock::SignedDuration;
use shared::types::ids::{CustomerId, UserId};
use shared::use_cases::token_refresh::TokenRefreshError;

use crate::state::Refresh;
use app_check::check_app;
use circuit_breaker::CircuitBreaker;
use deadline::Deadline;
use reminder::{record_status, send_reminder};
pub use report::KeepAliveReport;
use report::TaskOutcome;
use task::KeepAliveTask;
use throttle::Throttle;
use work_plan::WorkPlan;

/// Calls that wait for an answer at the same time: at half a second each, enough to use what [`Throttle`] allows.
const MAX_IN_FLIGHT: usize = 16;

/// Disconnects the recruiters of offboarded customers, and finishes interrupted disconnections; checks every customer's
/// app once a day; uses refresh tokens that were not used for 30 days, so that none expires after 90; and asks Entra again
/// about suspect connections. Begins no task after `budget`. A customer or connection that fails does not stop the others.
///
/// # Errors
/// [`VaultError`] if the secrets cannot be listed.
pub async fn keep_alive(refresh: &Refresh, budget: SignedDuration) -> Result<KeepAliveReport, VaultError> {
    let deadline = Deadline::new(&refresh.clock, budget);
    let plan = WorkPlan::build(&refresh.secret_index, &deadline).await?;
    let mut report = KeepAliveReport { seen: plan.seen, ..KeepAliveReport::default() };
    let tasks = plan.into_tasks();
    let (throttle, circuit_breaker) = (Throttle::new(), CircuitBreaker::default());
    let work = stream::iter(tasks).map(|task| run_task(refresh, task, &deadline, &throttle, &circuit_breaker));
    let mut outcomes = work.buffer_unordered(MAX_IN_FLIGHT);
    while let Some(outcome) = outcomes.next().await {
        report.count(outcome);
    }
    report.log();
    Ok(report)
}

/// Runs a task when the throttle allows it, unless the time is over or the circuit breaker of its customer is open.
async fn run_task(
    refresh: &Refresh,
    task: KeepAliveTask,
    deadline: &Deadline<'_>,
    throttle: &Throttle,
    circuit_breaker: &CircuitBreaker,
) -> TaskOutcome {
    let must_skip = || deadline.is_over() || circuit_breaker.is_open(task.customer());
    if must_skip() {
        return TaskOutcome::Skipped;
    }
    throttle.acquire().await;
    if must_skip() {
        return TaskOutcome::Skipped;
    }
    match &task {
        KeepAliveTask::Disconnect(customer, user) => {
            let deletion = refresh.connections.delete(customer, user);
            delete_if_offboarded(refresh, customer, user, AuditAction::Disconnect, deletion).await
        }
        KeepAliveTask::FinishDisconnect(customer, user) => finish_disconnect(refresh, customer, user).await,
        KeepAliveTask::DeleteHandOvers(customer, user) => {
            let deletion = refresh.hand_overs.delete(customer, user);
            delete_if_offboarded(refresh, customer, user, AuditAction::ForgetHandOvers, deletion).await
        }
        KeepAliveTask::Check(customer) => check_app(refresh, customer, circuit_breaker).await,
        KeepAliveTask::SendReminder { customer, of, days_left, reminder } => {
            send_reminder(refresh, customer, *of, *days_left, *reminder).await
        }
        KeepAliveTask::StoreCounts { customer, of, count } => {
            record_status(refresh, customer, *of, AppStatusUpdate::ConnectionCounts(*count)).await
        }
        KeepAliveTask::RefreshTokens(customer, user) => refresh_tokens(refresh, customer, user, circuit_breaker).await,
    }
}

/// Deletes what belongs to a recruiter of an offboarded customer. The list of secrets may be stale, so the app is read.
async fn delete_if_offboarded(
    refresh: &Refresh,
    customer: &CustomerId,
    user: &UserId,
    action: AuditAction,
    deletion: impl Future<Output = Result<(), VaultError>>,
) -> TaskOutcome {
    match refresh.apps.summary(customer).await {
        Ok(_) => return TaskOutcome::NotDue,
        Err(VaultError::Deleted | VaultError::NotFound) => {}
        Err(error) => return TaskOutcome::failed(customer, Some(user), &error),
    }
    match deletion.await {
        Ok(()) => {
            AuditEntry::new(action, AuditActor::Schedule).customer(customer).user(user).succeeded();
            TaskOutcome::Removed
        }
        Err(error) => TaskOutcome::failed(customer, Some(user), &error),
    }
}

async fn finish_disconnect(refresh: &Refresh, customer: &CustomerId, user: &UserId) -> TaskOutcome {
    match refresh.connections.finish_disconnect(customer, user).await {
        Ok(true) => {
            AuditEntry::new(AuditAction::Disconnect, AuditActor::Schedule).customer(customer).user(user).succeeded();
            TaskOutcome::Removed
        }
        Ok(false) | Err(VaultError::NotFound) => TaskOutcome::NotDue,
        Err(error) => TaskOutcome::failed(customer, Some(user), &error),
    }
}

async fn refresh_tokens(
    refresh: &Refresh,
    customer: &CustomerId,
    user: &UserId,
    circuit_breaker: &CircuitBreaker,
) -> TaskOutcome {
    match refresh.token_refresher.force_refresh(customer, user).await {
        Ok(_) => {
            circuit_breaker.record_success(customer);
            TaskOutcome::Renewed
        }
        // Disconnected since the list was read, or by a process that was interrupted: nothing to keep alive.
        Err(TokenRefreshError::NotConnected) => TaskOutcome::NotDue,
        Err(TokenRefreshError::Disconnected) => finish_disconnect(refresh, customer, user).await,
        Err(error) => {
            circuit_breaker.record_refresh_error(customer, &error);
            TaskOutcome::failed(customer, Some(user), &error)
        }
    }
}
