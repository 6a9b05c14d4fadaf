//! A meeting, as Graph has it.

use ring::digest;
use serde::Serialize;

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
    /// The ATS keeps it, so it is the same in every version of this software.
    #[must_use]
    pub fn state_digest(&self) -> String {
        #[derive(Serialize)]
        struct State<'a> {
            id: &'a str,
            join_url: &'a str,
            subject: &'a str,
            start: String,
            end: String,
            people: Vec<(&'static str, String)>,
            options: &'a MeetingOptions,
            number: Option<[Option<&'a str>; 2]>,
            dial_in: Option<[Option<&'a str>; 4]>,
        }
        // Graph does not keep the order of a list.
        let mut people: Vec<_> = self
            .people
            .iter()
            .map(|person| (person.role.plural(), person.address.as_str().to_ascii_lowercase()))
            .collect();
        people.sort();
        let number = self.number.as_ref().map(|number| [Some(number.id.as_str()), number.passcode.as_deref()]);
        let dial_in =
            self.dial_in.as_ref().map(|DialIn { conference_id, toll_number, toll_free_number, more_numbers }| {
                let texts = [toll_number, toll_free_number, more_numbers].map(Option::as_deref);
                [Some(conference_id.as_str()), texts[0], texts[1], texts[2]]
            });
        let state = State {
            id: self.id.as_str(),
            join_url: self.join_url.as_str(),
            subject: &self.subject,
            start: self.times.start.to_string(),
            end: self.times.end.to_string(),
            people,
            options: &self.options,
            number,
            dial_in,
        };
        // Texts can always be written as JSON.
        let state = serde_json::to_vec(&state).unwrap_or_default();
        let hash = digest::digest(&digest::SHA256, &state);
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
