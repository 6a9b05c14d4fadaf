//! The whole deployment: gateway, four functions, Secrets Manager, Microsoft.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use microsoft_simulator::{Directory, Simulator, SimulatorSettings as Microsoft};
use serde_json::{Value, json};
use shared::adapters::http_client;
use shared::adapters::vault::Vault;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::secrets_manager::SecretsManagerBackend;
use shared::adapters::vault::deployment_secrets::{DeploymentSecret, DeploymentSecrets};
use shared::adapters::vault::model::SecretMetadata;
use shared::domain::api_key::ApiKeyRecord;
use shared::types::clock::{Clock, SignedDuration};
use shared::types::randomness::Randomness;
use shared::types::sealing::generate_key;
use shared::types::sealing::webhook_key::WebhookKey;
use shared::types::secret::ApiKey;
use tempfile::TempDir;
use test_support::ats::TestAts;
use test_support::browser::TestBrowser;
use test_support::product::{API_KEY, COMPLETION_URL};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::function::{Function, Outcome};
use crate::gateway::{self, Functions};
use crate::process::{Process, named_by};
use crate::queue::EventQueue;
use crate::receiver::EventReceiver;
use crate::routes::Routes;

/// Not the default, so that a function that ignores the setting finds nothing.
const PREFIX: &str = "lambda-journey";

/// The deployment, running. Everything ends when it is dropped.
pub struct Deployment {
    /// Where the gateway is.
    pub base: String,
    /// Microsoft.
    pub microsoft: Simulator,
    /// The secrets, as an operator with every right sees them.
    pub secrets: SecretsManagerBackend,
    functions: Functions,
    server: JoinHandle<()>,
    _moto: Process,
    _folder: TempDir,
}

impl Deployment {
    /// Starts everything, without a receiver of events.
    ///
    /// # Panics
    /// When something does not start.
    pub async fn start() -> Self {
        Self::start_with(None).await.0
    }

    /// The same with a receiver, and the queue.
    ///
    /// # Panics
    /// When something does not start.
    pub async fn start_told(receiver: &EventReceiver) -> (Self, EventQueue) {
        let (deployment, queue) = Self::start_with(Some(receiver)).await;
        (deployment, queue.unwrap())
    }

    async fn start_with(receiver: Option<&EventReceiver>) -> (Self, Option<EventQueue>) {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let directory = Directory::demo(&[format!("{base}/oauth/callback")]).consented();
        let microsoft = Simulator::start(Microsoft::new(directory)).await.unwrap();
        let moto = Process::start(moto, &folder.path().join("moto.log")).await;
        let mut environment = environment(&base, &microsoft, moto.port);
        let queue = match receiver {
            Some(_) => Some(EventQueue::create(&format!("http://127.0.0.1:{}", moto.port)).await),
            None => None,
        };
        environment.extend(queue.as_ref().map(|queue| ("EVENT_QUEUE_URL".to_owned(), queue.url.clone())));
        let secrets = laid(&environment).await;
        let functions = Arc::new(functions(&environment, receiver, folder.path()).await);
        let server = tokio::spawn(gateway::serve(listener, functions.clone()));
        (Self { base, microsoft, secrets, functions, server, _moto: moto, _folder: folder }, queue)
    }

    /// The keys that events are signed with.
    ///
    /// # Panics
    /// When Secrets Manager does not answer.
    pub async fn webhook_keys(&self) -> Vec<WebhookKey> {
        vault_of(&self.secrets).deployment_secrets().webhook_keys().await.unwrap()
    }

    /// The keys of the issuer, as an operator rotates them.
    #[must_use]
    pub fn issuer(&self) -> DeploymentSecrets {
        vault_of(&self.secrets).deployment_secrets()
    }

    /// A function by its name.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn function(&self, name: &str) -> &Function {
        &self.functions[name]
    }

    /// The names of the functions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.functions.keys().map(String::as_str)
    }

    /// Sends an event past the gateway.
    pub async fn invoke(&self, function: &str, event: &Value) -> Outcome {
        self.function(function).invoke(event).await
    }

    /// The ATS, with its key.
    #[must_use]
    pub fn ats(&self) -> TestAts {
        TestAts::new(&self.base, API_KEY)
    }

    /// A browser that has been nowhere yet.
    #[must_use]
    pub fn browser(&self) -> TestBrowser {
        TestBrowser::new("en")
    }

    /// A customer whose recruiter Anna is connected.
    pub async fn connected(&self) {
        self.ats().configure("kadry").await.expect(200);
        self.ats().connect("kadry", "anna", microsoft_simulator::demo::ANNA).await.expect(200);
    }

    /// What an effect would change: every secret with its versions and tags, and how often Microsoft was asked.
    ///
    /// # Panics
    /// When Secrets Manager does not answer.
    pub async fn state(&self) -> (Vec<SecretMetadata>, usize) {
        let page = self.secrets.list("", None, None, 100).await.unwrap();
        assert!(page.next.is_none(), "one page holds them all");
        (page.secrets, self.microsoft.requests().len())
    }

    /// How often an emulator went down.
    #[must_use]
    pub fn restarts(&self) -> usize {
        self.functions.values().map(Function::restarts).sum()
    }
}

impl Drop for Deployment {
    fn drop(&mut self) {
        // The server holds the functions too, whose processes end with them.
        self.server.abort();
    }
}

/// Tomorrow, at this moment and 45 minutes later: what an order of a meeting needs beside the rest.
#[must_use]
pub fn tomorrow() -> Value {
    let start = Clock::system().now() + SignedDuration::from_hours(24);
    json!({ "start": start, "end": start + SignedDuration::from_mins(45) })
}

fn moto(port: u16, _: u16) -> Command {
    let mut command = Command::new(named_by("MOTO_SERVER"));
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    command
}

/// What the template gives to each function; the address of Secrets Manager and the keys to it come from Lambda.
fn environment(base: &str, microsoft: &Simulator, moto: u16) -> Vec<(String, String)> {
    [
        ("PUBLIC_URL", base),
        ("ATS_COMPLETION_URL", COMPLETION_URL),
        ("SECRET_PREFIX", PREFIX),
        ("KMS_KEY_ID", "alias/lambda-journey"),
        ("MICROSOFT_LOGIN_URL", microsoft.login_url()),
        ("MICROSOFT_GRAPH_URL", microsoft.graph_url()),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "lambda-journey"),
        ("AWS_SECRET_ACCESS_KEY", "lambda-journey"),
        ("AWS_ENDPOINT_URL", &format!("http://127.0.0.1:{moto}")),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn vault_of(secrets: &SecretsManagerBackend) -> Vault {
    let backend = Backend::SecretsManager(secrets.clone());
    Vault::new(backend, PREFIX.parse().unwrap(), Clock::system(), Randomness::system())
}

/// The secrets of the deployment itself.
async fn laid(environment: &[(String, String)]) -> SecretsManagerBackend {
    let set: BTreeMap<_, _> = environment.iter().cloned().collect();
    let secrets =
        SecretsManagerBackend::open(&|name| set.get(name).cloned(), http_client::build_client().unwrap()).unwrap();
    let vault = vault_of(&secrets);
    vault.create_issuer().await.unwrap();
    vault.deployment_secrets().complete_issuer(Clock::system().now()).await.unwrap();
    for secret in DeploymentSecret::KEYS {
        vault.create_key(secret, &generate_key(&Randomness::system()).unwrap()).await.unwrap();
    }
    vault.put_api_keys(vec![ApiKeyRecord::from_key("journey", &ApiKey::from(API_KEY.to_owned()))]).await.unwrap();
    secrets
}

/// Only refresh knows the receiver.
async fn functions(
    environment: &[(String, String)],
    receiver: Option<&EventReceiver>,
    logs: &Path,
) -> BTreeMap<String, Function> {
    let routes = Routes::of_the_readme();
    let mut functions = BTreeMap::new();
    for name in routes.functions() {
        let mut environment = environment.to_vec();
        if let Some(receiver) = receiver.filter(|_| name == "refresh") {
            environment.push(("WEBHOOK_URL".to_owned(), receiver.url.clone()));
        }
        if name == "intake" {
            // The gateway plays Lambda's API too.
            let lambda = environment.iter().find(|(name, _)| name == "PUBLIC_URL").unwrap().1.clone();
            environment.push(("AWS_ENDPOINT_URL_LAMBDA".to_owned(), lambda));
            environment.push(("PROBE_FUNCTION".to_owned(), "refresh:live".to_owned()));
        }
        if name == "intake" {
            let second = Function::start(name, &environment, logs).await;
            functions.insert(gateway::SECOND_INTAKE.to_owned(), second);
        }
        functions.insert(name.to_owned(), Function::start(name, &environment, logs).await);
    }
    functions
}
