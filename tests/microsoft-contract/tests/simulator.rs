//! The simulator is held to what the product believes of Microsoft, and a difference is seen.
#![cfg(test)]

use std::process::{Command, Output};

use microsoft_contract::ALL;
use microsoft_contract::belief::{Outcome, Verdict};
use microsoft_contract::browser::Browser;
use microsoft_contract::report;
use microsoft_contract::session::{App, Extras, Session};
use microsoft_simulator::{Directory, FaultEffect, FaultRule, Operation, Simulator, SimulatorSettings, demo};
use shared::types::secret::ClientSecret;

fn program(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_microsoft-contract"))
        .env_remove("MICROSOFT_CLIENT_SECRET")
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Tries everything at the simulator, after this was done to it.
async fn tried(spoil: impl FnOnce(&Simulator), extras: Extras) -> (Vec<Outcome>, Simulator) {
    let redirect_uri = "http://localhost:8400/oauth/callback";
    let simulator =
        Simulator::start(SimulatorSettings::new(Directory::demo(&[redirect_uri.to_owned()]))).await.unwrap();
    spoil(&simulator);
    let app = App {
        login: simulator.login_url().to_owned(),
        graph: simulator.graph_url().to_owned(),
        tenant: demo::KADRY_TENANT.to_string().parse().unwrap(),
        client_id: demo::KADRY_CLIENT_ID.to_string().parse().unwrap(),
        secret: ClientSecret::from(demo::KADRY_SECRET.to_owned()),
        redirect_uri: redirect_uri.parse().unwrap(),
    };
    let [recruiter, administrator, unlicensed] = [demo::ANNA, demo::ADMIN, demo::UNLICENSED].map(str::to_owned);
    let browser = Browser::Simulated { recruiter, administrator, unlicensed };
    let mut session = Session::new(app, browser, extras).unwrap();
    let mut outcomes = Vec::new();
    for belief in ALL {
        outcomes.push(belief.try_at(&mut session).await);
    }
    assert_eq!(session.sweep().await, 0);
    (outcomes, simulator)
}

fn all() -> Extras {
    Extras { consent: true, unlicensed: true, colleague: Some(demo::JAN.to_owned()) }
}

#[test]
fn the_simulator_does_what_the_product_believes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.md");
    let run = program(&["--simulator", "--report", file.to_str().unwrap()]);
    let (said, page) = (text(&run.stdout), std::fs::read_to_string(file).unwrap());
    assert_eq!(run.status.code(), Some(0), "{said}{}", text(&run.stderr));
    assert!(said.trim_end().ends_with(&format!("{} the same, 0 differences, 0 not tried", ALL.len())), "{said}");
    let rows = page.lines().filter(|line| line.ends_with(" |")).count();
    assert!(rows > ALL.len(), "{page}");
    let ids = [demo::KADRY_TENANT, demo::KADRY_CLIENT_ID].map(|id| id.to_string());
    let names = ["anna", "jan.", "kadry", "eyJ", "Nowak", demo::KADRY_SECRET];
    for hidden in names.into_iter().chain(ids.iter().map(String::as_str)) {
        assert!(!page.contains(hidden) && !said.contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn every_meeting_bears_the_mark_and_is_gone_at_the_end() {
    let (_, simulator) = tried(|_| {}, all()).await;
    let meetings = simulator.meetings();
    assert!(meetings.len() >= 2, "{meetings:?}");
    for meeting in meetings {
        assert!(meeting.deleted && meeting.subject.unwrap().starts_with("Teams Connect contract "));
    }
}

#[tokio::test]
async fn what_microsoft_does_otherwise_is_told() {
    let (outcomes, _) = tried(
        |simulator| {
            simulator.faults().add(FaultRule::new(
                Operation::GraphDelete,
                FaultEffect::Answer { status: 202, headers: [].into(), body: String::new() },
            ));
        },
        all(),
    )
    .await;
    let different: Vec<_> = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Different).collect();
    assert!(
        different.iter().any(|outcome| outcome.believed == "A deletion is 204" && outcome.did == "202"),
        "{different:?}"
    );
    let page = report::page("the simulator", jiff::Timestamp::UNIX_EPOCH, &outcomes);
    assert!(page.contains("| A deletion is 204 | 202 | **different** |"), "{page}");
    assert!(report::summary(&outcomes).contains(&format!("{} differences", different.len())));
}

#[tokio::test]
async fn what_was_not_tried_is_no_difference() {
    let (outcomes, _) = tried(
        |simulator| simulator.directory(|directory| directory.tenants[0].require_admin_consent = false),
        Extras::default(),
    )
    .await;
    let not_tried: Vec<_> = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::NotTried).collect();
    assert_eq!((not_tried.len(), report::count(&outcomes, Verdict::Different)), (3, 0), "{outcomes:?}");
    assert!(not_tried.iter().all(|outcome| outcome.did.contains("`--")), "{not_tried:?}");
}

#[test]
fn the_help_says_what_to_register_and_wrong_answers_end_the_run() {
    let help = program(&["--help"]);
    let said = text(&help.stdout);
    for word in
        ["--simulator", "http://localhost:8400/oauth/callback", "OnlineMeetings.ReadWrite", "MICROSOFT_CLIENT_SECRET"]
    {
        assert!(said.contains(word), "{word}: {said}");
    }
    let run = program(&["--tenant", "contoso", "--client-id", "x"]);
    assert_eq!(run.status.code(), Some(2), "{run:?}");
}
