//! Where browsers are sent: only where the settings say, always by 303, and with nothing that another site could read.

use microsoft_simulator::demo::ANNA;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use test_support::browser::query_of;
use test_support::product::COMPLETION_URL;

use crate::Scene;

/// What proxies write, and others imitate.
const SPOOFS: [(&str, &str); 9] = [
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-proto", "gopher"),
    ("forwarded", "host=evil.example;proto=https"),
    ("x-original-url", "/healthz"),
    ("x-rewrite-url", "/healthz"),
    ("x-http-method-override", "DELETE"),
    ("x-amzn-request-context", "{\"http\":{\"sourceIp\":\"192.0.2.1\"}}"),
    ("origin", "https://evil.example"),
    ("referer", "https://evil.example/"),
];

fn assert_tells_others_nothing(headers: &HeaderMap) {
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["cache-control"], "no-store");
    assert!(headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{headers:?}");
}

#[tokio::test]
async fn no_parameter_and_no_header_moves_a_redirect() {
    let scene = Scene::open().await;
    let evil = "https://evil.example/";
    let more: Vec<String> =
        ["return_url", "redirect_uri", "redirect", "next", "url", "to", "RelayState", "callbackUrl"]
            .iter()
            .flat_map(|name| {
                [format!("{name}={evil}"), format!("{name}=//evil.example"), format!("{name}=/%5cevil.example")]
            })
            .collect();
    let honest = scene.anna.get(&scene.annas_link().await).await.location();
    for (number, more) in more.iter().enumerate() {
        let link = format!("{}?{more}", scene.annas_link().await);
        let begun = scene.product.browser().send(Method::GET, &link, None, &SPOOFS).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{more}");
        let to = begun.location();
        assert_eq!((to.origin(), to.path()), (honest.origin(), honest.path()), "{more}");
        assert_eq!(query_of(&to, "redirect_uri"), format!("{}/oauth/callback", scene.product.base), "{more}");

        let (browser, user) = (scene.product.browser(), format!("recruiter-{number}"));
        let back = browser.sign_in_at_microsoft(&scene.ats.connect_link("kadry", &user).await, ANNA).await;
        let back = back.as_str().trim_end_matches('#');
        let returned = browser.send(Method::GET, &format!("{back}&{more}"), None, &SPOOFS).await;
        let to = returned.location();
        assert!(to.as_str().starts_with(&format!("{COMPLETION_URL}?handle=")), "{more}: {to}");
        assert_eq!(to.query_pairs().count(), 1, "{to}");
        assert_tells_others_nothing(&returned.headers);
    }
}

#[tokio::test]
async fn a_host_that_a_browser_names_is_in_none_of_our_addresses() {
    let scene = Scene::open().await;
    let host = [("host", "evil.example")];
    let begun = scene.anna.send(Method::GET, &scene.annas_link().await, None, &host).await;
    assert_eq!(query_of(&begun.location(), "redirect_uri"), format!("{}/oauth/callback", scene.product.base));
    for path in ["/v1/customers/kadry/intake-links", "/v1/customers/kadry/users/anna/connect-links"] {
        let link = scene.ats.call(Method::POST, path, None, &host).await.expect(201);
        assert!(link.text("url").starts_with(&scene.product.base), "{link:?}");
    }
    let problem = scene.ats.call(Method::GET, "/v1/customers/nobody", None, &host).await.expect(404);
    assert!(problem.text("type").starts_with(&scene.product.base), "{problem:?}");
}

#[tokio::test]
async fn nothing_of_an_answer_of_microsofts_stands_on_our_pages() {
    let scene = Scene::open().await;
    let canary = "canary-0123456789";
    let callback = format!("{}/oauth/callback", scene.product.base);
    for query in [
        format!("code={canary}&state={canary}"),
        format!("error={canary}&error_description={canary}&state={canary}"),
        format!(
            "error=access_denied&error_description=%3Cscript%3E{canary}&error_uri=https://{canary}.example&state=x"
        ),
        format!("state={canary}&state={canary}"),
        format!("{canary}={canary}"),
    ] {
        let page = scene.anna.get(&format!("{callback}?{query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(!page.text.contains(canary) && !format!("{:?}", page.headers).contains(canary), "{query}");
        assert_tells_others_nothing(&page.headers);
    }
}

#[tokio::test]
async fn a_page_of_another_site_cannot_post_to_the_callback() {
    let scene = Scene::open().await;
    let back = scene.anna.sign_in_at_microsoft(&scene.annas_link().await, ANNA).await;
    let form = [("code", query_of(&back, "code")), ("state", query_of(&back, "state"))];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let callback = format!("{}/oauth/callback", scene.product.base);
    let page = scene.anna.submit(&callback, &form).await;
    assert_eq!((page.status, page.headers["allow"].to_str().unwrap()), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
    scene.assert_nothing_gained().await;
}

#[tokio::test]
async fn whoever_only_looks_at_a_link_begins_nothing() {
    let scene = Scene::open().await;
    let link = scene.annas_link().await;
    // Mail scanners follow links, by both methods, many times.
    for _ in 0..25 {
        for method in [Method::GET, Method::HEAD] {
            let page = scene.product.browser().send(method, &link, None, &[("user-agent", "")]).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER);
        }
    }
    let returned = scene.anna.sign_in(&link, ANNA).await;
    scene.ats.complete("kadry", "anna", &query_of(&returned, "handle")).await.expect(200);
}
