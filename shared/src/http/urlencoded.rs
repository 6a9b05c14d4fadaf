//! Strict parsing of forms and queries.
//!
//! Two programs may read a name that occurs twice in different ways, or repair a broken percent sequence differently. Both are
//! rejected.

use percent_encoding::percent_decode;

/// More parameters than any form of ours has.
const MAX_PAIRS: usize = 64;

/// Why parameters were rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlencodedError {
    /// A percent sequence is broken or is not UTF-8.
    #[error("a percent sequence is broken")]
    Encoding,
    /// A name occurs twice.
    #[error("a name occurs twice")]
    Duplicate,
    /// Too many parameters.
    #[error("too many parameters")]
    TooMany,
    /// An unknown name.
    #[error("an unknown name")]
    Unknown,
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
        parameters.push((decode(name)?, decode(value)?));
    }
    Ok(parameters)
}

/// Parses a form with these fields. Each may occur once.
///
/// # Errors
/// [`UrlencodedError`].
pub fn parse_known<const N: usize>(text: &str, names: [&str; N]) -> Result<[Option<String>; N], UrlencodedError> {
    let mut values = [const { None }; N];
    for (name, value) in parse(text)? {
        let index = names.iter().position(|known| *known == name).ok_or(UrlencodedError::Unknown)?;
        if values[index].replace(value).is_some() {
            return Err(UrlencodedError::Duplicate);
        }
    }
    Ok(values)
}

fn decode(text: &str) -> Result<String, UrlencodedError> {
    let bytes = text.as_bytes();
    for at in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%').map(|(at, _)| at) {
        if !bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return Err(UrlencodedError::Encoding);
        }
    }
    let spaced = text.replace('+', " ");
    percent_decode(spaced.as_bytes()).decode_utf8().map(Into::into).map_err(|_| UrlencodedError::Encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_once() {
        let pairs = parse("a=1+2&b=%C5%BC&c=%2541&d").unwrap();
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "1 2"), ("b", "ż"), ("c", "%41"), ("d", "")]);
    }

    #[test]
    fn ambiguous_parameters_are_rejected() {
        for text in ["a=%", "a=%z1", "a=%c3", "%ff=1"] {
            assert_eq!(parse(text), Err(UrlencodedError::Encoding), "{text}");
        }
        assert_eq!(parse_known("a=1&a=1", ["a"]), Err(UrlencodedError::Duplicate));
        for text in ["b=1", "a[]=1", "a.x=1", "A=1", "a=1;b=2&b=3"] {
            assert_eq!(parse_known(text, ["a"]), Err(UrlencodedError::Unknown), "{text}");
        }
        assert_eq!(parse(&"a&".repeat(64)).unwrap().len(), 64);
        assert_eq!(parse(&"a&".repeat(65)), Err(UrlencodedError::TooMany));
        assert_eq!(parse_known("&&a=1&", ["a", "b"]).unwrap(), [Some("1".to_owned()), None]);
    }
}
