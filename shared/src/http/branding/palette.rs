//! The colours that are made of the colour of an ATS. Whichever it is, what is written in or on them can be read.

use crate::types::colour::Colour;

/// The backgrounds of one theme, as `style.css` has them, and where a colour moves so that it can be read on them.
struct Theme {
    card: Colour,
    papers: [Colour; 4],
    far: Colour,
}

const LIGHT: Theme = Theme {
    card: Colour::from_hex(0xff_ffff),
    papers: [
        Colour::from_hex(0xf5_f6fa),
        Colour::from_hex(0xea_f6ef),
        Colour::from_hex(0xfd_f1f0),
        Colour::from_hex(0xff_f7e6),
    ],
    far: Colour::BLACK,
};

const DARK: Theme = Theme {
    card: Colour::from_hex(0x1e_212b),
    papers: [
        Colour::from_hex(0x14_161d),
        Colour::from_hex(0x17_3024),
        Colour::from_hex(0x33_1d1c),
        Colour::from_hex(0x32_280f),
    ],
    far: Colour::WHITE,
};

/// How much of the colour is in the background that is made of it.
const TINT_PERCENT: u8 = 10;

impl Theme {
    /// The background with a tint of the colour.
    fn tinted(&self, accent: Colour) -> Colour {
        self.card.mix(accent, TINT_PERCENT)
    }

    /// The colour as links and headings have it.
    fn text(&self, accent: Colour) -> Colour {
        let [one, two, three, four] = self.papers;
        accent.readable_on(&[self.card, self.tinted(accent), one, two, three, four], self.far)
    }

    fn variables(&self, accent: Colour) -> String {
        format!("--accent:{};--accent-paper:{}", self.text(accent), self.tinted(accent))
    }
}

/// Variables of `style.css`. The default changes none.
#[derive(Debug, Clone, Default)]
pub struct Palette(String);

impl From<Colour> for Palette {
    /// Buttons have the colour as it is, with black or white on it; text has it darker or lighter where it takes that.
    fn from(accent: Colour) -> Self {
        let (light, dark, ink) = (LIGHT.variables(accent), DARK.variables(accent), accent.ink());
        Self(format!(
            ":root{{{light};--button:{accent};--button-ink:{ink}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        ))
    }
}

impl Palette {
    /// What follows the stylesheet of every page.
    #[must_use]
    pub fn css(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::http::html::STYLE;
    use crate::types::colour::MIN_TEXT_CONTRAST;

    /// What is written on what, in one theme.
    const TEXTS: [(&str, &[&str]); 5] = [
        ("accent", &["card", "paper", "good-paper", "bad-paper", "warn-paper", "accent-paper"]),
        ("accent-ink", &["accent"]),
        ("button-ink", &["button"]),
        ("ink", &["accent-paper"]),
        ("quiet", &["accent-paper"]),
    ];

    /// The colours of a stylesheet, in the light and in the dark theme.
    fn themes(css: &str) -> [BTreeMap<String, Colour>; 2] {
        let mut themes: [BTreeMap<String, Colour>; 2] = Default::default();
        for rule in css.split(":root{").skip(1) {
            let is_dark = css[..css.find(rule).unwrap()].ends_with("dark){:root{");
            for variable in rule.split('}').next().unwrap().split(';') {
                let (name, value) = variable.trim_start_matches("--").split_once(':').unwrap();
                let value = if value == "#fff" { "#ffffff" } else { value };
                if let Ok(colour) = value.parse() {
                    themes[usize::from(is_dark)].insert(name.to_owned(), colour);
                }
            }
        }
        let light = themes[0].clone();
        for (name, colour) in light {
            themes[1].entry(name).or_insert(colour);
        }
        themes
    }

    #[test]
    fn the_backgrounds_are_those_of_the_stylesheet() {
        for (theme, colours) in [LIGHT, DARK].iter().zip(themes(STYLE)) {
            assert_eq!(colours["card"], theme.card);
            assert_eq!(["paper", "good-paper", "bad-paper", "warn-paper"].map(|name| colours[name]), theme.papers);
        }
    }

    #[test]
    fn whatever_the_colour_everything_can_be_read() {
        let steps = || (0..=255_u32).step_by(17);
        let [red, green, blue] = [16, 8, 0];
        for digits in steps().flat_map(|r| steps().flat_map(move |g| steps().map(move |b| (r, g, b)))) {
            let accent = Colour::from_hex((digits.0 << red) | (digits.1 << green) | (digits.2 << blue));
            for colours in themes(&format!("{STYLE}{}", Palette::from(accent).css())) {
                for (text, background) in TEXTS.iter().flat_map(|(text, on)| on.iter().map(move |on| (text, on))) {
                    let contrast = colours[*text].contrast(colours[*background]);
                    assert!(contrast >= MIN_TEXT_CONTRAST, "{accent}: {text} on {background}: {contrast}");
                }
            }
        }
    }

    #[test]
    fn a_button_has_the_colour_that_was_set() {
        let palette = Palette::from(Colour::from_hex(0xff_d400));
        assert!(palette.css().contains("--button:#ffd400;--button-ink:#000000}"), "{palette:?}");
    }
}
