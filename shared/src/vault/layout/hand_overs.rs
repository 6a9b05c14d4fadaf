//! What a recruiter handed to others.

use serde::{Deserialize, Serialize};

use super::{SCHEMA, corrupt, read, write};
use crate::clock::Timestamp;
use crate::ids::{CustomerId, UserId};
use crate::meeting::{Former, HandOver, JoinUrl, MeetingId, NotAMeeting};
use crate::secret::SecretBody;
use crate::vault::terms::{SecretName, VaultError};

#[derive(Serialize)]
struct HandOversOut<'a> {
    schema: u32,
    kind: &'static str,
    customer: &'a CustomerId,
    user: &'a UserId,
    hand_overs: Vec<EntryOut<'a>>,
}

#[derive(Serialize)]
struct EntryOut<'a> {
    from: &'a Former,
    to: &'a UserId,
    id: &'a str,
    join_url: &'a str,
    until: Timestamp,
}

#[derive(Deserialize)]
struct HandOversIn {
    kind: String,
    customer: CustomerId,
    user: UserId,
    hand_overs: Vec<EntryIn>,
}

#[derive(Deserialize)]
struct EntryIn {
    from: Former,
    to: UserId,
    id: String,
    join_url: String,
    until: Timestamp,
}

pub(in crate::vault) fn write_hand_overs(
    customer: &CustomerId,
    user: &UserId,
    all: &[HandOver],
) -> Result<SecretBody, VaultError> {
    let entries = all.iter().map(|HandOver { from, to, id, join_url, until }| EntryOut {
        from,
        to,
        id: id.as_str(),
        join_url: join_url.as_str(),
        until: *until,
    });
    let hand_overs = entries.collect();
    write(&HandOversOut { schema: SCHEMA, kind: "hand-overs", customer, user, hand_overs })
}

pub(in crate::vault) fn read_hand_overs(
    name: &SecretName,
    customer: &CustomerId,
    user: &UserId,
    body: &SecretBody,
) -> Result<Vec<HandOver>, VaultError> {
    let read: HandOversIn = read(name, body)?;
    if read.kind != "hand-overs" || read.customer != *customer || read.user != *user {
        return Err(corrupt(name, "it belongs to somebody else"));
    }
    let entries: Result<Vec<_>, NotAMeeting> = read.hand_overs.into_iter().map(EntryIn::parse).collect();
    entries.map_err(|_| corrupt(name, "it names no meeting"))
}

impl EntryIn {
    fn parse(self) -> Result<HandOver, NotAMeeting> {
        Ok(HandOver {
            from: self.from,
            to: self.to,
            id: MeetingId::parse(&self.id)?,
            join_url: JoinUrl::parse(&self.join_url)?,
            until: self.until,
        })
    }
}
