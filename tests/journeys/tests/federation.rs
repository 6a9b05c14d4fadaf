//! An app without a secret: it trusts our issuer, nothing secret passes through anybody's hands, and nothing expires.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

use microsoft_simulator::demo::{ANNA, JAN, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT};
use microsoft_simulator::{DirectoryEvent, SimulatedFederatedCredential};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::types::clock::SignedDuration;
use test_support::browser::{PageResponse, TestBrowser};
use test_support::product::Product;

const CREDENTIALS: &str = "/v1/customers/kadry/credentials";
const TRUST: &str = "/v1/customers/kadry/federation";
const KEYS: &str = "/.well-known/jwks.json";

async fn link(product: &Product) -> String {
    // What was handed over in the same moment would spend it.
    product.wait(SignedDuration::from_mins(1));
    let link = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    product.wait(SignedDuration::from_mins(1));
    link.text("url").to_owned()
}

/// The three values, as the administrator copies them from the page.
async fn copied(browser: &TestBrowser, link: &str) -> [String; 3] {
    let made = browser.send(Method::POST, &format!("{link}/federation"), Some(String::new()), &[]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{made:?}");
    let page = browser.get(link).await.text;
    ["issuer", "subject", "audience"].map(|name| {
        let after = page.split_once(&format!("<code class=\"value\" id=\"{name}\">")).unwrap().1;
        after.split_once('<').unwrap().0.to_owned()
    })
}

fn trust(product: &Product, [issuer, subject, audience]: [String; 3]) {
    let (name, audiences) = ("teams-connect".to_owned(), vec![audience]);
    let credential = SimulatedFederatedCredential { name, issuer, subject, audiences };
    let event = DirectoryEvent::AddFederatedCredential { client_id: KADRY_CLIENT_ID, credential };
    product.microsoft.apply(event).unwrap();
}

fn forget_secrets(product: &Product) {
    product.microsoft.apply(DirectoryEvent::RemoveSecrets { client_id: KADRY_CLIENT_ID }).unwrap();
}

async fn send(browser: &TestBrowser, link: &str) -> PageResponse {
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    browser.submit(link, &[("tenant", &tenant), ("client_id", &client_id), ("kind", "federated")]).await
}

fn body() -> Value {
    json!({"tenant": KADRY_TENANT.to_string(), "client_id": KADRY_CLIENT_ID.to_string(), "kind": "federated"})
}

async fn hand_over(product: &Product, status: u16) -> Value {
    product.ats().call(Method::PUT, CREDENTIALS, Some(body()), &[]).await.expect(status).body
}

/// The three values, as the ATS passes them on.
async fn ordered(product: &Product) -> [String; 3] {
    let trust = product.ats().call(Method::POST, TRUST, None, &[]).await.expect(200);
    ["issuer", "subject", "audience"].map(|name| trust.text(name).to_owned())
}

async fn refresh(product: &Product) {
    product.ats().post("/v1/customers/kadry/users/anna/connection/refresh", json!({})).await.expect(200);
}

#[tokio::test]
async fn without_any_secret_an_administrator_is_done_and_recruiters_meet() {
    let product = Product::start_with_issuer(&[]).await;
    forget_secrets(&product);
    let (link, browser) = (link(&product).await, TestBrowser::new("en"));
    let values = copied(&browser, &link).await;
    assert_eq!([&*values[0], &*values[2]], [&*product.base, "api://AzureADTokenExchange"]);
    assert_eq!(copied(&browser, &link).await, values, "asked again, they are the same");
    let page = send(&browser, &link).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("data-code=\"federated_credential_missing\""), "{}", page.text);

    trust(&product, values.clone());
    let page = send(&browser, &link).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains(&values[1]), "the receipt names the subject: {}", page.text);
    let ats = product.ats();
    let known = ats.get("/v1/customers/kadry").await.expect(200).body;
    assert_eq!((&known["kind"], &known["expires_on"]), (&json!("federated"), &json!(null)));
    assert_eq!((&known["fingerprint"], &known["findings"]), (&json!(values[1]), &json!([])));

    ats.connect("kadry", "anna", ANNA).await.expect(200);
    ats.order("kadry", "anna", "order-1").await.expect(201);
    refresh(&product).await;
    let checked = ats.call(Method::POST, "/v1/customers/kadry/check", None, &[]).await.expect(200);
    assert_eq!(checked.body["findings"], json!([]));

    // The keys are rotated; nobody does anything, though Entra looks for keys once an hour only.
    let secrets = product.parts.vault.deployment_secrets();
    product.wait(SignedDuration::from_hours(30));
    secrets.rotate_issuer(product.parts.clock.now()).await.unwrap();
    product.wait(SignedDuration::from_mins(2));
    refresh(&product).await;
    ats.order("kadry", "anna", "order-2").await.expect(201);
    product.wait(SignedDuration::from_hours(30));
    refresh(&product).await;

    // A key is stolen.
    let stolen = secrets.issuer().await.unwrap().signing.unwrap();
    secrets.withdraw_issuer_key(&stolen, product.parts.clock.now()).await.unwrap();
    product.wait(SignedDuration::from_mins(2));
    let keys = browser.get(&format!("{}{KEYS}", product.base)).await;
    assert!(keys.status == StatusCode::OK && !keys.text.contains(&stolen), "{}", keys.text);
    refresh(&product).await;

    // Two years later no reminder was due, and after the offboarding nobody is called the same.
    product.wait(SignedDuration::from_hours(24 * 730));
    let listed = ats.get("/v1/customers?expiring_within=1100d").await.expect(200);
    assert_eq!(listed.body["customers"], json!([]), "nothing expires");
    let listed = ats.get("/v1/customers").await.expect(200);
    assert_eq!(listed.body["customers"][0]["kind"], "federated");
    ats.delete("/v1/customers/kadry").await.expect(204);
    assert_ne!(ordered(&product).await[1], values[1]);
    let refused = hand_over(&product, 422).await;
    assert_eq!(refused["findings"][0]["code"], "federated_subject_wrong", "the app trusts another subject");
}

#[tokio::test]
async fn the_value_that_differs_is_shown_beside_the_right_one() {
    let product = Product::start_with_issuer(&[]).await;
    let (link, browser) = (link(&product).await, TestBrowser::new("pl"));
    let right = copied(&browser, &link).await;
    for (place, code) in
        ["federated_issuer_wrong", "federated_subject_wrong", "federated_audience_wrong"].iter().enumerate()
    {
        let mut values = right.clone();
        values[place].push('x');
        trust(&product, values);
        let page = send(&browser, &link).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let shown = page.text.split_once(&format!("data-code=\"{code}\"")).unwrap().1.split_once("</li>").unwrap().0;
        assert!(shown.contains(&format!("<code class=\"value\">{}</code>", right[place])), "{code}: {shown}");
        product.microsoft.apply(DirectoryEvent::RemoveFederatedCredentials { client_id: KADRY_CLIENT_ID }).unwrap();
    }
    assert!(page_selects(&browser.get(&link).await, "federated"));
}

fn page_selects(page: &PageResponse, kind: &str) -> bool {
    page.text.contains(&format!("value=\"{kind}\" checked"))
}

#[tokio::test]
async fn the_kind_changes_both_ways_and_nobody_is_signed_out() {
    let product = Product::start_with_issuer(&[]).await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    let values = ordered(&product).await;
    trust(&product, values.clone());
    assert_eq!(hand_over(&product, 200).await["kind"], "federated");
    forget_secrets(&product);
    refresh(&product).await;
    ats.order("kadry", "anna", "order-1").await.expect(201);

    // A part of Entra has forgotten the trust; the former secret is tried once, and it is gone.
    product.microsoft.apply(DirectoryEvent::RemoveFederatedCredentials { client_id: KADRY_CLIENT_ID }).unwrap();
    let refused = ats.post("/v1/customers/kadry/users/anna/connection/refresh", json!({})).await.expect(409);
    assert_eq!(refused.body["findings"][0]["code"], "federated_credential_missing");
    trust(&product, values.clone());

    // And back again, with a link.
    let event = DirectoryEvent::AddSecret { client_id: KADRY_CLIENT_ID, value: KADRY_SECRET.to_owned() };
    product.microsoft.apply(event).unwrap();
    let (link, browser) = (link(&product).await, TestBrowser::new("en"));
    assert!(page_selects(&browser.get(&link).await, "federated"), "as it is now");
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    let fields =
        [("tenant", &*tenant), ("client_id", &client_id), ("kind", "client_secret"), ("client_secret", KADRY_SECRET)];
    let page = browser.submit(&link, &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    product.microsoft.apply(DirectoryEvent::RemoveFederatedCredentials { client_id: KADRY_CLIENT_ID }).unwrap();
    refresh(&product).await;
    ats.connect("kadry", "jan", JAN).await.expect(200);
    let state = ats.get("/v1/customers/kadry/users/anna/connection").await.expect(200);
    assert_eq!(state.body["state"], "active");
    assert_eq!(ordered(&product).await, values, "the customer is called the same");
}

#[tokio::test]
async fn another_customer_is_called_something_else() {
    let product = Product::start_with_issuer(&[]).await;
    let ours = ordered(&product).await;
    let other = product.ats().call(Method::POST, "/v1/customers/praca/federation", None, &[]).await.expect(200);
    assert_eq!((other.text("issuer"), other.text("audience")), (&*ours[0], &*ours[2]));
    assert_ne!(other.text("subject"), ours[1]);
}

#[tokio::test]
async fn a_deployment_without_keys_offers_nothing() {
    let product = Product::start().await;
    let (link, browser) = (link(&product).await, TestBrowser::new("en"));
    assert!(!browser.get(&link).await.text.contains("id=\"federation\""));
    let made = browser.send(Method::POST, &format!("{link}/federation"), Some(String::new()), &[]).await;
    assert_eq!(made.status, StatusCode::NOT_FOUND);
    for path in [KEYS, "/.well-known/openid-configuration"] {
        assert_eq!(browser.get(&format!("{}{path}", product.base)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    product.ats().call(Method::POST, TRUST, None, &[]).await.expect(404);
    assert_eq!(hand_over(&product, 422).await["errors"][0]["field"], "kind");
}

#[tokio::test]
async fn the_values_are_made_by_a_button_and_by_nothing_that_only_looks() {
    let product = Product::start_with_issuer(&[]).await;
    let (link, browser) = (link(&product).await, TestBrowser::new("pl"));
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(browser.send(method, &link, None, &[]).await.status, StatusCode::OK);
    }
    let place = format!("{link}/federation");
    let elsewhere = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    let forged = browser.send(Method::POST, &place, Some(String::new()), &elsewhere).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let page = browser.get(&link).await.text;
    assert!(page.contains("Pokaż wartości do wpisania") && !page.contains("id=\"subject\""), "{page}");
    let unknown = format!("{}/intake/v4.local.AAAA/federation", product.base);
    assert_eq!(browser.send(Method::POST, &unknown, Some(String::new()), &[]).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn the_issuer_has_an_address_of_its_own_where_one_is_set() {
    let product = Product::start_with_issuer(&[("ISSUER_URL", "https://issuer.ats.example/")]).await;
    assert_eq!(ordered(&product).await[0], "https://issuer.ats.example");
    let browser = TestBrowser::new("en");
    let page = browser.get(&format!("{}/.well-known/openid-configuration", product.base)).await;
    let document: Value = serde_json::from_str(&page.text).unwrap();
    assert_eq!(document["issuer"], "https://issuer.ats.example");
    assert_eq!(document["jwks_uri"], "https://issuer.ats.example/.well-known/jwks.json");
    assert_eq!(page.headers["cache-control"], "public, max-age=300");
    let tag = page.headers["etag"].to_str().unwrap().to_owned();
    let again = [("if-none-match", tag.as_str())];
    let known =
        browser.send(Method::GET, &format!("{}/.well-known/openid-configuration", product.base), None, &again).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
}
