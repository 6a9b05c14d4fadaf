//! What the console may use. It has no access to the vault and to Microsoft.

use std::sync::Arc;

use shared::http::branding::Branding;
use shared::startup::dependencies::Dependencies;
use shared::types::base_url::BaseUrl;
use shared::types::clock::Clock;
use shared::types::randomness::{Randomness, RandomnessError};
use shared::types::sealing::webhook_key::WebhookKey;

use crate::ats_client::AtsClient;
use crate::console::event_log::EventLog;
use crate::console::session::SessionStore;

/// State of the console. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Console {
    pub(super) ats: AtsClient,
    pub(super) sessions: SessionStore,
    pub(super) events: EventLog,
    /// What the events of this deployment are signed with.
    pub(super) webhook_keys: Arc<[WebhookKey]>,
    pub(super) clock: Clock,
    pub(super) randomness: Randomness,
    /// Opens the console to a browser. Only whoever started this process has it: other users of this machine reach the port
    /// too.
    pub(super) token: String,
    pub(super) public_url: BaseUrl,
    /// Whose pages they are.
    pub(super) branding: Arc<Branding>,
    /// Whether Microsoft is the simulator. The page shows the simulator's credentials then.
    pub(super) is_simulated: bool,
}

impl Console {
    /// A console that calls the API with `ats`.
    ///
    /// # Errors
    /// [`RandomnessError`].
    pub(crate) fn new(
        ats: AtsClient,
        dependencies: &Dependencies,
        webhook_keys: Vec<WebhookKey>,
        is_simulated: bool,
    ) -> Result<Self, RandomnessError> {
        Ok(Self {
            ats,
            sessions: SessionStore::default(),
            events: EventLog::default(),
            webhook_keys: webhook_keys.into(),
            clock: dependencies.clock.clone(),
            randomness: dependencies.randomness.clone(),
            token: dependencies.randomness.token()?,
            public_url: dependencies.settings.public_url.clone(),
            branding: dependencies.settings.branding.clone(),
            is_simulated,
        })
    }

    /// The address that opens the console to a browser.
    pub(crate) fn url(&self) -> String {
        format!("{}/console?token={}", self.public_url.as_str(), self.token)
    }
}
