//! What is due, found by tags alone: no secret is read for it.

use std::collections::HashMap;

use shared::adapters::vault::connections::{ListedNode, SLICES, SecretIndex};
use shared::adapters::vault::model::VaultError;
use shared::domain::entra_app::{AppSummary, ConnectionCounts, days_left, due_reminder};
use shared::startup::settings::ScheduleSettings;
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::ids::{ClientId, CustomerId, TenantId};

use crate::keep_alive::deadline::Deadline;
use crate::keep_alive::task::KeepAliveTask;

/// Each slice of the customers is looked at once a day at least, so what comes to its end is done a day before.
pub(super) const ONE_DAY: SignedDuration = SignedDuration::from_hours(24);

/// A node is doubted for this long before it is looked at again.
const DOUBT: SignedDuration = SignedDuration::from_hours(1);

/// Once a run has seen so many secrets it begins with no further slice: ten seconds of Secrets Manager's time.
const ENOUGH_SECRETS: usize = 5_000;

/// How long a refresh token may lie unused.
pub(super) fn refresh_tokens_every(schedule: ScheduleSettings) -> SignedDuration {
    SignedDuration::from_hours(24 * schedule.refresh_tokens_days)
}

/// What a look at the tags of some slices showed.
#[derive(Debug)]
pub(super) struct WorkPlan {
    /// Connections that were looked at.
    pub(super) seen: usize,
    schedule: ScheduleSettings,
    apps: HashMap<CustomerId, PlannedApp>,
    nodes: HashMap<CustomerId, Vec<ListedNode>>,
    checks: Vec<(Timestamp, CustomerId)>,
    reminders: Vec<KeepAliveTask>,
}

/// What is to be known of a customer's app when the connections are counted.
#[derive(Debug)]
struct PlannedApp {
    of: (TenantId, ClientId),
    tenure: Timestamp,
    counted: ConnectionCounts,
}

impl WorkPlan {
    fn new(schedule: ScheduleSettings) -> Self {
        let (apps, nodes) = (HashMap::new(), HashMap::new());
        Self { seen: 0, schedule, apps, nodes, checks: Vec::new(), reminders: Vec::new() }
    }

    /// Looks at the tags of the slice whose hour it is, and of those after it while they are few. A customer is in one slice
    /// with all that he has. A slice that is so long that half of the time is over before its end is left there: what was
    /// seen is done, and an operator is told.
    pub(super) async fn build(
        list: &SecretIndex,
        until: &Deadline<'_>,
        schedule: ScheduleSettings,
    ) -> Result<Self, VaultError> {
        let mut plan = Self::new(schedule);
        let hour = until.began.as_second().div_euclid(3_600).rem_euclid(i64::from(SLICES));
        let (mut slice, mut secrets) = (u8::try_from(hour).unwrap_or_default(), 0);
        for _ in 0..SLICES {
            let mut next = None;
            loop {
                let page = list.page_of_slice(slice, next.as_deref()).await?;
                secrets += page.apps.len() + page.nodes.len();
                for (customer, card) in page.apps {
                    plan.add_app(customer, &card, until.began);
                }
                page.nodes.into_iter().for_each(|node| plan.add_node(node));
                next = page.next;
                if next.is_none() {
                    break;
                }
                if until.is_half_over() {
                    tracing::error!(seen = plan.seen, "there is no time to look at all connections");
                    return Ok(plan.without_what_may_be_half_seen());
                }
            }
            if secrets >= ENOUGH_SECRETS {
                break;
            }
            slice = (slice + 1) % SLICES;
        }
        Ok(plan)
    }

    fn add_app(&mut self, customer: CustomerId, card: &AppSummary, now: Timestamp) {
        let looked_at = card.checked_at.unwrap_or(card.submitted_at);
        if looked_at.duration_until(now) >= SignedDuration::from_mins(60 * self.schedule.check_apps_hours - 30) {
            self.checks.push((looked_at, customer.clone()));
        }
        let of = (card.tenant, card.client_id);
        if let Some(days_left) = days_left(card.expires_on, now)
            && let Some(reminder) = due_reminder(days_left, card.reminded)
        {
            self.reminders.push(KeepAliveTask::SendReminder { customer: customer.clone(), of, days_left, reminder });
        }
        let (tenure, counted) = (card.tenure, card.connections.unwrap_or_default());
        self.apps.insert(customer, PlannedApp { of, tenure, counted });
    }

    fn add_node(&mut self, node: ListedNode) {
        let ConnectionCounts { active, suspect, needs_reauth } = node.summary.counts;
        self.seen += usize::try_from(active + suspect + needs_reauth).unwrap_or(usize::MAX);
        self.nodes.entry(node.node.customer.clone()).or_default().push(node);
    }

    /// Of a list that was not seen to its end nothing is known but what is there: nothing is missed, counted or brought back.
    fn without_what_may_be_half_seen(mut self) -> Self {
        let nodes = &self.nodes;
        self.apps.retain(|customer, _| nodes.contains_key(customer));
        for app in self.apps.values_mut() {
            app.counted = ConnectionCounts { active: u32::MAX, ..ConnectionCounts::default() };
        }
        self
    }

    /// What is due, in the order in which it is done. Who was offboarded comes first, then the reminders, then what shows
    /// who is blocked, then the tokens, each that waited longest before the others; and what was counted at the end.
    pub(super) fn into_tasks(self, now: Timestamp) -> Vec<KeepAliveTask> {
        let Self { schedule, apps, mut nodes, mut checks, reminders, .. } = self;
        checks.sort_unstable();
        let (mut first, mut refreshes, mut counts) = (Vec::new(), Vec::new(), Vec::new());
        for (customer, PlannedApp { of, tenure, counted }) in apps {
            let (old, of_customer): (Vec<_>, Vec<_>) =
                nodes.remove(&customer).unwrap_or_default().into_iter().partition(|node| node.summary.tenure < tenure);
            first.extend(old.into_iter().map(KeepAliveTask::DeleteNode));
            if lacks_nodes(&of_customer) {
                first.push(KeepAliveTask::RestoreNodes { customer: customer.clone(), tenure });
            }
            let mut count = ConnectionCounts::default();
            for node in of_customer {
                let ConnectionCounts { active, suspect, needs_reauth } = node.summary.counts;
                count.active += active;
                count.suspect += suspect;
                count.needs_reauth += needs_reauth;
                if let Some(since) = due_since(&node, refresh_tokens_every(schedule), now) {
                    refreshes.push((since, node.clone()));
                }
                if node.summary.is_unreached && node.created_at.duration_until(now) >= ONE_DAY {
                    first.push(KeepAliveTask::VerifyNode(node));
                }
            }
            // Only what changed is written down again.
            if count != counted && counted.active != u32::MAX {
                counts.push(KeepAliveTask::StoreCounts { customer, of, count });
            }
        }
        let gone = nodes.into_values().flatten().map(KeepAliveTask::DeleteNode);
        refreshes.sort_by_key(|(since, _)| *since);
        let mut tasks: Vec<_> = gone.chain(first).chain(reminders).collect();
        tasks.extend(checks.into_iter().map(|(_, customer)| KeepAliveTask::Check(customer)));
        tasks.extend(refreshes.into_iter().map(|(_, node)| KeepAliveTask::RefreshNode(node)));
        tasks.extend(counts);
        tasks
    }
}

/// Whether a customer has no connections, or a node leads to one that is not listed. Both may be so for long, or a mark was
/// set that must come off.
fn lacks_nodes(nodes: &[ListedNode]) -> bool {
    [true, false].into_iter().any(|connections| {
        let of_tree = || nodes.iter().filter(|node| node.holds_connections == connections);
        let (roots, all) = (of_tree().filter(|node| node.is_root()).count(), of_tree().count());
        let led_to: usize = of_tree().map(|node| node.summary.children).sum();
        (connections || all > 0) && roots == 0 || all - roots < led_to
    })
}

/// Since when something waits in a node that is due now.
fn due_since(node: &ListedNode, refresh_tokens: SignedDuration, now: Timestamp) -> Option<Timestamp> {
    let unused = node.summary.oldest_token.filter(|at| at.duration_until(now) >= refresh_tokens - ONE_DAY);
    let doubted = node.summary.suspect_since.filter(|since| since.duration_until(now) >= DOUBT);
    unused.into_iter().chain(doubted).min()
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
