//! A meeting, as Graph has it.

use ring::digest;

use crate::domain::meeting::meeting_id::{JoinUrl, MeetingId};
use crate::domain::meeting::options::MeetingOptions;
use crate::domain::meeting::participant::Participant;
use crate::domain::meeting::times::MeetingTimes;
use crate::types::clock::Timestamp;

/// A meeting as Graph has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Graph's name for it.
    pub id: MeetingId,
    /// Where to join.
    pub join_url: JoinUrl,
    /// Its title.
    pub subject: String,
    /// When it is.
    pub times: MeetingTimes,
    /// Who is invited, as far as Graph named them.
    pub people: Vec<Participant>,
    /// The options in force, as far as Graph told them.
    pub options: MeetingOptions,
    /// How to join by number.
    pub number: Option<MeetingNumber>,
    /// How to join by telephone, where the tenant has that.
    pub dial_in: Option<DialIn>,
    /// When it was created, if Graph told.
    pub created_at: Option<Timestamp>,
    /// Microsoft's own invitation text, as HTML, in the language that was asked for.
    pub join_text: Option<String>,
}

impl Meeting {
    /// A digest of everything that an answer tells of the meeting, but for Microsoft's text, which depends on the language.
    #[must_use]
    pub fn state_digest(&self) -> String {
        let Self { id, join_url, subject, times, people, options, number, dial_in, created_at: _, join_text: _ } = self;
        // Graph does not keep the order of a list.
        let mut people: Vec<_> =
            people.iter().map(|person| (person.role.plural(), person.address.as_str().to_ascii_lowercase())).collect();
        people.sort();
        let (start, end) = (times.start, times.end);
        let state = format!("{:?}", (id, join_url, subject, start, end, people, options, number, dial_in));
        let hash = digest::digest(&digest::SHA256, state.as_bytes());
        hex::encode(&hash.as_ref()[..16])
    }
}

/// How to join by number, in Teams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingNumber {
    /// The number of the meeting.
    pub id: String,
    /// What is asked beside it.
    pub passcode: Option<String>,
}

/// How to join by telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialIn {
    /// The number of the conference.
    pub conference_id: String,
    /// The number to dial.
    pub toll_number: Option<String>,
    /// The number to dial free of charge.
    pub toll_free_number: Option<String>,
    /// Where the numbers of other countries are.
    pub more_numbers: Option<String>,
}
