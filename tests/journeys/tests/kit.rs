//! An administrator takes a script instead of the portal's pages.

use reqwest::{Method, StatusCode};
use serde_json::json;
use test_support::product::Product;

const FILES: [&str; 3] = ["teams-connect.sh", "teams-connect.ps1", "teams-connect.tf"];

#[tokio::test]
async fn the_page_offers_each_file_and_taking_them_consumes_nothing() {
    let product = Product::start().await;
    let link = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    let link = link.text("url");
    let browser = product.browser();
    for file in FILES {
        assert!(browser.get(link).await.text.contains(&format!("/kit/{file}?language=")), "{file}");
        let taken = browser.get(&format!("{link}/kit/{file}?language=pl")).await;
        assert_eq!(taken.status, StatusCode::OK, "{file}");
        assert_eq!(taken.headers["content-disposition"], format!("attachment; filename=\"{file}\""));
        assert!(taken.text.contains(&format!("{}/oauth/callback", product.base)), "{file}: {}", taken.text);
        assert!(taken.text.contains("Rejestruje w Microsoft Entra ID"), "{file}: {}", taken.text);
        assert_eq!(browser.send(Method::HEAD, &format!("{link}/kit/{file}"), None, &[]).await.status, StatusCode::OK);
    }
    assert_eq!(browser.get(link).await.status, StatusCode::OK);
}

#[tokio::test]
async fn there_is_no_other_file_and_none_behind_a_link_that_is_none() {
    let product = Product::start().await;
    let link = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
    let browser = product.browser();
    for file in ["teams-connect.exe", "..%2Fform.html", "Teams-Connect.sh"] {
        let page = browser.get(&format!("{}/kit/{file}", link.text("url"))).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{file}");
    }
    let forged = format!("{}/intake/v4.local.forged/kit/{}", product.base, FILES[0]);
    assert_eq!(browser.get(&forged).await.status, StatusCode::GONE);
}
