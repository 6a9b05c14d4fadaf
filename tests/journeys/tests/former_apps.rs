//! What becomes of a customer's former app, and of the answers that are meant for another one.
#![cfg(test)]

use microsoft_simulator::demo::{
    ANNA, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT, PRACA_CLIENT_ID, PRACA_SECRET, PRACA_TENANT,
};
use microsoft_simulator::{FaultEffect, FaultRule, Operation};
use refresh::{Refresh, keep_alive};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::adapters::vault::backend::memory::{InjectedFault, VaultOperation};
use shared::types::clock::SignedDuration;
use test_support::ats::{AtsAnswer, connection};
use test_support::browser::query_of;
use test_support::product::Product;

fn kadry() -> Value {
    json!({ "tenant": KADRY_TENANT.to_string(), "client_id": KADRY_CLIENT_ID.to_string(), "client_secret": KADRY_SECRET })
}

fn praca() -> Value {
    json!({ "tenant": PRACA_TENANT.to_string(), "client_id": PRACA_CLIENT_ID.to_string(), "client_secret": PRACA_SECRET })
}

async fn put(product: &Product, customer: &str, credentials: Value) -> AtsAnswer {
    let path = format!("/v1/customers/{customer}/credentials");
    product.ats().call(Method::PUT, &path, Some(credentials), &[]).await
}

async fn consent(product: &Product, customer: &str) -> Value {
    product.ats().get(&format!("/v1/customers/{customer}")).await.expect(200).body["consent"]["state"].clone()
}

/// Entra's next answer about credentials neither accepts nor refuses them.
fn prove_nothing(product: &Product) {
    let strange = FaultEffect::entra_error("unsupported_grant_type", 70003);
    product.microsoft.faults().add(FaultRule::once(Operation::TokenClientCredentials, strange));
}

#[tokio::test]
async fn a_minute_after_a_customer_has_another_app_nobody_meets_with_tokens_of_the_former_one() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    // Another process, which began half a minute later.
    let other = product.cold().await;
    ats.order("kadry", "anna", "before").await.expect(201);
    product.wait(SignedDuration::from_secs(30));
    other.order("kadry", "anna", "before-too").await.expect(201);
    put(&product, "kadry", praca()).await.expect(200);
    product.wait(SignedDuration::from_secs(60));
    product.microsoft.clear_requests();
    for (number, ats) in [ats, other].into_iter().enumerate() {
        let refused = ats.order("kadry", "anna", &format!("after-{number}")).await.expect(409);
        assert_eq!((refused.text("code"), refused.text("outcome")), ("reauth_required", "pending_reauth"));
    }
    assert_eq!(product.microsoft.requests().len(), 0, "nobody was asked in the name of the former company");
    // The former app is the customer's again, and so is what she agreed to.
    put(&product, "kadry", kadry()).await.expect(200);
    product.wait(SignedDuration::from_secs(60));
    product.ats().order("kadry", "anna", "again").await.expect(201);
}

#[tokio::test]
async fn a_hand_over_after_an_offboarding_that_is_given_up_anywhere_brings_nothing_back() {
    let (operations, mut given_up) = ([VaultOperation::Restore, VaultOperation::Tag, VaultOperation::Put], 0);
    for (operation, fault) in operations
        .into_iter()
        .flat_map(|operation| [(operation, InjectedFault::Unavailable), (operation, InjectedFault::ResponseLost)])
    {
        let product = Product::with_anna().await;
        let ats = product.ats();
        let link = ats.connect_link("kadry", "jan").await;
        ats.delete("/v1/customers/kadry").await.expect(204);
        product.wait(SignedDuration::from_mins(1));
        let memory = product.memory.as_ref().unwrap();
        for _ in 0..10 {
            memory.fail_next(operation, fault);
        }
        let told = put(&product, "kadry", kadry()).await;
        given_up += usize::from(told.status == StatusCode::SERVICE_UNAVAILABLE);
        memory.clear_faults();
        if told.status != StatusCode::OK {
            let known = ats.get("/v1/customers/kadry").await;
            assert_eq!(known.status, StatusCode::GONE, "{operation:?} {fault:?}: {:?}", known.body);
            assert_eq!(product.browser().get(&link).await.status, StatusCode::GONE, "{operation:?} {fault:?}");
            product.wait(SignedDuration::from_secs(1));
            put(&product, "kadry", kadry()).await.expect(200);
        }
        ats.order("kadry", "anna", "order").await.expect(404);
        ats.get(&connection("kadry", "anna")).await.expect(404);
        assert_eq!(product.browser().get(&link).await.status, StatusCode::GONE, "{operation:?} {fault:?}");
        ats.connect("kadry", "anna", ANNA).await.expect(200);
    }
    assert!(given_up >= 4, "{given_up}");
}

#[tokio::test]
async fn an_app_is_claimed_when_it_is_proved_also_if_it_was_stored_before() {
    for by_schedule in [false, true] {
        let product = Product::start().await;
        prove_nothing(&product);
        put(&product, "kadry", kadry()).await.expect(200);
        if by_schedule {
            product.wait(SignedDuration::from_hours(25));
            keep_alive(&Refresh::new(&product.parts), SignedDuration::from_mins(1)).await.unwrap();
        } else {
            product.ats().post("/v1/customers/kadry/check", Value::Null).await.expect(200);
        }
        let verified = product.ats().get("/v1/customers/kadry").await.expect(200).body["verified_at"].clone();
        assert!(verified.is_string(), "{verified}");
        product.wait(SignedDuration::from_hours(1));
        let refused = put(&product, "other", kadry()).await.expect(422);
        assert_eq!(refused.body["findings"][0]["code"], "app_of_another_customer", "by the schedule: {by_schedule}");
    }
}

#[tokio::test]
async fn who_proves_an_app_first_has_it_and_whoever_stored_it_unproved_is_told() {
    let product = Product::start().await;
    prove_nothing(&product);
    put(&product, "stranger", kadry()).await.expect(200);
    put(&product, "kadry", kadry()).await.expect(200);
    product.wait(SignedDuration::from_hours(1));
    let checked = product.ats().post("/v1/customers/stranger/check", Value::Null).await.expect(200);
    assert_eq!(checked.body["findings"][0]["code"], "app_of_another_customer", "{:?}", checked.body);
    assert_eq!(checked.body["verified_at"], Value::Null);
    let known = product.ats().get("/v1/customers/stranger").await.expect(200);
    assert_eq!(known.body["verified_at"], Value::Null);
    product.ats().post("/v1/customers/kadry/check", Value::Null).await.expect(200);
    assert!(product.ats().get("/v1/customers/kadry").await.expect(200).body["verified_at"].is_string());
}

#[tokio::test]
async fn the_answer_of_another_tenant_to_a_request_for_consent_changes_nothing() {
    let product = Product::start().await;
    let stored = product.ats().configure("kadry").await.expect(200);
    let state = query_of(&stored.text("consent_url").parse().unwrap(), "state");
    let answer = async |query: &str| {
        let back = format!("{}/oauth/callback?admin_consent=True&state={state}{query}", product.base);
        product.browser().get(&back).await.status
    };
    let (other, declined) = (format!("&tenant={PRACA_TENANT}"), "&error=access_denied&error_subcode=cancel");
    let strange = [
        other.clone(),
        String::new(),
        "&tenant=kadry.example".to_owned(),
        "&tenant=".to_owned(),
        format!("&tenant={KADRY_TENANT}&tenant={KADRY_TENANT}"),
        format!("{other}{declined}"),
    ];
    for query in &strange {
        assert_eq!(answer(query).await, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(consent(&product, "kadry").await, "unknown", "{query}");
    }
    assert_eq!(answer(&format!("&tenant={KADRY_TENANT}")).await, StatusCode::OK);
    assert_eq!(consent(&product, "kadry").await, "reported");
    for query in &strange {
        answer(query).await;
        assert_eq!(consent(&product, "kadry").await, "reported", "{query}");
    }
}
