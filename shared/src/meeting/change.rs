//! A change of a meeting: what the ATS wishes, and what has to be sent to Graph for it.

use crate::clock::Timestamp;
use crate::meeting::{
    Address, Meeting, Options, Person, Presenters, Role, Subject, Times, TimesFault, check_times, in_role,
};

/// What the ATS wishes changed; what it leaves open stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// The title.
    pub subject: Option<Subject>,
    /// From when. The length stays where no end is given.
    pub start: Option<Timestamp>,
    /// Until when.
    pub end: Option<Timestamp>,
    /// Who is invited, instead of those who were.
    pub attendees: Option<Vec<Address>>,
    /// Who runs it beside the recruiter, instead of those who did.
    pub co_organizers: Option<Vec<Address>>,
    /// Who presents, instead of those who did.
    pub presenters: Option<Vec<Address>>,
    /// What departs from the tenant's habit.
    pub options: Options,
}

/// What is sent to Graph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revision {
    /// The title, if it changes.
    pub subject: Option<Subject>,
    /// Both times: Graph refuses one without the other.
    pub times: Option<Times>,
    /// All people, if they change: Graph replaces the list as a whole.
    pub people: Option<Vec<Person>>,
    /// The options that are not in force yet.
    pub options: Options,
}

impl Change {
    /// What has to be sent so that `meeting` is as wished; `None` when it is already. Whatever is sent counts as a
    /// change, because an invitation to what changed must be newer than the one before (RFC 5545 §3.8.7.4).
    ///
    /// # Errors
    /// [`TimesFault`] when it would have times that no interview has.
    pub fn of(&self, meeting: &Meeting, now: Timestamp) -> Result<Option<Revision>, TimesFault> {
        let Times { start, end, .. } = meeting.times;
        let length = start.duration_until(end);
        let new_start = self.start.unwrap_or(start);
        let new_end = self.end.unwrap_or_else(|| crate::clock::after(new_start, length));
        let moved = (new_start, new_end) != (start, end);
        if moved {
            check_times(new_start, new_end, now)?;
        }
        let subject = self.subject.clone().filter(|subject| subject.as_str() != meeting.subject);
        let people = self.people(meeting);
        let options = self.options.missing_in(&meeting.options);
        if !moved && subject.is_none() && people.is_none() && options.is_empty() {
            return Ok(None);
        }
        let times = Some(meeting.times.changed_to(new_start, new_end));
        // Graph wants the whole list beside `roleIsPresenter`.
        let named = options.presenters == Some(Presenters::Named);
        let people = people.or_else(|| named.then(|| meeting.people.clone()));
        Ok(Some(Revision { subject, times, people, options }))
    }

    /// All people, if any of them changes.
    fn people(&self, meeting: &Meeting) -> Option<Vec<Person>> {
        let wishes = [
            (Role::Attendee, &self.attendees),
            (Role::CoOrganizer, &self.co_organizers),
            (Role::Presenter, &self.presenters),
        ];
        let mut people: Vec<Person> = Vec::new();
        for (role, wish) in wishes {
            let named: Vec<&Address> = match wish {
                Some(wish) => wish.iter().collect(),
                None => in_role(&meeting.people, role).collect(),
            };
            people.extend(named.into_iter().map(|address| Person { address: address.clone(), role }));
        }
        // Whoever has a new role loses the former one.
        let new_role = |address: &Address| {
            let named = wishes.iter().find(|(_, wish)| wish.iter().flatten().any(|other| other.is(address.as_str())));
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
    use crate::meeting::{Chat, JoinUrl, MeetingId};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn person(address: &str, role: Role) -> Person {
        Person { address: address.parse().unwrap(), role }
    }

    fn meeting() -> Meeting {
        Meeting {
            id: MeetingId::parse("x").unwrap(),
            join_url: JoinUrl::parse("https://teams.microsoft.com/x").unwrap(),
            subject: "Rozmowa".into(),
            times: Times { changes: 3, ..Times::read(at("2026-11-25T10:00:00Z"), at("2026-11-25T10:30:00Z")) },
            people: vec![person("a@x.example", Role::Attendee), person("b@x.example", Role::CoOrganizer)],
            options: Options { chat: Some(Chat::Enabled), ..Options::default() },
            number: None,
            dial_in: None,
            join_text: None,
        }
    }

    fn revision(change: &Change) -> Option<Revision> {
        change.of(&meeting(), at("2026-11-24T10:00:00Z")).unwrap()
    }

    #[test]
    fn whoever_moves_the_start_keeps_the_length() {
        let moved = Change { start: Some(at("2026-11-26T10:00:00Z")), ..Change::default() };
        let times = revision(&moved).unwrap().times.unwrap();
        assert_eq!((times.end, times.changes), (at("2026-11-26T10:30:00Z"), 4));
    }

    #[test]
    fn what_is_so_already_is_no_change() {
        let same = Change {
            subject: Some("Rozmowa".parse().unwrap()),
            end: Some(at("2026-11-25T10:30:00Z")),
            attendees: Some(vec!["a@x.example".parse().unwrap()]),
            options: meeting().options,
            ..Change::default()
        };
        assert_eq!(revision(&same), None);
    }

    #[test]
    fn people_of_other_roles_stay_and_nobody_has_two() {
        let change = Change { presenters: Some(vec!["b@x.example".parse().unwrap()]), ..Change::default() };
        let people = revision(&change).unwrap().people.unwrap();
        assert_eq!(people, [person("a@x.example", Role::Attendee), person("b@x.example", Role::Presenter)]);
        let change = Change { attendees: Some(Vec::new()), ..Change::default() };
        assert_eq!(revision(&change).unwrap().people.unwrap(), [person("b@x.example", Role::CoOrganizer)]);
    }

    #[test]
    fn a_title_may_change_after_the_interview_and_times_may_not_lie_in_the_past() {
        let later = at("2027-11-24T10:00:00Z");
        let titled = Change { subject: Some("Po rozmowie".parse().unwrap()), ..Change::default() };
        assert!(titled.of(&meeting(), later).unwrap().is_some());
        let moved = Change { end: Some(at("2026-11-25T11:00:00Z")), ..Change::default() };
        assert_eq!(moved.of(&meeting(), later), Err(TimesFault::Past));
    }
}
