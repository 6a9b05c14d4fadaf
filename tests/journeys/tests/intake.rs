//! An administrator hands over credentials, and is told what is wrong with them.

use microsoft_simulator::demo::{
    ANNA, KADRY_CLIENT_ID, KADRY_DOMAIN, KADRY_SECRET, KADRY_TENANT, PRACA_CLIENT_ID, PRACA_SECRET, PRACA_TENANT,
};
use microsoft_simulator::{DirectoryEvent, FaultEffect, FaultRule, Operation};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::types::clock::SignedDuration;
use test_support::browser::{PageResponse, TestBrowser};
use test_support::product::Product;

async fn link(product: &Product, wish: Value) -> String {
    product.ats().post("/v1/customers/kadry/intake-links", wish).await.expect(201).text("url").to_owned()
}

async fn send(browser: &TestBrowser, link: &str, tenant: &str, client_id: &str, secret: &str) -> PageResponse {
    browser.submit(link, &[("tenant", tenant), ("client_id", client_id), ("client_secret", secret)]).await
}

fn good() -> [String; 3] {
    [KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string(), KADRY_SECRET.to_owned()]
}

#[tokio::test]
async fn an_administrator_is_done_with_one_form() {
    let product = Product::start().await;
    let link = link(&product, json!({"return_url": "https://ats.example/settings"})).await;
    product.wait(SignedDuration::from_mins(1));
    let browser = TestBrowser::new("pl");
    let page = browser.get(&link).await;
    assert_eq!(page.status, StatusCode::OK);
    for text in
        ["Rejestracje aplikacji", "Certyfikaty i\u{a0}klucze tajne", &format!("{}/oauth/callback", product.base)]
    {
        assert!(page.text.contains(text), "{text}");
    }
    let fields = [
        ("tenant", KADRY_DOMAIN),
        ("client_id", &KADRY_CLIENT_ID.to_string()),
        ("client_secret", KADRY_SECRET),
        ("expires_on", "2027-11-24"),
    ];
    let page = browser.submit(&link, &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("Sprawdzono i\u{a0}zapisano") && page.text.contains("https://ats.example/settings"));

    let known = product.ats().get("/v1/customers/kadry").await.expect(200);
    assert_eq!(known.text("tenant"), KADRY_TENANT.to_string());
    assert_eq!(known.text("client_id"), KADRY_CLIENT_ID.to_string());
    assert_eq!(known.text("expires_on"), "2027-11-24");
    assert_eq!(known.body["findings"], json!([]));
}

#[tokio::test]
async fn looking_consumes_nothing_and_the_first_success_spends_the_link() {
    let product = Product::start().await;
    let link = link(&product, json!({})).await;
    product.wait(SignedDuration::from_mins(1));
    let browser = product.browser();
    for _ in 0..20 {
        assert_eq!(browser.get(&link).await.status, StatusCode::OK);
        assert_eq!(browser.send(Method::HEAD, &link, None, &[]).await.status, StatusCode::OK);
    }
    let [tenant, client_id, secret] = good();
    assert_eq!(send(&browser, &link, &tenant, &client_id, "wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send(&browser, &link, &tenant, &client_id, &secret).await.status, StatusCode::OK);
    assert_eq!(send(&browser, &link, &tenant, &client_id, &secret).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_link_that_had_its_success_shows_how_things_stand_and_takes_nothing_any_more() {
    let product = Product::start().await;
    let (ats, link) = (product.ats(), link(&product, json!({"language": "en"})).await);
    let browser = product.browser();
    let [tenant, client_id, secret] = good();
    send(&browser, &link, &tenant, &client_id, &secret).await;
    let page = product.browser().get(&link).await;
    assert_eq!(page.status, StatusCode::OK, "another browser, another day");
    for text in [
        "Microsoft accepts",
        "We do not know yet whether an administrator has granted consent",
        "Nobody has tested sign-in yet",
    ] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    assert!(!page.text.contains(&secret[..3]), "not even the beginning of the secret: {}", page.text);
    assert_eq!(browser.get(&format!("{link}/certificate")).await.status, StatusCode::GONE);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert!(browser.get(&link).await.text.contains("Admin consent has been granted"));
    product.microsoft.apply(DirectoryEvent::DisableApp { client_id: KADRY_CLIENT_ID }).unwrap();
    ats.post("/v1/customers/kadry/check", json!({})).await.expect(200);
    let blocked = browser.get(&link).await.text;
    assert!(blocked.contains("The app does not work") && blocked.contains("app_disabled"), "{blocked}");
}

#[tokio::test]
async fn a_link_shows_nothing_once_other_credentials_came_or_it_was_withdrawn_or_the_customer_left() {
    let product = Product::start().await;
    let (ats, browser) = (product.ats(), product.browser());
    let [tenant, client_id, secret] = good();
    let spent = async || {
        let link = link(&product, json!({})).await;
        assert_eq!(send(&browser, &link, &tenant, &client_id, &secret).await.status, StatusCode::OK);
        product.wait(SignedDuration::from_mins(1));
        link
    };
    let first = spent().await;
    let second = spent().await;
    assert_eq!(browser.get(&first).await.status, StatusCode::GONE, "a newer link took its place");
    assert_eq!(browser.get(&second).await.status, StatusCode::OK);
    ats.configure("kadry").await.expect(200);
    assert_eq!(browser.get(&second).await.status, StatusCode::GONE, "the ATS handed others over");
    product.wait(SignedDuration::from_mins(1));
    let third = spent().await;
    ats.delete("/v1/customers/kadry/intake-links").await.expect(204);
    assert_eq!(browser.get(&third).await.status, StatusCode::GONE, "it was withdrawn");
    product.wait(SignedDuration::from_mins(1));
    let fourth = spent().await;
    ats.delete("/v1/customers/kadry").await.expect(204);
    assert_eq!(browser.get(&fourth).await.status, StatusCode::GONE, "the customer left");
    product.wait(SignedDuration::from_mins(1));
    let fifth = spent().await;
    assert_eq!(browser.get(&fourth).await.status, StatusCode::GONE, "the customer began anew");
    product.wait(SignedDuration::from_hours(24 * 7));
    assert_eq!(browser.get(&fifth).await.status, StatusCode::GONE, "it has expired");
}

#[tokio::test]
async fn a_link_that_expects_a_company_takes_no_other() {
    let product = Product::start().await;
    let link = link(&product, json!({"expected_domain": KADRY_DOMAIN})).await;
    let browser = product.browser();
    let page = send(&browser, &link, &PRACA_TENANT.to_string(), &PRACA_CLIENT_ID.to_string(), PRACA_SECRET).await;
    assert!(page.text.contains("tenant_unexpected"));
    let [tenant, client_id, secret] = good();
    assert_eq!(send(&browser, &link, &tenant, &client_id, &secret).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_link_does_not_move_a_working_customer_to_another_tenant() {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    product.wait(SignedDuration::from_mins(1));
    let link = link(&product, json!({})).await;
    let browser = product.browser();
    let page = send(&browser, &link, &PRACA_TENANT.to_string(), &PRACA_CLIENT_ID.to_string(), PRACA_SECRET).await;
    assert!(page.text.contains("tenant_differs"));
    assert_eq!(product.ats().get("/v1/customers/kadry").await.expect(200).text("tenant"), KADRY_TENANT.to_string());
}

#[tokio::test]
async fn what_microsoft_cannot_tell_is_stored_with_a_warning() {
    let product = Product::start().await;
    let strange = FaultEffect::entra_error("unsupported_grant_type", 70003);
    product.microsoft.faults().add(FaultRule::once(Operation::TokenClientCredentials, strange));
    let stored = product.ats().configure("kadry").await.expect(200);
    assert_eq!(stored.body["findings"][0]["code"], "could_not_be_checked");
    assert_eq!(stored.body["verified_at"], Value::Null);
}

#[tokio::test]
async fn when_microsoft_is_down_nothing_is_stored_and_the_link_still_works() {
    let product = Product::start().await;
    let link = link(&product, json!({})).await;
    let down = FaultEffect::Answer {
        status: 503,
        headers: [("retry-after".to_owned(), "0".to_owned())].into(),
        body: String::new(),
    };
    product.microsoft.faults().add(FaultRule::new(Operation::TokenClientCredentials, down).times(2));
    let [tenant, client_id, secret] = good();
    let browser = product.browser();
    assert_eq!(send(&browser, &link, &tenant, &client_id, &secret).await.status, StatusCode::SERVICE_UNAVAILABLE);
    product.ats().get("/v1/customers/kadry").await.expect(404);
    assert_eq!(send(&browser, &link, &tenant, &client_id, &secret).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_of_another_site_or_of_another_shape_is_refused() {
    let product = Product::start().await;
    let link = link(&product, json!({})).await;
    let browser = product.browser();
    let form = || Some("tenant=a&client_id=b&client_secret=c".to_owned());
    let status = async |form: Option<String>, headers: &[(&str, &str)]| {
        browser.send(Method::POST, &link, form, headers).await.status.as_u16()
    };
    assert_eq!(status(form(), &[("sec-fetch-site", "cross-site")]).await, 403);
    assert_eq!(status(form(), &[("origin", "https://evil.example")]).await, 403);
    for body in ["", "tenant=a&tenant=b", "tenant=a&status=verified", "tenant=%zz", "tenant[]=a"] {
        assert_eq!(status(Some(body.to_owned()), &[]).await, 400, "{body}");
    }
    assert_eq!(status(None, &[]).await, 415);
    assert_eq!(status(Some("x".repeat(70_000)), &[]).await, 413);
    assert_eq!(browser.send(Method::PUT, &link, None, &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(product.asked("token:client_credentials"), 0);
}

#[tokio::test]
async fn an_offboarded_customer_is_gone_and_can_come_back() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    ats.connect("kadry", "anna", microsoft_simulator::demo::ANNA).await.expect(200);
    ats.delete("/v1/customers/kadry").await.expect(204);
    assert_eq!(ats.get("/v1/customers/kadry").await.expect(410).text("code"), "offboarded");
    product.wait(SignedDuration::from_hours(2));
    assert_eq!(ats.order("kadry", "anna", "k").await.expect(409).text("code"), "not_configured");
    // Restored by an operator, everything is as it was.
    let memory = product.memory.as_ref().unwrap();
    for marked in ["app", "connections"] {
        memory.restore(&format!("teams-connect/customers/kadry/{marked}").parse().unwrap()).await.unwrap();
    }
    ats.order("kadry", "anna", "k").await.expect(201);
    // Made anew, nothing from before lives again.
    ats.delete("/v1/customers/kadry").await.expect(204);
    product.wait(SignedDuration::from_hours(2));
    ats.configure("kadry").await.expect(200);
    assert_eq!(ats.order("kadry", "anna", "l").await.expect(404).text("code"), "not_connected");
    ats.get("/v1/customers/kadry/users/anna/connection").await.expect(404);
    ats.connect("kadry", "anna", microsoft_simulator::demo::ANNA).await.expect(200);
    ats.order("kadry", "anna", "l").await.expect(201);
}

#[tokio::test]
async fn an_app_that_another_customer_works_with_is_refused_by_link_and_by_call_until_it_is_free() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    product.wait(SignedDuration::from_hours(1));
    let refused = ats.configure("other").await.expect(422);
    assert_eq!(
        (refused.text("code"), &refused.body["findings"][0]["code"]),
        ("credentials_refused", &json!("app_of_another_customer"))
    );
    assert_eq!(refused.body["findings"][0]["actor"], "ats");
    let link = ats.post("/v1/customers/other/intake-links", json!({})).await.expect(201).text("url").to_owned();
    let [tenant, client_id, secret] = good();
    let page = send(&product.browser(), &link, &tenant, &client_id, &secret).await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text.contains("app_of_another_customer"));
    ats.get("/v1/customers/other").await.expect(404);
    // Its own customer renews it as often as it likes.
    ats.configure("kadry").await.expect(200);
    ats.delete("/v1/customers/kadry").await.expect(204);
    assert_eq!(send(&product.browser(), &link, &tenant, &client_id, &secret).await.status, StatusCode::OK);
    ats.configure("kadry").await.expect(422);
}
