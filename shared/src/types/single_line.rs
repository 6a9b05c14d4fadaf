//! Texts that are shown as one line, as they are.

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

#[cfg(test)]
mod tests {
    use super::*;

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
