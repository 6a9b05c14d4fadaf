//! Where an interview takes place, and the link of ours that leads there.
//!
//! The link holds all that it takes to find the meeting, sealed, so no list of links is kept: whose meeting it is, what
//! Graph calls it, and where to join as far as was known when the link was made. Whoever has the link learns nothing of
//! that, and nobody can make one up. Only a hand-over needs a record ([`HandOver`]), for then the link names a meeting
//! that is no more.

use crate::domain::meeting::meeting_id::{JoinUrl, MeetingId};
use crate::types::ids::{CustomerId, UserId};
use crate::types::sealing::deterministic::{DeterministicSealError, DeterministicSealingKey};

/// What tokens of links are sealed for.
const PURPOSE: &str = "teams-connect/meeting-link";

/// A meeting, and by whom it is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingLink {
    /// Whose customer.
    pub customer: CustomerId,
    /// In which recruiter's name.
    pub user: UserId,
    /// What Graph calls it.
    pub id: MeetingId,
    /// Where to join, when it was last looked at.
    pub join_url: JoinUrl,
}

impl MeetingLink {
    /// The last segment of the link.
    ///
    /// # Errors
    /// [`DeterministicSealError`].
    pub fn seal(&self, seal: &DeterministicSealingKey) -> Result<String, DeterministicSealError> {
        let Self { customer, user, id, join_url } = self;
        // None of the four has a line break in it.
        seal.seal(PURPOSE, &format!("{customer}\n{user}\n{}\n{}", id.as_str(), join_url.as_str()))
    }

    /// What a link leads to; `None` for a link that is none of ours.
    #[must_use]
    pub fn open(seal: &DeterministicSealingKey, token: &str) -> Option<Self> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_its_room_says_nothing_and_is_always_the_same() {
        let room = MeetingLink {
            customer: "kadry".parse().unwrap(),
            user: "anna.nowak@kadry".parse().unwrap(),
            id: MeetingId::parse("MSo1N2Y5/+==").unwrap(),
            join_url: JoinUrl::parse("https://teams.microsoft.com/l/x").unwrap(),
        };
        let seal = DeterministicSealingKey::derive(b"secret").unwrap();
        let link = room.seal(&seal).unwrap();
        assert_eq!(MeetingLink::open(&seal, &link), Some(room.clone()));
        assert_eq!(room.seal(&seal).unwrap(), link);
        let other = MeetingLink { id: MeetingId::parse("MSo1N2Y5/+=").unwrap(), ..room };
        assert_ne!(other.seal(&seal).unwrap()[..16], link[..16]);
        assert_eq!(MeetingLink::open(&DeterministicSealingKey::derive(b"other").unwrap(), &link), None);
    }
}
