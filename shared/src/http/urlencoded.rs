//! Strict parsing of forms and queries.
//!
//! Two programs may read a name that occurs twice in different ways, or repair a broken percent sequence differently. Both are
//! rejected.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use crate::http::json_error::unknown_name;
use crate::http::problem::{FieldError, Problem, ProblemKind};

/// More parameters than any form of ours has.
const MAX_PAIRS: usize = 64;

/// What a parameter that we write does not have as it is (RFC 3986 §2.3).
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Why parameters cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlencodedError {
    /// The percent sequences of the parameter with this name, as it is written, are broken or no UTF-8.
    #[error("a percent sequence is broken")]
    Encoding(String),
    /// Too many parameters.
    #[error("too many parameters")]
    TooMany,
}

impl From<UrlencodedError> for Problem {
    fn from(error: UrlencodedError) -> Self {
        let (name, detail) = match &error {
            UrlencodedError::Encoding(name) => (name.as_str(), "has a broken percent sequence, or is not UTF-8"),
            UrlencodedError::TooMany => ("?", "has too many parameters"),
        };
        let field = FieldError::new(name, detail);
        Self::from(ProblemKind::MalformedRequest).with_field(field).with_cause(error)
    }
}

/// Parses `application/x-www-form-urlencoded` (WHATWG URL standard, §5). Names may occur twice.
///
/// # Errors
/// [`UrlencodedError::Encoding`] or [`UrlencodedError::TooMany`].
pub fn parse(text: &str) -> Result<Vec<(String, String)>, UrlencodedError> {
    let mut parameters = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        if parameters.len() == MAX_PAIRS {
            return Err(UrlencodedError::TooMany);
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decoded = decode(name).zip(decode(value));
        parameters.push(decoded.ok_or_else(|| UrlencodedError::Encoding(name.to_owned()))?);
    }
    Ok(parameters)
}

/// Parses a form or query with these names. Each may occur once.
///
/// # Errors
/// [`ProblemKind::MalformedRequest`], which names every parameter that is unknown or stands twice.
pub fn parse_known<const N: usize>(text: &str, names: [&str; N]) -> Result<[Option<String>; N], Problem> {
    let (mut values, mut errors) = ([const { None }; N], Vec::new());
    for (name, value) in parse(text)? {
        match names.iter().position(|known| *known == name) {
            Some(index) if values[index].replace(value).is_some() => {
                errors.push(FieldError::new(&name, "stands twice"));
            }
            Some(_) => {}
            None => errors.push(unknown_name(&name, &name, &names)),
        }
    }
    if errors.is_empty() { Ok(values) } else { Err(Problem::from(ProblemKind::MalformedRequest).with_fields(errors)) }
}

/// The query with this value for a parameter, in the place of what it has.
///
/// # Errors
/// As [`parse`].
pub fn replace(query: &str, name: &str, value: &str) -> Result<String, UrlencodedError> {
    let mut parameters = parse(query)?;
    parameters.retain(|(known, _)| known != name);
    parameters.push((name.to_owned(), value.to_owned()));
    let encode = |text: &str| utf8_percent_encode(text, &RESERVED).to_string();
    let pairs = parameters.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    Ok(pairs.collect::<Vec<_>>().join("&"))
}

fn decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    for at in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%').map(|(at, _)| at) {
        if !bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return None;
        }
    }
    let spaced = text.replace('+', " ");
    percent_decode(spaced.as_bytes()).decode_utf8().map(Into::into).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::types::language::Language;

    #[test]
    fn values_are_decoded_once() {
        let pairs = parse("a=1+2&b=%C5%BC&c=%2541&d").unwrap();
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "1 2"), ("b", "ż"), ("c", "%41"), ("d", "")]);
    }

    #[test]
    fn a_parameter_is_replaced_and_the_others_stay() {
        assert_eq!(replace("", "page", "a-b_c").unwrap(), "page=a-b_c");
        assert_eq!(replace("a=1+2&page=x&b=%C5%BC>", "page", "y").unwrap(), "a=1%202&b=%C5%BC%3E&page=y");
        assert!(replace("a=%", "page", "y").is_err());
    }

    #[test]
    fn ambiguous_parameters_are_rejected() {
        for (text, name) in [("a=%", "a"), ("a=%z1", "a"), ("b=1&a=%c3", "a"), ("%ff=1", "%ff")] {
            assert_eq!(parse(text), Err(UrlencodedError::Encoding(name.to_owned())), "{text}");
        }
        assert_eq!(parse(&"a&".repeat(64)).unwrap().len(), 64);
        assert_eq!(parse(&"a&".repeat(65)), Err(UrlencodedError::TooMany));
        assert_eq!(parse_known("&&a=1&", ["a", "b"]).unwrap(), [Some("1".to_owned()), None]);
    }

    #[test]
    fn a_query_that_cannot_be_read_names_its_parameters() {
        for (query, errors) in [
            ("alarm=1&alarm=2", json!([{"field": "alarm", "detail": "stands twice"}])),
            (
                "timeZone=UTC&utm=1",
                json!([
                    {"field": "timeZone", "detail": "is unknown; did you mean `time_zone`?"},
                    {"field": "utm", "detail": "is unknown; known are `alarm`, `time_zone`"},
                ]),
            ),
            ("alarm=%", json!([{"field": "alarm", "detail": "has a broken percent sequence, or is not UTF-8"}])),
            ("alarm[]=1", json!([{"field": "alarm[]", "detail": "is unknown; did you mean `alarm`?"}])),
            (&"a&".repeat(65), json!([{"field": "?", "detail": "has too many parameters"}])),
        ] {
            let problem = parse_known(query, ["alarm", "time_zone"]).unwrap_err();
            assert_eq!(problem.kind(), ProblemKind::MalformedRequest, "{query}");
            assert_eq!(problem.document(Language::En, "", "")["errors"], errors, "{query}");
        }
    }
}
