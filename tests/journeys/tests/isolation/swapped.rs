//! Secrets that were swapped in the vault, by hand or by a fault: seen after the read, and nothing is sent to anybody.

use microsoft_simulator::demo::{ANNA, JAN};
use shared::adapters::vault::model::{SecretName, VersionStage};
use shared::types::clock::SignedDuration;
use test_support::product::Product;

fn app(customer: &str) -> SecretName {
    format!("teams-connect/customers/{customer}/app").parse().unwrap()
}

fn connection(customer: &str, user: &str) -> SecretName {
    format!("teams-connect/customers/{customer}/users/{user}/connection").parse().unwrap()
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

#[tokio::test]
async fn a_connection_of_somebody_else_makes_no_meeting() {
    for (from, what) in [
        (connection("kadry", "jan"), "of another recruiter"),
        (connection("other", "anna"), "of another customer"),
        (app("kadry"), "no connection at all"),
        ("teams-connect/sealing-key".parse().unwrap(), "the deployment's own"),
    ] {
        let product = two_customers().await;
        copy(&product, &from, &connection("kadry", "anna")).await;
        let asked = product.microsoft.requests().len();
        let refused = product.ats().order("kadry", "anna", "order").await.expect(500);
        assert_eq!((refused.text("code"), refused.text("actor")), ("internal", "operator"), "{what}");
        product
            .ats()
            .post("/v1/customers/kadry/users/anna/connection/refresh", serde_json::Value::Null)
            .await
            .expect(500);
        assert_eq!(product.microsoft.requests().len(), asked, "{what}: Microsoft was not asked");
        product.ats().order("kadry", "jan", "order").await.expect(201);
    }
}

#[tokio::test]
async fn an_app_of_another_customer_renews_no_token_and_signs_nobody_in() {
    let product = two_customers().await;
    let link = product.ats().connect_link("kadry", "piotr").await;
    let handle = test_support::browser::query_of(&product.browser().sign_in(&link, ANNA).await, "handle");
    copy(&product, &app("other"), &app("kadry")).await;
    let asked = product.microsoft.requests().len();
    product.ats().post("/v1/customers/kadry/users/anna/connection/refresh", serde_json::Value::Null).await.expect(500);
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
