//! What a browser says when it comes back from Microsoft, anybody can write: it takes nothing back that a sign-in has shown,
//! it is noted and told once, and whoever makes more of our links is not heard more often.
#![cfg(test)]

use microsoft_simulator::demo::{ANNA, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::adapters::vault::backend::memory::VaultOperation;
use shared::types::clock::SignedDuration;
use test_support::browser::{PageResponse, query_of};
use test_support::product::Product;

/// A sign-in test that somebody began, and may end as often as the limit lets him.
struct BegunTest<'a> {
    product: &'a Product,
    cookies: String,
    back: String,
}

impl<'a> BegunTest<'a> {
    async fn with(product: &'a Product, link: &str) -> Self {
        let browser = product.browser();
        let state = query_of(&browser.get(link).await.location(), "state");
        let cookies = browser.cookies_of(product.base.trim_start_matches("http://"));
        Self { product, cookies, back: format!("{}/oauth/callback?state={state}", product.base) }
    }

    async fn ended(&self, query: &str) -> PageResponse {
        self.product.wait(SignedDuration::from_mins(1));
        let back = format!("{}&{query}", self.back);
        self.product.browser().send(Method::GET, &back, None, &[("cookie", &self.cookies)]).await
    }
}

/// What was noted about the customer, how often tags were written, and how many events wait.
async fn noted(product: &Product) -> (Value, usize, usize) {
    let mut known = product.ats().get("/v1/customers/kadry").await.expect(200).body;
    known["consent_url"] = Value::Null;
    known["listed"] = product.ats().get("/v1/customers").await.expect(200).body;
    let written = product.vault_calls().get(&VaultOperation::Tag).copied().unwrap_or_default();
    (known, written, product.queue.count().await.unwrap().0)
}

/// What Microsoft would say with this number.
fn refusal(number: u32) -> String {
    format!("error=access_denied&error_description=AADSTS{number}:%20made%20up")
}

#[tokio::test]
async fn what_a_sign_in_proved_stands_whatever_a_browser_says() {
    let product = Product::with_anna().await;
    let stored = product.ats().configure("kadry").await.expect(200);
    let begun = BegunTest::with(&product, stored.text("test_sign_in_url")).await;
    let before = noted(&product).await;
    let state = &before.0["listed"]["customers"][0]["state"];
    assert_eq!((&before.0["consent"]["state"], state), (&json!("granted"), &json!("ready")));
    for (number, code) in [(7_000_215, "secret_wrong"), (90094, "admin_approval_needed"), (50076, "mfa_needed")] {
        let page = begun.ended(&refusal(number)).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains(&format!("data-code=\"{code}\"")), "{}", page.text);
    }
    assert_eq!(begun.ended("code=made-up").await.status, StatusCode::OK);
    assert_eq!(noted(&product).await, before);
}

#[tokio::test]
async fn before_a_sign_in_proved_anything_a_browser_is_believed_about_the_account_alone_and_told_once() {
    let product = Product::start().await;
    let stored = product.ats().configure("kadry").await.expect(200);
    let begun = BegunTest::with(&product, stored.text("test_sign_in_url")).await;
    let before = noted(&product).await;
    for number in [7_000_215, 7_000_222, 700_016, 500_011, 9_002_325] {
        assert_eq!(begun.ended(&refusal(number)).await.status, StatusCode::OK);
    }
    assert_eq!(noted(&product).await, before, "checks find out about the app");
    begun.ended(&refusal(50076)).await;
    let once = noted(&product).await;
    assert_eq!(once.0["sign_in_test"]["findings"][0]["code"], "mfa_needed");
    assert_eq!((once.1, once.2), (before.1 + 1, before.2 + 1));
    begun.ended(&refusal(50076)).await;
    assert_eq!(noted(&product).await, once);
    begun.ended(&refusal(90094)).await;
    let stopped = noted(&product).await;
    assert_eq!(stopped.0["sign_in_test"]["findings"][0]["code"], "admin_approval_needed");
    begun.ended(&refusal(50076)).await;
    assert_eq!(noted(&product).await, stopped, "consent is missing all the same");
}

#[tokio::test]
async fn a_test_that_passed_is_not_undone_by_a_code_that_somebody_made_up() {
    let product = Product::start().await;
    let stored = product.ats().configure("kadry").await.expect(200);
    let browser = product.browser();
    let back = browser.sign_in_at_microsoft(stored.text("test_sign_in_url"), ANNA).await;
    assert_eq!(browser.get(back.as_str()).await.status, StatusCode::OK);
    let before = noted(&product).await;
    assert_eq!(before.0["consent"]["state"], "granted");
    let begun = BegunTest::with(&product, stored.text("test_sign_in_url")).await;
    assert_eq!(begun.ended("code=made-up").await.status, StatusCode::OK);
    assert_eq!(noted(&product).await, before);
}

#[tokio::test]
async fn an_answer_about_consent_is_noted_when_it_changes_something_and_a_later_refusal_changes_nothing() {
    let product = Product::start().await;
    let stored = product.ats().configure("kadry").await.expect(200);
    let state = query_of(&stored.text("consent_url").parse().unwrap(), "state");
    let before = noted(&product).await;
    let answered = async |granted: bool| {
        product.wait(SignedDuration::from_secs(1));
        let answer = if granted { "admin_consent=True".to_owned() } else { refusal(65004) };
        let back = format!("{}/oauth/callback?{answer}&tenant={KADRY_TENANT}&state={state}", product.base);
        assert_eq!(product.browser().get(&back).await.status, StatusCode::OK);
        let (known, written, events) = noted(&product).await;
        (known["consent"]["state"].clone(), written - before.1, events - before.2)
    };
    for _ in 0..3 {
        assert_eq!(answered(false).await, (json!("declined"), 1, 1));
    }
    for _ in 0..3 {
        assert_eq!(answered(true).await, (json!("reported"), 2, 2));
        assert_eq!(answered(false).await, (json!("reported"), 2, 2));
    }
    product.ats().connect("kadry", "anna", ANNA).await.expect(200);
    let proved = noted(&product).await;
    answered(true).await;
    assert_eq!(noted(&product).await, proved);
}

/// The `state` for consent that the page of a spent intake link offers; each view has another.
async fn state_on(product: &Product, intake_link: &str) -> String {
    let page = product.browser().get(intake_link).await;
    assert_eq!(page.status, StatusCode::OK);
    let (_, state) = page.text.split_once("state=").unwrap();
    state.chars().take_while(|&letter| letter.is_ascii_alphanumeric() || "._-".contains(letter)).collect()
}

#[tokio::test]
async fn the_states_of_one_app_count_together_however_many_a_link_makes() {
    let product = Product::start().await;
    let link = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    let link = link.text("url").to_owned();
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    let fields = [("tenant", &*tenant), ("client_id", &client_id), ("client_secret", KADRY_SECRET)];
    assert_eq!(product.browser().submit(&link, &fields).await.status, StatusCode::OK);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let state = state_on(&product, &link).await;
        let back = format!("{}/oauth/callback?admin_consent=True&tenant={tenant}&state={state}", product.base);
        for _ in 0..40 {
            statuses.push(product.browser().get(&back).await.status);
        }
    }
    let refused = statuses.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count();
    assert_eq!((statuses[149], statuses[150], refused), (StatusCode::OK, StatusCode::TOO_MANY_REQUESTS, 10));
}
