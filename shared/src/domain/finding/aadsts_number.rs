//! The number of an AADSTS error, in a text from Microsoft.

/// The number in `AADSTS65004: …`.
#[must_use]
pub fn parse_aadsts(description: &str) -> Option<u32> {
    leading_number(description.split_once("AADSTS")?.1)
}

/// The number at the beginning of a text.
pub(crate) fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}
