//! An interview that another recruiter took over.

use ring::digest;
use serde::{Deserialize, Serialize};

use crate::domain::meeting::meeting_id::{JoinUrl, MeetingId};
use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::ids::UserId;

/// A hand-over is remembered this long after the end of the interview: as long as Teams keeps the meeting's telephone
/// line and options (Teams limits page).
const HAND_OVER_RETENTION: SignedDuration = SignedDuration::from_hours(24 * 60);

/// A meeting that is no more, by a digest of what Graph called it: it only has to be known again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingDigest(String);

impl From<&MeetingId> for MeetingDigest {
    fn from(id: &MeetingId) -> Self {
        let hash = digest::digest(&digest::SHA256, id.as_str().as_bytes());
        Self(hex::encode(&hash.as_ref()[..16]))
    }
}

/// An interview that another recruiter took over: where it was, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// The meeting that is no more.
    pub from: MeetingDigest,
    /// Who holds the interview now.
    pub to: UserId,
    /// What Graph calls the new meeting.
    pub id: MeetingId,
    /// Where to join it.
    pub join_url: JoinUrl,
    /// When it may be forgotten.
    pub until: Timestamp,
}

impl HandOver {
    /// Whether the interview was over `now`.
    #[must_use]
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.until <= add_saturating(now, HAND_OVER_RETENTION)
    }

    /// When a hand-over of an interview that ends at `end` may be forgotten.
    #[must_use]
    pub fn retention_end(end: Timestamp) -> Timestamp {
        add_saturating(end, HAND_OVER_RETENTION)
    }
}
