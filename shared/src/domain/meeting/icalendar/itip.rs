//! What an iTIP message says about an interview, and for whom (RFC 5546).

use jiff::tz::TimeZone;

use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;
use crate::types::language::Language;

/// What the message asks of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = InvitationMethod, rename_all = "snake_case"))]
pub enum ItipMethod {
    /// To hold the event, or to change it.
    Request,
    /// To take it away.
    Cancel,
}

/// Who invites.
#[derive(Debug, Clone, Copy)]
pub struct Organizer<'a> {
    /// Whose customer.
    pub customer: &'a CustomerId,
    /// The recruiter's name.
    pub name: &'a str,
    /// Where answers go.
    pub address: &'a str,
}

/// For whom a message is written, and when.
#[derive(Debug, Clone)]
pub struct InvitationContext<'a> {
    /// The language of the texts.
    pub language: Language,
    /// The zone of the times; UTC where none is given, which every calendar shows in its own.
    pub zone: Option<&'a TimeZone>,
    /// When the message is made.
    pub now: Timestamp,
}
