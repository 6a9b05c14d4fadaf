//! What is due, found by tags alone: no secret is read for it.

use std::collections::HashMap;

use shared::adapters::vault::connections::{ConnectionSummary, SecretIndex};
use shared::adapters::vault::model::VaultError;
use shared::domain::connection::{ConnectionState, KEEP_ALIVE_AFTER};
use shared::domain::entra_app::{AppSummary, ConnectionCounts, days_left, due_reminder};
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::ids::{ClientId, CustomerId, TenantId, UserId};

use crate::keep_alive::{Deadline, KeepAliveTask};

/// Every customer's credential is looked at once a day.
const CHECK_INTERVAL: SignedDuration = SignedDuration::from_hours(24);

/// What a look at all tags showed. Nothing is kept of connections that are well, so a hundred thousand of them cost no
/// memory.
#[derive(Debug, Default)]
pub(super) struct WorkPlan {
    /// Connections that were looked at.
    pub(super) seen: usize,
    apps: HashMap<CustomerId, PlannedApp>,
    counts: HashMap<CustomerId, ConnectionCounts>,
    /// Connections of customers whose app had not been listed when they were. Apps come before connections by their
    /// names, so these are few; and what they are suspected of is asked again before it counts.
    without_app: Vec<(CustomerId, UserId)>,
    /// Recruiters who were disconnected, and whose secret was not put away.
    ended: Vec<(CustomerId, UserId)>,
    /// The same of who handed interviews over.
    hand_overs: Vec<(CustomerId, UserId)>,
    checks: Vec<(Timestamp, CustomerId)>,
    reminders: Vec<KeepAliveTask>,
    renewals: Vec<(Timestamp, CustomerId, UserId)>,
}

/// What is to be known of a customer's app when the connections are counted.
#[derive(Debug)]
struct PlannedApp {
    of: (TenantId, ClientId),
    counted: ConnectionCounts,
}

impl WorkPlan {
    /// Looks at the tags of all secrets. A list that is so long that half of the time is over before its end is left
    /// there: what was seen is done, and an operator is told.
    pub(super) async fn build(list: &SecretIndex, until: &Deadline<'_>) -> Result<Self, VaultError> {
        let mut survey = Self::default();
        let mut next = None;
        loop {
            let page = list.page(next.as_deref()).await?;
            for (customer, card) in page.apps {
                survey.add_app(customer, &card, until.began);
            }
            for (customer, user, card) in page.connections {
                survey.add_connection(customer, user, &card, until.began);
            }
            for (customer, user) in page.hand_overs {
                survey.add_hand_over(customer, user);
            }
            next = page.next;
            if next.is_none() {
                return Ok(survey);
            }
            if until.is_half_over() {
                tracing::error!(seen = survey.seen, "there is no time to look at all connections");
                return Ok(survey);
            }
        }
    }

    fn add_app(&mut self, customer: CustomerId, card: &AppSummary, now: Timestamp) {
        let looked_at = card.checked_at.unwrap_or(card.submitted_at);
        if looked_at.duration_until(now) >= CHECK_INTERVAL {
            self.checks.push((looked_at, customer.clone()));
        }
        let of = (card.tenant, card.client_id);
        if let Some(days_left) = days_left(card.expires_on, now)
            && let Some(reminder) = due_reminder(days_left, card.reminded)
        {
            self.reminders.push(KeepAliveTask::SendReminder { customer: customer.clone(), of, days_left, reminder });
        }
        self.apps.insert(customer, PlannedApp { of, counted: card.connections.unwrap_or_default() });
    }

    fn add_connection(&mut self, customer: CustomerId, user: UserId, card: &ConnectionSummary, now: Timestamp) {
        self.seen += 1;
        let count = self.counts.entry(customer.clone()).or_default();
        match card.state {
            ConnectionState::Active | ConnectionState::CustomerBlocked => count.active += 1,
            ConnectionState::Suspect => count.suspect += 1,
            ConnectionState::NeedsReauth => count.needs_reauth += 1,
            ConnectionState::Disconnected => {}
        }
        if card.state == ConnectionState::Disconnected {
            self.ended.push((customer, user));
        } else if !self.apps.contains_key(&customer) {
            self.without_app.push((customer, user));
        } else if is_due(card, now) {
            self.renewals.push((card.renewed_at, customer, user));
        }
    }

    fn add_hand_over(&mut self, customer: CustomerId, user: UserId) {
        if !self.apps.contains_key(&customer) {
            self.hand_overs.push((customer, user));
        }
    }

    /// What is due, in the order in which it is done. Who was offboarded comes first, then the reminders, then what shows
    /// who is blocked, then the renewals, each that waited longest before the others; and what was counted at the end.
    pub(super) fn into_tasks(self) -> Vec<KeepAliveTask> {
        let Self { apps, mut counts, without_app, ended, hand_overs, mut checks, reminders, mut renewals, .. } = self;
        checks.sort_unstable();
        renewals.sort_unstable();
        let is_gone = |(customer, _): &(CustomerId, UserId)| !apps.contains_key(customer);
        let mut tasks = Vec::new();
        tasks.extend(
            without_app.into_iter().filter(is_gone).map(|(customer, user)| KeepAliveTask::Disconnect(customer, user)),
        );
        tasks.extend(ended.into_iter().map(|(customer, user)| KeepAliveTask::FinishDisconnect(customer, user)));
        tasks.extend(
            hand_overs
                .into_iter()
                .filter(is_gone)
                .map(|(customer, user)| KeepAliveTask::DeleteHandOvers(customer, user)),
        );
        tasks.extend(reminders);
        tasks.extend(checks.into_iter().map(|(_, customer)| KeepAliveTask::Check(customer)));
        tasks.extend(renewals.into_iter().map(|(_, customer, user)| KeepAliveTask::RefreshTokens(customer, user)));
        // Only what changed is written down again.
        tasks.extend(apps.into_iter().filter_map(|(customer, PlannedApp { of, counted })| {
            let count = counts.remove(&customer).unwrap_or_default();
            (count != counted).then_some(KeepAliveTask::StoreCounts { customer, of, count })
        }));
        tasks
    }
}

fn is_due(card: &ConnectionSummary, now: Timestamp) -> bool {
    match card.state {
        ConnectionState::Active | ConnectionState::CustomerBlocked => {
            card.renewed_at.duration_until(now) >= KEEP_ALIVE_AFTER
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

    fn card(state: ConnectionState, renewed: i64) -> ConnectionSummary {
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
    fn what_waited_longest_comes_first_and_what_is_well_does_not_come() {
        let mut survey = WorkPlan::default();
        for (customer, submitted, checked) in [("new", 99, None), ("old", 1, Some(98)), ("older", 2, None)] {
            let mut app = app(submitted, checked);
            app.connections = app.connections.filter(|_| customer == "old");
            survey.add_app(id(customer), &app, day(99));
        }
        for (user, state, renewed) in [
            ("fresh", ConnectionState::Active, 70),
            ("due", ConnectionState::Active, 69),
            ("overdue", ConnectionState::Active, 9),
            ("doubted", ConnectionState::Suspect, 98),
            ("lost", ConnectionState::NeedsReauth, 0),
            ("ended", ConnectionState::Disconnected, 98),
        ] {
            survey.add_connection(id("old"), id(user), &card(state, renewed), day(99));
        }
        let renew = |user: &str| KeepAliveTask::RefreshTokens(id("old"), id(user));
        assert_eq!(survey.seen, 6);
        let ended = KeepAliveTask::FinishDisconnect(id("old"), id("ended"));
        assert_eq!(
            survey.into_tasks(),
            [
                ended,
                KeepAliveTask::Check(id("older")),
                KeepAliveTask::Check(id("old")),
                renew("overdue"),
                renew("due"),
                renew("doubted")
            ]
        );
        assert_eq!(CHECK_INTERVAL, DAY);
    }

    #[test]
    fn whoever_has_no_app_is_let_go_in_whatever_order_the_list_comes() {
        let mut survey = WorkPlan::default();
        survey.add_connection(id("gone"), id("anna"), &card(ConnectionState::Active, 0), day(99));
        survey.add_connection(id("late"), id("jan"), &card(ConnectionState::Active, 0), day(99));
        survey.add_hand_over(id("gone"), id("ewa"));
        survey.add_hand_over(id("late"), id("jan"));
        let late = app(99, None);
        survey.add_app(id("late"), &late, day(99));
        let count = ConnectionCounts { active: 1, ..ConnectionCounts::default() };
        let count = KeepAliveTask::StoreCounts { customer: id("late"), of: (late.tenant, late.client_id), count };
        let gone =
            [KeepAliveTask::Disconnect(id("gone"), id("anna")), KeepAliveTask::DeleteHandOvers(id("gone"), id("ewa"))];
        assert_eq!(survey.into_tasks(), [&gone[..], &[count]].concat());
    }

    #[test]
    fn a_reminder_that_was_given_is_not_given_again() {
        let reminders = |expires_on: &str, reminded: Option<i32>| {
            let mut survey = WorkPlan::default();
            let app =
                AppSummary { expires_on: expires_on.parse().ok(), reminded, connections: None, ..app(0, Some(99)) };
            survey.add_app(id("kadry"), &app, day(99));
            let tasks = survey.into_tasks().into_iter();
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
