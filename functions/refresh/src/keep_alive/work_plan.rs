//! What is due, found by tags alone: no secret is read.

use std::collections::HashMap;

use shared::adapters::vault::connections::{ConnectionSummary, SecretIndex};
use shared::adapters::vault::model::VaultError;
use shared::domain::connection::{ConnectionState, KEEP_ALIVE_AFTER};
use shared::domain::entra_app::{AppSummary, ConnectionCounts, days_left, due_reminder};
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::ids::{ClientId, CustomerId, TenantId, UserId};

use crate::keep_alive::deadline::Deadline;
use crate::keep_alive::task::KeepAliveTask;

/// Every customer's app is checked once a day.
const CHECK_INTERVAL: SignedDuration = SignedDuration::from_hours(24);

/// What one run will do. Connections that need nothing are only counted, so a hundred thousand of them cost no memory.
#[derive(Debug, Default)]
pub(super) struct WorkPlan {
    /// Connections whose tags were read.
    pub(super) seen: usize,
    apps: HashMap<CustomerId, PlannedApp>,
    counts: HashMap<CustomerId, ConnectionCounts>,
    /// Connections listed before their customer's app. Apps are listed first, so these are few; before one is deleted, the
    /// app is read.
    without_app: Vec<(CustomerId, UserId)>,
    /// Disconnected recruiters whose secret was not deleted yet.
    disconnected: Vec<(CustomerId, UserId)>,
    /// Hand-overs listed before their customer's app.
    hand_overs: Vec<(CustomerId, UserId)>,
    checks: Vec<(Timestamp, CustomerId)>,
    reminders: Vec<KeepAliveTask>,
    refreshes: Vec<(Timestamp, CustomerId, UserId)>,
}

/// What is needed of a customer's app once its connections are counted.
#[derive(Debug)]
struct PlannedApp {
    of: (TenantId, ClientId),
    counted: ConnectionCounts,
}

impl WorkPlan {
    /// Reads the tags of all secrets. If half of the time is over before the end of the list, the rest is left out and an
    /// error is logged for the operator.
    pub(super) async fn build(index: &SecretIndex, deadline: &Deadline<'_>) -> Result<Self, VaultError> {
        let mut plan = Self::default();
        let mut next = None;
        loop {
            let page = index.page(next.as_deref()).await?;
            for (customer, summary) in page.apps {
                plan.add_app(customer, &summary, deadline.began);
            }
            for (customer, user, summary) in page.connections {
                plan.add_connection(customer, user, &summary, deadline.began);
            }
            for (customer, user) in page.hand_overs {
                plan.add_hand_over(customer, user);
            }
            next = page.next;
            if next.is_none() {
                return Ok(plan);
            }
            if deadline.is_half_over() {
                tracing::error!(seen = plan.seen, "there is no time to look at all connections");
                return Ok(plan);
            }
        }
    }

    fn add_app(&mut self, customer: CustomerId, summary: &AppSummary, now: Timestamp) {
        let checked_at = summary.checked_at.unwrap_or(summary.submitted_at);
        if checked_at.duration_until(now) >= CHECK_INTERVAL {
            self.checks.push((checked_at, customer.clone()));
        }
        let of = (summary.tenant, summary.client_id);
        if let Some(days_left) = days_left(summary.expires_on, now)
            && let Some(reminder) = due_reminder(days_left, summary.reminded)
        {
            self.reminders.push(KeepAliveTask::SendReminder { customer: customer.clone(), of, days_left, reminder });
        }
        self.apps.insert(customer, PlannedApp { of, counted: summary.connections.unwrap_or_default() });
    }

    fn add_connection(&mut self, customer: CustomerId, user: UserId, summary: &ConnectionSummary, now: Timestamp) {
        self.seen += 1;
        let count = self.counts.entry(customer.clone()).or_default();
        match summary.state {
            ConnectionState::Active | ConnectionState::CustomerBlocked => count.active += 1,
            ConnectionState::Suspect => count.suspect += 1,
            ConnectionState::NeedsReauth => count.needs_reauth += 1,
            ConnectionState::Disconnected => {}
        }
        if summary.state == ConnectionState::Disconnected {
            self.disconnected.push((customer, user));
        } else if !self.apps.contains_key(&customer) {
            self.without_app.push((customer, user));
        } else if is_due(summary, now) {
            self.refreshes.push((summary.renewed_at, customer, user));
        }
    }

    fn add_hand_over(&mut self, customer: CustomerId, user: UserId) {
        if !self.apps.contains_key(&customer) {
            self.hand_overs.push((customer, user));
        }
    }

    /// The tasks in order: offboarded customers, reminders, checks, refreshes, counts. Of checks and refreshes, those that
    /// waited longest come first.
    pub(super) fn into_tasks(self) -> Vec<KeepAliveTask> {
        let Self {
            apps, mut counts, without_app, disconnected, hand_overs, mut checks, reminders, mut refreshes, ..
        } = self;
        checks.sort_unstable();
        refreshes.sort_unstable();
        let is_offboarded = |(customer, _): &(CustomerId, UserId)| !apps.contains_key(customer);
        let mut tasks = Vec::new();
        tasks.extend(
            without_app
                .into_iter()
                .filter(is_offboarded)
                .map(|(customer, user)| KeepAliveTask::Disconnect(customer, user)),
        );
        tasks.extend(disconnected.into_iter().map(|(customer, user)| KeepAliveTask::FinishDisconnect(customer, user)));
        tasks.extend(
            hand_overs
                .into_iter()
                .filter(is_offboarded)
                .map(|(customer, user)| KeepAliveTask::DeleteHandOvers(customer, user)),
        );
        tasks.extend(reminders);
        tasks.extend(checks.into_iter().map(|(_, customer)| KeepAliveTask::Check(customer)));
        tasks.extend(refreshes.into_iter().map(|(_, customer, user)| KeepAliveTask::RefreshTokens(customer, user)));
        // Only counts that changed are stored.
        tasks.extend(apps.into_iter().filter_map(|(customer, PlannedApp { of, counted })| {
            let count = counts.remove(&customer).unwrap_or_default();
            (count != counted).then_some(KeepAliveTask::StoreCounts { customer, of, count })
        }));
        tasks
    }
}

fn is_due(summary: &ConnectionSummary, now: Timestamp) -> bool {
    match summary.state {
        ConnectionState::Active | ConnectionState::CustomerBlocked => {
            summary.renewed_at.duration_until(now) >= KEEP_ALIVE_AFTER
        }
        ConnectionState::Suspect => true,
        ConnectionState::NeedsReauth | ConnectionState::Disconnected => false,
    }
}

#[cfg(test)]
mod tests {
    use shared::domain::entra_app::CredentialKind;

    use super::*;

    const DAY: SignedDuration = SignedDuration::from_hours(24);

    fn day(number: i64) -> Timestamp {
        Timestamp::from_second(number * 86_400).unwrap()
    }

    fn summary(state: ConnectionState, renewed: i64) -> ConnectionSummary {
        let at = day(renewed);
        ConnectionSummary { state, since: at, reason: None, connected_at: at, renewed_at: at }
    }

    fn app(submitted: i64, checked: Option<i64>) -> AppSummary {
        AppSummary {
            tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
            client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
            kind: CredentialKind::ClientSecret,
            expires_on: None,
            verified_at: None,
            checked_at: checked.map(day),
            submitted_at: day(submitted),
            fingerprint: None,
            findings: Vec::new(),
            consent: None,
            sign_in_test: None,
            reminded: None,
            connections: Some(ConnectionCounts { active: 3, suspect: 1, needs_reauth: 1 }),
        }
    }

    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
        text.parse().unwrap()
    }

    #[test]
    fn what_waited_longest_comes_first_and_what_is_not_due_does_not_come() {
        let mut plan = WorkPlan::default();
        for (customer, submitted, checked) in [("new", 99, None), ("old", 1, Some(98)), ("older", 2, None)] {
            let mut app = app(submitted, checked);
            app.connections = app.connections.filter(|_| customer == "old");
            plan.add_app(id(customer), &app, day(99));
        }
        for (user, state, renewed) in [
            ("recent", ConnectionState::Active, 70),
            ("due", ConnectionState::Active, 69),
            ("overdue", ConnectionState::Active, 9),
            ("suspect", ConnectionState::Suspect, 98),
            ("lost", ConnectionState::NeedsReauth, 0),
            ("ended", ConnectionState::Disconnected, 98),
        ] {
            plan.add_connection(id("old"), id(user), &summary(state, renewed), day(99));
        }
        let refresh = |user: &str| KeepAliveTask::RefreshTokens(id("old"), id(user));
        assert_eq!(plan.seen, 6);
        let ended = KeepAliveTask::FinishDisconnect(id("old"), id("ended"));
        assert_eq!(
            plan.into_tasks(),
            [
                ended,
                KeepAliveTask::Check(id("older")),
                KeepAliveTask::Check(id("old")),
                refresh("overdue"),
                refresh("due"),
                refresh("suspect")
            ]
        );
        assert_eq!(CHECK_INTERVAL, DAY);
    }

    #[test]
    fn connections_without_an_app_are_deleted_in_any_order_of_the_list() {
        let mut plan = WorkPlan::default();
        plan.add_connection(id("gone"), id("anna"), &summary(ConnectionState::Active, 0), day(99));
        plan.add_connection(id("late"), id("jan"), &summary(ConnectionState::Active, 0), day(99));
        plan.add_hand_over(id("gone"), id("ewa"));
        plan.add_hand_over(id("late"), id("jan"));
        let late = app(99, None);
        plan.add_app(id("late"), &late, day(99));
        let count = ConnectionCounts { active: 1, ..ConnectionCounts::default() };
        let count = KeepAliveTask::StoreCounts { customer: id("late"), of: (late.tenant, late.client_id), count };
        let gone =
            [KeepAliveTask::Disconnect(id("gone"), id("anna")), KeepAliveTask::DeleteHandOvers(id("gone"), id("ewa"))];
        assert_eq!(plan.into_tasks(), [&gone[..], &[count]].concat());
    }

    #[test]
    fn a_reminder_that_was_sent_is_not_sent_again() {
        let reminders = |expires_on: &str, reminded: Option<i32>| {
            let mut plan = WorkPlan::default();
            let app =
                AppSummary { expires_on: expires_on.parse().ok(), reminded, connections: None, ..app(0, Some(99)) };
            plan.add_app(id("kadry"), &app, day(99));
            let tasks = plan.into_tasks().into_iter();
            tasks
                .map(|task| matches!(task, KeepAliveTask::SendReminder { reminder: 14, days_left: 10, .. }))
                .collect::<Vec<_>>()
        };
        // The hundredth day of 1970 is the tenth of April.
        assert_eq!(reminders("1970-04-20", None), [true]);
        assert_eq!(reminders("1970-04-20", Some(30)), [true]);
        assert_eq!(reminders("1970-04-20", Some(14)), [false; 0]);
        assert_eq!(reminders("1971-04-20", None), [false; 0]);
    }
}
