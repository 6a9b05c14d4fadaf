//! A function: its real binary under AWS's
//! [Runtime Interface Emulator](https://docs.aws.amazon.com/lambda/latest/dg/images-test.html).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::Client;
use serde_json::Value;
use shared::adapters::http_client;
use tokio::sync::Mutex;

use crate::process::{Process, named_by};

/// The function's timeout, in seconds: below the 30 after which an HTTP API gives up
/// ([Quotas for configuring and running an HTTP API](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html)).
const TIMEOUT: &str = "27";

/// Longer than the emulator waits for the function.
const PATIENCE: Duration = Duration::from_secs(40);

/// What became of an event.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The function's answer.
    Answered(Value),
    /// The function's error, or that its process ended.
    Failed(Value),
    /// The emulator itself gave no answer.
    Lost,
}

impl Outcome {
    /// The status that the function answered with; none where it failed.
    #[must_use]
    pub fn status(&self) -> Option<u64> {
        match self {
            Self::Answered(answer) => answer.get("statusCode").and_then(Value::as_u64),
            Self::Failed(_) | Self::Lost => None,
        }
    }
}

/// A function under its emulator.
#[derive(Debug)]
pub struct Function {
    emulator: PathBuf,
    binary: PathBuf,
    environment: Vec<(String, String)>,
    log: PathBuf,
    http: Client,
    /// An emulator handles one event at a time, as one execution environment does.
    running: Mutex<Process>,
    restarts: AtomicUsize,
}

impl Function {
    /// Starts the emulator; the binary itself starts with the first event. It sees this environment and what the
    /// emulator adds, nothing of ours.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(name: &str, environment: &[(String, String)], logs: &Path) -> Self {
        let (emulator, binary) = (named_by("LAMBDA_RIE"), named_by("LAMBDA_BINARIES").join(name));
        assert!(binary.is_file(), "there is no {}", binary.display());
        let mut environment = environment.to_vec();
        environment.push(("AWS_LAMBDA_FUNCTION_TIMEOUT".to_owned(), TIMEOUT.to_owned()));
        environment.push(("AWS_LAMBDA_FUNCTION_NAME".to_owned(), name.to_owned()));
        let log = logs.join(format!("{name}.log"));
        let running = started(&emulator, &binary, &environment, &log).await;
        let (http, running, restarts) =
            (http_client::build_client().unwrap(), Mutex::new(running), AtomicUsize::new(0));
        Self { emulator, binary, environment, log, http, running, restarts }
    }

    /// Sends an event. An emulator that went down over it is started again, and counted.
    ///
    /// # Panics
    /// When it does not start again.
    pub async fn invoke(&self, event: &Value) -> Outcome {
        let mut running = self.running.lock().await;
        let url = format!("http://127.0.0.1:{}/2015-03-31/functions/function/invocations", running.port);
        let sent = self.http.post(url).body(event.to_string()).timeout(PATIENCE).send().await;
        let answer = match sent {
            Ok(response) => response.bytes().await.ok(),
            Err(_) => None,
        };
        match answer.map(|bytes| serde_json::from_slice::<Value>(&bytes)) {
            // The emulator answers 200 to an error too; Lambda would say so in `X-Amz-Function-Error` ("Invoke").
            Some(Ok(answer)) if answer.get("errorType").is_some() => Outcome::Failed(answer),
            Some(Ok(answer)) => Outcome::Answered(answer),
            Some(Err(_)) | None => {
                self.restarts.fetch_add(1, Ordering::SeqCst);
                *running = started(&self.emulator, &self.binary, &self.environment, &self.log).await;
                Outcome::Lost
            }
        }
    }

    /// Another execution environment, which has seen nothing yet.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn cold(&self) {
        *self.running.lock().await = started(&self.emulator, &self.binary, &self.environment, &self.log).await;
    }

    /// How often the emulator went down.
    pub fn restarts(&self) -> usize {
        self.restarts.load(Ordering::SeqCst)
    }

    /// The binary's own process; none before the first event. Another one than before means that it ended.
    pub async fn process_id(&self) -> Option<i32> {
        self.running.lock().await.children().first().copied()
    }

    /// What it wrote so far, with what the emulator wrote.
    ///
    /// # Panics
    /// When there is no log.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

async fn started(emulator: &Path, binary: &Path, environment: &[(String, String)], log: &Path) -> Process {
    let command = |port: u16, runtime_api: u16| {
        let mut command = Command::new(emulator);
        command.env_clear().envs(environment.iter().cloned());
        command.arg("--runtime-interface-emulator-address").arg(format!("127.0.0.1:{port}"));
        command.arg("--runtime-api-address").arg(format!("127.0.0.1:{runtime_api}"));
        command.arg(binary);
        command
    };
    Process::start(command, log).await
}
