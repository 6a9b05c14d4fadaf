//! What a recruiter handed to others.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::VaultError;
use crate::domain::meeting::{HandOver, JoinUrl, MeetingDigest, MeetingId};
use crate::types::clock::Timestamp;
use crate::types::ids::UserId;

#[derive(Serialize)]
struct HandOversDocumentRef<'a> {
    user: &'a UserId,
    hand_overs: Vec<HandOverDocumentRef<'a>>,
}

#[derive(Serialize)]
struct HandOverDocumentRef<'a> {
    from: &'a MeetingDigest,
    to: &'a UserId,
    id: &'a str,
    join_url: &'a str,
    until: Timestamp,
}

#[derive(Deserialize)]
struct HandOversDocument {
    user: UserId,
    hand_overs: Vec<HandOverDocument>,
}

#[derive(Deserialize)]
struct HandOverDocument {
    from: MeetingDigest,
    to: UserId,
    id: String,
    join_url: String,
    until: Timestamp,
}

pub(in crate::adapters::vault) fn write_hand_overs(user: &UserId, all: &[HandOver]) -> Result<EntryWrite, VaultError> {
    let entries = all.iter().map(|HandOver { from, to, id, join_url, until }| HandOverDocumentRef {
        from,
        to,
        id: id.as_str(),
        join_url: join_url.as_str(),
        until: *until,
    });
    let document = HandOversDocumentRef { user, hand_overs: entries.collect() };
    EntryWrite::new(user.as_str(), &document, None)
}

/// # Errors
/// `Corrupt` for what is another recruiter's, or names no meeting.
pub(in crate::adapters::vault) fn read_hand_overs(node: &Node<'_>, user: &UserId) -> Result<Vec<HandOver>, VaultError> {
    let Some(entry) = node.entry(user.as_str()) else { return Ok(Vec::new()) };
    let read: Option<HandOversDocument> = serde_json::from_str(entry.get()).ok();
    let read = read.filter(|read| read.user == *user);
    let all = read.and_then(|read| read.hand_overs.into_iter().map(HandOverDocument::parse).collect());
    let what = "it belongs to somebody else, or names no meeting";
    all.ok_or_else(|| VaultError::Corrupt { name: format!("what {user} handed over"), what })
}

/// Whether there is something of which the end has not come.
pub(in crate::adapters::vault) fn holds_any(entry: &RawValue, now: Timestamp) -> bool {
    let read: Option<HandOversDocument> = serde_json::from_str(entry.get()).ok();
    read.is_none_or(|read| read.hand_overs.iter().any(|known| known.until > now))
}

impl HandOverDocument {
    fn parse(self) -> Option<HandOver> {
        let (id, join_url) = (MeetingId::parse(&self.id).ok()?, JoinUrl::parse(&self.join_url).ok()?);
        Some(HandOver { from: self.from, to: self.to, id, join_url, until: self.until })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_holds_something_until_the_last_of_it_may_be_deleted() {
        let second = crate::types::clock::SignedDuration::from_secs(1);
        let until = Timestamp::UNIX_EPOCH + second;
        let id = MeetingId::parse("one").unwrap();
        let hand_over = HandOver {
            from: MeetingDigest::from(&id),
            to: "jan".parse().unwrap(),
            id,
            join_url: JoinUrl::parse("https://teams.microsoft.com/l/meetup-join/1").unwrap(),
            until,
        };
        let user = "anna".parse().unwrap();
        let entry = write_hand_overs(&user, &[hand_over]).unwrap();
        assert_eq!([until - second, until].map(|now| holds_any(&entry.entry, now)), [true, false]);
        let nothing = write_hand_overs(&user, &[]).unwrap();
        assert!(!holds_any(&nothing.entry, until));
        let damaged = RawValue::from_string("5".to_owned()).unwrap();
        assert!(holds_any(&damaged, until), "what nobody can read stays");
    }
}
