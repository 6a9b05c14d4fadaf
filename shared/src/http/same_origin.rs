//! Forms that a page of our own sent, and no other site.

use http::HeaderMap;
use http::header::ORIGIN;
use url::Url;

use crate::http::problem::{Problem, ProblemKind};
use crate::types::base_url::BaseUrl;

/// Requires that a page of our own origin, or no page at all, sent the form (Fetch Metadata; Fetch standard, `Origin`).
/// Another port of the same machine is another site.
///
/// # Errors
/// [`ProblemKind::CrossSite`].
pub fn require_same_origin(headers: &HeaderMap, public_url: &BaseUrl) -> Result<(), Problem> {
    let ours = Url::parse(public_url.as_str()).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let allowed = match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        // With `Referrer-Policy: no-referrer` a browser writes `Origin: null` even for a form of ours.
        (Some("same-origin" | "none"), origin) => origin.is_none_or(|origin| origin == "null" || origin == ours),
        (None, origin) => origin.is_none_or(|origin| origin == ours),
        (Some(_), _) => false,
    };
    if allowed { Ok(()) } else { Err(ProblemKind::CrossSite.into()) }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn is_taken(public_url: &str, pairs: &[(&'static str, &'static str)]) -> bool {
        let pairs = pairs.iter();
        let headers: HeaderMap =
            pairs.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
        require_same_origin(&headers, &public_url.parse().unwrap()).is_ok()
    }

    #[test]
    fn a_form_is_taken_from_our_own_page_only() {
        for own in ["https://teams.ats.example", "http://localhost:8700"] {
            assert!(is_taken(own, &[]));
            assert!(is_taken(own, &[("origin", own)]));
            assert!(is_taken(own, &[("sec-fetch-site", "same-origin"), ("origin", own)]));
            for site in ["same-origin", "none"] {
                assert!(is_taken(own, &[("sec-fetch-site", site)]), "{site}");
                assert!(is_taken(own, &[("sec-fetch-site", site), ("origin", "null")]), "{site}");
            }
            for pairs in [
                &[("sec-fetch-site", "cross-site")][..],
                &[("sec-fetch-site", "same-site")],
                &[("sec-fetch-site", "same-site"), ("origin", "http://localhost:3000")],
                &[("sec-fetch-site", "same-site"), ("origin", own)],
                &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
                &[("origin", "null")],
                &[("origin", "https://evil.example")],
                &[("origin", "http://localhost:3000")],
                &[("origin", "http://teams.ats.example")],
            ] {
                assert!(!is_taken(own, pairs), "{own} {pairs:?}");
            }
        }
    }
}
