//! Times as the ATS writes them: RFC 3339 with an offset, or local time with an IANA time zone.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use crate::types::clock::Timestamp;

/// Why a text is not a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateTimeError {
    /// Not `YYYY-MM-DDThh:mm:ss` with an optional fraction and an offset.
    #[error("not a date and time of RFC 3339, such as 2026-11-25T10:00:00+01:00")]
    Malformed,
    /// Neither an offset nor a time zone.
    #[error("neither an offset nor a time_zone says when that is")]
    NoOffset,
    /// Not a zone of the IANA database.
    #[error("time_zone is not a zone of the IANA database, such as Europe/Warsaw")]
    UnknownZone,
    /// The time zone skips this local time.
    #[error("the clocks of the zone skip this local time")]
    Gap,
    /// This local time occurs twice in the time zone.
    #[error("the clocks of the zone show this local time twice: add the offset that is meant")]
    Fold,
    /// The offset is not the one of the time zone at that time.
    #[error("the offset is not the one that the zone has then")]
    Contradiction,
}

/// Parses a point in time. A fraction of a second is cut off.
///
/// # Errors
/// [`DateTimeError`], also for a local time that does not exist or occurs twice.
pub fn parse_date_time(text: &str, zone: Option<&str>) -> Result<Timestamp, DateTimeError> {
    let zone = zone.map(parse_time_zone).transpose()?;
    let (local, offset) = split_offset(text)?;
    match (offset, zone) {
        (Some(offset), None) => offset.to_timestamp(local).map_err(|_| DateTimeError::Malformed),
        (Some(offset), Some(zone)) => {
            let time = offset.to_timestamp(local).map_err(|_| DateTimeError::Malformed)?;
            if zone.to_offset(time) == offset { Ok(time) } else { Err(DateTimeError::Contradiction) }
        }
        (None, Some(zone)) => match zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(local).map_err(|_| DateTimeError::Malformed),
            AmbiguousOffset::Gap { .. } => Err(DateTimeError::Gap),
            AmbiguousOffset::Fold { .. } => Err(DateTimeError::Fold),
        },
        (None, None) => Err(DateTimeError::NoOffset),
    }
}

/// Parses the exact name of a time zone. Abbreviations such as `CET` or `EST` are ambiguous.
///
/// # Errors
/// [`DateTimeError::UnknownZone`].
pub fn parse_time_zone(name: &str) -> Result<TimeZone, DateTimeError> {
    if name != "UTC" && !name.contains('/') {
        return Err(DateTimeError::UnknownZone);
    }
    let zone = TimeZone::get(name).map_err(|_| DateTimeError::UnknownZone)?;
    if zone.iana_name() == Some(name) { Ok(zone) } else { Err(DateTimeError::UnknownZone) }
}

/// Accepts RFC 3339 §5.6 in upper case with seconds. The parser behind it would accept all of ISO 8601.
fn split_offset(text: &str) -> Result<(DateTime, Option<Offset>), DateTimeError> {
    let bytes = text.as_bytes();
    let shape = b"dddd-dd-ddTdd:dd:dd";
    let fits = |bytes: &[u8], shape: &[u8]| {
        bytes.len() == shape.len()
            && bytes
                .iter()
                .zip(shape)
                .all(|(byte, expected)| if *expected == b'd' { byte.is_ascii_digit() } else { byte == expected })
    };
    let (Some(head), Some(tail)) = (bytes.get(..19), text.get(19..)) else { return Err(DateTimeError::Malformed) };
    if !fits(head, shape) || &bytes[17..19] == b"60" {
        return Err(DateTimeError::Malformed);
    }
    let fraction = tail
        .strip_prefix('.')
        .map_or(0, |digits| 1 + digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()));
    if fraction == 1 || fraction > 10 {
        return Err(DateTimeError::Malformed);
    }
    let local: DateTime = text[..19].parse().map_err(|_| DateTimeError::Malformed)?;
    Ok((local, parse_offset(&tail[fraction..], fits)?))
}

fn parse_offset(text: &str, fits: impl Fn(&[u8], &[u8]) -> bool) -> Result<Option<Offset>, DateTimeError> {
    match text {
        "" => return Ok(None),
        "Z" => return Ok(Some(Offset::UTC)),
        // RFC 3339 §4.3: the offset is unknown.
        "-00:00" => return Err(DateTimeError::Malformed),
        _ => {}
    }
    let bytes = text.as_bytes();
    if !fits(bytes, b"+dd:dd") && !fits(bytes, b"-dd:dd") {
        return Err(DateTimeError::Malformed);
    }
    let number = |text: &str| text.parse::<i32>().map_err(|_| DateTimeError::Malformed);
    let (hours, minutes) = (number(&text[1..3])?, number(&text[4..6])?);
    let seconds = hours * 3600 + minutes * 60;
    // No place on earth is farther than 14 hours from UTC.
    if minutes > 59 || seconds > 14 * 3600 {
        return Err(DateTimeError::Malformed);
    }
    let seconds = if bytes[0] == b'-' { -seconds } else { seconds };
    Offset::from_seconds(seconds).map(Some).map_err(|_| DateTimeError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, zone: &str) -> Result<String, DateTimeError> {
        parse_date_time(text, (!zone.is_empty()).then_some(zone)).map(|time| time.to_string())
    }

    #[test]
    fn an_offset_says_when_it_is() {
        assert_eq!(parse("2026-11-25T10:00:00+01:00", "").unwrap(), "2026-11-25T09:00:00Z");
        assert_eq!(parse("2026-11-25T10:00:00.9999999Z", "").unwrap(), "2026-11-25T10:00:00Z");
        assert_eq!(parse("2024-02-29T23:59:59-14:00", "").unwrap(), "2024-03-01T13:59:59Z");
    }

    #[test]
    fn a_zone_says_when_it_is() {
        assert_eq!(parse("2026-07-01T10:00:00", "Europe/Warsaw").unwrap(), "2026-07-01T08:00:00Z");
        assert_eq!(parse("2026-07-01T10:00:00", "Etc/GMT+5").unwrap(), "2026-07-01T15:00:00Z");
        assert_eq!(parse("2026-07-01T10:00:00+02:00", "Europe/Warsaw").unwrap(), "2026-07-01T08:00:00Z");
        assert_eq!(parse("2026-07-01T10:00:00", "Europe/Kiev"), parse("2026-07-01T10:00:00", "Europe/Kyiv"));
    }

    #[test]
    fn a_local_time_that_is_skipped_or_occurs_twice_is_rejected() {
        for (text, zone, error) in [
            ("2026-03-29T02:30:00", "Europe/Berlin", DateTimeError::Gap),
            ("2026-10-25T02:30:00", "Europe/Berlin", DateTimeError::Fold),
            ("2026-03-08T02:30:00", "America/New_York", DateTimeError::Gap),
            ("2026-11-01T01:30:00", "America/New_York", DateTimeError::Fold),
            ("2026-10-04T02:15:00", "Australia/Lord_Howe", DateTimeError::Gap),
            ("2011-12-30T12:00:00", "Pacific/Apia", DateTimeError::Gap),
            ("2026-07-01T10:00:00+01:00", "Europe/Warsaw", DateTimeError::Contradiction),
            ("2026-07-01T10:00:00", "", DateTimeError::NoOffset),
        ] {
            assert_eq!(parse(text, zone), Err(error), "{text} {zone}");
        }
        assert_eq!(parse("2026-10-25T02:30:00+01:00", "Europe/Berlin").unwrap(), "2026-10-25T01:30:00Z");
    }

    #[test]
    fn a_zone_is_named_exactly() {
        let odd = [
            "CET",
            "EST",
            "GMT+2",
            "W. Europe Standard Time",
            "europe/berlin",
            "Mars/Phobos",
            "Local",
            "../../etc/localtime",
            ":Europe/Berlin",
            "posixrules",
            " ",
        ];
        for zone in odd {
            assert_eq!(parse("2026-07-01T10:00:00", zone), Err(DateTimeError::UnknownZone), "{zone}");
        }
    }

    #[test]
    fn other_formats_are_rejected() {
        for text in [
            "",
            "2026-11-25",
            "2026-11-25T24:00:00Z",
            "2026-11-25T23:59:60Z",
            "2026-02-30T10:00:00Z",
            "2025-02-29T10:00:00Z",
            "2026-11-25T10:00:00+14:01",
            "2026-11-25T10:00:00-00:00",
            "2026-11-25t10:00:00z",
            "2026-11-25T10:00:00,5Z",
            "2026-11-25T10:00:00.1234567890Z",
            "1795600000",
            "03/29/2026",
            "2026-W13",
            "2026-088",
            "2026-11-25 10:00:00Z",
            "２026-11-25T10:00:00Z",
            "Wed, 25 Nov 2026 10:00:00 GMT",
            "2026-11-25T10:00Z",
            "2026-11-25T10:00:00.Z",
            "2026-11-25T10:00:00+1:00",
            "-001-11-25T10:00:00Z",
            "2026-11-25T10:00:00+0100",
            "2026-11-25T10:00:00+01:00[Europe/Berlin]",
            "2026-11-25T10:00:0ąZ",
        ] {
            assert_eq!(parse(text, ""), Err(DateTimeError::Malformed), "{text}");
        }
    }
}
