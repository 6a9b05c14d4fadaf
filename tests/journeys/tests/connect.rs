//! A recruiter connects, and nobody in her place.

use microsoft_simulator::demo::{ANNA, JAN, UNLICENSED};
use reqwest::StatusCode;
use serde_json::json;
use shared::adapters::vault::backend::memory::{InjectedFault, VaultOperation};
use shared::types::clock::SignedDuration;
use test_support::ats::{AtsAnswer, connection};
use test_support::browser::query_of;
use test_support::product::{COMPLETION_URL, Product};

/// The recruiter must act, the outcome says so, and there is a request for the recruiter's link.
async fn assert_sent_to_sign_in(product: &Product, refused: &AtsAnswer) {
    assert_eq!((refused.text("actor"), refused.text("outcome")), ("recruiter", "pending_reauth"));
    let mend = refused.body["mend"]["url"].as_str().unwrap_or_default();
    let path = mend.split_once("/v1/").map(|(_, path)| path).unwrap_or_default();
    let link = product.ats().post(&format!("/v1/{path}"), json!({})).await.expect(201);
    assert!(link.text("url").contains("/connect/"));
}

#[tokio::test]
async fn a_recruiter_connects_and_the_ats_gets_a_meeting_in_her_name() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);

    let link = ats.connect_link("kadry", "anna").await;
    let returned = product.browser().sign_in(&link, ANNA).await;
    assert!(returned.as_str().starts_with(COMPLETION_URL));
    assert_eq!(returned.query_pairs().count(), 1, "nothing but the handle: {returned}");

    let connected = ats.complete("kadry", "anna", &query_of(&returned, "handle")).await.expect(200);
    assert_eq!(connected.text("state"), "active");
    assert_eq!(connected.body["account"]["upn"], ANNA);

    let meeting = ats.order("kadry", "anna", "order-1").await.expect(201);
    assert!(meeting.text("join_url").starts_with("https://teams.microsoft.com/"));
    let meetings = product.microsoft.meetings();
    assert_eq!((meetings.len(), meetings[0].organizer.as_str()), (1, ANNA));
}

#[tokio::test]
async fn the_code_is_not_redeemed_before_the_ats_says_whose_it_is() {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    let link = product.ats().connect_link("kadry", "anna").await;
    product.browser().sign_in(&link, ANNA).await;
    assert_eq!(product.asked("token:authorization_code"), 0);
}

#[tokio::test]
async fn a_forwarded_sign_in_is_completed_for_nobody_else() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    // Jan orders a link for himself and forwards it to Anna, whose browser follows it with her account. Her ATS session
    // is Anna's, so the ATS completes it for Anna.
    let link = ats.connect_link("kadry", "jan").await;
    let handle = query_of(&product.browser().sign_in(&link, ANNA).await, "handle");
    let refused = ats.complete("kadry", "anna", &handle).await.expect(403);
    assert_eq!((refused.text("code"), refused.text("actor")), ("wrong_user", "ats"));
    ats.complete("other", "jan", &handle).await.expect(403);
    assert_eq!(product.asked("token:authorization_code"), 0, "nothing was redeemed");
    ats.get(&connection("kadry", "jan")).await.expect(404);
    ats.get(&connection("kadry", "anna")).await.expect(404);
}

#[tokio::test]
async fn the_answer_counts_only_in_the_browser_that_began() {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    let link = product.ats().connect_link("kadry", "anna").await;
    let back = product.browser().sign_in_at_microsoft(&link, ANNA).await;

    let stranger = product.browser();
    let page = stranger.get(back.as_str()).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.headers.get("location").is_none() && page.text.contains("No sign-in in progress was found"));
    // Nor does a sign-in of the stranger's own lend its cookie to another's state.
    stranger.get(&product.ats().connect_link("kadry", "jan").await).await;
    assert_eq!(stranger.get(back.as_str()).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(product.asked("token:authorization_code"), 0);
}

#[tokio::test]
async fn a_browser_may_have_three_sign_ins_under_way() {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    let link = product.ats().connect_link("kadry", "anna").await;
    let browser = product.browser();
    let mut begun = Vec::new();
    for _ in 0..3 {
        begun.push(browser.sign_in_at_microsoft(&link, ANNA).await);
    }
    for back in &begun {
        assert_eq!(browser.get(back.as_str()).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(browser.get(begun[0].as_str()).await.status, StatusCode::BAD_REQUEST, "its cookie is gone");
}

#[tokio::test]
async fn a_handle_counts_once_and_for_ten_minutes() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    let link = ats.connect_link("kadry", "anna").await;
    let handle = query_of(&product.browser().sign_in(&link, ANNA).await, "handle");
    ats.complete("kadry", "anna", &handle).await.expect(200);
    assert_eq!(ats.complete("kadry", "anna", &handle).await.expect(409).text("code"), "handle_used");
    assert_eq!(product.asked("token:authorization_code"), 1, "Microsoft is not bothered again");

    let late = query_of(&product.browser().sign_in(&link, ANNA).await, "handle");
    product.wait(SignedDuration::from_mins(10));
    let refused = ats.complete("kadry", "anna", &late).await.expect(410);
    assert_eq!(refused.text("code"), "handle_unusable");
    assert_sent_to_sign_in(&product, &refused).await;
    for forged in ["", "x", "v4.local.x", &late[..late.len() - 1]] {
        ats.complete("kadry", "anna", forged).await.expect(410);
    }
}

#[tokio::test]
async fn another_account_does_not_take_a_connected_recruiters_place() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    let refused = ats.connect("kadry", "anna", JAN).await.expect(409);
    assert_eq!(refused.text("code"), "different_account");
    assert_sent_to_sign_in(&product, &refused).await;
    assert_eq!(ats.get(&connection("kadry", "anna")).await.expect(200).text("state"), "active");
    ats.order("kadry", "anna", "k").await.expect(201);
    assert_eq!(product.microsoft.meetings()[0].organizer, ANNA);

    ats.delete(&connection("kadry", "anna")).await.expect(204);
    ats.connect("kadry", "anna", JAN).await.expect(200);
}

#[tokio::test]
async fn a_disconnected_recruiter_makes_no_meetings_until_she_connects_again() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    ats.delete(&connection("kadry", "anna")).await.expect(204);
    ats.delete(&connection("kadry", "anna")).await.expect(204);
    assert_eq!(ats.get(&connection("kadry", "anna")).await.expect(200).text("state"), "disconnected");
    assert_eq!(ats.order("kadry", "anna", "k").await.expect(410).text("code"), "disconnected");
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    ats.order("kadry", "anna", "k").await.expect(201);
}

#[tokio::test]
async fn a_disconnection_that_was_cut_short_is_told_everywhere_and_done_by_the_next_try() {
    let product = Product::start().await;
    let (ats, memory) = (product.ats(), product.memory.as_ref().unwrap());
    ats.configure("kadry").await.expect(200);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    // The tags are behind, and nobody cares.
    memory.fail_next(VaultOperation::Tag, InjectedFault::Unavailable);
    ats.delete(&connection("kadry", "anna")).await.expect(204);
    assert_eq!(ats.get(&connection("kadry", "anna")).await.expect(200).text("state"), "disconnected");
    assert_eq!(ats.order("kadry", "anna", "k").await.expect(410).text("code"), "disconnected");
    ats.connect("kadry", "jan", ANNA).await.expect(200);
    memory.fail_next(VaultOperation::Put, InjectedFault::Denied);
    assert!(!ats.delete(&connection("kadry", "jan")).await.status.is_success());
    ats.order("kadry", "jan", "k").await.expect(201);
    // An answer that was lost is looked for.
    memory.fail_next(VaultOperation::Put, InjectedFault::ResponseLost);
    ats.delete(&connection("kadry", "jan")).await.expect(204);
    assert_eq!(ats.get(&connection("kadry", "jan")).await.expect(200).text("state"), "disconnected");
}

#[tokio::test]
async fn a_declined_sign_in_is_told_to_the_ats_in_a_code_of_ours() {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    let link = product.ats().connect_link("kadry", "anna").await;
    let browser = product.browser();
    let back = browser.answer_microsoft(&link, &[("user", ANNA), ("decision", "decline")]).await;
    let returned = browser.get(back.as_str()).await.location();
    assert_eq!(returned.as_str(), format!("{COMPLETION_URL}?error=sign_in_declined"));
}

#[tokio::test]
async fn a_link_that_is_none_answers_with_one_page() {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    let link = product.ats().connect_link("kadry", "anna").await;
    let intake = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    let token = intake.text("url").rsplit('/').next().unwrap().to_owned();
    product.wait(SignedDuration::from_mins(1));
    for wrong in [
        format!("{}/connect/x", product.base),
        link[..link.len() - 1].to_owned(),
        link.replace("v4.local.", "v4.local.A"),
        format!("{}/connect/{token}", product.base),
    ] {
        let page = product.browser().get(&wrong).await;
        assert_eq!(page.status, StatusCode::GONE, "{wrong}");
        assert!(page.text.contains("This link no longer works"), "{wrong}");
    }
    product.wait(SignedDuration::from_hours(24 * 7));
    assert_eq!(product.browser().get(&link).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_guest_of_another_tenant_or_an_unlicensed_account_is_told_apart_at_the_meeting() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    ats.connect("kadry", "piotr", UNLICENSED).await.expect(200);
    let refused = ats.order("kadry", "piotr", "k").await.expect(409);
    assert_eq!((refused.text("code"), refused.text("actor")), ("teams_not_available", "customer_admin"));
    assert_eq!(ats.get(&connection("kadry", "piotr")).await.expect(200).text("state"), "active");
}
