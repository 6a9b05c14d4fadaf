//! Called off stays called off: for link, invitation and key, whatever happens at Microsoft.

#![cfg(test)]

use microsoft_simulator::demo::ANNA;
use microsoft_simulator::{FaultEffect, FaultRule, Operation};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::adapters::vault::backend::memory::{InjectedFault, VaultOperation};
use shared::types::clock::SignedDuration;
use test_support::ats::{AtsAnswer, meeting_path};
use test_support::product::Product;

/// The id of the only meeting that was ever made, as Graph has it.
fn graph_id(product: &Product) -> String {
    product.microsoft.meetings()[0].id.clone()
}

/// Nothing leads to the meeting.
async fn assert_cancelled(product: &Product, made: &AtsAnswer) {
    let ats = product.cold().await;
    let page = product.browser().get(made.text("link")).await;
    assert_eq!(page.status, StatusCode::GONE, "{page:?}");
    for gone in [ats.get(&meeting_path(made)).await, ats.get(&format!("{}/invitation.ics", meeting_path(made))).await] {
        assert_eq!(gone.expect(404).text("code"), "meeting_gone");
    }
    let change = ats.call(Method::PATCH, &meeting_path(made), Some(json!({"subject": "x"})), &[]).await;
    assert_eq!(change.expect(404).text("code"), "meeting_gone");
    let again = ats.order("kadry", "anna", "order-1").await.expect(410);
    assert_eq!((again.text("code"), again.text("outcome")), ("order_cancelled", "rejected"));
}

#[tokio::test]
async fn a_cancelled_meeting_that_graph_has_again_stays_cancelled() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    ats.delete(&meeting_path(&made)).await.expect(204);
    assert_cancelled(&product, &made).await;
    product.microsoft.revive_meeting(&graph_id(&product));
    assert_cancelled(&product, &made).await;
    assert_eq!(product.microsoft.meetings().len(), 1, "no order made another");
    ats.delete(&meeting_path(&made)).await.expect(204);
    assert!(product.microsoft.meetings()[0].deleted);
}

#[tokio::test]
async fn a_key_counts_until_thirty_days_after_the_end_of_its_interview() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    ats.delete(&meeting_path(&made)).await.expect(204);
    let later = json!({"start": "2026-12-24T10:00:00Z", "end": "2026-12-24T10:45:00Z"});
    product.wait(SignedDuration::from_hours(24 * 30));
    assert_eq!(ats.order_with("kadry", "anna", "order-1", later).await.expect(410).text("code"), "order_cancelled");
    product.wait(SignedDuration::from_hours(24 * 3));
    let later = json!({"start": "2027-01-24T10:00:00Z", "end": "2027-01-24T10:45:00Z"});
    ats.order_with("kadry", "anna", "order-1", later).await.expect(201);
}

#[tokio::test]
async fn what_the_recruiter_deleted_in_teams_is_cancelled_by_the_ats_all_the_same() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    product.microsoft.delete_meeting(&graph_id(&product));
    ats.delete(&meeting_path(&made)).await.expect(204);
    product.microsoft.revive_meeting(&graph_id(&product));
    assert_cancelled(&product, &made).await;
}

#[tokio::test]
async fn a_cancellation_outlives_new_tokens_a_disconnection_and_a_new_sign_in() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    ats.delete(&meeting_path(&made)).await.expect(204);
    product.microsoft.revive_meeting(&graph_id(&product));
    ats.post("/v1/customers/kadry/users/anna/connection/refresh", json!(null)).await.expect(200);
    assert_cancelled(&product, &made).await;
    ats.delete("/v1/customers/kadry/users/anna/connection").await.expect(204);
    product.wait(SignedDuration::from_mins(2));
    assert_eq!(product.browser().get(made.text("link")).await.status, StatusCode::GONE);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert_cancelled(&product, &made).await;
}

#[tokio::test]
async fn a_link_of_a_cancelled_interview_does_not_work_again_when_its_customer_has_left() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    ats.delete(&meeting_path(&made)).await.expect(204);
    ats.delete("/v1/customers/kadry").await.expect(204);
    // Afterwards too, when nothing is left of the customer.
    for minutes in [2, 60 * 24 * 31] {
        product.wait(SignedDuration::from_mins(minutes));
        assert_eq!(product.browser().get(made.text("link")).await.status, StatusCode::GONE, "{minutes}");
    }
}

#[tokio::test]
async fn a_link_leads_nowhere_while_nobody_knows_whether_its_interview_was_cancelled() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    ats.delete(&meeting_path(&made)).await.expect(204);
    ats.delete("/v1/customers/kadry/users/anna/connection").await.expect(204);
    product.wait(SignedDuration::from_mins(2));
    // The key of links is known again.
    product.browser().get(&format!("{}/m/nonsense", product.base)).await;
    let memory = product.memory.as_ref().unwrap();
    for _ in 0..10 {
        memory.fail_next(VaultOperation::Read, InjectedFault::Unavailable);
    }
    assert_eq!(product.browser().get(made.text("link")).await.status, StatusCode::SERVICE_UNAVAILABLE);
    memory.clear_faults();
    product.wait(SignedDuration::from_secs(5));
    assert_eq!(product.browser().get(made.text("link")).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn an_order_asks_the_vault_for_nothing_more() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    ats.order("kadry", "anna", "order-1").await.expect(201);
    let memory = product.memory.as_ref().unwrap();
    memory.fail_next(VaultOperation::Read, InjectedFault::Unavailable);
    ats.order("kadry", "anna", "order-2").await.expect(201);
}

#[tokio::test]
async fn the_interview_of_a_recruiter_who_must_sign_in_is_cancelled_for_everybody_but_microsoft() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    ats.delete("/v1/customers/kadry/users/anna/connection").await.expect(204);
    product.wait(SignedDuration::from_mins(2));
    ats.delete(&meeting_path(&made)).await.expect(202);
    assert_eq!(product.browser().get(made.text("link")).await.status, StatusCode::GONE);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert_cancelled(&product, &made).await;
    assert!(!product.microsoft.meetings()[0].deleted);
    ats.delete(&meeting_path(&made)).await.expect(204);
    assert!(product.microsoft.meetings()[0].deleted);
}

#[tokio::test]
async fn a_sign_in_in_doubt_is_settled_before_a_meeting_is_left_at_microsoft() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    product.wait(SignedDuration::from_hours(2));
    let refused = FaultEffect::entra_error("invalid_grant", 70_000);
    product.microsoft.faults().add(FaultRule::once(Operation::TokenRefreshToken, refused));
    let doubt = ats.delete(&meeting_path(&made)).await.expect(409);
    assert_eq!((doubt.text("code"), doubt.body["retryable"].as_bool()), ("reauth_required", Some(true)));
    product.wait(SignedDuration::from_mins(2));
    ats.delete(&meeting_path(&made)).await.expect(204);
    assert!(product.microsoft.meetings()[0].deleted);
}
