//! Parses and formats times as Graph does.

use jiff::Timestamp;

/// Parses an `Edm.DateTimeOffset` by Microsoft's pattern: an offset is required, 1 to 12
/// fraction digits are allowed.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_once('T')?;
    let time = rest.get(..8)?;
    if !matches_pattern(date, "0000-00-00") || !matches_pattern(time, "00:00:00") {
        return None;
    }
    // The pattern ends at 59 s. The parser would accept a leap second and round it down.
    if time.ends_with("60") {
        return None;
    }
    let rest = &rest[8..];
    let (fraction, offset) = match rest.strip_prefix('.') {
        None => ("0", rest),
        Some(rest) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if !(1..=12).contains(&digits) {
                return None;
            }
            rest.split_at(digits)
        }
    };
    let is_offset = offset == "Z" || matches_pattern(offset, "+00:00") || matches_pattern(offset, "-00:00");
    if !is_offset {
        return None;
    }
    // Nanoseconds are the resolution of the timestamp.
    let fraction = &fraction[..fraction.len().min(9)];
    format!("{date}T{time}.{fraction}{offset}").parse().ok()
}

/// Whether a text has digits where the pattern has `0`, and otherwise the same characters.
fn matches_pattern(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(
            |(byte, wanted)| {
                if wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted }
            },
        )
}

/// Formats a time in UTC with seven fraction digits, as Graph does.
pub(crate) fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%7fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::{parse, written};

    #[test]
    fn a_time_with_an_offset_is_read_and_written_in_utc_with_seven_digits() {
        let time = parse("2026-02-01T11:00:00.5+01:00").expect("a time");
        assert_eq!(written(time), "2026-02-01T10:00:00.5000000Z");
    }

    #[test]
    fn twelve_fraction_digits_are_read() {
        let time = parse("2026-02-01T10:00:00.123456789012Z").expect("a time");
        assert_eq!(written(time), "2026-02-01T10:00:00.1234567Z");
    }

    #[test]
    fn what_the_pattern_does_not_allow_is_refused() {
        for text in [
            "2026-02-01T10:00:00",
            "2026-02-01 10:00:00Z",
            "2026-02-01T10:00Z",
            "2026-02-01T10:00:00z",
            "2026-02-01T10:00:00+01",
            "2026-02-01T10:00:00+0100",
            "2026-02-30T10:00:00Z",
            "2026-02-01T24:00:00Z",
            "2026-02-01T10:00:60Z",
            "2026-02-01T10:00:00.Z",
            "2026-02-01T10:00:00.1234567890123Z",
            "2026-02-01T10:00:00Z[Europe/Warsaw]",
            "",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
