//! Starts and stops everything: listener, vault, API key, simulator of Microsoft, scheduler.

mod error;
mod listener;
mod options;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use microsoft_simulator::{Directory, Simulator, SimulatorSettings};
use refresh::Refresh;
use shared::adapters::event_queue::local::LocalQueue;
use shared::adapters::http_client;
use shared::adapters::microsoft::Endpoints;
use shared::adapters::vault::Vault;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::local::LocalBackend;
use shared::adapters::vault::deployment_secrets::DeploymentSecret;
use shared::adapters::vault::model::{VaultError, VersionStage};
use shared::domain::event::EventPublisher;
use shared::http::stack::wrap;
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::{Settings, SettingsError};
use shared::types::base_url::{BaseUrl, BaseUrlError, is_loopback};
use shared::types::clock::Clock;
use shared::types::randomness::Randomness;
use shared::types::sealing::generate_key;
use shared::types::sealing::webhook_key::WebhookKey;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

use crate::ats_client::AtsClient;
use crate::console;
use crate::console::state::Console;
use crate::data_folder;
use crate::event_loop;
use crate::router;
use crate::scheduler;

use listener::{LoopbackListener, RunningServer};

pub use crate::api_key::{LocalApiKey, LocalApiKeyError};
pub use error::DeploymentError;
pub use options::{DeploymentOptions, MicrosoftMode};

/// The console's path to which a sign-in returns.
const COMPLETION_PATH: &str = "/console/completed";

/// The console's path to which events are sent.
const EVENTS_PATH: &str = "/console/events";

/// The product, running on this machine.
pub struct Deployment {
    base_url: String,
    console_url: Option<String>,
    settings: Settings,
    data_dir: PathBuf,
    api_key: LocalApiKey,
    webhook_secret: Option<String>,
    simulator: Option<Simulator>,
    had_connections: bool,
    stop: watch::Sender<bool>,
    server: RunningServer,
    scheduler: JoinHandle<()>,
    event_loop: JoinHandle<()>,
}

impl Deployment {
    /// Starts everything. Requests are served when it returns.
    ///
    /// # Errors
    /// [`DeploymentError`]. Nothing is left running.
    pub async fn start(options: DeploymentOptions) -> Result<Self, DeploymentError> {
        // The listener comes first, because the addresses of links contain its port.
        let listener = LoopbackListener::bind(options.port).await.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => DeploymentError::PortTaken(options.port),
            _ => DeploymentError::Port(options.port, error),
        })?;
        let mut settings = settings(&options, listener.port)?;
        let (clock, randomness) = (Clock::system(), Randomness::system());
        let http = http_client::build_client().map_err(DeploymentError::Client)?;
        let (vault, api_key) = open_vault(&options, &settings, &clock, &randomness).await?;
        let queue = LocalQueue::open(&options.data_dir, clock.clone())
            .map_err(|error| vault_error(&options.data_dir, VaultError::Unavailable(error.into())))?;
        let vault = vault.with_events(EventPublisher::new(Arc::new(queue.clone())));
        let simulator = match options.microsoft {
            MicrosoftMode::Simulator { port } if !options.overrides_microsoft() => {
                Some(start_simulator(port, &settings).await?)
            }
            _ => None,
        };
        if let Some(simulator) = &simulator {
            settings.endpoints = simulator_endpoints(simulator)?;
        }
        let stored = vault.secret_index().page(None).await.map_err(|error| vault_error(&options.data_dir, error))?;
        let http_transport = http.clone().into();
        let dependencies = Dependencies { settings, vault, http_transport, clock, randomness, probe_function: None };
        let keys = dependencies.vault.deployment_secrets().webhook_keys().await;
        let keys = keys.map_err(|error| vault_error(&options.data_dir, error))?;
        let is_told_elsewhere = options.settings.contains_key("WEBHOOK_URL");
        let webhook_secret = keys.first().filter(|_| is_told_elsewhere).map(WebhookKey::receiver_secret);
        let base_url = format!("http://127.0.0.1:{}", listener.port);
        let mut routes = router::routes(&dependencies);
        let mut console_url = None;
        if is_console_safe(&dependencies.settings) {
            let ats = AtsClient::new(http.clone(), &base_url, &api_key);
            let console = Console::new(ats, &dependencies, keys, simulator.is_some())
                .map_err(|error| vault_error(&options.data_dir, VaultError::Unavailable(error.into())))?;
            console_url = Some(console.url());
            routes = routes.merge(console::router(console));
        }
        let (stop, stopped) = watch::channel(false);
        let server = listener.serve(&wrap(routes, dependencies.http_stack()), &stopped);
        let refresh = Refresh::new(&dependencies);
        let event_loop = tokio::spawn(event_loop::run(refresh.clone(), queue, stopped.clone()));
        let scheduler = tokio::spawn(scheduler::run(refresh, stopped));
        Ok(Self {
            base_url,
            console_url,
            settings: dependencies.settings,
            data_dir: options.data_dir,
            api_key,
            webhook_secret,
            simulator,
            had_connections: !stored.nodes.is_empty(),
            stop,
            server,
            scheduler,
            event_loop,
        })
    }

    /// The address on which it listens, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The beginning of all links, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        self.settings.public_url.as_str()
    }

    /// The address that opens the console, the page that plays the ATS. `None` if `PUBLIC_URL` is not this machine: the
    /// console calls the API for everybody who opens it.
    #[must_use]
    pub fn console_url(&self) -> Option<&str> {
        self.console_url.as_deref()
    }

    /// The API key.
    #[must_use]
    pub fn api_key(&self) -> &str {
        self.api_key.as_str()
    }

    /// What the receiver of events verifies them with, if it is another than the console.
    #[must_use]
    pub fn webhook_secret(&self) -> Option<&str> {
        self.webhook_secret.as_deref()
    }

    /// The folder of all state.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The servers that stand for Microsoft.
    #[must_use]
    pub fn microsoft(&self) -> &Endpoints {
        &self.settings.endpoints
    }

    /// The simulator, if it was started.
    #[must_use]
    pub fn simulator(&self) -> Option<&Simulator> {
        self.simulator.as_ref()
    }

    /// Whether the folder has connections of an earlier start. The simulator of this start does not know their tokens.
    #[must_use]
    pub fn has_stale_connections(&self) -> bool {
        self.simulator.is_some() && self.had_connections
    }

    /// Finishes the requests in progress, stops everything and releases the folder.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        self.server.stopped().await;
        drop(self.scheduler.await);
        drop(self.event_loop.await);
        if let Some(simulator) = self.simulator {
            simulator.shutdown().await;
        }
    }
}

/// Reads the settings, with the defaults of this deployment.
fn settings(options: &DeploymentOptions, port: u16) -> Result<Settings, SettingsError> {
    let given = |name: &str| options.settings.get(name).cloned();
    let public_url = given("PUBLIC_URL").unwrap_or_else(|| format!("http://localhost:{port}"));
    // Without a console a sign-in has no page to return to, so the setting is required then. An invalid PUBLIC_URL is
    // reported as one error, not as two.
    let base_url = public_url.parse::<BaseUrl>().ok();
    let is_remote = base_url.is_some() && !Url::parse(&public_url).is_ok_and(|url| is_loopback(&url));
    let default_url = format!("http://localhost:{port}");
    let completion_url =
        format!("{}{COMPLETION_PATH}", base_url.as_ref().map_or(default_url.as_str(), BaseUrl::as_str));
    Settings::read(&|name: &str| match name {
        "PUBLIC_URL" => Some(public_url.clone()),
        "WEBHOOK_URL" => given(name).or_else(|| (!is_remote).then(|| format!("{default_url}{EVENTS_PATH}"))),
        "ATS_COMPLETION_URL" => given(name).or_else(|| (!is_remote).then(|| completion_url.clone())),
        _ => given(name),
    })
}

/// The console calls the API without asking who is there, so it exists only on this machine's own address.
fn is_console_safe(settings: &Settings) -> bool {
    Url::parse(settings.public_url.as_str()).is_ok_and(|url| is_loopback(&url))
}

async fn open_vault(
    options: &DeploymentOptions,
    settings: &Settings,
    clock: &Clock,
    randomness: &Randomness,
) -> Result<(Vault, LocalApiKey), DeploymentError> {
    let folder = &options.data_dir;
    data_folder::prepare(folder).map_err(|error| DeploymentError::UnsafeFolder { folder: folder.clone(), error })?;
    let local = LocalBackend::open(folder, clock.clone(), randomness.clone()).map_err(|error| match error {
        VaultError::Denied(_) => DeploymentError::Folder { folder: folder.clone(), error },
        error => vault_error(folder, error),
    })?;
    let vault = Vault::new(Backend::Local(local), settings.prefix.clone(), clock.clone(), randomness.clone())
        .with_routine_writes(settings.schedule.token_writes);
    for secret in DeploymentSecret::KEYS {
        vault.create_key(secret, &generate_key(randomness)?).await.map_err(|error| vault_error(folder, error))?;
    }
    vault.create_issuer().await.map_err(|error| vault_error(folder, error))?;
    let now = clock.now();
    vault.deployment_secrets().complete_issuer(now).await.map_err(|error| vault_error(folder, error))?;
    let key = match &options.api_key {
        Some(key) => key.clone(),
        None => LocalApiKey::load_or_create(folder, randomness)
            .map_err(|error| DeploymentError::KeyFile { folder: folder.clone(), error })?,
    };
    put_only_key(&vault, &key).await.map_err(|error| vault_error(folder, error))?;
    Ok((vault, key))
}

/// Puts the key in force. On AWS the list before the present one counts too, so that no caller is turned away; here there is
/// one caller, who has this key, so its list takes the place of both.
async fn put_only_key(vault: &Vault, key: &LocalApiKey) -> Result<(), VaultError> {
    let (secrets, only) = (vault.deployment_secrets(), vec![key.record()]);
    vault.put_api_keys(only.clone()).await?;
    match secrets.api_keys(VersionStage::Previous).await {
        Ok(former) if former.value != only => {
            let (_, base) = secrets.api_keys(VersionStage::Current).await?.into_parts();
            secrets.replace_api_keys(base, only).await.map(drop)
        }
        Ok(_) | Err(VaultError::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

fn vault_error(folder: &Path, error: VaultError) -> DeploymentError {
    DeploymentError::Vault { folder: folder.to_owned(), error }
}

/// Starts the simulator on the given ports, so that links to it still work after a restart. Falls back to free ports.
async fn start_simulator(port: u16, settings: &Settings) -> Result<Simulator, DeploymentError> {
    let directory = Directory::demo(&[settings.redirect_uri.to_string()]);
    let address = |port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let graph_port = if port == 0 { 0 } else { port.checked_add(1).unwrap_or_default() };
    let preferred =
        SimulatorSettings { login: address(port), graph: address(graph_port), directory: directory.clone() };
    let simulator = match Simulator::start(preferred).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            Simulator::start(SimulatorSettings::new(directory)).await
        }
        result => result,
    };
    simulator.map_err(DeploymentError::Simulator)
}

fn simulator_endpoints(simulator: &Simulator) -> Result<Endpoints, DeploymentError> {
    let invalid = |error: BaseUrlError| DeploymentError::Simulator(io::Error::other(error));
    let login = simulator.login_url().parse().map_err(invalid)?;
    let graph = simulator.graph_url().parse().map_err(invalid)?;
    Ok(Endpoints { login, graph })
}
