//! A browser: cookies, and every redirect looked at before it is followed.

use std::collections::BTreeMap;
use std::sync::Mutex;

use cookie::Cookie;
use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, StatusCode};
use shared::adapters::http_client;
use url::Url;

use crate::canary;

/// A page, or the way to another.
#[derive(Debug)]
pub struct PageResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// What is on it.
    pub text: String,
}

impl PageResponse {
    /// Where it leads.
    pub fn location(&self) -> Url {
        let location = self.headers.get(LOCATION).unwrap_or_else(|| panic!("leads nowhere: {self:?}"));
        Url::parse(location.to_str().unwrap()).unwrap()
    }
}

/// A browser of one person. Cookies of different hosts do not meet, for the tests' hosts differ by port alone.
pub struct TestBrowser {
    http: Client,
    language: &'static str,
    cookies: Mutex<BTreeMap<(String, String), String>>,
}

impl TestBrowser {
    /// A browser that asks for this language.
    pub fn new(language: &'static str) -> Self {
        Self { http: http_client::build_client().unwrap(), language, cookies: Mutex::default() }
    }

    /// Opens an address.
    pub async fn get(&self, url: &str) -> PageResponse {
        self.send(Method::GET, url, None, &[]).await
    }

    /// Sends a form.
    pub async fn submit(&self, url: &str, fields: &[(&str, &str)]) -> PageResponse {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, url, Some(form), &[]).await
    }

    /// Sends any request.
    pub async fn send(
        &self,
        method: Method,
        url: &str,
        form: Option<String>,
        headers: &[(&str, &str)],
    ) -> PageResponse {
        let host = host_of(url);
        let mut request = self.http.request(method, url).header("accept-language", self.language);
        request = request.header("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        let cookies = self.cookies_of(&host);
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(form) = form {
            for (name, value) in form_urlencoded::parse(form.as_bytes()) {
                if name == "client_secret" {
                    canary::submitted(&value);
                }
            }
            request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        self.keep(&host, &headers);
        let text = response.text().await.unwrap();
        canary::heard(url, &format!("{status}\n{headers:?}\n{text}"));
        PageResponse { status, headers, text }
    }

    /// Follows a connect link to Microsoft and signs in there; where the browser is sent at the very end.
    pub async fn sign_in(&self, link: &str, account: &str) -> Url {
        let back = self.sign_in_at_microsoft(link, account).await;
        let page = self.get(back.as_str()).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{page:?}");
        page.location()
    }

    /// Follows a connect link to Microsoft and signs in there; where Microsoft sends the browser.
    pub async fn sign_in_at_microsoft(&self, link: &str, account: &str) -> Url {
        self.answer_microsoft(link, &[("user", account), ("decision", "accept")]).await
    }

    /// Follows a connect link to Microsoft and answers there.
    pub async fn answer_microsoft(&self, link: &str, answer: &[(&str, &str)]) -> Url {
        let page = self.get(link).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{page:?}");
        let authorize = page.location();
        let sign_in_page = self.get(authorize.as_str()).await;
        assert_eq!(sign_in_page.status, StatusCode::OK, "{sign_in_page:?}");
        self.submit(authorize.as_str(), answer).await.location()
    }

    /// The cookies that this browser would send to a host, in one line.
    pub fn cookies_of(&self, host: &str) -> String {
        let cookies = self.cookies.lock().unwrap();
        let pairs = cookies.iter().filter(|((of, _), _)| of == host);
        pairs.map(|((_, name), value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&self, host: &str, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap();
        for line in headers.get_all(SET_COOKIE) {
            let cookie = Cookie::parse(line.to_str().unwrap().to_owned()).unwrap();
            let key = (host.to_owned(), cookie.name().to_owned());
            if cookie.max_age().is_some_and(cookie::time::Duration::is_zero) {
                cookies.remove(&key);
            } else {
                cookies.insert(key, cookie.value().to_owned());
            }
        }
    }
}

/// A parameter of an address.
pub fn query_of(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    found.unwrap_or_else(|| panic!("no {name} in {url}"))
}

fn host_of(url: &str) -> String {
    let url = Url::parse(url).unwrap();
    format!("{}:{}", url.host_str().unwrap(), url.port_or_known_default().unwrap())
}
