//! What a person pasted from Microsoft's error page: the number alone, or the whole message.
//!
//! The page is in the reader's language, and a field of one line joins pasted lines. So only little is assumed: the number
//! comes after `AADSTS`, ids are GUIDs, times are in ISO 8601.

use crate::domain::finding::{Evidence, leading_number};

/// More bytes than any message of Microsoft has.
const MAX_TEXT_BYTES: usize = 4_096;

/// The digits of a number without `AADSTS` before it.
const BARE_NUMBER_DIGITS: std::ops::RangeInclusive<usize> = 5..=7;

/// The label of the correlation id, in English and in Polish.
const CORRELATION_LABELS: [&str; 2] = ["correlation", "korelacji"];

/// The length of a GUID.
const GUID_LENGTH: usize = 36;

/// The format of a time; a `T` is possible between date and time.
const TIME_FORMAT: &[u8] = b"0000-00-00 00:00:00Z";

/// Finds the number, the correlation id and the time. Keeps nothing else of the text.
#[must_use]
pub fn parse_error_page(text: &str) -> Evidence {
    let text = &text[..text.floor_char_boundary(MAX_TEXT_BYTES)];
    // Of the same length, so positions in both are the same.
    let lower = text.to_ascii_lowercase();
    let correlation = CORRELATION_LABELS.iter().find_map(|word| lower.find(word));
    let correlation_id = correlation.and_then(|at| first(&text[at..], GUID_LENGTH, is_guid));
    Evidence::sanitized(number(&lower), correlation_id, None, first(text, TIME_FORMAT.len(), is_time))
}

fn number(lower: &str) -> Option<u32> {
    let is_between = |c: char| !c.is_ascii_alphanumeric();
    let mut after = lower.split("aadsts").skip(1).map(|rest| rest.trim_start_matches(is_between));
    after.find_map(leading_number).or_else(|| bare_number(lower))
}

/// A number without `AADSTS` is found only if the text has no other number.
fn bare_number(text: &str) -> Option<u32> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    match (numbers.next(), numbers.next()) {
        (Some(digits), None) if BARE_NUMBER_DIGITS.contains(&digits.len()) => digits.parse().ok(),
        _ => None,
    }
}

/// The first part of this length that matches.
fn first(text: &str, length: usize, matches: impl Fn(&str) -> bool) -> Option<String> {
    let mut parts = (0..text.len()).filter_map(|at| text.get(at..at + length));
    parts.find(|part| matches(part)).map(str::to_owned)
}

fn is_guid(part: &str) -> bool {
    uuid::Uuid::try_parse(part).is_ok()
}

fn is_time(part: &str) -> bool {
    part.bytes().zip(TIME_FORMAT).all(|(byte, format)| match format {
        b'0' => byte.is_ascii_digit(),
        b' ' => byte == b' ' || byte == b'T',
        expected => byte == *expected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";
    const OTHER: &str = "5c0e1a2b-3c4d-4e5f-8a6b-7c8d9e0f1a2b";

    #[test]
    fn a_number_is_read_however_it_was_typed() {
        for text in [
            "50011",
            " 50011 ",
            "AADSTS50011",
            "aadsts50011",
            "AADSTS 50011",
            "AADSTS: 50011",
            "(AADSTS50011)",
            "Error AADSTS50011: The redirect URI 'http://localhost:8700/x' specified in the request does not match",
            "AADSTS: see AADSTS50011",
            "numer 50011.",
            "błąd\u{a0}50011",
        ] {
            assert_eq!(parse_error_page(text).aadsts, Some(50011), "{text}");
        }
        assert_eq!(parse_error_page("AADSTS9002325: x").aadsts, Some(9_002_325));
    }

    #[test]
    fn what_holds_no_number_of_an_error_holds_none() {
        for text in ["", " ", "AADSTS", "AADSTS: no", "1", "404", "50011 50012", ID, "2026-11-24", "99999999", "ąść"]
        {
            assert_eq!(parse_error_page(text).aadsts, None, "{text}");
        }
        assert_eq!(parse_error_page("AADSTS99999999999").aadsts, None, "larger than any number");
    }

    #[test]
    fn the_whole_page_may_be_pasted_in_either_language_and_without_its_line_breaks() {
        let lines = |labels: [&str; 4]| {
            let [request, correlation, time, message] = labels;
            [
                format!("{request}: {OTHER}"),
                format!("{correlation}: {ID}"),
                format!("{time}: 2026-11-24T09:00:00Z"),
                format!("{message}: AADSTS50011: The redirect URI does not match."),
            ]
        };
        for labels in [
            ["Request Id", "Correlation Id", "Timestamp", "Message"],
            ["Identyfikator żądania", "Identyfikator korelacji", "Sygnatura czasowa", "Komunikat"],
        ] {
            for between in ["\n", "\r\n", " ", ""] {
                let evidence = parse_error_page(&lines(labels).join(between));
                assert_eq!(evidence.aadsts, Some(50011), "{labels:?}{between:?}");
                assert_eq!(evidence.correlation_id.as_deref(), Some(ID), "{labels:?}{between:?}");
                assert_eq!(evidence.timestamp.as_deref(), Some("2026-11-24T09:00:00Z"), "{labels:?}{between:?}");
            }
        }
    }

    #[test]
    fn the_description_of_a_redirect_may_be_pasted_too() {
        let text = format!("AADSTS65001: No. Trace ID: {OTHER} Correlation ID: {ID} Timestamp: 2026-11-24 09:00:00Z");
        let evidence = parse_error_page(&text);
        assert_eq!((evidence.aadsts, evidence.correlation_id.as_deref()), (Some(65001), Some(ID)));
        assert_eq!(evidence.timestamp.as_deref(), Some("2026-11-24 09:00:00Z"));
    }

    #[test]
    fn nothing_is_kept_of_what_was_pasted_but_number_id_and_time() {
        let planted = "<script>alert(1)</script> AADSTS50011 Correlation ID: <b>x</b> Timestamp: soon";
        let number = Evidence { aadsts: Some(50011), ..Evidence::default() };
        assert_eq!(parse_error_page(planted), number);
        assert_eq!(
            parse_error_page(&format!("{}AADSTS50011", "ą".repeat(MAX_TEXT_BYTES))),
            Evidence::default(),
            "nobody reads so far"
        );
        assert_eq!(
            parse_error_page(&format!("Request Id: {OTHER} AADSTS50011")),
            number,
            "it may be the id of something else"
        );
    }
}
