//! The program, run against the server that plays Secrets Manager: it must break the promises of which the table says
//! so, and keep all others.

use std::collections::BTreeSet;
use std::process::Command;

#[path = "../../../shared/tests/moto/mod.rs"]
#[expect(dead_code, reason = "the test of the backend, with which it is shared, asks for more")]
#[expect(clippy::panic, clippy::unwrap_used, reason = "clippy takes only what bears #[test] for a test")]
mod moto;

use moto::Moto;
use moto::departures::{DEPARTURES, Test};

fn program(moto: &Moto) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_aws-contract"));
    program.env_clear().env("AWS_ENDPOINT_URL", &moto.endpoint);
    program.env("AWS_ACCESS_KEY_ID", "moto").env("AWS_SECRET_ACCESS_KEY", "asks-for-none");
    program.args(["--region", "contract-1", "--elsewhere", "contract-2", "--lag", "0"]);
    program
}

#[test]
fn the_record_names_the_promises_that_the_server_breaks_and_no_others() {
    let (moto, folder) = (Moto::running(), tempfile::tempdir().unwrap());
    let file = folder.path().join("record.md");
    let run = program(&moto).args(["--yes", "--disabled-key", "--record"]).arg(&file).output().unwrap();
    assert_eq!(run.status.code(), Some(1), "{run:?}");
    let page = std::fs::read_to_string(file).unwrap();
    let row = |line: &str| line.contains("**no**").then(|| line.split('|').nth(1).unwrap().trim().replace(' ', "_"));
    let broken: BTreeSet<String> = page.lines().filter_map(row).collect();
    let known = DEPARTURES.iter().filter(|departure| matches!(departure.test, Test::FailsWith(_)));
    assert_eq!(broken, known.map(|departure| departure.promise.to_owned()).collect(), "{page}");
    // moto reads it; which error AWS gives is for a real account to say.
    assert!(page.ends_with("\nA secret whose key is disabled: `it is read all the same`\n"), "{page}");
    let said = String::from_utf8(run.stdout).unwrap();
    assert!(!said.contains("left behind"), "{said}");
}

#[test]
fn nothing_is_made_before_somebody_said_yes() {
    let run = program(&Moto::running()).output().unwrap();
    assert_eq!((run.status.code(), run.stdout.len()), (Some(2), 0), "{run:?}");
    let run = program(&Moto::running()).arg("--yes").env_remove("AWS_ACCESS_KEY_ID").output().unwrap();
    assert_eq!((run.status.code(), run.stdout.len()), (Some(2), 0), "{run:?}");
}
