//! A process that serves a port of this machine, and ends with the test that started it.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

/// How long a process may take until it listens. moto loads for seconds on a busy machine.
const START_TIME: Duration = Duration::from_mins(1);

/// How often a start is tried: between looking for a free port and taking it, another may have taken it.
const STARTS: usize = 3;

/// A running process.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// The port that it serves.
    pub port: u16,
}

impl Process {
    /// Starts what `command` says for two free ports, with its output in `log`, and waits until it serves the first.
    ///
    /// # Panics
    /// When it does not.
    pub async fn start(command: impl Fn(u16, u16) -> Command, log: &Path) -> Self {
        for _ in 0..STARTS {
            let [port, other] = free_ports();
            let output = File::options().create(true).append(true).open(log).unwrap();
            let mut command = command(port, other);
            command.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output);
            let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
            let mut process = Self { child, port };
            if process.serves().await {
                return process;
            }
        }
        panic!("nothing listens; the log says: {}", fs::read_to_string(log).unwrap_or_default());
    }

    async fn serves(&mut self) -> bool {
        let deadline = Instant::now() + START_TIME;
        while Instant::now() < deadline && self.is_running() {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.is_ok() {
                return self.is_running();
            }
            sleep(Duration::from_millis(20)).await;
        }
        false
    }

    /// Whether it has not ended.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The processes that it started, by their ids (`proc(5)`).
    #[must_use]
    pub fn children(&self) -> Vec<i32> {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id())).into_iter().flatten().flatten();
        let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
        lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let children = self.children();
        drop(self.child.kill());
        for child in children.into_iter().filter_map(Pid::from_raw) {
            let _ = kill_process(child, Signal::KILL);
        }
        drop(self.child.wait());
    }
}

/// Held at once, so that they differ.
fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

/// A file that a variable of the environment names; `tests/lambda/run` sets them.
///
/// # Panics
/// When it does not name one.
#[must_use]
pub fn named_by(variable: &str) -> PathBuf {
    use shared::startup::settings::{EnvSource as _, ProcessEnv};
    let path = ProcessEnv.get(variable).unwrap_or_else(|| panic!("{variable} is not set: see tests/lambda/run"));
    fs::canonicalize(&path).unwrap_or_else(|error| panic!("{variable}={path}: {error}"))
}
