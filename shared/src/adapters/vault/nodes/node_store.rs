//! How nodes are read and written: find, decide, write, and again from the beginning when another writer came first.

mod walk;

use std::cmp::Ordering;
use std::sync::Arc;

use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::{Arn, SecretName, SecretValue, Tags, VaultError, VersionId};
use crate::adapters::vault::nodes::node_tags;
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::tries::Tries;
use crate::adapters::vault::nodes::write_budget::WriteClass;
use crate::adapters::vault::secret_names::SecretNames;
use crate::adapters::vault::secret_store::SecretStore;
use crate::domain::event::Event;
use crate::types::clock::{SignedDuration, Timestamp};
use crate::types::keyed_mutex::KeyedMutex;
use crate::types::ttl_cache::TtlCache;

/// How long a node that was read serves all its recruiters, counted from the question. Nobody writes upon an older one.
pub(in crate::adapters::vault) const NODE_TTL: SignedDuration = SignedDuration::from_secs(60);

/// Reads and writes nodes. Its clones share what was read.
#[derive(Clone, Debug)]
pub(in crate::adapters::vault) struct NodeStore {
    store: SecretStore,
    routine_writes: u32,
    read: Arc<TtlCache<SecretName, StoredNode>>,
    reading: KeyedMutex<SecretName>,
}

/// A node as it was read.
#[derive(Debug)]
pub(in crate::adapters::vault) struct StoredNode {
    name: SecretName,
    from: u64,
    value: SecretValue,
    /// When the vault was asked.
    pub(in crate::adapters::vault) read_at: Timestamp,
}

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
enum WriteTarget {
    Entry(u64),
    Node(u64),
}

/// A version that a write found replaced.
#[derive(Debug, Default)]
struct Overtaken {
    version: Option<VersionId>,
    /// It was read all the same afterwards: by a replica that lags, or because it is current again.
    was_read_again: bool,
}

/// Puts entries into a node; what their changes are told as is published before it is written.
fn put_entries(node: &mut Node<'_>, entries: Vec<EntryWrite>) -> Vec<Event> {
    let mut events = Vec::new();
    for mut entry in entries {
        events.extend(entry.event.take());
        node.put(entry);
    }
    events
}

impl StoredNode {
    /// # Errors
    /// `Corrupt`.
    pub(in crate::adapters::vault) fn parse(&self, tree: &NodeTree) -> Result<Node<'_>, VaultError> {
        Node::parse(&self.name, tree, self.from, &self.value.body)
    }

    fn arn(&self) -> &Arn {
        &self.value.arn
    }
}

impl NodeStore {
    pub(in crate::adapters::vault) fn new(store: SecretStore, routine_writes: u32) -> Self {
        let (read, reading) = (Arc::new(TtlCache::new(NODE_TTL)), KeyedMutex::default());
        Self { store, routine_writes, read, reading }
    }

    /// Decides upon the node that holds this key and writes what was decided. Whoever is overtaken reads and decides
    /// again, so nothing is written that does not follow from what is replaced.
    ///
    /// # Errors
    /// [`VaultError`] of the decision, or of the vault; `Stale` when others were faster every time, and for a write that is
    /// not in the budget of its class.
    pub(in crate::adapters::vault) async fn update<R>(
        &self,
        tree: &NodeTree,
        key: &str,
        plan: WritePlan,
        decide: impl FnMut(&Node<'_>) -> Result<Decision<R>, VaultError>,
    ) -> Result<R, VaultError> {
        self.update_target(tree, WriteTarget::Entry(tree.hash(key)), plan, decide).await
    }

    /// [`NodeStore::update`] of all entries of the node that is for this hash.
    pub(in crate::adapters::vault) async fn update_at<R>(
        &self,
        tree: &NodeTree,
        hash: u64,
        plan: WritePlan,
        decide: impl FnMut(&Node<'_>) -> Result<Decision<R>, VaultError>,
    ) -> Result<R, VaultError> {
        self.update_target(tree, WriteTarget::Node(hash), plan, decide).await
    }

    async fn update_target<R>(
        &self,
        tree: &NodeTree,
        target: WriteTarget,
        plan: WritePlan,
        mut decide: impl FnMut(&Node<'_>) -> Result<Decision<R>, VaultError>,
    ) -> Result<R, VaultError> {
        let mut tries = Tries::new(&self.store.randomness);
        let mut overtaken = Overtaken::default();
        let is_routine = plan.class == WriteClass::Routine;
        loop {
            match self.attempt(tree, target, plan, &mut overtaken, &mut decide).await {
                Ok(Some(answer)) => return Ok(answer),
                // It was split; what was decided comes next.
                Ok(None) => {}
                // Whether it was written, the entry says.
                Err(error @ (VaultError::Stale | VaultError::Unavailable(_))) if !is_routine => {
                    if let Err(error) = tries.again(error).await {
                        if overtaken.was_read_again {
                            let secret = tree.root(&self.store.names);
                            tracing::error!(%secret, "the next version exists: was AWSCURRENT moved back by hand?");
                        }
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn attempt<R>(
        &self,
        tree: &NodeTree,
        target: WriteTarget,
        plan: WritePlan,
        overtaken: &mut Overtaken,
        decide: &mut impl FnMut(&Node<'_>) -> Result<Decision<R>, VaultError>,
    ) -> Result<Option<R>, VaultError> {
        let is_routine = plan.class == WriteClass::Routine;
        let (WriteTarget::Entry(hash) | WriteTarget::Node(hash)) = target;
        let found = match self.walk(tree, hash, is_routine).await {
            Err(VaultError::NotFound) if plan.may_begin => {
                let mut node = Node::empty(tree, plan.tenure.unwrap_or_default());
                return match decide(&node)? {
                    Decision::Answer(answer) => Ok(Some(answer)),
                    Decision::Write(entries, answer) => {
                        self.store.publish(&put_entries(&mut node, entries)).await?;
                        let tags = node_tags::tags(&node);
                        self.create(tree.root(&self.store.names), node, &tags).await.map(|()| Some(answer))
                    }
                };
            }
            Err(VaultError::Deleted) if plan.may_begin => {
                self.store.backend.restore(&tree.root(&self.store.names)).await?;
                return Err(VaultError::Stale);
            }
            found => found?,
        };
        if overtaken.version.as_ref() == Some(&found.value.version) {
            overtaken.was_read_again = true;
            return Err(VaultError::Stale);
        }
        let now = self.store.clock.now();
        let base = found.parse(tree)?;
        match plan.tenure.map(|tenure| base.tenure.cmp(&tenure)) {
            // The app that was read is not the newest.
            Some(Ordering::Greater) => return Err(VaultError::Stale),
            Some(Ordering::Less) if plan.may_begin => return self.begin_again(tree, plan, decide).await,
            Some(Ordering::Less) => return Err(VaultError::NotFound),
            Some(Ordering::Equal) | None => {}
        }
        let (entries, answer) = match decide(&base)? {
            Decision::Answer(answer) => return Ok(Some(answer)),
            Decision::Write(entries, answer) => (entries, answer),
        };
        let mut node = base.clone();
        if !node.allows(plan.class, self.routine_writes, now) {
            return Err(VaultError::Refused("the secret was written as often as it may be today"));
        }
        let events = put_entries(&mut node, entries);
        node.retain(|entry| node_tags::lasts(tree, entry, now));
        let is_left = matches!(target, WriteTarget::Entry(_)) && node.is_worn(now);
        if !is_routine
            && (is_left || node.is_overfull()?)
            && let Some(rest) = Box::pin(self.divide(base, is_left)).await?
        {
            self.put(&found, tree, rest, overtaken, true).await?;
            return Ok(None);
        }
        self.store.publish(&events).await?;
        self.put(&found, tree, node, overtaken, !is_routine).await?;
        Ok(Some(answer))
    }

    /// Makes a node of the upper half, and one of the lower half too where a node is to be left. What is left of it makes
    /// them count; nothing where there are no two halves.
    async fn divide<'b>(&self, mut node: Node<'b>, is_left: bool) -> Result<Option<Node<'b>>, VaultError> {
        let (root, upper_id) = (node.tree().root(&self.store.names), hex::encode(self.random::<8>()?));
        let Some(upper) = node.split(&upper_id) else { return Ok(None) };
        let mut made = vec![(upper_id, upper)];
        if is_left {
            let lower_id = hex::encode(self.random::<8>()?);
            let lower = node.move_all(&lower_id);
            made.push((lower_id, lower));
        }
        for (id, child) in made {
            let (name, tags) = (SecretNames::child(&root, &id), node_tags::tags_of_child(&child));
            self.create(name, child, &tags).await?;
        }
        Ok(Some(node))
    }

    /// Writes over what a former tenure left: it counts for nothing, nor do its further nodes. The tag says so first, so
    /// that a mark can be judged without the content.
    async fn begin_again<R>(
        &self,
        tree: &NodeTree,
        plan: WritePlan,
        decide: &mut impl FnMut(&Node<'_>) -> Result<Decision<R>, VaultError>,
    ) -> Result<Option<R>, VaultError> {
        let tenure = plan.tenure.unwrap_or_default();
        let root = self.get(tree.root(&self.store.names), 0, false).await?;
        if root.parse(tree)?.tenure >= tenure {
            return Err(VaultError::Stale);
        }
        let mut node = Node::empty(tree, tenure);
        match decide(&node)? {
            Decision::Answer(answer) => Ok(Some(answer)),
            Decision::Write(entries, answer) => {
                self.store.publish(&put_entries(&mut node, entries)).await?;
                self.store.backend.tag(root.arn(), &node_tags::tenure_tag(tenure)).await?;
                self.put(&root, tree, node, &mut Overtaken::default(), true).await?;
                Ok(Some(answer))
            }
        }
    }

    async fn create(&self, name: SecretName, mut node: Node<'_>, tags: &Tags) -> Result<(), VaultError> {
        let body = node.render(&hex::encode(self.random::<8>()?), self.store.clock.now())?;
        self.store.backend.create(&name, &self.store.first_version()?, body, tags).await.map(drop)
    }

    async fn put(
        &self,
        base: &StoredNode,
        tree: &NodeTree,
        mut node: Node<'_>,
        overtaken: &mut Overtaken,
        describes: bool,
    ) -> Result<(), VaultError> {
        let tags = node_tags::tags(&node);
        let body = node.render(&hex::encode(self.random::<8>()?), self.store.clock.now())?;
        self.read.remove(&base.name);
        match self.store.backend.put(base.arn(), &base.value.version, body).await {
            Ok(_) => {}
            Err(VaultError::Stale) => {
                *overtaken = Overtaken { version: Some(base.value.version.clone()), was_read_again: false };
                return Err(VaultError::Stale);
            }
            Err(error) => return Err(error),
        }
        // Tags only describe: where they could not be written, the schedule reads one node too much.
        if describes
            && tags != node_tags::tags(&base.parse(tree)?)
            && let Err(error) = self.store.backend.tag(base.arn(), &tags).await
        {
            tracing::warn!(error = %error, "the tags of a node are behind");
        }
        Ok(())
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], VaultError> {
        self.store.randomness.bytes().map_err(|error| VaultError::Unavailable(error.into()))
    }
}
