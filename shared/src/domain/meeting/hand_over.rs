//! Hand-overs: meetings that moved to another recruiter.

use ring::digest;
use serde::{Deserialize, Serialize};

use crate::domain::meeting::meeting_id::{JoinUrl, MeetingId};
use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::ids::UserId;

/// A hand-over is stored this long after the end of the meeting, as long as Teams keeps its phone conference and options
/// (Teams limits page).
const HAND_OVER_RETENTION: SignedDuration = SignedDuration::from_hours(24 * 60);

/// The digest of a deleted meeting's id. It only has to be recognized.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingDigest(String);

impl From<&MeetingId> for MeetingDigest {
    fn from(id: &MeetingId) -> Self {
        let hash = digest::digest(&digest::SHA256, id.as_str().as_bytes());
        Self(hex::encode(&hash.as_ref()[..16]))
    }
}

/// A meeting that moved to another recruiter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// The deleted meeting.
    pub from: MeetingDigest,
    /// The new recruiter.
    pub to: UserId,
    /// The new meeting.
    pub id: MeetingId,
    /// The join URL of the new meeting.
    pub join_url: JoinUrl,
    /// When the record may be deleted.
    pub until: Timestamp,
}

impl HandOver {
    /// Whether the meeting has ended.
    #[must_use]
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.until <= add_saturating(now, HAND_OVER_RETENTION)
    }

    /// When the record of a meeting that ends at `end` may be deleted.
    #[must_use]
    pub fn retention_end(end: Timestamp) -> Timestamp {
        add_saturating(end, HAND_OVER_RETENTION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hand_over_is_kept_for_sixty_days_after_the_meeting() {
        let end = Timestamp::UNIX_EPOCH;
        let until = HandOver::retention_end(end);
        assert_eq!(until, end + SignedDuration::from_hours(24 * 60));
        let from = MeetingDigest::from(&MeetingId::parse("one").unwrap());
        assert_ne!(from, MeetingDigest::from(&MeetingId::parse("two").unwrap()));
        let hand_over = HandOver {
            from,
            to: "jan".parse().unwrap(),
            id: MeetingId::parse("two").unwrap(),
            join_url: JoinUrl::parse("https://teams.microsoft.com/l/meetup-join/1").unwrap(),
            until,
        };
        let second = SignedDuration::from_secs(1);
        assert_eq!([end - second, end, end + second].map(|now| hand_over.has_ended(now)), [false, true, true]);
    }
}
