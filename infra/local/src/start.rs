//! Bringing everything up: the door, the vault, the keys, Microsoft's simulator, the schedule; and down again.

mod key;
mod listen;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use microsoft_simulator::{Directory, Settings as SimulatorSettings, Simulator};
use refresh::Refresh;
use shared::clock::Clock;
use shared::config::{Settings, SettingsFaults};
use shared::microsoft::{Base, BaseFault, Endpoints, http, is_loopback};
use shared::parts::Parts;
use shared::randomness::{NoRandomness, Randomness};
use shared::seal::new_key;
use shared::vault::Vault;
use shared::vault::backend::Backend;
use shared::vault::local::Local;
use shared::vault::terms::VaultError;
use shared::web::front::front;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

use crate::ats::{Ats, with_causes};
use crate::console::{self, Console};
use crate::schedule;

pub use key::{LocalKey, NotAKey};

/// Where the console waits for a browser that returns from a sign-in.
const COMPLETION_PATH: &str = "/console/completed";

/// Which Microsoft is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Microsoft {
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
pub struct Options {
    /// The port on loopback; 0 takes a free one.
    pub port: u16,
    /// The folder in which all state lies.
    pub data_dir: PathBuf,
    /// Which Microsoft, unless the settings `MICROSOFT_LOGIN_URL` or `MICROSOFT_GRAPH_URL` name servers.
    pub microsoft: Microsoft,
    /// The settings of the product by their names; those that are missing have their defaults.
    pub settings: BTreeMap<String, String>,
    /// The API key; without one, that of the folder.
    pub api_key: Option<LocalKey>,
}

impl Options {
    /// Free ports, a simulator, no settings: as tests want it.
    #[must_use]
    pub fn in_folder(data_dir: &Path) -> Self {
        Self {
            port: 0,
            data_dir: data_dir.to_owned(),
            microsoft: Microsoft::Simulator { port: 0 },
            settings: BTreeMap::new(),
            api_key: None,
        }
    }

    /// Whether the settings name Microsoft's servers.
    #[must_use]
    pub fn names_servers(&self) -> bool {
        ["MICROSOFT_LOGIN_URL", "MICROSOFT_GRAPH_URL"].iter().any(|name| self.settings.contains_key(*name))
    }
}

/// Why it did not start; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody else listens there.
    #[error("port {0} is in use: end the program that listens there, or choose another with --port (PORT)")]
    PortTaken(u16),
    /// The door cannot be opened.
    #[error("port {0} cannot be used: {1}; choose another with --port (PORT)")]
    Port(u16, #[source] io::Error),
    /// Settings are wrong, all of them.
    #[error("{0}; `teams-connect --help` tells what each setting takes")]
    Settings(#[from] SettingsFaults),
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
    Chance(#[from] NoRandomness),
}

/// The product, running on this machine.
pub struct Deployment {
    address: String,
    console: bool,
    settings: Settings,
    data_dir: PathBuf,
    api_key: LocalKey,
    simulator: Option<Simulator>,
    connections_before: bool,
    stop: watch::Sender<bool>,
    served: listen::Served,
    schedule: JoinHandle<()>,
}

impl Deployment {
    /// Starts everything; when it returns, requests are answered.
    ///
    /// # Errors
    /// [`StartError`]; then nothing is left running.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        // The door first: the links' addresses depend on its port.
        let door = listen::Door::bind(options.port).await.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => StartError::PortTaken(options.port),
            _ => StartError::Port(options.port, error),
        })?;
        let mut settings = settings(&options, door.port)?;
        let console = console_is_safe(&settings);
        let (clock, randomness) = (Clock::system(), Randomness::system());
        let http = http::client().map_err(StartError::Client)?;
        let (vault, api_key) = open(&options, &settings, &clock, &randomness).await?;
        let simulator = match options.microsoft {
            Microsoft::Simulator { port } if !options.names_servers() => Some(simulate(port, &settings).await?),
            _ => None,
        };
        if let Some(simulator) = &simulator {
            settings.endpoints = simulated(simulator)?;
        }
        let listed = vault.connection_list().page(None).await.map_err(|error| unusable(&options.data_dir, error))?;
        let parts = Parts { settings, vault, line: http.clone().into(), clock, randomness };
        let address = format!("http://127.0.0.1:{}", door.port);
        let mut routes = crate::functions(&parts);
        if console {
            let ats = Ats::new(http.clone(), &address, &api_key);
            routes = routes.merge(console::router(Console::new(ats, &parts, simulator.is_some())));
        }
        let (stop, stopped) = watch::channel(false);
        let served = door.open(&front(routes, parts.front()), &stopped);
        let schedule = tokio::spawn(schedule::run(Refresh::new(&parts), stopped));
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
    pub fn has_forgotten_connections(&self) -> bool {
        self.simulator.is_some() && self.connections_before
    }

    /// Answers what is under way, then stops everything and lets the folder go.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        self.served.closed().await;
        drop(self.schedule.await);
        if let Some(simulator) = self.simulator {
            simulator.shutdown().await;
        }
    }
}

/// The settings, with what this deployment adds to them.
fn settings(options: &Options, port: u16) -> Result<Settings, SettingsFaults> {
    let given = |name: &str| options.settings.get(name).cloned();
    let public_url = given("PUBLIC_URL").unwrap_or_else(|| format!("http://localhost:{port}"));
    // Elsewhere there is no console to return to. What is no address at all is one fault, not two.
    let base = public_url.parse::<Base>().ok();
    let elsewhere = base.is_some() && !Url::parse(&public_url).is_ok_and(|url| is_loopback(&url));
    let here = format!("http://localhost:{port}");
    let completion = format!("{}{COMPLETION_PATH}", base.as_ref().map_or(here.as_str(), Base::as_str));
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
    options: &Options,
    settings: &Settings,
    clock: &Clock,
    randomness: &Randomness,
) -> Result<(Vault, LocalKey), StartError> {
    let folder = &options.data_dir;
    let local = Local::open(folder, clock.clone(), randomness.clone()).map_err(|error| match error {
        VaultError::Denied(_) => StartError::Folder { folder: folder.clone(), error },
        error => unusable(folder, error),
    })?;
    let vault = Vault::new(Backend::Local(local), settings.prefix.clone(), clock.clone(), randomness.clone());
    vault.lay_sealing_key(&new_key(randomness)?).await.map_err(|error| unusable(folder, error))?;
    vault.lay_link_key(&new_key(randomness)?).await.map_err(|error| unusable(folder, error))?;
    let key = match &options.api_key {
        Some(key) => key.clone(),
        None => LocalKey::kept_in(folder, randomness)
            .map_err(|error| StartError::KeyFile { folder: folder.clone(), error })?,
    };
    vault.put_api_keys(vec![key.hashed()]).await.map_err(|error| unusable(folder, error))?;
    Ok((vault, key))
}

fn unusable(folder: &Path, error: VaultError) -> StartError {
    StartError::Vault { folder: folder.to_owned(), error }
}

/// On the wished ports, so that links into the simulator work again after a restart; on free ones if those are taken.
async fn simulate(port: u16, settings: &Settings) -> Result<Simulator, StartError> {
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
    started.map_err(StartError::Simulator)
}

fn simulated(simulator: &Simulator) -> Result<Endpoints, StartError> {
    let unheard = |error: BaseFault| StartError::Simulator(io::Error::other(error));
    let login = simulator.login_url().parse().map_err(unheard)?;
    let graph = simulator.graph_url().parse().map_err(unheard)?;
    Ok(Endpoints { login, graph })
}
