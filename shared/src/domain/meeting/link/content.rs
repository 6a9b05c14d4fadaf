//! What a link holds, and its form in few bytes.
//!
//! Graph's id of a meeting is base64 of `1*{organizer}*0**19:meeting_{base64(guid)}@thread.v2`, and its join URL follows from
//! the same GUIDs and the tenant, or is a number and a passcode. What has another form stays text, so any link can be
//! packed. Unpacking restores every character.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use crate::domain::meeting::meeting_id::{JoinUrl, MeetingId};
use crate::types::ids::{CustomerId, UserId};

/// The first byte: the form of the rest, and which ids are GUIDs.
mod version {
    /// Four lines of text.
    pub(super) const TEXT: u8 = 0;
    /// Ids, organizer, thread and tenant.
    pub(super) const MEETUP_JOIN: u8 = 1;
    /// Ids, organizer, thread and the end of the join URL.
    pub(super) const MEET: u8 = 2;
    /// Ids, organizer, thread, the digits of the meeting's number and the passcode.
    pub(super) const MEET_NUMBER: u8 = 3;
    /// Added if the customer's id is a GUID.
    pub(super) const CUSTOMER_IS_GUID: u8 = 16;
    /// Added if the recruiter's id is a GUID.
    pub(super) const USER_IS_GUID: u8 = 32;
}

/// What newer join URLs begin with.
const MEET_PREFIX: &str = "https://teams.microsoft.com/meet/";

/// What a link holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingLink {
    /// The customer.
    pub customer: CustomerId,
    /// The recruiter who has the meeting.
    pub user: UserId,
    /// The meeting's id at Graph.
    pub id: MeetingId,
    /// The join URL when the link was made.
    pub join_url: JoinUrl,
}

/// What stands between the number and the passcode.
const PASSCODE_PREFIX: &str = "?p=";

/// So many digits fit into seven bytes.
const MAX_DIGITS: usize = 16;

/// The parts of Graph's id of a meeting.
struct Thread {
    organizer: Uuid,
    guid: Uuid,
}

impl MeetingLink {
    /// The link in its shortest form.
    pub(super) fn pack(&self) -> Vec<u8> {
        self.pack_guids().unwrap_or_else(|| {
            let Self { customer, user, id, join_url } = self;
            // None of the four has a line break in it.
            let text = format!("{customer}\n{user}\n{}\n{}", id.as_str(), join_url.as_str());
            [&[version::TEXT][..], text.as_bytes()].concat()
        })
    }

    fn pack_guids(&self) -> Option<Vec<u8>> {
        let thread = Thread::parse(&self.id)?;
        let (customer, user) = (PackedId::new(self.customer.as_str())?, PackedId::new(self.user.as_str())?);
        let (mut version, rest) = match self.join_url.as_str().strip_prefix(MEET_PREFIX) {
            Some(end) => match pack_number(end) {
                Some(packed) => (version::MEET_NUMBER, packed),
                None => (version::MEET, end.as_bytes().to_vec()),
            },
            None => (version::MEETUP_JOIN, tenant(&thread, &self.join_url)?.as_bytes().to_vec()),
        };
        version |= if customer.is_guid { version::CUSTOMER_IS_GUID } else { 0 };
        version |= if user.is_guid { version::USER_IS_GUID } else { 0 };
        let guids = [*thread.organizer.as_bytes(), *thread.guid.as_bytes()].concat();
        Some([&[version][..], &customer.bytes, &user.bytes, &guids, &rest].concat())
    }

    /// Unpacks what [`MeetingLink::pack`] packed.
    pub(super) fn unpack(bytes: &[u8]) -> Option<Self> {
        let (&version, rest) = bytes.split_first()?;
        if version == version::TEXT {
            return Self::unpack_text(std::str::from_utf8(rest).ok()?);
        }
        let has = |flag| version & flag != 0;
        let (customer, rest) = unpack_id(rest, has(version::CUSTOMER_IS_GUID))?;
        let (user, rest) = unpack_id(rest, has(version::USER_IS_GUID))?;
        let (organizer, rest) = rest.split_first_chunk::<16>()?;
        let (guid, rest) = rest.split_first_chunk::<16>()?;
        let thread = Thread { organizer: Uuid::from_bytes(*organizer), guid: Uuid::from_bytes(*guid) };
        let join_url = match version & !(version::CUSTOMER_IS_GUID | version::USER_IS_GUID) {
            version::MEETUP_JOIN => thread.meetup_join_url(Uuid::from_slice(rest).ok()?),
            version::MEET => format!("{MEET_PREFIX}{}", std::str::from_utf8(rest).ok()?),
            version::MEET_NUMBER => format!("{MEET_PREFIX}{}", unpack_number(rest)?),
            _ => return None,
        };
        Some(Self {
            customer: customer.parse().ok()?,
            user: user.parse().ok()?,
            id: MeetingId::parse(&thread.meeting_id()).ok()?,
            join_url: JoinUrl::parse(&join_url).ok()?,
        })
    }

    /// Reads four lines: customer, user, id, join URL.
    pub(super) fn unpack_text(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let mut line = || lines.next();
        Some(Self {
            customer: line()?.parse().ok()?,
            user: line()?.parse().ok()?,
            id: MeetingId::parse(line()?).ok()?,
            join_url: JoinUrl::parse(line()?).ok()?,
        })
    }
}

/// An id of the ATS: a GUID, or its length and its text.
struct PackedId {
    is_guid: bool,
    bytes: Vec<u8>,
}

impl PackedId {
    fn new(id: &str) -> Option<Self> {
        if let Some(guid) = parse_guid(id) {
            return Some(Self { is_guid: true, bytes: guid.as_bytes().to_vec() });
        }
        let length = u8::try_from(id.len()).ok()?;
        Some(Self { is_guid: false, bytes: [&[length][..], id.as_bytes()].concat() })
    }
}

fn unpack_id(bytes: &[u8], is_guid: bool) -> Option<(String, &[u8])> {
    if is_guid {
        let (guid, rest) = bytes.split_first_chunk::<16>()?;
        return Some((Uuid::from_bytes(*guid).to_string(), rest));
    }
    let (length, rest) = bytes.split_first()?;
    let (id, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((std::str::from_utf8(id).ok()?.to_owned(), rest))
}

/// The number of digits, the number in seven bytes, and the passcode.
fn pack_number(end: &str) -> Option<Vec<u8>> {
    let (digits, passcode) = end.split_once(PASSCODE_PREFIX)?;
    let is_number = (1..=MAX_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = digits.parse().ok().filter(|_| is_number)?;
    let length = u8::try_from(digits.len()).ok()?;
    Some([&[length], &number.to_be_bytes()[1..], passcode.as_bytes()].concat())
}

fn unpack_number(bytes: &[u8]) -> Option<String> {
    let (length, rest) = bytes.split_first()?;
    let (number, passcode) = rest.split_first_chunk::<7>()?;
    let number = number.iter().fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    let (width, passcode) = (usize::from(*length), std::str::from_utf8(passcode).ok()?);
    Some(format!("{number:0width$}{PASSCODE_PREFIX}{passcode}"))
}

/// A GUID in the one spelling that unpacking restores.
fn parse_guid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|guid| guid.to_string() == text)
}

/// The tenant in a join URL that follows from `thread`.
fn tenant(thread: &Thread, join_url: &JoinUrl) -> Option<Uuid> {
    let (_, context) = join_url.as_str().split_once("Tid%22%3a%22")?;
    let tenant = parse_guid(context.get(..36)?)?;
    (thread.meetup_join_url(tenant) == join_url.as_str()).then_some(tenant)
}

impl Thread {
    fn parse(id: &MeetingId) -> Option<Self> {
        let text = String::from_utf8(STANDARD.decode(id.as_str()).ok()?).ok()?;
        let (organizer, topic) = text.strip_prefix("1*")?.split_once("*0**19:meeting_")?;
        let guid = STANDARD.decode(topic.strip_suffix("@thread.v2")?).ok()?;
        let thread = Self { organizer: parse_guid(organizer)?, guid: parse_guid(std::str::from_utf8(&guid).ok()?)? };
        (thread.meeting_id() == id.as_str()).then_some(thread)
    }

    /// Base64 of a GUID's text: 48 characters without padding.
    fn topic(&self) -> String {
        STANDARD.encode(self.guid.to_string())
    }

    fn meeting_id(&self) -> String {
        STANDARD.encode(format!("1*{}*0**19:meeting_{}@thread.v2", self.organizer, self.topic()))
    }

    fn meetup_join_url(&self, tenant: Uuid) -> String {
        format!(
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_{}%40thread.v2/0\
             ?context=%7b%22Tid%22%3a%22{tenant}%22%2c%22Oid%22%3a%22{}%22%7d",
            self.topic(),
            self.organizer
        )
    }
}
