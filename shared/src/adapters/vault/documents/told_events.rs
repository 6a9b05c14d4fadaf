//! Which events an entry's changes were told as: by that a delivery knows that the change was kept.

use serde::Deserialize;

use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::VaultError;
use crate::domain::event::{Event, EventId};
use crate::types::ids::UserId;

/// The member with the ids.
const EVENTS: &str = "events";

/// How many of the latest an entry keeps. More changes of one recruiter within the minutes of a delivery are not to be
/// expected: a recruiter signs in at most twenty times a day.
const KEPT: usize = 6;

/// The entry, and that its change is told as this event.
///
/// # Errors
/// `Corrupt` for what is no entry.
pub(in crate::adapters::vault) fn telling(
    node: &Node<'_>,
    user: &UserId,
    write: EntryWrite,
    event: Event,
) -> Result<EntryWrite, VaultError> {
    let mut told = read_told_events(node, user);
    if !told.contains(&event.id) {
        told.push(event.id);
    }
    told.drain(..told.len().saturating_sub(KEPT));
    Ok(EntryWrite { event: Some(event), ..write.with_member((EVENTS, &told), &[])? })
}

/// The ids of the latest events of this recruiter. What cannot be read was told long ago.
pub(in crate::adapters::vault) fn read_told_events(node: &Node<'_>, user: &UserId) -> Vec<EventId> {
    #[derive(Deserialize)]
    struct ToldDocument {
        #[serde(default)]
        events: Vec<EventId>,
    }
    let read = node.entry(user.as_str()).and_then(|entry| serde_json::from_str(entry.get()).ok());
    read.map(|ToldDocument { events }| events).unwrap_or_default()
}
