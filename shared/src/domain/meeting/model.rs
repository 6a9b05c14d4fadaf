//! A meeting, as Graph has it.

use ring::digest;

use crate::domain::meeting::idempotency::ExternalId;
use crate::domain::meeting::meeting_id::{JoinUrl, MeetingId};
use crate::domain::meeting::options::MeetingOptions;
use crate::domain::meeting::participant::Participant;
use crate::domain::meeting::times::MeetingTimes;
use crate::types::clock::Timestamp;

/// A meeting as Graph has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    pub id: MeetingId,
    pub join_url: JoinUrl,
    /// The title.
    pub subject: String,
    /// Start and end, and what their fractions carry.
    pub times: MeetingTimes,
    /// Who is invited, as far as Graph reports it.
    pub people: Vec<Participant>,
    /// The options in force, as far as Graph reports them.
    pub options: MeetingOptions,
    /// How to join by number in Teams.
    pub number: Option<MeetingNumber>,
    /// How to join by phone, if the tenant has audio conferencing.
    pub dial_in: Option<DialIn>,
    /// When it was created, if Graph told.
    pub created_at: Option<Timestamp>,
    /// The order that created it, if Graph told.
    pub external_id: Option<ExternalId>,
    /// Microsoft's invitation text as HTML, in the requested language.
    pub join_text: Option<String>,
}

impl Meeting {
    /// A digest of everything that an answer tells of the meeting, but for Microsoft's text, which depends on the language.
    #[must_use]
    pub fn state_digest(&self) -> String {
        let Self { id, join_url, subject, times, people, options, number, dial_in, .. } = self;
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

/// How to join by number in Teams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingNumber {
    /// The meeting's number.
    pub id: String,
    /// The passcode, if one is required.
    pub passcode: Option<String>,
}

/// How to join by phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialIn {
    /// The conference id.
    pub conference_id: String,
    /// The number to call.
    pub toll_number: Option<String>,
    /// The number to call free of charge.
    pub toll_free_number: Option<String>,
    /// The page with numbers of other countries.
    pub more_numbers: Option<String>,
}
