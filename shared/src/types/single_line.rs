//! Text that people read on one line, and the characters that would make it read as another.

/// Whether every character of a text stands where it is seen: none controls, hides, or turns the direction of others.
#[must_use]
pub fn is_single_line(text: &str) -> bool {
    let deceives = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2060}')
            || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    !text.chars().any(deceives)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_controls_hides_or_turns_is_not_one_visible_line() {
        for text in ["Rozmowa: zażółć <gęślą> & jaźń", "שיחה", "👩‍💼", "", "%0d%0a"] {
            assert!(is_single_line(text), "{text}");
        }
        let hidden = ["\u{0}", "\r\n", "\u{7f}", "\u{85}", "\u{200b}", "\u{202e}", "\u{2066}", "\u{feff}", "\u{e0041}"];
        for text in hidden {
            assert!(!is_single_line(&format!("a{text}b")), "{}", text.escape_unicode());
        }
    }
}
