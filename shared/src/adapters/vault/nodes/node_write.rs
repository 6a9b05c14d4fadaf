//! What is to become of a node, and how that is to be written.

use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::VersionId;
use crate::adapters::vault::nodes::write_budget::WriteClass;
use crate::domain::event::Event;
use crate::types::clock::Timestamp;

/// What is to become of a node.
pub(in crate::adapters::vault) enum Decision<R> {
    /// There is nothing to write.
    Answer(R),
    /// These entries are written; then that is the answer.
    Write(Vec<EntryWrite>, R),
}

/// How a write is to be made.
#[derive(Debug, Clone, Copy)]
pub(in crate::adapters::vault) struct WritePlan {
    pub(in crate::adapters::vault) class: WriteClass,
    /// The tenure that it is made in, where that decides; a younger one begins anew what an older one left.
    pub(in crate::adapters::vault) tenure: Option<Timestamp>,
    /// Whether a tree that is not there is made.
    pub(in crate::adapters::vault) may_begin: bool,
}

/// Which node a write is for: that of an entry, which leaves it first where it is worn, or that of all entries in it.
#[derive(Debug, Clone, Copy)]
pub(super) enum WriteTarget {
    Entry(u64),
    Node(u64),
}

/// A version that a write found replaced.
#[derive(Debug, Default)]
pub(super) struct Overtaken {
    pub(super) version: Option<VersionId>,
    /// It was read all the same afterwards: by a replica that lags, or because it is current again.
    pub(super) was_read_again: bool,
}

/// Puts entries into a node; what their changes are told as is published before it is written.
pub(super) fn put_entries(node: &mut Node<'_>, entries: Vec<EntryWrite>) -> Vec<Event> {
    let mut events = Vec::new();
    for mut entry in entries {
        events.extend(entry.event.take());
        node.put(entry);
    }
    events
}
