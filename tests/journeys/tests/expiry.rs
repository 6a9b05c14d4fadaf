//! A credential that ends: found, counted, listed and said in time.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

use microsoft_simulator::demo::{ANNA, JAN, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT};
use microsoft_simulator::{DirectoryEvent, FaultEffect, FaultRule, Operation};
use refresh::{Refresh, keep_alive};
use reqwest::Method;
use serde_json::{Value, json};
use shared::types::clock::SignedDuration;
use test_support::product::Product;

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn configure(product: &Product, expires_on: &str) -> Value {
    let body = json!({
        "tenant": KADRY_TENANT.to_string(),
        "client_id": KADRY_CLIENT_ID.to_string(),
        "client_secret": KADRY_SECRET,
        "expires_on": expires_on,
    });
    product.ats().call(Method::PUT, "/v1/customers/kadry/credentials", Some(body), &[]).await.expect(200).body
}

async fn run_the_schedule(product: &Product) {
    keep_alive(&Refresh::new(&product.parts), SignedDuration::from_mins(5)).await.unwrap();
}

async fn known(product: &Product) -> Value {
    product.ats().get("/v1/customers/kadry").await.expect(200).body
}

/// The last reminder that was given.
async fn reminded(product: &Product) -> Option<i32> {
    product.parts.vault.app_reader().summary(&"kadry".parse().unwrap()).await.unwrap().reminded
}

#[tokio::test]
async fn the_doctor_looks_again_when_asked_and_what_was_found_is_known_afterwards() {
    let product = Product::start().await;
    let ats = product.ats();
    assert_eq!(ats.post("/v1/customers/kadry/check", json!({})).await.expect(404).text("code"), "not_found");
    configure(&product, "2028-11-24").await;
    let well = ats.call(Method::POST, "/v1/customers/kadry/check", None, &[]).await.expect(200);
    assert_eq!((&well.body["verified"], &well.body["findings"]), (&json!(true), &json!([])));

    product.microsoft.expire_secret(KADRY_CLIENT_ID).unwrap();
    product.microsoft.set_redirect_uris(&["https://elsewhere.example/".to_owned()]);
    let ill = ats.call(Method::POST, "/v1/customers/kadry/check", None, &[("accept-language", "pl")]).await.expect(200);
    let codes: Vec<_> = ill.body["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert_eq!(codes, ["secret_expired", "redirect_uri_missing"], "both at once");
    assert_eq!(ill.body["findings"][0]["what"], "Klucz tajny klienta wygasł.");
    assert_eq!(ill.body["findings"][0]["evidence"]["aadsts"], 7_000_222);
    assert!(ill.body["findings"][0]["evidence"]["correlation_id"].is_string());
    let known = known(&product).await;
    assert_eq!(known["findings"][0]["code"], "secret_expired");
    assert!(known["checked_at"].is_string());

    let down = FaultEffect::Answer { status: 503, headers: [].into(), body: String::new() };
    product.microsoft.faults().add(FaultRule::new(Operation::TokenClientCredentials, down).times(2));
    let unknown = ats.call(Method::POST, "/v1/customers/kadry/check", None, &[]).await.expect(503);
    assert_eq!(unknown.text("code"), "microsoft_unavailable", "no answer is no finding");
}

#[tokio::test]
async fn the_ats_asks_whose_credentials_end_soon_and_no_secret_is_read_for_it() {
    let product = Product::start().await;
    configure(&product, "2026-12-24").await;
    let ats = product.ats();
    let listed = async |query: &str| ats.get(&format!("/v1/customers{query}")).await;
    let soon = listed("?expiring_within=30d").await.expect(200).body;
    assert_eq!(soon["customers"][0]["customer"], "kadry");
    assert_eq!(soon["customers"][0]["days_left"], 30);
    assert_eq!(soon["next_page"], Value::Null);
    assert_eq!(listed("?expiring_within=29d").await.expect(200).body["customers"], json!([]));
    assert_eq!(listed("").await.expect(200).body["customers"][0]["expires_on"], "2026-12-24");
    product.wait(DAY * 40);
    assert_eq!(listed("?expiring_within=1d").await.expect(200).body["customers"][0]["days_left"], -10);
    for query in ["?expiring_within=30", "?expiring_within=0d", "?expiring=30d", "?page=nonsense"] {
        assert!(listed(query).await.status.is_client_error(), "{query}");
    }
}

#[tokio::test]
async fn the_schedule_reminds_once_for_each_step_and_a_new_secret_begins_anew() {
    let product = Product::start().await;
    configure(&product, "2027-02-02").await;
    run_the_schedule(&product).await;
    assert_eq!(reminded(&product).await, None, "seventy days are time enough");
    let mut given = Vec::new();
    for _ in 0..70 {
        product.wait(DAY);
        run_the_schedule(&product).await;
        given.extend(reminded(&product).await.filter(|days| given.last() != Some(days)));
    }
    assert_eq!(given, [60, 30, 14, 7, 1]);
    configure(&product, "2028-02-02").await;
    run_the_schedule(&product).await;
    assert_eq!(reminded(&product).await, None);
}

#[tokio::test]
async fn the_schedule_counts_the_connections_and_the_customer_says_how_many() {
    let product = Product::start().await;
    configure(&product, "2028-11-24").await;
    let ats = product.ats();
    for (user, account) in [("anna", ANNA), ("jan", JAN)] {
        ats.connect("kadry", user, account).await.expect(200);
    }
    assert_eq!(known(&product).await["connections"], Value::Null);
    run_the_schedule(&product).await;
    assert_eq!(known(&product).await["connections"], json!({"active": 2, "suspect": 0, "needs_reauth": 0}));
    ats.delete(&test_support::ats::connection("kadry", "jan")).await.expect(204);
    run_the_schedule(&product).await;
    assert_eq!(known(&product).await["connections"]["active"], 1);
}

#[tokio::test]
async fn a_new_secret_signs_nobody_out_and_the_former_serves_until_entra_knows_the_new_one() {
    let product = Product::start().await;
    configure(&product, "2027-01-01").await;
    let ats = product.ats();
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    let value = "nPz8Q~Simulated.Secret_For-Kadry.Polska1".to_owned();
    product.microsoft.apply(DirectoryEvent::AddSecret { client_id: KADRY_CLIENT_ID, value: value.clone() }).unwrap();
    product.wait(SignedDuration::from_mins(1));
    let link = ats.post("/v1/customers/kadry/intake-links", json!({})).await.expect(201).text("url").to_owned();
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    let fields = [("tenant", &*tenant), ("client_id", &client_id), ("client_secret", &value)];
    assert_eq!(product.browser().submit(&link, &fields).await.status, 200);

    let refresh = "/v1/customers/kadry/users/anna/connection/refresh";
    let not_yet_known = FaultEffect::entra_error("invalid_client", 7_000_215);
    product.microsoft.faults().add(FaultRule::once(Operation::TokenRefreshToken, not_yet_known));
    ats.post(refresh, json!({})).await.expect(200);
    // From now on the new one alone works.
    product.microsoft.replace_secret(KADRY_CLIENT_ID, &value).unwrap();
    product.wait(SignedDuration::from_hours(2));
    ats.order("kadry", "anna", "k").await.expect(201);
}
