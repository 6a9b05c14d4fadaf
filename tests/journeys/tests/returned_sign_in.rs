//! A sign-in from which a browser returned waits in the vault until the ATS completes it.
#![cfg(test)]

use std::sync::Arc;

use microsoft_simulator::demo::{ANNA, JAN};
use reqwest::{Method, StatusCode, Url};
use serde_json::json;
use shared::adapters::vault::backend::memory::{InjectedFault, VaultOperation};
use shared::types::clock::SignedDuration;
use shared::types::secret::Secret;
use test_support::ats::connection;
use test_support::browser::query_of;
use test_support::gate::{InjectedTrouble, ProxiedCall};
use test_support::product::Product;
use tokio::join;
use tokio::sync::Notify;

/// So often does the vault fail that a write which is tried again gives up.
const MANY: usize = 40;

async fn configured() -> Product {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    product
}

#[tokio::test]
async fn the_completion_page_gets_a_short_query_however_long_the_code_is() {
    let product = configured().await;
    let ats = product.ats();
    for _ in 0..12 {
        let options = json!({ "state": "x".repeat(256) });
        let link = ats.connect_link_with("kadry", "anna", options).await.expect(201);
        let browser = product.browser();
        let back = browser.sign_in_at_microsoft(link.text("url"), ANNA).await;
        let returned = browser.get(back.as_str()).await.location();
        let lengths = (query_of(&back, "code").len(), returned.query().unwrap().len());
        assert!(lengths.0 > 900 && lengths.1 < 500, "{lengths:?}");
        ats.complete("kadry", "anna", &query_of(&returned, "handle")).await.expect(200);
    }
}

#[tokio::test]
async fn a_browser_that_returns_seven_times_brings_one_handle() {
    let product = configured().await;
    let (ats, browser) = (product.ats(), product.browser());
    let back = browser.sign_in_at_microsoft(&ats.connect_link("kadry", "anna").await, ANNA).await;
    let cookies = browser.cookies_of(product.base.trim_start_matches("http://"));
    let bring = async || product.browser().send(Method::GET, back.as_str(), None, &[("cookie", &cookies)]).await;
    let mut handles = Vec::new();
    for _ in 0..7 {
        handles.push(query_of(&bring().await.location(), "handle"));
    }
    handles.dedup();
    assert_eq!(handles.len(), 1);
    ats.complete("kadry", "anna", &handles[0]).await.expect(200);
    assert_eq!(ats.complete("kadry", "anna", &handles[0]).await.expect(409).text("code"), "handle_used");
    let again = bring().await;
    assert_eq!((again.status, again.headers.get("location")), (StatusCode::BAD_REQUEST, None));
    assert_eq!(product.asked("token:authorization_code"), 1);
}

#[tokio::test]
async fn a_connection_that_the_vault_could_not_store_is_stored_by_the_same_completion_again() {
    let product = configured().await;
    let (ats, memory) = (product.ats(), product.memory.as_ref().unwrap());
    let returned = product.browser().sign_in(&ats.connect_link("kadry", "anna").await, ANNA).await;
    let handle = query_of(&returned, "handle");
    for _ in 0..MANY {
        memory.fail_next(VaultOperation::Put, InjectedFault::Unavailable);
    }
    let failed = ats.complete("kadry", "anna", &handle).await.expect(503);
    assert_eq!((failed.text("code"), &failed.body["retryable"]), ("vault_unavailable", &json!(true)));
    memory.clear_faults();
    assert_eq!(ats.complete("kadry", "anna", &handle).await.expect(200).text("state"), "active");
    assert_eq!(product.asked("token:authorization_code"), 1, "the code was redeemed once");
    ats.order("kadry", "anna", "order").await.expect(201);
}

#[tokio::test]
async fn a_browser_whose_return_the_vault_could_not_store_returns_by_loading_the_page_again() {
    let product = configured().await;
    let (ats, memory, browser) = (product.ats(), product.memory.as_ref().unwrap(), product.browser());
    let back = browser.sign_in_at_microsoft(&ats.connect_link("kadry", "anna").await, ANNA).await;
    memory.fail_next(VaultOperation::Describe, InjectedFault::Unavailable);
    assert_eq!(browser.get(back.as_str()).await.status, StatusCode::SERVICE_UNAVAILABLE);
    let returned = browser.get(back.as_str()).await.location();
    ats.complete("kadry", "anna", &query_of(&returned, "handle")).await.expect(200);
}

#[tokio::test]
async fn the_latest_sign_in_waits_and_a_disconnection_ends_it() {
    let product = configured().await;
    let ats = product.ats();
    let handle = async |account| {
        query_of(&product.browser().sign_in(&ats.connect_link("kadry", "anna").await, account).await, "handle")
    };
    let (first, second) = (handle(JAN).await, handle(ANNA).await);
    assert_eq!(ats.complete("kadry", "anna", &first).await.expect(410).text("code"), "handle_unusable");
    ats.get(&connection("kadry", "anna")).await.expect(404);
    assert_eq!(ats.complete("kadry", "anna", &second).await.expect(200).body["account"]["upn"], ANNA);
    let third = handle(ANNA).await;
    assert_eq!(ats.get(&connection("kadry", "anna")).await.expect(200).text("state"), "active", "it waits beside her");
    ats.order("kadry", "anna", "order").await.expect(201);
    ats.delete(&connection("kadry", "anna")).await.expect(204);
    assert_eq!(ats.complete("kadry", "anna", &third).await.expect(410).text("code"), "handle_unusable");
    assert_eq!(ats.get(&connection("kadry", "anna")).await.expect(200).text("state"), "disconnected");
    // Nobody is connected, and somebody is about to be.
    let fourth = query_of(&product.browser().sign_in(&ats.connect_link("kadry", "jan").await, JAN).await, "handle");
    ats.delete(&connection("kadry", "jan")).await.expect(404);
    assert_eq!(ats.complete("kadry", "jan", &fourth).await.expect(410).text("code"), "handle_unusable");
}

#[tokio::test]
async fn a_sign_in_that_began_before_a_completion_or_a_disconnection_returns_in_vain() {
    let product = configured().await;
    let ats = product.ats();
    let begin = async |user: &str, account: &str| {
        let browser = product.browser();
        let back = browser.sign_in_at_microsoft(&ats.connect_link("kadry", user).await, account).await;
        product.wait(SignedDuration::from_secs(1));
        (browser.cookies_of(product.base.trim_start_matches("http://")), back)
    };
    let bring = async |(cookies, back): &(String, Url)| {
        product.browser().send(Method::GET, back.as_str(), None, &[("cookie", cookies)]).await
    };
    let earlier = begin("anna", ANNA).await;
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert_eq!(bring(&earlier).await.status, StatusCode::BAD_REQUEST, "another one was completed since");
    let later = begin("anna", ANNA).await;
    ats.delete(&connection("kadry", "anna")).await.expect(204);
    assert_eq!(bring(&later).await.status, StatusCode::BAD_REQUEST, "she was disconnected since");
    // Whoever never connected can be disconnected while a sign-in waits, and what came before it is over too.
    let [first, second] = [begin("jan", JAN).await, begin("jan", JAN).await];
    assert_eq!(bring(&second).await.status, StatusCode::SEE_OTHER);
    ats.delete(&connection("kadry", "jan")).await.expect(404);
    for over in [&first, &second] {
        assert_eq!(bring(over).await.status, StatusCode::BAD_REQUEST);
    }
    for (user, account) in [("anna", ANNA), ("jan", JAN)] {
        ats.connect("kadry", user, account).await.expect(200);
    }
}

/// A browser that is about to return from Microsoft: its cookies, and where it returns to.
async fn about_to_return(product: &Product, user: &str, account: &str) -> (String, Url) {
    let browser = product.browser();
    let back = browser.sign_in_at_microsoft(&product.ats().connect_link("kadry", user).await, account).await;
    product.wait(SignedDuration::from_secs(1));
    (browser.cookies_of(product.base.trim_start_matches("http://")), back)
}

async fn returns(product: &Product, (cookies, back): &(String, Url)) -> StatusCode {
    product.browser().send(Method::GET, back.as_str(), None, &[("cookie", cookies)]).await.status
}

#[tokio::test]
async fn a_disconnection_ends_a_sign_in_also_of_whoever_is_not_connected() {
    let product = configured().await;
    let ats = product.ats();
    // Nobody ever signed in at this customer.
    let first = about_to_return(&product, "jan", JAN).await;
    ats.delete(&connection("kadry", "jan")).await.expect(404);
    assert_eq!(returns(&product, &first).await, StatusCode::BAD_REQUEST);
    // She is disconnected already, for longer than that is told.
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    ats.delete(&connection("kadry", "anna")).await.expect(204);
    let since = ats.get(&connection("kadry", "anna")).await.expect(200).text("since").to_owned();
    product.wait(SignedDuration::from_hours(24 * 31));
    let again = about_to_return(&product, "anna", ANNA).await;
    assert_eq!(returns(&product, &again).await, StatusCode::SEE_OTHER);
    ats.delete(&connection("kadry", "anna")).await.expect(204);
    assert_eq!(ats.get(&connection("kadry", "anna")).await.expect(200).text("since"), since);
    assert_eq!(returns(&product, &again).await, StatusCode::BAD_REQUEST);
    for (user, account) in [("anna", ANNA), ("jan", JAN)] {
        ats.connect("kadry", user, account).await.expect(200);
    }
}

#[tokio::test]
async fn what_ends_while_a_code_is_redeemed_is_not_there_afterwards() {
    let kadry = "/v1/customers/kadry".to_owned();
    let withdrawal = format!("{kadry}/users/anna/connect-links");
    for (ends, code, then) in [
        (connection("kadry", "anna"), 409, ""),
        (withdrawal, 409, ""),
        (kadry.clone(), 410, ""),
        (kadry.clone(), 410, "it is seen late"),
        (kadry, 410, "the customer begins anew"),
    ] {
        let (product, gate) = Product::start_behind_a_gate().await;
        let ats = product.ats();
        ats.configure("kadry").await.expect(200);
        ats.connect("kadry", "jan", JAN).await.expect(200);
        let returned = product.browser().sign_in(&ats.connect_link("kadry", "anna").await, ANNA).await;
        let handle = query_of(&returned, "handle");
        let (came, go_on) = (Arc::<Notify>::default(), Arc::<Notify>::default());
        gate.arm(ProxiedCall::Redeem, InjectedTrouble::Holds { came: came.clone(), go_on: go_on.clone() });
        let meanwhile = async {
            came.notified().await;
            product.wait(SignedDuration::from_secs(1));
            let ended = ats.delete(&ends).await;
            if then == "the customer begins anew" {
                ats.configure("kadry").await.expect(200);
            }
            if then == "it is seen late" {
                // The vault does not tell it before the write.
                product.memory.as_ref().unwrap().fail_next(VaultOperation::Describe, InjectedFault::Unavailable);
            }
            go_on.notify_one();
            ended
        };
        let (completed, ended) = join!(ats.complete("kadry", "anna", &handle), meanwhile);
        assert!(ended.status == 204 || ended.status == 404, "{ends}: {ended:?}");
        completed.expect(code);
        let told = ats.get(&connection("kadry", "anna")).await;
        assert!(told.status == 404 || told.text("state") == "disconnected", "{ends} {then}: {told:?}");
        let content = product.memory.as_ref().unwrap().stored("teams-connect/customers/kadry/connections");
        let content = content.map(|stored| stored.body.expose().to_owned()).unwrap_or_default();
        assert!(!content.contains(ANNA), "{ends} {then}");
    }
}

#[tokio::test]
async fn a_sign_in_that_was_refused_waits_no_more() {
    let product = configured().await;
    let ats = product.ats();
    let options = json!({ "expected_account": ANNA });
    let link = ats.connect_link_with("kadry", "anna", options).await.expect(201);
    let handle = query_of(&product.browser().sign_in(link.text("url"), JAN).await, "handle");
    assert_eq!(ats.complete("kadry", "anna", &handle).await.expect(409).text("code"), "different_account");
    assert_eq!(ats.complete("kadry", "anna", &handle).await.expect(410).text("code"), "handle_unusable");
    assert_eq!(product.asked("token:authorization_code"), 1, "what counts once is counted here");
    product.wait(SignedDuration::from_mins(2));
    ats.connect("kadry", "anna", ANNA).await.expect(200);
}

#[tokio::test]
async fn the_returns_of_one_recruiter_count_together_whatever_cookies_are_kept() {
    let product = configured().await;
    let link = product.ats().connect_link("kadry", "anna").await;
    let mut kept = Vec::new();
    for _ in 0..3 {
        let browser = product.browser();
        let back = browser.sign_in_at_microsoft(&link, ANNA).await;
        kept.push((browser.cookies_of(product.base.trim_start_matches("http://")), back));
    }
    let mut led = Vec::new();
    for (cookies, back) in kept.iter().cycle().take(160) {
        let answer = product.browser().send(Method::GET, back.as_str(), None, &[("cookie", cookies)]).await;
        led.push(answer.location().query().unwrap().to_owned());
    }
    let of_vault = product.vault_calls();
    assert_eq!(led[150..], ["error=too_many_requests"; 10]);
    let [(cookies, back), ..] = &*kept else { panic!("three began") };
    product.browser().send(Method::GET, back.as_str(), None, &[("cookie", cookies)]).await;
    assert_eq!(product.vault_calls(), of_vault, "the vault was not asked");
}
