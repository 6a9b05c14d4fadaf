//! A browser that stores cookies and follows no redirect by itself.

use std::collections::BTreeMap;

use cookie::Cookie;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, StatusCode};
use url::Url;

/// The browser: an HTTP client and its cookies by host and name.
pub(super) struct CookieBrowser {
    http: Client,
    cookies: BTreeMap<(String, String), String>,
}

/// A response to the browser.
#[derive(Debug)]
pub(super) struct BrowserResponse {
    pub(super) status: StatusCode,
    pub(super) location: Option<Url>,
    pub(super) text: String,
}

impl BrowserResponse {
    /// The title of the page.
    pub(super) fn title(&self) -> &str {
        let title = self.text.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
        title.map_or("a page without a title", |(title, _)| title)
    }
}

impl CookieBrowser {
    pub(super) fn new(http: Client) -> Self {
        Self { http, cookies: BTreeMap::new() }
    }

    pub(super) async fn get(&mut self, url: &str) -> reqwest::Result<BrowserResponse> {
        self.send(Method::GET, url, None).await
    }

    pub(super) async fn submit(&mut self, url: &str, fields: &[(&str, String)]) -> reqwest::Result<BrowserResponse> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, url, Some(form)).await
    }

    async fn send(&mut self, method: Method, url: &str, form: Option<String>) -> reqwest::Result<BrowserResponse> {
        let mut request = self.http.request(method, url).header("accept-language", "en");
        if let Some(form) = form {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        }
        let host = host_of(url);
        let own = self.cookies.iter().filter(|((cookie_host, _), _)| *cookie_host == host);
        let cookies: Vec<_> = own.map(|((_, name), value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        let response = request.send().await?;
        let (status, address) = (response.status(), response.url().clone());
        for line in response.headers().get_all(SET_COOKIE) {
            let Some(cookie) = line.to_str().ok().and_then(|line| Cookie::parse(line).ok()) else { continue };
            let key = (host.clone(), cookie.name().to_owned());
            if cookie.max_age() == Some(cookie::time::Duration::ZERO) {
                self.cookies.remove(&key);
            } else {
                self.cookies.insert(key, cookie.value().to_owned());
            }
        }
        let location = response.headers().get(LOCATION).and_then(|value| address.join(value.to_str().ok()?).ok());
        Ok(BrowserResponse { status, location, text: response.text().await? })
    }
}

/// Host and port. Deployment and simulator differ in the port only and must not get each other's cookies.
fn host_of(url: &str) -> String {
    let url = Url::parse(url).ok();
    url.and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))).unwrap_or_default()
}
