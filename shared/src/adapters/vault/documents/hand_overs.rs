//! What a recruiter handed to others.

use serde::{Deserialize, Serialize};

use crate::adapters::vault::documents::json::{SCHEMA_VERSION, corrupt_document, from_json, to_json};
use crate::adapters::vault::model::{SecretName, VaultError};
use crate::domain::meeting::{HandOver, JoinUrl, MeetingDigest, MeetingId, MeetingIdError};
use crate::types::clock::Timestamp;
use crate::types::ids::{CustomerId, UserId};
use crate::types::secret::SecretBody;

#[derive(Serialize)]
struct HandOversDocumentRef<'a> {
    schema: u32,
    kind: &'static str,
    customer: &'a CustomerId,
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
    kind: String,
    customer: CustomerId,
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

pub(in crate::adapters::vault) fn write_hand_overs(
    customer: &CustomerId,
    user: &UserId,
    all: &[HandOver],
) -> Result<SecretBody, VaultError> {
    let entries = all.iter().map(|HandOver { from, to, id, join_url, until }| HandOverDocumentRef {
        from,
        to,
        id: id.as_str(),
        join_url: join_url.as_str(),
        until: *until,
    });
    let hand_overs = entries.collect();
    to_json(&HandOversDocumentRef { schema: SCHEMA_VERSION, kind: "hand-overs", customer, user, hand_overs })
}

pub(in crate::adapters::vault) fn read_hand_overs(
    name: &SecretName,
    customer: &CustomerId,
    user: &UserId,
    body: &SecretBody,
) -> Result<Vec<HandOver>, VaultError> {
    let read: HandOversDocument = from_json(name, body)?;
    if read.kind != "hand-overs" || read.customer != *customer || read.user != *user {
        return Err(corrupt_document(name, "it belongs to somebody else"));
    }
    let entries: Result<Vec<_>, MeetingIdError> = read.hand_overs.into_iter().map(HandOverDocument::parse).collect();
    entries.map_err(|_| corrupt_document(name, "it names no meeting"))
}

impl HandOverDocument {
    fn parse(self) -> Result<HandOver, MeetingIdError> {
        Ok(HandOver {
            from: self.from,
            to: self.to,
            id: MeetingId::parse(&self.id)?,
            join_url: JoinUrl::parse(&self.join_url)?,
            until: self.until,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::secret_names::SecretNames;
    use crate::types::secret::Secret;

    #[test]
    fn what_another_recruiter_or_a_recruiter_of_another_customer_handed_over_is_not_taken_for_hers() {
        let (kadry, anna): (CustomerId, UserId) = ("kadry".parse().unwrap(), "anna".parse().unwrap());
        let name = SecretNames::new("test".parse().unwrap()).hand_overs(&kadry, &anna);
        let all = [HandOver {
            from: MeetingDigest::from(&MeetingId::parse("one").unwrap()),
            to: "ewa".parse().unwrap(),
            id: MeetingId::parse("two").unwrap(),
            join_url: JoinUrl::parse("https://teams.microsoft.com/l/x").unwrap(),
            until: "2026-11-24T09:00:00Z".parse().unwrap(),
        }];
        let read = |text: &str| read_hand_overs(&name, &kadry, &anna, &SecretBody::from(text.to_owned()));
        let of = |customer: &str, user: &str| {
            let body = write_hand_overs(&customer.parse().unwrap(), &user.parse().unwrap(), &all).unwrap();
            body.expose().to_owned()
        };
        let hers = of("kadry", "anna");
        assert_eq!(read(&hers).unwrap(), all);
        for other in [of("kadry", "jan"), of("praca", "anna"), hers.replace("hand-overs", "connection")] {
            assert!(matches!(read(&other), Err(VaultError::Corrupt { .. })), "{other}");
        }
        let no_meeting = hers.replace("https://teams.microsoft.com/l/x", "teams.microsoft.com");
        assert!(matches!(read(&no_meeting), Err(VaultError::Corrupt { .. })));
    }
}
