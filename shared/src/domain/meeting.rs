//! What the ATS orders and gets: one order, one meeting, one join URL.

mod cancellation;
mod date_time;
mod hand_over;
mod icalendar;
mod idempotency;
mod link;
mod meeting_id;
mod model;
mod options;
mod order;
mod participant;
mod patch;
mod subject;
mod times;
mod windows_zones;

pub use cancellation::{Cancellation, CancelledMeetings, TooManyCancellations};
pub use date_time::{DateTimeError, parse_date_time, parse_time_zone};
pub use hand_over::{HandOver, MeetingDigest};
pub use icalendar::{
    CalendarMessage, InvitationContext, ItipMethod, Organizer, render_cancellation, render_invitation,
};
pub use idempotency::{ExternalId, IdempotencyKey, IdempotencyKeyError};
pub use link::MeetingLink;
pub use meeting_id::{JoinUrl, MeetingId, MeetingIdError};
pub use model::{DialIn, Meeting, MeetingNumber};
pub use options::{
    Chat, Lobby, LobbyAdmitters, MeetingOptions, MeetingTemplateId, MeetingTemplateIdError, Presenters, Recording,
};
pub use order::{CreateMeeting, MeetingOrder};
pub use participant::{
    EmailAddress, EmailAddressError, MAX_PARTICIPANTS, Participant, ParticipantRole, incomplete_roles, with_role,
};
pub use patch::{MeetingChange, MeetingPatch};
pub use subject::{Subject, SubjectError};
pub use times::{MeetingTimes, MeetingTimesError, OrderFingerprint, validate_times};
