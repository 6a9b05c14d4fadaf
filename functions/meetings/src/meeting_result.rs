//! The result of an operation on a meeting.

use shared::domain::meeting::Meeting;
use shared::http::problem::Outcome;

/// A meeting after an operation, and what the operation did.
#[derive(Debug)]
pub(crate) struct MeetingResult {
    pub(crate) outcome: Outcome,
    pub(crate) meeting: Meeting,
    /// Names of what was requested and is not in force: a policy of the tenant forbids it, or Graph ignored it.
    pub(crate) dropped: Vec<&'static str>,
}
