//! Mail scanners, link previews and sandboxes open a link before its reader, in every way they know. Nothing comes of
//! it; and a link that leads nowhere says the same whatever it was.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

use microsoft_simulator::demo::{ANNA, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT};
use reqwest::Method;
use serde_json::json;
use shared::types::clock::SignedDuration;
use test_support::browser::{PageResponse, TestBrowser, query_of};
use test_support::product::Product;

/// As many forms as one link takes at once.
const TRIES_OF_A_LINK: usize = 20;

/// A look at a link: how, and with what beside it.
type Look = (&'static str, &'static [(&'static str, &'static str)]);

const LOOKS: [Look; 20] = [
    ("GET", &[]),
    ("GET", &[("user-agent", "")]),
    ("GET", &[("purpose", "prefetch")]),
    ("GET", &[("sec-purpose", "prefetch")]),
    ("GET", &[("sec-purpose", "prefetch;prerender")]),
    ("GET", &[("x-purpose", "preview")]),
    ("GET", &[("x-moz", "prefetch")]),
    ("GET", &[("accept", "*/*")]),
    ("GET", &[("accept", "image/avif,image/webp")]),
    ("GET", &[("accept", "application/json")]),
    ("GET", &[("accept", "text/html;q=0,*/*;q=0.1")]),
    ("GET", &[("accept", "")]),
    ("GET", &[("range", "bytes=0-1023")]),
    ("GET", &[("if-modified-since", "Tue, 24 Nov 2026 09:00:00 GMT"), ("if-none-match", "*")]),
    ("GET", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")]),
    ("GET", &[("user-agent", "Mozilla/5.0 (compatible; MSIE 9.0) BingPreview/1.0b"), ("x-forwarded-for", "40.94.0.1")]),
    ("HEAD", &[]),
    ("HEAD", &[("purpose", "prefetch")]),
    ("OPTIONS", &[]),
    ("OPTIONS", &[("origin", "https://evil.example"), ("access-control-request-method", "POST")]),
];

/// The three kinds of links, and the files that come with the first.
struct Links {
    intake: String,
    connect: String,
    test: String,
}

impl Links {
    /// A customer with an app, and new links of every kind for him.
    async fn of(product: &Product) -> Self {
        let receipt = product.ats().configure("kadry").await.expect(200);
        product.wait(SignedDuration::from_mins(1));
        let intake = product.ats().post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
        Self {
            intake: intake.text("url").to_owned(),
            connect: product.ats().connect_link("kadry", "anna").await,
            test: receipt.text("test_sign_in_url").to_owned(),
        }
    }

    /// What opens, and what each answers to a look.
    fn all(&self) -> Vec<(String, u16)> {
        let kit = ["teams-connect.sh", "teams-connect.ps1", "teams-connect.tf"];
        let mut all: Vec<_> = kit.iter().map(|file| (format!("{}/kit/{file}", self.intake), 200)).collect();
        // No look makes a certificate.
        all.push((format!("{}/certificate", self.intake), 404));
        all.extend([(self.intake.clone(), 200), (format!("{}?language=pl", self.intake), 200)]);
        all.extend([
            (self.connect.clone(), 303),
            (self.test.clone(), 303),
            (format!("{}?meeting=yes", self.test), 303),
        ]);
        all
    }
}

fn form() -> [(&'static str, String); 3] {
    let [tenant, client_id] = [KADRY_TENANT, KADRY_CLIENT_ID].map(|id| id.to_string());
    [("tenant", tenant), ("client_id", client_id), ("client_secret", KADRY_SECRET.to_owned())]
}

/// The link as mail programs and rewriters spell it; what it answers then, if it opens at all.
fn spellings(link: &str) -> Vec<(String, bool)> {
    let (address, sealed) = link.rsplit_once('/').unwrap();
    let encoded = sealed.replace('.', "%2E");
    let every: Vec<_> = sealed.bytes().map(|byte| format!("%{byte:02x}")).collect();
    vec![
        (format!("{address}/{encoded}"), true),
        (format!("{address}/{}", every.concat()), true),
        (format!("{link}?utm_source=mail"), true),
        (format!("{link}."), false),
        (format!("{link}%2e"), false),
        (format!("{link}%20"), false),
        (format!("{link}>"), false),
        (format!("{link}/"), false),
        (format!("{address}//{sealed}"), false),
        (format!("{address}/{}", sealed.to_uppercase()), false),
        (format!("{address}/{encoded}%0d%0a"), false),
        (format!("{address}/%25{}", &encoded[1..]), false),
    ]
}

#[tokio::test]
async fn twenty_looks_of_every_kind_at_every_link_change_nothing_and_its_reader_succeeds() {
    let product = Product::start().await;
    let links = Links::of(&product).await;
    let before = product.stored().await;
    for (link, status) in links.all() {
        for (method, headers) in LOOKS {
            let page = TestBrowser::new("pl").send(method.parse().unwrap(), &link, None, headers).await;
            let expected = if method == "OPTIONS" { 204 } else { status };
            assert_eq!(page.status.as_u16(), expected, "{method} {headers:?} {link}");
        }
    }
    for link in [&links.intake, &links.connect, &links.test] {
        for (spelt, opens) in spellings(link) {
            let page = product.browser().get(&spelt).await;
            // A test of a sign-in has one parameter, and no other.
            let opens = opens && !(link == &links.test && spelt.contains("utm_source"));
            assert_eq!(page.status.is_client_error(), !opens, "{spelt}: {}", page.status);
        }
    }
    assert_eq!(product.stored().await, before, "somebody only looked");
    assert_eq!(product.asked("token:client_credentials"), 1, "Microsoft was asked for the first app alone");
    assert_eq!(product.asked("token:authorization_code"), 0);

    let administrator = product.browser();
    let form = form();
    let fields: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let tested = administrator.sign_in_at_microsoft(&links.test, ANNA).await;
    assert!(administrator.get(tested.as_str()).await.text.contains("Sign-in works"));
    assert_eq!(administrator.submit(&links.intake, &fields).await.status, 200);
    let returned = product.browser().sign_in(&links.connect, ANNA).await;
    product.ats().complete("kadry", "anna", &query_of(&returned, "handle")).await.expect(200);
    assert_ne!(product.stored().await, before);
}

#[tokio::test]
async fn a_form_that_nobody_filled_in_is_refused_and_spends_nothing() {
    let product = Product::start().await;
    let links = Links::of(&product).await;
    let before = product.stored().await;
    let form = form();
    let fields: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let good = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let browser = product.browser();
    for _ in 0..=TRIES_OF_A_LINK {
        for (body, headers, status) in [
            (None, &[][..], 415),
            (Some(String::new()), &[], 400),
            (Some("x".to_owned()), &[], 400),
            (Some(good.clone()), &[("origin", "https://evil.example")], 403),
            (Some(good.clone()), &[("sec-fetch-site", "cross-site")], 403),
            (Some(good.clone()), &[("origin", "null")], 403),
        ] {
            let page = browser.send(Method::POST, &links.intake, body, headers).await;
            assert_eq!(page.status, status, "{headers:?}");
        }
        for link in [&links.connect, &links.test] {
            assert_eq!(browser.send(Method::POST, link, Some(good.clone()), &[]).await.status, 405);
        }
        for headers in [&[("origin", "https://evil.example")], &[("sec-fetch-site", "cross-site")]] {
            let made = format!("{}/certificate", links.intake);
            assert_eq!(browser.send(Method::POST, &made, Some(String::new()), headers).await.status, 403);
        }
    }
    assert_eq!(product.stored().await, before);
    assert_eq!(product.asked("token:client_credentials"), 1, "Microsoft was asked for the first app alone");
    // The tries of the link are all there, and the last of them succeeds.
    for _ in 1..TRIES_OF_A_LINK {
        assert_eq!(browser.submit(&links.intake, &[("tenant", "common"), ("client_secret", "x")]).await.status, 422);
    }
    assert_eq!(browser.submit(&links.intake, &fields).await.status, 200);
}

/// The page and its headers, without the names of the request and the date.
fn nameless(page: &PageResponse) -> (u16, Vec<(String, String)>, String) {
    let name = page.headers["x-request-id"].to_str().unwrap().to_owned();
    let headers = page.headers.iter().filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    (page.status.as_u16(), headers, page.text.replace(&name, ""))
}

#[tokio::test]
async fn expired_spent_former_and_forged_links_of_every_kind_answer_with_one_page() {
    let product = Product::start().await;
    let (spent, old) = (Links::of(&product).await, Links::of(&product).await);
    let another = product.another_app();
    product.wait(SignedDuration::from_mins(1));
    // Credentials that came after a link spend it; a test belongs to the app of then.
    product.ats().configure_app("kadry", another).await.expect(200);
    let mut dead = vec![spent.intake.clone(), spent.test, format!("{}/kit/teams-connect.sh", spent.intake)];
    for door in ["intake", "connect", "sign-in-test"] {
        for forged in ["v4.local.forged", "x", &"A".repeat(700), &old.intake.rsplit('/').next().unwrap()[1..]] {
            dead.push(format!("{}/{door}/{forged}", product.base));
        }
        // What opens one door opens no other.
        let others = [&old.connect, &old.test].into_iter().filter(|link| !link.contains(&format!("/{door}/")));
        dead.extend(others.map(|link| format!("{}/{door}/{}", product.base, link.rsplit('/').next().unwrap())));
    }
    for (language, says, ask) in [
        ("pl", "Ten link już nie działa", "Poproś osobę, która go przesłała, o\u{a0}nowy link."),
        ("en", "This link no longer works", "Ask the person who sent it for a new one."),
    ] {
        let mut seen = Vec::new();
        for link in &dead {
            seen.push((link, nameless(&TestBrowser::new(language).get(link).await)));
        }
        let (_, first) = &seen[0];
        assert_eq!(first.0, 410);
        assert!(first.2.contains(says) && first.2.contains(ask), "{}", first.2);
        assert!(!first.2.contains("kadry"), "whose link it was is nobody's business");
        for (link, page) in &seen {
            assert_eq!(page, first, "{link} in {language}");
        }
    }
    // Time ends what nothing else did, with the same page.
    product.wait(SignedDuration::from_hours(24 * 8));
    let forged = nameless(&product.browser().get(&dead[3]).await);
    for link in [old.intake, old.connect, old.test] {
        assert_eq!(nameless(&product.browser().get(&link).await), forged, "{link}");
    }
}
