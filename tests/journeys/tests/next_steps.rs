//! After the credentials: consent for everybody, and the test of a sign-in.

use microsoft_simulator::demo::{
    ADMIN, ANNA, GUEST, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT, PRACA_CLIENT_ID, PRACA_RECRUITER, PRACA_SECRET,
    PRACA_TENANT, UNLICENSED,
};
use microsoft_simulator::{DirectoryEvent, FaultEffect, FaultRule, Operation};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::types::clock::SignedDuration;
use test_support::browser::{PageResponse, TestBrowser};
use test_support::product::Product;

/// The two links of a receipt.
async fn next_steps(product: &Product) -> [String; 2] {
    let received = product.ats().configure("kadry").await.expect(200);
    ["consent_url", "test_sign_in_url"].map(|name| received.text(name).to_owned())
}

async fn answer_consent(browser: &TestBrowser, url: &str, fields: &[(&str, &str)]) -> PageResponse {
    assert_eq!(browser.get(url).await.status, StatusCode::OK);
    let back = browser.submit(url, fields).await.location();
    browser.get(back.as_str()).await
}

async fn test_sign_in(browser: &TestBrowser, link: &str, account: &str) -> PageResponse {
    let back = browser.sign_in_at_microsoft(link, account).await;
    browser.get(back.as_str()).await
}

async fn known(product: &Product) -> Value {
    product.ats().get("/v1/customers/kadry").await.expect(200).body
}

#[tokio::test]
async fn the_receipt_offers_consent_and_a_test_and_shows_three_characters_of_the_secret() {
    let product = Product::start().await;
    let link = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    let fields = [("tenant", &*tenant), ("client_id", &client_id), ("client_secret", KADRY_SECRET)];
    let page = product.browser().submit(link.text("url"), &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    for text in ["/v2.0/adminconsent?client_id=", "/sign-in-test/v4.local.", &KADRY_SECRET[..3]] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    assert!(!page.text.contains(&KADRY_SECRET[..4]));
    assert_eq!(known(&product).await["fingerprint"].as_str().map(str::len), Some(16));
}

#[tokio::test]
async fn consent_that_was_granted_is_shown_and_noted() {
    let product = Product::start().await;
    let [consent, _] = next_steps(&product).await;
    let page = answer_consent(&TestBrowser::new("pl"), &consent, &[("user", ADMIN), ("decision", "accept")]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Udzielono zgody") && page.text.contains("/sign-in-test/"), "{}", page.text);
    assert_eq!(known(&product).await["consent"]["state"], "reported");
    // Nobody is asked any more, not even where only administrators may consent.
    product.microsoft.apply(DirectoryEvent::RequireAdminConsent { tenant: KADRY_TENANT, required: true }).unwrap();
    product.ats().connect("kadry", "anna", ANNA).await.expect(200);
}

#[tokio::test]
async fn consent_that_was_refused_says_so_and_how_to_grant_it_later() {
    let product = Product::start().await;
    let [consent, _] = next_steps(&product).await;
    let page = answer_consent(&product.browser(), &consent, &[("user", ADMIN), ("decision", "decline")]).await;
    assert!(page.text.contains("Consent was not granted") && page.text.contains("sign_in_declined"), "{}", page.text);
    assert_eq!(known(&product).await["consent"]["state"], "declined");
}

#[tokio::test]
async fn a_consent_that_nobody_asked_for_counts_for_nothing() {
    let product = Product::start().await;
    let [consent, _] = next_steps(&product).await;
    let state = test_support::browser::query_of(&consent.parse().unwrap(), "state");
    let browser = product.browser();
    let back = |state: &str| {
        format!("{}/oauth/callback?admin_consent=True&tenant={KADRY_TENANT}&scope=x&state={state}", product.base)
    };
    for forged in ["v4.local.forged", "x", &state[..state.len() - 2]] {
        assert_eq!(browser.get(&back(forged)).await.status, StatusCode::BAD_REQUEST, "{forged}");
    }
    // The seal of a consent does not open a sign-in.
    assert_eq!(browser.get(&format!("{}/oauth/callback?code=abc&state={state}", product.base)).await.status, 400);
    // The consent of a former app is none of the present one.
    let praca = json!({
        "tenant": PRACA_TENANT.to_string(), "client_id": PRACA_CLIENT_ID.to_string(), "client_secret": PRACA_SECRET,
    });
    product.ats().call(Method::PUT, "/v1/customers/kadry/credentials", Some(praca), &[]).await.expect(200);
    assert_eq!(browser.get(&back(&state)).await.status, StatusCode::GONE);
    assert_eq!(known(&product).await["consent"], json!({ "state": "unknown" }));
}

#[tokio::test]
async fn a_tested_sign_in_is_shown_noted_and_kept_for_nobody() {
    let product = Product::start().await;
    let [_, link] = next_steps(&product).await;
    let page = test_sign_in(&TestBrowser::new("pl"), &link, ANNA).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Logowanie działa") && page.text.contains(ANNA), "{}", page.text);
    let known = known(&product).await;
    assert_eq!((&known["sign_in_test"]["passed"], &known["sign_in_test"]["findings"]), (&json!(true), &json!([])));
    assert!(!known.to_string().contains("anna"), "{known}");
    product.ats().get(&test_support::ats::connection("kadry", "anna")).await.expect(404);
    assert_eq!(product.asked("token:authorization_code"), 1);
}

#[tokio::test]
async fn whatever_stands_in_the_way_of_a_sign_in_is_named_on_the_page_of_its_test() {
    let product = Product::start().await;
    let [_, link] = next_steps(&product).await;
    let ended = async |account: &str| {
        product.wait(SignedDuration::from_mins(1));
        let page = test_sign_in(&product.browser(), &link, account).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        page.text
    };
    assert!(ended(GUEST).await.contains("account_is_guest"));
    assert!(ended(UNLICENSED).await.contains("teams_licence_missing"));
    for (effect, code) in [
        (FaultEffect::entra_error("invalid_client", 7_000_222), "secret_expired"),
        (FaultEffect::entra_error("invalid_request", 9_002_325), "redirect_uri_is_spa"),
        (FaultEffect::entra_error("invalid_resource", 500_011), "graph_disabled"),
        (FaultEffect::entra_error("interaction_required", 50076), "mfa_needed"),
        (FaultEffect::entra_error("invalid_grant", 65001), "consent_missing"),
    ] {
        product.microsoft.faults().add(FaultRule::once(Operation::TokenAuthorizationCode, effect));
        assert!(ended(ANNA).await.contains(&format!("data-code=\"{code}\"")), "{code}");
        assert_eq!(known(&product).await["sign_in_test"]["findings"][0]["code"], code);
    }
    let declined = product.browser();
    let back = declined.answer_microsoft(&link, &[("user", ANNA), ("decision", "decline")]).await;
    assert!(declined.get(back.as_str()).await.text.contains("sign_in_declined"));
}

#[tokio::test]
async fn a_meeting_is_tried_only_when_it_is_wished_and_is_deleted_again() {
    let product = Product::start().await;
    let [_, link] = next_steps(&product).await;
    test_sign_in(&product.browser(), &link, ANNA).await;
    assert_eq!(product.microsoft.meetings().len(), 0);
    let with_meeting = format!("{link}?meeting=yes");
    let page = test_sign_in(&product.browser(), &with_meeting, ANNA).await;
    assert!(page.text.contains("Sign-in works"), "{}", page.text);
    let meetings = product.microsoft.meetings();
    assert!(meetings.len() == 1 && meetings[0].deleted, "{meetings:?}");
    let forbidden = FaultEffect::Answer { status: 403, headers: [].into(), body: String::new() };
    product.microsoft.faults().add(FaultRule::once(Operation::GraphCreateOrGet, forbidden));
    assert!(test_sign_in(&product.browser(), &with_meeting, ANNA).await.text.contains("teams_not_available"));
    for query in ["meeting=maybe", "meeting=yes&meeting=yes", "more=yes"] {
        assert_eq!(product.browser().get(&format!("{link}?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn a_test_counts_only_in_the_browser_that_began_it_and_only_for_the_present_app() {
    let product = Product::start().await;
    let [_, link] = next_steps(&product).await;
    let back = product.browser().sign_in_at_microsoft(&link, ANNA).await;
    assert_eq!(product.browser().get(back.as_str()).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(product.asked("token:authorization_code"), 0);
    let browser = product.browser();
    for link in [format!("{}/sign-in-test/v4.local.forged", product.base), link.replace("sign-in-test", "connect")] {
        assert_eq!(browser.get(&link).await.status, StatusCode::GONE, "{link}");
    }
    product.wait(SignedDuration::from_hours(24 * 7));
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
    // A test does not open the door of another tenant.
    let [_, link] = next_steps(&product).await;
    let page = browser.get(&link).await;
    let refused = browser.submit(page.location().as_str(), &[("user", PRACA_RECRUITER), ("decision", "accept")]).await;
    assert!(refused.text.contains("50020"), "{}", refused.text);
}
