//! The ATS: calls over HTTPS with an API key.

use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use shared::adapters::http_client;
use uuid::Uuid;

use microsoft_simulator::demo;

use crate::browser::{TestBrowser, query_of};
use crate::{canary, promise};

/// API Gateway ends a request after this.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the ATS was answered.
#[derive(Debug)]
pub struct AtsAnswer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The document; a text where it is no JSON, null where there is none.
    pub body: Value,
}

impl AtsAnswer {
    /// A member of the document that is text.
    pub fn text(&self, name: &str) -> &str {
        self.body[name].as_str().unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }

    /// The document, if the status is this one.
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self
    }
}

/// The ATS.
pub struct TestAts {
    http: Client,
    base: String,
    key: String,
}

impl TestAts {
    /// An ATS with this key.
    pub fn new(base: &str, key: &str) -> Self {
        canary::submitted(key);
        Self { http: http_client::build_client().unwrap(), base: base.to_owned(), key: key.to_owned() }
    }

    /// Calls a route. Whatever is answered, the contract must say so.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>, headers: &[(&str, &str)]) -> AtsAnswer {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base)).bearer_auth(&self.key);
        // The product's own client is less patient than whoever calls the product.
        request = request.timeout(PATIENCE);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            canary::submitted(body["client_secret"].as_str().unwrap_or_default());
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        canary::heard(&self.base, &format!("{status}\n{headers:?}\n{text}"));
        let body = match serde_json::from_str(&text) {
            Ok(body) => body,
            Err(_) if text.is_empty() => Value::Null,
            Err(_) => Value::String(text),
        };
        if let Err(surprise) = promise::kept(&method, path, status, &body) {
            panic!("{surprise}: {body}");
        }
        AtsAnswer { status, headers, body }
    }

    /// `POST`.
    pub async fn post(&self, path: &str, body: Value) -> AtsAnswer {
        self.call(Method::POST, path, Some(body), &[]).await
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> AtsAnswer {
        self.call(Method::GET, path, None, &[]).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> AtsAnswer {
        self.call(Method::DELETE, path, None, &[]).await
    }

    /// Hands over the demo company's credentials.
    pub async fn configure(&self, customer: &str) -> AtsAnswer {
        self.configure_app(customer, demo::KADRY_CLIENT_ID).await
    }

    /// Hands over another app of the demo company, with the same secret.
    pub async fn configure_app(&self, customer: &str, client_id: Uuid) -> AtsAnswer {
        self.configure_until(customer, client_id, None).await
    }

    /// The same, and the day on which the secret ends, if there is one.
    pub async fn configure_until(&self, customer: &str, client_id: Uuid, expires_on: Option<&str>) -> AtsAnswer {
        let body = json!({
            "tenant": demo::KADRY_TENANT.to_string(),
            "client_id": client_id.to_string(),
            "client_secret": demo::KADRY_SECRET,
            "expires_on": expires_on,
        });
        self.call(Method::PUT, &format!("/v1/customers/{customer}/credentials"), Some(body), &[]).await
    }

    /// A link for a recruiter.
    pub async fn connect_link(&self, customer: &str, user: &str) -> String {
        self.connect_link_with(customer, user, json!({})).await.expect(201).text("url").to_owned()
    }

    /// Orders a link for a recruiter with these options.
    pub async fn connect_link_with(&self, customer: &str, user: &str, options: Value) -> AtsAnswer {
        self.post(&format!("/v1/customers/{customer}/users/{user}/connect-links"), options).await
    }

    /// Completes what a browser brought back.
    pub async fn complete(&self, customer: &str, user: &str, handle: &str) -> AtsAnswer {
        self.complete_with(customer, user, handle, json!({})).await
    }

    /// Completes what a browser brought back, with these options.
    pub async fn complete_with(&self, customer: &str, user: &str, handle: &str, options: Value) -> AtsAnswer {
        let mut body = json!({ "handle": handle });
        if let (Some(body), Value::Object(options)) = (body.as_object_mut(), options) {
            body.extend(options);
        }
        self.post(&connection(customer, user), body).await
    }

    /// Connects a recruiter from the link to the connection.
    pub async fn connect(&self, customer: &str, user: &str, account: &str) -> AtsAnswer {
        let link = self.connect_link(customer, user).await;
        let returned = TestBrowser::new("en").sign_in(&link, account).await;
        self.complete(customer, user, &query_of(&returned, "handle")).await
    }

    /// Orders a meeting tomorrow.
    pub async fn order(&self, customer: &str, user: &str, key: &str) -> AtsAnswer {
        self.order_with(customer, user, key, json!({})).await
    }

    /// Orders a meeting tomorrow, with more.
    pub async fn order_with(&self, customer: &str, user: &str, key: &str, more: Value) -> AtsAnswer {
        let mut body = json!({
            "subject": "Rozmowa: Anna Nowak",
            "start": "2026-11-25T10:00:00+01:00",
            "end": "2026-11-25T10:45:00+01:00",
        });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        let path = format!("/v1/customers/{customer}/users/{user}/meetings");
        self.call(Method::POST, &path, Some(body), &[("idempotency-key", key)]).await
    }
}

/// The path of a meeting.
pub fn meeting_path(meeting: &AtsAnswer) -> String {
    format!("/v1/customers/kadry/users/{}/meetings/{}", meeting.text("user"), meeting.text("id"))
}

/// The path of a connection.
pub fn connection(customer: &str, user: &str) -> String {
    format!("/v1/customers/{customer}/users/{user}/connection")
}
