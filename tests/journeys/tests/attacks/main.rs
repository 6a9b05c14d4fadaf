//! Attacks on a sign-in, each played through real HTTP by two people with a browser each: Anna, who is to be robbed, and
//! Jan, who has an account at the ATS like everybody else and an account at Microsoft.
//!
//! What counts at the end is never the page that somebody saw but what Microsoft was asked and what lies in the vault.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

mod binding;
mod fixation;
mod redirects;
mod tampering;

use microsoft_simulator::demo;
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::adapters::vault::backend::memory::VaultOperation;
use test_support::ats::{TestAts, connection};
use test_support::browser::TestBrowser;
use test_support::product::Product;
use url::Url;

/// The product with two customers, and nobody connected yet.
struct Scene {
    product: Product,
    ats: TestAts,
    anna: TestBrowser,
    jan: TestBrowser,
    created: usize,
}

/// Where a sign-in of one of the two waits until the ATS completes it.
const WAITING: &str = "teams-connect/customers/kadry/connections";

impl Scene {
    async fn open() -> Self {
        let product = Product::start().await;
        let ats = product.ats();
        ats.configure("kadry").await.expect(200);
        let (anna, jan) = (product.browser(), product.browser());
        let mut scene = Self { product, ats, anna, jan, created: 0 };
        scene.hand_over_pracas_app("praca").await;
        scene.created = scene.product.vault_calls().get(&VaultOperation::Create).copied().unwrap_or_default();
        scene
    }

    /// Makes the other company's app this customer's.
    async fn hand_over_pracas_app(&self, customer: &str) {
        let app = json!({
            "tenant": demo::PRACA_TENANT.to_string(),
            "client_id": demo::PRACA_CLIENT_ID.to_string(),
            "client_secret": demo::PRACA_SECRET,
        });
        let path = format!("/v1/customers/{customer}/credentials");
        self.ats.call(Method::PUT, &path, Some(app), &[]).await.expect(200);
    }

    /// A link for Anna herself, at the customer that both belong to.
    async fn annas_link(&self) -> String {
        self.ats.connect_link("kadry", "anna").await
    }

    /// A link for Jan.
    async fn jans_link(&self) -> String {
        self.ats.connect_link("kadry", "jan").await
    }

    /// No code was redeemed, and nobody is connected.
    async fn assert_nothing_gained(&self) {
        assert_eq!(self.redeemed(), 0, "a code was redeemed");
        self.assert_nobody_connected().await;
    }

    async fn assert_nobody_connected(&self) {
        for (customer, user) in [("kadry", "anna"), ("kadry", "jan"), ("praca", "anna"), ("praca", "jan")] {
            let state = self.ats.get(&connection(customer, user)).await;
            assert_eq!(state.status, StatusCode::NOT_FOUND, "{customer}/{user}: {state:?}");
        }
        let created = self.product.vault_calls().get(&VaultOperation::Create).copied().unwrap_or_default();
        let waits = usize::from(self.product.memory.as_ref().unwrap().stored(WAITING).is_some());
        assert_eq!(created, self.created + waits, "nothing lies in the vault but what lay there, and what waits");
    }

    fn redeemed(&self) -> usize {
        self.product.asked("token:authorization_code")
    }

    /// The whole name of the cookie that a browser has for the sign-in with this `state`, and what it holds.
    fn cookie_of(&self, browser: &TestBrowser, state: &str) -> (String, String) {
        let cookies = browser.cookies_of(&self.host());
        let start: String = state.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let own = cookies.split("; ").find(|cookie| cookie.contains(&start)).unwrap();
        own.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap()
    }

    /// Brings an answer of Microsoft's, with these cookies and no others.
    async fn bring(&self, back: &Url, cookies: &str) -> StatusCode {
        let page = self.product.browser().send(Method::GET, back.as_str(), None, &[("cookie", cookies)]).await;
        assert!(page.status == StatusCode::SEE_OTHER || page.headers.get("location").is_none(), "{page:?}");
        page.status
    }

    fn host(&self) -> String {
        self.product.base.trim_start_matches("http://").to_owned()
    }
}

/// The same address with another value for one of its parameters; without it for `None`.
fn with(url: &Url, name: &str, value: Option<&str>) -> Url {
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
    let mut changed = url.clone();
    changed.query_pairs_mut().clear().extend_pairs(pairs).extend_pairs(value.map(|value| (name, value)));
    changed
}
