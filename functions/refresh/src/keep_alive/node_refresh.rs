//! The connections of one node, kept alive together: many questions to Entra, and one write.

use shared::adapters::vault::connections::{ListedNode, RefreshResult, StoredConnection};
use shared::adapters::vault::model::VaultError;
use shared::domain::connection::HealthState;
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::ids::CustomerId;
use shared::use_cases::token_refresh::TokenRefreshError;

use crate::keep_alive::circuit_breaker::CircuitBreaker;
use crate::keep_alive::deadline::Deadline;
use crate::keep_alive::report::TaskOutcome;
use crate::keep_alive::throttle::Throttle;
use crate::keep_alive::work_plan::{ONE_DAY, refresh_tokens_every};
use crate::state::Refresh;

/// What bounds a run.
pub(super) struct Run<'r> {
    pub(super) deadline: Deadline<'r>,
    pub(super) throttle: Throttle,
    pub(super) circuit_breaker: CircuitBreaker,
}

impl Run<'_> {
    pub(super) fn must_skip(&self, customer: &CustomerId) -> bool {
        self.deadline.is_over() || self.circuit_breaker.is_open(customer)
    }
}

/// Uses the refresh tokens of a node that have lain unused, and asks again about those in doubt. What is due within a
/// day is done along with it, so that a secret is not written once for each of its recruiters.
pub(super) async fn refresh_node(refresh: &Refresh, listed: &ListedNode, run: &Run<'_>) -> Vec<TaskOutcome> {
    let customer = &listed.node.customer;
    let held = match refresh.connections.of_node(&listed.node).await {
        Ok(held) => held,
        Err(VaultError::NotFound | VaultError::Deleted) => return vec![TaskOutcome::NotDue],
        Err(error) => return vec![TaskOutcome::failed(customer, None, &error)],
    };
    let now = run.deadline.began;
    let due = held.into_iter().filter(|held| is_due(held, refresh_tokens_every(refresh.schedule) - ONE_DAY, now));
    let (mut outcomes, mut results, mut tenure) = (Vec::new(), Vec::<RefreshResult>::new(), listed.summary.tenure);
    for held in due {
        run.throttle.acquire().await;
        if run.must_skip(customer) {
            outcomes.push(TaskOutcome::Skipped);
            continue;
        }
        let user = held.connection.user.clone();
        tenure = held.tenure;
        match refresh.token_refresher.ask(held).await {
            Ok(result) => {
                if result.outcome.is_ok() {
                    run.circuit_breaker.record_success(customer);
                } else {
                    tracing::warn!(%customer, %user, "a refresh token is rejected");
                }
                results.push(result);
            }
            Err(TokenRefreshError::NotConnected | TokenRefreshError::Disconnected) => {}
            Err(error) => {
                run.circuit_breaker.record_refresh_error(customer, &error);
                outcomes.push(TaskOutcome::failed(customer, Some(&user), &error));
            }
        }
    }
    if results.is_empty() {
        return outcomes;
    }
    let stored = refresh.connections.store_results(&listed.node, (tenure, &results)).await;
    outcomes.extend(results.iter().map(|result| match (&stored, &result.outcome) {
        (Ok(_), Ok(_)) => TaskOutcome::Renewed,
        (Ok(_), Err(_)) => TaskOutcome::Failed,
        (Err(error), _) => TaskOutcome::failed(customer, Some(&result.user), error),
    }));
    outcomes
}

/// Whether a refresh token has lain for nearly that long, or may be asked about again.
fn is_due(held: &StoredConnection, unused_for: SignedDuration, now: Timestamp) -> bool {
    match held.connection.life.standing {
        HealthState::Active => held.connection.obtained_at.duration_until(now) >= unused_for - ONE_DAY,
        HealthState::Suspect => held.connection.life.may_refresh(now),
        HealthState::NeedsReauth => false,
    }
}
