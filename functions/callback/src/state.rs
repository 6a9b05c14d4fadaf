//! What this function may touch.

use shared::adapters::microsoft::entra::EntraClient;
use shared::adapters::microsoft::graph::GraphClient;
use shared::adapters::vault::api_keys::{ApiKeys, SealingKeys};
use shared::adapters::vault::apps::{AppReader, AppStatusWriter};
use shared::adapters::vault::connections::Connections;
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::Settings;
use shared::types::clock::Clock;
use shared::types::randomness::Randomness;

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Callback {
    pub(crate) api_keys: ApiKeys,
    pub(crate) sealing_keys: SealingKeys,
    pub(crate) apps: AppReader,
    pub(crate) notes: AppStatusWriter,
    pub(crate) connections: Connections,
    pub(crate) entra: EntraClient,
    pub(crate) graph: GraphClient,
    pub(crate) clock: Clock,
    pub(crate) randomness: Randomness,
    pub(crate) settings: Settings,
}

impl Callback {
    /// Takes its parts.
    #[must_use]
    pub fn new(parts: &Dependencies) -> Self {
        Self {
            api_keys: parts.vault.api_keys(),
            sealing_keys: parts.vault.sealing_keys(),
            apps: parts.vault.app_reader(),
            notes: parts.vault.app_status_writer(),
            connections: parts.vault.connections(),
            entra: parts.entra(),
            graph: parts.graph(),
            clock: parts.clock.clone(),
            randomness: parts.randomness.clone(),
            settings: parts.settings.clone(),
        }
    }
}
