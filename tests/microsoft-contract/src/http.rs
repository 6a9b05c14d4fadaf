//! Requests, and answers of which only what is nobody's secret is told.

use std::fmt;

use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;
use shared::domain::finding::parse_aadsts;

/// An answer.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// Where it leads.
    pub(crate) location: Option<url::Url>,
    /// The document; null for what is none.
    pub(crate) json: Value,
    /// The number on a page.
    page_number: Option<u32>,
}

/// There was no answer.
#[derive(Debug, thiserror::Error)]
#[error("no answer: {0}")]
pub struct CallError(String);

impl From<reqwest::Error> for CallError {
    fn from(error: reqwest::Error) -> Self {
        // The address may hold a code.
        Self(error.without_url().to_string())
    }
}

impl Reply {
    pub(crate) async fn to(request: RequestBuilder) -> Result<Self, CallError> {
        let response = request.send().await?;
        let (status, from) = (response.status(), response.url().clone());
        let location = response.headers().get("location").and_then(|to| from.join(to.to_str().ok()?).ok());
        let text = response.text().await?;
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        let page_number = if json.is_null() { parse_aadsts(&text) } else { None };
        Ok(Self { status, location, json, page_number })
    }

    /// A member that is text.
    pub(crate) fn text(&self, member: &str) -> &str {
        self.json[member].as_str().unwrap_or_default()
    }

    /// The error's code: Entra's or Graph's.
    pub(crate) fn error(&self) -> &str {
        let error = &self.json["error"];
        error.as_str().or_else(|| error["code"].as_str()).unwrap_or_default()
    }

    /// Microsoft's number.
    pub(crate) fn number(&self) -> Option<u32> {
        let in_list = self.json["error_codes"][0].as_u64().and_then(|number| u32::try_from(number).ok());
        in_list.or_else(|| parse_aadsts(self.text("error_description"))).or(self.page_number)
    }

    /// Whether it is this refusal.
    pub(crate) fn is(&self, status: u16, error: &str, number: u32) -> bool {
        self.status.as_u16() == status && self.error() == error && self.number() == Some(number)
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status.as_u16())?;
        let error = word(self.error());
        if !error.is_empty() {
            write!(f, " {error}")?;
        }
        if let Some(number) = self.number() {
            write!(f, " AADSTS{number}")?;
        }
        Ok(())
    }
}

/// A word of a protocol; nothing for any other text, which might be somebody's.
pub(crate) fn word(text: &str) -> &str {
    let is_word = text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    if is_word && uuid::Uuid::try_parse(text).is_err() { text } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_an_answer_is_nobodys() {
        let reply = |json: Value| Reply { status: StatusCode::BAD_REQUEST, location: None, json, page_number: None };
        let entra = serde_json::json!({
            "error": "invalid_grant", "error_codes": [54005], "error_description": "AADSTS54005: anna@kadry.example",
        });
        assert_eq!(reply(entra).to_string(), "400 invalid_grant AADSTS54005");
        let graph = serde_json::json!({ "error": { "code": "Forbidden", "message": "anna@kadry.example" } });
        assert_eq!(reply(graph).to_string(), "400 Forbidden");
        let foreign = serde_json::json!({ "error": "anna@kadry.example" });
        assert_eq!(reply(foreign).to_string(), "400");
        assert_eq!(word("3d9a7c51-2e84-4f6b-8a17-c0b5d2e96f34"), "");
    }
}
