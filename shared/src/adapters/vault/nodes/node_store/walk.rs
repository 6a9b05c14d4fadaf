//! How nodes are found: from the root on, until none says that what is looked for has moved.

use std::sync::Arc;

use crate::adapters::vault::model::{SecretName, VaultError, VersionStage};
use crate::adapters::vault::nodes::node_ref::NodeRef;
use crate::adapters::vault::nodes::node_store::{NodeStore, StoredNode};
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::tries::Tries;
use crate::adapters::vault::secret_names::SecretNames;

impl NodeStore {
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

    /// The node that holds this key, read now.
    ///
    /// # Errors
    /// As [`NodeStore::find`].
    pub(in crate::adapters::vault) async fn find_now(
        &self,
        tree: &NodeTree,
        key: &str,
    ) -> Result<Arc<StoredNode>, VaultError> {
        self.walk(tree, tree.hash(key), false).await
    }

    /// The node that is for this hash, read now.
    ///
    /// # Errors
    /// As [`NodeStore::find`].
    pub(in crate::adapters::vault) async fn walk(
        &self,
        tree: &NodeTree,
        hash: u64,
        may_be_known: bool,
    ) -> Result<Arc<StoredNode>, VaultError> {
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

    pub(super) async fn get(
        &self,
        name: SecretName,
        from: u64,
        may_be_known: bool,
    ) -> Result<Arc<StoredNode>, VaultError> {
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
}
