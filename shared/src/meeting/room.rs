//! Where an interview takes place, and the link of ours that leads there.
//!
//! The link holds all that it takes to find the meeting, sealed, so no list of links is kept: whose meeting it is, what
//! Graph calls it, and where to join as far as was known when the link was made. Whoever has the link learns nothing of
//! that, and nobody can make one up. Only a hand-over needs a record ([`HandOver`]), for then the link names a meeting
//! that is no more.

use ring::digest;
use serde::{Deserialize, Serialize};

use crate::clock::{SignedDuration, Timestamp, after};
use crate::ids::{CustomerId, UserId};
use crate::meeting::{JoinUrl, MeetingId};
use crate::seal::steady::{NotSealed, SteadySeal};

/// What tokens of links are sealed for.
const PURPOSE: &str = "teams-connect/meeting-link";

/// A hand-over is remembered this long after the end of the interview: as long as Teams keeps the meeting's telephone
/// line and options (Teams limits page).
const HAND_OVER_KEPT: SignedDuration = SignedDuration::from_hours(24 * 60);

/// A meeting, and by whom it is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Whose customer.
    pub customer: CustomerId,
    /// In which recruiter's name.
    pub user: UserId,
    /// What Graph calls it.
    pub id: MeetingId,
    /// Where to join, when it was last looked at.
    pub join_url: JoinUrl,
}

impl Room {
    /// The last segment of the link.
    ///
    /// # Errors
    /// [`NotSealed`].
    pub fn sealed(&self, seal: &SteadySeal) -> Result<String, NotSealed> {
        let Self { customer, user, id, join_url } = self;
        // None of the four has a line break in it.
        seal.close(PURPOSE, &format!("{customer}\n{user}\n{}\n{}", id.as_str(), join_url.as_str()))
    }

    /// What a link leads to; `None` for a link that is none of ours.
    #[must_use]
    pub fn opened(seal: &SteadySeal, token: &str) -> Option<Self> {
        let content = seal.open(PURPOSE, token)?;
        let mut lines = content.split('\n');
        let mut line = || lines.next();
        Some(Self {
            customer: line()?.parse().ok()?,
            user: line()?.parse().ok()?,
            id: MeetingId::parse(line()?).ok()?,
            join_url: JoinUrl::parse(line()?).ok()?,
        })
    }
}

/// A meeting that is no more, by a digest of what Graph called it: it only has to be known again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former(String);

impl From<&MeetingId> for Former {
    fn from(id: &MeetingId) -> Self {
        let hash = digest::digest(&digest::SHA256, id.as_str().as_bytes());
        Self(hex::encode(&hash.as_ref()[..16]))
    }
}

/// An interview that another recruiter took over: where it was, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// The meeting that is no more.
    pub from: Former,
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
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until <= after(now, HAND_OVER_KEPT)
    }

    /// When a hand-over of an interview that ends at `end` may be forgotten.
    #[must_use]
    pub fn kept_until(end: Timestamp) -> Timestamp {
        after(end, HAND_OVER_KEPT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_its_room_says_nothing_and_is_always_the_same() {
        let room = Room {
            customer: "kadry".parse().unwrap(),
            user: "anna.nowak@kadry".parse().unwrap(),
            id: MeetingId::parse("MSo1N2Y5/+==").unwrap(),
            join_url: JoinUrl::parse("https://teams.microsoft.com/l/x").unwrap(),
        };
        let seal = SteadySeal::of(b"secret").unwrap();
        let link = room.sealed(&seal).unwrap();
        assert_eq!(Room::opened(&seal, &link), Some(room.clone()));
        assert_eq!(room.sealed(&seal).unwrap(), link);
        let other = Room { id: MeetingId::parse("MSo1N2Y5/+=").unwrap(), ..room };
        assert_ne!(other.sealed(&seal).unwrap()[..16], link[..16]);
        assert_eq!(Room::opened(&SteadySeal::of(b"other").unwrap(), &link), None);
    }
}
