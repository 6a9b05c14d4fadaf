//! What an iTIP message says about a meeting, and for whom (RFC 5546).

use jiff::tz::TimeZone;

use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;
use crate::types::language::Language;

/// The method of an iTIP message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = InvitationMethod, rename_all = "snake_case"))]
pub enum ItipMethod {
    /// Adds or changes the event.
    Request,
    /// Removes the event.
    Cancel,
}

/// The recruiter who invites.
#[derive(Debug, Clone, Copy)]
pub struct Organizer<'a> {
    pub customer: &'a CustomerId,
    /// The display name.
    pub name: &'a str,
    /// The e-mail address for replies.
    pub address: &'a str,
}

/// Language, time zone and time of a message.
#[derive(Debug, Clone)]
pub struct InvitationContext<'a> {
    pub language: Language,
    /// The time zone of the times. Without one they are in UTC, which every calendar converts.
    pub zone: Option<&'a TimeZone>,
    /// When the message is created.
    pub now: Timestamp,
}
