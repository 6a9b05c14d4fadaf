//! The title of a meeting.

use crate::types::single_line::is_single_line;

/// Microsoft documents no limit; the name of the chat, which is the same, has about 250 characters.
const MAX_SUBJECT_LENGTH: usize = 255;

/// The title of a meeting: one line of visible characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject(String);

/// A text that is not a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a subject is one visible line of 1 to 255 characters")]
pub struct SubjectError;

impl Subject {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Subject {
    type Err = SubjectError;
    fn from_str(text: &str) -> Result<Self, SubjectError> {
        let text = text.trim();
        let length = text.chars().count();
        if length == 0 || length > MAX_SUBJECT_LENGTH || !is_single_line(text) {
            return Err(SubjectError);
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_visible_line() {
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        for text in ["Rozmowa: Anna Nowak", "<b>", "ראיון", family, &"x".repeat(255)] {
            assert_eq!(text.parse::<Subject>().unwrap().as_str(), text);
        }
        for text in ["", "  ", "a\nb", "a\u{202e}b", "a\u{200b}b", "\u{feff}a\u{0}", &"x".repeat(256)] {
            assert!(text.parse::<Subject>().is_err(), "{text:?}");
        }
    }
}
