//! An order, and its fingerprint, which tells a repeated order from another one.

use ring::digest;
use serde::Serialize;

use crate::domain::meeting::model::Meeting;
use crate::domain::meeting::options::MeetingOptions;
use crate::domain::meeting::participant::Participant;
use crate::domain::meeting::subject::Subject;
use crate::domain::meeting::times::{MeetingTimes, OrderFingerprint};
use crate::types::clock::Timestamp;
use crate::types::language::Language;

/// A meeting as the ATS orders it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingOrder {
    /// The title.
    pub subject: Subject,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Who is invited.
    pub people: Vec<Participant>,
    /// Options that differ from the tenant's defaults.
    pub options: MeetingOptions,
    /// The language of Microsoft's invitation text.
    pub language: Language,
}

/// What Graph needs to create a meeting, or to find it again.
#[derive(Debug, Clone, Copy)]
pub struct CreateMeeting<'a> {
    /// The title.
    pub subject: &'a str,
    /// Start and end, with the fingerprint of the order.
    pub times: MeetingTimes,
    /// Who is invited.
    pub people: &'a [Participant],
    /// The language of Microsoft's invitation text.
    pub language: Language,
}

impl MeetingOrder {
    /// What Graph needs to create the meeting. The times carry the order's fingerprint.
    #[must_use]
    pub fn create_meeting(&self) -> CreateMeeting<'_> {
        let times = MeetingTimes::new(self.start, self.end, self.fingerprint());
        CreateMeeting { subject: self.subject.as_str(), times, people: &self.people, language: self.language }
    }

    /// Whether this order created `meeting`. `createOrGet` returns an existing meeting unchanged, so a key that was used
    /// for another order shows here. If Graph did not keep the fingerprint, title and times decide.
    #[must_use]
    pub fn is_origin_of(&self, meeting: &Meeting) -> bool {
        let MeetingTimes { start, end, fingerprint, .. } = meeting.times;
        match fingerprint {
            Some(fingerprint) => fingerprint == self.fingerprint(),
            None => meeting.subject == self.subject.as_str() && start == self.start && end == self.end,
        }
    }

    /// The digest of everything ordered except the language, which only affects texts. Options that are not set leave no
    /// trace, so adding an option to this type changes no fingerprint. Decision 0019.
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
            self.people.iter().map(|person| format!("{:?} {}", person.role, person.address.as_str())).collect();
        people.sort();
        let (start, end) = (self.start.as_second(), self.end.as_second());
        let content = Content { subject: self.subject.as_str(), start, end, people, options: &self.options };
        // Serializing texts and numbers cannot fail.
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
    fn a_fingerprint_changes_with_everything_ordered_and_nothing_else() {
        let fingerprint = order().fingerprint();
        let same = [
            MeetingOrder { language: Language::En, ..order() },
            MeetingOrder { people: order().people.into_iter().rev().collect(), ..order() },
        ];
        for same in same {
            assert_eq!(same.fingerprint(), fingerprint, "{same:?}");
        }
        let others = [
            MeetingOrder { subject: "Rozmowa 2".parse().unwrap(), ..order() },
            MeetingOrder { start: "2026-11-25T10:00:01Z".parse().unwrap(), ..order() },
            MeetingOrder { end: "2026-11-25T10:31:00Z".parse().unwrap(), ..order() },
            MeetingOrder { people: order().people[..1].to_vec(), ..order() },
            MeetingOrder { options: MeetingOptions::default(), ..order() },
        ];
        for other in others {
            assert_ne!(other.fingerprint(), fingerprint, "{other:?}");
        }
    }

    /// Meetings that earlier versions created carry fingerprints.
    #[test]
    fn the_fingerprint_of_an_order_is_the_same_in_every_version() {
        // printf '%s' '{"subject":"Rozmowa","start":1795600800,"end":1795602600,"people":["Attendee a@x.example",
        // "CoOrganizer b@x.example"],"options":{"chat":"disabled"}}' | sha256sum (without the line break)
        assert_eq!(order().fingerprint(), OrderFingerprint::from_digest(0xa2f4_da22_93c9_70fb));
    }
}
