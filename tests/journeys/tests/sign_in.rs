//! A sign-in succeeds in the world as it is: foreign cookies, popups, outages, clocks that differ, keys of an app's own.

use journeys::browser::query_of;
use journeys::product::Product;
use journeys::raw::RawRequest;
use microsoft_simulator::demo::ANNA;

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
