//! What becomes of an app without a secret while Entra cannot read our issuer.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

use microsoft_simulator::demo::{ANNA, KADRY_CLIENT_ID, KADRY_TENANT};
use microsoft_simulator::{DirectoryEvent, FaultEffect, FaultRule, Operation, SimulatedFederatedCredential};
use reqwest::Method;
use serde_json::{Value, json};
use test_support::ats::{AtsAnswer, connection};
use test_support::product::Product;

/// Hands the app over, which trusts what the product says.
async fn hand_over(product: &Product) -> AtsAnswer {
    let trust = product.ats().call(Method::POST, "/v1/customers/kadry/federation", None, &[]).await.expect(200);
    let [issuer, subject, audience] = ["issuer", "subject", "audience"].map(|name| trust.text(name).to_owned());
    let credential =
        SimulatedFederatedCredential { name: "teams-connect".to_owned(), issuer, subject, audiences: vec![audience] };
    let event = DirectoryEvent::AddFederatedCredential { client_id: KADRY_CLIENT_ID, credential };
    product.microsoft.apply(event).unwrap();
    let body = json!({ "tenant": KADRY_TENANT, "client_id": KADRY_CLIENT_ID, "kind": "federated" });
    product.ats().call(Method::PUT, "/v1/customers/kadry/credentials", Some(body), &[]).await
}

#[tokio::test]
async fn an_issuer_that_nobody_reaches_is_told_before_anything_is_stored() {
    // Nothing listens at port 1.
    let product = Product::start_with_issuer(&[("ISSUER_URL", "http://127.0.0.1:1")]).await;
    let refused = hand_over(&product).await.expect(422).body;
    let finding = &refused["findings"][0];
    assert_eq!((&finding["code"], &finding["actor"]), (&json!("issuer_unreachable"), &json!("operator")));
    assert_eq!(finding["evidence"]["aadsts"], 501_661);
    product.ats().get("/v1/customers/kadry").await.expect(404);
}

#[tokio::test]
async fn an_issuer_that_entra_cannot_read_is_the_operators_and_nobody_is_signed_out() {
    let product = Product::start_with_issuer(&[]).await;
    hand_over(&product).await.expect(200);
    product.ats().connect("kadry", "anna", ANNA).await.expect(200);
    let refresh = format!("{}/refresh", connection("kadry", "anna"));
    for (error, number, code) in
        [("invalid_request", 501_661, "issuer_unreachable"), ("invalid_client", 700_027, "federation_refused")]
    {
        let effect = FaultEffect::entra_error(error, number);
        product.microsoft.faults().add(FaultRule::new(Operation::TokenRefreshToken, effect));
        let answer = product.ats().call(Method::POST, &refresh, Some(Value::Null), &[]).await.expect(502);
        assert!(answer.headers.contains_key("retry-after"), "{:?}", answer.headers);
        assert_eq!(answer.body["findings"][0]["code"], code);
        assert_eq!(answer.body["findings"][0]["actor"], "operator");
        product.microsoft.faults().clear();
        let state = product.ats().get(&connection("kadry", "anna")).await.expect(200).body;
        assert_eq!(state["state"], "active");
        product.ats().post(&refresh, json!({})).await.expect(200);
    }
}
