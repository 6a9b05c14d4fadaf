//! What is due, found by tags alone: no secret is read for it.

use std::collections::HashMap;

use shared::adapters::vault::connections::{ListedNode, SLICES, SecretIndex};
use shared::adapters::vault::model::VaultError;
use shared::domain::entra_app::{AppInTenure, AppSummary, ConnectionCounts, days_left, due_reminder};
use shared::startup::settings::ScheduleSettings;
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::ids::CustomerId;

use crate::keep_alive::deadline::Deadline;
use crate::keep_alive::task::KeepAliveTask;

/// Each slice of the customers is looked at once a day at least, so what comes to its end is done a day before.
pub(super) const ONE_DAY: SignedDuration = SignedDuration::from_hours(24);

/// A node is doubted for this long before it is looked at again.
const DOUBT: SignedDuration = SignedDuration::from_hours(1);

/// Once a run has seen so many secrets it begins with no further slice: a quarter of a minute of Secrets Manager's time.
const ENOUGH_SECRETS: usize = 8_000;

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
    repeats: Vec<KeepAliveTask>,
}

/// What is to be known of a customer's app when the connections are counted.
#[derive(Debug)]
struct PlannedApp {
    of: AppInTenure,
    counted: ConnectionCounts,
}

impl WorkPlan {
    fn new(schedule: ScheduleSettings) -> Self {
        let (apps, nodes) = (HashMap::new(), HashMap::new());
        Self { seen: 0, schedule, apps, nodes, checks: Vec::new(), reminders: Vec::new(), repeats: Vec::new() }
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
        for round in 0..SLICES {
            let mut next = None;
            loop {
                let page = list.page_of_slice(slice, next.as_deref()).await?;
                secrets += page.apps.len() + page.nodes.len();
                for (customer, card) in page.apps {
                    plan.add_app(customer, &card, until.began);
                }
                page.nodes.into_iter().for_each(|node| plan.add_node(node, round == 0));
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
        let of = card.app();
        if let Some(days_left) = days_left(card.expires_on, now)
            && let Some(reminder) = due_reminder(days_left, card.reminded)
        {
            self.reminders.push(KeepAliveTask::SendReminder { customer: customer.clone(), of, days_left, reminder });
        }
        self.apps.insert(customer, PlannedApp { of, counted: card.connections.unwrap_or_default() });
    }

    /// Each slice has its hour once a day: then is told again what lasts.
    fn add_node(&mut self, node: ListedNode, has_its_hour: bool) {
        let ConnectionCounts { active, suspect, needs_reauth } = node.summary.counts;
        self.seen += usize::try_from(active + suspect + needs_reauth).unwrap_or(usize::MAX);
        if has_its_hour && needs_reauth > 0 {
            self.repeats.push(KeepAliveTask::RepeatEvents(node.clone()));
        }
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
        let Self { schedule, apps, mut nodes, mut checks, reminders, repeats, .. } = self;
        checks.sort_unstable();
        let (mut first, mut refreshes, mut counts) = (Vec::new(), Vec::new(), Vec::new());
        for (customer, PlannedApp { of, counted }) in apps {
            let tenure = of.tenure;
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
        tasks.extend(repeats);
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
    use shared::adapters::vault::Vault;
    use shared::adapters::vault::apps::CheckRecord;
    use shared::adapters::vault::backend::Backend;
    use shared::adapters::vault::backend::memory::MemoryBackend;
    use shared::domain::connection::{Account, Connection, ConnectionHealth, HealthState};
    use shared::domain::entra_app::{Credential, EntraApp};
    use shared::types::clock::Clock;
    use shared::types::ids::UserId;
    use shared::types::randomness::Randomness;

    use super::*;

    const SCHEDULE: ScheduleSettings =
        ScheduleSettings { refresh_tokens_days: 7, check_apps_hours: 24, token_writes: 48 };

    fn day(number: i64) -> Timestamp {
        Timestamp::from_second(number * 86_400).unwrap()
    }

    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
        text.parse().unwrap()
    }

    /// A vault whose clock stands at the hundredth day, and what a run makes of what lies in it.
    struct House {
        clock: Clock,
        memory: MemoryBackend,
        vault: Vault,
    }

    impl House {
        fn empty() -> Self {
            let (clock, randomness) = (Clock::frozen_at(day(1)), Randomness::seeded(1));
            let memory = MemoryBackend::new(clock.clone(), randomness.clone());
            let vault = Vault::new(Backend::Memory(memory.clone()), id("test"), clock.clone(), randomness);
            Self { clock, memory, vault }
        }

        fn at(self, number: i64) -> Self {
            self.clock.advance(self.clock.now().duration_until(day(number)));
            self
        }

        async fn app(&self, customer: &str, expires_on: Option<&str>) -> Timestamp {
            let app = EntraApp {
                tenant: id("6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60"),
                client_id: id("0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f"),
                credential: Credential::Secret("secret".to_owned().into()),
                expires_on: expires_on.map(id),
            };
            let writer = self.vault.app_writer();
            let seen = writer.snapshot(&id(customer)).await.unwrap();
            let record = CheckRecord::from_findings(true, &[]);
            writer.store(&id(customer), &app, &record, seen.as_ref()).await.unwrap();
            self.vault.app_reader().summary(&id(customer)).await.unwrap().tenure
        }

        async fn connect(&self, tenure: Timestamp, customer: &str, user: &str, life: (HealthState, i64)) {
            let (standing, at) = (life.0, day(life.1));
            let connection = Connection {
                customer: id(customer),
                user: id::<UserId>(user),
                tenant: id("6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60"),
                client_id: id("0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f"),
                account: Account {
                    oid: id("c4d5e6f7-0812-4b3a-9c5d-778899aabbcc"),
                    name: String::new(),
                    upn: String::new(),
                },
                access: "access".to_owned().into(),
                obtained_at: at,
                access_expires_at: at,
                refresh: "refresh".to_owned().into(),
                scope: String::new(),
                life: ConnectionHealth { standing, since: at, reason: None },
                sign_in: user.to_owned(),
                connected_at: at,
            };
            self.vault.connections().store_sign_in(tenure, &connection).await.unwrap();
        }

        async fn tasks(&self) -> (usize, Vec<KeepAliveTask>) {
            let deadline = Deadline::new(&self.clock, SignedDuration::from_mins(5));
            let plan = WorkPlan::build(&self.vault.secret_index(), &deadline, SCHEDULE).await.unwrap();
            (plan.seen, plan.into_tasks(self.clock.now()))
        }

        /// In short: what is done for whom.
        async fn in_short(&self) -> Vec<(&'static str, String)> {
            let name = |task: &KeepAliveTask| match task {
                KeepAliveTask::DeleteNode(_) => "delete",
                KeepAliveTask::VerifyNode(_) => "verify",
                KeepAliveTask::RestoreNodes { .. } => "restore",
                KeepAliveTask::Check(_) => "check",
                KeepAliveTask::SendReminder { .. } => "remind",
                KeepAliveTask::RefreshNode(_) => "refresh",
                KeepAliveTask::StoreCounts { .. } => "count",
                KeepAliveTask::RepeatEvents(_) => "repeat",
            };
            self.tasks().await.1.iter().map(|task| (name(task), task.customer().to_string())).collect()
        }
    }

    #[tokio::test]
    async fn what_waited_longest_comes_first_and_what_is_well_does_not_come() {
        let house = House::empty();
        let mut tenures = Vec::new();
        for customer in ["older", "old", "well"] {
            tenures.push(house.app(customer, None).await);
        }
        let house = house.at(100);
        house.connect(tenures[0], "older", "due", (HealthState::Active, 93)).await;
        house.connect(tenures[1], "old", "overdue", (HealthState::Active, 9)).await;
        house.connect(tenures[1], "old", "lost", (HealthState::NeedsReauth, 0)).await;
        house.connect(tenures[2], "well", "fresh", (HealthState::Active, 95)).await;
        let (seen, tasks) = house.tasks().await;
        assert_eq!(seen, 4);
        let refreshes: Vec<_> = tasks
            .iter()
            .filter(|task| matches!(task, KeepAliveTask::RefreshNode(_)))
            .map(KeepAliveTask::customer)
            .collect();
        assert_eq!(refreshes, [&id::<CustomerId>("old"), &id("older")]);
        assert_eq!(tasks.iter().filter(|task| matches!(task, KeepAliveTask::Check(_))).count(), 3);
    }

    #[tokio::test]
    async fn a_doubt_is_looked_into_after_an_hour() {
        let house = House::empty();
        let tenure = house.app("kadry", None).await;
        house.connect(tenure, "kadry", "anna", (HealthState::Suspect, 1)).await;
        let is_due = async || house.in_short().await.contains(&("refresh", "kadry".to_owned()));
        house.clock.advance(SignedDuration::from_mins(59));
        assert!(!is_due().await);
        house.clock.advance(SignedDuration::from_mins(1));
        assert!(is_due().await);
    }

    #[tokio::test]
    async fn what_is_of_nobody_or_of_a_former_life_is_put_away() {
        let house = House::empty();
        house.connect(day(1), "gone", "anna", (HealthState::Active, 1)).await;
        let tenure = house.app("again", None).await;
        house.connect(tenure, "again", "anna", (HealthState::Active, 1)).await;
        house.vault.app_writer().offboard(&id("again")).await.unwrap();
        // An offboarding that was cut short leaves the connections.
        house.memory.restore(&id("test/customers/again/connections")).await.unwrap();
        let house = house.at(2);
        house.app("again", None).await;
        let deleted: Vec<_> = house.in_short().await.into_iter().filter(|(what, _)| *what == "delete").collect();
        assert_eq!(deleted, [("delete", "gone".to_owned()), ("delete", "again".to_owned())]);
    }

    #[tokio::test]
    async fn a_customer_who_is_there_and_whose_root_is_marked_gets_it_back() {
        let house = House::empty();
        let tenure = house.app("kadry", None).await;
        house.connect(tenure, "kadry", "anna", (HealthState::Active, 1)).await;
        let restores = async || house.in_short().await.contains(&("restore", "kadry".to_owned()));
        assert!(!restores().await);
        let lying = house.memory.stored("test/customers/kadry/connections").unwrap();
        house.memory.delete(&lying.arn).await.unwrap();
        assert!(restores().await);
        assert!(house.vault.secret_index().restore(&id("kadry"), tenure).await.unwrap());
        assert!(!restores().await);
    }

    #[tokio::test]
    async fn a_reminder_that_was_given_is_not_given_again() {
        let reminders = |expires_on: &str, reminded: Option<i32>| {
            let mut plan = WorkPlan::new(SCHEDULE);
            let card = AppSummary {
                tenure: day(0),
                tenant: id("6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60"),
                client_id: id("0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f"),
                kind: shared::domain::entra_app::CredentialKind::ClientSecret,
                expires_on: expires_on.parse().ok(),
                verified_at: None,
                checked_at: Some(day(99)),
                submitted_at: day(0),
                fingerprint: None,
                findings: Vec::new(),
                consent: None,
                consent_seen_at: None,
                sign_in_test: None,
                reminded,
                connections: None,
                blocked_at: None,
                intake_link: None,
            };
            plan.add_app(id("kadry"), &card, day(99));
            let tasks = plan.into_tasks(day(99));
            tasks
                .iter()
                .filter(|task| matches!(task, KeepAliveTask::SendReminder { reminder: 14, days_left: 10, .. }))
                .count()
        };
        // The hundredth day of 1970 is the tenth of April.
        assert_eq!(reminders("1970-04-20", None), 1);
        assert_eq!(reminders("1970-04-20", Some(30)), 1);
        assert_eq!(reminders("1970-04-20", Some(14)), 0);
        assert_eq!(reminders("1971-04-20", None), 0);
    }
}
