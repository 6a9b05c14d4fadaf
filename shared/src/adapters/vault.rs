//! Secrets: what AWS Secrets Manager promises, and two stand-ins that promise the same.
//!
//! Every backend passes one contract (`shared/tests/vault_contract.rs`). A write is a compare-and-set in one call:
//! the id of a new version is derived from the id of the version that it replaces, so of two writers that read the
//! same version exactly one succeeds, and a repeated write with the same content is a success.
//!
//! A function holds only the parts that it may touch: [`apps::AppReader`], [`apps::AppStatusWriter`], [`apps::AppClaims`] or
//! [`apps::AppWriter`], [`connections::Connections`], [`hand_overs::HandOvers`], [`pending_key_pairs::PendingKeyPairs`], [`api_keys::ApiKeys`],
//! [`sealing_keys::SealingKeys`], [`link_keys::LinkKeys`]. The same list is its policy on AWS.

pub mod apps;
pub mod backend;
pub mod cancellations;
pub mod connections;
pub mod customer_restorer;
pub mod hand_overs;
mod nodes;
pub(crate) mod secret_index;
pub mod secret_names;
pub mod secret_store;

pub mod api_keys;
pub mod deployment_secrets;
pub mod documents;
pub mod issuer_keys;
pub mod link_keys;
pub mod pending_key_pairs;
pub mod sealing_keys;
pub mod secret_review;
pub mod webhook_keys;

pub mod model;

use crate::adapters::vault::model::{SecretName, Tags, VaultError, VersionStage};
use crate::adapters::vault::secret_names::DeploymentSecret;
use crate::adapters::vault::secret_store::Versioned;
use crate::domain::api_key::ApiKeyRecord;
use crate::domain::event::EventPublisher;
use crate::types::clock::Clock;
use crate::types::randomness::Randomness;
use crate::types::secret::{SealingKeyText, SecretBody};

use backend::Backend;
use nodes::node_store::NodeStore;
use nodes::write_budget::DEFAULT_ROUTINE_WRITES;
use secret_names::{SecretNames, SecretPrefix};
use secret_store::SecretStore;

/// A vault that was opened. Hands out the parts.
#[derive(Clone, Debug)]
pub struct Vault {
    store: SecretStore,
    routine_writes: u32,
}

impl Vault {
    /// A vault on this backend, whose secrets' names begin with `prefix`.
    #[must_use]
    pub fn new(backend: Backend, prefix: SecretPrefix, clock: Clock, randomness: Randomness) -> Self {
        let (names, events) = (SecretNames::new(prefix), EventPublisher::default());
        let store = SecretStore { backend, names, clock, randomness, events };
        Self { store, routine_writes: DEFAULT_ROUTINE_WRITES }
    }

    /// The same, but that tokens which a meeting refreshed are written so often at most, a secret and day.
    #[must_use]
    pub fn with_routine_writes(self, routine_writes: u32) -> Self {
        Self { routine_writes, ..self }
    }

    /// The same, but that changes are told to `events`.
    #[must_use]
    pub fn with_events(mut self, events: EventPublisher) -> Self {
        self.store.events = events;
        self
    }

    /// Publishes what is told and written nowhere.
    #[must_use]
    pub fn event_publisher(&self) -> EventPublisher {
        self.store.events.clone()
    }

    /// Each part remembers for itself what it has read.
    fn nodes(&self) -> NodeStore {
        NodeStore::new(self.store.clone(), self.routine_writes)
    }

    /// Reads the customers' apps.
    #[must_use]
    pub fn app_reader(&self) -> apps::AppReader {
        apps::AppReader { store: self.store.clone() }
    }

    /// Writes the customers' apps and cannot read them.
    #[must_use]
    pub fn app_writer(&self) -> apps::AppWriter {
        apps::AppWriter { store: self.store.clone(), claims: self.app_claims() }
    }

    /// Claims apps for customers.
    #[must_use]
    pub fn app_claims(&self) -> apps::AppClaims {
        apps::AppClaims { store: self.store.clone(), nodes: self.nodes() }
    }

    /// Makes key pairs, with certificates of this name, and reads those whose certificate waits for being registered.
    #[must_use]
    pub fn pending_key_pairs(&self, common_name: &str) -> pending_key_pairs::PendingKeyPairs {
        pending_key_pairs::PendingKeyPairs { store: self.store.clone(), common_name: common_name.to_owned() }
    }

    /// Notes beside the customers' apps what was found about them.
    #[must_use]
    pub fn app_status_writer(&self) -> apps::AppStatusWriter {
        apps::AppStatusWriter { store: self.store.clone() }
    }

    /// Reads and writes the recruiters' connections.
    #[must_use]
    pub fn connections(&self) -> connections::Connections {
        let (nodes, clock) = (self.nodes(), self.store.clock.clone());
        let cancellations = cancellations::Cancellations::new(nodes.clone(), clock.clone());
        connections::Connections { nodes, clock, cancellations }
    }

    /// Lists the connections and apps by what their tags say.
    #[must_use]
    pub fn secret_index(&self) -> connections::SecretIndex {
        connections::SecretIndex { store: self.store.clone() }
    }

    /// Takes offboardings back, as an operator does.
    #[must_use]
    pub fn customer_restorer(&self) -> customer_restorer::CustomerRestorer {
        let (apps, writer, index) = (self.app_reader(), self.app_writer(), self.secret_index());
        customer_restorer::CustomerRestorer { apps, writer, index }
    }

    /// Reads and writes what recruiters handed over.
    #[must_use]
    pub fn hand_overs(&self) -> hand_overs::HandOvers {
        hand_overs::HandOvers { nodes: self.nodes() }
    }

    /// Reads the keys of the links to meetings.
    #[must_use]
    pub fn link_keys(&self) -> link_keys::LinkKeys {
        link_keys::LinkKeys::new(self.store.clone())
    }

    /// Reads the hashes of the API keys.
    #[must_use]
    pub fn api_keys(&self) -> api_keys::ApiKeys {
        api_keys::ApiKeys::new(self.store.clone())
    }

    /// Changes the secrets of the deployment itself, as an operator does.
    #[must_use]
    pub fn deployment_secrets(&self) -> deployment_secrets::DeploymentSecrets {
        deployment_secrets::DeploymentSecrets { store: self.store.clone() }
    }

    /// Looks all secrets over, as an operator does.
    #[must_use]
    pub fn secret_review(&self) -> secret_review::SecretReview {
        secret_review::SecretReview { store: self.store.clone() }
    }

    /// Reads the keys of connect links, cookies and handles.
    #[must_use]
    pub fn sign_in_keys(&self) -> sealing_keys::SignInKeys {
        sealing_keys::SealingKeys::new(self.store.clone())
    }

    /// Reads the key that signs webhooks.
    #[must_use]
    pub fn webhook_keys(&self) -> webhook_keys::WebhookKeys {
        webhook_keys::WebhookKeys::new(self.store.clone())
    }

    /// Reads the keys of intake links.
    #[must_use]
    pub fn intake_link_keys(&self) -> sealing_keys::IntakeLinkKeys {
        sealing_keys::SealingKeys::new(self.store.clone())
    }

    /// Seals and opens the links to the page for support.
    #[must_use]
    pub fn support_link_keys(&self) -> sealing_keys::SupportLinkKeys {
        sealing_keys::SupportLinkKeys::new(self.store.clone())
    }

    /// Reads the keys of an administrator's next steps.
    #[must_use]
    pub fn next_steps_keys(&self) -> sealing_keys::NextStepsKeys {
        sealing_keys::SealingKeys::new(self.store.clone())
    }
}

impl Vault {
    /// Lays a key of a new deployment in the vault, where there is none. On AWS the template does this.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn create_key(&self, secret: DeploymentSecret, key: &SealingKeyText) -> Result<(), VaultError> {
        self.create_unless_there(&self.store.names.of_deployment(secret), documents::write_key(secret, key)?).await
    }

    async fn create_unless_there(&self, name: &SecretName, body: SecretBody) -> Result<(), VaultError> {
        match self.store.backend.create(name, &self.store.first_version()?, body, &Tags::new()).await {
            Ok(_) | Err(VaultError::Stale) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Puts these API keys in force. Those that were in force stay good until this is done again.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn put_api_keys(&self, keys: Vec<ApiKeyRecord>) -> Result<(), VaultError> {
        let name = self.store.names.of_deployment(DeploymentSecret::ApiKeys);
        let held = match self.read_versioned(&name).await {
            Ok(held) if documents::read_api_keys(&name, &held.value)? == keys => return Ok(()),
            Ok(held) => held,
            Err(VaultError::NotFound) => {
                let body = documents::write_api_keys(keys)?;
                return self
                    .store
                    .backend
                    .create(&name, &self.store.first_version()?, body, &Tags::new())
                    .await
                    .map(drop);
            }
            Err(error) => return Err(error),
        };
        self.store.backend.put(&held.arn, &held.version, documents::write_api_keys(keys)?).await.map(drop)
    }

    async fn read_versioned(&self, name: &SecretName) -> Result<Versioned<SecretBody>, VaultError> {
        let read = self.store.backend.read(name, VersionStage::Current).await?;
        Ok(Versioned { value: read.body, arn: read.arn, version: read.version })
    }
}
