//! The product, started on port 0.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use microsoft_simulator::{Directory, DirectoryEvent, Simulator, SimulatorSettings as Microsoft, demo};
use refresh::Refresh;
use reqwest::StatusCode;
use shared::adapters::event_queue::local::LocalQueue;
use shared::adapters::http_client;
use shared::adapters::vault::Vault;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::local::LocalBackend;
use shared::adapters::vault::backend::memory::{MemoryBackend, VaultOperation};
use shared::adapters::vault::deployment_secrets::DeploymentSecret;
use shared::adapters::vault::model::SecretMetadata;
use shared::domain::api_key::ApiKeyRecord;
use shared::domain::event::EventPublisher;
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::{EnvSource, ProcessEnv, Settings};
use shared::startup::telemetry;
use shared::types::clock::{Clock, SignedDuration, Timestamp};
use shared::types::randomness::Randomness;
use shared::types::sealing::generate_key;
use shared::types::secret::{ApiKey, Secret};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::ats::TestAts;
use crate::browser::TestBrowser;
use crate::canary;
use crate::gate::FaultProxy;
use crate::record::Recording;

/// The key of the ATS in every journey.
pub const API_KEY: &str = "tc_journey_0123456789abcdef0123456789abcdef";

/// Where the ATS's own page would be; nothing listens there.
pub const COMPLETION_URL: &str = "http://localhost:9/interviews/connected";

/// Another page of the ATS to which a sign-in may return; nothing listens there either.
pub const OTHER_COMPLETION_URL: &str = "http://localhost:9/recruiting/done?from=teams";

/// When every journey begins: a Tuesday.
pub const BEGINNING: &str = "2026-11-24T09:00:00Z";

/// The product, running, and Microsoft beside it.
pub struct Product {
    /// Where the product is.
    pub base: String,
    /// Microsoft.
    pub microsoft: Simulator,
    /// What the product is made of.
    pub parts: Dependencies,
    /// Where events wait for being delivered.
    pub queue: LocalQueue,
    /// The vault in memory, where it is there.
    pub memory: Option<MemoryBackend>,
    server: tokio::task::JoinHandle<()>,
}

impl Product {
    /// Starts everything, with the vault in memory and the clock stopped.
    pub async fn start() -> Self {
        Self::start_with(&[], |routes| routes).await
    }

    /// The same, with further settings.
    pub async fn start_with_settings(more: &[(&str, &str)]) -> Self {
        Self::start_with(more, |routes| routes).await
    }

    /// The same, and every answer is noted.
    pub async fn start_beside(record: &Recording) -> Self {
        Self::start_with(&[], |routes| record.beside(routes)).await
    }

    async fn start_with(more: &[(&str, &str)], around: impl FnOnce(Router) -> Router) -> Self {
        let (clock, randomness) = (Clock::frozen_at(beginning()), Randomness::system());
        let memory = MemoryBackend::new(clock.clone(), randomness);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let redirect = redirect_uri(&listener);
        let microsoft = Simulator::start(Microsoft::new(Directory::demo(&[redirect]).consented())).await.unwrap();
        let addresses = (microsoft.login_url().to_owned(), microsoft.graph_url().to_owned());
        let addresses = [("MICROSOFT_LOGIN_URL", &*addresses.0), ("MICROSOFT_GRAPH_URL", &*addresses.1)];
        let (backend, addresses) = (Backend::Memory(memory.clone()), [&addresses, more].concat());
        let queue = LocalQueue::in_memory(clock.clone()).unwrap();
        let served = Self::serve_at(listener, backend, clock, microsoft, &addresses, queue, around).await;
        Self { memory: Some(memory), ..served }
    }

    /// The same, with a gate between the product and Microsoft.
    pub async fn start_behind_a_gate() -> (Self, FaultProxy) {
        let (clock, randomness) = (Clock::frozen_at(beginning()), Randomness::system());
        let memory = MemoryBackend::new(clock.clone(), randomness);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let redirect = redirect_uri(&listener);
        let microsoft = Simulator::start(Microsoft::new(Directory::demo(&[redirect]).consented())).await.unwrap();
        let gate = FaultProxy::before(microsoft.login_url(), microsoft.graph_url()).await;
        microsoft.set_public_urls(&gate.login, &gate.graph);
        let backend = Backend::Memory(memory.clone());
        let addresses = [("MICROSOFT_LOGIN_URL", &*gate.login), ("MICROSOFT_GRAPH_URL", &*gate.graph)];
        let queue = LocalQueue::in_memory(clock.clone()).unwrap();
        let served = Self::serve_at(listener, backend, clock, microsoft, &addresses, queue, |routes| routes).await;
        (Self { memory: Some(memory), ..served }, gate)
    }

    /// Starts the product on a folder; after a crash, beside the Microsoft and at the time of before.
    pub async fn start_in(folder: &Path, before: Option<(Simulator, Clock)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let redirect = [redirect_uri(&listener)];
        let (microsoft, clock) = if let Some((microsoft, clock)) = before {
            microsoft.set_redirect_uris(&redirect);
            (microsoft, clock)
        } else {
            let microsoft = Simulator::start(Microsoft::new(Directory::demo(&redirect).consented())).await.unwrap();
            (microsoft, Clock::frozen_at(beginning()))
        };
        let local = LocalBackend::open(folder, clock.clone(), Randomness::system()).unwrap();
        let queue = LocalQueue::open(folder, clock.clone()).unwrap();
        let (login, graph) = (microsoft.login_url().to_owned(), microsoft.graph_url().to_owned());
        let addresses = [("MICROSOFT_LOGIN_URL", &*login), ("MICROSOFT_GRAPH_URL", &*graph)];
        Self::serve_at(listener, Backend::Local(local), clock, microsoft, &addresses, queue, |routes| routes).await
    }

    async fn serve_at(
        listener: TcpListener,
        backend: Backend,
        clock: Clock,
        microsoft: Simulator,
        more: &[(&str, &str)],
        queue: LocalQueue,
        around: impl FnOnce(Router) -> Router,
    ) -> Self {
        // `RUST_LOG=info cargo test -p journeys` shows what the product logs.
        if ProcessEnv.get("RUST_LOG").is_some() {
            telemetry::init_human_readable(&ProcessEnv);
        }
        microsoft.set_time(clock.now());
        let base = format!("http://{}", listener.local_addr().unwrap());
        let settings = settings(&base, more);
        let randomness = Randomness::system();
        let vault = Vault::new(backend, settings.prefix.clone(), clock.clone(), randomness.clone())
            .with_events(EventPublisher::new(Arc::new(queue.clone())));
        let addresses = more.iter().map(|(_, value)| *value);
        let addresses: Vec<&str> = addresses.chain([microsoft.login_url(), microsoft.graph_url()]).collect();
        canary::issued_by(&microsoft, &addresses);
        for secret in DeploymentSecret::KEYS {
            let key = generate_key(&randomness).unwrap();
            canary::submitted(key.expose());
            vault.create_key(secret, &key).await.unwrap();
        }
        vault.put_api_keys(vec![ApiKeyRecord::from_key("journey", &ApiKey::from(API_KEY.to_owned()))]).await.unwrap();
        let parts = Dependencies {
            settings,
            vault,
            http_transport: http_client::build_client().unwrap().into(),
            clock,
            randomness,
            probe_function: None,
        };
        let app = around(local::app(&parts)).into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { base, microsoft, parts, queue, memory: None, server }
    }

    /// The same, with an issuer that customers' apps can trust.
    pub async fn start_with_issuer(more: &[(&str, &str)]) -> Self {
        let product = Self::start_with_settings(more).await;
        product.make_issuer().await;
        product
    }

    /// Makes the issuer's keys, as an operator does.
    pub async fn make_issuer(&self) {
        self.parts.vault.create_issuer().await.unwrap();
        let secrets = self.parts.vault.deployment_secrets();
        secrets.complete_issuer(self.parts.clock.now()).await.unwrap();
    }

    /// Delivers the events that are due to `receiver`, and says how many are done with.
    pub async fn deliver_events(&self, receiver: &str) -> usize {
        let mut parts = self.parts.clone();
        parts.settings.webhook_url = Some(receiver.parse().unwrap());
        let refresh = Refresh::new(&parts);
        let mut done = 0;
        loop {
            let delivered = local::deliver_due(&refresh, &self.queue).await.unwrap();
            done += delivered;
            if delivered == 0 {
                return done;
            }
        }
    }

    /// Stops the product as a power cut would, and hands Microsoft and the clock on.
    pub async fn crash(self) -> (Simulator, Clock) {
        self.server.abort();
        drop(self.server.await);
        (self.microsoft, self.parts.clock)
    }

    /// The ATS at another process of the same deployment, one that has seen nothing yet.
    pub async fn cold(&self) -> TestAts {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let app = local::app(&self.parts).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        TestAts::new(&base, API_KEY)
    }

    /// How often the vault in memory was asked for each thing.
    pub fn vault_calls(&self) -> BTreeMap<VaultOperation, usize> {
        self.memory.as_ref().unwrap().call_counts()
    }

    /// Every secret with its versions and its tags, as it lies; but for the claims, where it is noted how far an administrator came
    /// with a link, and what the issuer calls the customer.
    pub async fn stored(&self) -> Vec<SecretMetadata> {
        let mut secrets = self.memory.as_ref().unwrap().list("", None, None, 100).await.unwrap().secrets;
        secrets.retain(|secret| !secret.name.as_str().contains("/claims/"));
        secrets
    }

    /// The ATS, with its key.
    pub fn ats(&self) -> TestAts {
        TestAts::new(&self.base, API_KEY)
    }

    /// A browser that has been nowhere yet.
    pub fn browser(&self) -> TestBrowser {
        TestBrowser::new("en")
    }

    /// Time passes, for us and for Microsoft.
    pub fn wait(&self, time: SignedDuration) {
        self.parts.clock.advance(time);
        self.microsoft.advance(Duration::try_from(time).unwrap());
    }

    /// Registers another app at the demo company, the same but for its id: no two customers work with one.
    pub fn another_app(&self) -> Uuid {
        let client_id = Uuid::from_bytes(self.parts.randomness.bytes().unwrap());
        self.microsoft.apply(DirectoryEvent::AddApp { client_id, like: demo::KADRY_CLIENT_ID }).unwrap();
        client_id
    }

    /// A product whose customer's recruiter Anna is connected.
    pub async fn with_anna() -> Self {
        let product = Self::start().await;
        product.ats().configure("kadry").await.expect(200);
        product.ats().connect("kadry", "anna", demo::ANNA).await.expect(200);
        product
    }

    /// A product whose customer's recruiters Anna and Jan are connected.
    pub async fn with_anna_and_jan() -> Self {
        let product = Self::with_anna().await;
        product.ats().connect("kadry", "jan", demo::JAN).await.expect(200);
        product
    }

    /// How often Microsoft was asked for something.
    pub fn asked(&self, operation: &str) -> usize {
        self.microsoft.requests().iter().filter(|request| request.operation.name() == operation).count()
    }
}

/// Where the link of a meeting leads.
pub async fn led(product: &Product, link: &str) -> String {
    let page = product.browser().get(link).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{page:?}");
    page.location().to_string()
}

fn beginning() -> Timestamp {
    BEGINNING.parse().unwrap()
}

fn redirect_uri(listener: &TcpListener) -> String {
    format!("http://{}/oauth/callback", listener.local_addr().unwrap())
}

fn settings(base: &str, more: &[(&str, &str)]) -> Settings {
    let others = format!("http://localhost:9/unused, {OTHER_COMPLETION_URL}");
    let own = [("PUBLIC_URL", base), ("ATS_COMPLETION_URL", COMPLETION_URL), ("ATS_COMPLETION_URLS", &others)];
    let pairs = [&own, more].concat();
    let find = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    Settings::read(&find).unwrap()
}
