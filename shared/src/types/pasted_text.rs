//! Text that somebody pasted: what mail programs, word processors and portals add to a copied value.

/// Whether a character is invisible: a soft hyphen, a zero-width character or a mark that changes the direction of text.
/// None of them can be part of an id, a domain name, a date or a secret.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// The text without invisible characters and without blanks around it, and with `-` for each typographic hyphen or dash.
#[must_use]
pub fn normalize(text: &str) -> String {
    let is_hyphen = |c: char| matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}');
    let visible = text.chars().filter(|c| !is_invisible(*c));
    visible.map(|c| if is_hyphen(c) { '-' } else { c }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_value_is_read_as_it_was_meant() {
        for pasted in [
            "a-b",
            " a-b\n",
            "\u{200e}a-b\u{200f}",
            "\u{2066}a-b\u{2069}",
            "\u{2060}a-b",
            "\u{61c}a-b\u{feff}",
            "a\u{200b}-b",
            "a\u{2010}b",
            "a\u{2011}b",
            "a–b",
            "a—b",
            "a−b",
            "a-\u{ad}b",
            "\u{a0}a-b\u{a0}",
        ] {
            assert_eq!(normalize(pasted), "a-b", "{}", pasted.escape_unicode());
        }
        assert_eq!(normalize("a b"), "a b", "a blank inside is a mistake to report");
    }
}
