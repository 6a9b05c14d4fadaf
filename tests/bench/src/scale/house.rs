//! The deployment on one machine with a vault of any size.

use std::path::Path;

use shared::adapters::http_client;
use shared::adapters::vault::Vault;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::local::LocalBackend;
use shared::adapters::vault::deployment_secrets::DeploymentSecret;
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::Settings;
use shared::types::clock::{Clock, Timestamp};
use shared::types::randomness::Randomness;
use shared::types::sealing::generate_key;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::cast;
use crate::contestant::PUBLIC_URL;
use crate::outside::{FakeNetwork, Host};

/// Memory that looks like a disk, where there is some: the vault's size is measured, not how fast a disk forgets nothing.
const MEMORY: &str = "/dev/shm";

/// The deployment, serving.
pub(super) struct ScaleFixture {
    parts: Dependencies,
    url: String,
    connections: usize,
    _folder: TempDir,
}

/// The recruiter with this number.
pub(super) fn user(number: usize) -> String {
    format!("recruiter-{number}")
}

/// The one who is always there.
pub(super) fn first() -> String {
    user(0)
}

/// How the access token of a recruiter ends.
pub(super) fn mark(user: &str) -> String {
    format!(".{user}.")
}

impl ScaleFixture {
    /// Starts it with an empty vault.
    pub(super) async fn open(outside: &FakeNetwork) -> Self {
        let folder = tempfile::tempdir_in(MEMORY).or_else(|_| tempfile::tempdir()).unwrap();
        let (clock, randomness) = (Clock::system(), Randomness::system());
        let settings = Settings::read(&|name: &str| match name {
            "PUBLIC_URL" => Some(PUBLIC_URL.to_owned()),
            "ATS_COMPLETION_URL" => Some("https://ats.example/teams/done".to_owned()),
            "MICROSOFT_LOGIN_URL" => Some(outside.url(Host::Login)),
            "MICROSOFT_GRAPH_URL" => Some(outside.plain_graph_url()),
            _ => None,
        });
        let settings = settings.unwrap();
        let vault = opened(folder.path(), &settings, &clock, &randomness).await;
        let parts = Dependencies {
            settings,
            vault,
            http_transport: http_client::build_client().unwrap().into(),
            clock,
            randomness,
            probe_function: None,
        };
        let url = served(&parts).await;
        Self { parts, url, connections: 0, _folder: folder }
    }

    /// Connects more recruiters.
    pub(super) async fn grow_to(&mut self, connections: usize) {
        let vault = self.parts.vault.connections();
        for number in self.connections..connections {
            let user = user(number);
            vault
                .store_sign_in(Timestamp::UNIX_EPOCH, &cast::connection(&user, &mark(&user), self.parts.clock.now()))
                .await
                .unwrap();
        }
        self.connections = connections;
    }

    /// Where it is.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The same deployment as a process that has kept nothing yet.
    pub(super) async fn another_process(&self) -> String {
        served(&self.parts).await
    }
}

async fn opened(folder: &Path, settings: &Settings, clock: &Clock, randomness: &Randomness) -> Vault {
    let local = LocalBackend::open(folder, clock.clone(), randomness.clone()).unwrap();
    let vault = Vault::new(Backend::Local(local), settings.prefix.clone(), clock.clone(), randomness.clone());
    for secret in DeploymentSecret::KEYS {
        vault.create_key(secret, &generate_key(randomness).unwrap()).await.unwrap();
    }
    vault.put_api_keys(vec![cast::api_key()]).await.unwrap();
    vault
}

async fn served(parts: &Dependencies) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = local::app(parts);
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    url
}
