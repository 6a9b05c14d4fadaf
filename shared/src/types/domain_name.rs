//! Domain names (RFC 1123).

use serde::{Deserialize, Serialize};

/// A domain name, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct DomainName(String);

impl DomainName {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not a domain name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a domain name")]
pub struct DomainNameError;

impl std::str::FromStr for DomainName {
    type Err = DomainNameError;

    /// Parses letters, digits and hyphens in at least two labels (RFC 1123 §2.1). The last one begins with a letter.
    fn from_str(text: &str) -> Result<Self, DomainNameError> {
        let text = text.trim().to_ascii_lowercase();
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let top_level = text.rsplit('.').next().unwrap_or_default();
        let has_letter = top_level.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
        if text.len() <= 253 && text.contains('.') && text.split('.').all(label) && has_letter {
            Ok(Self(text))
        } else {
            Err(DomainNameError)
        }
    }
}

impl TryFrom<String> for DomainName {
    type Error = DomainNameError;
    fn try_from(text: String) -> Result<Self, DomainNameError> {
        text.parse()
    }
}
