//! Microsoft stops a sign-in and sends nobody back: the page beside the link tells what its number means.

use microsoft_simulator::demo::{ANNA, KADRY_CLIENT_ID, KADRY_TENANT};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use serde_json::json;
use shared::adapters::vault::backend::memory::{InjectedFault, VaultOperation};
use shared::domain::finding::{Actor, FindingKind};
use shared::types::clock::SignedDuration;
use shared::types::language::Language;
use test_support::browser::{PageResponse, TestBrowser};
use test_support::product::Product;

/// A number that stands in no table of ours.
const STRANGE: &str = "AADSTS99123";

async fn configured() -> Product {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    product
}

/// The page of a link about what somebody typed.
async fn ask(browser: &TestBrowser, link: &str, typed: &str) -> PageResponse {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("code", typed).finish();
    let page = browser.get(&format!("{link}/help?{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{typed}");
    page
}

/// What a reader reads.
fn read(page: &PageResponse) -> String {
    let mut text = String::new();
    for piece in page.text.split('<').skip(1) {
        text.push_str(piece.split_once('>').map_or("", |(_, text)| text));
        text.push(' ');
    }
    [("&#39;", "'"), ("&#34;", "\""), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")]
        .iter()
        .fold(text, |text, (entity, character)| text.replace(entity, character))
}

/// A sentence as a heading: without a full stop.
fn heading(title: &str) -> &str {
    title.trim_end_matches('.')
}

#[tokio::test]
async fn a_recruiter_whom_microsoft_stranded_learns_what_to_forward() {
    let product = configured().await;
    let link = product.ats().connect_link("kadry", "anna").await;
    product.microsoft.set_redirect_uris(&["https://elsewhere.example/callback".to_owned()]);
    let browser = product.browser();
    let authorize = browser.get(&link).await.location();
    let stranded = browser.get(authorize.as_str()).await;
    let told = read(&stranded);
    assert!(told.contains("AADSTS50011"), "{told}");

    let page = ask(&browser, &link, &told).await;
    let shown = read(&page);
    let correlation = told.split("Correlation ID: ").nth(1).unwrap().split_whitespace().next().unwrap();
    let blade = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Authentication";
    let place = format!("{blade}/appId/{KADRY_CLIENT_ID}");
    let message = shown.split("Message to forward").nth(1).unwrap();
    for part in [
        "AADSTS50011",
        FindingKind::RedirectUriMissing.message(Language::En).remedy,
        &format!("{}/oauth/callback", product.base),
        &KADRY_CLIENT_ID.to_string(),
        &KADRY_TENANT.to_string(),
        &place,
        correlation,
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert!(page.text.contains(&format!("href=\"{place}\"")) && page.text.contains(&format!("href=\"{link}\"")));

    // The administrator did what it says; the same link leads on.
    product.microsoft.set_redirect_uris(&[format!("{}/oauth/callback", product.base)]);
    browser.sign_in(&link, ANNA).await;
}

#[tokio::test]
async fn every_number_that_we_know_is_explained_in_both_languages() {
    let product = configured().await;
    let link = product.ats().connect_link("kadry", "anna").await;
    for (tag, language) in [("pl", Language::Pl), ("en", Language::En)] {
        let browser = TestBrowser::new(tag);
        let list = browser.get(&format!("{link}/help")).await;
        for (kind, numbers) in FindingKind::aadsts_codes() {
            let words = kind.message(language);
            assert!(read(&list).contains(heading(words.title)), "{kind:?} is not listed in {tag}");
            for number in *numbers {
                assert!(list.text.contains(&format!("?code={number}&amp;language={tag}\"")), "{number} in {tag}");
                let page = ask(&browser, &link, &number.to_string()).await;
                let shown = read(&page);
                assert!(page.text.contains(&format!("<html lang=\"{tag}\">")), "{number}");
                assert!(page.text.contains(&format!("data-code=\"{}\"", kind.code())), "{number} in {tag}");
                for sentence in [heading(words.title), words.remedy, &format!("AADSTS{number}")] {
                    assert!(shown.contains(sentence), "{number} in {tag}: {sentence}");
                }
                let is_forwarded = page.text.contains("id=\"message\"");
                let mends_alone = kind.actor() == Actor::Recruiter && kind.other_actor().is_none();
                assert_eq!(is_forwarded, !mends_alone, "{number} in {tag}");
            }
        }
    }
}

#[tokio::test]
async fn a_number_with_two_causes_names_whoever_may_have_to_act() {
    let product = configured().await;
    let link = product.ats().connect_link("kadry", "anna").await;
    for (tag, both) in [("pl", "Ty albo administrator"), ("en", "you, or your")] {
        let shown = read(&ask(&TestBrowser::new(tag), &link, "65004").await);
        assert!(shown.contains(both), "{tag}: {shown}");
    }
}

#[tokio::test]
async fn a_number_that_nobody_knows_is_passed_on_and_nobody_is_blamed() {
    let product = configured().await;
    let link = product.ats().connect_link("kadry", "anna").await;
    for (tag, unknown, who) in
        [("pl", "Tego numeru nie znamy", "nie wiadomo"), ("en", "We do not know this number", "unknown")]
    {
        let page = ask(&TestBrowser::new(tag), &link, STRANGE).await;
        let shown = read(&page);
        for part in [STRANGE, unknown, who, &KADRY_CLIENT_ID.to_string()] {
            assert!(shown.contains(part), "{part} in {tag}");
        }
        assert!(!page.text.contains("data-code="), "{tag}");
    }
}

#[tokio::test]
async fn a_link_that_does_not_work_gets_the_page_without_a_word_of_the_customer() {
    let product = configured().await;
    let ats = product.ats();
    let order = json!({"login_hint": ANNA, "language": "pl"});
    let expired = ats.post("/v1/customers/kadry/users/anna/connect-links", order).await.expect(201);
    let expired = expired.text("url").to_owned();
    product.wait(SignedDuration::from_hours(24 * 7 + 1));
    let intake = ats.post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    let intake = intake.text("url").replace("/intake/", "/connect/");
    let fresh = ats.connect_link("kadry", "anna").await;
    let spoiled = fresh[..fresh.len() - 1].to_owned();
    let browser = product.browser();
    let forged = format!("{}/connect/v4.local.forged", product.base);
    for typed in ["", "AADSTS50011", "50105", STRANGE, "nothing"] {
        let general = ask(&browser, &forged, typed).await.text;
        let same = |page: PageResponse, which: &str| assert_eq!(page.text, general, "{which}: {typed}");
        same(ask(&browser, &expired, typed).await, "expired");
        same(ask(&browser, &intake, typed).await, "an administrator's");
        same(ask(&browser, &spoiled, typed).await, "spoiled");
        let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
        for detail in [&tenant, &client_id, "kadry", "anna", "appId", "id=\"again\""] {
            assert!(!general.to_lowercase().contains(&detail.to_lowercase()), "{detail}: {typed}");
        }
        assert!(general.contains("This link does not work."), "{typed}");
        assert!(ask(&browser, &fresh, typed).await.text.contains("id=\"again\""), "{typed}: the test sees nothing");
    }
    // What must be registered is the same for all customers.
    assert!(ask(&browser, &forged, "50011").await.text.contains(&format!("{}/oauth/callback", product.base)));

    ats.delete("/v1/customers/kadry").await.expect(204);
    for tenure in ["offboarded", "a customer anew"] {
        for typed in ["", "AADSTS50011", STRANGE] {
            assert_eq!(ask(&browser, &fresh, typed).await.text, ask(&browser, &forged, typed).await.text, "{tenure}");
        }
        ats.configure("kadry").await.expect(200);
    }
}

#[tokio::test]
async fn what_was_pasted_comes_back_as_text_and_nothing_is_asked_written_or_set_for_it() {
    let product = configured().await;
    let link = product.ats().connect_link("kadry", "anna").await;
    let browser = product.browser();
    let (calls, asked) = (product.vault_calls(), product.microsoft.requests().len());
    for typed in [
        "\"><script>alert(1)</script>",
        "'><img src=x onerror=alert(1)>",
        "</textarea></form><form action=https://evil.example>",
        "AADSTS50011: <script>alert(1)</script>",
        "AADSTS99123 Correlation ID: <img src=x onerror=alert(1)> Timestamp: <b>",
        "javascript:alert(1)",
        "\" autofocus onfocus=alert(1) x=\"",
        "50011\r\nSet-Cookie: x=1",
    ] {
        let page = ask(&browser, &link, typed).await;
        for markup in ["<script", "<img", "<form action", "onfocus=alert(1) x=\"", "href=\"javascript"] {
            assert!(!page.text.contains(markup), "{typed}: {markup}");
        }
        assert!(page.headers.get(SET_COOKIE).is_none(), "{typed}");
        let policy = page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    }
    assert_eq!(product.microsoft.requests().len(), asked, "Microsoft was asked");
    let mut changed = product.vault_calls();
    changed.retain(|operation, count| calls.get(operation) != Some(count));
    assert!(
        changed.keys().all(|operation| matches!(operation, VaultOperation::Read | VaultOperation::Describe)),
        "{changed:?}"
    );
    // Looking consumes nothing.
    browser.sign_in(&link, ANNA).await;
}

#[tokio::test]
async fn numbers_are_explained_while_the_vault_is_away() {
    let product = configured().await;
    let link = product.ats().connect_link("kadry", "anna").await;
    let memory = product.memory.clone().unwrap();
    for operation in [VaultOperation::Read, VaultOperation::Describe] {
        // Longer than a sealing key is kept.
        product.wait(SignedDuration::from_mins(2));
        memory.fail_next(operation, InjectedFault::Unavailable);
        let page = ask(&product.browser(), &link, "50011").await;
        memory.clear_faults();
        assert!(page.text.contains("data-code=\"redirect_uri_missing\""), "{operation:?}");
        assert!(!page.text.contains("id=\"again\"") && !page.text.contains("does not work"), "nobody knows that");
    }
    assert!(ask(&product.browser(), &link, "50011").await.text.contains("id=\"again\""));
}

#[tokio::test]
async fn the_ats_is_given_the_help_page_beside_the_link() {
    let product = configured().await;
    let order = json!({"language": "pl"});
    let answer = product.ats().post("/v1/customers/kadry/users/anna/connect-links", order).await.expect(201);
    assert_eq!(answer.text("help_url"), format!("{}/help", answer.text("url")));
    let browser = TestBrowser::new("en");
    let page = browser.get(answer.text("help_url")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("<html lang=\"pl\">"), "the ATS knows the language better than the browser");
    let page = browser.get(&format!("{}?language=en", answer.text("help_url"))).await;
    assert!(page.text.contains("<html lang=\"en\">"), "the reader knows it best");
}
