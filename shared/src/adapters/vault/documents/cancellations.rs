//! What an entry remembers of the meetings that were cancelled: a member of its own, which every other write carries along.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::VaultError;
use crate::domain::meeting::CancelledMeetings;
use crate::types::ids::UserId;

const MEMBER: &str = "cancelled";

#[derive(Deserialize)]
struct CancelledDocument {
    #[serde(default)]
    cancelled: Vec<String>,
}

/// The cancelled meetings of a recruiter; none where there is no entry.
pub(in crate::adapters::vault) fn read_cancelled(node: &Node<'_>, user: &UserId) -> CancelledMeetings {
    node.entry(user.as_str()).map(parse_cancelled).unwrap_or_default()
}

/// The cancelled meetings that an entry remembers.
pub(in crate::adapters::vault) fn parse_cancelled(entry: &RawValue) -> CancelledMeetings {
    let read: Option<CancelledDocument> = serde_json::from_str(entry.get()).ok();
    read.map(|read| CancelledMeetings::from_texts(&read.cancelled)).unwrap_or_default()
}

/// The same entry with these cancelled meetings; `None` where there is no entry.
///
/// # Errors
/// `Corrupt` for what is no entry.
pub(in crate::adapters::vault) fn write_cancelled(
    node: &Node<'_>,
    user: &UserId,
    cancelled: &CancelledMeetings,
) -> Result<Option<EntryWrite>, VaultError> {
    node.with_member(user.as_str(), (MEMBER, &cancelled.to_texts().collect::<Vec<_>>()), &[])
}
