//! Bringing everything up: the door, the vault, the keys, Microsoft's simulator, the schedule; and down again.

mod listener;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use microsoft_simulator::{Directory, Simulator, SimulatorSettings};
use refresh::Refresh;
use shared::adapters::http_client;
use shared::adapters::microsoft::Endpoints;
use shared::adapters::vault::Vault;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::local::LocalBackend;
use shared::adapters::vault::model::VaultError;
use shared::http::stack::wrap;
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::{Settings, SettingsError};
use shared::types::base_url::{BaseUrl, BaseUrlError, is_loopback};
use shared::types::clock::Clock;
use shared::types::randomness::{Randomness, RandomnessError};
use shared::types::sealing::generate_key;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

use crate::ats_client::{AtsClient, with_causes};
use crate::console::{self, Console};
use crate::scheduler;

pub use crate::api_key::{LocalApiKey, LocalApiKeyError};

/// Where the console waits for a browser that returns from a sign-in.
const COMPLETION_PATH: &str = "/console/completed";

/// Which Microsoft is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MicrosoftMode {
    /// A simulator of our own, in this process.
    Simulator {
        /// The port of its login side, Graph's is the next one. Where they are taken, and for 0, free ones.
        port: u16,
    },
    /// Microsoft itself.
    Real,
}

/// How to start.
#[derive(Debug, Clone)]
pub struct DeploymentOptions {
    /// The port on loopback; 0 takes a free one.
    pub port: u16,
    /// The folder in which all state lies.
    pub data_dir: PathBuf,
    /// Which Microsoft, unless the settings `MICROSOFT_LOGIN_URL` or `MICROSOFT_GRAPH_URL` name servers.
    pub microsoft: MicrosoftMode,
    /// The settings of the product by their names; those that are missing have their defaults.
    pub settings: BTreeMap<String, String>,
    /// The API key; without one, that of the folder.
    pub api_key: Option<LocalApiKey>,
}

impl DeploymentOptions {
    /// Free ports, a simulator, no settings: as tests want it.
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

    /// Whether the settings name Microsoft's servers.
    #[must_use]
    pub fn overrides_microsoft(&self) -> bool {
        ["MICROSOFT_LOGIN_URL", "MICROSOFT_GRAPH_URL"].iter().any(|name| self.settings.contains_key(*name))
    }
}

/// Why it did not start; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum DeploymentError {
    /// Somebody else listens there.
    #[error("port {0} is in use: end the program that listens there, or choose another with --port (PORT)")]
    PortTaken(u16),
    /// The door cannot be opened.
    #[error("port {0} cannot be used: {1}; choose another with --port (PORT)")]
    Port(u16, #[source] io::Error),
    /// Settings are wrong, all of them.
    #[error("{0}; `teams-connect --help` tells what each setting takes")]
    Settings(#[from] SettingsError),
    /// The folder is not ours, or another process has it.
    #[error(
        "the data folder {} cannot be opened: {error}; end the process that uses it, or choose another folder with \
         --data-dir (DATA_DIR)", folder.display()
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        error: VaultError,
    },
    /// What lies in the folder cannot be used.
    #[error(
        "the data folder {} cannot be used: {}; choose another folder with --data-dir (DATA_DIR), or restore this one \
         from a copy", folder.display(), with_causes(error)
    )]
    Vault {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        error: VaultError,
    },
    /// The file of the API key cannot be read or written.
    #[error("the file api-key in {} cannot be used: {error}; delete it to get a new key, or set API_KEY", folder.display())]
    KeyFile {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        error: io::Error,
    },
    /// Microsoft's simulator does not start.
    #[error("Microsoft's simulator does not start: {0}; choose other ports with --simulator-port (SIMULATOR_PORT)")]
    Simulator(#[source] io::Error),
    /// TLS cannot be set up.
    #[error("the HTTP client cannot be built: {0}")]
    Client(Box<dyn std::error::Error + Send + Sync>),
    /// Nothing safe can be done without.
    #[error(transparent)]
    Chance(#[from] RandomnessError),
}

/// The product, running on this machine.
pub struct Deployment {
    address: String,
    console: bool,
    settings: Settings,
    data_dir: PathBuf,
    api_key: LocalApiKey,
    simulator: Option<Simulator>,
    connections_before: bool,
    stop: watch::Sender<bool>,
    served: listener::RunningServer,
    schedule: JoinHandle<()>,
}

impl Deployment {
    /// Starts everything; when it returns, requests are answered.
    ///
    /// # Errors
    /// [`DeploymentError`]; then nothing is left running.
    pub async fn start(options: DeploymentOptions) -> Result<Self, DeploymentError> {
        // The door first: the links' addresses depend on its port.
        let door = listener::LoopbackListener::bind(options.port).await.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => DeploymentError::PortTaken(options.port),
            _ => DeploymentError::Port(options.port, error),
        })?;
        let mut settings = settings(&options, door.port)?;
        let console = console_is_safe(&settings);
        let (clock, randomness) = (Clock::system(), Randomness::system());
        let http = http_client::build_client().map_err(DeploymentError::Client)?;
        let (vault, api_key) = open(&options, &settings, &clock, &randomness).await?;
        let simulator = match options.microsoft {
            MicrosoftMode::Simulator { port } if !options.overrides_microsoft() => {
                Some(start_simulator(port, &settings).await?)
            }
            _ => None,
        };
        if let Some(simulator) = &simulator {
            settings.endpoints = simulator_endpoints(simulator)?;
        }
        let listed = vault.secret_index().page(None).await.map_err(|error| vault_error(&options.data_dir, error))?;
        let parts = Dependencies { settings, vault, http_transport: http.clone().into(), clock, randomness };
        let address = format!("http://127.0.0.1:{}", door.port);
        let mut routes = crate::routes(&parts);
        if console {
            let ats = AtsClient::new(http.clone(), &address, &api_key);
            routes = routes.merge(console::router(Console::new(ats, &parts, simulator.is_some())));
        }
        let (stop, stopped) = watch::channel(false);
        let served = door.serve(&wrap(routes, parts.http_stack()), &stopped);
        let schedule = tokio::spawn(scheduler::run(Refresh::new(&parts), stopped));
        Ok(Self {
            address,
            console,
            settings: parts.settings,
            data_dir: options.data_dir,
            api_key,
            simulator,
            connections_before: !listed.connections.is_empty(),
            stop,
            served,
            schedule,
        })
    }

    /// Where it listens, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.address
    }

    /// What its links begin with, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        self.settings.public_url.as_str()
    }

    /// The page that plays the ATS. There is none where strangers could reach it: it acts without asking who is there.
    #[must_use]
    pub fn console_url(&self) -> Option<String> {
        self.console.then(|| format!("{}/console", self.public_url()))
    }

    /// The API key.
    #[must_use]
    pub fn api_key(&self) -> &str {
        self.api_key.as_str()
    }

    /// The folder in which all state lies.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Which hosts stand for Microsoft.
    #[must_use]
    pub fn microsoft(&self) -> &Endpoints {
        &self.settings.endpoints
    }

    /// The simulator, if one was started.
    #[must_use]
    pub fn simulator(&self) -> Option<&Simulator> {
        self.simulator.as_ref()
    }

    /// Whether there are connections of an earlier start that a simulator of this start cannot know.
    #[must_use]
    pub fn has_stale_connections(&self) -> bool {
        self.simulator.is_some() && self.connections_before
    }

    /// Answers what is under way, then stops everything and lets the folder go.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        self.served.stopped().await;
        drop(self.schedule.await);
        if let Some(simulator) = self.simulator {
            simulator.shutdown().await;
        }
    }
}

/// The settings, with what this deployment adds to them.
fn settings(options: &DeploymentOptions, port: u16) -> Result<Settings, SettingsError> {
    let given = |name: &str| options.settings.get(name).cloned();
    let public_url = given("PUBLIC_URL").unwrap_or_else(|| format!("http://localhost:{port}"));
    // Elsewhere there is no console to return to. What is no address at all is one fault, not two.
    let base = public_url.parse::<BaseUrl>().ok();
    let elsewhere = base.is_some() && !Url::parse(&public_url).is_ok_and(|url| is_loopback(&url));
    let here = format!("http://localhost:{port}");
    let completion = format!("{}{COMPLETION_PATH}", base.as_ref().map_or(here.as_str(), BaseUrl::as_str));
    Settings::read(&|name: &str| match name {
        "PUBLIC_URL" => Some(public_url.clone()),
        "ATS_COMPLETION_URL" => given(name).or_else(|| (!elsewhere).then(|| completion.clone())),
        _ => given(name),
    })
}

/// The console acts for the ATS without asking who sits before it, so only this machine may reach it.
fn console_is_safe(settings: &Settings) -> bool {
    Url::parse(settings.public_url.as_str()).is_ok_and(|url| is_loopback(&url))
}

async fn open(
    options: &DeploymentOptions,
    settings: &Settings,
    clock: &Clock,
    randomness: &Randomness,
) -> Result<(Vault, LocalApiKey), DeploymentError> {
    let folder = &options.data_dir;
    let local = LocalBackend::open(folder, clock.clone(), randomness.clone()).map_err(|error| match error {
        VaultError::Denied(_) => DeploymentError::Folder { folder: folder.clone(), error },
        error => vault_error(folder, error),
    })?;
    let vault = Vault::new(Backend::Local(local), settings.prefix.clone(), clock.clone(), randomness.clone());
    vault.create_sealing_key(&generate_key(randomness)?).await.map_err(|error| vault_error(folder, error))?;
    vault.create_link_key(&generate_key(randomness)?).await.map_err(|error| vault_error(folder, error))?;
    let key = match &options.api_key {
        Some(key) => key.clone(),
        None => LocalApiKey::load_or_create(folder, randomness)
            .map_err(|error| DeploymentError::KeyFile { folder: folder.clone(), error })?,
    };
    vault.put_api_keys(vec![key.record()]).await.map_err(|error| vault_error(folder, error))?;
    Ok((vault, key))
}

fn vault_error(folder: &Path, error: VaultError) -> DeploymentError {
    DeploymentError::Vault { folder: folder.to_owned(), error }
}

/// On the wished ports, so that links into the simulator work again after a restart; on free ones if those are taken.
async fn start_simulator(port: u16, settings: &Settings) -> Result<Simulator, DeploymentError> {
    let directory = Directory::demo(&[settings.redirect_uri.to_string()]);
    let at = |port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let next = if port == 0 { 0 } else { port.checked_add(1).unwrap_or_default() };
    let wished = SimulatorSettings { login: at(port), graph: at(next), directory: directory.clone() };
    let started = match Simulator::start(wished).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            Simulator::start(SimulatorSettings::new(directory)).await
        }
        started => started,
    };
    started.map_err(DeploymentError::Simulator)
}

fn simulator_endpoints(simulator: &Simulator) -> Result<Endpoints, DeploymentError> {
    let unheard = |error: BaseUrlError| DeploymentError::Simulator(io::Error::other(error));
    let login = simulator.login_url().parse().map_err(unheard)?;
    let graph = simulator.graph_url().parse().map_err(unheard)?;
    Ok(Endpoints { login, graph })
}
