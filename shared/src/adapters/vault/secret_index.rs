//! Apps and nodes, listed by what their tags say: no secret is read.

use crate::adapters::vault::apps::{APP_KIND, has_ended, parse_app_tags};
use crate::adapters::vault::documents::connection;
use crate::adapters::vault::documents::node::Node;
use crate::adapters::vault::model::{Arn, SecretMetadata, VaultError, VersionId, VersionStage};
use crate::adapters::vault::nodes::node_ref::NodeRef;
use crate::adapters::vault::nodes::node_tags::{self, FROM, KIND, NodeSummary, SLICE};
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::secret_names::{SecretNames, SecretOwner};
use crate::adapters::vault::secret_store::SecretStore;
use crate::domain::entra_app::AppSummary;
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;

/// Lists the secrets of customers by what their tags say, and puts away those that count for nothing.
#[derive(Clone, Debug)]
pub struct SecretIndex {
    pub(in crate::adapters::vault) store: SecretStore,
}

/// A node of connections or of hand-overs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedNode {
    /// Which.
    pub node: NodeRef,
    /// Whether it holds connections.
    pub holds_connections: bool,
    /// What its tags say.
    pub summary: NodeSummary,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Some of the apps and nodes, without reading them.
#[derive(Debug, Default)]
pub struct SecretIndexPage {
    /// The nodes.
    pub nodes: Vec<ListedNode>,
    /// Whose apps, and what their tags say.
    pub apps: Vec<(CustomerId, AppSummary)>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

impl ListedNode {
    /// Whether the tree begins with it.
    #[must_use]
    pub fn is_root(&self) -> bool {
        SecretNames::is_root(&self.node.name)
    }
}

impl SecretIndex {
    /// Some apps and nodes, in the order of their names, beginning at `page`.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn page(&self, page: Option<&str>) -> Result<SecretIndexPage, VaultError> {
        self.list(None, page).await
    }

    /// The same of one slice of the customers.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn page_of_slice(&self, slice: u8, page: Option<&str>) -> Result<SecretIndexPage, VaultError> {
        self.list(Some((SLICE, &node_tags::slice(slice))), page).await
    }

    /// All apps, by what their tags say, in the order of the customers' names in the vault: a call for each hundred.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn apps(&self) -> Result<Vec<(CustomerId, AppSummary)>, VaultError> {
        let (mut apps, mut next) = (Vec::new(), None);
        loop {
            let page = self.list(Some((KIND, APP_KIND)), next.as_deref()).await?;
            apps.extend(page.apps);
            next = page.next;
            if next.is_none() {
                return Ok(apps);
            }
        }
    }

    async fn list(&self, tag: Option<(&str, &str)>, page: Option<&str>) -> Result<SecretIndexPage, VaultError> {
        let listed = self.store.backend.list(&self.store.names.customers(), tag, page, 100).await?;
        let mut found = SecretIndexPage { next: listed.next, ..SecretIndexPage::default() };
        for secret in &listed.secrets {
            let taken = match self.store.names.owner_of(&secret.name) {
                Some(SecretOwner::App(_)) if has_ended(secret) => Ok(()),
                Some(SecretOwner::App(customer)) => {
                    parse_app_tags(secret).map(|card| found.apps.push((customer, card)))
                }
                Some(SecretOwner::Connections(customer)) => {
                    listed_node(customer, secret, true).map(|node| found.nodes.push(node))
                }
                Some(SecretOwner::HandOvers(customer)) => {
                    listed_node(customer, secret, false).map(|node| found.nodes.push(node))
                }
                Some(SecretOwner::KeyPair(_)) | None => Ok(()),
            };
            if let Err(error) = taken {
                tracing::error!(error = %error, "a secret is passed over");
            }
        }
        Ok(found)
    }

    /// Marks a node for deletion. An operator can bring it back.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn delete(&self, node: &NodeRef) -> Result<(), VaultError> {
        self.store.backend.delete(&node.arn).await
    }

    /// Brings back nodes of a customer who is there, of the very tenure that lives: they were marked by mistake, or with an
    /// offboarding that was taken back. Whether there was one.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn restore(&self, customer: &CustomerId, tenure: Timestamp) -> Result<bool, VaultError> {
        self.carry_over(customer, (tenure, tenure)).await
    }

    /// As [`SecretIndex::restore`], into a later tenure: what is of the former one is of the `next` then, but for the sign-ins
    /// that wait. What an attempt that was given up has carried over already stays so.
    ///
    /// # Errors
    /// [`VaultError`].
    pub(in crate::adapters::vault) async fn carry_over(
        &self,
        customer: &CustomerId,
        (former, next): (Timestamp, Timestamp),
    ) -> Result<bool, VaultError> {
        let mut restored = false;
        for tree in [NodeTree::Connections(customer.clone()), NodeTree::HandOvers(customer.clone())] {
            let root = tree.root(&self.store.names);
            let seen = match self.store.backend.describe(&root).await {
                Err(VaultError::NotFound) => continue,
                seen => seen?,
            };
            if !(former..=next).contains(&node_tags::parse(&seen)?.tenure) {
                continue;
            }
            let mut ways = vec![(root.clone(), 0)];
            while let Some((name, from)) = ways.pop() {
                let read = match self.store.backend.read(&name, VersionStage::Current).await {
                    Err(VaultError::Deleted) => {
                        self.store.backend.restore(&name).await?;
                        restored = true;
                        self.store.backend.read(&name, VersionStage::Current).await?
                    }
                    read => read?,
                };
                let node = Node::parse(&name, &tree, from, &read.body)?;
                ways.extend(node.moved.iter().map(|to| (SecretNames::child(&root, &to.node), to.from)));
                if node.tenure < next {
                    self.write_in_tenure(&node, next, (&read.arn, &read.version)).await?;
                }
            }
        }
        Ok(restored)
    }

    async fn write_in_tenure(
        &self,
        node: &Node<'_>,
        tenure: Timestamp,
        (arn, version): (&Arn, &VersionId),
    ) -> Result<(), VaultError> {
        let now = self.store.clock.now();
        let mut next = node.clone();
        next.tenure = tenure;
        for user in node.entries().filter_map(|(key, _)| key.parse().ok()) {
            let Ok(mut returns) = connection::read_returns(node, &user) else { continue };
            if returns.pending.take().is_some() {
                next.put(connection::write_returns(node, &user, (None, &returns), now)?);
            }
        }
        let random: [u8; 8] = self.store.randomness.bytes().map_err(|error| VaultError::Unavailable(error.into()))?;
        // The tag is never behind the content: whoever gave up in between writes the content again.
        self.store.backend.tag(arn, &node_tags::tags(&next)).await?;
        self.store.backend.put(arn, version, next.render(&hex::encode(random), now)?).await.map(drop)
    }

    /// Says of a node that the way from the root leads there.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn record_reached(&self, node: &NodeRef) -> Result<(), VaultError> {
        self.store.backend.tag(&node.arn, &node_tags::reached_tag()).await
    }
}

fn listed_node(
    customer: CustomerId,
    secret: &SecretMetadata,
    holds_connections: bool,
) -> Result<ListedNode, VaultError> {
    let from = secret.tags.get(FROM).and_then(|from| u64::from_str_radix(from, 16).ok()).unwrap_or_default();
    let node = NodeRef { customer, name: secret.name.clone(), arn: secret.arn.clone(), from };
    Ok(ListedNode { node, holds_connections, summary: node_tags::parse(secret)?, created_at: secret.created_at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::Vault;
    use crate::adapters::vault::apps::CheckRecord;
    use crate::adapters::vault::backend::Backend;
    use crate::adapters::vault::backend::memory::MemoryBackend;
    use crate::domain::entra_app::{Credential, EntraApp};
    use crate::types::clock::{Clock, SignedDuration};
    use crate::types::randomness::Randomness;

    fn vault() -> Vault {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let memory = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
        Vault::new(memory, "test".parse().unwrap(), clock, randomness)
    }

    /// A customer with an app, of which a recruiter has an entry.
    async fn configure(vault: &Vault, customer: &CustomerId) {
        let tenant = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap();
        let client_id = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap();
        let credential = Credential::Secret("abC8Q~x".to_owned().into());
        let app = EntraApp { tenant, client_id, credential, expires_on: None };
        vault.app_writer().store(customer, &app, &CheckRecord::from_findings(true, &[]), None).await.unwrap();
        let tenure = vault.app_reader().summary(customer).await.unwrap().tenure;
        vault.connections().withdraw_links(tenure, (customer, &"anna".parse().unwrap())).await.unwrap();
    }

    #[tokio::test]
    async fn every_customer_is_in_one_slice_and_on_one_page() {
        let vault = vault();
        let mut customers: Vec<CustomerId> =
            (100..230).map(|number| format!("customer-{number}").parse().unwrap()).collect();
        for customer in &customers {
            configure(&vault, customer).await;
        }
        let index = vault.secret_index();
        let names = |apps: Vec<(CustomerId, AppSummary)>| apps.into_iter().map(|(customer, _)| customer);
        assert_eq!(names(index.apps().await.unwrap()).collect::<Vec<_>>(), customers);
        let mut of_slices = Vec::new();
        for slice in 0..node_tags::SLICES {
            let page = index.page_of_slice(slice, None).await.unwrap();
            assert!(page.next.is_none() && page.nodes.len() == page.apps.len());
            assert!(page.nodes.iter().all(ListedNode::is_root));
            of_slices.extend(names(page.apps));
        }
        of_slices.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
        assert_eq!(of_slices, customers);
        let offboarded = customers.remove(0);
        vault.app_writer().offboard(&offboarded).await.unwrap();
        assert_eq!(names(index.apps().await.unwrap()).collect::<Vec<_>>(), customers);
    }

    #[tokio::test]
    async fn a_node_that_was_marked_is_brought_back_in_its_own_tenure_only() {
        let vault = vault();
        let (customer, index) = ("kadry".parse().unwrap(), vault.secret_index());
        configure(&vault, &customer).await;
        let tenure = vault.app_reader().summary(&customer).await.unwrap().tenure;
        assert!(!index.restore(&customer, tenure).await.unwrap(), "nothing was marked");
        let node = index.page(None).await.unwrap().nodes.remove(0).node;
        index.delete(&node).await.unwrap();
        let later = tenure + SignedDuration::from_secs(1);
        assert!(!index.restore(&customer, later).await.unwrap());
        let read = async || vault.store.backend.read(&node.name, VersionStage::Current).await;
        assert!(matches!(read().await, Err(VaultError::Deleted)));
        assert!(index.restore(&customer, tenure).await.unwrap());
        assert!(read().await.is_ok());
    }
}
