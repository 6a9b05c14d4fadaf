//! What an iTIP message says about an interview, and for whom (RFC 5546).

use jiff::tz::TimeZone;

use crate::domain::meeting::participant::EmailAddress;
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;
use crate::types::language::Language;

/// What the message asks a calendar to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = InvitationMethod, rename_all = "snake_case"))]
pub enum ItipMethod {
    /// To show the event; nobody answers (RFC 5546 §3.2.1).
    Publish,
    /// To invite, or to change an invitation (RFC 5546 §3.2.2).
    Request,
    /// To take the event away (RFC 5546 §3.2.5).
    Cancel,
}

impl ItipMethod {
    /// The method's name in a message.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// Who invites.
#[derive(Debug, Clone, Copy)]
pub struct Organizer<'a> {
    /// The customer.
    pub customer: &'a CustomerId,
    /// The recruiter's name.
    pub name: &'a str,
    /// The recruiter's mailbox, where answers go. Without one nobody can be invited.
    pub mailbox: Option<&'a EmailAddress>,
}

/// For whom a message is rendered, and when.
#[derive(Debug, Clone)]
pub struct InvitationContext<'a> {
    /// The language of the texts.
    pub language: Language,
    /// The zone of the times. `None` means UTC, which every calendar shows in its own zone.
    pub zone: Option<&'a TimeZone>,
    /// A reminder so many minutes before the interview.
    pub alarm_minutes: Option<u32>,
    /// The attendees who no longer take part, if a cancellation is for them alone.
    pub removed: &'a [EmailAddress],
    /// When the message is rendered.
    pub now: Timestamp,
}

/// A calendar message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarMessage {
    /// Its method, which may be another than was requested: a request that invites nobody is published.
    pub method: ItipMethod,
    /// iCalendar (RFC 5545).
    pub text: String,
}
