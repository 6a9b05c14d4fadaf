//! The first page of the operator's guide leads to a meeting: what a newcomer types after the deployment is read from the
//! page and run by a shell. What asks AWS cannot run here; the template's tests look at it.
#![cfg(test)]

use std::io::Write;
use std::process::{Command, Stdio};

use microsoft_simulator::demo;
use serde_json::Value;
use test_support::browser::query_of;
use test_support::product::{API_KEY, Product};

/// What the shell has in the place of AWS and of what nobody can know before.
const BEFORE: &str = "set -euo pipefail\naws() { :; }\noperator() { :; }\n";

/// The commands of the page's numbered steps, by the number of the step.
fn steps() -> Vec<(usize, String)> {
    let page = architecture::tree::read("infra/README.md").unwrap();
    let part = page.split("\n## Ten steps to a meeting\n").nth(1).unwrap().split("\nFor production").next().unwrap();
    let (mut steps, mut number, mut within) = (Vec::new(), 0, None::<String>);
    for line in part.lines() {
        if let Some((begins, _)) = line.split_once(". ").filter(|(begins, _)| within.is_none() && !begins.is_empty()) {
            number = begins.parse().unwrap_or(number);
        }
        match (line.trim(), within.take()) {
            ("```sh", None) => within = Some(String::new()),
            ("```", Some(commands)) => steps.push((number, commands)),
            (text, Some(commands)) => within = Some(format!("{commands}{text}\n")),
            (_, None) => {}
        }
    }
    steps
}

fn commands(steps: &[(usize, String)], number: usize) -> &str {
    &steps.iter().find(|(step, _)| *step == number).unwrap().1
}

/// What the shell prints, in a folder in which the key lies where the command for operators puts it.
fn shell(folder: &std::path::Path, script: &str) -> Value {
    let mut bash = Command::new("bash");
    bash.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = bash.spawn().unwrap();
    running.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let done = running.wait_with_output().unwrap();
    assert!(done.status.success(), "{script}\n{done:?}");
    serde_json::from_slice(&done.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_who_types_what_the_page_says_ends_with_a_meeting() {
    let (product, steps) = (Product::start().await, steps());
    assert_eq!(steps.iter().map(|(number, _)| *number).max(), Some(10), "ten steps");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("new-key"), API_KEY).unwrap();
    let address = commands(&steps, 5).replace("https://<address>", &product.base);
    let key = commands(&steps, 6).replace("<region>", "eu-central-1");
    let typed = |number: usize, known: &str| {
        let script = format!("{BEFORE}{address}{key}{known}\n{}", commands(&steps, number));
        let folder = folder.path().to_owned();
        tokio::task::spawn_blocking(move || shell(&folder, &script))
    };

    let link = typed(7, "").await.unwrap();
    assert!(
        link["url"].as_str().unwrap().starts_with(&format!("{}/intake/", product.parts.settings.public_url.as_str()))
    );
    product.ats().configure("kadry").await.expect(200);
    let link = typed(8, "").await.unwrap();
    let returned = product.browser().sign_in(link["url"].as_str().unwrap(), demo::ANNA).await;
    let handle = format!("HANDLE='{}'", query_of(&returned, "handle"));
    assert_eq!(typed(9, &handle).await.unwrap()["state"], "active");
    let meeting = typed(10, "").await.unwrap();
    assert!(meeting["join_url"].as_str().unwrap().starts_with("https://"), "{meeting}");
}
