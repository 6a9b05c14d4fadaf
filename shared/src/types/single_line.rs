//! Texts that are shown as one line, as they are.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Whether no character of a text is a control character, is invisible, or changes the direction of others.
#[must_use]
pub fn is_single_line(text: &str) -> bool {
    let is_forbidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2060}')
            || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    !text.chars().any(is_forbidden)
}

/// A text of one line, without blanks around it and of at most so many characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct OneLine<const MAX_CHARS: usize>(String);

/// A text that is empty, longer than so many characters, or not of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {0} characters in one line")]
pub struct OneLineError(usize);

impl<const MAX_CHARS: usize> FromStr for OneLine<MAX_CHARS> {
    type Err = OneLineError;
    fn from_str(text: &str) -> Result<Self, OneLineError> {
        let line = text.trim();
        if (1..=MAX_CHARS).contains(&line.chars().count()) && is_single_line(line) {
            Ok(Self(line.to_owned()))
        } else {
            Err(OneLineError(MAX_CHARS))
        }
    }
}

impl<const MAX_CHARS: usize> TryFrom<String> for OneLine<MAX_CHARS> {
    type Error = OneLineError;
    fn try_from(text: String) -> Result<Self, OneLineError> {
        text.parse()
    }
}

impl<const MAX_CHARS: usize> From<OneLine<MAX_CHARS>> for String {
    fn from(line: OneLine<MAX_CHARS>) -> Self {
        line.0
    }
}

impl<const MAX_CHARS: usize> OneLine<MAX_CHARS> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_neither_empty_nor_too_long() {
        for text in ["Kadry ATS", "Ł", "<b>\"Kadry\" & 'synowie'</b>", &"ż".repeat(50)] {
            assert_eq!(text.parse::<OneLine<50>>().unwrap().as_str(), text);
        }
        assert_eq!(" Kadry\n".parse::<OneLine<50>>().unwrap().as_str(), "Kadry");
        for wrong in ["", "  ", "a\nb", "a\u{202e}b", &"ż".repeat(51)] {
            assert!(wrong.parse::<OneLine<50>>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn control_hidden_and_direction_changing_characters_are_found() {
        for text in ["Rozmowa: zażółć <gęślą> & jaźń", "שיחה", "👩‍💼", "", "%0d%0a"] {
            assert!(is_single_line(text), "{text}");
        }
        let hidden = ["\u{0}", "\r\n", "\u{7f}", "\u{85}", "\u{200b}", "\u{202e}", "\u{2066}", "\u{feff}", "\u{e0041}"];
        for text in hidden {
            assert!(!is_single_line(&format!("a{text}b")), "{}", text.escape_unicode());
        }
    }
}
