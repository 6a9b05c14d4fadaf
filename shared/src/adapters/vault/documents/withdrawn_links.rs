//! Until when connect links are withdrawn: those that were made before then count no more. Links are not stored, so it is a
//! moment in the entry of a recruiter.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::adapters::vault::documents::connection::{PENDING, RETURNS};
use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::VaultError;
use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::ids::{CustomerId, UserId};

const MEMBER: &str = "links_withdrawn_at";

#[derive(Deserialize)]
struct WithdrawnDocument {
    links_withdrawn_at: Option<Timestamp>,
}

/// When links were last withdrawn; `None` if they were not.
pub(in crate::adapters::vault) fn read_withdrawn_at(node: &Node<'_>, key: &str) -> Option<Timestamp> {
    node.entry(key).and_then(parse_withdrawn_at)
}

fn parse_withdrawn_at(entry: &RawValue) -> Option<Timestamp> {
    let read: Option<WithdrawnDocument> = serde_json::from_str(entry.get()).ok();
    read?.links_withdrawn_at
}

/// Whether an entry takes back links that could work still, if they live for `ttl` at most.
pub(in crate::adapters::vault) fn is_withdrawal(entry: &RawValue, ttl: SignedDuration, now: Timestamp) -> bool {
    parse_withdrawn_at(entry).is_some_and(|withdrawn_at| add_saturating(withdrawn_at, ttl) > now)
}

/// The entry of a recruiter of whom nothing else is known.
#[derive(Serialize)]
struct ConnectWithdrawalDocument<'a> {
    customer: Option<&'a CustomerId>,
    user: &'a UserId,
    since: Timestamp,
    links_withdrawn_at: Timestamp,
}

/// The entry of a recruiter whose connect links are withdrawn. No sign-in waits in it, and the connection stays.
///
/// # Errors
/// `Corrupt` for what is no entry.
pub(in crate::adapters::vault) fn write_connect_withdrawal(
    node: &Node<'_>,
    user: &UserId,
    now: Timestamp,
) -> Result<EntryWrite, VaultError> {
    // Whoever returned again and again with a link that is withdrawn keeps the recruiter out no longer.
    let changed = node.with_member(user.as_str(), (MEMBER, &now), &[PENDING, RETURNS])?;
    let begun =
        ConnectWithdrawalDocument { customer: node.tree().customer(), user, since: now, links_withdrawn_at: now };
    changed.map_or_else(|| EntryWrite::new(user.as_str(), &begun, None), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withdrawal_counts_as_long_as_links_from_before_it_could_work() {
        let hour = SignedDuration::from_hours(1);
        let at = |hours: i32| Timestamp::UNIX_EPOCH + hour * hours;
        let entry = |content: serde_json::Value| RawValue::from_string(content.to_string()).unwrap();
        let withdrawal = entry(serde_json::json!({ "customer": "kadry", "links_withdrawn_at": at(1) }));
        assert_eq!(parse_withdrawn_at(&withdrawal), Some(at(1)));
        assert_eq!([2, 3, 4].map(|now| is_withdrawal(&withdrawal, hour * 2, at(now))), [true, false, false]);
        for other in [entry(serde_json::json!({ "customer": "kadry" })), entry(serde_json::json!(5))] {
            assert!(!is_withdrawal(&other, hour, at(0)), "{other}");
        }
    }
}
