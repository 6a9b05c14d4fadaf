//! Consent is a state of its own, and what is known of the customer's app is told at once.
#![cfg(test)]

use microsoft_simulator::demo::{ADMIN, ANNA, KADRY_CLIENT_ID};
use microsoft_simulator::{DirectoryEvent, FaultEffect, FaultRule, Operation};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::types::clock::SignedDuration;
use test_support::ats::{TestAts, connection};
use test_support::browser::query_of;
use test_support::product::Product;

/// A company whose administrator has not consented yet.
async fn without_consent() -> Product {
    let product = Product::start().await;
    product.microsoft.withdraw_consent(KADRY_CLIENT_ID).unwrap();
    product.ats().configure("kadry").await.expect(200);
    product
}

async fn known(ats: &TestAts) -> Value {
    ats.get("/v1/customers/kadry").await.expect(200).body
}

/// What the customer's page and the check say of consent.
async fn consent(ats: &TestAts) -> Value {
    let checked = ats.post("/v1/customers/kadry/check", Value::Null).await.expect(200).body;
    let known = known(ats).await["consent"].clone();
    assert_eq!(checked["consent"], known);
    known["state"].clone()
}

/// An administrator opens the link and answers.
async fn answered(product: &Product, link: &str, decision: &str) {
    let browser = product.browser();
    let back = browser.submit(link, &[("user", ADMIN), ("decision", decision)]).await.location();
    assert_eq!(browser.get(back.as_str()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn consent_is_unknown_then_declined_then_reported_and_granted_when_a_sign_in_shows_it() {
    let product = without_consent().await;
    let ats = product.ats();
    assert_eq!(consent(&ats).await, "unknown");
    let link = known(&ats).await["consent_url"].as_str().unwrap().to_owned();
    answered(&product, &link, "decline").await;
    assert_eq!(consent(&ats).await, "declined");
    answered(&product, &link, "accept").await;
    assert_eq!(consent(&ats).await, "reported");
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert_eq!(consent(&ats).await, "granted");
    // Another app needs consent of its own.
    ats.configure_app("kadry", product.another_app()).await.expect(200);
    assert_eq!(consent(&ats).await, "unknown");
}

#[tokio::test]
async fn a_recruiter_who_is_stopped_for_want_of_consent_leads_to_the_administrators_link() {
    let product = without_consent().await;
    let (ats, browser) = (product.ats(), product.browser());
    let link = ats.connect_link("kadry", "anna").await;
    let page = browser.get(&link).await.location();
    let stopped = browser.submit(page.as_str(), &[("user", ANNA), ("decision", "accept")]).await;
    assert_eq!(stopped.status, StatusCode::OK, "by default only an administrator may consent");
    assert!(stopped.text.contains("90094"), "{}", stopped.text);

    product
        .microsoft
        .apply(DirectoryEvent::RequireAdminConsent { tenant: microsoft_simulator::demo::KADRY_TENANT, required: false })
        .unwrap();
    for code in [65001, 90094] {
        let refusal = FaultEffect::entra_error("invalid_grant", code);
        product.microsoft.faults().add(FaultRule::once(Operation::TokenAuthorizationCode, refusal));
        let handle = query_of(&product.browser().sign_in(&link, ANNA).await, "handle");
        let refused = ats.complete("kadry", "anna", &handle).await.expect(409);
        assert_eq!((refused.text("actor"), refused.text("outcome")), ("customer_admin", "customer_blocked"));
        let mend = &refused.body["mend"];
        assert_eq!(mend, &json!({ "method": "GET", "url": format!("{}/v1/customers/kadry", product.base) }));
        product.wait(SignedDuration::from_mins(2));
    }
    let known = ats.call(Method::GET, "/v1/customers/kadry", None, &[]).await.expect(200);
    answered(&product, known.text("consent_url"), "accept").await;
    ats.connect("kadry", "anna", ANNA).await.expect(200);
}

#[tokio::test]
async fn a_connection_says_at_once_that_the_customers_app_is_another() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    product.wait(SignedDuration::from_mins(5));
    ats.configure_app("kadry", product.another_app()).await.expect(200);
    let state = ats.get(&connection("kadry", "anna")).await.expect(200);
    assert_eq!((state.text("state"), state.text("reason")), ("needs_reauth", "reauth_required"));
    assert_eq!(state.text("since"), known(&ats).await["submitted_at"].as_str().unwrap());
    // Her access token is good for an hour, and used no longer than it takes to learn of the other app.
    product.wait(SignedDuration::from_mins(1));
    assert_eq!(ats.order("kadry", "anna", "order").await.expect(409).text("code"), "reauth_required");
    // The former app is the customer's again: her sign-in counts again.
    ats.configure("kadry").await.expect(200);
    assert_eq!(ats.get(&connection("kadry", "anna")).await.expect(200).text("state"), "active");
}

#[tokio::test]
async fn a_connection_says_what_the_last_check_found_of_the_app() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    let client_id = KADRY_CLIENT_ID;
    for (broken, mended, reason) in [
        (DirectoryEvent::DisableApp { client_id }, DirectoryEvent::EnableApp { client_id }, "app_disabled"),
        (
            DirectoryEvent::SetEnterpriseApp { client_id, present: false },
            DirectoryEvent::SetEnterpriseApp { client_id, present: true },
            "enterprise_app_missing",
        ),
    ] {
        product.microsoft.apply(broken).unwrap();
        ats.post("/v1/customers/kadry/check", Value::Null).await.expect(200);
        let state = ats.get(&connection("kadry", "anna")).await.expect(200);
        assert_eq!((state.text("state"), state.text("reason")), ("customer_blocked", reason));
        product.microsoft.apply(mended).unwrap();
        ats.post("/v1/customers/kadry/check", Value::Null).await.expect(200);
        assert_eq!(ats.get(&connection("kadry", "anna")).await.expect(200).text("state"), "active");
    }
}
