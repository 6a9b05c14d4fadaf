//! The reader's language (RFC 9110 §12.5.4).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

use crate::types::language::Language;

/// Longer headers are ignored.
const MAX_HEADER_BYTES: usize = 1_024;

/// Extractor for the language of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcceptLanguage(pub Language);

/// The language for these headers.
#[must_use]
pub fn negotiate(headers: &HeaderMap) -> Language {
    let header = headers.get(ACCEPT_LANGUAGE).map(HeaderValue::to_str).and_then(Result::ok).unwrap_or_default();
    if header.len() > MAX_HEADER_BYTES {
        return Language::default();
    }
    let mut languages = accept_language::parse_with_quality(header).into_iter().filter(|(_, quality)| *quality > 0.0);
    // `pl-PL` is Polish (RFC 4647 §3.4: a range is shortened until it matches).
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    languages.find_map(|(tag, _)| Language::from_bcp47(&primary(&tag))).unwrap_or_default()
}

impl<S: Sync> FromRequestParts<S> for AcceptLanguage {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(negotiate(&parts.headers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polish_browsers_read_polish_and_everybody_else_english() {
        let language = |header: &str| {
            negotiate(&HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_str(header).unwrap())]))
        };
        for header in ["pl", "pl-PL", "pl-PL,pl;q=0.9,en;q=0.8", "de, pl;q=0.5, en;q=0.4", "PL"] {
            assert_eq!(language(header), Language::Pl, "{header}");
        }
        for header in ["en-GB,en;q=0.9,pl;q=0.8", "de", "", "*", ";;", "pl;q=0", "en, pl"] {
            assert_eq!(language(header), Language::En, "{header}");
        }
        assert_eq!(language(&"pl,".repeat(1_000)), Language::En);
        assert_eq!(negotiate(&HeaderMap::new()), Language::En);
    }
}
