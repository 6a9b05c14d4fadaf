//! Events, from the change to the receiver: each fact at least once and under one id, and nothing that was not kept.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use microsoft_simulator::DirectoryEvent;
use microsoft_simulator::demo::{ADMIN, ANNA, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT, UNLICENSED};
use refresh::{Refresh, keep_alive};
use reqwest::Method;
use serde_json::{Value, json};
use shared::adapters::vault::backend::memory::{InjectedFault, VaultOperation};
use shared::adapters::vault::model::VersionStage;
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::sealing::webhook_key::WebhookKey;
use test_support::ats::connection;
use test_support::product::Product;
use tokio::net::TcpListener;

/// The ATS's address for events: it keeps what was signed with the key of the deployment.
#[derive(Clone)]
struct Receiver {
    url: String,
    keys: Arc<Vec<WebhookKey>>,
    received: Arc<Mutex<Vec<(String, Value)>>>,
    answer: Arc<Mutex<StatusCode>>,
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    let header = |name: &str| headers[name].to_str().unwrap();
    let at = Timestamp::from_second(header("webhook-timestamp").parse().unwrap()).unwrap();
    let id = header("webhook-id");
    assert!(receiver.keys[0].verify((id, at, &body), header("webhook-signature")), "{headers:?}");
    assert_eq!(header("content-type"), "application/cloudevents+json; charset=utf-8");
    let document: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(document["id"], id);
    assert_eq!(document["specversion"], "1.0");
    let answer = *receiver.answer.lock().unwrap();
    if answer.is_success() {
        receiver.received.lock().unwrap().push((id.to_owned(), document));
    }
    answer
}

impl Receiver {
    async fn of(product: &Product) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}/events", listener.local_addr().unwrap()),
            keys: Arc::new(product.parts.vault.deployment_secrets().webhook_keys().await.unwrap()),
            received: Arc::default(),
            answer: Arc::new(Mutex::new(StatusCode::NO_CONTENT)),
        };
        let routes = Router::new().route("/events", post(take)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        receiver
    }

    /// Two seconds later: what arrived since the last time.
    async fn news(&self, product: &Product) -> Vec<Value> {
        product.wait(SignedDuration::from_secs(2));
        product.deliver_events(&self.url).await;
        std::mem::take(&mut *self.received.lock().unwrap()).into_iter().map(|(_, document)| document).collect()
    }

    async fn kinds(&self, product: &Product) -> Vec<String> {
        self.news(product).await.iter().map(|document| document["type"].as_str().unwrap().to_owned()).collect()
    }
}

async fn run_the_schedule(product: &Product) {
    keep_alive(&Refresh::new(&product.parts), SignedDuration::from_mins(5)).await.unwrap();
}

/// The kinds of what arrived, and the ids: the same for the same fact.
fn ids(news: &[Value]) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    news.iter().map(|document| (text(&document["type"]), text(&document["id"]))).collect()
}

#[tokio::test]
async fn a_connection_that_is_made_lost_found_and_ended_is_told_each_time() {
    let product = Product::start().await;
    let receiver = Receiver::of(&product).await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    assert_eq!(receiver.kinds(&product).await, ["customer.configured"]);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert_eq!(receiver.kinds(&product).await, ["connection.made"]);

    product.microsoft.revoke_sessions(ANNA).unwrap();
    product.wait(SignedDuration::from_hours(2));
    ats.order("kadry", "anna", "k").await.expect(409);
    assert!(receiver.news(&product).await.is_empty(), "a doubt is nothing to tell");
    product.wait(SignedDuration::from_mins(1));
    ats.order("kadry", "anna", "k").await.expect(409);
    let news = receiver.news(&product).await;
    let [lost] = news.as_slice() else { panic!("{news:?}") };
    assert_eq!(lost["type"], "connection.needs_sign_in");
    let data = &lost["data"];
    assert_eq!(
        (&data["customer"], &data["user"], &data["actor"]),
        (&json!("kadry"), &json!("anna"), &json!("recruiter"))
    );
    assert_eq!(data["finding"]["code"], "sign_in_expired");
    for language in ["pl", "en"] {
        assert!(data["sentence"][language].as_str().unwrap().contains("anna"));
        assert!(!data["finding"]["remedy"][language].as_str().unwrap().is_empty());
    }

    // What mends it is a request that gets a link.
    let path = data["mend"]["url"].as_str().unwrap().strip_prefix(&product.base).unwrap();
    ats.post(path, json!({})).await.expect(201);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert_eq!(receiver.kinds(&product).await, ["connection.recovered"]);
    ats.delete(&connection("kadry", "anna")).await.expect(204);
    ats.delete(&connection("kadry", "anna")).await.expect(204);
    assert_eq!(receiver.kinds(&product).await, ["connection.ended"], "an end that is asked for again is none");
    ats.delete("/v1/customers/kadry").await.expect(204);
    ats.delete("/v1/customers/kadry").await;
    assert_eq!(receiver.kinds(&product).await, ["customer.offboarded"]);
}

#[tokio::test]
async fn a_contact_for_reminders_is_in_events_alone_and_ends_with_the_customer() {
    let product = Product::start().await;
    let receiver = Receiver::of(&product).await;
    let (ats, browser) = (product.ats(), product.browser());
    let address = "Kasia.O'Neil+teams@kadry.example";
    let contacts = |news: Vec<Value>| -> Vec<(String, Value)> {
        let contact =
            |document: &Value| (document["type"].as_str().unwrap().to_owned(), document["data"]["contact"].clone());
        news.iter().map(contact).collect()
    };
    let is_expiring = |contact: Value| vec![("credential.expiring".to_owned(), contact)];
    let order = json!({});
    let link = ats.post("/v1/customers/kadry/intake-links", order).await.expect(201).text("url").to_owned();
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    let fields = [
        ("tenant", &*tenant),
        ("client_id", &client_id),
        ("client_secret", KADRY_SECRET),
        ("expires_on", "2026-12-24"),
        ("contact", address),
    ];
    let receipt = browser.submit(&link, &fields).await.text;
    assert!(!receipt.contains("O&#39;Neil") && !receipt.contains("O'Neil"), "{receipt}");
    assert!(contacts(receiver.news(&product).await).iter().all(|(_, contact)| contact.is_null()));
    assert!(!ats.get("/v1/customers/kadry").await.expect(200).body.to_string().contains("Neil"));

    run_the_schedule(&product).await;
    assert_eq!(contacts(receiver.news(&product).await), is_expiring(json!(address)));
    // Whoever renews the credential and names nobody keeps it, and an empty text ends it.
    let put = async |expires_on: &str, contact: Option<&str>| {
        let mut body = json!({"tenant": tenant, "client_id": client_id, "client_secret": KADRY_SECRET});
        body["expires_on"] = json!(expires_on);
        body.as_object_mut().unwrap().extend(contact.map(|contact| ("contact".to_owned(), json!(contact))));
        ats.call(Method::PUT, "/v1/customers/kadry/credentials", Some(body), &[]).await.expect(200);
        receiver.news(&product).await;
        run_the_schedule(&product).await;
        contacts(receiver.news(&product).await)
    };
    assert_eq!(put("2026-12-23", None).await, is_expiring(json!(address)));
    assert_eq!(put("2026-12-22", Some("")).await, is_expiring(Value::Null));
    assert_eq!(put("2026-12-21", Some(address)).await, is_expiring(json!(address)));
    ats.delete("/v1/customers/kadry").await.expect(204);
    receiver.news(&product).await;
    assert_eq!(put("2026-12-20", None).await, is_expiring(Value::Null), "a former customer's is nobody's");
}

#[tokio::test]
async fn a_contact_that_is_not_at_hand_delays_an_event_and_a_damaged_one_is_left_out() {
    let product = Product::start().await;
    let receiver = Receiver::of(&product).await;
    let memory = product.memory.clone().unwrap();
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    let mut body = json!({"tenant": tenant, "client_id": client_id, "client_secret": KADRY_SECRET});
    body["contact"] = json!("it@kadry.example");
    product.ats().call(Method::PUT, "/v1/customers/kadry/credentials", Some(body), &[]).await.expect(200);
    receiver.news(&product).await;
    let check = async || {
        product.ats().post("/v1/customers/kadry/check", json!({})).await.expect(200);
    };
    product.microsoft.apply(DirectoryEvent::DisableApp { client_id: KADRY_CLIENT_ID }).unwrap();
    check().await;
    memory.fail_next(VaultOperation::Read, InjectedFault::Unavailable);
    assert!(receiver.news(&product).await.is_empty());
    product.wait(SignedDuration::from_mins(1));
    assert_eq!(receiver.news(&product).await[0]["data"]["contact"], "it@kadry.example");

    // The first byte of `printf %s teams-connect/contacts/kadry | sha256sum`.
    let kept = memory.read(&"teams-connect/claims/9a".parse().unwrap(), VersionStage::Current).await.unwrap();
    memory.put(&kept.arn, &kept.version, "damaged".to_owned().into()).await.unwrap();
    check().await;
    let news = receiver.news(&product).await;
    assert_eq!((&news[0]["type"], news[0]["data"].get("contact")), (&json!("customer.blocked"), None));
}

#[tokio::test]
async fn what_is_bad_and_lasts_is_told_every_day_under_one_id() {
    let product = Product::with_anna().await;
    let receiver = Receiver::of(&product).await;
    receiver.news(&product).await;
    product.microsoft.revoke_sessions(ANNA).unwrap();
    product.wait(SignedDuration::from_hours(2));
    product.ats().order("kadry", "anna", "k").await.expect(409);
    product.wait(SignedDuration::from_mins(1));
    product.ats().order("kadry", "anna", "k").await.expect(409);
    product.microsoft.apply(DirectoryEvent::DisableApp { client_id: KADRY_CLIENT_ID }).unwrap();
    let first = ids(&receiver.news(&product).await);
    let mut days = Vec::new();
    for _ in 0..3 {
        let mut day = Vec::new();
        for _ in 0..24 {
            product.wait(SignedDuration::from_hours(1));
            run_the_schedule(&product).await;
            day.extend(receiver.news(&product).await);
        }
        assert_eq!(day.len(), 2, "{day:?}");
        days.push(ids(&day));
    }
    assert_eq!(days[0]["connection.needs_sign_in"], first["connection.needs_sign_in"]);
    assert!(days[0].contains_key("customer.blocked"));
    assert!(days.iter().all(|day| *day == days[0]), "{days:?}");
}

#[tokio::test]
async fn a_change_that_was_not_kept_is_not_told() {
    let product = Product::with_anna().await;
    let receiver = Receiver::of(&product).await;
    receiver.news(&product).await;
    let memory = product.memory.clone().unwrap();
    for _ in 0..20 {
        memory.fail_next(VaultOperation::Put, InjectedFault::Unavailable);
    }
    product.ats().delete(&connection("kadry", "anna")).await.expect(503);
    memory.clear_faults();
    assert!(receiver.news(&product).await.is_empty());
    product.wait(SignedDuration::from_mins(10));
    assert!(receiver.news(&product).await.is_empty());
    assert_eq!(product.queue.count().await.unwrap(), (0, 0), "it was dropped");
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_told() {
    let product = Product::with_anna().await;
    let receiver = Receiver::of(&product).await;
    receiver.news(&product).await;
    let memory = product.memory.clone().unwrap();
    memory.fail_next(VaultOperation::Put, InjectedFault::ResponseLost);
    product.ats().delete(&connection("kadry", "anna")).await.expect(204);
    assert_eq!(ids(&receiver.news(&product).await).into_keys().collect::<Vec<_>>(), ["connection.ended"]);
}

#[tokio::test]
async fn a_receiver_that_is_away_gets_everything_once_it_is_back_also_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let product = Product::start_in(folder.path(), None).await;
    let receiver = Receiver::of(&product).await;
    *receiver.answer.lock().unwrap() = StatusCode::SERVICE_UNAVAILABLE;
    product.ats().configure("kadry").await.expect(200);
    product.ats().connect("kadry", "anna", ANNA).await.expect(200);
    assert!(receiver.news(&product).await.is_empty());
    let product = Product::start_in(folder.path(), Some(product.crash().await)).await;
    *receiver.answer.lock().unwrap() = StatusCode::OK;
    product.wait(SignedDuration::from_mins(1));
    let kinds: Vec<_> = ids(&receiver.news(&product).await).into_keys().collect();
    assert_eq!(kinds, ["connection.made", "customer.configured"]);
    product.wait(SignedDuration::from_hours(1));
    assert!(receiver.news(&product).await.is_empty());
}

#[tokio::test]
async fn an_intake_link_is_told_when_it_is_opened_and_when_its_form_fails_and_when_it_succeeds() {
    let product = Product::start().await;
    let receiver = Receiver::of(&product).await;
    let link = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    let (browser, url) = (product.browser(), link.text("url").to_owned());
    browser.get(&url).await;
    browser.get(&url).await;
    assert_eq!(receiver.kinds(&product).await, ["intake.opened"]);
    let values = |secret| {
        [("tenant", KADRY_TENANT.to_string()), ("client_id", KADRY_CLIENT_ID.to_string()), ("client_secret", secret)]
    };
    for (secret, kind) in [("wrong".to_owned(), "intake.failed"), (KADRY_SECRET.to_owned(), "customer.configured")] {
        let values = values(secret);
        let fields: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for _ in 0..3 {
            browser.submit(&url, &fields).await;
        }
        assert_eq!(receiver.kinds(&product).await, [kind]);
    }
}

#[tokio::test]
async fn a_credential_that_ends_is_told_five_times_and_once_more_when_it_is_over() {
    let product = Product::start().await;
    let receiver = Receiver::of(&product).await;
    let body = json!({
        "tenant": KADRY_TENANT.to_string(),
        "client_id": KADRY_CLIENT_ID.to_string(),
        "client_secret": KADRY_SECRET,
        "expires_on": "2027-01-25",
    });
    product.ats().call(Method::PUT, "/v1/customers/kadry/credentials", Some(body), &[]).await.expect(200);
    receiver.news(&product).await;
    let mut told = Vec::new();
    for _ in 0..70 {
        product.wait(SignedDuration::from_hours(24));
        run_the_schedule(&product).await;
        told.extend(receiver.news(&product).await);
    }
    let kinds: Vec<_> = told.iter().map(|document| document["type"].as_str().unwrap()).collect();
    let mut expected = vec!["credential.expiring"; 5];
    expected.push("credential.expired");
    assert_eq!(kinds, expected);
    assert!(told.iter().all(|document| document["data"]["expires_on"] == "2027-01-25"));
    let all: BTreeSet<_> = told.iter().map(|document| document["id"].to_string()).collect();
    assert_eq!(all.len(), 6);
}

#[tokio::test]
async fn an_app_that_stops_working_and_works_again_is_told_once_each() {
    let product = Product::with_anna().await;
    let receiver = Receiver::of(&product).await;
    receiver.news(&product).await;
    let check = async || product.ats().post("/v1/customers/kadry/check", json!({})).await.expect(200);
    product.microsoft.apply(DirectoryEvent::DisableApp { client_id: KADRY_CLIENT_ID }).unwrap();
    check().await;
    let news = receiver.news(&product).await;
    assert_eq!(ids(&news).into_keys().collect::<Vec<_>>(), ["customer.blocked"]);
    assert_eq!(news[0]["data"]["actor"], "customer_admin");
    assert_eq!(news[0]["data"]["finding"]["code"], "app_disabled");
    check().await;
    assert_eq!(ids(&receiver.news(&product).await), ids(&news), "the same fact has the same id");
    product.microsoft.apply(DirectoryEvent::EnableApp { client_id: KADRY_CLIENT_ID }).unwrap();
    check().await;
    assert_eq!(receiver.kinds(&product).await, ["customer.recovered"]);
    check().await;
    assert!(receiver.news(&product).await.is_empty(), "that it works is no news");
}

#[tokio::test]
async fn consent_and_a_sign_in_test_are_told_as_they_ended() {
    let product = Product::start().await;
    let receiver = Receiver::of(&product).await;
    let stored = product.ats().configure("kadry").await.expect(200);
    receiver.news(&product).await;
    for (decision, kind) in [("decline", "consent.declined"), ("accept", "consent.granted")] {
        let browser = product.browser();
        let returned = browser.submit(stored.text("consent_url"), &[("user", ADMIN), ("decision", decision)]).await;
        browser.get(returned.location().as_str()).await;
        assert_eq!(receiver.kinds(&product).await, [kind]);
    }
    for (account, kind) in [(ANNA, "sign_in_test.passed"), (UNLICENSED, "sign_in_test.failed")] {
        let browser = product.browser();
        let back = browser.sign_in_at_microsoft(stored.text("test_sign_in_url"), account).await;
        browser.get(back.as_str()).await;
        let news = receiver.news(&product).await;
        assert_eq!(ids(&news).into_keys().collect::<Vec<_>>(), [kind]);
        assert_eq!(news[0]["data"].get("finding").is_some(), kind == "sign_in_test.failed");
    }
}

#[tokio::test]
async fn a_renewed_credential_is_told_and_that_the_customer_works_again() {
    let product = Product::with_anna().await;
    let receiver = Receiver::of(&product).await;
    receiver.news(&product).await;
    product.ats().configure("kadry").await.expect(200);
    assert_eq!(receiver.kinds(&product).await, ["credential.renewed"]);
    product.microsoft.apply(DirectoryEvent::DisableApp { client_id: KADRY_CLIENT_ID }).unwrap();
    product.ats().post("/v1/customers/kadry/check", json!({})).await.expect(200);
    receiver.news(&product).await;
    product.microsoft.apply(DirectoryEvent::EnableApp { client_id: KADRY_CLIENT_ID }).unwrap();
    product.ats().configure("kadry").await.expect(200);
    assert_eq!(receiver.kinds(&product).await, ["credential.renewed", "customer.recovered"]);
}

#[tokio::test]
async fn another_app_of_a_blocked_customer_begins_anew_and_nobody_is_told_that_it_recovered() {
    let product = Product::with_anna().await;
    let receiver = Receiver::of(&product).await;
    product.microsoft.apply(DirectoryEvent::DisableApp { client_id: KADRY_CLIENT_ID }).unwrap();
    product.ats().post("/v1/customers/kadry/check", json!({})).await.expect(200);
    receiver.news(&product).await;
    let other = product.another_app();
    product.microsoft.apply(DirectoryEvent::EnableApp { client_id: other }).unwrap();
    product.ats().configure_app("kadry", other).await.expect(200);
    assert_eq!(receiver.kinds(&product).await, ["customer.configured"]);
    product.ats().post("/v1/customers/kadry/check", json!({})).await.expect(200);
    assert!(receiver.news(&product).await.is_empty(), "this app was never blocked");
}
