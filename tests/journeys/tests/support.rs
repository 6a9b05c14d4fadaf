//! The page for support: who must act, what expires, who must sign in, and whose link shows what until when.

#![cfg(test)]

use std::collections::BTreeSet;

use microsoft_simulator::demo::{ANNA, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT};
use refresh::{Refresh, keep_alive};
use reqwest::Method;
use serde_json::json;
use shared::adapters::vault::apps::CheckRecord;
use shared::domain::api_key::{ApiKeyLimits, ApiKeyRecord, ApiScope};
use shared::domain::entra_app::{Credential, EntraApp};
use shared::domain::finding::{Finding, FindingKind};
use shared::types::clock::SignedDuration;
use shared::types::secret::ApiKey;
use test_support::ats::TestAts;
use test_support::product::{API_KEY, Product};
use uuid::Uuid;

const LIMITED_KEY: &str = "tc_support_0123456789abcdef0123456789abcdef";

/// Of five hundred customers.
const BLOCKED: [u32; 3] = [7, 133, 420];

async fn support_link(product: &Product) -> String {
    product.ats().post("/v1/support-links", json!({})).await.expect(201).text("url").to_owned()
}

/// The part of a page below a heading, without its markup.
fn section(page: &str, id: &str) -> String {
    let (_, rest) = page.split_once(&format!("aria-labelledby=\"{id}\"")).unwrap();
    let section = rest.split("</section>").next().unwrap();
    let texts =
        section.split('<').filter_map(|part| part.split_once('>')).flat_map(|(_, text)| text.split_whitespace());
    texts.collect::<Vec<_>>().join(" ")
}

async fn put_keys(product: &Product, limits: Option<ApiKeyLimits>) {
    let mut keys = vec![ApiKeyRecord::from_key("journey", &ApiKey::from(API_KEY.to_owned()))];
    let limited = ApiKeyRecord::from_key("support", &ApiKey::from(LIMITED_KEY.to_owned()));
    keys.extend(limits.map(|limits| limited.with_limits(limits)));
    product.parts.vault.put_api_keys(keys).await.unwrap();
    product.wait(SignedDuration::from_mins(1));
}

fn limits(customers: &[&str], scope: ApiScope) -> ApiKeyLimits {
    let customers = customers.iter().map(|id| id.parse().unwrap()).collect();
    ApiKeyLimits { customers: Some(customers), scopes: Some(BTreeSet::from([scope])), per_minute: None }
}

#[tokio::test]
async fn a_supporter_finds_who_must_act_what_expires_and_what_a_number_means() {
    let product = Product::start().await;
    product.ats().configure_until("kadry", KADRY_CLIENT_ID, Some("2028-11-24")).await.expect(200);
    product.ats().connect("kadry", "anna", ANNA).await.expect(200);
    product.ats().configure_until("ending", product.another_app(), Some("2026-12-10")).await.expect(200);
    product.ats().configure_until("undated", product.another_app(), None).await.expect(200);
    let link = support_link(&product).await;
    let browser = product.browser();
    let page = browser.get(&format!("{link}?language=en")).await;
    assert_eq!(page.status, 200);
    assert!(section(&page.text, "to-fix").contains("Everything works."));
    let ends = section(&page.text, "ends");
    assert!(ends.contains("ending") && ends.contains("Expires: 2026-12-10") && ends.contains("undated"), "{ends}");
    assert!(!ends.contains("kadry"), "{ends}");
    assert!(section(&page.text, "unfinished").contains("undated"));

    product.microsoft.expire_secret(KADRY_CLIENT_ID).unwrap();
    product.ats().call(Method::POST, "/v1/customers/kadry/check", None, &[]).await.expect(200);
    let page = browser.get(&format!("{link}?language=pl")).await;
    let to_fix = section(&page.text, "to-fix");
    assert!(to_fix.contains("kadry Klucz tajny klienta wygasł."), "{to_fix}");
    let by_number = browser.get(&format!("{link}?language=en&q=AADSTS7000222")).await;
    let results = section(&by_number.text, "results");
    assert!(results.contains("AADSTS7000222") && results.contains("kadry"), "{results}");
    assert!(!results.contains("undated"), "{results}");
    for found in [format!("{link}?q=KADR"), format!("{link}?q={KADRY_CLIENT_ID}")] {
        let results = section(&browser.get(&found).await.text, "results");
        assert!(results.contains("kadry") && !results.contains("ending"), "{found}: {results}");
    }
    let unknown = browser.get(&format!("{link}?language=en&q=%22%3E%3Cb%3E")).await;
    assert!(section(&unknown.text, "results").contains("Nothing was found.") && !unknown.text.contains("<b>"));
}

#[tokio::test]
async fn a_customers_page_shows_recruiters_findings_consent_and_a_ready_message_and_no_secret() {
    let product = Product::start().await;
    product.ats().configure_until("kadry", KADRY_CLIENT_ID, Some("2026-12-10")).await.expect(200);
    product.ats().connect("kadry", "anna", ANNA).await.expect(200);
    let link = support_link(&product).await;
    let page = product.browser().get(&format!("{link}/customers/kadry?language=en")).await;
    assert_eq!(page.status, 200);
    let recruiters = section(&page.text, "recruiters");
    assert!(recruiters.contains("anna works") && recruiters.contains(ANNA), "{recruiters}");
    assert!(page.text.contains("data-code=\"expires_soon\""));
    assert!(page.text.contains(&format!("{link}?language=en")), "it leads back");
}

#[tokio::test]
async fn a_button_makes_an_intake_link_and_a_message_with_it_in_both_languages() {
    let product = Product::start().await;
    product.ats().configure_until("kadry", KADRY_CLIENT_ID, Some("2026-12-10")).await.expect(200);
    product.ats().connect("kadry", "anna", ANNA).await.expect(200);
    product.wait(SignedDuration::from_secs(1));
    let link = support_link(&product).await;
    let browser = product.browser();
    let customer = browser.get(&format!("{link}/customers/kadry?language=en")).await;
    let action = format!("{link}/customers/kadry/intake-links?language=en");
    assert!(customer.text.contains(&format!("method=\"post\" action=\"{action}\"")));
    let page = browser.submit(&action, &[]).await;
    assert_eq!(page.status, 200);
    assert!(section(&page.text, "link").contains("2026-12-01 09:00 UTC"), "it works for a week: {}", page.text);
    let mail = section(&page.text, "mail");
    assert!(mail.contains("Dzień dobry,") && mail.contains("Hello,") && mail.contains("2026-12-10"), "{mail}");
    let start = page.text.find(&format!("{}/intake/", product.base)).unwrap();
    let intake: String = page.text[start..].chars().take_while(|letter| !"< \"".contains(*letter)).collect();
    assert_eq!(mail.matches(&intake).count(), 2, "{mail}");
    assert!(page.text.contains("mailto:?subject=Microsoft%20Teams"));
    let form = browser.get(&intake).await;
    assert!(form.status == 200 && form.text.contains("kadry") && form.text.contains("<form"), "{}", form.text);

    for unknown in ["nobody", "-"] {
        assert_eq!(browser.submit(&format!("{link}/customers/{unknown}/intake-links"), &[]).await.status, 404);
    }
    let elsewhere = [("sec-fetch-site", "cross-site")];
    assert_eq!(browser.send(Method::POST, &action, Some(String::new()), &elsewhere).await.status, 403);
    // Nothing is wrong with these values: the administrator is asked to look them over.
    product.ats().configure_until("kadry", KADRY_CLIENT_ID, Some("2028-11-24")).await.expect(200);
    let page = browser.submit(&action, &[]).await;
    assert!(section(&page.text, "mail").contains("Please enter or check the details"), "{}", page.text);
    product.ats().configure_until("other", product.another_app(), None).await.expect(200);
    product.ats().call(Method::DELETE, "/v1/customers/kadry", None, &[]).await.expect(204);
    assert_eq!(browser.submit(&action, &[]).await.status, 410, "an offboarded customer gets none");
    assert_eq!(browser.get(&intake).await.status, 410, "and a link from before is over");
    put_keys(&product, Some(limits(&["other"], ApiScope::Administration))).await;
    let limited = TestAts::new(&product.base, LIMITED_KEY);
    let own = limited.post("/v1/support-links", json!({})).await.expect(201).text("url").to_owned();
    assert_eq!(browser.submit(&format!("{own}/customers/other/intake-links"), &[]).await.status, 200);
    assert_eq!(browser.submit(&format!("{own}/customers/kadry/intake-links"), &[]).await.status, 404);
}

#[tokio::test]
async fn a_link_ends_by_itself_and_with_its_key_and_shows_what_the_key_may_see() {
    let product = Product::start().await;
    product.ats().configure_until("kadry", KADRY_CLIENT_ID, None).await.expect(200);
    product.ats().configure_until("other", product.another_app(), None).await.expect(200);
    put_keys(&product, Some(limits(&["kadry"], ApiScope::Administration))).await;
    let limited = TestAts::new(&product.base, LIMITED_KEY);
    let order = json!({"expires_in": 43_200});
    let link = limited.post("/v1/support-links", order).await.expect(201).text("url").to_owned();
    let browser = product.browser();
    let page = browser.get(&link).await;
    assert!(page.text.contains("/customers/kadry") && !page.text.contains("/customers/other"));
    assert_eq!(browser.get(&format!("{link}/customers/kadry")).await.status, 200);
    for foreign in ["other", "nobody", "-"] {
        assert_eq!(browser.get(&format!("{link}/customers/{foreign}")).await.status, 404, "{foreign}");
    }
    // A key that may no longer administrate, and one that is gone from both versions, take their links along.
    put_keys(&product, Some(limits(&["kadry"], ApiScope::Meetings))).await;
    assert_eq!(browser.get(&link).await.status, 410);
    put_keys(&product, Some(limits(&["kadry"], ApiScope::Administration))).await;
    assert_eq!(browser.get(&link).await.status, 200);
    put_keys(&product, None).await;
    put_keys(&product, Some(limits(&[], ApiScope::Meetings))).await;
    assert_eq!(browser.get(&link).await.status, 410);

    // Another key of the same id is another key.
    let other = ApiKeyRecord::from_key("support", &ApiKey::from("tc_support_another_0123456789abcdef01234".to_owned()));
    for _ in 0..2 {
        let journey = ApiKeyRecord::from_key("journey", &ApiKey::from(API_KEY.to_owned()));
        product.parts.vault.put_api_keys(vec![journey, other.clone()]).await.unwrap();
    }
    product.wait(SignedDuration::from_mins(1));
    assert_eq!(browser.get(&link).await.status, 410);

    let short = product.ats().post("/v1/support-links", json!({"expires_in": 300})).await.expect(201);
    let short = short.text("url").to_owned();
    assert_eq!(browser.get(&short).await.status, 200);
    product.wait(SignedDuration::from_mins(5));
    assert_eq!(browser.get(&short).await.status, 410);
    for wrong in [299, 43_201, -1] {
        product.ats().post("/v1/support-links", json!({"expires_in": wrong})).await.expect(422);
    }
    let forged = short.replace("v4.local.", "v4.local.A");
    assert_eq!(browser.get(&forged).await.status, 410);
    let intake = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    let intake = intake.text("url").replace("/intake/", "/support/");
    assert_eq!(browser.get(&intake).await.status, 410, "another function's link opens nothing here");
}

#[tokio::test]
async fn a_supporter_sees_where_an_administrator_stopped_before_anything_was_stored() {
    let product = Product::start().await;
    let (link, browser) = (support_link(&product).await, product.browser());
    let page = format!("{link}/customers/kadry?language=en");
    assert_eq!(browser.get(&page).await.status, 404);
    let order = json!({});
    let intake = product.ats().post("/v1/customers/kadry/intake-links", order).await.expect(201).text("url").to_owned();
    let search = async || section(&browser.get(&format!("{link}?language=en&q=kadry")).await.text, "results");
    assert!(search().await.contains("Nothing was found."));
    browser.get(&intake).await;
    let found = search().await;
    assert!(found.contains("Link opened") && found.contains("nothing was submitted"), "{found}");
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    let fields = |secret: &'static str| [("tenant", &*tenant), ("client_id", &*client_id), ("client_secret", secret)];
    browser.submit(&intake, &fields("abC8Q~a.value-of-nobody_1234567890123456")).await;
    let found = search().await;
    assert!(found.contains("Stopped at: Microsoft rejected this secret."), "{found}");
    let customer = browser.get(&page).await;
    assert!(customer.status == 200 && customer.text.contains("Microsoft rejected this secret."), "{}", customer.text);
    let made = browser.submit(&format!("{link}/customers/kadry/intake-links?language=en"), &[]).await;
    assert_eq!(made.status, 200);

    product.wait(SignedDuration::from_secs(1));
    browser.submit(&intake, &fields(KADRY_SECRET)).await;
    for url in [&page, &format!("{link}?language=en&q=kadry")] {
        let text = browser.get(url).await.text;
        assert!(text.contains("kadry") && !text.contains("Stopped at"), "{url}: {text}");
    }
}

#[tokio::test]
async fn recruiters_who_must_sign_in_are_named_on_the_first_page() {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    product.ats().connect("kadry", "anna", ANNA).await.expect(200);
    product.microsoft.revoke_sessions(ANNA).unwrap();
    for _ in 0..2 {
        product.wait(SignedDuration::from_mins(2));
        let renewed = "/v1/customers/kadry/users/anna/connection/refresh";
        product.ats().call(Method::POST, renewed, None, &[]).await;
    }
    product.ats().call(Method::POST, "/v1/customers/kadry/check", None, &[]).await.expect(200);
    product.wait(SignedDuration::from_hours(24));
    keep_alive(&Refresh::new(&product.parts), SignedDuration::from_mins(5)).await.unwrap();
    let page = product.browser().get(&format!("{}?language=en", support_link(&product).await)).await.text;
    let sign_in = section(&page, "sign-in");
    assert!(sign_in.contains(&format!("kadry 1 anna ({ANNA})")), "{sign_in}");
}

#[tokio::test]
async fn three_of_five_hundred_customers_are_found_on_one_page() {
    let product = Product::start().await;
    let writer = product.parts.vault.app_writer();
    for number in 0..500_u32 {
        let app = EntraApp {
            tenant: KADRY_TENANT.to_string().parse().unwrap(),
            client_id: Uuid::from_u128(1 + u128::from(number)).to_string().parse().unwrap(),
            credential: Credential::Secret(KADRY_SECRET.to_owned().into()),
            expires_on: Some("2028-11-24".parse().unwrap()),
        };
        let findings: &[Finding] = if BLOCKED.contains(&number) { &[FindingKind::SecretExpired.into()] } else { &[] };
        let check = CheckRecord::from_findings(findings.is_empty(), findings);
        writer.store(&format!("customer-{number}").parse().unwrap(), &app, &check, None).await.unwrap();
    }
    let page = product.browser().get(&format!("{}?language=en", support_link(&product).await)).await.text;
    let to_fix = section(&page, "to-fix");
    for number in BLOCKED {
        assert!(to_fix.contains(&format!("customer-{number} ")), "{to_fix}");
    }
    assert_eq!(to_fix.matches("customer-").count(), 3, "{to_fix}");
    assert!(page.len() < 100_000, "{} bytes", page.len());
    let unfinished = section(&page, "unfinished");
    assert!(unfinished.contains("Not shown: 447"), "{unfinished}");
}
