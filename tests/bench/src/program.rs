//! A program under measurement: one process, from its first instruction to its end.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long a program may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Takes its place in a control group, waits for a line, and becomes the program. What the shell did before is over when
/// the line comes, so the clock begins with the program's own loading.
const GATE: &str = r#"echo $$ > "$1"; shift; read -r _; exec "$@""#;

/// How to start a program.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    /// The program and its arguments.
    pub(crate) command: Vec<String>,
    /// All of its environment.
    pub(crate) environment: Vec<(String, String)>,
    /// Where it runs.
    pub(crate) folder: PathBuf,
}

/// A running process, ended when it is dropped.
#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    /// When it was let go.
    pub(crate) began: Instant,
    cpu_before: Duration,
}

impl Program {
    /// Starts it, under the limit of the group whose door this is.
    pub(crate) async fn start(start: &Start, door: Option<&Path>, runtime_api: &str, log: &Path) -> io::Result<Self> {
        let door = door.map_or(OsStr::new("/dev/null"), Path::as_os_str);
        let log = fs::File::options().create(true).append(true).open(log)?;
        let mut command = Command::new("sh");
        command.args(["-c", GATE, "sh"]).arg(door).args(&start.command).current_dir(&start.folder);
        command.env_clear().envs(start.environment.iter().cloned());
        command.env("AWS_LAMBDA_RUNTIME_API", runtime_api);
        command.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log).kill_on_drop(true);
        let mut child = command.spawn()?;
        let id = child.id().ok_or_else(|| io::Error::other("it ended at once"))?;
        wait_at_the_gate(id).await?;
        let cpu_before = cpu(id)?;
        let mut gate = child.stdin.take().ok_or_else(|| io::Error::other("there is no gate"))?;
        let began = Instant::now();
        gate.write_all(b"\n").await?;
        drop(gate);
        Ok(Self { child, began, cpu_before })
    }

    /// The time that it spent on a core so far, in all of its threads.
    pub(crate) fn cpu(&self) -> io::Result<Duration> {
        Ok(cpu(self.id()?)?.saturating_sub(self.cpu_before))
    }

    /// The most memory that it had at once, in kilobytes: `VmHWM` of `proc_pid_status(5)`.
    pub(crate) fn peak_kb(&self) -> io::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
        number.ok_or_else(|| io::Error::other("the kernel does not tell its memory"))
    }

    /// Ends it, and waits until it has written what it wants to.
    pub(crate) async fn end(mut self) -> io::Result<()> {
        let id = i32::try_from(self.id()?).ok().and_then(Pid::from_raw);
        kill_process(id.ok_or_else(|| io::Error::other("it has no id"))?, Signal::TERM)?;
        match timeout(PATIENCE, self.child.wait()).await {
            Ok(ended) => ended.map(drop),
            Err(_) => self.child.kill().await,
        }
    }

    fn id(&self) -> io::Result<u32> {
        self.child.id().ok_or_else(|| io::Error::other("it ended"))
    }
}

/// Until the shell sleeps over its line: then it has taken its place, and what it used is known.
async fn wait_at_the_gate(id: u32) -> io::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        let waits = fs::read_to_string(format!("/proc/{id}/wchan"))?;
        if waits.contains("pipe_read") {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    Err(io::Error::other("the shell does not come to the gate"))
}

/// Nanoseconds on a core: the first number of each thread's `schedstat`.
fn cpu(id: u32) -> io::Result<Duration> {
    let mut spent = Duration::ZERO;
    for thread in fs::read_dir(format!("/proc/{id}/task"))? {
        let Ok(told) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        let number = told.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default();
        spent += Duration::from_nanos(number);
    }
    Ok(spent)
}
