//! A node: one secret that holds the entries of many, and says where those went that it held once.
//!
//! What belongs to others is carried along byte for byte, and so is every member that this version of the software does not
//! know. A node borrows from the content that it was read from, so that no token is copied before something is written.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::adapters::vault::documents::json::{SCHEMA_VERSION, corrupt_document, to_json};
use crate::adapters::vault::model::{MAX_BODY_BYTES, SecretName, VaultError};
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::write_budget::{WriteClass, WriteCounts, divides};
use crate::domain::audit::{AuditAction, AuditActor, AuditEntry, OWNER_MISMATCH};
use crate::domain::event::Event;
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;
use crate::types::secret::{AccessToken, Secret, SecretBody};

/// What lasts of a node may have so many bytes; beyond it is split.
const MAX_LASTING_BYTES: usize = 52 * 1_024;

/// So many bytes may a node have with its access tokens.
const MAX_BYTES_WITH_ACCESS: usize = 62 * 1_024;

/// A part of what a node was for, and the node that holds it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::adapters::vault) struct MovedRange {
    /// The first hash of it.
    #[serde(with = "hash_text")]
    pub(in crate::adapters::vault) from: u64,
    /// The last part of the other node's name.
    pub(in crate::adapters::vault) node: String,
}

/// A token that lies beside its entry for as long as it counts, if there is room.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::adapters::vault) struct AccessDocument<'b> {
    #[serde(borrow)]
    token: Cow<'b, str>,
    pub(in crate::adapters::vault) expires_at: Timestamp,
}

/// What is to lie in the place of an entry.
#[derive(Clone)]
pub(in crate::adapters::vault) struct EntryWrite {
    pub(in crate::adapters::vault) key: String,
    pub(in crate::adapters::vault) entry: Box<RawValue>,
    pub(in crate::adapters::vault) access: Option<AccessDocument<'static>>,
    /// What its change is told as.
    pub(in crate::adapters::vault) event: Option<Event>,
}

/// The content of a node. It is not `Debug`: it holds tokens.
#[derive(Clone)]
pub(in crate::adapters::vault) struct Node<'b> {
    pub(in crate::adapters::vault) tenure: Timestamp,
    pub(in crate::adapters::vault) from: u64,
    pub(in crate::adapters::vault) moved: Vec<MovedRange>,
    tree: NodeTree,
    written: WriteCounts,
    entries: BTreeMap<String, Cow<'b, RawValue>>,
    access: BTreeMap<String, AccessDocument<'b>>,
    others: BTreeMap<String, &'b RawValue>,
}

#[derive(Serialize)]
struct NodeDocument<'a> {
    schema: u32,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<&'a CustomerId>,
    tenure: Timestamp,
    #[serde(with = "hash_text")]
    from: u64,
    moved: &'a [MovedRange],
    write: &'a str,
    written: &'a WriteCounts,
    entries: &'a BTreeMap<String, Cow<'a, RawValue>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    access: BTreeMap<&'a str, &'a AccessDocument<'a>>,
    #[serde(flatten)]
    others: &'a BTreeMap<String, &'a RawValue>,
}

impl EntryWrite {
    pub(in crate::adapters::vault) fn new(
        key: &str,
        document: &impl Serialize,
        access: Option<AccessDocument<'static>>,
    ) -> Result<Self, VaultError> {
        Ok(Self { key: key.to_owned(), entry: raw(document)?, access, event: None })
    }

    /// The same with this member, and without others; the rest stays.
    ///
    /// # Errors
    /// `Corrupt` for what is no entry.
    pub(in crate::adapters::vault) fn with_member(
        self,
        (name, value): (&str, &impl Serialize),
        removed: &[&str],
    ) -> Result<Self, VaultError> {
        let members: Result<BTreeMap<&str, &RawValue>, _> = serde_json::from_str(self.entry.get());
        let mut members = members.map_err(|_| VaultError::Corrupt {
            name: format!("the entry of {}", self.key),
            what: "it has another shape",
        })?;
        members.retain(|name, _| !removed.contains(name));
        let value = raw(value)?;
        members.insert(name, &value);
        Ok(Self { entry: raw(&members)?, ..self })
    }
}

fn raw(value: &impl Serialize) -> Result<Box<RawValue>, VaultError> {
    serde_json::value::to_raw_value(value).map_err(|_| VaultError::Refused("it cannot be written as JSON"))
}

impl AccessDocument<'_> {
    pub(in crate::adapters::vault) fn new(token: &AccessToken, expires_at: Timestamp) -> AccessDocument<'static> {
        AccessDocument { token: Cow::Owned(token.expose().to_owned()), expires_at }
    }

    /// The same, apart from the node that it was read from.
    pub(in crate::adapters::vault) fn to_static(&self) -> AccessDocument<'static> {
        AccessDocument { token: Cow::Owned(self.token.clone().into_owned()), expires_at: self.expires_at }
    }

    pub(in crate::adapters::vault) fn token(&self) -> AccessToken {
        AccessToken::from(self.token.clone().into_owned())
    }
}

impl<'b> Node<'b> {
    /// A node without entries, for everything.
    pub(in crate::adapters::vault) fn empty(tree: &NodeTree, tenure: Timestamp) -> Self {
        Self {
            tenure,
            from: 0,
            moved: Vec::new(),
            tree: tree.clone(),
            written: WriteCounts::default(),
            entries: BTreeMap::new(),
            access: BTreeMap::new(),
            others: BTreeMap::new(),
        }
    }

    /// # Errors
    /// `Corrupt` for what is no node of this tree, or not the one that begins `from` there.
    pub(in crate::adapters::vault) fn parse(
        name: &SecretName,
        tree: &NodeTree,
        from: u64,
        body: &'b SecretBody,
    ) -> Result<Self, VaultError> {
        // The parser's own messages could quote the content, so they are not kept.
        let shape = |_: serde_json::Error| corrupt_document(name, "it has another shape");
        let mut members: BTreeMap<String, &'b RawValue> = serde_json::from_str(body.expose()).map_err(shape)?;
        let mut take = |member: &str| members.remove(member).map_or("null", RawValue::get);
        let (kind, customer): (Option<Cow<'_, str>>, Option<CustomerId>) = (
            serde_json::from_str(take("kind")).map_err(shape)?,
            serde_json::from_str(take("customer")).map_err(shape)?,
        );
        if kind.as_deref() != Some(tree.kind()) || customer.as_ref() != tree.customer() {
            let entry = AuditEntry::new(AuditAction::ReadSecret, AuditActor::Product);
            match tree.customer() {
                Some(customer) => entry.customer(customer).refused(OWNER_MISMATCH),
                None => entry.refused(OWNER_MISMATCH),
            }
            return Err(corrupt_document(name, "it belongs to somebody else"));
        }
        if hash_text::parse(serde_json::from_str(take("from")).map_err(shape)?) != Some(from) {
            return Err(corrupt_document(name, "it is another node"));
        }
        take("schema");
        take("write");
        let access: Option<_> = serde_json::from_str(take("access")).map_err(shape)?;
        Ok(Self {
            tenure: serde_json::from_str(take("tenure")).map_err(shape)?,
            from,
            moved: serde_json::from_str(take("moved")).map_err(shape)?,
            tree: tree.clone(),
            written: serde_json::from_str(take("written")).map_err(shape)?,
            entries: serde_json::from_str::<BTreeMap<String, &'b RawValue>>(take("entries"))
                .map_err(shape)?
                .into_iter()
                .map(|(key, entry)| (key, Cow::Borrowed(entry)))
                .collect(),
            access: access.unwrap_or_default(),
            others: members,
        })
    }

    pub(in crate::adapters::vault) fn tree(&self) -> &NodeTree {
        &self.tree
    }

    /// The node that holds this hash now, if it is not this one.
    pub(in crate::adapters::vault) fn moved_to(&self, hash: u64) -> Option<&MovedRange> {
        self.moved.iter().filter(|moved| moved.from <= hash).max_by_key(|moved| moved.from)
    }

    pub(in crate::adapters::vault) fn entry(&self, key: &str) -> Option<&RawValue> {
        self.entries.get(key).map(AsRef::as_ref)
    }

    pub(in crate::adapters::vault) fn access(&self, key: &str) -> Option<&AccessDocument<'b>> {
        self.access.get(key)
    }

    /// The entry with this member, and without others; the rest stays. `None` where there is no entry.
    ///
    /// # Errors
    /// `Corrupt` for what is no entry.
    pub(in crate::adapters::vault) fn with_member(
        &self,
        key: &str,
        member: (&str, &impl Serialize),
        removed: &[&str],
    ) -> Result<Option<EntryWrite>, VaultError> {
        let Some(entry) = self.entry(key) else { return Ok(None) };
        let (key, access) = (key.to_owned(), self.access(key).map(AccessDocument::to_static));
        EntryWrite { key, entry: entry.to_owned(), access, event: None }.with_member(member, removed).map(Some)
    }

    pub(in crate::adapters::vault) fn entries(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.entries.iter().map(|(key, entry)| (key.as_str(), entry.as_ref()))
    }

    /// Whether one more write of this class is in its budget.
    pub(in crate::adapters::vault) fn allows(&self, class: WriteClass, routine: u32, now: Timestamp) -> bool {
        self.written.allows(class, routine, now)
    }

    /// How often it was written within the last day.
    pub(in crate::adapters::vault) fn written(&self) -> &WriteCounts {
        &self.written
    }

    pub(in crate::adapters::vault) fn put(&mut self, write: EntryWrite) {
        let EntryWrite { key, entry, access, event: _ } = write;
        match access {
            Some(access) => drop(self.access.insert(key.clone(), access)),
            None => drop(self.access.remove(&key)),
        }
        self.entries.insert(key, Cow::Owned(entry));
    }

    pub(in crate::adapters::vault) fn retain(&mut self, lasts: impl Fn(&RawValue) -> bool) {
        self.entries.retain(|_, entry| lasts(entry));
    }

    /// Whether it holds more than a node may, and can be split.
    pub(in crate::adapters::vault) fn is_overfull(&self) -> Result<bool, VaultError> {
        let too_many = self.entries.len() > self.tree.max_entries();
        Ok(self.entries.len() > 1
            && (too_many || self.render_with("", BTreeMap::new())?.expose().len() > MAX_LASTING_BYTES))
    }

    /// Whether this node would take an entry if it held no other.
    pub(in crate::adapters::vault) fn takes_alone(&self, write: EntryWrite) -> Result<bool, VaultError> {
        /// The random text, and one hour more among those of the day.
        const ROOM: usize = 64;
        let mut alone = Self { entries: BTreeMap::new(), access: BTreeMap::new(), ..self.clone() };
        alone.put(write);
        Ok(alone.render_with("", BTreeMap::new())?.expose().len() + ROOM <= MAX_BODY_BYTES)
    }

    /// Whether it was written as often today as it may be, and holds enough for two.
    pub(in crate::adapters::vault) fn is_worn(&self, now: Timestamp) -> bool {
        self.written.is_worn(now) && divides(self.entries.len())
    }

    /// Moves the upper half by bytes to a node of its own; nothing where there are no two halves.
    pub(in crate::adapters::vault) fn split(&mut self, node: &str) -> Option<Node<'b>> {
        let mut hashes: Vec<_> =
            self.entries.iter().map(|(key, entry)| (self.tree.hash(key), key.len() + entry.get().len())).collect();
        hashes.sort_unstable();
        let all: usize = hashes.iter().map(|(_, bytes)| bytes).sum();
        let mut below = 0;
        let middle = hashes.iter().find(|(_, bytes)| {
            let is_upper = 2 * below >= all;
            below += bytes;
            is_upper
        });
        let (lowest, middle) = (hashes.first()?.0, middle.or(hashes.last())?.0);
        if middle == lowest {
            return None;
        }
        Some(self.move_from(middle, node))
    }

    /// Moves all that it still holds to a node of its own.
    pub(in crate::adapters::vault) fn move_all(&mut self, node: &str) -> Node<'b> {
        self.move_from(self.from, node)
    }

    fn move_from(&mut self, from: u64, node: &str) -> Node<'b> {
        let tree = self.tree.clone();
        let stays = |key: &str| tree.hash(key) < from;
        let mut upper = Node { from, moved: Vec::new(), written: WriteCounts::default(), ..self.clone() };
        upper.entries.retain(|key, _| !stays(key));
        upper.access.retain(|key, _| !stays(key));
        self.entries.retain(|key, _| stays(key));
        self.access.retain(|key, _| stays(key));
        self.moved.push(MovedRange { from, node: node.to_owned() });
        upper
    }

    /// The content of the next version. `write` is new with every one, so that no two writers have equal contents.
    pub(in crate::adapters::vault) fn render(&mut self, write: &str, now: Timestamp) -> Result<SecretBody, VaultError> {
        self.written.add(now);
        let entries = &self.entries;
        self.access.retain(|key, access| access.expires_at > now && entries.contains_key(key));
        let mut room = MAX_BYTES_WITH_ACCESS.saturating_sub(self.render_with(write, BTreeMap::new())?.expose().len());
        let mut latest: Vec<_> = self.access.iter().collect();
        latest.sort_by_key(|(_, access)| std::cmp::Reverse(access.expires_at));
        // The name of the member, its braces, and beside each token what JSON and the moment take.
        let access = latest.into_iter().map_while(|(key, access)| {
            room = room.checked_sub(key.len() + access.token.len() + 96)?;
            Some((key.as_str(), access))
        });
        self.render_with(write, access.collect())
    }

    fn render_with(&self, write: &str, access: BTreeMap<&str, &AccessDocument<'_>>) -> Result<SecretBody, VaultError> {
        let Self { tenure, from, moved, tree, written, entries, others, .. } = self;
        to_json(&NodeDocument {
            schema: SCHEMA_VERSION,
            kind: tree.kind(),
            customer: tree.customer(),
            tenure: *tenure,
            from: *from,
            moved,
            write,
            written,
            entries,
            access,
            others,
        })
    }
}

/// Hashes are written as sixteen digits: a JSON number of 64 bits is none for everybody.
mod hash_text {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn parse(text: &str) -> Option<u64> {
        u64::from_str_radix(text, 16).ok()
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it writes by reference")]
    pub(super) fn serialize<S: Serializer>(hash: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{hash:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| de::Error::custom("not a hash"))
    }
}

#[cfg(test)]
mod tests;
