//! Changes of a meeting: what the ATS wants, and what has to be sent to Graph.

use crate::domain::meeting::model::Meeting;
use crate::domain::meeting::options::{MeetingOptions, Presenters};
use crate::domain::meeting::participant::{EmailAddress, Participant, ParticipantRole, is_complete, with_role};
use crate::domain::meeting::subject::Subject;
use crate::domain::meeting::times::{MeetingTimes, MeetingTimesError, validate_times};
use crate::types::clock::{Timestamp, add_saturating};

/// The changes that the ATS wants. `None` leaves a value as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeetingChange {
    /// The new title.
    pub subject: Option<Subject>,
    /// The new start. Without an end the duration stays.
    pub start: Option<Timestamp>,
    /// The new end.
    pub end: Option<Timestamp>,
    /// All attendees; replaces the list.
    pub attendees: Option<Vec<EmailAddress>>,
    /// All co-organizers; replaces the list.
    pub co_organizers: Option<Vec<EmailAddress>>,
    /// All presenters; replaces the list.
    pub presenters: Option<Vec<EmailAddress>>,
    /// The requested options.
    pub options: MeetingOptions,
}

/// The PATCH that makes a meeting match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeetingPatch {
    /// The title, if it changes.
    pub subject: Option<Subject>,
    /// Both times: Graph rejects one without the other.
    pub times: Option<MeetingTimes>,
    /// All participants, if any changes: Graph replaces the list.
    pub people: Option<Vec<Participant>>,
    /// The options that are not in force.
    pub options: MeetingOptions,
}

impl MeetingPatch {
    /// One patch for each thing that changes, so that each can be rejected by itself. Named presenters need the list of
    /// people beside them.
    #[must_use]
    pub fn split(self) -> Vec<Self> {
        let Self { subject, times, people, options } = self;
        let mut patches = Vec::new();
        if times.is_some() {
            patches.push(Self { times, ..Self::default() });
        }
        if subject.is_some() {
            patches.push(Self { subject, ..Self::default() });
        }
        let with_presenters = options.presenters == Some(Presenters::Named);
        if people.is_some() && !with_presenters {
            patches.push(Self { people: people.clone(), ..Self::default() });
        }
        patches.extend(options.split().into_iter().map(|options| {
            let people = people.clone().filter(|_| options.presenters == Some(Presenters::Named));
            Self { people, options, ..Self::default() }
        }));
        patches
    }
}

impl MeetingChange {
    /// Names of what was to change and is not as requested. The times are not among them: an answer never has others.
    #[must_use]
    pub fn dropped(&self, meeting: &Meeting) -> Vec<&'static str> {
        let mut dropped = Vec::new();
        for (role, wanted) in self.people_by_role() {
            let Some(wanted) = wanted else { continue };
            let wanted: Vec<_> = wanted.iter().map(|address| Participant { address: address.clone(), role }).collect();
            if !is_complete(&wanted, &meeting.people, role) || with_role(&meeting.people, role).count() > wanted.len() {
                dropped.push(role.plural());
            }
        }
        let options = self.options.not_in_force(&meeting.options).requested();
        dropped.extend(options);
        if self.subject.as_ref().is_some_and(|subject| subject.as_str() != meeting.subject) {
            dropped.push("subject");
        }
        let mut names = std::collections::BTreeSet::new();
        dropped.retain(|name| names.insert(*name));
        dropped
    }

    fn people_by_role(&self) -> [(ParticipantRole, &Option<Vec<EmailAddress>>); 3] {
        [
            (ParticipantRole::Attendee, &self.attendees),
            (ParticipantRole::CoOrganizer, &self.co_organizers),
            (ParticipantRole::Presenter, &self.presenters),
        ]
    }

    /// What has to be sent so that `meeting` matches; `None` if it matches already. Everything sent counts as a change,
    /// because the next invitation must be newer than the one before (RFC 5545 §3.8.7.4).
    ///
    /// # Errors
    /// [`MeetingTimesError`] if the new times are not possible.
    pub fn diff(&self, meeting: &Meeting, now: Timestamp) -> Result<Option<MeetingPatch>, MeetingTimesError> {
        let MeetingTimes { start, end, .. } = meeting.times;
        let duration = start.duration_until(end);
        let new_start = self.start.unwrap_or(start);
        let new_end = self.end.unwrap_or_else(|| add_saturating(new_start, duration));
        let moved = (new_start, new_end) != (start, end);
        if moved {
            validate_times(new_start, new_end, now)?;
        }
        let subject = self.subject.clone().filter(|subject| subject.as_str() != meeting.subject);
        let people = self.merged_participants(meeting);
        let options = self.options.not_in_force(&meeting.options);
        if !moved && subject.is_none() && people.is_none() && options.is_empty() {
            return Ok(None);
        }
        let times = Some(meeting.times.rescheduled(new_start, new_end));
        // With `roleIsPresenter` Graph needs the whole list.
        let named = options.presenters == Some(Presenters::Named);
        let people = people.or_else(|| named.then(|| meeting.people.clone()));
        Ok(Some(MeetingPatch { subject, times, people, options }))
    }

    /// All participants, if any changes.
    fn merged_participants(&self, meeting: &Meeting) -> Option<Vec<Participant>> {
        let changes = self.people_by_role();
        let mut people: Vec<Participant> = Vec::new();
        for (role, change) in changes {
            let named: Vec<&EmailAddress> = match change {
                Some(addresses) => addresses.iter().collect(),
                None => with_role(&meeting.people, role).collect(),
            };
            people.extend(named.into_iter().map(|address| Participant { address: address.clone(), role }));
        }
        // A participant with a new role loses the previous one.
        let new_role = |address: &EmailAddress| {
            let named = changes
                .iter()
                .find(|(_, change)| change.iter().flatten().any(|other| other.is_same_mailbox(address.as_str())));
            named.map(|(role, _)| *role)
        };
        people.retain(|person| new_role(&person.address).is_none_or(|role| role == person.role));
        let same = people.len() == meeting.people.len() && people.iter().all(|person| meeting.people.contains(person));
        (!same).then_some(people)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::meeting::meeting_id::{JoinUrl, MeetingId};
    use crate::domain::meeting::options::Chat;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn person(address: &str, role: ParticipantRole) -> Participant {
        Participant { address: address.parse().unwrap(), role }
    }

    fn meeting() -> Meeting {
        Meeting {
            id: MeetingId::parse("x").unwrap(),
            join_url: JoinUrl::parse("https://teams.microsoft.com/x").unwrap(),
            subject: "Rozmowa".into(),
            times: MeetingTimes {
                changes: 3,
                ..MeetingTimes::decode(at("2026-11-25T10:00:00Z"), at("2026-11-25T10:30:00Z"))
            },
            people: vec![
                person("a@x.example", ParticipantRole::Attendee),
                person("b@x.example", ParticipantRole::CoOrganizer),
            ],
            options: MeetingOptions { chat: Some(Chat::Enabled), ..MeetingOptions::default() },
            number: None,
            dial_in: None,
            join_text: None,
            created_at: None,
            external_id: None,
        }
    }

    fn patch(change: &MeetingChange) -> Option<MeetingPatch> {
        change.diff(&meeting(), at("2026-11-24T10:00:00Z")).unwrap()
    }

    #[test]
    fn a_new_start_keeps_the_duration() {
        let moved = MeetingChange { start: Some(at("2026-11-26T10:00:00Z")), ..MeetingChange::default() };
        let times = patch(&moved).unwrap().times.unwrap();
        assert_eq!((times.end, times.changes), (at("2026-11-26T10:30:00Z"), 4));
    }

    #[test]
    fn a_change_to_the_same_values_is_none() {
        let same = MeetingChange {
            subject: Some("Rozmowa".parse().unwrap()),
            end: Some(at("2026-11-25T10:30:00Z")),
            attendees: Some(vec!["a@x.example".parse().unwrap()]),
            options: meeting().options,
            ..MeetingChange::default()
        };
        assert_eq!(patch(&same), None);
    }

    #[test]
    fn participants_of_other_roles_stay_and_nobody_has_two_roles() {
        let change =
            MeetingChange { presenters: Some(vec!["b@x.example".parse().unwrap()]), ..MeetingChange::default() };
        let people = patch(&change).unwrap().people.unwrap();
        assert_eq!(
            people,
            [person("a@x.example", ParticipantRole::Attendee), person("b@x.example", ParticipantRole::Presenter)]
        );
        let change = MeetingChange { attendees: Some(Vec::new()), ..MeetingChange::default() };
        assert_eq!(patch(&change).unwrap().people.unwrap(), [person("b@x.example", ParticipantRole::CoOrganizer)]);
    }

    #[test]
    fn a_title_may_change_after_the_interview_and_times_may_not_lie_in_the_past() {
        let later = at("2027-11-24T10:00:00Z");
        let titled = MeetingChange { subject: Some("Po rozmowie".parse().unwrap()), ..MeetingChange::default() };
        assert!(titled.diff(&meeting(), later).unwrap().is_some());
        let moved = MeetingChange { end: Some(at("2026-11-25T11:00:00Z")), ..MeetingChange::default() };
        assert_eq!(moved.diff(&meeting(), later), Err(MeetingTimesError::Past));
    }
}
