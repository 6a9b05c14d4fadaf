//! What the schedule says of credentials that end: read from its log as AWS reads it, by the filter of the
//! template.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

use architecture::tree;
use microsoft_simulator::DirectoryEvent;
use microsoft_simulator::demo::{KADRY_CLIENT_ID, KADRY_TENANT};
use refresh::{Refresh, keep_alive};
use reqwest::Method;
use serde_json::{Map, Value, json};
use shared::adapters::vault::backend::memory::{InjectedFault, VaultOperation};
use shared::types::clock::SignedDuration;
use test_support::product::Product;
use test_support::record::Recording;
use uuid::Uuid;

/// The schedule runs so often.
const A_QUARTER_OF_A_DAY: SignedDuration = SignedDuration::from_hours(6);

/// For 74 days.
const RUNS: usize = 74 * 4;

/// The reminder of the day after the last.
const EXPIRED: i64 = -1;

/// The message that the filter `CredentialsThatEnd` waits for.
fn watched() -> String {
    let template = tree::read("infra/aws/template.yaml").unwrap();
    let filter = template.split("  CredentialsThatEnd:\n").nth(1).unwrap();
    assert!(filter.trim_start().starts_with("Type: AWS::Logs::MetricFilter"));
    let pattern = filter.split("FilterPattern: '{ $.message = \"").nth(1).unwrap();
    let (message, rest) = pattern.split_once("\" }'").unwrap();
    assert!(rest.trim_start().starts_with("MetricTransformations:"), "the filter asks for the message alone");
    message.to_owned()
}

/// The customer's app proves itself with a certificate, for two years from now.
async fn hand_over_a_certificate(product: &Product, customer: &str, client_id: Uuid) {
    let path = format!("/v1/customers/{customer}");
    let made = product.ats().call(Method::POST, &format!("{path}/certificate"), None, &[]).await.expect(200);
    let file = made.text("certificate").to_owned();
    product.microsoft.apply(DirectoryEvent::RegisterCertificate { client_id, file }).unwrap();
    let body = json!({
        "tenant": KADRY_TENANT.to_string(),
        "client_id": client_id.to_string(),
        "kind": "certificate",
    });
    product.ats().call(Method::PUT, &format!("{path}/credentials"), Some(body), &[]).await.expect(200);
}

async fn run_the_schedule(product: &Product) {
    keep_alive(&Refresh::new(&product.parts), SignedDuration::from_mins(5)).await.unwrap();
}

/// What the schedule says in all these days.
async fn told(product: &Product, record: &Recording) -> Vec<Map<String, Value>> {
    let log = record.take_log("info");
    for _ in 0..RUNS {
        product.wait(A_QUARTER_OF_A_DAY);
        run_the_schedule(product).await;
    }
    drop(log);
    reminders(record)
}

/// What the filter counts, without what every line has.
fn reminders(record: &Recording) -> Vec<Map<String, Value>> {
    let message = watched();
    record.lines().into_iter().filter(|line| line.get("message") == Some(&json!(message))).collect()
}

#[tokio::test]
async fn each_reminder_is_one_line_that_the_filter_counts_and_an_unknown_day_is_none() {
    let record = Recording::default();
    let product = Product::start().await;
    let [soon, later] = [product.another_app(), product.another_app()];
    product.ats().configure_until("unknown", KADRY_CLIENT_ID, None).await.expect(200);
    // 70 and 65 days from the beginning.
    product.ats().configure_until("soon", soon, Some("2027-02-02")).await.expect(200);
    product.ats().configure_until("sooner", later, Some("2027-01-28")).await.expect(200);
    let told = told(&product, &record).await;
    for (customer, client_id) in [("soon", soon), ("sooner", later)] {
        let own: Vec<_> = told.iter().filter(|line| line["customer"] == customer).collect();
        let given: Vec<_> = own.iter().map(|line| line["reminder"].as_i64().unwrap()).collect();
        assert_eq!(given, [60, 30, 14, 7, 1, EXPIRED], "{customer}");
        for line in own {
            let level = (&line["level"], &line["days_left"]);
            assert_eq!(level, (&json!("WARN"), &line["reminder"]), "told on the day: {line:?}");
            let of = (&line["tenant"], &line["client_id"]);
            assert_eq!(of, (&json!(KADRY_TENANT.to_string()), &json!(client_id.to_string())), "{line:?}");
        }
    }
    assert_eq!(told.len(), 12, "nobody is reminded of a day that nobody told: {told:?}");
    assert!(record.lines().len() > RUNS, "every run leaves a line");
}

#[tokio::test]
async fn a_certificate_has_its_reminders_too_though_nobody_told_its_day() {
    let record = Recording::default();
    let product = Product::start().await;
    hand_over_a_certificate(&product, "kadry", KADRY_CLIENT_ID).await;
    // It lasts for two years.
    product.wait(A_QUARTER_OF_A_DAY * 4 * (729 - 70));
    let told = told(&product, &record).await;
    let given: Vec<_> = told.iter().map(|line| (line["customer"].as_str(), line["reminder"].as_i64())).collect();
    assert_eq!(given, [60, 30, 14, 7, 1, EXPIRED].map(|days| (Some("kadry"), Some(days))));
}

#[tokio::test]
async fn a_reminder_that_could_not_be_noted_is_given_by_the_next_run() {
    let record = Recording::default();
    let product = Product::start().await;
    product.ats().configure_until("kadry", KADRY_CLIENT_ID, Some("2027-01-23")).await.expect(200);
    let log = record.take_log("info");
    // Sixty days: the note fails, so nothing is said, and the next run says it.
    product.memory.as_ref().unwrap().fail_next(VaultOperation::Tag, InjectedFault::Unavailable);
    run_the_schedule(&product).await;
    assert_eq!(reminders(&record), Vec::<Map<String, Value>>::new());
    run_the_schedule(&product).await;
    // A new secret begins anew.
    product.ats().configure_until("kadry", KADRY_CLIENT_ID, Some("2027-01-22")).await.expect(200);
    run_the_schedule(&product).await;
    run_the_schedule(&product).await;
    drop(log);
    let given: Vec<_> = reminders(&record).iter().map(|line| line["days_left"].as_i64().unwrap()).collect();
    assert_eq!(given, [60, 59]);
}
