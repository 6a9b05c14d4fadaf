//! The command, run against the server that plays Secrets Manager: what it says, what it changes, and its exit codes.
#![expect(clippy::unwrap_used, reason = "clippy takes only what bears #[test] for a test, and here are more functions")]

use std::process::{Command, Output};
use std::sync::Arc;

use aws_api::{AwsApi, AwsService};
use serde_json::json;
use shared::adapters::http_client::build_client;
use shared::adapters::vault::Vault;
use shared::adapters::vault::apps::CheckRecord;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::deployment_secrets::DeploymentSecret;
use shared::adapters::vault::model::{Tags, VaultError, VersionId, VersionStage};
use shared::domain::connection::{Account, Connection, ConnectionOwner, TokenSet};
use shared::domain::entra_app::{Credential, EntraApp};
use shared::types::clock::{Clock, Timestamp};
use shared::types::ids::CustomerId;
use shared::types::randomness::Randomness;
use shared::types::sealing::generate_key;
use shared::types::secret::{AccessToken, ApiKey, RefreshToken, Secret};

#[path = "../../../shared/tests/moto/mod.rs"]
#[expect(dead_code, reason = "the test of the backend, with which it is shared, asks for more")]
#[expect(clippy::panic, clippy::unwrap_used, reason = "clippy takes only what bears #[test] for a test")]
mod moto;

use moto::Moto;

const TENANT: &str = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";
const APP: &str = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";

/// A deployment as the template leaves it, in a region of its own.
struct Deployment {
    moto: Arc<Moto>,
    region: String,
    backend: Backend,
    vault: Vault,
    folder: tempfile::TempDir,
}

impl Deployment {
    async fn new(region: &str) -> Self {
        Self::at(Moto::running(), region).await
    }

    async fn at(moto: Arc<Moto>, region: &str) -> Self {
        let backend = Backend::SecretsManager(moto.vault(region));
        let vault = Vault::new(backend.clone(), "tc".parse().unwrap(), Clock::system(), Randomness::system());
        vault.put_api_keys(Vec::new()).await.unwrap();
        vault.create_issuer().await.unwrap();
        for secret in DeploymentSecret::KEYS {
            vault.create_key(secret, &generate_key(&Randomness::system()).unwrap()).await.unwrap();
        }
        Self { moto, region: region.to_owned(), backend, vault, folder: tempfile::tempdir().unwrap() }
    }

    fn program(&self, arguments: &[&str]) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_operator"));
        program.env_clear().env("AWS_ENDPOINT_URL", &self.moto.endpoint).env("AWS_REGION", &self.region);
        program.env("AWS_ACCESS_KEY_ID", "moto").env("AWS_SECRET_ACCESS_KEY", "asks-for-none");
        program.current_dir(self.folder.path()).args(["--stack", "tc"]).args(arguments).output().unwrap()
    }

    /// What it says where all goes well.
    fn run(&self, arguments: &[&str]) -> String {
        let output = self.program(arguments);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What it says where it does not, after this exit code.
    fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.program(arguments);
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    }

    /// Which key lets its holder in, in a process that has just started.
    async fn admits(&self, key: &str) -> Option<String> {
        let caller = self.vault.api_keys().authenticate(&ApiKey::from(key.to_owned())).await.unwrap();
        caller.map(|caller| caller.key_id)
    }

    fn written(&self, file: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(file)).unwrap()
    }

    fn api(&self) -> AwsApi {
        let setting = |name: &str| match name {
            "AWS_REGION" => Some(self.region.clone()),
            "AWS_ENDPOINT_URL" => Some(self.moto.endpoint.clone()),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("moto-asks-for-none".to_owned()),
            _ => None,
        };
        AwsApi::open(&setting, build_client().unwrap())
    }

    /// A stack with the two queues of events; the address of the first.
    async fn queue_of_events(&self) -> String {
        let queue = |name: &str| json!({ "Type": "AWS::SQS::Queue", "Properties": { "QueueName": name } });
        let queues = json!({ "Events": queue("tc-events"), "DeadLetters": queue("tc-dead-letters") });
        let template = json!({ "Resources": queues }).to_string();
        let form =
            [("Action", "CreateStack"), ("Version", "2010-05-15"), ("StackName", "tc"), ("TemplateBody", &template)];
        self.api().query(AwsService::CloudFormation, &form).await.unwrap();
        let order = json!({ "QueueName": "tc-events" });
        let found = self.api().call(AwsService::Sqs, "AmazonSQS.GetQueueUrl", &order).await.unwrap();
        found["QueueUrl"].as_str().unwrap().to_owned()
    }

    async fn next_event(&self, queue: &str) -> String {
        let order = json!({ "QueueUrl": queue, "WaitTimeSeconds": 5 });
        let taken = self.api().call(AwsService::Sqs, "AmazonSQS.ReceiveMessage", &order).await.unwrap();
        taken["Messages"][0]["Body"].as_str().unwrap().to_owned()
    }

    async fn customer_with_anna(&self) -> CustomerId {
        let customer: CustomerId = "kadry".parse().unwrap();
        let (tenant, client_id) = (TENANT.parse().unwrap(), APP.parse().unwrap());
        let credential = Credential::Secret("abC8Q~x".to_owned().into());
        let app = EntraApp { tenant, client_id, credential, expires_on: None };
        let apps = self.vault.app_writer();
        apps.claims.claim(&customer, (tenant, client_id)).await.unwrap();
        apps.store(&customer, &app, &CheckRecord::from_findings(true, &[]), None).await.unwrap();
        let owner = ConnectionOwner { customer: customer.clone(), user: "anna".parse().unwrap(), tenant, client_id };
        let account = Account {
            oid: "11111111-2222-4333-8444-555555555555".parse().unwrap(),
            name: "Anna Nowak".to_owned(),
            upn: "anna@kadry.example".to_owned(),
        };
        let at = Timestamp::UNIX_EPOCH;
        let tokens = TokenSet {
            access: AccessToken::from("access".to_owned()),
            obtained_at: at,
            expires_at: TokenSet::expires_at(at, 3_600),
            refresh: Some(RefreshToken::from("canary-refresh-token".to_owned())),
            scope: "OnlineMeetings.ReadWrite User.Read".to_owned(),
        };
        let made = Connection::from_tokens(owner, account, tokens, "first".to_owned()).unwrap();
        let tenure = apps.summary(&customer).await.unwrap().tenure;
        self.vault.connections().store_sign_in(tenure, &made).await.unwrap();
        customer
    }
}

#[tokio::test]
async fn a_key_is_issued_limited_and_revoked() {
    let at = Deployment::new("operator-keys").await;
    assert!(at.run(&["keys", "list"]).contains("No key is in force"));
    let said = at.run(&["keys", "issue", "ats"]);
    assert!(said.starts_with("would issue ats") && said.contains("--yes"), "{said}");
    assert!(!at.folder.path().join("new-key").exists() && at.run(&["keys", "list"]).contains("No key"));

    let said = at.run(&["keys", "issue", "ats", "--yes"]);
    let key = at.written("new-key");
    assert!(said.ends_with("Done.\n") && !said.contains(&key), "a key is not printed: {said}");
    assert_eq!(at.admits(&key).await.as_deref(), Some("ats"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(at.folder.path().join("new-key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(at.fails(1, &["keys", "issue", "other", "--yes"]).contains("is there already"));
    assert!(at.fails(1, &["keys", "issue", "ats", "--out", "b", "--yes"]).contains("counts already"));
    assert!(at.fails(2, &["keys", "issue", "a b", "--out", "b", "--yes"]).contains("letters"));

    at.run(&["keys", "issue", "scheduler", "--customer", "kadry", "--scope", "meetings", "--out", "b", "--yes"]);
    assert_eq!(at.run(&["keys", "list"]), "ats: all customers, the whole API\nscheduler: kadry, meetings\n");
    at.run(&["keys", "limit", "scheduler", "--per-minute", "9", "--yes"]);
    assert!(at.run(&["keys", "list"]).contains("scheduler: all customers, the whole API, 9 requests a minute"));
    assert!(at.fails(1, &["keys", "limit", "nobody", "--yes"]).contains("no key nobody"));

    at.run(&["keys", "revoke", "ats", "--yes"]);
    assert!(at.run(&["keys", "list"]).contains("ats: all customers, the whole API; until the next change"));
    assert_eq!(at.admits(&key).await.as_deref(), Some("ats"), "who still uses it loses nothing");
    let said = at.run(&["keys", "limit", "scheduler", "--scope", "meetings"]);
    assert!(said.contains("would end ats"), "what a change ends is said before: {said}");
    at.run(&["keys", "revoke", "ats", "--at-once", "--yes"]);
    assert_eq!(at.admits(&key).await, None);
    let other = at.written("b");
    assert_eq!(at.admits(&other).await.as_deref(), Some("scheduler"));
    at.run(&["keys", "revoke", "scheduler", "--at-once", "--yes"]);
    assert_eq!(at.admits(&other).await, None);
}

#[tokio::test]
async fn keys_of_the_issuer_are_made_rotated_and_withdrawn() {
    let at = Deployment::new("operator-issuer").await;
    assert!(at.run(&["issuer", "show"]).contains("there are no keys"));
    assert!(at.fails(1, &["issuer", "rotate"]).contains("`issuer start` makes them"));
    assert!(at.run(&["issuer", "start"]).contains("would make a key that signs"));
    assert!(at.run(&["issuer", "show"]).contains("there are no keys"), "it only said so");
    at.run(&["issuer", "start", "--yes"]);
    let secrets = at.vault.deployment_secrets();
    let first = secrets.issuer().await.unwrap();
    let (signing, next) = (first.signing.unwrap(), first.next.unwrap());
    let shown = at.run(&["issuer", "show"]);
    assert!(
        shown.contains(&format!("{signing}: signs\n")) && shown.contains(&format!("{next}: signs next")),
        "{shown}"
    );
    assert!(at.fails(1, &["issuer", "start", "--yes"]).contains("there are keys already"));
    assert!(at.fails(1, &["issuer", "rotate", "--yes"]).contains("cannot sign before"), "nobody knows it yet");

    assert!(at.fails(1, &["issuer", "withdraw", "x", "--yes"]).contains("there is no key x"));
    let said = at.run(&["issuer", "withdraw", &signing]);
    assert!(said.contains(&format!("would let {next} sign at once")), "{said}");
    at.run(&["issuer", "withdraw", &signing, "--yes"]);
    let second = secrets.issuer().await.unwrap();
    assert_eq!(second.signing, Some(next));
    assert!(!at.run(&["issuer", "show"]).contains(&signing));
}

#[tokio::test]
async fn a_seal_is_rotated_once_or_twice() {
    let at = Deployment::new("operator-seal").await;
    let version = async |name: &str, stage| at.backend.read(&name.parse().unwrap(), stage).await.unwrap().version;
    let secret = at.run(&["webhook-key", "show"]);
    assert!(secret.starts_with("whsec_") && secret.lines().count() == 1, "it can be piped: {secret}");
    for (key, name) in [("sealing", "tc/sealing-key"), ("link", "tc/link-key"), ("webhook", "tc/webhook-key")] {
        let first = version(name, VersionStage::Current).await;
        let said = at.run(&["seal", "rotate", "--key", key]);
        assert!(said.starts_with(&format!("would replace {name}")), "{said}");
        assert_eq!(version(name, VersionStage::Current).await, first);
        at.run(&["seal", "rotate", "--key", key, "--yes"]);
        assert_eq!(version(name, VersionStage::Previous).await, first);
        at.run(&["seal", "rotate", "--key", key, "--leaked", "--yes"]);
        assert_eq!(version(name, VersionStage::Current).await, first.successor().successor().successor());
    }
    assert_ne!(at.run(&["webhook-key", "show"]), secret);
}

#[tokio::test]
async fn an_offboarded_customer_is_restored() {
    let at = Deployment::at(Arc::new(Moto::start()), "operator-restore").await;
    let (customer, user) = (at.customer_with_anna().await, "anna".parse().unwrap());
    let before = at.vault.app_reader().summary(&customer).await.unwrap().tenure;
    at.vault.app_writer().offboard(&customer).await.unwrap();
    assert!(at.vault.secret_index().page(None).await.unwrap().nodes.is_empty(), "the connections are marked too");
    assert!(at.fails(1, &["customer", "restore", "kadry"]).contains("--untold"), "nobody could be told");
    let queue = at.queue_of_events().await;
    let said = at.run(&["customer", "restore", "kadry"]);
    assert!(said.contains("would restore the app"), "{said}");
    let summary = at.vault.app_reader().summary(&customer).await;
    assert!(matches!(summary, Err(VaultError::Deleted)));
    let said = at.run(&["customer", "restore", "kadry", "--yes"]);
    assert!(said.contains("Some were marked, and are back."), "{said}");
    let app = at.vault.app_reader().summary(&customer).await.unwrap();
    assert!(app.client_id == APP.parse().unwrap() && app.tenure > before, "links of before have ended: {app:?}");
    assert!(at.next_event(&queue).await.contains("customer.configured"));
    assert!(at.vault.connections().get(&customer, &user).await.is_ok());
    let said = at.run(&["customer", "restore", "kadry", "--yes"]);
    assert!(said.contains("is in force") && said.contains("None was marked."), "{said}");
    assert!(at.fails(1, &["customer", "restore", "nobody", "--untold", "--yes"]).contains("nothing is left of nobody"));
}

#[tokio::test]
async fn recruiters_of_one_customer_or_of_all_are_disconnected() {
    // moto loads CloudFormation when it is first asked for it, and keeps everybody waiting meanwhile.
    let at = Deployment::at(Arc::new(Moto::start()), "operator-revoke").await;
    let (customer, user) = (at.customer_with_anna().await, "anna".parse().unwrap());
    assert!(at.fails(1, &["revoke", "kadry", "--yes"]).contains("--untold"), "nobody could be told");
    let queue = at.queue_of_events().await;
    for arguments in [&["revoke", "other", "--yes"][..], &["revoke", "kadry"]] {
        at.run(arguments);
        assert!(at.vault.connections().get(&customer, &user).await.is_ok(), "{arguments:?}");
    }
    assert!(at.run(&["revoke", "--all"]).contains("would disconnect 1 recruiters of kadry"));
    let said = at.run(&["revoke", "kadry", "--yes"]);
    assert!(said.contains("1 recruiters were connected and are not any more."), "{said}");
    let held = at.vault.connections().get(&customer, &user).await;
    assert!(matches!(held, Err(VaultError::Deleted)));
    let left =
        at.backend.read(&"tc/customers/kadry/connections".parse().unwrap(), VersionStage::Current).await.unwrap();
    assert!(!left.body.expose().contains("canary-refresh-token"), "the token is not there any more");
    let told = at.next_event(&queue).await;
    assert!(told.contains("connection.ended") && told.contains("anna"), "{told}");
    assert!(at.run(&["revoke", "--all", "--untold", "--yes"]).contains("0 recruiters were connected"));
}

/// A server on loopback that answers these two questions with these statuses.
async fn api(health: &'static str, list: u16) -> String {
    let list = axum::http::StatusCode::from_u16(list).unwrap();
    let routes = axum::Router::new()
        .route("/healthz", axum::routing::get(move || async move { health }))
        .route("/v1/customers", axum::routing::get(move || async move { list }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_thing_that_is_not_as_it_should_be_is_one_line() {
    // moto loads CloudFormation when it is first asked for it, and keeps everybody waiting meanwhile.
    let at = Deployment::at(Arc::new(Moto::start()), "operator-check").await;
    at.customer_with_anna().await;
    assert!(at.fails(1, &["check"]).contains("tc/api-keys: no key is in force"));
    at.run(&["keys", "issue", "ats", "--yes"]);
    let good = api(r#"{"status":"ok"}"#, 401).await;
    // What stands in the stack is compared by `tests/template`. Here is none.
    let said = at.fails(1, &["check", "--url", &good]);
    assert!(said.starts_with("stack tc: ") && said.contains("does not exist"), "{said}");
    assert!(said.contains("0 resources were looked at, the address was asked: 1 findings."), "{said}");

    let open = api("hello", 200).await;
    let said = at.fails(1, &["check", "--url", &open]);
    assert!(said.contains("without an API key is not refused"), "{said}");
    assert!(said.contains("something else than Teams Connect") && said.contains(": 3 findings."), "{said}");

    let first = VersionId::random(&Randomness::system()).unwrap();
    let stranger = "tc/customers/kadry/notes".parse().unwrap();
    at.backend.create(&stranger, &first, "{}".to_owned().into(), &Tags::new()).await.unwrap();
    let own = at.vault.deployment_secrets().describe(DeploymentSecret::LinkKey).await.unwrap();
    at.backend.put(&own.arn, &own.current, "{}".to_owned().into()).await.unwrap();
    let own = at.vault.deployment_secrets().describe(DeploymentSecret::SealingKey).await.unwrap();
    at.backend.delete(&own.arn).await.unwrap();
    let said = at.fails(1, &["check"]);
    for finding in [
        "tc/customers/kadry/notes: this name is none that the product gives",
        "tc/link-key: AWSCURRENT: the content of tc/link-key is not what was written",
        "tc/sealing-key: it is marked for deletion",
        ": 4 findings.",
    ] {
        assert!(said.contains(finding), "{finding}: {said}");
    }
}

#[tokio::test]
async fn a_setting_that_is_missing_is_told_before_anything_is_asked() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_operator"));
    let output = program.env_clear().args(["--stack", "tc", "keys", "list"]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{output:?}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("AWS_REGION is not set"));
}
