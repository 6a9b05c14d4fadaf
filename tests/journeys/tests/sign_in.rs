//! A sign-in succeeds in the world as it is: foreign cookies, popups, outages, clocks that differ, keys of an app's own.

use microsoft_simulator::demo::{ANNA, KADRY_CLIENT_ID};
use microsoft_simulator::{DirectoryEvent, FaultEffect, FaultRule, Operation};
use reqwest::StatusCode;
use shared::types::clock::SignedDuration;
use test_support::ats::connection;
use test_support::browser::query_of;
use test_support::product::Product;
use test_support::raw::RawRequest;

async fn configured() -> Product {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    product
}

#[tokio::test]
async fn a_foreign_cookie_in_any_bytes_does_not_spoil_a_sign_in() {
    let product = configured().await;
    let (ats, browser) = (product.ats(), product.browser());
    let link = ats.connect_link("kadry", "anna").await;
    let back = browser.sign_in_at_microsoft(&link, ANNA).await;
    let mut raw = RawRequest::to(&product.base);
    let (host, path) = (raw.host().to_owned(), back.as_str().split_at(product.base.len()).1.to_owned());
    let mut request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\ncookie: lang=").into_bytes();
    // A cookie in Latin-1 that a script of another application of this host has set.
    request.extend(b"fran\xe7ais; ");
    request.extend(format!("{}\r\n\r\n", browser.cookies_of(&host)).bytes());
    let reply = raw.send(&request, false).await.unwrap();
    assert_eq!(reply.status, 303, "{}", reply.body);
    let returned = reply.header("location").unwrap().parse().unwrap();
    ats.complete("kadry", "anna", &query_of(&returned, "handle")).await.expect(200);
}

#[tokio::test]
async fn redirects_keep_the_window_that_opened_them_and_pages_do_not() {
    let product = configured().await;
    let browser = product.browser();
    let policy = |page: &test_support::browser::PageResponse| page.headers.get("cross-origin-opener-policy").cloned();
    let link = product.ats().connect_link("kadry", "anna").await;
    let start = browser.get(&link).await;
    assert_eq!((start.status, policy(&start)), (StatusCode::SEE_OTHER, None));
    let back = browser.sign_in_at_microsoft(&link, ANNA).await;
    let returned = browser.get(back.as_str()).await;
    assert_eq!((returned.status, policy(&returned)), (StatusCode::SEE_OTHER, None));
    for page in [format!("{link}/help"), back.to_string()] {
        let page = browser.get(&page).await;
        assert_ne!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(policy(&page).unwrap(), "same-origin");
    }
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_do_not_use_up_the_code() {
    let product = configured().await;
    let ats = product.ats();
    let link = ats.connect_link("kadry", "anna").await;
    let handle = query_of(&product.browser().sign_in(&link, ANNA).await, "handle");
    let outage = FaultEffect::Answer { status: 503, headers: [].into(), body: String::new() };
    product.microsoft.faults().add(FaultRule {
        operation: Operation::Keys,
        upn: None,
        tenant: None,
        after: 0,
        times: None,
        effect: outage,
    });
    assert_eq!(ats.complete("kadry", "anna", &handle).await.expect(503).text("code"), "microsoft_unavailable");
    assert_eq!(product.asked("token:authorization_code"), 0, "the code is not redeemed yet");
    product.microsoft.faults().clear();
    ats.complete("kadry", "anna", &handle).await.expect(200);
}

#[tokio::test]
async fn an_app_that_signs_with_a_key_of_its_own_connects() {
    let product = configured().await;
    let mapping = |on| DirectoryEvent::MapClaims { client_id: KADRY_CLIENT_ID, on };
    product.microsoft.apply(mapping(true)).unwrap();
    let ats = product.ats();
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert_eq!(product.asked("keys"), 2, "the tenant's keys, then the app's");
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert_eq!(product.asked("keys"), 2, "both are cached");
    product.microsoft.apply(mapping(false)).unwrap();
    ats.connect("kadry", "anna", ANNA).await.expect(200);
}

#[tokio::test]
async fn clocks_may_differ_by_five_minutes_either_way() {
    for ours_is_ahead in [true, false] {
        let product = configured().await;
        let difference = SignedDuration::from_mins(5);
        if ours_is_ahead {
            product.parts.clock.advance(difference);
        } else {
            product.microsoft.advance(difference.unsigned_abs());
        }
        product.ats().connect("kadry", "anna", ANNA).await.expect(200);
        assert_eq!(product.ats().get(&connection("kadry", "anna")).await.expect(200).text("state"), "active");
    }
}
