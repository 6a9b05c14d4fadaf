//! The media type of the response (RFC 9110 §12.5.1).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::header::ACCEPT;
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

/// Longer headers are ignored.
const MAX_HEADER_BYTES: usize = 1_024;

/// Extractor for the format of a list. JSON, unless CSV is preferred to it: whoever accepts neither gets JSON too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    Json,
    Csv,
}

impl<S: Sync> FromRequestParts<S> for ListFormat {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let csv_is_preferred = is_preferred_to_json(&parts.headers, ("text", "csv"));
        Ok(if csv_is_preferred { Self::Csv } else { Self::Json })
    }
}

/// Whether a browser asks, which prefers a page to JSON.
pub(super) fn prefers_html(headers: &HeaderMap) -> bool {
    is_preferred_to_json(headers, ("text", "html"))
}

fn is_preferred_to_json(headers: &HeaderMap, media_type: (&str, &str)) -> bool {
    let lines = headers.get_all(ACCEPT).iter().map(HeaderValue::to_str);
    let lines: Vec<_> = lines.filter_map(Result::ok).filter(|line| line.len() <= MAX_HEADER_BYTES).collect();
    let quality = |media_type: (&str, &str)| {
        let ranges = lines.iter().flat_map(|line| line.split(','));
        // The more exactly a range names the type, the more it counts.
        let named = ranges.filter_map(|range| quality_of(range, media_type));
        named.max_by_key(|(exactness, _)| *exactness).map_or(0, |(_, quality)| quality)
    };
    quality(media_type) > quality(("application", "json"))
}

/// How exactly a range names this type, and its weight in thousandths; nothing if it does not.
fn quality_of(range: &str, (kind, subtype): (&str, &str)) -> Option<(u8, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let (range_kind, range_subtype) = parts.next()?.split_once('/')?;
    let exactness = match (range_kind, range_subtype) {
        ("*", "*") => 0,
        (same, "*") if same.eq_ignore_ascii_case(kind) => 1,
        (same, also) if same.eq_ignore_ascii_case(kind) && also.eq_ignore_ascii_case(subtype) => 2,
        _ => return None,
    };
    let weight = parts.find_map(|parameter| parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")));
    let quality = weight.map_or(Some(1_000), thousandths)?;
    Some((exactness, quality))
}

/// `0.5` is 500 (RFC 9110 §12.4.2).
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let fits = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "1" if fits => Some(1_000),
        "0" if fits => format!("{fraction:0<3}").parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (ACCEPT, HeaderValue::from_str(line).unwrap())).collect()
    }

    fn prefers_csv(lines: &[&str]) -> bool {
        is_preferred_to_json(&headers(lines), ("text", "csv"))
    }

    #[test]
    fn csv_is_for_whoever_prefers_it_and_json_for_everybody_else() {
        for csv in [
            &["text/csv"][..],
            &["Text/CSV; header=present"],
            &["text/csv, application/json;q=0.9"],
            &["application/json;q=0.5", "text/csv"],
            &["text/*, application/json;q=0.1"],
            &["*/*;q=0.1, text/csv"],
            &["text/csv, */*;q=0.8"],
        ] {
            assert!(prefers_csv(csv), "{csv:?}");
        }
        for json in [
            &[][..],
            &["*/*"],
            &["application/json"],
            &["application/json, text/csv"],
            &["text/csv;q=0"],
            &["text/csv;q=2"],
            &["text/csv;q=0.5, */*"],
            &["image/png"],
            &["nonsense"],
        ] {
            assert!(!prefers_csv(json), "{json:?}");
        }
    }

    #[test]
    fn a_page_is_for_browsers() {
        assert!(prefers_html(&headers(&["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"])));
        for program in [&[][..], &["*/*"], &["application/json"], &["text/html, application/json"]] {
            assert!(!prefers_html(&headers(program)), "{program:?}");
        }
    }

    #[test]
    fn a_weight_has_three_digits_at_most() {
        for (weight, quality) in [("1", 1_000), ("1.000", 1_000), ("0", 0), ("0.5", 500), ("0.05", 50), ("0.005", 5)] {
            assert_eq!(thousandths(weight), Some(quality), "{weight}");
        }
        for weight in ["", "2", "0.0005", "-1", "0.a", "1.5x"] {
            assert_eq!(thousandths(weight), None, "{weight}");
        }
    }
}
