//! Colours, and how well one can be read on another.

use std::fmt;
use std::str::FromStr;

/// The contrast that text needs: [WCAG 2.2, 1.4.3](https://www.w3.org/TR/WCAG22/#contrast-minimum).
pub const MIN_TEXT_CONTRAST: f64 = 4.5;

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// A text that is not a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a colour must be # and six hexadecimal digits, as #4b53bc")]
pub struct ColourError;

impl FromStr for Colour {
    type Err = ColourError;
    fn from_str(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').ok_or(ColourError)?;
        let mut channels = [0; 3];
        hex::decode_to_slice(digits, &mut channels).map_err(|_| ColourError)?;
        Ok(Self(channels))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", hex::encode(self.0))
    }
}

impl Colour {
    pub const BLACK: Self = Self([0; 3]);
    pub const WHITE: Self = Self([255; 3]);

    /// The colour of six hexadecimal digits.
    #[must_use]
    pub const fn from_hex(digits: u32) -> Self {
        let [_, red, green, blue] = digits.to_be_bytes();
        Self([red, green, blue])
    }

    /// The contrast of two colours, from 1 to 21: [WCAG 2.2, contrast ratio](https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// [WCAG 2.2, relative luminance](https://www.w3.org/TR/WCAG22/#dfn-relative-luminance).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// This colour with some percent of another in it.
    #[must_use]
    pub fn mix(self, other: Self, percent: u8) -> Self {
        let percent = u16::from(percent.min(100));
        let mut mixed = self.0;
        for (channel, other) in mixed.iter_mut().zip(other.0) {
            let sum = u16::from(*channel) * (100 - percent) + u16::from(other) * percent;
            *channel = u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }

    /// This colour with as little of `towards` as it takes to be read on every one of the backgrounds.
    #[must_use]
    pub fn readable_on(self, backgrounds: &[Self], towards: Self) -> Self {
        let is_readable =
            |colour: &Self| backgrounds.iter().all(|background| colour.contrast(*background) >= MIN_TEXT_CONTRAST);
        (0..=100).map(|percent| self.mix(towards, percent)).find(is_readable).unwrap_or(towards)
    }

    /// Black or white, whichever is read better on this colour. One of them always has a contrast of 4.5.
    #[must_use]
    pub fn ink(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) { Self::WHITE } else { Self::BLACK }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_has_six_digits() {
        let colour: Colour = "#4b53BC".parse().unwrap();
        assert_eq!((colour, colour.to_string().as_str()), (Colour::from_hex(0x4b_53bc), "#4b53bc"));
        for wrong in ["", "#", "4b53bc", "#4b5", "#4b53bc0", "#4b53bg", "red", "#4b53bc;}", "#4b 3bc", "#łb53b"] {
            assert_eq!(wrong.parse::<Colour>(), Err(ColourError), "{wrong}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        // The values that WebAIM's contrast checker shows.
        for (one, other, expected) in [
            (0x00_0000, 0xff_ffff, 21.0),
            (0xff_ffff, 0xff_ffff, 1.0),
            (0x77_7777, 0xff_ffff, 4.48),
            (0x76_7676, 0xff_ffff, 4.54),
            (0xff_0000, 0xff_ffff, 4.0),
            (0x00_00ff, 0xff_ffff, 8.59),
        ] {
            let contrast = Colour::from_hex(one).contrast(Colour::from_hex(other));
            assert!((contrast - expected).abs() < 0.005, "{one:06x} {other:06x}: {contrast}");
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        let (blue, yellow) = (Colour::from_hex(0x00_00ff), Colour::from_hex(0xff_ff00));
        assert_eq!(blue.readable_on(&[Colour::WHITE], Colour::BLACK), blue);
        let darker = yellow.readable_on(&[Colour::WHITE], Colour::BLACK);
        assert!(darker != yellow && darker.contrast(Colour::WHITE) < 4.7, "{darker}: no darker than it must be");
        assert_eq!([blue.ink(), yellow.ink()], [Colour::WHITE, Colour::BLACK]);
    }
}
