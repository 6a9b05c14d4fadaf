//! The audit trail of one life of a customer, compared line by line with `trail.jsonl`: who did what, for whom, and what
//! came of it. What is different each time, the names of requests and of sign-ins, is numbered in the order in which it
//! appears, so that what belongs together still shows.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use microsoft_simulator::demo::{ANNA, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT};
use refresh::{Refresh, keep_alive};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};
use shared::adapters::vault::model::VersionStage;
use shared::domain::api_key::{ApiKeyLimits, ApiKeyRecord, ApiScope};
use shared::domain::audit::{ALERT_CODES, AuditAction, OWNER_MISMATCH};
use shared::http::routes::audit_action;
use shared::startup::telemetry;
use shared::types::clock::SignedDuration;
use shared::types::secret::{ApiKey, Secret, SecretBody};
use test_support::ats::{AtsAnswer, TestAts, connection};
use test_support::browser::{TestBrowser, query_of};
use test_support::contract::routes;
use test_support::product::Product;

/// What was written so far.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// The lines of the trail, with numbers for names.
    fn trail(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Map<String, Value>>(line).unwrap());
        let mut names: Vec<Value> = Vec::new();
        let mut number = |name: &Value| {
            let at = names.iter().position(|known| known == name).unwrap_or_else(|| {
                names.push(name.clone());
                names.len() - 1
            });
            json!(at + 1)
        };
        let mut trail = Vec::new();
        for mut line in lines.filter(|line| line["target"] == "audit") {
            if let Some(span) = line.get_mut("span").and_then(Value::as_object_mut) {
                for (_, name) in span.iter_mut().filter(|(key, _)| *key != "name") {
                    *name = number(name);
                }
            }
            trail.push(Value::Object(line));
        }
        trail
    }
}

/// A key that may order meetings for `kadry` and do nothing else.
const LIMITED: &str = "tc_limited_0123456789abcdef0123456789abcdef";

async fn issue_a_limited_key(product: &Product) {
    let limits = ApiKeyLimits {
        customers: Some(["kadry".parse().unwrap()].into()),
        scopes: Some([ApiScope::Meetings].into()),
        per_minute: None,
    };
    let all = ApiKeyRecord::from_key("journey", &ApiKey::from(test_support::product::API_KEY.to_owned()));
    let limited = ApiKeyRecord::from_key("limited", &ApiKey::from(LIMITED.to_owned())).with_limits(limits);
    product.parts.vault.put_api_keys(vec![all, limited]).await.unwrap();
    product.wait(SignedDuration::from_mins(1));
}

async fn hand_over(product: &Product, administrator: &TestBrowser) {
    let link = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    administrator.get(link.text("url")).await;
    for secret in ["canary-wrong-secret", KADRY_SECRET] {
        let form = [("tenant", &*tenant), ("client_id", &client_id), ("client_secret", secret), ("expires_on", "")];
        administrator.submit(link.text("url"), &form).await;
    }
    administrator.get(link.text("url")).await;
}

async fn connect(product: &Product, recruiter: &TestBrowser) {
    let (ats, decline) = (product.ats(), [("user", ANNA), ("decision", "decline")]);
    let link = ats.connect_link("kadry", "anna").await;
    let declined = recruiter.answer_microsoft(&link, &decline).await;
    recruiter.get(declined.as_str()).await;
    let handle = query_of(&recruiter.sign_in(&link, ANNA).await, "handle");
    ats.complete("kadry", "jan", &handle).await.expect(403);
    ats.complete("kadry", "anna", &handle).await.expect(200);
    ats.complete("kadry", "anna", &handle).await.expect(409);
}

async fn use_keys_wrongly(product: &Product) {
    TestAts::new(&product.base, "tc_canary_that_nobody_issued").get(&connection("kadry", "anna")).await.expect(401);
    let limited = TestAts::new(&product.base, LIMITED);
    limited.get(&connection("kadry", "anna")).await.expect(403);
    limited.order("other", "anna", "order").await.expect(404);
}

async fn meet(product: &Product) {
    let ordered = TestAts::new(&product.base, LIMITED).order("kadry", "anna", "order").await.expect(201);
    product.ats().order("kadry", "nobody", "order").await.expect(404);
    product.ats().post("/v1/customers/kadry/users/anna/connection/refresh", Value::Null).await.expect(200);
    come(product, &ordered).await;
}

/// A candidate opens the link in time, somebody makes one up, and the interview is called off.
async fn come(product: &Product, ordered: &AtsAnswer) {
    let (candidate, link) = (product.browser(), ordered.text("link"));
    assert_eq!(candidate.get(link).await.status, StatusCode::SEE_OTHER);
    assert_eq!(candidate.get(&link[..link.len() - 1]).await.status, StatusCode::GONE);
    let meeting = format!("/v1/customers/kadry/users/anna/meetings/{}", ordered.text("id"));
    product.ats().delete(&meeting).await.expect(204);
    assert_eq!(candidate.get(link).await.status, StatusCode::GONE);
}

/// Support looks, and makes a link for the administrator.
async fn support(product: &Product) {
    let link = product.ats().post("/v1/support-links", json!({})).await.expect(201).text("url").to_owned();
    let browser = product.browser();
    assert_eq!(browser.get(&link).await.status, StatusCode::OK);
    let customer = format!("{link}/customers/kadry");
    assert_eq!(browser.get(&customer).await.status, StatusCode::OK);
    assert_eq!(browser.submit(&format!("{customer}/intake-links"), &[]).await.status, StatusCode::OK);
}

async fn leave(product: &Product) {
    product.ats().delete("/v1/customers/kadry").await.expect(204);
    keep_alive(&Refresh::new(&product.parts), SignedDuration::from_mins(5)).await.unwrap();
    product.ats().post("/v1/customers/kadry/users/anna/connect-links", json!({})).await.expect(410);
}

#[tokio::test]
async fn the_life_of_a_customer_leaves_the_trail_that_is_written_down() {
    let log = Log::default();
    let sink = log.clone();
    // Not even `off` switches the trail off.
    let settings = |name: &str| (name == "RUST_LOG").then(|| "off".to_owned());
    let _log = tracing::dispatcher::set_default(&telemetry::json_dispatch(&settings, move || sink.clone()));
    let product = Product::start().await;
    issue_a_limited_key(&product).await;
    hand_over(&product, &product.browser()).await;
    connect(&product, &product.browser()).await;
    use_keys_wrongly(&product).await;
    meet(&product).await;
    support(&product).await;
    leave(&product).await;

    let (trail, text) = (log.trail(), String::from_utf8(log.0.lock().unwrap().clone()).unwrap());
    let expected: Vec<Value> =
        include_str!("trail.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let written: Vec<String> = trail.iter().map(Value::to_string).collect();
    assert_eq!(trail, expected, "the trail is now\n{}\n", written.join("\n"));
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn every_call_of_the_ats_has_a_name_in_the_trail() {
    for route in routes() {
        let deed = audit_action(route.method.as_str(), route.template());
        assert_ne!(deed, AuditAction::OtherCall, "{} {}", route.method, route.template());
    }
    assert_eq!(audit_action(Method::GET.as_str(), "/healthz"), AuditAction::OtherCall);
}

#[tokio::test]
async fn a_secret_that_belongs_to_another_is_in_the_trail() {
    let log = Log::default();
    let sink = log.clone();
    let _log = tracing::dispatcher::set_default(&telemetry::json_dispatch(&|_: &str| None, move || sink.clone()));
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    for user in ["anna", "jan"] {
        product.ats().connect("kadry", user, ANNA).await.expect(200);
    }
    let memory = product.memory.as_ref().unwrap();
    let name = "teams-connect/customers/kadry/connections".parse().unwrap();
    let held = memory.read(&name, VersionStage::Current).await.unwrap();
    let mut content: serde_json::Value = serde_json::from_str(held.body.expose()).unwrap();
    content["entries"]["anna"] = content["entries"]["jan"].clone();
    memory.put(&held.arn, &held.version, SecretBody::from(content.to_string())).await.unwrap();
    product.ats().order("kadry", "anna", "order").await.expect(500);
    let seen = log.trail().into_iter().find(|line| line["audit"] == "read_secret").unwrap();
    let told = ["by", "customer", "user", "outcome", "code"].map(|name| seen[name].as_str().unwrap().to_owned());
    assert_eq!(told, ["product", "kadry", "anna", "refused", OWNER_MISMATCH]);
}

#[test]
fn what_an_alarm_watches_for_is_written_by_somebody() {
    let trail = include_str!("trail.jsonl");
    for code in ALERT_CODES.iter().filter(|code| **code != OWNER_MISMATCH) {
        assert!(trail.contains(&format!("\"code\":\"{code}\"")), "{code}");
    }
}
