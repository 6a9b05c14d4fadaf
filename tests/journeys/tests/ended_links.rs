//! What was handed out before a customer was offboarded works no more afterwards, and nobody is kept out by credentials that
//! proved nothing.

use microsoft_simulator::demo::{
    ANNA, JAN, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT, PRACA_CLIENT_ID, PRACA_SECRET, PRACA_TENANT,
};
use microsoft_simulator::{FaultEffect, FaultRule, Operation};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::types::clock::SignedDuration;
use test_support::browser::{PageResponse, query_of};
use test_support::product::{Product, led};

/// Tenant, client id and secret.
type Values = (String, String, &'static str);

async fn link(product: &Product) -> String {
    let order = json!({ "expires_in": 30 * 24 * 3_600 });
    product.ats().post("/v1/customers/kadry/intake-links", order).await.expect(201).text("url").to_owned()
}

async fn withdraw(product: &Product, links: &str) {
    product.ats().delete(&format!("/v1/customers/kadry/{links}")).await.expect(204);
}

async fn open(product: &Product, link: &str) -> StatusCode {
    product.browser().get(link).await.status
}

async fn submit(product: &Product, link: &str, (tenant, client_id, secret): Values) -> PageResponse {
    let fields = [("tenant", &*tenant), ("client_id", &client_id), ("client_secret", secret)];
    product.browser().submit(link, &fields).await
}

fn kadry() -> Values {
    (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string(), KADRY_SECRET)
}

fn praca() -> Values {
    (PRACA_TENANT.to_string(), PRACA_CLIENT_ID.to_string(), PRACA_SECRET)
}

async fn offboard(product: &Product) {
    product.ats().delete("/v1/customers/kadry").await.expect(204);
}

/// Entra's next answer about credentials neither accepts nor refuses them.
fn prove_nothing(product: &Product) {
    let strange = FaultEffect::entra_error("unsupported_grant_type", 70003);
    product.microsoft.faults().add(FaultRule::once(Operation::TokenClientCredentials, strange));
}

#[tokio::test]
async fn a_link_that_was_used_does_not_bring_an_offboarded_customer_back() {
    let product = Product::start().await;
    let used = link(&product).await;
    assert_eq!(submit(&product, &used, kadry()).await.status, StatusCode::OK);
    offboard(&product).await;
    assert_eq!(open(&product, &used).await, StatusCode::GONE);
    for values in [kadry(), praca()] {
        assert_eq!(submit(&product, &used, values).await.status, StatusCode::GONE);
    }
    let new = link(&product).await;
    assert_eq!(submit(&product, &new, praca()).await.status, StatusCode::OK, "the new administrator's link works");
    assert_eq!(open(&product, &used).await, StatusCode::GONE);
}

#[tokio::test]
async fn a_link_that_was_never_used_ends_with_the_customer_too() {
    let product = Product::start().await;
    let before = link(&product).await;
    product.ats().configure("kadry").await.expect(200);
    product.wait(SignedDuration::from_secs(1));
    let during = link(&product).await;
    assert_eq!(open(&product, &during).await, StatusCode::OK);
    offboard(&product).await;
    let after = link(&product).await;
    for (link, status) in [(&before, StatusCode::GONE), (&during, StatusCode::GONE), (&after, StatusCode::OK)] {
        assert_eq!(open(&product, link).await, status);
    }
    // The record of the former customer is purged in the end, which changes nothing.
    product.wait(SignedDuration::from_hours(24 * 30 - 1));
    for (link, status) in [(&before, StatusCode::GONE), (&during, StatusCode::GONE), (&after, StatusCode::OK)] {
        assert_eq!(open(&product, link).await, status);
    }
    product.wait(SignedDuration::from_hours(2));
    for link in [&before, &during, &after] {
        assert_eq!(open(&product, link).await, StatusCode::GONE, "no link lives longer than the record");
    }
}

#[tokio::test]
async fn credentials_that_proved_nothing_do_not_keep_the_owner_out() {
    let product = Product::start().await;
    prove_nothing(&product);
    let garbage = json!({
        "tenant": KADRY_TENANT.to_string(),
        "client_id": KADRY_CLIENT_ID.to_string(),
        "client_secret": "abC8Q~garbage-garbage-garbage-garbage",
    });
    let stored =
        product.ats().call(Method::PUT, "/v1/customers/stranger/credentials", Some(garbage), &[]).await.expect(200);
    assert_eq!(stored.body["verified_at"], Value::Null);
    // At once, and later too.
    product.ats().configure("kadry").await.expect(200);
    product.wait(SignedDuration::from_hours(1));
    product.ats().configure("kadry").await.expect(200);
    // Whoever has proved nothing does not get what somebody works with.
    prove_nothing(&product);
    let refused = product.ats().configure("other").await.expect(422);
    assert_eq!(refused.body["findings"][0]["code"], "app_of_another_customer");
}

#[tokio::test]
async fn no_link_changes_an_app_with_which_somebody_signed_in() {
    let product = Product::start().await;
    prove_nothing(&product);
    product.ats().configure("kadry").await.expect(200);
    product.ats().connect("kadry", "anna", ANNA).await.expect(200);
    product.wait(SignedDuration::from_secs(1));
    let link = link(&product).await;
    let refused = submit(&product, &link, praca()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("tenant_differs"), "{}", refused.text);
    product.ats().order("kadry", "anna", "meeting").await.expect(201);
}

#[tokio::test]
async fn the_page_says_that_values_are_not_checked_yet() {
    let product = Product::start().await;
    prove_nothing(&product);
    let link = link(&product).await;
    let page = submit(&product, &link, kadry()).await;
    assert!(page.text.contains("Saved, but not checked yet"), "{}", page.text);
}

#[tokio::test]
async fn links_for_recruiters_and_tests_end_with_the_customer() {
    let product = Product::start().await;
    let ats = product.ats();
    let stored = ats.configure("kadry").await.expect(200);
    let test = stored.text("test_sign_in_url").to_owned();
    let consent = query_of(&stored.text("consent_url").parse().unwrap(), "state");
    let consent = format!("{}/oauth/callback?admin_consent=True&tenant={KADRY_TENANT}&state={consent}", product.base);
    let connect = ats.connect_link("kadry", "anna").await;
    let browser = product.browser();
    let begun = browser.sign_in_at_microsoft(&connect, ANNA).await;
    assert_eq!(open(&product, &test).await, StatusCode::SEE_OTHER);
    offboard(&product).await;
    assert_eq!(open(&product, &consent).await, StatusCode::GONE, "while nobody is there");
    // The same app again: only the tenure differs.
    product.wait(SignedDuration::from_secs(1));
    ats.configure("kadry").await.expect(200);
    for link in [&connect, &test, &consent] {
        assert_eq!(open(&product, link).await, StatusCode::GONE, "{link}");
    }
    let returned = browser.get(begun.as_str()).await;
    assert_eq!(returned.status, StatusCode::GONE, "a sign-in under way");
    ats.connect("kadry", "anna", ANNA).await.expect(200);
}

#[tokio::test]
async fn a_customer_who_is_restored_goes_on_and_no_link_of_before_does() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "interview").await.expect(201);
    let stored = ats.configure("kadry").await.expect(200);
    let test = stored.text("test_sign_in_url").to_owned();
    let consent = query_of(&stored.text("consent_url").parse().unwrap(), "state");
    let consent = format!("{}/oauth/callback?admin_consent=True&tenant={KADRY_TENANT}&state={consent}", product.base);
    product.wait(SignedDuration::from_secs(1));
    let (used, unused) = (link(&product).await, link(&product).await);
    product.wait(SignedDuration::from_secs(1));
    assert_eq!(submit(&product, &used, kadry()).await.status, StatusCode::OK);
    let (connect, browser) = (ats.connect_link("kadry", "jan").await, product.browser());
    let begun = browser.sign_in_at_microsoft(&connect, JAN).await;
    let returned = product.browser().sign_in(&ats.connect_link("kadry", "ewa").await, JAN).await;

    offboard(&product).await;
    assert!(product.parts.vault.customer_restorer().restore(&"kadry".parse().unwrap()).await.unwrap());
    product.wait(SignedDuration::from_mins(1));
    assert_eq!(ats.order("kadry", "anna", "interview").await.expect(200).text("id"), made.text("id"));
    assert_eq!(led(&product, made.text("link")).await, made.text("join_url"));
    for link in [&used, &unused, &connect, &test, &consent] {
        assert_eq!(open(&product, link).await, StatusCode::GONE, "{link}");
    }
    assert_eq!(browser.get(begun.as_str()).await.status, StatusCode::GONE, "a sign-in under way");
    let handle = query_of(&returned, "handle");
    assert_eq!(ats.complete("kadry", "ewa", &handle).await.expect(410).text("code"), "handle_unusable");
    ats.connect("kadry", "jan", JAN).await.expect(200);
}

#[tokio::test]
async fn no_meeting_is_made_in_the_name_of_a_former_company_once_a_customer_begins_anew() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    ats.order("kadry", "anna", "before").await.expect(201);
    offboard(&product).await;
    product.wait(SignedDuration::from_mins(1));
    assert_eq!(ats.order("kadry", "anna", "offboarded").await.expect(409).text("outcome"), "customer_blocked");
    let (tenant, client_id, secret) = praca();
    let credentials = json!({ "tenant": tenant, "client_id": client_id, "client_secret": secret });
    ats.call(Method::PUT, "/v1/customers/kadry/credentials", Some(credentials), &[]).await.expect(200);
    let refused = ats.order("kadry", "anna", "anew").await;
    assert_eq!(refused.body["outcome"], "pending_reauth", "{:?}", refused.body);
    // Microsoft is not told who worked here before.
    let link = ats.connect_link("kadry", "anna").await;
    let authorize = product.browser().get(&link).await.location();
    assert!(authorize.query_pairs().all(|(name, _)| name != "login_hint"), "{authorize}");
}

#[tokio::test]
async fn the_credential_of_a_former_tenure_is_tried_no_more() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    offboard(&product).await;
    product.wait(SignedDuration::from_secs(1));
    prove_nothing(&product);
    let credentials = json!({
        "tenant": KADRY_TENANT.to_string(),
        "client_id": KADRY_CLIENT_ID.to_string(),
        "client_secret": "abC8Q~garbage-garbage-garbage-garbage",
    });
    ats.call(Method::PUT, "/v1/customers/kadry/credentials", Some(credentials), &[]).await.expect(200);
    ats.connect("kadry", "anna", ANNA).await.expect(409);
}

#[tokio::test]
async fn an_app_that_entra_accepted_once_is_not_changed_by_a_link_after_an_answer_that_proved_nothing() {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    product.wait(SignedDuration::from_secs(1));
    let renewal = link(&product).await;
    prove_nothing(&product);
    assert_eq!(submit(&product, &renewal, kadry()).await.status, StatusCode::OK);
    product.wait(SignedDuration::from_secs(1));
    let change = link(&product).await;
    assert_eq!(submit(&product, &change, praca()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let customer = product.ats().get("/v1/customers/kadry").await.expect(200);
    assert_eq!(customer.text("tenant"), KADRY_TENANT.to_string());
}

#[tokio::test]
async fn a_key_pair_that_waited_too_long_is_nobodys() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.post("/v1/customers/kadry/certificate", json!(null)).await.expect(200);
    product.wait(SignedDuration::from_hours(24 * 90));
    let fields = json!({
        "tenant": KADRY_TENANT.to_string(), "client_id": KADRY_CLIENT_ID.to_string(), "kind": "certificate",
    });
    let refused = ats.call(Method::PUT, "/v1/customers/kadry/credentials", Some(fields), &[]).await.expect(422);
    assert_eq!(refused.body["findings"][0]["code"], "certificate_missing", "{:?}", refused.body);
}

#[tokio::test]
async fn the_test_links_of_a_consent_end_with_it_and_count_together() {
    let product = Product::start().await;
    let stored = product.ats().configure("kadry").await.expect(200);
    let state = query_of(&stored.text("consent_url").parse().unwrap(), "state");
    let consent = format!("{}/oauth/callback?admin_consent=True&tenant={KADRY_TENANT}&state={state}", product.base);
    let test_link = async || {
        let page = product.browser().get(&consent).await;
        let from = page.text.find("/sign-in-test/").unwrap();
        let path: String = page.text[from..].chars().take_while(|&letter| !"\"?&".contains(letter)).collect();
        format!("{}{path}", product.base)
    };
    product.wait(SignedDuration::from_hours(24 * 6));
    let (one, other) = (test_link().await, test_link().await);
    for _ in 0..75 {
        assert_eq!(open(&product, &one).await, StatusCode::SEE_OTHER);
        assert_eq!(open(&product, &other).await, StatusCode::SEE_OTHER);
    }
    assert_eq!(open(&product, &other).await, StatusCode::TOO_MANY_REQUESTS);
    product.wait(SignedDuration::from_hours(25));
    assert_eq!(open(&product, &one).await, StatusCode::GONE);
}

#[tokio::test]
async fn the_openings_of_an_ended_test_link_do_not_count_for_the_one_that_works() {
    let product = Product::start().await;
    let ended = product.ats().configure("kadry").await.expect(200).text("test_sign_in_url").to_owned();
    offboard(&product).await;
    product.wait(SignedDuration::from_secs(1));
    let works = product.ats().configure("kadry").await.expect(200).text("test_sign_in_url").to_owned();
    for _ in 0..150 {
        assert_eq!(open(&product, &ended).await, StatusCode::GONE);
    }
    assert_eq!(open(&product, &ended).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(open(&product, &works).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_ats_takes_intake_links_back_that_nobody_has_used() {
    let product = Product::start().await;
    let second = || product.wait(SignedDuration::from_secs(1));
    // Before there is a customer, while there is one, and afterwards.
    for stage in 0..3 {
        let (first, other) = (link(&product).await, link(&product).await);
        assert_eq!(open(&product, &first).await, StatusCode::OK);
        withdraw(&product, "intake-links").await;
        withdraw(&product, "intake-links").await;
        second();
        for gone in [&first, &other] {
            assert_eq!(open(&product, gone).await, StatusCode::GONE, "{stage}");
            assert_eq!(submit(&product, gone, kadry()).await.status, StatusCode::GONE, "{stage}");
        }
        let new = link(&product).await;
        assert_eq!(open(&product, &new).await, StatusCode::OK, "{stage}");
        match stage {
            0 => assert_eq!(submit(&product, &new, kadry()).await.status, StatusCode::OK),
            1 => offboard(&product).await,
            // Neither when the record of the customer is purged nor later does a link live again.
            _ => product.wait(SignedDuration::from_hours(24 * 30 - 1)),
        }
        assert_eq!(open(&product, &first).await, StatusCode::GONE, "{stage}");
        second();
    }
    let other = product.ats().post("/v1/customers/praca/intake-links", json!({})).await.expect(201);
    withdraw(&product, "intake-links").await;
    assert_eq!(open(&product, other.text("url")).await, StatusCode::OK, "another customer's");
}

#[tokio::test]
async fn the_ats_takes_the_connect_links_of_a_recruiter_back() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let second = || product.wait(SignedDuration::from_secs(1));
    let (annas, jans) = (ats.connect_link("kadry", "anna").await, ats.connect_link("kadry", "jan").await);
    let (under_way, returned) = (product.browser(), product.browser());
    let back = under_way.sign_in_at_microsoft(&annas, ANNA).await;
    let handle = query_of(&returned.sign_in(&annas, ANNA).await, "handle");
    second();
    withdraw(&product, "users/anna/connect-links").await;
    second();
    assert_eq!(open(&product, &annas).await, StatusCode::GONE);
    let help = product.browser().get(&format!("{annas}/help")).await;
    assert!(!help.text.contains(&annas), "the page offers no sign-in: {}", help.text);
    assert_eq!(open(&product, &jans).await, StatusCode::SEE_OTHER, "another recruiter's");
    // What was begun with a link that was taken back comes to nothing, and the connection stays.
    assert_eq!(under_way.get(back.as_str()).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(ats.complete("kadry", "anna", &handle).await.expect(410).text("code"), "handle_unusable");
    ats.order("kadry", "anna", "order").await.expect(201);
    // A week later too, when a link has ended by itself; and the next link works.
    product.wait(SignedDuration::from_hours(24 * 7 - 1));
    ats.connect("kadry", "jan", JAN).await.expect(200);
    assert_eq!(open(&product, &annas).await, StatusCode::GONE);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
}

#[tokio::test]
async fn connect_links_of_somebody_who_never_connected_are_taken_back_for_a_week() {
    let product = Product::start().await;
    let ats = product.ats();
    let links = "/v1/customers/kadry/users/anna/connect-links";
    assert_eq!(ats.delete(links).await.expect(409).text("code"), "not_configured");
    ats.configure("kadry").await.expect(200);
    let link = ats.connect_link("kadry", "anna").await;
    product.wait(SignedDuration::from_secs(1));
    ats.delete(links).await.expect(204);
    product.wait(SignedDuration::from_hours(24 * 7 - 1));
    ats.connect("kadry", "jan", JAN).await.expect(200);
    assert_eq!(open(&product, &link).await, StatusCode::GONE);
}
