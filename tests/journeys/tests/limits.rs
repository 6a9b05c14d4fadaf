//! How often something may be tried: by whoever has no key, with one key, through one link.
#![cfg(test)]

use microsoft_simulator::demo::{ANNA, JAN, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::adapters::vault::backend::memory::{InjectedFault, VaultOperation};
use shared::domain::api_key::{ApiKeyLimits, ApiKeyRecord};
use shared::types::clock::SignedDuration;
use shared::types::secret::ApiKey;
use test_support::ats::{TestAts, connection, meeting_path};
use test_support::browser::query_of;
use test_support::contract::ForeignCaller;
use test_support::product::{API_KEY, OTHER_COMPLETION_URL, Product, led};

/// As many wrong keys as one source may present at once.
const WRONG_KEYS: usize = 100;

/// A sign-in through this link comes back from Microsoft: whether it waits now, or what the ATS is told instead.
async fn returned(product: &Product, link: &str) -> Result<(), String> {
    let to = product.browser().sign_in(link, ANNA).await;
    to.query_pairs().find(|(name, _)| name == "error").map_or(Ok(()), |(_, code)| Err(code.into_owned()))
}

fn too_often() -> Result<(), String> {
    Err("too_many_requests".to_owned())
}

#[tokio::test]
async fn whoever_guesses_keys_is_turned_away_and_whoever_has_one_is_not() {
    let product = Product::start().await;
    let (stranger, path) = (ForeignCaller::at(&product), connection("kadry", "anna"));
    for _ in 0..WRONG_KEYS {
        let answer = stranger.ask(&Method::GET, &path, &[("authorization", "Bearer guessed")]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let asked = product.vault_calls();
    for headers in [&[("authorization", "Bearer guessed")][..], &[]] {
        let answer = stranger.ask(&Method::GET, &path, headers).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers["retry-after"], "1");
        assert!(answer.body.contains("\"code\":\"too_many_requests\""), "{answer:?}");
    }
    assert_eq!(product.vault_calls(), asked);
    // The ATS sits at the same address.
    product.ats().get(&path).await.expect(404);
    product.wait(SignedDuration::from_mins(1));
    stranger.ask(&Method::GET, &path, &[]).await;
    assert_eq!(stranger.ask(&Method::GET, &path, &[]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_header_makes_nobody_somebody_else() {
    let product = Product::start().await;
    let (stranger, path) = (ForeignCaller::at(&product), connection("kadry", "anna"));
    let mut statuses = Vec::new();
    for number in 0..=WRONG_KEYS {
        let address = format!("192.0.2.{number}");
        let forwarded = format!("for={address}");
        let spoofed = [
            ("x-forwarded-for", &*address),
            ("x-real-ip", &address),
            ("forwarded", &forwarded),
            ("cf-connecting-ip", &address),
            ("x-amzn-request-context", &address),
        ];
        statuses.push(stranger.ask(&Method::GET, &path, &spoofed).await.status);
    }
    assert_eq!(statuses.pop(), Some(StatusCode::TOO_MANY_REQUESTS));
    assert!(statuses.iter().all(|status| *status == StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn a_key_has_the_pace_that_it_was_given() {
    let product = Product::start().await;
    let key = |id: &str, text: &str| ApiKeyRecord::from_key(id, &ApiKey::from(text.to_owned()));
    let paced = ApiKeyLimits { per_minute: std::num::NonZeroU32::new(3), ..ApiKeyLimits::default() };
    let keys = vec![key("journey", API_KEY), key("paced", "tc_paced_0123456789").with_limits(paced)];
    product.parts.vault.put_api_keys(keys).await.unwrap();
    product.wait(SignedDuration::from_mins(1));

    let (ats, path) = (TestAts::new(&product.base, "tc_paced_0123456789"), connection("kadry", "anna"));
    for _ in 0..3 {
        ats.get(&path).await.expect(404);
    }
    let refused = ats.get(&path).await.expect(429);
    assert_eq!((refused.text("code"), refused.body["retry_after"].as_u64()), ("too_many_requests", Some(20)));
    assert_eq!(refused.body["retryable"], true);
    product.ats().get(&path).await.expect(404);
    product.wait(SignedDuration::from_secs(20));
    ats.get(&path).await.expect(404);
    ats.get(&path).await.expect(429);
}

#[tokio::test]
async fn through_one_link_credentials_are_tried_twenty_times_an_hour() {
    let product = Product::start().await;
    let link = async || {
        product.wait(SignedDuration::from_secs(1));
        let link = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
        link.text("url").to_owned()
    };
    let (one, other) = (link().await, link().await);
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    let form = |secret| [("tenant", &*tenant), ("client_id", &*client_id), ("client_secret", secret)];
    let browser = product.browser();
    for _ in 0..20 {
        let page = browser.submit(&one, &form("kPz8Q~wrong.secret.of.the.right.length00")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let asked = product.microsoft.requests().len();
    let page = browser.submit(&one, &form(KADRY_SECRET)).await;
    assert_eq!((page.status, &page.headers["retry-after"]), (StatusCode::TOO_MANY_REQUESTS, &"180".parse().unwrap()));
    assert!(page.text.contains("Too many attempts in a short time"), "{}", page.text);
    assert_eq!(product.microsoft.requests().len(), asked, "Microsoft was not asked");
    // The form can still be read, another link has tries of its own, and so has this one a while later.
    assert_eq!(browser.get(&one).await.status, StatusCode::OK);
    let page = browser.submit(&other, &form("kPz8Q~wrong.secret.of.the.right.length00")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    product.wait(SignedDuration::from_mins(3));
    assert_eq!(browser.submit(&one, &form(KADRY_SECRET)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_test_link_does_not_call_microsoft_as_often_as_somebody_likes() {
    let product = Product::start().await;
    let stored = product.ats().configure("kadry").await.expect(200);
    let link = stored.text("test_sign_in_url").to_owned();
    let redeemed = || product.asked("token:authorization_code");
    let tries = async |link: &str| {
        let browser = product.browser();
        let begun = browser.get(link).await;
        let state = query_of(&begun.location(), "state");
        let back = format!("{}/oauth/callback?code=made-up&state={state}", product.base);
        browser.get(&back).await.status
    };
    for _ in 0..5 {
        assert_eq!(tries(&link).await, StatusCode::OK);
    }
    assert_eq!(redeemed(), 5);
    for _ in 0..60 {
        assert_eq!(tries(&link).await, StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(redeemed(), 5, "Microsoft was not asked");
    // Whoever was given a link of his own is not stopped by it, and neither is the first link a minute later.
    product.wait(SignedDuration::from_secs(1));
    let own = product.ats().configure("kadry").await.expect(200).text("test_sign_in_url").to_owned();
    assert_eq!(tries(&own).await, StatusCode::OK);
    product.wait(SignedDuration::from_mins(1));
    assert_eq!(tries(&link).await, StatusCode::OK);
}

#[tokio::test]
async fn all_links_of_a_customers_sign_in_tests_share_thirty_tests() {
    let product = Product::start().await;
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let link = product.ats().configure("kadry").await.expect(200).text("test_sign_in_url").to_owned();
        for _ in 0..5 {
            let browser = product.browser();
            let state = query_of(&browser.get(&link).await.location(), "state");
            let back = format!("{}/oauth/callback?error=access_denied&state={state}", product.base);
            statuses.push(browser.get(&back).await.status);
        }
        product.wait(SignedDuration::from_secs(1));
    }
    let refused = statuses.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count();
    assert_eq!((statuses[29], statuses[30], refused), (StatusCode::OK, StatusCode::TOO_MANY_REQUESTS, 5));
}

#[tokio::test]
async fn whoever_returns_again_and_again_through_seven_links_stops_nothing_that_counts() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let meeting = ats.order("kadry", "anna", "order-1").await.expect(201);
    for number in 0..7 {
        let link = ats.connect_link("kadry", &format!("recruiter-{number}")).await;
        let mut returns = 0;
        while returned(&product, &link).await.is_ok() {
            returns += 1;
            assert!(returns <= 20, "one recruiter's link brings twenty sign-ins a day");
        }
    }
    ats.connect("kadry", "jan", JAN).await.expect(200);
    ats.delete(&meeting_path(&meeting)).await.expect(204);
    assert_eq!(ats.order("kadry", "anna", "order-1").await.expect(410).text("code"), "order_cancelled");
    ats.delete(&connection("kadry", "jan")).await.expect(204);
}

#[tokio::test]
async fn a_sign_in_that_comes_too_often_goes_back_to_the_ats_like_any_other_refusal() {
    let product = Product::with_anna().await;
    product.wait(SignedDuration::from_mins(30));
    let options = json!({ "state": "s-1", "completion_url": OTHER_COMPLETION_URL });
    let link = product.ats().connect_link_with("kadry", "anna", options).await.expect(201).text("url").to_owned();
    while returned(&product, &link).await.is_ok() {}
    let page = product.browser().sign_in(&link, ANNA).await;
    assert_eq!(page.as_str(), format!("{OTHER_COMPLETION_URL}&error=too_many_requests&state=s-1"));
    let explained = product.browser().get(&format!("{}/problems/too_many_requests", product.base)).await;
    assert_eq!(explained.status, StatusCode::OK);
    product.wait(SignedDuration::from_hours(24));
    assert_eq!(returned(&product, &link).await, Ok(()));
}

#[tokio::test]
async fn whoever_was_kept_out_by_returns_through_her_link_signs_in_once_the_ats_took_it_back() {
    let product = Product::start().await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    let link = ats.connect_link("kadry", "anna").await;
    let made_up = async || {
        let browser = product.browser();
        let state = query_of(&browser.get(&link).await.location(), "state");
        let back = browser.get(&format!("{}/oauth/callback?code=made-up&state={state}", product.base)).await.location();
        back.query_pairs().any(|(name, _)| name == "handle")
    };
    while made_up().await {}
    assert!(!made_up().await);
    product.wait(SignedDuration::from_secs(1));
    let her_own = ats.connect_link("kadry", "anna").await;
    assert_eq!(returned(&product, &her_own).await, too_often());
    ats.delete("/v1/customers/kadry/users/anna/connect-links").await.expect(204);
    product.wait(SignedDuration::from_secs(1));
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert_eq!(product.browser().get(&link).await.status, StatusCode::GONE);
}

/// How often Graph was asked for a meeting.
fn reads(product: &Product) -> usize {
    product.asked("graph:read")
}

#[tokio::test]
async fn all_links_that_have_graph_asked_in_one_recruiters_name_share_ten_questions() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let (mut links, mut handed_over) = (Vec::new(), Vec::new());
    for number in 0..12 {
        let made = ats.order("kadry", "anna", &format!("order-{number}")).await.expect(201);
        links.push((made.text("link").to_owned(), made.text("join_url").to_owned()));
        let made = ats.order("kadry", "anna", &format!("handed-over-{number}")).await.expect(201);
        let path = format!("{}/hand-over", meeting_path(&made));
        let taken = ats.post(&path, json!({ "to_user": "jan" })).await.expect(201);
        handed_over.push((made.text("link").to_owned(), taken.text("join_url").to_owned()));
    }
    for links in [&links, &handed_over] {
        product.microsoft.clear_requests();
        for (link, join_url) in links.iter().chain(links) {
            assert_eq!(led(&product, link).await, *join_url);
        }
        assert_eq!(reads(&product), 10, "Anna's links do not use up what Jan's token may be used for");
    }
}

#[tokio::test]
async fn a_link_that_cannot_be_followed_is_not_followed_again_at_once() {
    let product = Product::with_anna().await;
    let made = product.ats().order("kadry", "anna", "order").await.expect(201);
    product.microsoft.delete_meeting(&product.microsoft.meetings()[0].id);
    let open = async || product.browser().get(made.text("link")).await.status;
    let memory = product.memory.as_ref().unwrap();
    for _ in 0..10 {
        memory.fail_next(VaultOperation::Read, InjectedFault::Unavailable);
    }
    assert_eq!(open().await, StatusCode::SERVICE_UNAVAILABLE);
    memory.clear_faults();
    let asked = (reads(&product), product.vault_calls());
    assert_eq!(open().await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((reads(&product), product.vault_calls()), asked);
    product.wait(SignedDuration::from_secs(5));
    assert_eq!(open().await, StatusCode::GONE);
}

#[tokio::test]
async fn what_another_process_cancelled_is_known_a_minute_later_however_often_links_are_opened() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let (made, other) = (ats.order("kadry", "anna", "1").await.expect(201), ats.order("kadry", "anna", "2").await);
    product.wait(SignedDuration::from_secs(50));
    assert_eq!(led(&product, made.text("link")).await, made.text("join_url"));
    product.cold().await.delete(&meeting_path(&made)).await.expect(204);
    product.microsoft.revive_meeting(made.text("id"));
    product.wait(SignedDuration::from_secs(10));
    for _ in 0..20 {
        led(&product, other.text("link")).await;
    }
    assert_eq!(product.browser().get(made.text("link")).await.status, StatusCode::GONE);
}
