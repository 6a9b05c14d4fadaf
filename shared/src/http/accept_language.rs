//! Which language the reader asked for (RFC 9110 §12.5.4).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

use crate::types::language::Language;

/// Longer lists of languages are not read; nobody speaks so many.
const LONGEST_LIST: usize = 1_024;

/// The language of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcceptLanguage(pub Language);

/// The best of our languages for these headers.
#[must_use]
pub fn negotiate(headers: &HeaderMap) -> Language {
    let wish = headers.get(ACCEPT_LANGUAGE).map(HeaderValue::to_str).and_then(Result::ok).unwrap_or_default();
    if wish.len() > LONGEST_LIST {
        return Language::default();
    }
    let mut wishes = accept_language::parse_with_quality(wish).into_iter().filter(|(_, quality)| *quality > 0.0);
    // `pl-PL` is Polish (RFC 4647 §3.4: a range is shortened until something matches).
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    wishes.find_map(|(tag, _)| Language::from_bcp47(&primary(&tag))).unwrap_or_default()
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
        let language =
            |wish: &str| negotiate(&HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_str(wish).unwrap())]));
        for wish in ["pl", "pl-PL", "pl-PL,pl;q=0.9,en;q=0.8", "de, pl;q=0.5, en;q=0.4", "PL"] {
            assert_eq!(language(wish), Language::Pl, "{wish}");
        }
        for wish in ["en-GB,en;q=0.9,pl;q=0.8", "de", "", "*", ";;", "pl;q=0", "en, pl"] {
            assert_eq!(language(wish), Language::En, "{wish}");
        }
        assert_eq!(language(&"pl,".repeat(1_000)), Language::En);
        assert_eq!(negotiate(&HeaderMap::new()), Language::En);
    }
}
