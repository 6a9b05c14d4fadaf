//! Searches for secrets where they must not be: in everything that the program prints and logs at level TRACE during the
//! whole journey, and on disk.

#![expect(clippy::unwrap_used, reason = "a program that does not start should say where")]

use std::fs;
use std::path::Path;
use std::process::Command;

use microsoft_simulator::demo::KADRY_SECRET;
use serde_json::Value;
use shared::adapters::vault::backend::local::LocalBackend;
use shared::adapters::vault::model::{SecretName, VersionStage};
use shared::types::clock::Clock;
use shared::types::randomness::Randomness;
use shared::types::secret::Secret;

const API_KEY: &str = "tc_canary_0123456789abcdef0123456789abcdef";

/// Whom the journey names for reminders, and where that lies: by the first byte of
/// `printf %s teams-connect/contacts/kadry-polska | sha256sum`.
const CONTACT: &str = "przypomnienia@kadry.example";
const CONTACTS: &str = "teams-connect/claims/95";

/// The file with the vault's own key (mode 0600).
const KEY_FILE: &str = "vault.key";

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_teams-connect"))
}

/// The current and the previous content of a secret that the journey left in the vault.
async fn contents(vault: &LocalBackend, name: &str) -> Vec<Value> {
    let name: SecretName = format!("teams-connect/customers/kadry-polska/{name}").parse().unwrap();
    let mut contents = Vec::new();
    for stage in [VersionStage::Current, VersionStage::Previous] {
        if let Ok(read) = vault.read(&name, stage).await {
            contents.push(serde_json::from_str(read.body.expose()).unwrap());
        }
    }
    contents
}

/// The names and the bytes of the files in a folder.
fn files_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap())).collect()
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
}

#[tokio::test]
async fn no_secret_of_a_journey_is_written_anywhere_but_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let journey = program()
        .args(["journey", "--data-dir", folder.path().to_str().unwrap()])
        .env("RUST_LOG", "trace")
        .env("API_KEY", API_KEY)
        .output()
        .unwrap();
    let (out, log) = (String::from_utf8_lossy(&journey.stdout), String::from_utf8_lossy(&journey.stderr));
    assert!(journey.status.success(), "{out}\n{log}");
    assert!(log.lines().count() > 100 && log.contains("TRACE"), "the log has level TRACE");

    let vault = LocalBackend::open(folder.path(), Clock::system(), Randomness::system()).unwrap();
    let connections = contents(&vault, "connections").await;
    assert_eq!(connections.len(), 2, "the journey refreshes its tokens once");
    let mut secrets = vec![API_KEY.to_owned(), KADRY_SECRET.to_owned()];
    for token in ["/access/anna.nowak/token", "/entries/anna.nowak/refresh_token"] {
        secrets.extend(connections.iter().map(|node| node.pointer(token).unwrap().as_str().unwrap().to_owned()));
    }
    let kept = vault.read(&CONTACTS.parse().unwrap(), VersionStage::Current).await.unwrap();
    assert!(kept.body.expose().contains(CONTACT));
    secrets.push(CONTACT.to_owned());
    drop(vault);
    let disk = files_in(folder.path());
    assert!(disk.iter().any(|(name, _)| name == KEY_FILE) && disk.len() > 1, "{:?}", disk.iter().map(|(name, _)| name));
    for (number, secret) in secrets.iter().enumerate() {
        assert!(
            secret.len() > 20 && !out.contains(&**secret) && !log.contains(&**secret),
            "secret {number} was printed"
        );
        for (name, bytes) in &disk {
            assert!(!holds(bytes, secret), "secret {number} is in {name}");
        }
    }
    // Links, cookies and handles; signed tokens; parameters of requests to Entra.
    for mark in ["v4.local.", "eyJ", "client_secret=", "code_verifier=", "refresh_token=", "Bearer "] {
        let line = log.lines().find(|line| line.contains(mark));
        assert_eq!(line, None, "{mark} is in the log");
    }
}

#[test]
fn a_journey_prints_its_steps_and_no_log_line_between_them() {
    let journey = |log: Option<&str>| {
        let mut command = program();
        command.arg("journey").env_remove("RUST_LOG").envs(log.map(|level| ("RUST_LOG", level)));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (steps, log) = journey(None);
    assert!(steps.contains("Join link: ") && log.is_empty(), "{log}");
    assert!(journey(Some("info")).1.contains("audit="), "the audit log is there for those who ask for it");
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_crashes_writes_no_memory_to_disk() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let folder = tempfile::tempdir().unwrap();
    let mut process = program()
        .args(["--port", "0", "--data-dir", folder.path().to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The first line is printed when requests are served.
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
    let limits = fs::read_to_string(format!("/proc/{}/limits", process.id())).unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
}
