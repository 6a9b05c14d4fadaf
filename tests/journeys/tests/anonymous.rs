//! What a caller without an API key can make us do: each route is asked twenty times with nonsense and a hundred and sixty
//! times with what was handed out. The calls to the vault and to Microsoft, and the events, are those of
//! `docs/security/anonymous.md`.
#![cfg(test)]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use microsoft_simulator::demo::{
    ANNA, JAN, KADRY_CLIENT_ID, KADRY_TENANT, PRACA_CLIENT_ID, PRACA_SECRET, PRACA_TENANT,
};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::types::clock::SignedDuration;
use test_support::ats::{TestAts, meeting_path};
use test_support::browser::query_of;
use test_support::product::Product;

/// How often a route is asked with nonsense, and how often with what was handed out.
const TIMES: (usize, usize) = (20, 160);

/// Calls to the vault and to Microsoft, and events.
type Calls = (usize, usize, usize);

/// Calls while something is done as often as that.
async fn calls<F: Future<Output = StatusCode>>(product: &Product, times: usize, act: impl Fn() -> F) -> Calls {
    product.microsoft.clear_requests();
    let before: usize = product.vault_calls().values().sum();
    let told = product.queue.count().await.unwrap().0;
    for _ in 0..times {
        act().await;
    }
    let vault = product.vault_calls().values().sum::<usize>() - before;
    (vault, product.microsoft.requests().len(), product.queue.count().await.unwrap().0 - told)
}

/// Each of these addresses in its turn, each time with the cookies that were kept for it.
async fn brought(product: &Product, kept: &[(String, String)]) -> Calls {
    let turn = AtomicUsize::new(0);
    let bring = || async {
        let (cookies, url) = &kept[turn.fetch_add(1, Ordering::Relaxed) % kept.len()];
        product.browser().send(Method::GET, url, None, &[("cookie", cookies)]).await.status
    };
    calls(product, TIMES.1, bring).await
}

/// Sign-ins that began with this link, and where they return with these queries in turn.
async fn begun(product: &Product, link: &str, queries: &[&str]) -> Vec<(String, String)> {
    let mut kept = Vec::new();
    for query in queries {
        let browser = product.browser();
        let state = query_of(&browser.get(link).await.location(), "state");
        let cookies = browser.cookies_of(product.base.trim_start_matches("http://"));
        kept.push((cookies, format!("{}/oauth/callback?{query}&state={state}", product.base)));
    }
    kept
}

/// Answers to requests for consent, with states that the page of a spent intake link makes, and a sign-in test link of it.
async fn minted(product: &Product) -> (Vec<(String, String)>, String) {
    let link = product.ats().post("/v1/customers/praca/intake-links", json!({})).await.expect(201);
    let (tenant, client_id) = (PRACA_TENANT.to_string(), PRACA_CLIENT_ID.to_string());
    let fields = [("tenant", &*tenant), ("client_id", &client_id), ("client_secret", PRACA_SECRET)];
    let browser = product.browser();
    let receipt = browser.submit(link.text("url"), &fields).await;
    let test = receipt.text.split('"').find(|text| text.contains("/sign-in-test/")).unwrap().to_owned();
    let mut answers = Vec::new();
    for answer in ["admin_consent=True", "error=access_denied"].iter().cycle().take(8) {
        let page = browser.get(link.text("url")).await;
        let (_, state) = page.text.split_once("state=").unwrap();
        let state = state.split(|letter: char| !letter.is_ascii_alphanumeric() && !"._-".contains(letter)).next();
        let url = format!("{}/oauth/callback?{answer}&tenant={tenant}&state={}", product.base, state.unwrap());
        answers.push((String::new(), url));
    }
    (answers, test)
}

fn times_of(url: &str) -> usize {
    if url.contains("nonsense") { TIMES.0 } else { TIMES.1 }
}

async fn opened(product: &Product, url: &str) -> Calls {
    let browser = product.browser();
    calls(product, times_of(url), || async { browser.get(url).await.status }).await
}

async fn submitted(product: &Product, url: &str, fields: &[(&str, &str)]) -> Calls {
    let browser = product.browser();
    calls(product, times_of(url), || async { browser.submit(url, fields).await.status }).await
}

/// So many links, ordered one after another.
async fn ordered<const LINKS: usize>(product: &Product, path: &str) -> [String; LINKS] {
    let mut links = [const { String::new() }; LINKS];
    for link in &mut links {
        product.ats().post(path, json!({})).await.expect(201).text("url").clone_into(link);
    }
    links
}

/// By the route as the document names it: the calls for nonsense, and for what is real.
async fn measured() -> BTreeMap<&'static str, (Calls, Calls)> {
    let product = Product::with_anna().await;
    product.make_issuer().await;
    let ats = product.ats();
    let at = |path: &str| format!("{}{path}", product.base);
    let connect = ats.connect_link("kadry", "anna").await;
    let stored = ats.configure("kadry").await.expect(200);
    let test = stored.text("test_sign_in_url").to_owned();
    let consent = query_of(&stored.text("consent_url").parse().unwrap(), "state");
    let consent = at(&format!("/oauth/callback?admin_consent=True&tenant={KADRY_TENANT}&state={consent}"));
    product.wait(SignedDuration::from_secs(1));
    let intake: [String; 5] = ordered(&product, "/v1/customers/kadry/intake-links").await;
    let support: [String; 3] = ordered(&product, "/v1/support-links").await;
    let helped = ats.connect_link("kadry", "anna").await;
    let meeting = ats.order("kadry", "anna", "one").await.expect(201).text("link").to_owned();
    let cancelled = ats.order("kadry", "anna", "two").await.expect(201);
    ats.delete(&meeting_path(&cancelled)).await.expect(204);
    ats.connect("kadry", "jan", JAN).await.expect(200);
    let handed_over = ats.order("kadry", "anna", "three").await.expect(201);
    let path = format!("{}/hand-over", meeting_path(&handed_over));
    ats.post(&path, json!({ "to_user": "jan" })).await.expect(201);
    let wrong = [
        ("tenant", &*KADRY_TENANT.to_string()),
        ("client_id", &KADRY_CLIENT_ID.to_string()),
        ("client_secret", "abC8Q~garbage-garbage-garbage-garbage"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let wrong: Vec<_> = wrong.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let signed_in = product.browser();
    let returned = signed_in.sign_in_at_microsoft(&connect, ANNA).await;

    // Keys are read once a minute.
    opened(&product, &at("/sign-in-test/v4.local.nonsense")).await;
    let keyless = TestAts::new(&product.base, "somebody-elses-key");
    let mut measured = BTreeMap::new();
    for path in ["/healthz", "/problems/conflict", "/nowhere"] {
        let read = calls(&product, TIMES.0, || async { keyless.get(path).await.status }).await;
        assert_eq!(read, (0, 0, 0), "{path}");
    }
    for (route, path, real) in [
        ("GET /connect/{link}", "/connect/v4.local.nonsense", &connect),
        ("GET /connect/{link}/help", "/connect/v4.local.nonsense/help", &format!("{helped}/help")),
        ("GET /sign-in-test/{link}", "/sign-in-test/v4.local.nonsense", &test),
        ("GET /intake/{link}", "/intake/v4.local.nonsense", &intake[0]),
        (
            "GET /intake/{link}/kit/{file}",
            "/intake/v4.local.nonsense/kit/teams-connect.sh",
            &format!("{}/kit/teams-connect.sh", intake[1]),
        ),
        ("GET /support/{link}", "/support/v4.local.nonsense", &support[0]),
        (
            "GET /support/{link}/customers/{customer}",
            "/support/v4.local.nonsense/customers/kadry",
            &format!("{}/customers/kadry", support[1]),
        ),
        ("GET /m/{link}", "/m/nonsense", &meeting),
        ("GET /m/{link}, cancelled", "/m/nonsense", &cancelled.text("link").to_owned()),
        ("GET /m/{link}, handed over", "/m/nonsense", &handed_over.text("link").to_owned()),
        ("GET /oauth/callback, consent", "/oauth/callback?admin_consent=True&state=nonsense", &consent),
    ] {
        measured.insert(route, (opened(&product, &at(path)).await, opened(&product, real).await));
    }
    let forged = opened(&product, &at("/oauth/callback?code=a&state=nonsense")).await;
    let ola = ats.connect_link("kadry", "ola").await;
    let kept = begun(&product, &ola, &["code=made-up"; 8]).await;
    measured.insert("GET /oauth/callback, kept cookies", (forged, brought(&product, &kept).await));
    let (answers, test) = minted(&product).await;
    measured.insert("GET /oauth/callback, minted states", (forged, brought(&product, &answers).await));
    let refusals = ["error=access_denied", "error=consent_required", "code=made-up"];
    let kept = begun(&product, &test, &refusals).await;
    measured.insert("GET /oauth/callback, sign-in test", (forged, brought(&product, &kept).await));
    let spelt = product.browser();
    let other_spellings = calls(&product, TIMES.0, || async { spelt.get(&format!("{meeting}.")).await.status }).await;
    assert_eq!(other_spellings.1, 0, "another spelling is the same link");
    let back = calls(&product, TIMES.1, || async { signed_in.get(returned.as_str()).await.status }).await;
    measured.insert("GET /oauth/callback", (forged, back));
    let nonsense = at("/intake/v4.local.nonsense");
    measured.insert(
        "POST /intake/{link}",
        (submitted(&product, &nonsense, &wrong).await, submitted(&product, &intake[2], &wrong).await),
    );
    for (route, form, link) in [
        ("POST /intake/{link}/certificate", "certificate", &intake[3]),
        ("POST /intake/{link}/federation", "federation", &intake[4]),
    ] {
        let forged = submitted(&product, &format!("{nonsense}/{form}"), &[]).await;
        measured.insert(route, (forged, submitted(&product, &format!("{link}/{form}"), &[]).await));
    }
    let nonsense = at("/support/v4.local.nonsense/customers/kadry/intake-links");
    let made = format!("{}/customers/kadry/intake-links", support[2]);
    measured.insert(
        "POST /support/{link}/customers/{customer}/intake-links",
        (submitted(&product, &nonsense, &[]).await, submitted(&product, &made, &[]).await),
    );
    let refused = calls(&product, TIMES.0, || async { keyless.get("/v1/customers/kadry").await.status }).await;
    measured.insert("/v1 with a wrong key", (refused, refused));
    measured
}

/// The table's lines: route, calls and events for nonsense, the same for what was handed out.
fn documented() -> BTreeMap<String, (Calls, Calls)> {
    let parse = |cell: &str| {
        let [vault, microsoft, events] = cell.trim().split(", ").collect::<Vec<_>>().try_into().unwrap();
        (vault.parse().unwrap(), microsoft.parse().unwrap(), events.parse().unwrap())
    };
    let page = include_str!("../../../docs/security/anonymous.md");
    let lines = page.lines().filter_map(|line| line.strip_prefix("| `"));
    lines
        .map(|line| {
            let mut cells = line.split(" | ");
            let route = cells.next().unwrap().trim_end_matches('`').to_owned();
            (route, (parse(cells.next().unwrap()), parse(cells.next().unwrap())))
        })
        .collect()
}

#[tokio::test]
async fn a_caller_without_a_key_makes_us_do_what_the_table_says() {
    let measured: BTreeMap<_, _> =
        measured().await.into_iter().map(|(route, calls)| (route.to_owned(), calls)).collect();
    assert_eq!(measured, documented());
}
