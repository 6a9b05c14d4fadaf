//! What the ATS orders and what it gets: one order, one meeting, one link.

mod key;
mod moment;

use serde::{Deserialize, Serialize};

use crate::clock::{SignedDuration, Timestamp, after};
use crate::entra_app::Domain;
use crate::language::Language;

pub use key::{ExternalId, IdempotencyKey, IdempotencyKeyFault};
pub use moment::{MomentFault, parse_moment};

/// An interview is at least this long.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);
/// And at most a day; Teams itself allows 30 hours (Teams limits page).
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// An order may come a little late.
const LATEST_ORDER: SignedDuration = SignedDuration::from_hours(24);
/// Nobody plans an interview five years ahead.
const FARTHEST_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 366 * 5);
/// As many as one request takes.
pub const MOST_PEOPLE: usize = 50;
/// Microsoft documents no limit; the chat that bears the name takes 250 or so.
const LONGEST_SUBJECT: usize = 255;

/// What the ATS orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The title.
    pub subject: Subject,
    /// From when.
    pub start: Timestamp,
    /// Until when.
    pub end: Timestamp,
    /// Who is invited.
    pub attendees: Vec<Address>,
    /// Who may run it beside the recruiter: accounts of the tenant.
    pub co_organizers: Vec<Address>,
    /// What departs from the tenant's habit.
    pub options: Options,
    /// The language of Microsoft's invitation text.
    pub language: Language,
}

/// Who waits in the lobby: everybody but …
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lobby {
    /// … the organizer.
    Organizer,
    /// … people of the tenant and its guests.
    Organization,
    /// … people of the tenant and of federated ones.
    OrganizationAndFederated,
    /// … people who were invited.
    Invited,
    /// … everybody: nobody waits.
    Everyone,
}

/// Whether the meeting is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recording {
    /// Nobody can record.
    Off,
    /// Whoever may can begin a recording.
    Allowed,
    /// Recorded from the beginning.
    Automatic,
}

/// Who may present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presenters {
    /// Everybody.
    Everyone,
    /// People of the tenant.
    Organization,
    /// The organizer and co-organizers.
    Organizer,
}

/// Whether there is a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chat {
    /// Before, during and after.
    Enabled,
    /// None.
    Disabled,
    /// During the meeting only.
    Limited,
}

/// What departs from the tenant's habit; `None` leaves it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Who waits in the lobby.
    pub lobby: Option<Lobby>,
    /// Whether it is recorded.
    pub recording: Option<Recording>,
    /// Who may present.
    pub presenters: Option<Presenters>,
    /// Whether there is a chat.
    pub chat: Option<Chat>,
}

/// The title of a meeting: one visible line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject(String);

/// An e-mail address of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

/// What Graph calls the meeting. Opaque.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingId(String);

/// The link to join. Opaque, but for its being an https address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinUrl(String);

/// A meeting as Graph has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Graph's name for it.
    pub id: MeetingId,
    /// Where to join.
    pub join_url: JoinUrl,
    /// Its title.
    pub subject: String,
    /// From when.
    pub start: Timestamp,
    /// Until when.
    pub end: Timestamp,
    /// The options in force, as far as Graph told them.
    pub options: Options,
    /// How to join by telephone, where the tenant has that.
    pub dial_in: Option<DialIn>,
}

/// How to join by telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialIn {
    /// The number of the conference.
    pub conference_id: String,
    /// The number to dial.
    pub toll_number: Option<String>,
}

macro_rules! text_of {
    ($($name:ident),*) => {$(
        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )*};
}
text_of!(Subject, Address, MeetingId, JoinUrl);

/// Why a title was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a subject is one visible line of 1 to 255 characters")]
pub struct SubjectFault;

impl std::str::FromStr for Subject {
    type Err = SubjectFault;
    fn from_str(text: &str) -> Result<Self, SubjectFault> {
        let text = text.trim();
        // Direction overrides and invisible characters can make a title read as another.
        let deceives = |c: char| {
            c.is_control()
                || matches!(c, '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2060}')
                || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
        };
        let length = text.chars().count();
        if length == 0 || length > LONGEST_SUBJECT || text.chars().any(deceives) {
            return Err(SubjectFault);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Why an address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the e-mail address of one person")]
pub struct AddressFault;

impl std::str::FromStr for Address {
    type Err = AddressFault;

    /// A dot-atom and a domain (RFC 5322 §3.4.1), the domain in its ASCII form.
    fn from_str(text: &str) -> Result<Self, AddressFault> {
        let (local, domain) = text.trim().split_once('@').ok_or(AddressFault)?;
        let atom = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        };
        if local.len() > 64 || !local.split('.').all(atom) || domain.contains(['[', '@', ',']) {
            return Err(AddressFault);
        }
        let domain = url::Host::parse(domain).map_err(|_| AddressFault)?.to_string();
        let domain: Domain = domain.parse().map_err(|_| AddressFault)?;
        Ok(Self(format!("{local}@{}", domain.as_str())))
    }
}

/// Why Graph's answer is no meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a meeting that anybody could join")]
pub struct NotAMeeting;

impl MeetingId {
    /// Graph's id: some visible ASCII. Not `.` or `..`, which are steps in an address however they are encoded.
    ///
    /// # Errors
    /// [`NotAMeeting`].
    pub fn parse(text: &str) -> Result<Self, NotAMeeting> {
        let visible = !text.is_empty() && text.len() <= 1024 && text.bytes().all(|byte| byte.is_ascii_graphic());
        if visible && ![".", ".."].contains(&text) { Ok(Self(text.to_owned())) } else { Err(NotAMeeting) }
    }
}

impl JoinUrl {
    /// An https address without credentials in it. The text is kept as Graph wrote it: Microsoft has changed the form
    /// of these links before.
    ///
    /// # Errors
    /// [`NotAMeeting`].
    pub fn parse(text: &str) -> Result<Self, NotAMeeting> {
        let url = url::Url::parse(text).map_err(|_| NotAMeeting)?;
        let plain = url.username().is_empty() && url.password().is_none() && url.host().is_some();
        let visible = text.len() <= 4096 && text.bytes().all(|byte| byte.is_ascii_graphic());
        if url.scheme() == "https" && plain && visible { Ok(Self(text.to_owned())) } else { Err(NotAMeeting) }
    }
}

/// What is wrong with the times of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimesFault {
    /// The end does not come after the start, by a minute at least.
    #[error("end comes less than a minute after start")]
    TooShort,
    /// Longer than a day.
    #[error("longer than 24 hours")]
    TooLong,
    /// Begins more than a day ago.
    #[error("start is over")]
    Past,
    /// Begins in more than five years.
    #[error("start is more than five years ahead")]
    TooFar,
}

/// Whether an interview may have these times.
///
/// # Errors
/// [`TimesFault`].
pub fn check_times(start: Timestamp, end: Timestamp, now: Timestamp) -> Result<(), TimesFault> {
    let length = start.duration_until(end);
    if length < SHORTEST {
        return Err(TimesFault::TooShort);
    }
    if length > LONGEST {
        return Err(TimesFault::TooLong);
    }
    if after(start, LATEST_ORDER) < now {
        return Err(TimesFault::Past);
    }
    if start > after(now, FARTHEST_AHEAD) {
        return Err(TimesFault::TooFar);
    }
    Ok(())
}

impl Order {
    /// Whether `meeting` is what this order once made. `createOrGet` answers an old meeting unchanged, so a key that
    /// was used for another interview shows here.
    #[must_use]
    pub fn made(&self, meeting: &Meeting) -> bool {
        meeting.subject == self.subject.as_str() && meeting.start == self.start && meeting.end == self.end
    }
}

impl Options {
    /// What of the wish is not in force yet.
    #[must_use]
    pub fn missing_in(self, effective: Self) -> Self {
        fn wanted<T: PartialEq + Copy>(wish: Option<T>, effective: Option<T>) -> Option<T> {
            if wish == effective { None } else { wish }
        }
        Self {
            lobby: wanted(self.lobby, effective.lobby),
            recording: wanted(self.recording, effective.recording),
            presenters: wanted(self.presenters, effective.presenters),
            chat: wanted(self.chat, effective.chat),
        }
    }

    /// Whether nothing is wished for.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_visible_line() {
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        for text in ["Rozmowa: Anna Nowak", "<b>", "ראיון", family, &"x".repeat(255)] {
            assert_eq!(text.parse::<Subject>().unwrap().as_str(), text);
        }
        for text in ["", "  ", "a\nb", "a\u{202e}b", "a\u{200b}b", "\u{feff}a\u{0}", &"x".repeat(256)] {
            assert!(text.parse::<Subject>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_address_is_that_of_one_person() {
        assert_eq!("jan@żółw.example".parse::<Address>().unwrap().as_str(), "jan@xn--w-uga1v8h.example");
        for text in [
            "a",
            "a@b@c.pl",
            "a＠b.pl",
            "a@x.pl,b@y.pl",
            "\"a b\"@x.pl",
            "a@localhost",
            "a@[1.2.3.4]",
            "a@1.2.3.4",
            ".a@x.pl",
            "a\r\n@x.pl",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_link_to_join_is_an_https_address() {
        assert!(JoinUrl::parse("https://teams.microsoft.com/l/meetup-join/19%3ameeting_x").is_ok());
        for text in
            ["", "javascript:alert(1)", "http://teams.microsoft.com/", "https://a@evil.example/", "https://", "//x"]
        {
            assert!(JoinUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_interview_has_times_that_somebody_could_mean() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-11-24T12:00:00Z");
        let check = |start: &str, end: &str| check_times(at(start), at(end), now);
        assert_eq!(check("2026-11-25T10:00:00Z", "2026-11-25T10:30:00Z"), Ok(()));
        assert_eq!(check("2026-11-25T10:00:00Z", "2026-11-25T10:00:00Z"), Err(TimesFault::TooShort));
        assert_eq!(check("2026-11-25T10:00:00Z", "2026-11-26T10:00:01Z"), Err(TimesFault::TooLong));
        assert_eq!(check("2024-11-25T10:00:00Z", "2024-11-25T11:00:00Z"), Err(TimesFault::Past));
        assert_eq!(check("2036-11-25T10:00:00Z", "2036-11-25T11:00:00Z"), Err(TimesFault::TooFar));
    }

    #[test]
    fn only_what_is_not_in_force_yet_is_asked_for() {
        let wish = Options { lobby: Some(Lobby::Invited), chat: Some(Chat::Disabled), ..Options::default() };
        let effective = Options { lobby: Some(Lobby::Invited), chat: Some(Chat::Enabled), ..Options::default() };
        assert_eq!(wish.missing_in(effective), Options { chat: Some(Chat::Disabled), ..Options::default() });
        assert!(wish.missing_in(wish).is_empty());
    }
}
