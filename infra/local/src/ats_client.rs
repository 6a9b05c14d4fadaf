//! The calls of an ATS: HTTP with an API key. The client knows the product only by its HTTP API.

use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use shared::types::language::Language;

use crate::api_key::LocalApiKey;
use crate::error_chain::error_chain;
use crate::redaction::truncate_secret;

/// 23 s, because the console itself has to answer within the product's 25 s.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(23);

/// Calls the API as the ATS.
#[derive(Clone, Debug)]
pub(crate) struct AtsClient {
    http: Client,
    base_url: String,
    api_key: LocalApiKey,
}

/// A request to the API.
#[derive(Clone, Debug)]
pub(crate) struct ApiRequest {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) body: Option<Value>,
}

/// A response of the API.
#[derive(Clone, Debug)]
pub(crate) struct ApiResponse {
    pub(crate) status: StatusCode,
    /// The JSON body. `Null` if there is none.
    pub(crate) body: Value,
}

impl ApiRequest {
    pub(crate) fn get(path: String) -> Self {
        Self { method: Method::GET, path, idempotency_key: None, body: None }
    }

    pub(crate) fn delete(path: String) -> Self {
        Self { method: Method::DELETE, ..Self::get(path) }
    }

    pub(crate) fn post(path: String, body: Option<Value>) -> Self {
        Self { method: Method::POST, body, ..Self::get(path) }
    }

    /// A request that creates a meeting, with its idempotency key.
    pub(crate) fn create_meeting(path: String, key: &str, body: Value) -> Self {
        Self { idempotency_key: Some(key.to_owned()), ..Self::post(path, Some(body)) }
    }
}

impl ApiResponse {
    /// A member of the body, if it is a string.
    pub(crate) fn string_member(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str()
    }

    pub(crate) fn status_text(&self) -> String {
        status_text(self.status)
    }
}

impl AtsClient {
    pub(crate) fn new(http: Client, base_url: &str, api_key: &LocalApiKey) -> Self {
        Self { http, base_url: base_url.to_owned(), api_key: api_key.clone() }
    }

    /// The beginning of the API key, for display.
    pub(crate) fn redacted_key(&self) -> String {
        truncate_secret(self.api_key.as_str())
    }

    /// Sends a request.
    ///
    /// # Errors
    /// One line for people that says why there is no response.
    pub(crate) async fn send(&self, request: &ApiRequest, language: Language) -> Result<ApiResponse, String> {
        let mut builder = self
            .http
            .request(request.method.clone(), format!("{}{}", self.base_url, request.path))
            .timeout(REQUEST_TIMEOUT)
            .bearer_auth(self.api_key.as_str())
            .header("accept-language", language.bcp47());
        if let Some(key) = &request.idempotency_key {
            builder = builder.header("idempotency-key", key);
        }
        if let Some(body) = &request.body {
            builder = builder.json(body);
        }
        let message = |error: reqwest::Error| error_chain(&error.without_url());
        let response = builder.send().await.map_err(message)?;
        let status = response.status();
        let text = response.text().await.map_err(message)?;
        Ok(ApiResponse { status, body: serde_json::from_str(&text).unwrap_or(Value::Null) })
    }
}

/// Number and reason phrase of a status.
pub(crate) fn status_text(status: StatusCode) -> String {
    format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default()).trim_end().to_owned()
}
