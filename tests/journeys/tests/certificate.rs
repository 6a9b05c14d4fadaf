//! A certificate in place of a secret: made here, registered by the administrator, checked on the spot, and used for
//! everything that a secret is used for.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

use std::sync::Arc;

use microsoft_simulator::demo::{ANNA, JAN, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT};
use microsoft_simulator::{DirectoryEvent, FaultEffect, FaultRule, Operation};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::adapters::vault::pending_key_pairs::CredentialInUse;
use shared::types::clock::SignedDuration;
use test_support::browser::{PageResponse, TestBrowser};
use test_support::gate::{InjectedTrouble, ProxiedCall};
use test_support::product::Product;
use tokio::sync::Notify;

const CREDENTIALS: &str = "/v1/customers/kadry/credentials";

async fn link(product: &Product) -> String {
    // What was handed over in the same moment would spend it.
    product.wait(SignedDuration::from_mins(1));
    let link = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    product.wait(SignedDuration::from_mins(1));
    link.text("url").to_owned()
}

/// What the administrator's browser does before the portal: has a certificate made and downloads it.
async fn certificate(browser: &TestBrowser, link: &str) -> String {
    let made = browser.send(Method::POST, &format!("{link}/certificate"), Some(String::new()), &[]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{made:?}");
    assert!(made.location().as_str().starts_with(link), "{made:?}");
    let page = browser.get(&format!("{link}/certificate")).await;
    assert_eq!(
        (page.status, &page.headers["content-type"]),
        (StatusCode::OK, &"application/pem-certificate-chain".parse().unwrap())
    );
    assert_eq!(page.headers["content-disposition"], "attachment; filename=\"teams-connect.cer\"");
    page.text
}

fn register(product: &Product, file: String) {
    product.microsoft.apply(DirectoryEvent::RegisterCertificate { client_id: KADRY_CLIENT_ID, file }).unwrap();
}

async fn send(browser: &TestBrowser, link: &str) -> PageResponse {
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    browser.submit(link, &[("tenant", &tenant), ("client_id", &client_id), ("kind", "certificate")]).await
}

fn body() -> Value {
    json!({"tenant": KADRY_TENANT.to_string(), "client_id": KADRY_CLIENT_ID.to_string(), "kind": "certificate"})
}

async fn hand_over(product: &Product, status: u16) -> Value {
    product.ats().call(Method::PUT, CREDENTIALS, Some(body()), &[]).await.expect(status).body
}

async fn order_certificate(product: &Product) -> Value {
    product.ats().call(Method::POST, "/v1/customers/kadry/certificate", None, &[]).await.expect(200).body
}

async fn known(product: &Product) -> Value {
    product.ats().get("/v1/customers/kadry").await.expect(200).body
}

#[tokio::test]
async fn without_any_secret_an_administrator_is_done_and_recruiters_meet() {
    let product = Product::start().await;
    product.microsoft.apply(DirectoryEvent::RemoveSecrets { client_id: KADRY_CLIENT_ID }).unwrap();
    let (link, browser) = (link(&product).await, TestBrowser::new("en"));
    let file = certificate(&browser, &link).await;
    let page = send(&browser, &link).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("data-code=\"certificate_not_registered\""), "{}", page.text);

    register(&product, file);
    let page = send(&browser, &link).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let known = known(&product).await;
    assert_eq!((&known["kind"], &known["expires_on"]), (&json!("certificate"), &json!("2028-11-23")));
    let thumbprint = known["fingerprint"].as_str().unwrap();
    assert!(thumbprint.len() == 40 && page.text.contains(thumbprint), "the receipt names it: {thumbprint}");
    assert_eq!(browser.get(&format!("{link}/certificate")).await.status, StatusCode::GONE, "the link is spent");

    let ats = product.ats();
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    ats.order("kadry", "anna", "order-1").await.expect(201);
    ats.post("/v1/customers/kadry/users/anna/connection/refresh", json!({})).await.expect(200);
    let checked = ats.call(Method::POST, "/v1/customers/kadry/check", None, &[]).await.expect(200);
    assert_eq!(checked.body["findings"], json!([]));
    product.wait(SignedDuration::from_hours(24 * 725));
    let checked = ats.call(Method::POST, "/v1/customers/kadry/check", None, &[]).await.expect(200);
    assert_eq!(checked.body["findings"][0]["code"], "expires_soon");
    product.wait(SignedDuration::from_hours(24 * 10));
    let checked = ats.call(Method::POST, "/v1/customers/kadry/check", None, &[]).await.expect(200);
    let codes: Vec<_> = checked.body["findings"].as_array().unwrap().iter().map(|found| &found["code"]).collect();
    assert_eq!(codes, ["certificate_expired"]);
}

#[tokio::test]
async fn a_key_pair_is_made_by_a_button_and_by_nothing_that_only_looks() {
    let product = Product::start().await;
    let (link, browser) = (link(&product).await, TestBrowser::new("pl"));
    let place = format!("{link}/certificate");
    for _ in 0..3 {
        for method in [Method::GET, Method::HEAD] {
            assert_eq!(browser.send(method.clone(), &link, None, &[]).await.status, StatusCode::OK);
            assert_eq!(browser.send(method, &place, None, &[]).await.status, StatusCode::NOT_FOUND);
        }
    }
    let elsewhere = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    let forged = browser.send(Method::POST, &place, Some(String::new()), &elsewhere).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get(&place).await.status, StatusCode::NOT_FOUND);
    assert!(browser.get(&link).await.text.contains("Utwórz certyfikat"));
    let page = send(&browser, &link).await;
    assert!(page.text.contains("data-code=\"certificate_missing\""), "{}", page.text);

    let file = certificate(&browser, &link).await;
    assert_eq!(certificate(&browser, &link).await, file, "asked again, it is the same");
    let page = browser.get(&link).await;
    assert!(page.text.contains("Pobierz certyfikat") && page.text.contains("value=\"certificate\" checked"));
    let unknown = format!("{}/intake/v4.local.AAAA/certificate", product.base);
    for method in [Method::GET, Method::POST] {
        assert_eq!(browser.send(method, &unknown, None, &[]).await.status, StatusCode::GONE);
    }
}

#[tokio::test]
async fn a_certificate_takes_the_place_of_a_secret_and_the_secret_serves_until_entra_knows() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    let file = order_certificate(&product).await["certificate"].as_str().unwrap().to_owned();
    register(&product, file.clone());
    assert_eq!(hand_over(&product, 200).await["kind"], "certificate");

    // A part of Entra has not heard of the certificate yet.
    product.microsoft.apply(DirectoryEvent::RemoveCertificates { client_id: KADRY_CLIENT_ID }).unwrap();
    let refresh = async || ats.post("/v1/customers/kadry/users/anna/connection/refresh", json!({})).await;
    refresh().await.expect(200);
    ats.connect("kadry", "jan", JAN).await.expect(200);
    product.microsoft.apply(DirectoryEvent::RemoveSecrets { client_id: KADRY_CLIENT_ID }).unwrap();
    let refused = refresh().await.expect(409);
    assert_eq!(refused.body["findings"][0]["code"], "certificate_not_registered");
    product.wait(SignedDuration::from_mins(1));
    register(&product, file);
    refresh().await.expect(200);

    // And back again.
    let value = "nEw8Q~Simulated.Secret_For-Kadry.Polska0".to_owned();
    product.microsoft.apply(DirectoryEvent::AddSecret { client_id: KADRY_CLIENT_ID, value: value.clone() }).unwrap();
    let mut back = body();
    (back["kind"], back["client_secret"]) = (json!("client_secret"), json!(value));
    ats.call(Method::PUT, CREDENTIALS, Some(back), &[]).await.expect(200);
    assert_eq!(known(&product).await["kind"], "client_secret");
    refresh().await.expect(200);
}

#[tokio::test]
async fn a_code_that_nobody_could_redeem_says_what_is_wrong_with_the_new_credential() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    register(&product, order_certificate(&product).await["certificate"].as_str().unwrap().to_owned());
    hand_over(&product, 200).await;
    product.microsoft.apply(DirectoryEvent::RemoveCertificates { client_id: KADRY_CLIENT_ID }).unwrap();
    product.microsoft.apply(DirectoryEvent::RemoveSecrets { client_id: KADRY_CLIENT_ID }).unwrap();
    let refused = ats.connect("kadry", "anna", ANNA).await.expect(409);
    assert_eq!(refused.text("code"), "certificate_not_registered");
    assert_eq!(refused.body["findings"][0]["code"], "certificate_not_registered");
}

#[tokio::test]
async fn an_ats_hands_a_certificate_on_itself() {
    let product = Product::start().await;
    let refused = hand_over(&product, 422).await;
    assert_eq!(refused["findings"][0]["code"], "certificate_missing");
    let certificate = order_certificate(&product).await;
    assert_eq!(order_certificate(&product).await, certificate);
    let refused = hand_over(&product, 422).await;
    assert_eq!(refused["findings"][0]["code"], "certificate_not_registered");
    let mut both = body();
    both["client_secret"] = json!(KADRY_SECRET);
    let both = product.ats().call(Method::PUT, CREDENTIALS, Some(both), &[]).await.expect(422);
    assert_eq!(both.text("code"), "invalid_fields");

    register(&product, certificate["certificate"].as_str().unwrap().to_owned());
    assert_eq!(hand_over(&product, 200).await["fingerprint"], certificate["thumbprint"]);
    assert_ne!(order_certificate(&product).await["thumbprint"], certificate["thumbprint"], "the next is for a renewal");
}

#[tokio::test]
async fn a_renewed_certificate_signs_nobody_out_and_an_interrupted_change_is_no_trap() {
    let product = Product::start().await;
    let ats = product.ats();
    let first = order_certificate(&product).await;
    register(&product, first["certificate"].as_str().unwrap().to_owned());
    hand_over(&product, 200).await;
    ats.connect("kadry", "anna", ANNA).await.expect(200);

    let (link, browser) = (link(&product).await, TestBrowser::new("pl"));
    assert!(browser.get(&link).await.text.contains("Odnów certyfikat"));
    let second = certificate(&browser, &link).await;
    assert_ne!(second, first["certificate"]);
    register(&product, second);
    let down = FaultEffect::Answer { status: 503, headers: [].into(), body: String::new() };
    product.microsoft.faults().add(FaultRule::new(Operation::TokenClientCredentials, down).times(2));
    assert_eq!(send(&browser, &link).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(known(&product).await["fingerprint"], first["thumbprint"], "the former one is kept");
    assert_eq!(send(&browser, &link).await.status, StatusCode::OK);
    assert_ne!(known(&product).await["fingerprint"], first["thumbprint"]);
    ats.post("/v1/customers/kadry/users/anna/connection/refresh", json!({})).await.expect(200);
}

#[tokio::test]
async fn an_offboarded_customers_key_is_gone_with_the_rest() {
    let product = Product::start().await;
    let first = order_certificate(&product).await;
    register(&product, first["certificate"].as_str().unwrap().to_owned());
    hand_over(&product, 200).await;
    let waiting = order_certificate(&product).await;
    product.ats().delete("/v1/customers/kadry").await.expect(204);
    let again = order_certificate(&product).await;
    assert!(again["thumbprint"] != waiting["thumbprint"] && again["thumbprint"] != first["thumbprint"]);
}

#[tokio::test]
async fn a_pair_that_was_ordered_beside_an_offboarding_becomes_no_credential() {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    let (customer, tenure) = ("kadry".parse().unwrap(), product.parts.vault.app_writer());
    let tenure = tenure.snapshot(&"kadry".parse().unwrap()).await.unwrap().unwrap().tenure_state();
    product.ats().delete("/v1/customers/kadry").await.expect(204);
    // The order had looked at the customer before.
    let pairs = product.parts.vault.pending_key_pairs("Teams Connect");
    let late = pairs.get_or_create(&customer, CredentialInUse { tenure, fingerprint: None }).await.unwrap();
    register(&product, late.pem());
    assert_eq!(hand_over(&product, 422).await["findings"][0]["code"], "certificate_missing");
    assert_ne!(order_certificate(&product).await["thumbprint"], late.thumbprint());
}

#[tokio::test]
async fn a_pair_that_is_checked_while_its_customer_is_offboarded_is_not_stored() {
    let (product, gate) = Product::start_behind_a_gate().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    register(&product, order_certificate(&product).await["certificate"].as_str().unwrap().to_owned());
    let (came, go_on) = (Arc::<Notify>::default(), Arc::<Notify>::default());
    gate.arm(ProxiedCall::Probe, InjectedTrouble::Holds { came: came.clone(), go_on: go_on.clone() });
    let meanwhile = async {
        came.notified().await;
        ats.delete("/v1/customers/kadry").await.expect(204);
        go_on.notify_one();
    };
    let (handed_over, ()) = tokio::join!(hand_over(&product, 409), meanwhile);
    assert_eq!(handed_over["code"], "conflict");
    assert_eq!(ats.get("/v1/customers/kadry").await.expect(410).text("code"), "offboarded");
}
