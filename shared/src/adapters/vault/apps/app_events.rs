//! What changes of an app are told as, and whether they were kept: a tag for each thing that can change has the id of the
//! latest event about it.

use crate::adapters::vault::apps::app_tags::{AppStatusUpdate, BLOCKED_AT, CheckRecord, parse_tenure, to_tags};
use crate::adapters::vault::model::{SecretMetadata, Tags};
use crate::domain::entra_app::{AdminConsent, AppSummary, EXPIRED, EntraApp, SignInTestResult};
use crate::domain::event::{Event, EventKind};
use crate::domain::finding::{FindingKind, Severity, first_of};
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;

/// What the names of the tags with ids begin with.
pub(super) const EVENT: &str = "event-";

/// Events, and the tags by which it is known that what they tell was kept.
#[derive(Default)]
pub(super) struct TaggedEvents {
    pub(super) events: Vec<Event>,
    pub(super) tags: Tags,
}

impl TaggedEvents {
    fn add(&mut self, changed: &str, event: Event) {
        self.tags.insert(format!("{EVENT}{changed}"), event.id.to_string());
        self.events.push(event);
    }

    /// New credentials, in the place of what `seen` describes.
    pub(super) fn of_credentials(
        (customer, tenure): (&CustomerId, Timestamp),
        (app, record): (&EntraApp, &CheckRecord),
        seen: Option<&AppSummary>,
        now: Timestamp,
    ) -> Self {
        let same = seen.is_some_and(|seen| seen.is_app(app.tenant, app.client_id));
        let kind = if same { EventKind::CredentialRenewed } else { EventKind::CustomerConfigured };
        let event = Event::of_customer(kind, customer, tenure, now).with_expiry(app.expires_on);
        let mut told = Self::default();
        told.add("credentials", event);
        // Another app begins anew; what is wrong with it is told as what is wrong now.
        let blocked_at = seen.filter(|_| same).and_then(|seen| seen.blocked_at);
        told.add_check((customer, tenure), blocked_at, record, now);
        told
    }

    /// The customer's app in a new tenure, after an offboarding that was taken back.
    pub(super) fn of_restored((customer, tenure): (&CustomerId, Timestamp), app: &EntraApp, now: Timestamp) -> Self {
        let mut told = Self::default();
        let event = Event::of_customer(EventKind::CustomerConfigured, customer, tenure, now);
        told.add("credentials", event.with_expiry(app.expires_on));
        told
    }

    /// What a check found. As long as the app does not work the same event is told again with every check.
    pub(super) fn of_check(customer: &CustomerId, seen: &AppSummary, record: &CheckRecord, now: Timestamp) -> Self {
        let mut told = Self::default();
        told.add_check((customer, seen.tenure), seen.blocked_at, record, now);
        told
    }

    fn add_check(
        &mut self,
        (customer, tenure): (&CustomerId, Timestamp),
        blocked_at: Option<Timestamp>,
        record: &CheckRecord,
        now: Timestamp,
    ) {
        let (kind, at) = match first_error(&record.findings) {
            Some(_) => (EventKind::CustomerBlocked, blocked_at.unwrap_or(now)),
            None if record.verified && blocked_at.is_some() => (EventKind::CustomerRecovered, now),
            None => return,
        };
        let blocked_at = if kind == EventKind::CustomerBlocked { at.to_string() } else { String::new() };
        self.tags.extend(to_tags([(BLOCKED_AT, blocked_at)]));
        let event = Event::of_customer(kind, customer, tenure, at).with_finding(first_error(&record.findings));
        self.add("check", event);
    }

    /// What was noted about an app.
    pub(super) fn of_update(
        customer: &CustomerId,
        seen: &AppSummary,
        update: &AppStatusUpdate,
        now: Timestamp,
    ) -> Self {
        let mut told = Self::default();
        let of_customer = |kind, at| Event::of_customer(kind, customer, seen.tenure, at);
        match update {
            AppStatusUpdate::AdminConsent(AdminConsent { granted, at }) => {
                let kind = if *granted { EventKind::ConsentGranted } else { EventKind::ConsentDeclined };
                told.add("consent", of_customer(kind, *at));
            }
            AppStatusUpdate::SignInTest(SignInTestResult { at, findings })
            | AppStatusUpdate::SignInTestHint(SignInTestResult { at, findings }) => {
                let passed = findings.is_empty();
                let kind = if passed { EventKind::SignInTestPassed } else { EventKind::SignInTestFailed };
                told.add("test", of_customer(kind, *at).with_finding(findings.first().map(String::as_str)));
            }
            AppStatusUpdate::ReminderSent(days) => {
                let last_day = seen.expires_on.map(|day| day.to_string()).unwrap_or_default();
                let (kind, fact) = if *days == EXPIRED {
                    (EventKind::CredentialExpired, last_day)
                } else {
                    (EventKind::CredentialExpiring, format!("{last_day} {days}"))
                };
                let event = Event::of_fact(kind, (customer, seen.tenure), (now, &fact));
                told.add("reminder", event.with_expiry(seen.expires_on));
            }
            AppStatusUpdate::ConsentSeen(_) | AppStatusUpdate::ConnectionCounts(_) => {}
        }
        told
    }
}

fn first_error(codes: &[String]) -> Option<&'static str> {
    first_of(codes, Severity::Error).map(FindingKind::code)
}

/// The end of the customer, as it is told.
pub(super) fn offboarding(customer: &CustomerId, seen: &SecretMetadata, now: Timestamp) -> Event {
    Event::of_customer(EventKind::CustomerOffboarded, customer, parse_tenure(seen), now)
}
