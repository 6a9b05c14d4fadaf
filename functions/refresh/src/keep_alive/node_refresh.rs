//! The connections of one node, kept alive together: many questions to Entra, and one write.

use shared::adapters::vault::connections::{ListedNode, RefreshResult, StoredConnection};
use shared::adapters::vault::model::VaultError;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::connection::HealthState;
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::ids::CustomerId;
use shared::use_cases::token_refresh::TokenRefreshError;

use crate::Refresh;
use crate::keep_alive::circuit_breaker::CircuitBreaker;
use crate::keep_alive::deadline::Deadline;
use crate::keep_alive::report::TaskOutcome;
use crate::keep_alive::task::recruiters;
use crate::keep_alive::throttle::Throttle;
use crate::keep_alive::work_plan::ONE_DAY;

/// What bounds a run.
pub(super) struct RunLimits<'r> {
    pub(super) until: Deadline<'r>,
    pub(super) pace: Throttle,
    pub(super) poison: CircuitBreaker,
}

impl RunLimits<'_> {
    pub(super) fn is_out(&self, customer: &CustomerId) -> bool {
        self.until.is_over() || self.poison.is_open(customer)
    }
}

impl Refresh {
    /// Uses the refresh tokens of a node that have lain unused, and asks again about those in doubt. What is due within a
    /// day is done along with it, so that a secret is not written once for each of its recruiters.
    pub(super) async fn refresh_node(&self, listed: &ListedNode, limits: &RunLimits<'_>) -> Vec<TaskOutcome> {
        let customer = &listed.node.customer;
        let held = match self.connections.of_node(&listed.node).await {
            Ok(held) => held,
            Err(VaultError::NotFound | VaultError::Deleted) => return vec![TaskOutcome::NotDue],
            Err(error) => return vec![TaskOutcome::failed(customer, None, &error)],
        };
        let now = limits.until.began;
        let due = held.into_iter().filter(|held| is_due(held, self.refresh_tokens_every - ONE_DAY, now));
        let (mut outcomes, mut results, mut tenure) = (Vec::new(), Vec::<RefreshResult>::new(), listed.summary.tenure);
        for held in due {
            limits.pace.acquire().await;
            if limits.is_out(customer) {
                outcomes.push(TaskOutcome::Skipped);
                continue;
            }
            let user = held.connection.user.clone();
            tenure = held.tenure;
            match self.renewal.ask(held).await {
                Ok(result) => {
                    match &result.outcome {
                        Ok(_) => limits.poison.record_success(customer),
                        Err(_) => tracing::warn!(%customer, %user, "a refresh token is rejected"),
                    }
                    results.push(result);
                }
                Err(TokenRefreshError::NotConnected | TokenRefreshError::Disconnected) => {}
                Err(error) => {
                    limits.poison.record_refresh_error(customer, &error);
                    outcomes.push(TaskOutcome::failed(customer, Some(&user), &error));
                }
            }
        }
        if results.is_empty() {
            return outcomes;
        }
        let stored = self.connections.store_results(&listed.node, (tenure, &results)).await;
        outcomes.extend(results.iter().map(|result| match (&stored, &result.outcome) {
            (Ok(_), Ok(_)) => TaskOutcome::Renewed,
            (Ok(_), Err(_)) => TaskOutcome::Failed,
            (Err(error), _) => TaskOutcome::failed(customer, Some(&result.user), error),
        }));
        outcomes
    }

    /// Marks a node that counts for nothing. The list may be behind: whether it is so, the customer's app says itself.
    pub(super) async fn delete_node(&self, listed: &ListedNode) -> Vec<TaskOutcome> {
        let customer = &listed.node.customer;
        match self.apps.summary(customer).await {
            Ok(app) if app.tenure <= listed.summary.tenure => return vec![TaskOutcome::NotDue],
            Ok(_) | Err(VaultError::Deleted | VaultError::NotFound) => {}
            Err(error) => return vec![TaskOutcome::failed(customer, None, &error)],
        }
        if let Err(error) = self.list.delete(&listed.node).await {
            return vec![TaskOutcome::failed(customer, None, &error)];
        }
        let action = if listed.holds_connections { AuditAction::Disconnect } else { AuditAction::ForgetHandOvers };
        AuditEntry::new(action, AuditActor::Schedule).customer(customer).succeeded();
        vec![TaskOutcome::Removed; recruiters(listed)]
    }

    /// Looks whether the way from the root leads to a node, and marks it where it does not.
    pub(super) async fn verify_node(&self, listed: &ListedNode) -> TaskOutcome {
        let customer = &listed.node.customer;
        let done = match self.connections.is_reached(&listed.node, listed.holds_connections).await {
            Ok(true) => self.list.record_reached(&listed.node).await,
            Ok(false) => {
                tracing::warn!(%customer, "a split was given up, and what it left is put away");
                self.list.delete(&listed.node).await
            }
            Err(error) => Err(error),
        };
        done.map_or_else(|error| TaskOutcome::failed(customer, None, &error), |()| TaskOutcome::Noted)
    }

    /// Brings back nodes of a customer who is there.
    pub(super) async fn restore_nodes(&self, customer: &CustomerId, tenure: Timestamp) -> TaskOutcome {
        match self.list.restore(customer, tenure).await {
            Ok(true) => {
                tracing::warn!(%customer, "what was marked of a customer who is there was brought back");
                TaskOutcome::Noted
            }
            Ok(false) => TaskOutcome::NotDue,
            Err(error) => TaskOutcome::failed(customer, None, &error),
        }
    }
}

/// Whether a refresh token has lain for nearly that long, or may be asked about again.
fn is_due(held: &StoredConnection, unused_for: SignedDuration, now: Timestamp) -> bool {
    match held.connection.life.standing {
        HealthState::Active => held.connection.obtained_at.duration_until(now) >= unused_for - ONE_DAY,
        HealthState::Suspect => held.connection.life.may_refresh(now),
        HealthState::NeedsReauth => false,
    }
}
