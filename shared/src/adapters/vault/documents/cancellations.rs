//! What an entry remembers of the meetings that were cancelled: a member of its own, which every other write carries along.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::adapters::vault::documents::node::{AccessDocument, EntryWrite, Node};
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
    let Some(entry) = node.entry(user.as_str()) else { return Ok(None) };
    let corrupt = |_: serde_json::Error| VaultError::Corrupt {
        name: format!("the entry of {user}"),
        what: "it has another shape",
    };
    let mut members: BTreeMap<&str, &RawValue> = serde_json::from_str(entry.get()).map_err(corrupt)?;
    let texts = to_raw_value(&cancelled.to_texts().collect::<Vec<_>>()).map_err(corrupt)?;
    members.insert(MEMBER, &texts);
    let access = node.access(user.as_str()).map(AccessDocument::to_static);
    EntryWrite::new(user.as_str(), &members, access).map(Some)
}
