//! Content of a meeting link: a stable link of ours that leads to a meeting.
//!
//! The link has everything that is needed to find the meeting, sealed, so no list of links is stored: the customer, the
//! recruiter, Graph's id and the join URL at the time of sealing. Nobody else can read or create one. Only a hand-over needs
//! a record ([`HandOver`](crate::domain::meeting::HandOver)), because the link then names a deleted meeting. Decision 0023.

use crate::domain::meeting::meeting_id::{JoinUrl, MeetingId};
use crate::types::ids::{CustomerId, UserId};
use crate::types::sealing::deterministic::{DeterministicSealError, DeterministicSealingKey};

/// The purpose of the seal.
const PURPOSE: &str = "teams-connect/meeting-link";

/// A meeting and its recruiter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingLink {
    pub customer: CustomerId,
    /// The recruiter in whose name the meeting was created.
    pub user: UserId,
    pub id: MeetingId,
    /// The join URL at the time of sealing.
    pub join_url: JoinUrl,
}

impl MeetingLink {
    /// Seals the content: the last segment of the link.
    ///
    /// # Errors
    /// [`DeterministicSealError`].
    pub fn seal(&self, key: &DeterministicSealingKey) -> Result<String, DeterministicSealError> {
        let Self { customer, user, id, join_url } = self;
        // None of the four values can have a line break.
        key.seal(PURPOSE, &format!("{customer}\n{user}\n{}\n{}", id.as_str(), join_url.as_str()))
    }

    /// Opens a meeting link. `None` if we did not seal it.
    #[must_use]
    pub fn open(key: &DeterministicSealingKey, token: &str) -> Option<Self> {
        let content = key.open(PURPOSE, token)?;
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
    fn a_link_opens_to_its_meeting_and_is_always_the_same() {
        let meeting = MeetingLink {
            customer: "kadry".parse().unwrap(),
            user: "anna.nowak@kadry".parse().unwrap(),
            id: MeetingId::parse("MSo1N2Y5/+==").unwrap(),
            join_url: JoinUrl::parse("https://teams.microsoft.com/l/x").unwrap(),
        };
        let key = DeterministicSealingKey::derive(b"secret").unwrap();
        let link = meeting.seal(&key).unwrap();
        assert_eq!(MeetingLink::open(&key, &link), Some(meeting.clone()));
        assert_eq!(meeting.seal(&key).unwrap(), link);
        let other = MeetingLink { id: MeetingId::parse("MSo1N2Y5/+=").unwrap(), ..meeting };
        assert_ne!(other.seal(&key).unwrap()[..16], link[..16]);
        assert_eq!(MeetingLink::open(&DeterministicSealingKey::derive(b"other").unwrap(), &link), None);
    }
}
