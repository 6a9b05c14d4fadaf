//! Everything that a process has. Each function takes from it only what it may touch.

use std::sync::Arc;

use crate::adapters::http_client::transport::HttpTransport;
use crate::adapters::microsoft::entra::{EntraClient, SigningEntraClient};
use crate::adapters::microsoft::graph::GraphClient;
use crate::adapters::vault::Vault;
use crate::adapters::vault::cancellations::Cancellations;
use crate::adapters::webhook::WebhookClient;
use crate::domain::entra_app::ProbeFederatedApps;
use crate::domain::issuer::Issuer;
use crate::http::stack::HttpStack;
use crate::startup::settings::Settings;
use crate::types::clock::Clock;
use crate::types::randomness::Randomness;
use crate::use_cases::app_check::AppChecker;
use crate::use_cases::token_refresh::TokenRefresher;

/// Everything that a process has. Only `main` and tests hold it.
#[derive(Clone, Debug)]
pub struct Dependencies {
    pub settings: Settings,
    pub vault: Vault,
    /// Carries requests to Microsoft, over the only HTTP client.
    pub http_transport: HttpTransport,
    pub clock: Clock,
    pub randomness: Randomness,
    /// What probes apps that trust our issuer for a function without the issuer's key. `None` where all functions are one
    /// process.
    pub probe_function: Option<Arc<dyn ProbeFederatedApps>>,
}

impl Dependencies {
    /// An Entra client for the hosts of the settings that signs for the apps that trust our issuer.
    #[must_use]
    pub fn signing_entra(&self) -> SigningEntraClient {
        let (url, keys) = (self.settings.issuer_url.clone(), Arc::new(self.vault.issuer_keys()));
        self.entra().with_issuer(Issuer { url, keys })
    }

    /// An Entra client for the hosts of the settings. It has no key of our issuer.
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

    /// Checks the customers' apps, also those that trust our issuer.
    #[must_use]
    pub fn signing_app_checker(&self) -> AppChecker {
        AppChecker::new(self.signing_entra(), self.clock.clone())
    }

    /// Checks the customers' apps. It has no key of our issuer: another function probes those that trust it.
    #[must_use]
    pub fn app_checker(&self) -> AppChecker {
        let prober = self.probe_function.clone().unwrap_or_else(|| Arc::new(self.signing_entra()));
        AppChecker::new(self.entra(), self.clock.clone()).with_prober(prober)
    }

    /// The Graph client, for the host of the settings.
    #[must_use]
    pub fn graph(&self) -> GraphClient {
        GraphClient::new(self.http_transport.clone(), self.settings.endpoints.graph.clone(), self.clock.clone())
    }

    /// What calls the ATS, where the settings say where.
    #[must_use]
    pub fn webhooks(&self) -> Option<WebhookClient> {
        let url = self.settings.webhook_url.clone()?;
        Some(WebhookClient::new(self.http_transport.clone(), url, self.clock.clone()))
    }

    #[must_use]
    pub fn token_refresher(&self) -> TokenRefresher {
        self.token_refresher_and_cancellations().0
    }

    /// The token refresher, and the cancelled meetings, which are read together with its connections.
    #[must_use]
    pub fn token_refresher_and_cancellations(&self) -> (TokenRefresher, Cancellations) {
        let connections = self.vault.connections();
        let cancellations = connections.cancellations();
        let apps = self.vault.app_reader();
        (TokenRefresher::new(apps, connections, self.signing_entra(), self.clock.clone()), cancellations)
    }

    #[must_use]
    pub fn http_stack(&self) -> HttpStack {
        HttpStack {
            public_url: self.settings.public_url.as_str().to_owned(),
            version: self.settings.version.clone(),
            randomness: self.randomness.clone(),
            branding: self.settings.branding.clone(),
        }
    }
}
