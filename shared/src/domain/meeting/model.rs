//! A meeting, as Graph has it.

use crate::domain::meeting::meeting_id::{JoinUrl, MeetingId};
use crate::domain::meeting::options::MeetingOptions;
use crate::domain::meeting::participant::Participant;
use crate::domain::meeting::times::MeetingTimes;

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
    /// Microsoft's invitation text as HTML, in the requested language.
    pub join_text: Option<String>,
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
