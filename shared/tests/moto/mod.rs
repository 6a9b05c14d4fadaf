//! A server that plays Secrets Manager: moto, started on a free port and ended with the last test that uses it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use serde_json::json;
use shared::adapters::vault::backend::secrets_manager::SecretsManagerBackend;
use shared::startup::settings::{EnvSource, ProcessEnv};

pub(crate) mod departures;

/// Python on a busy machine takes some seconds to start.
const START_TIME: Duration = Duration::from_mins(1);

/// A running server.
pub(crate) struct Moto {
    process: Child,
    /// Where it serves.
    pub(crate) endpoint: String,
}

static RUNNING: Mutex<Weak<Moto>> = Mutex::new(Weak::new());

impl Moto {
    /// The server that other tests use now, or a new one.
    pub(crate) fn running() -> Arc<Self> {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let started = Arc::new(Self::start());
            *running = Arc::downgrade(&started);
            started
        })
    }

    /// A server that no other test uses.
    pub(crate) fn start() -> Self {
        let command = ProcessEnv.get("MOTO_SERVER").unwrap_or_else(|| {
            panic!("MOTO_SERVER does not name the command of moto's server; `./tests/run` installs it and sets this")
        });
        let spawned = Command::new(&command)
            .args(["-H", "127.0.0.1", "-p", "0"])
            // Every test has a region of its own, and with it secrets of its own.
            .env("MOTO_ALLOW_NONEXISTENT_REGION", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let mut process = spawned.unwrap_or_else(|error| panic!("{command}: {error}"));
        let (tell, told) = channel();
        let errors = process.stderr.take().unwrap();
        std::thread::spawn(move || listen(BufReader::new(errors), &tell));
        let mut moto = Self { process, endpoint: String::new() };
        match told.recv_timeout(START_TIME) {
            Ok(Ok(endpoint)) => moto.endpoint = endpoint,
            Ok(Err(said)) => panic!("{command} ended: {said}"),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                panic!("{command} does not serve after {START_TIME:?}")
            }
        }
        moto
    }

    /// Secrets Manager in this region.
    pub(crate) fn vault(&self, region: &str) -> SecretsManagerBackend {
        let setting = |name: &str| {
            let value = match name {
                "AWS_REGION" => region,
                "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => "moto-asks-for-none",
                "AWS_ENDPOINT_URL" => &self.endpoint,
                _ => return None,
            };
            Some(value.to_owned())
        };
        SecretsManagerBackend::open(&setting, shared::adapters::http_client::build_client().unwrap()).unwrap()
    }

    /// Deletes the secret at once, which our software never does.
    pub(crate) async fn forget(self: Arc<Self>, region: String, name: String) {
        let signature = format!(
            "AWS4-HMAC-SHA256 Credential=a/20261123/{region}/secretsmanager/aws4_request, SignedHeaders=host, Signature=a"
        );
        let http = shared::adapters::http_client::build_client().unwrap();
        let request = http.post(&self.endpoint).header("authorization", signature);
        let request = request.header("x-amz-target", "secretsmanager.DeleteSecret");
        let request = request.json(&json!({ "SecretId": name, "ForceDeleteWithoutRecovery": true }));
        let answer = request.header("content-type", "application/x-amz-json-1.1").send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Tells where the server serves, or what it said instead; then reads on, so that the server never waits for a reader.
fn listen(lines: impl BufRead, tell: &Sender<Result<String, String>>) {
    let (mut said, mut serves) = (String::new(), false);
    for line in lines.lines().map_while(Result::ok) {
        if serves {
            continue;
        }
        if let Some((_, endpoint)) = line.split_once("Running on ") {
            serves = true;
            drop(tell.send(Ok(endpoint.trim().to_owned())));
        }
        said.push_str(&line);
    }
    drop(tell.send(Err(said)));
}
