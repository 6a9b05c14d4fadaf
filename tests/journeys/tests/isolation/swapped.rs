//! Secrets that were swapped in the vault, by hand or by a fault: seen after the read, and nothing is sent to anybody.

use microsoft_simulator::demo::{ANNA, JAN};
use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::adapters::vault::model::{SecretName, VersionStage};
use shared::types::clock::SignedDuration;
use shared::types::secret::{Secret, SecretBody};
use test_support::product::Product;

fn app(customer: &str) -> SecretName {
    format!("teams-connect/customers/{customer}/app").parse().unwrap()
}

fn connections(customer: &str) -> SecretName {
    format!("teams-connect/customers/{customer}/connections").parse().unwrap()
}

/// Writes what lies under one entry under anna's at kadry too, with the access token that lies beside it.
async fn copy_entry(product: &Product, (customer, user): (&str, &str)) {
    let memory = product.memory.as_ref().unwrap();
    let read = async |name| memory.read(&name, VersionStage::Current).await.unwrap();
    let (from, to) = (read(connections(customer)).await, read(connections("kadry")).await);
    let content = |body: &SecretBody| serde_json::from_str::<Value>(body.expose()).unwrap();
    let (from, mut changed) = (content(&from.body), content(&to.body));
    for member in ["entries", "access"] {
        changed[member]["anna"] = from[member][user].clone();
    }
    memory.put(&to.arn, &to.version, SecretBody::from(changed.to_string())).await.unwrap();
    product.wait(SignedDuration::from_mins(2));
}

/// Writes what lies among the claims for the other customer in the place of what lies there for kadry: the claim of an app,
/// or that intake links are withdrawn, by the member that tells them apart.
async fn copy_among_claims(product: &Product, member: &str) {
    let memory = product.memory.as_ref().unwrap();
    let content = |body: &SecretBody| serde_json::from_str::<Value>(body.expose()).unwrap();
    let (mut others, mut kadrys) = (None, None);
    for byte in 0..=u8::MAX {
        let name = format!("teams-connect/claims/{byte:02x}");
        let Some(claims) = memory.stored(&name).map(|claims| content(&claims.body)) else { continue };
        for (key, entry) in claims["entries"].as_object().unwrap() {
            match entry["customer"].as_str() {
                Some("other") if entry[member].is_string() => others = Some(entry.clone()),
                Some("kadry") if entry[member].is_string() => kadrys = Some((name.clone(), key.clone())),
                _ => {}
            }
        }
    }
    let ((name, key), other) = (kadrys.unwrap(), others.unwrap());
    let to = memory.read(&name.parse().unwrap(), VersionStage::Current).await.unwrap();
    let mut changed = content(&to.body);
    changed["entries"][key] = other;
    memory.put(&to.arn, &to.version, SecretBody::from(changed.to_string())).await.unwrap();
}

/// Writes what lies under one name under the other too.
async fn copy(product: &Product, from: &SecretName, to: &SecretName) {
    let memory = product.memory.as_ref().unwrap();
    let body = memory.read(from, VersionStage::Current).await.unwrap().body;
    let held = memory.read(to, VersionStage::Current).await.unwrap();
    memory.put(&held.arn, &held.version, body).await.unwrap();
    // Longer than anything is remembered.
    product.wait(SignedDuration::from_mins(2));
}

async fn two_customers() -> Product {
    let product = Product::start().await;
    let ats = product.ats();
    for customer in ["kadry", "other"] {
        ats.configure_app(customer, product.another_app()).await.expect(200);
        ats.connect(customer, "anna", ANNA).await.expect(200);
    }
    ats.connect("kadry", "jan", JAN).await.expect(200);
    product
}

/// Anna orders nothing, and nobody asks Microsoft for her.
async fn anna_is_refused(product: &Product, what: &str) {
    let asked = product.microsoft.requests().len();
    let refused = product.ats().order("kadry", "anna", "order").await.expect(500);
    assert_eq!((refused.text("code"), refused.text("actor")), ("internal", "operator"), "{what}");
    product.ats().post("/v1/customers/kadry/users/anna/connection/refresh", Value::Null).await.expect(500);
    assert_eq!(product.microsoft.requests().len(), asked, "{what}: Microsoft was not asked");
}

#[tokio::test]
async fn a_connection_of_somebody_else_makes_no_meeting() {
    for (from, what) in [(("kadry", "jan"), "of another recruiter"), (("other", "anna"), "of another customer")] {
        let product = two_customers().await;
        copy_entry(&product, from).await;
        anna_is_refused(&product, what).await;
        product.ats().order("kadry", "jan", "order").await.expect(201);
    }
}

#[tokio::test]
async fn what_is_no_secret_of_the_customers_connections_makes_no_meeting() {
    for (from, what) in [
        (connections("other"), "of another customer"),
        (app("kadry"), "no connections at all"),
        ("teams-connect/sealing-key".parse().unwrap(), "the deployment's own"),
    ] {
        let product = two_customers().await;
        copy(&product, &from, &connections("kadry")).await;
        anna_is_refused(&product, what).await;
        product.ats().order("other", "anna", "order").await.expect(201);
    }
}

#[tokio::test]
async fn an_app_of_another_customer_renews_no_token_and_signs_nobody_in() {
    let product = two_customers().await;
    let link = product.ats().connect_link("kadry", "piotr").await;
    let handle = test_support::browser::query_of(&product.browser().sign_in(&link, ANNA).await, "handle");
    copy(&product, &app("other"), &app("kadry")).await;
    let asked = product.microsoft.requests().len();
    product.ats().post("/v1/customers/kadry/users/anna/connection/refresh", Value::Null).await.expect(500);
    product.ats().complete("kadry", "piotr", &handle).await.expect(500);
    assert_eq!(product.microsoft.requests().len(), asked, "Microsoft was not asked");
}

#[tokio::test]
async fn without_readable_keys_nobody_is_let_in() {
    let product = two_customers().await;
    copy(&product, &app("kadry"), &"teams-connect/api-keys".parse().unwrap()).await;
    let refused = product.ats().order("kadry", "anna", "order").await.expect(500);
    assert_eq!(refused.text("code"), "internal");
}

#[tokio::test]
async fn a_claim_of_another_app_lets_nobody_take_an_app_over_and_keeps_nobody_from_leaving() {
    let product = Product::start().await;
    let (ats, app) = (product.ats(), product.another_app());
    ats.configure_app("kadry", app).await.expect(200);
    ats.configure_app("other", product.another_app()).await.expect(200);
    product.wait(SignedDuration::from_hours(1));
    ats.configure_app("stranger", app).await.expect(422);
    copy_among_claims(&product, "claimed_at").await;
    let refused = ats.configure_app("stranger", app).await.expect(500);
    assert_eq!((refused.text("code"), refused.text("actor")), ("internal", "operator"));
    ats.delete("/v1/customers/kadry").await.expect(204);
}

#[tokio::test]
async fn a_withdrawal_of_somebody_elses_links_lets_no_withdrawn_link_open() {
    let product = two_customers().await;
    let ats = product.ats();
    ats.delete("/v1/customers/other/intake-links").await.expect(204);
    product.wait(SignedDuration::from_secs(1));
    let intake = ats.post("/v1/customers/kadry/intake-links", json!({})).await.expect(201).text("url").to_owned();
    let connect = ats.connect_link("kadry", "anna").await;
    let open = async |link: &str| product.browser().get(link).await.status;
    for (path, link) in [("intake-links", &intake), ("users/anna/connect-links", &connect)] {
        ats.delete(&format!("/v1/customers/kadry/{path}")).await.expect(204);
        assert_eq!(open(link).await, StatusCode::GONE);
    }
    copy_among_claims(&product, "links_withdrawn_at").await;
    assert_eq!(open(&intake).await, StatusCode::INTERNAL_SERVER_ERROR);
    copy_entry(&product, ("kadry", "jan")).await;
    assert_eq!(open(&connect).await, StatusCode::INTERNAL_SERVER_ERROR);
}
