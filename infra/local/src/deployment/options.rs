//! How a deployment is started.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::api_key::LocalApiKey;

/// Which servers stand for Microsoft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MicrosoftMode {
    /// The simulator, in this process.
    Simulator {
        /// The port of the login server; Graph gets the next one. Free ports if they are in use, and for 0.
        port: u16,
    },
    /// Microsoft itself.
    Real,
}

/// Options of a deployment.
#[derive(Debug, Clone)]
pub struct DeploymentOptions {
    /// The port on loopback. 0 takes a free one.
    pub port: u16,
    /// The folder of all state.
    pub data_dir: PathBuf,
    /// Which Microsoft. The settings `MICROSOFT_LOGIN_URL` and `MICROSOFT_GRAPH_URL` override it.
    pub microsoft: MicrosoftMode,
    /// The settings of the product by name. Missing ones have their defaults.
    pub settings: BTreeMap<String, String>,
    /// The API key. `None` takes the one in the folder.
    pub api_key: Option<LocalApiKey>,
}

impl DeploymentOptions {
    /// Options for tests: free ports, the simulator, no settings.
    #[must_use]
    pub fn for_tests(data_dir: &Path) -> Self {
        Self {
            port: 0,
            data_dir: data_dir.to_owned(),
            microsoft: MicrosoftMode::Simulator { port: 0 },
            settings: BTreeMap::new(),
            api_key: None,
        }
    }

    /// Whether the settings name the servers of Microsoft.
    #[must_use]
    pub fn overrides_microsoft(&self) -> bool {
        ["MICROSOFT_LOGIN_URL", "MICROSOFT_GRAPH_URL"].iter().any(|name| self.settings.contains_key(*name))
    }
}
