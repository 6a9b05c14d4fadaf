//! Times as Graph reads and writes them.

use jiff::Timestamp;

/// Reads an `Edm.DateTimeOffset` by the pattern of Microsoft's description: an offset is
/// required, one to twelve fraction digits are allowed.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_once('T')?;
    let time = rest.get(..8)?;
    if !shaped(date, "0000-00-00") || !shaped(time, "00:00:00") {
        return None;
    }
    // The pattern ends at 59; the parser would take a leap second and round it down.
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
    let offset_shaped = offset == "Z" || shaped(offset, "+00:00") || shaped(offset, "-00:00");
    if !offset_shaped {
        return None;
    }
    // Nine digits are as fine as this clock counts.
    let fraction = &fraction[..fraction.len().min(9)];
    format!("{date}T{time}.{fraction}{offset}").parse().ok()
}

/// Whether a text has digits where the shape has `0`, and else the same characters.
fn shaped(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(
            |(byte, wanted)| {
                if wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted }
            },
        )
}

/// UTC with seven fraction digits, as Graph answers.
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
