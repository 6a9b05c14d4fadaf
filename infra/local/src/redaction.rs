//! Shortens secrets before they are displayed.

use serde_json::{Value, json};

/// The number of characters of a secret that are shown at most. Never more than a quarter of it is shown.
const MAX_SHOWN_CHARS: usize = 12;

/// Truncates a secret. In an address only the part after the last slash is secret.
pub(crate) fn truncate_secret(text: &str) -> String {
    let (public, secret) =
        text.rsplit_once('/').map_or(("", text), |(public, secret)| (&text[..=public.len()], secret));
    let shown: String = secret.chars().take(MAX_SHOWN_CHARS.min(secret.chars().count() / 4)).collect();
    format!("{public}{shown}…")
}

/// Truncates the sealed links and the handles in a JSON document.
pub(crate) fn redact(document: &Value) -> Value {
    match document {
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| match value {
                Value::String(secret) if name == "url" || name == "handle" => {
                    (name.clone(), json!(truncate_secret(secret)))
                }
                // The sealed link is the segment before the last.
                Value::String(page) if name == "help_url" => {
                    let link = page.strip_suffix("/help").unwrap_or(page);
                    (name.clone(), json!(format!("{}/help", truncate_secret(link))))
                }
                value => (name.clone(), redact(value)),
            });
            Value::Object(members.collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(redact).collect()),
        plain => plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_truncated() {
        assert_eq!(truncate_secret("tc_local_0123456789abcdef0123456789abcdef0123456789a"), "tc_local_012…");
        assert_eq!(truncate_secret("short"), "s…");
        assert_eq!(truncate_secret("abc"), "…");
        assert_eq!(truncate_secret(""), "…");
        let link = format!("http://localhost:8700/connect/v4.local.{}", "a".repeat(300));
        assert_eq!(truncate_secret(&link), "http://localhost:8700/connect/v4.local.aaa…");
        assert_eq!(truncate_secret("żżżżżżżż"), "żż…");
    }

    #[test]
    fn links_and_handles_are_truncated_and_join_links_are_not() {
        let secret = "x".repeat(80);
        let document = json!({"url": secret, "a": [{"handle": secret}], "join_url": secret, "expires_at": "t",
            "help_url": format!("http://localhost/connect/{secret}/help")});
        let shown = redact(&document);
        assert_eq!(shown["help_url"], "http://localhost/connect/xxxxxxxxxxxx…/help");
        assert_eq!(
            (shown["url"].as_str(), shown["a"][0]["handle"].as_str()),
            (Some("xxxxxxxxxxxx…"), Some("xxxxxxxxxxxx…"))
        );
        assert_eq!((&shown["join_url"], &shown["expires_at"]), (&document["join_url"], &document["expires_at"]));
    }
}
