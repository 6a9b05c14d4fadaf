//! Whose pages they are: name, logo, colour and links of the ATS on every page, and only what was set.

#![cfg(test)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use microsoft_simulator::demo::{ADMIN, ANNA, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT};
use reqwest::header::CONTENT_SECURITY_POLICY;
use serde_json::json;
use test_support::browser::{PageResponse, TestBrowser};
use test_support::product::Product;

/// A name that would be markup, an end of an attribute, or a command in a script.
const NAME: &str = "<b>\"Kadry\" & 'synowie'</b> $(id) ${x}";

const FACE: [(&str, &str); 5] = [
    ("ATS_NAME", NAME),
    ("ATS_LOGO_URL", "https://cdn.ats.example:8443/logo.svg?a=1&b=2"),
    ("ATS_ACCENT", "#ffd400"),
    ("ATS_SUPPORT_URL", "https://ats.example/help?from=\"teams\""),
    ("ATS_PRIVACY_URL", "https://ats.example/privacy"),
];

/// One of every page that people see, with its address.
async fn pages(product: &Product) -> Vec<(String, PageResponse)> {
    let (ats, browser) = (product.ats(), product.browser());
    let mut pages = Vec::new();
    let intake = ats.post("/v1/customers/kadry/intake-links", json!({})).await.expect(201).text("url").to_owned();
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    pages.push(("form".to_owned(), browser.get(&intake).await));
    pages.push(("form with faults".to_owned(), browser.submit(&intake, &[("tenant", &*tenant)]).await));
    let fields = [("tenant", &*tenant), ("client_id", &client_id), ("client_secret", KADRY_SECRET)];
    pages.push(("receipt".to_owned(), browser.submit(&intake, &fields).await));
    pages.push(("status".to_owned(), browser.get(&intake).await));
    let received = ats.configure("kadry").await.expect(200);
    let consent = received.text("consent_url");
    browser.get(consent).await;
    let back = browser.submit(consent, &[("user", ADMIN), ("decision", "accept")]).await.location();
    pages.push(("consent".to_owned(), browser.get(back.as_str()).await));
    let back = browser.sign_in_at_microsoft(received.text("test_sign_in_url"), ANNA).await;
    pages.push(("sign-in test".to_owned(), browser.get(back.as_str()).await));
    let connect = ats.connect_link("kadry", "anna").await;
    let support = ats.post("/v1/support-links", json!({})).await.expect(201).text("url").to_owned();
    let base = &product.base;
    for address in [
        format!("{connect}/help"),
        format!("{connect}/help?code=50011"),
        format!("{base}/connect/spent"),
        format!("{base}/intake/spent"),
        format!("{base}/sign-in-test/spent"),
        format!("{base}/oauth/callback?code=x&state=y"),
        format!("{base}/support/spent"),
        support.clone(),
        format!("{support}/customers/kadry"),
        format!("{base}/m/spent"),
        format!("{base}/problems/secret_expired"),
        format!("{base}/"),
        format!("{base}/nowhere"),
        format!("{base}/docs"),
        format!("{base}/docs/errors"),
    ] {
        let page = browser.get(&address).await;
        pages.push((address, page));
    }
    pages
}

fn policy(page: &PageResponse) -> &str {
    page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap()
}

#[tokio::test]
async fn every_page_shows_the_ats_and_its_policy_admits_its_logo() {
    let product = Product::start_with_settings(&FACE).await;
    for (address, page) in pages(&product).await {
        let (text, policy) = (&page.text, policy(&page));
        assert!(text.contains("</html>"), "{address}: {page:?}");
        assert!(!text.contains(NAME) && !text.contains("<b>\"Kadry"), "{address}: {text}");
        let header = text.split("<header>").nth(1).unwrap().split("</header>").next().unwrap();
        assert!(header.contains("&#60;b&#62;&#34;Kadry&#34; &#38; &#39;synowie&#39;"), "{address}: {header}");
        assert!(header.contains("src=\"https://cdn.ats.example:8443/logo.svg?a=1&#38;b=2\""), "{address}: {header}");
        let footer = text.split("<footer>").nth(1).unwrap().split("</footer>").next().unwrap();
        assert!(footer.contains("https://ats.example/help?from=%22teams%22"), "{address}: {footer}");
        assert!(footer.contains("https://ats.example/privacy"), "{address}: {footer}");
        assert!(text.contains("--button:#ffd400"), "{address}");
        assert!(policy.contains("img-src data: https://cdn.ats.example:8443;"), "{address}: {policy}");
        assert!(!policy.contains("unsafe"), "{address}: {policy}");
    }
}

#[tokio::test]
async fn without_settings_pages_are_the_products_own() {
    let product = Product::start().await;
    for (address, page) in pages(&product).await {
        let (text, policy) = (&page.text, policy(&page));
        let own = "<header><span class=\"mark\" aria-hidden=\"true\"></span><span>Teams Connect</span>";
        assert!(text.contains(own) && !text.contains("<footer"), "{address}: {text}");
        assert!(policy.contains("img-src data:;"), "{address}: {policy}");
    }
}

#[tokio::test]
async fn whoever_finds_a_weakness_reads_where_to_report_it() {
    for (settings, status) in [(&FACE[..], 200), (&[], 404)] {
        let product = Product::start_with_settings(settings).await;
        let file = product.browser().get(&format!("{}/.well-known/security.txt", product.base)).await;
        assert_eq!(file.status, status);
        let contact = file.text.lines().find_map(|line| line.strip_prefix("Contact: "));
        assert_eq!(contact, (status == 200).then_some("https://ats.example/help?from=%22teams%22"));
        assert_eq!(file.headers["content-type"] == "text/plain; charset=utf-8", status == 200);
    }
}

#[tokio::test]
async fn an_administrator_sees_for_which_company_and_who_asks() {
    let product = Product::start().await;
    let order = json!({"customer_name": " <i>Kadry</i> & syn ", "requested_by": "Anna \"Nowak\""});
    let intake = product.ats().post("/v1/customers/kadry/intake-links", order).await.expect(201).text("url").to_owned();
    let browser = product.browser();
    let form = browser.get(&intake).await.text;
    let (tenant, client_id) = (KADRY_TENANT.to_string(), KADRY_CLIENT_ID.to_string());
    let fields = [("tenant", &*tenant), ("client_id", &client_id), ("client_secret", KADRY_SECRET)];
    let receipt = browser.submit(&intake, &fields).await.text;
    for page in [form, receipt, browser.get(&intake).await.text] {
        assert!(page.contains(">&#60;i&#62;Kadry&#60;/i&#62; &#38; syn<"), "{page}");
        assert!(page.contains(">Anna &#34;Nowak&#34;<"), "{page}");
    }
}

#[tokio::test]
async fn an_administrator_registers_an_app_with_the_name_of_the_ats() {
    let product = Product::start_with_settings(&[("ATS_NAME", "Kadry ATS")]).await;
    let intake = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    let (intake, browser) = (intake.text("url"), TestBrowser::new("en"));
    assert!(browser.get(intake).await.text.contains("<code>Kadry ATS</code>"));
    for file in ["teams-connect.sh", "teams-connect.ps1", "teams-connect.tf"] {
        let script = browser.get(&format!("{intake}/kit/{file}")).await.text;
        assert!(script.contains("Kadry ATS (kadry)") && !script.contains("'Teams Connect'"), "{file}: {script}");
    }
    let made = product.ats().post("/v1/customers/kadry/certificate", json!({})).await.expect(200);
    let lines = made.text("certificate").lines().filter(|line| !line.starts_with("-----"));
    let der = STANDARD.decode(lines.collect::<String>()).unwrap();
    assert!(der.windows(9).any(|part| part == b"Kadry ATS"), "the subject of the certificate");
}
