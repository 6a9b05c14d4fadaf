//! What a process has, and out of which each function takes what it may touch.

use crate::clock::Clock;
use crate::config::Settings;
use crate::doctor::Doctor;
use crate::microsoft::entra::Entra;
use crate::microsoft::graph::Graph;
use crate::microsoft::http::line::Line;
use crate::randomness::Randomness;
use crate::renewal::Renewal;
use crate::vault::Vault;
use crate::web::front::Front;

/// Everything, once. Only `main` and the tests hold it.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The settings.
    pub settings: Settings,
    /// The secrets.
    pub vault: Vault,
    /// The way to Microsoft, over the one HTTP client.
    pub line: Line,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub randomness: Randomness,
}

impl Parts {
    /// Entra, as the settings say.
    #[must_use]
    pub fn entra(&self) -> Entra {
        let settings = &self.settings;
        let (endpoints, redirect_uri) = (settings.endpoints.clone(), settings.redirect_uri.clone());
        Entra::new(self.line.clone(), endpoints, redirect_uri, self.clock.clone(), self.randomness.clone())
    }

    /// Who looks at customers' apps.
    #[must_use]
    pub fn doctor(&self) -> Doctor {
        Doctor::new(self.entra(), self.clock.clone())
    }

    /// Graph, as the settings say.
    #[must_use]
    pub fn graph(&self) -> Graph {
        Graph::new(self.line.clone(), self.settings.endpoints.graph.clone(), self.clock.clone())
    }

    /// What renews connections.
    #[must_use]
    pub fn renewal(&self) -> Renewal {
        Renewal::new(self.vault.app_reader(), self.vault.connections(), self.entra(), self.clock.clone())
    }

    /// What the outermost layer knows.
    #[must_use]
    pub fn front(&self) -> Front {
        Front { public_url: self.settings.public_url.as_str().to_owned(), randomness: self.randomness.clone() }
    }
}
