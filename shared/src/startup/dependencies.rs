//! What a process has, and out of which each function takes what it may touch.

use crate::adapters::http_client::transport::HttpTransport;
use crate::adapters::microsoft::entra::EntraClient;
use crate::adapters::microsoft::graph::GraphClient;
use crate::adapters::vault::Vault;
use crate::http::stack::HttpStack;
use crate::startup::settings::Settings;
use crate::types::clock::Clock;
use crate::types::randomness::Randomness;
use crate::use_cases::app_check::AppChecker;
use crate::use_cases::token_refresh::TokenRefresher;

/// Everything, once. Only `main` and the tests hold it.
#[derive(Clone, Debug)]
pub struct Dependencies {
    /// The settings.
    pub settings: Settings,
    /// The secrets.
    pub vault: Vault,
    /// The way to Microsoft, over the one HTTP client.
    pub http_transport: HttpTransport,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub randomness: Randomness,
}

impl Dependencies {
    /// Entra, as the settings say.
    #[must_use]
    pub fn entra(&self) -> EntraClient {
        let settings = &self.settings;
        let (endpoints, redirect_uri) = (settings.endpoints.clone(), settings.redirect_uri.clone());
        EntraClient::new(
            self.http_transport.clone(),
            endpoints,
            redirect_uri,
            self.clock.clone(),
            self.randomness.clone(),
        )
    }

    /// Who looks at customers' apps.
    #[must_use]
    pub fn app_checker(&self) -> AppChecker {
        AppChecker::new(self.entra(), self.clock.clone())
    }

    /// Graph, as the settings say.
    #[must_use]
    pub fn graph(&self) -> GraphClient {
        GraphClient::new(self.http_transport.clone(), self.settings.endpoints.graph.clone(), self.clock.clone())
    }

    /// What renews connections.
    #[must_use]
    pub fn token_refresher(&self) -> TokenRefresher {
        TokenRefresher::new(self.vault.app_reader(), self.vault.connections(), self.entra(), self.clock.clone())
    }

    /// What the outermost layer knows.
    #[must_use]
    pub fn http_stack(&self) -> HttpStack {
        HttpStack { public_url: self.settings.public_url.as_str().to_owned(), randomness: self.randomness.clone() }
    }
}
