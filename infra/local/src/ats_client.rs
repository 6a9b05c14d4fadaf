//! The ATS as this deployment plays it: calls over HTTP with an API key, and nothing of the product's inside.

use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use shared::types::clock::Timestamp;
use shared::types::language::Language;

use crate::deployment::LocalApiKey;

/// The product answers within 25 seconds, and so must the console, which asks it.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(23);

/// Where the interviews take place that are ordered here.
pub(crate) const TIME_ZONE: &str = "Europe/Warsaw";

/// A shortened secret shows this many characters at most, and never more than a quarter of itself.
const SHOWN: usize = 12;

/// An ATS with its key.
#[derive(Clone, Debug)]
pub(crate) struct AtsClient {
    http: Client,
    base: String,
    key: LocalApiKey,
}

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct ApiRequest {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) body: Option<Value>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct ApiResponse {
    pub(crate) status: StatusCode,
    /// Null where there is none.
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

    /// An order, which needs a key of its own.
    pub(crate) fn create_meeting(path: String, key: &str, body: Value) -> Self {
        Self { idempotency_key: Some(key.to_owned()), ..Self::post(path, Some(body)) }
    }
}

impl ApiResponse {
    /// A member of the document, if it is text.
    pub(crate) fn string_member(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str()
    }

    /// Its status as people say it.
    pub(crate) fn status_text(&self) -> String {
        status_text(self.status)
    }
}

impl AtsClient {
    pub(crate) fn new(http: Client, base: &str, key: &LocalApiKey) -> Self {
        Self { http, base: base.to_owned(), key: key.clone() }
    }

    /// The key as it may be shown.
    pub(crate) fn redacted_key(&self) -> String {
        shorten(self.key.as_str())
    }

    /// Calls the product; the error is a sentence for whoever looks.
    pub(crate) async fn send(&self, call: &ApiRequest, language: Language) -> Result<ApiResponse, String> {
        let mut request = self
            .http
            .request(call.method.clone(), format!("{}{}", self.base, call.path))
            .timeout(REQUEST_TIMEOUT)
            .bearer_auth(self.key.as_str())
            .header("accept-language", language.bcp47());
        if let Some(key) = &call.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        let told = |error: reqwest::Error| with_causes(&error.without_url());
        let response = request.send().await.map_err(told)?;
        let status = response.status();
        let text = response.text().await.map_err(told)?;
        Ok(ApiResponse { status, body: serde_json::from_str(&text).unwrap_or(Value::Null) })
    }
}

/// An error and what lies behind it, in one line.
pub(crate) fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// A status as people say it.
pub(crate) fn status_text(status: StatusCode) -> String {
    format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default()).trim_end().to_owned()
}

/// The beginning of something that must not be shown. Of an address only what follows the last slash is secret.
pub(crate) fn shorten(text: &str) -> String {
    let (open, secret) = text.rsplit_once('/').map_or(("", text), |(open, secret)| (&text[..=open.len()], secret));
    let shown: String = secret.chars().take(SHOWN.min(secret.chars().count() / 4)).collect();
    format!("{open}{shown}…")
}

/// A document without what must not be shown: links of ours and handles.
pub(crate) fn discreet(document: &Value) -> Value {
    match document {
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| match value {
                Value::String(secret) if name == "url" || name == "handle" => (name.clone(), json!(shorten(secret))),
                // The link is the segment before the last.
                Value::String(page) if name == "help_url" => {
                    let link = page.strip_suffix("/help").unwrap_or(page);
                    (name.clone(), json!(format!("{}/help", shorten(link))))
                }
                value => (name.clone(), discreet(value)),
            });
            Value::Object(members.collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(discreet).collect()),
        plain => plain.clone(),
    }
}

/// Ten o'clock on the next working day.
pub(crate) fn next_interview(now: Timestamp) -> DateTime {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    let mut day = zone.to_datetime(now).date();
    loop {
        day = day.saturating_add(1.day());
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return day.to_datetime(Time::constant(10, 0, 0, 0));
        }
    }
}

/// The order for an interview.
pub(crate) fn interview(subject: &str, start: DateTime, minutes: u16) -> Value {
    let end = start.saturating_add(i64::from(minutes).minutes());
    let local = |moment: DateTime| moment.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    json!({
        "subject": subject,
        "start": local(start),
        "end": local(end),
        "time_zone": TIME_ZONE,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_secret_only_the_beginning_is_shown() {
        assert_eq!(shorten("tc_local_0123456789abcdef0123456789abcdef0123456789a"), "tc_local_012…");
        assert_eq!(shorten("short"), "s…");
        assert_eq!(shorten("abc"), "…");
        assert_eq!(shorten(""), "…");
        let link = format!("http://localhost:8700/connect/v4.local.{}", "a".repeat(300));
        assert_eq!(shorten(&link), "http://localhost:8700/connect/v4.local.aaa…");
        assert_eq!(shorten("żżżżżżżż"), "żż…");
    }

    #[test]
    fn links_and_handles_are_shortened_wherever_they_stand_and_join_links_are_not() {
        let secret = "x".repeat(80);
        let document = json!({"url": secret, "a": [{"handle": secret}], "join_url": secret, "expires_at": "t",
            "help_url": format!("http://localhost/connect/{secret}/help")});
        let shown = discreet(&document);
        assert_eq!(shown["help_url"], "http://localhost/connect/xxxxxxxxxxxx…/help");
        assert_eq!(
            (shown["url"].as_str(), shown["a"][0]["handle"].as_str()),
            (Some("xxxxxxxxxxxx…"), Some("xxxxxxxxxxxx…"))
        );
        assert_eq!((&shown["join_url"], &shown["expires_at"]), (&document["join_url"], &document["expires_at"]));
    }

    #[test]
    fn interviews_are_on_working_days() {
        let on = |now: &str| next_interview(now.parse().unwrap()).to_string();
        assert_eq!(on("2026-11-24T12:00:00Z"), "2026-11-25T10:00:00");
        assert_eq!(on("2026-11-27T12:00:00Z"), "2026-11-30T10:00:00");
        // In Warsaw it is Monday already.
        assert_eq!(on("2026-11-29T23:30:00Z"), "2026-12-01T10:00:00");
    }

    #[test]
    fn an_interview_is_ordered_in_local_time() {
        let order = interview("Rozmowa", "2026-11-25T23:30:00".parse().unwrap(), 45);
        assert_eq!(
            (order["start"].as_str(), order["end"].as_str()),
            (Some("2026-11-25T23:30:00"), Some("2026-11-26T00:15:00"))
        );
        assert_eq!(order["time_zone"], "Europe/Warsaw");
    }
}
