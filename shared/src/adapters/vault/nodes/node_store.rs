//! How nodes are read and written: find, decide, write, and again from the beginning when another writer came first.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::adapters::vault::documents::node::Node;
use crate::adapters::vault::model::{Arn, SecretName, SecretValue, Tags, VaultError, VersionStage};
use crate::adapters::vault::nodes::node_ref::NodeRef;
use crate::adapters::vault::nodes::node_tags;
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::node_write::{Decision, Overtaken, WritePlan, WriteTarget, put_entries};
use crate::adapters::vault::nodes::tries::Tries;
use crate::adapters::vault::nodes::write_budget::WriteClass;
use crate::adapters::vault::secret_names::SecretNames;
use crate::adapters::vault::secret_store::SecretStore;
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

    /// The node that holds this key, read within the last minute.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where there is no tree, `Deleted` where its customer was offboarded.
    pub(in crate::adapters::vault) async fn find(
        &self,
        tree: &NodeTree,
        key: &str,
    ) -> Result<Arc<StoredNode>, VaultError> {
        self.walk(tree, tree.hash(key), true).await
    }

    /// The node that holds this key, read now; `None` where there is no tree, or its customer was offboarded.
    ///
    /// # Errors
    /// [`VaultError`].
    pub(in crate::adapters::vault) async fn find_now(
        &self,
        tree: &NodeTree,
        key: &str,
    ) -> Result<Option<Arc<StoredNode>>, VaultError> {
        match self.walk(tree, tree.hash(key), false).await {
            Ok(node) => Ok(Some(node)),
            Err(VaultError::NotFound | VaultError::Deleted) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The node that is for this hash, read now.
    ///
    /// # Errors
    /// As [`NodeStore::find`].
    async fn walk(&self, tree: &NodeTree, hash: u64, may_be_known: bool) -> Result<Arc<StoredNode>, VaultError> {
        self.walk_to(tree, hash, may_be_known, |_| false).await
    }

    /// As [`NodeStore::walk`], but no further than to a node that is `wanted` on the way.
    async fn walk_to(
        &self,
        tree: &NodeTree,
        hash: u64,
        may_be_known: bool,
        wanted: impl Fn(&SecretName) -> bool,
    ) -> Result<Arc<StoredNode>, VaultError> {
        let mut tries = Tries::new(&self.store.randomness);
        loop {
            let mut found = self.get(tree.root(&self.store.names), 0, may_be_known).await?;
            let lost = loop {
                if wanted(&found.name) {
                    return Ok(found);
                }
                let Some(moved) = found.parse(tree)?.moved_to(hash).cloned() else { return Ok(found) };
                match self
                    .get(SecretNames::child(&tree.root(&self.store.names), &moved.node), moved.from, may_be_known)
                    .await
                {
                    Ok(child) => found = child,
                    // A node that is named is there: the replica that answers lags behind.
                    Err(VaultError::NotFound | VaultError::Deleted) => break moved.node,
                    Err(error) => return Err(error),
                }
            };
            tries.again(VaultError::Unavailable(format!("the node {lost} is not seen yet").into())).await?;
        }
    }

    /// A node that was listed, read now.
    ///
    /// # Errors
    /// As [`NodeStore::find`]; `NotFound` where the way from the root does not lead there.
    pub(in crate::adapters::vault) async fn reached(
        &self,
        tree: &NodeTree,
        node: &NodeRef,
    ) -> Result<Arc<StoredNode>, VaultError> {
        let found = self.walk_to(tree, node.from, false, |name| *name == node.name).await?;
        if found.name == node.name { Ok(found) } else { Err(VaultError::NotFound) }
    }

    /// Every node of a tree. What was read within the last minute serves again where it `may_be_known`.
    ///
    /// # Errors
    /// [`VaultError`].
    pub(in crate::adapters::vault) async fn all(
        &self,
        tree: &NodeTree,
        may_be_known: bool,
    ) -> Result<Vec<Arc<StoredNode>>, VaultError> {
        let root = tree.root(&self.store.names);
        let mut tries = Tries::new(&self.store.randomness);
        let mut nodes = vec![self.get(root.clone(), 0, may_be_known).await?];
        let mut seen = 0;
        while let Some(node) = nodes.get(seen) {
            seen += 1;
            for moved in node.parse(tree)?.moved.clone() {
                let child = loop {
                    match self.get(SecretNames::child(&root, &moved.node), moved.from, may_be_known).await {
                        // A node that is named is there: the replica that answers lags behind.
                        Err(VaultError::NotFound | VaultError::Deleted) => {
                            let why = format!("the node {} is not seen yet", moved.node);
                            tries.again(VaultError::Unavailable(why.into())).await?;
                        }
                        child => break child?,
                    }
                };
                nodes.push(child);
            }
        }
        Ok(nodes)
    }

    async fn get(&self, name: SecretName, from: u64, may_be_known: bool) -> Result<Arc<StoredNode>, VaultError> {
        let known = || self.read.get(&name, self.store.clock.now()).filter(|known| may_be_known && known.from == from);
        if let Some(known) = known() {
            return Ok(known);
        }
        let _alone = self.reading.lock(&name).await;
        if let Some(known) = known() {
            return Ok(known);
        }
        let read_at = self.store.clock.now();
        let value = self.store.backend.read(&name, VersionStage::Current).await?;
        let node = Arc::new(StoredNode { name: name.clone(), from, value, read_at });
        self.read.insert(name, node.clone(), read_at);
        Ok(node)
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
