//! Every journey is watched: it ends with an answer that the contract does not name, and with a secret in the log.
//!
//! The only test of its process: of what is found in the log, whoever is answered next is told, whoever that is.

#![cfg(test)]

use reqwest::{Method, StatusCode};
use test_support::product::{API_KEY, Product};

/// How a request of the ATS ended: with an answer, or with these last words.
async fn asked(product: &Product, method: Method) -> Result<StatusCode, String> {
    let ats = product.ats();
    let asked = tokio::spawn(async move { ats.call(method, "/healthz", None, &[]).await.status }).await;
    asked.map_err(|error| *error.into_panic().downcast::<String>().unwrap())
}

#[tokio::test]
async fn a_journey_ends_with_an_answer_that_nobody_promised_and_with_a_secret_in_the_log() {
    let product = Product::start().await;
    assert_eq!(asked(&product, Method::GET).await, Ok(StatusCode::OK));
    // The document says nothing of this method.
    let ended = asked(&product, Method::OPTIONS).await.unwrap_err();
    assert!(ended.contains("which the contract does not say"), "{ended}");
    tracing::info!("{API_KEY}");
    let ended = asked(&product, Method::GET).await.unwrap_err();
    assert!(ended.contains("secrets are in"), "{ended}");
}
