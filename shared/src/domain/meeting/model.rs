//! A meeting, as Graph has it.

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
