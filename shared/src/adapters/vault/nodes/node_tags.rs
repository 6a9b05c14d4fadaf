//! What is known about a node without reading it. Tags describe and decide nothing.

use ring::digest;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::adapters::vault::documents::cancellations::parse_cancelled;
use crate::adapters::vault::documents::connection::{ConnectionHeader, EntryState};
use crate::adapters::vault::documents::node::Node;
use crate::adapters::vault::documents::withdrawn_links::is_withdrawal;
use crate::adapters::vault::documents::{corrupt_document, customer_entry, hand_overs, intake_links};
use crate::adapters::vault::model::{SecretMetadata, Tags, VaultError};
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::domain::entra_app::ConnectionCounts;
use crate::domain::sign_in::CONNECT_LINK_TTL;
use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::ids::CustomerId;

/// The tag that says what a secret is.
pub(in crate::adapters::vault) const KIND: &str = "kind";

/// A run of the schedule looks at one of so many parts of the customers, at least.
pub const SLICES: u8 = 24;

/// The tag that says in which of them a customer is.
pub(in crate::adapters::vault) const SLICE: &str = "slice";

/// The tag that says for which hashes a node is: from this one on.
pub(in crate::adapters::vault) const FROM: &str = "from";

const UNREACHED: &str = "unreached";

/// So long it is told that a recruiter was disconnected.
const DISCONNECTION_TOLD_FOR: SignedDuration = SignedDuration::from_hours(24 * 30);

/// So long it is known how often somebody signed in who never connected, and when somebody was disconnected who was not
/// connected. No sign-in is under way for longer.
const RETURNS_COUNT_FOR: SignedDuration = SignedDuration::from_hours(24);

/// What the tags of a node of connections say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeSummary {
    /// The customer's tenure that it is of.
    pub tenure: Timestamp,
    /// How many of its connections are in which state.
    pub counts: ConnectionCounts,
    /// When the refresh token was obtained that is in the vault unused for longest.
    pub oldest_token: Option<Timestamp>,
    /// Since when the sign-in is in doubt that is so for longest.
    pub suspect_since: Option<Timestamp>,
    /// How many further nodes it leads to.
    pub children: usize,
    /// It was made by a split of which nobody has seen yet that it came to its end.
    pub is_unreached: bool,
}

/// The slice that a customer is in, as its tag says it.
pub(in crate::adapters::vault) fn slice_of(customer: &CustomerId) -> String {
    let hash = digest::digest(&digest::SHA256, customer.as_str().as_bytes());
    slice(hash.as_ref().first().copied().unwrap_or_default() % SLICES)
}

/// A slice as its tag says it.
pub(in crate::adapters::vault) fn slice(number: u8) -> String {
    format!("slice-{number:02}")
}

/// Which tenure a node is of.
pub(super) fn tenure_tag(tenure: Timestamp) -> Tags {
    Tags::from([("tenure".to_owned(), tenure.to_string())])
}

/// What describes a node that no parent may ever lead to.
pub(super) fn tags_of_child(node: &Node<'_>) -> Tags {
    let mut tags = tags(node);
    tags.insert(UNREACHED.to_owned(), "yes".to_owned());
    tags
}

/// The way from the root leads to the node.
pub(in crate::adapters::vault) fn reached_tag() -> Tags {
    Tags::from([(UNREACHED.to_owned(), String::new())])
}

/// What describes a node.
pub(in crate::adapters::vault) fn tags(node: &Node<'_>) -> Tags {
    let tree = node.tree();
    let mut tags =
        Tags::from([(KIND.to_owned(), tree.kind().to_owned()), (FROM.to_owned(), format!("{:016x}", node.from))]);
    if let Some(customer) = tree.customer() {
        tags.extend(tenure_tag(node.tenure));
        tags.insert("customer".to_owned(), customer.to_string());
        tags.insert(SLICE.to_owned(), slice_of(customer));
        tags.insert("children".to_owned(), node.moved.len().to_string());
        tags.extend(reached_tag());
    }
    if let NodeTree::Connections(_) = tree {
        let NodeSummary { counts, oldest_token, suspect_since, .. } = summary(node);
        let ConnectionCounts { active, suspect, needs_reauth } = counts;
        tags.insert("counts".to_owned(), format!("{active} {suspect} {needs_reauth}"));
        for (name, moment) in [("oldest_token", oldest_token), ("suspect_since", suspect_since)] {
            tags.insert(name.to_owned(), moment.map(|moment| moment.to_string()).unwrap_or_default());
        }
    }
    tags
}

fn summary(node: &Node<'_>) -> NodeSummary {
    let mut summary = NodeSummary {
        tenure: node.tenure,
        counts: ConnectionCounts::default(),
        oldest_token: None,
        suspect_since: None,
        children: node.moved.len(),
        is_unreached: false,
    };
    let earliest =
        |known: &mut Option<Timestamp>, moment| *known = Some(known.map_or(moment, |known| known.min(moment)));
    // What is damaged is told by whoever reads it.
    for header in node.entries().filter_map(|(_, entry)| ConnectionHeader::parse(entry)) {
        match header.state {
            Some(EntryState::Active) => summary.counts.active += 1,
            Some(EntryState::Suspect) => {
                summary.counts.suspect += 1;
                earliest(&mut summary.suspect_since, header.since);
            }
            Some(EntryState::NeedsReauth) => summary.counts.needs_reauth += 1,
            Some(EntryState::Disconnected) | None => {}
        }
        if let (Some(EntryState::Active), Some(obtained_at)) = (header.state, header.obtained_at) {
            earliest(&mut summary.oldest_token, obtained_at);
        }
    }
    summary
}

/// What the tags of a node say.
pub(in crate::adapters::vault) fn parse(metadata: &SecretMetadata) -> Result<NodeSummary, VaultError> {
    let tag = |name: &str| metadata.tags.get(name).filter(|value| !value.is_empty());
    let time = |name: &str| tag(name).and_then(|value| value.parse().ok());
    let counts = tag("counts").and_then(|counts| {
        let numbers: Vec<u32> = counts.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
        let [active, suspect, needs_reauth] = numbers.try_into().ok()?;
        Some(ConnectionCounts { active, suspect, needs_reauth })
    });
    Ok(NodeSummary {
        tenure: time("tenure").ok_or_else(|| corrupt_document(&metadata.name, "its tags are not ours"))?,
        counts: counts.unwrap_or_default(),
        oldest_token: time("oldest_token"),
        suspect_since: time("suspect_since"),
        children: tag("children").and_then(|number| number.parse().ok()).unwrap_or_default(),
        is_unreached: tag(UNREACHED).is_some(),
    })
}

/// Whether a sign-in waits in an entry.
fn waits(entry: &RawValue, now: Timestamp) -> bool {
    #[derive(Deserialize)]
    struct WaitingDocument {
        pending: PendingDocument,
    }
    #[derive(Deserialize)]
    struct PendingDocument {
        until: Timestamp,
    }
    serde_json::from_str(entry.get()).is_ok_and(|WaitingDocument { pending }| pending.until > now)
}

/// Whether an entry is still of use, or goes with the next write.
pub(super) fn lasts(tree: &NodeTree, entry: &RawValue, now: Timestamp) -> bool {
    match tree {
        NodeTree::Connections(_) => ConnectionHeader::parse(entry).is_none_or(|header| {
            let lasts_for = match header.state {
                Some(EntryState::Active | EntryState::Suspect | EntryState::NeedsReauth) => return true,
                Some(EntryState::Disconnected) => DISCONNECTION_TOLD_FOR,
                None => RETURNS_COUNT_FOR,
            };
            add_saturating(header.since, lasts_for) > now
                || add_saturating(header.ended_at, RETURNS_COUNT_FOR) > now
                || waits(entry, now)
                || parse_cancelled(entry).lasts(now)
                || is_withdrawal(entry, CONNECT_LINK_TTL, now)
        }),
        NodeTree::HandOvers(_) => hand_overs::holds_any(entry, now),
        NodeTree::Claims(_) => !intake_links::is_outdated(entry, now) && !customer_entry::is_ended(entry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_without_a_connection_lasts_for_as_long_as_it_says_something() {
        let tree = NodeTree::Connections("kadry".parse().unwrap());
        for (entry, hours) in [
            (r#"{"state":"disconnected","since":"1970-01-01T00:00:00Z"}"#, 30 * 24),
            (r#"{"since":"1970-01-01T00:00:00Z"}"#, 24),
            (r#"{"since":"1970-01-01T00:00:00Z","ended_at":"1970-01-01T10:00:00Z"}"#, 34),
            (r#"{"since":"1970-01-01T00:00:00Z","pending":{"until":"1970-01-02T06:00:00Z"}}"#, 30),
        ] {
            let read: Box<RawValue> = serde_json::from_str(entry).unwrap();
            let end = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
            assert!(lasts(&tree, &read, end - SignedDuration::from_millis(1)), "{entry}");
            for later in [0, 1] {
                assert!(!lasts(&tree, &read, end + SignedDuration::from_millis(later)), "{entry}");
            }
        }
    }
}
