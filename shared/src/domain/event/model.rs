//! An event: what happened, to whom, and when.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::event::event_id::EventId;
use crate::domain::event::kind::EventKind;
use crate::domain::finding::FindingKind;
use crate::types::clock::Timestamp;
use crate::types::ids::{CustomerId, UserId};

/// Something that happened, and whom it concerns. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The same for the same fact, however often it is told.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// Whose customer it happened to.
    pub customer: CustomerId,
    /// In which tenure of the customer; the beginning of time before the first.
    pub tenure: Timestamp,
    /// The recruiter, for what is about a connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// When it happened.
    pub at: Timestamp,
    /// The code of what is wrong. A version that does not know it tells the event without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// The last day of the credential, for what is about its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
}

impl Event {
    /// Something that happened to a customer.
    #[must_use]
    pub fn of_customer(kind: EventKind, customer: &CustomerId, tenure: Timestamp, at: Timestamp) -> Self {
        let fact = at.as_millisecond().to_string();
        Self::about(kind, (customer, None), tenure, (at, &fact))
    }

    /// Something that happened to a recruiter's connection.
    #[must_use]
    pub fn of_user(
        kind: EventKind,
        (customer, user): (&CustomerId, &UserId),
        tenure: Timestamp,
        at: Timestamp,
    ) -> Self {
        let fact = at.as_millisecond().to_string();
        Self::about(kind, (customer, Some(user)), tenure, (at, &fact))
    }

    /// Something that is one fact whenever it is seen, such as an end of a credential: `fact` tells it from others of its
    /// kind.
    #[must_use]
    pub fn of_fact(
        kind: EventKind,
        (customer, tenure): (&CustomerId, Timestamp),
        (at, fact): (Timestamp, &str),
    ) -> Self {
        Self::about(kind, (customer, None), tenure, (at, fact))
    }

    fn about(
        kind: EventKind,
        (customer, user): (&CustomerId, Option<&UserId>),
        tenure: Timestamp,
        (at, fact): (Timestamp, &str),
    ) -> Self {
        let started = tenure.as_millisecond().to_string();
        let id = EventId::of([kind.code(), customer.as_str(), user.map_or("", UserId::as_str), &started, fact]);
        let (customer, user) = (customer.clone(), user.cloned());
        Self { id, kind, customer, tenure, user, at, finding: None, expires_on: None }
    }

    /// The same, and what is wrong.
    #[must_use]
    pub fn with_finding(self, code: Option<&str>) -> Self {
        Self { finding: code.map(str::to_owned), ..self }
    }

    /// The same, and the last day of the credential.
    #[must_use]
    pub fn with_expiry(self, expires_on: Option<Date>) -> Self {
        Self { expires_on, ..self }
    }

    /// What is wrong, if this version knows it.
    #[must_use]
    pub fn finding_kind(&self) -> Option<FindingKind> {
        self.finding.as_deref().and_then(FindingKind::from_code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(id: &str) -> CustomerId {
        id.parse().unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_fact_has_one_id_and_another_fact_has_another() {
        let user = "anna".parse().unwrap();
        let event = |kind, id: &str, tenure, moment| Event::of_customer(kind, &customer(id), at(tenure), at(moment)).id;
        let made = Event::of_user(EventKind::ConnectionMade, (&customer("kadry"), &user), at(1), at(2)).id;
        let blocked = event(EventKind::CustomerBlocked, "kadry", 1, 2);
        assert_eq!(blocked, event(EventKind::CustomerBlocked, "kadry", 1, 2));
        for other in [
            event(EventKind::CustomerRecovered, "kadry", 1, 2),
            event(EventKind::CustomerBlocked, "kadry2", 1, 2),
            event(EventKind::CustomerBlocked, "kadry", 0, 2),
            event(EventKind::CustomerBlocked, "kadry", 1, 3),
            made,
        ] {
            assert_ne!(blocked, other);
        }
    }

    /// Receivers keep ids: they may not change with the software.
    #[test]
    fn an_event_of_a_credential_has_its_last_day() {
        let event = Event::of_customer(EventKind::CredentialRenewed, &customer("kadry"), at(0), at(0));
        let last_day: Date = "2027-03-31".parse().unwrap();
        assert_eq!(event.with_expiry(Some(last_day)).expires_on, Some(last_day));
    }

    #[test]
    fn an_id_is_what_it_was_in_the_first_version() {
        let user = "anna".parse().unwrap();
        let event = Event::of_user(EventKind::ConnectionMade, (&customer("kadry"), &user), at(1), at(2));
        assert_eq!(event.id.to_string(), "evt_d4fcef7e16022ed6150082cb");
    }

    #[test]
    fn an_event_of_a_later_version_is_read_and_its_finding_is_kept() {
        let event = Event::of_customer(EventKind::CustomerBlocked, &customer("kadry"), at(1), at(2));
        let mut value = serde_json::to_value(event.with_finding(Some("of_a_later_version"))).unwrap();
        value["more"] = true.into();
        let read: Event = serde_json::from_value(value).unwrap();
        assert_eq!((read.finding.as_deref(), read.finding_kind()), (Some("of_a_later_version"), None));
    }
}
