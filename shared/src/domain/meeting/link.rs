//! Our own link to a meeting.
//!
//! The link holds all that is needed to find the meeting, sealed, so no list of links is stored: whose meeting it is, its
//! id at Graph, and its join URL when the link was made. Nobody can read that in the link, and nobody can make one up. Only
//! a hand-over needs a record, because then the link names a meeting that is gone.

mod content;

use crate::types::sealing::deterministic::{DeterministicSealError, DeterministicSealingKey};

pub use content::MeetingLink;

/// The purpose of the links' tokens.
const PURPOSE: &str = "teams-connect/meeting-link";

impl MeetingLink {
    /// The last segment of the link.
    ///
    /// # Errors
    /// [`DeterministicSealError`].
    pub fn seal(&self, key: &DeterministicSealingKey) -> Result<String, DeterministicSealError> {
        key.seal_short(PURPOSE, &self.pack())
    }

    /// What a link holds; `None` if it was not sealed by us. Links of earlier versions are longer and still open. What mail
    /// programs add behind a link, such as a full stop or a bracket, is cut off.
    #[must_use]
    pub fn open(key: &DeterministicSealingKey, token: &str) -> Option<Self> {
        let is_of_token = |c: char| c.is_ascii_alphanumeric() || ['-', '_'].contains(&c);
        let token = token.split(|c| !is_of_token(c)).next()?;
        match key.open_short(PURPOSE, token) {
            Some(content) => Self::unpack(&content),
            None => Self::unpack_text(&key.open(PURPOSE, token)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::meeting::meeting_id::{JoinUrl, MeetingId};

    const GUID: &str = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";

    fn seal() -> DeterministicSealingKey {
        DeterministicSealingKey::derive(b"secret").unwrap()
    }

    /// A meeting as Graph names it, of an organizer and in a tenant.
    fn link(customer: &str, user: &str, join_url: Option<&str>) -> MeetingLink {
        use base64::Engine;
        use base64::engine::general_purpose::STANDARD;
        let topic = STANDARD.encode("0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f");
        let id = STANDARD.encode(format!("1*{GUID}*0**19:meeting_{topic}@thread.v2"));
        let teams = format!(
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_{topic}%40thread.v2/0?context=%7b%22Tid%22%3a%22{GUID}%22\
             %2c%22Oid%22%3a%22{GUID}%22%7d"
        );
        MeetingLink {
            customer: customer.parse().unwrap(),
            user: user.parse().unwrap(),
            id: MeetingId::parse(&id).unwrap(),
            join_url: JoinUrl::parse(join_url.unwrap_or(&teams)).unwrap(),
        }
    }

    fn whole(link: &MeetingLink) -> String {
        format!("https://teams.ats.example/m/{}", link.seal(&seal()).unwrap())
    }

    #[test]
    fn a_link_is_short_with_usual_ids() {
        let meet = Some("https://teams.microsoft.com/meet/381123456789012?p=Ab3dEfGh1jKlMn0pQr");
        for link in [
            link("kadry", "anna.nowak", None),
            link("kadry-sp-z-o-o", "anna.nowak@kadry", None),
            link(GUID, "184467", None),
            link(GUID, GUID, None),
            link("kadry", "anna.nowak", meet),
        ] {
            let whole = whole(&link);
            assert!(whole.len() < 160, "{} characters: {whole}", whole.len());
            assert_eq!(MeetingLink::open(&seal(), whole.rsplit('/').next().unwrap()), Some(link));
        }
    }

    #[test]
    fn a_link_leads_to_its_meeting_says_nothing_and_is_always_the_same() {
        for link in [
            link("kadry", "anna.nowak@kadry", None),
            link("kadry", "6F1C3E0A-2B4D-4C5E-9F7A-1B2C3D4E5F60", Some("https://teams.microsoft.com/l/x")),
            link("kadry", "anna", Some("https://teams.microsoft.com/meet/0012?p=x")),
            link("kadry", "anna", Some("https://teams.microsoft.com/meet/9999999999999999?p=")),
            link("kadry", "anna", Some("https://teams.microsoft.com/meet/99999999999999999?p=x")),
            link("kadry", "anna", Some("https://teams.microsoft.com/meet/x?p=x&a=b")),
            MeetingLink { id: MeetingId::parse("MSo1N2Y5/+==").unwrap(), ..link("kadry", "anna", None) },
            MeetingLink { id: MeetingId::parse(&"x".repeat(1_000)).unwrap(), ..link("kadry", "anna", None) },
        ] {
            let token = link.seal(&seal()).unwrap();
            assert_eq!(link.seal(&seal()).unwrap(), token);
            assert_eq!(MeetingLink::open(&seal(), &token), Some(link.clone()));
            assert_eq!(MeetingLink::open(&DeterministicSealingKey::derive(b"other").unwrap(), &token), None);
            let other = MeetingLink { user: "jan".parse().unwrap(), ..link };
            assert_ne!(other.seal(&seal()).unwrap()[..16], token[..16]);
        }
    }

    #[test]
    fn links_of_earlier_versions_open() {
        let link = link("kadry", "anna", None);
        let content = format!("{}\n{}\n{}\n{}", link.customer, link.user, link.id.as_str(), link.join_url.as_str());
        let token = seal().seal(PURPOSE, &content).unwrap();
        assert_eq!(MeetingLink::open(&seal(), &token), Some(link));
    }

    #[test]
    fn what_mail_programs_add_behind_a_link_is_cut_off() {
        let link = link("kadry", "anna", None);
        let token = link.seal(&seal()).unwrap();
        for behind in [".", ",", ")", ">", "\"", "/", " x", "?utm_source=mail", "…"] {
            assert_eq!(MeetingLink::open(&seal(), &format!("{token}{behind}")), Some(link.clone()), "{behind}");
        }
    }
}
