//! The state of a meeting in a few characters, and conditions on it (RFC 9110 §8.8.3, §13.1.1).

use axum::http::{HeaderMap, header};

use shared::domain::meeting::Meeting;
use shared::http::problem::{FieldError, Problem, ProblemKind};

/// The state of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntityTag(String);

/// The `If-Match` of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// No condition.
    None,
    /// Any state of an existing meeting.
    Any,
    /// One of these states.
    OneOf(Vec<EntityTag>),
}

impl EntityTag {
    pub(crate) fn new(meeting: &Meeting) -> Self {
        Self(format!("\"{}\"", meeting.state_digest()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl IfMatch {
    /// Reads the header. A weak tag never matches (RFC 9110 §13.1.1).
    pub(crate) fn parse(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut tags = Vec::new();
        let mut is_any = false;
        for value in headers.get_all(header::IF_MATCH) {
            let text = value.to_str().map_err(|_| no_tag())?;
            for tag in text.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
                let opaque = tag.strip_prefix("W/").unwrap_or(tag);
                let is_tag = opaque.len() >= 2 && opaque.starts_with('"') && opaque.ends_with('"');
                if tag == "*" {
                    is_any = true;
                } else if is_tag {
                    tags.push(EntityTag(tag.to_owned()));
                } else {
                    return Err(no_tag());
                }
            }
        }
        Ok(match (is_any, tags.is_empty()) {
            (true, _) => Self::Any,
            (false, true) => Self::None,
            (false, false) => Self::OneOf(tags),
        })
    }

    /// Checks the condition.
    pub(crate) fn check(&self, meeting: &Meeting) -> Result<(), Problem> {
        match self {
            Self::None | Self::Any => Ok(()),
            Self::OneOf(tags) if tags.contains(&EntityTag::new(meeting)) => Ok(()),
            Self::OneOf(_) => Err(ProblemKind::PreconditionFailed.into()),
        }
    }
}

fn no_tag() -> Problem {
    let error = FieldError::new("If-Match", "is neither `*` nor the `ETag` of an answer, with its quotation marks");
    Problem::from(ProblemKind::MalformedRequest).with_field(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(values: &[&str]) -> Result<IfMatch, Problem> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::IF_MATCH, value.parse().unwrap());
        }
        IfMatch::parse(&headers)
    }

    #[test]
    fn a_condition_is_none_any_or_a_list_of_tags() {
        let one_of = |tags: &[&str]| IfMatch::OneOf(tags.iter().map(|tag| EntityTag((*tag).to_owned())).collect());
        assert_eq!(parse(&[]).unwrap(), IfMatch::None);
        assert_eq!(parse(&["*"]).unwrap(), IfMatch::Any);
        assert_eq!(parse(&["\"a\""]).unwrap(), one_of(&["\"a\""]));
        assert_eq!(parse(&["\"a\", W/\"b\"", "\"c\""]).unwrap(), one_of(&["\"a\"", "W/\"b\"", "\"c\""]));
        for malformed in ["a", "\"", "\"a"] {
            assert_eq!(parse(&[malformed]).unwrap_err().kind(), ProblemKind::MalformedRequest, "{malformed}");
        }
    }
}
