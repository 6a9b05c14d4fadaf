//! What the ATS orders: one order, one meeting, one link.

use ring::digest;
use serde::Serialize;

use crate::domain::meeting::model::Meeting;
use crate::domain::meeting::options::{MeetingOptions, Presenters};
use crate::domain::meeting::participant::{Participant, incomplete_roles};
use crate::domain::meeting::patch::MeetingPatch;
use crate::domain::meeting::subject::Subject;
use crate::domain::meeting::times::{MeetingTimes, OrderFingerprint};
use crate::types::clock::Timestamp;
use crate::types::language::Language;

/// What the ATS orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingOrder {
    /// The title.
    pub subject: Subject,
    /// When the meeting starts.
    pub start: Timestamp,
    /// When the meeting ends.
    pub end: Timestamp,
    /// Who is invited.
    pub people: Vec<Participant>,
    /// What departs from the tenant's habit.
    pub options: MeetingOptions,
    /// The language of Microsoft's invitation text.
    pub language: Language,
}

/// What Graph needs to make a meeting, or to find it again.
#[derive(Debug, Clone, Copy)]
pub struct CreateMeeting<'a> {
    /// The title.
    pub subject: &'a str,
    /// When it is.
    pub times: MeetingTimes,
    /// Who is invited.
    pub people: &'a [Participant],
    /// The language of Microsoft's invitation text.
    pub language: Language,
}

impl MeetingOrder {
    /// What Graph needs to create the meeting; the times carry the fingerprint of this order.
    #[must_use]
    pub fn create_meeting(&self) -> CreateMeeting<'_> {
        let times = MeetingTimes::new(self.start, self.end, self.fingerprint());
        CreateMeeting { subject: self.subject.as_str(), times, people: &self.people, language: self.language }
    }

    /// Whether `meeting` certainly comes from an order with another body. `createOrGet` returns an existing meeting
    /// unchanged, so a key that was used for another order shows here. If Graph did not keep the fingerprint, for example
    /// because the meeting was moved in Teams, nothing is certain.
    #[must_use]
    pub fn contradicts(&self, meeting: &Meeting) -> bool {
        meeting.times.fingerprint.is_some_and(|fingerprint| fingerprint != self.fingerprint())
    }

    /// What a meeting that was just created lacks of this order.
    #[must_use]
    pub fn patch_for_new(&self, meeting: &Meeting) -> MeetingPatch {
        let subject = (meeting.subject != self.subject.as_str()).then(|| self.subject.clone());
        MeetingPatch { subject, times: self.missing_times(meeting), ..self.patch_for_existing(meeting) }
    }

    /// What an existing meeting lacks of this order. Title and times may have been changed since, unless the times are
    /// those of no meeting.
    #[must_use]
    pub fn patch_for_existing(&self, meeting: &Meeting) -> MeetingPatch {
        let options = self.options.not_in_force(&meeting.options);
        // Graph takes presenters only beside `roleIsPresenter`, and then the whole list.
        let is_incomplete = options.presenters == Some(Presenters::Named)
            || !incomplete_roles(&self.people, &meeting.people).is_empty();
        MeetingPatch {
            subject: None,
            times: (!meeting.times.is_plausible()).then(|| self.create_meeting().times),
            people: is_incomplete.then(|| self.people.clone()),
            options,
        }
    }

    /// Names of what was ordered and is not there. The times are not among them: an answer never has others.
    #[must_use]
    pub fn dropped(&self, meeting: &Meeting) -> Vec<&'static str> {
        let mut dropped = incomplete_roles(&self.people, &meeting.people);
        for option in self.options.not_in_force(&meeting.options).requested() {
            // `presenters` is a role and an option.
            if !dropped.contains(&option) {
                dropped.push(option);
            }
        }
        if meeting.subject != self.subject.as_str() {
            dropped.push("subject");
        }
        dropped
    }

    /// The times to send if those of a new meeting are wrong, or if their fractions are not those that were sent and would
    /// later be read as another order's fingerprint.
    fn missing_times(&self, meeting: &Meeting) -> Option<MeetingTimes> {
        let ordered = self.create_meeting().times;
        let (times, whole) = (meeting.times, MeetingTimes { fingerprint: None, ..ordered });
        if times == ordered || times == whole {
            None
        } else if (times.start, times.end) == (self.start, self.end) {
            Some(whole)
        } else {
            Some(ordered)
        }
    }

    /// The digest of all that was ordered. The language is left out: it may be the reader's, and belongs to the text
    /// alone. Options that are not wished for leave no trace, so one that is added later changes no mark.
    fn fingerprint(&self) -> OrderFingerprint {
        #[derive(Serialize)]
        struct Content<'a> {
            subject: &'a str,
            start: i64,
            end: i64,
            people: Vec<String>,
            options: &'a MeetingOptions,
        }
        let mut people: Vec<_> =
            self.people.iter().map(|who| format!("{:?} {}", who.role, who.address.as_str())).collect();
        people.sort();
        let (start, end) = (self.start.as_second(), self.end.as_second());
        let content = Content { subject: self.subject.as_str(), start, end, people, options: &self.options };
        // Texts and numbers can always be written as JSON.
        let content = serde_json::to_vec(&content).unwrap_or_default();
        let hash = digest::digest(&digest::SHA256, &content);
        OrderFingerprint::from_digest(
            hash.as_ref().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::meeting::options::Chat;
    use crate::domain::meeting::participant::ParticipantRole;

    fn order() -> MeetingOrder {
        MeetingOrder {
            subject: "Rozmowa".parse().unwrap(),
            start: "2026-11-25T10:00:00Z".parse().unwrap(),
            end: "2026-11-25T10:30:00Z".parse().unwrap(),
            people: vec![
                Participant { address: "a@x.example".parse().unwrap(), role: ParticipantRole::Attendee },
                Participant { address: "b@x.example".parse().unwrap(), role: ParticipantRole::CoOrganizer },
            ],
            options: MeetingOptions { chat: Some(Chat::Disabled), ..MeetingOptions::default() },
            language: Language::Pl,
        }
    }

    #[test]
    fn the_mark_of_an_order_changes_with_all_that_is_ordered_and_with_nothing_else() {
        let mark = order().fingerprint();
        let same = [
            MeetingOrder { language: Language::En, ..order() },
            MeetingOrder { people: order().people.into_iter().rev().collect(), ..order() },
        ];
        for same in same {
            assert_eq!(same.fingerprint(), mark, "{same:?}");
        }
        let others = [
            MeetingOrder { subject: "Rozmowa 2".parse().unwrap(), ..order() },
            MeetingOrder { start: "2026-11-25T10:00:01Z".parse().unwrap(), ..order() },
            MeetingOrder { end: "2026-11-25T10:31:00Z".parse().unwrap(), ..order() },
            MeetingOrder { people: order().people[..1].to_vec(), ..order() },
            MeetingOrder { options: MeetingOptions::default(), ..order() },
        ];
        for other in others {
            assert_ne!(other.fingerprint(), mark, "{other:?}");
        }
    }

    /// Marks lie in meetings that were made by earlier versions of this software.
    #[test]
    fn the_mark_of_an_order_is_the_same_in_every_version() {
        // printf '%s' '{"subject":"Rozmowa","start":1795600800,"end":1795602600,"people":["Attendee a@x.example",
        // "CoOrganizer b@x.example"],"options":{"chat":"disabled"}}' | sha256sum (without the line break)
        assert_eq!(order().fingerprint(), OrderFingerprint::from_digest(0xa2f4_da22_93c9_70fb));
    }
}
