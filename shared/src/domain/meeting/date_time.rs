//! Parses dates and times as the ATS writes them: RFC 3339 with an offset, or local time in a named zone.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use crate::domain::meeting::windows_zones;
use crate::types::clock::Timestamp;

/// Why a date and time or a zone was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateTimeError {
    /// Not `YYYY-MM-DDThh:mm:ss` with an optional fraction and an offset.
    #[error("not a date and time of RFC 3339, such as 2026-11-25T10:00:00+01:00")]
    Malformed,
    /// Neither an offset nor a zone.
    #[error("neither an offset nor a time_zone says when that is")]
    NoOffset,
    /// Neither a zone of the IANA database nor one of Windows.
    #[error("neither a zone of the IANA database, such as Europe/Warsaw, nor one of Windows")]
    UnknownZone,
    /// The clocks skip this time.
    #[error("the clocks of the zone skip this local time")]
    Gap,
    /// The clocks show this time twice.
    #[error("the clocks of the zone show this local time twice: add the offset that is meant")]
    Fold,
    /// The offset is not one that the zone has then.
    #[error("the offset is not the one that the zone has then")]
    Contradiction,
}

/// The instant, without a fraction of a second: no interview begins between two seconds.
///
/// `Z` and `-00:00` give the instant and say nothing about the local time, so they contradict no zone (RFC 9557 §2.2).
///
/// # Errors
/// [`DateTimeError`]. A local time that does not exist, or exists twice, is not guessed.
pub fn parse_date_time(text: &str, zone: Option<&TimeZone>) -> Result<Timestamp, DateTimeError> {
    let (local, offset) = split_offset(text)?;
    match (offset, zone) {
        (Some(WrittenOffset::Utc), _) => Offset::UTC.to_timestamp(local).map_err(|_| DateTimeError::Malformed),
        (Some(WrittenOffset::Local(offset)), None) => offset.to_timestamp(local).map_err(|_| DateTimeError::Malformed),
        (Some(WrittenOffset::Local(offset)), Some(zone)) => {
            let moment = offset.to_timestamp(local).map_err(|_| DateTimeError::Malformed)?;
            if zone.to_offset(moment) == offset { Ok(moment) } else { Err(DateTimeError::Contradiction) }
        }
        (None, Some(zone)) => match zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(local).map_err(|_| DateTimeError::Malformed),
            AmbiguousOffset::Gap { .. } => Err(DateTimeError::Gap),
            AmbiguousOffset::Fold { .. } => Err(DateTimeError::Fold),
        },
        (None, None) => Err(DateTimeError::NoOffset),
    }
}

/// A zone by its exact name: any name of the IANA database, links included, or a name of Windows.
///
/// # Errors
/// [`DateTimeError::UnknownZone`].
pub fn parse_time_zone(name: &str) -> Result<TimeZone, DateTimeError> {
    let name = windows_zones::iana_name(name).unwrap_or(name);
    let zone = TimeZone::get(name).map_err(|_| DateTimeError::UnknownZone)?;
    // The look-up ignores case; and two names of the database stand for no place.
    let is_exact = zone.iana_name() == Some(name) && !["Factory", "Etc/Unknown"].contains(&name);
    if is_exact { Ok(zone) } else { Err(DateTimeError::UnknownZone) }
}

/// An offset as it is written.
enum WrittenOffset {
    /// `Z` or `-00:00`: the instant is known, the local time is not (RFC 3339 §4.3).
    Utc,
    /// The offset of the local time.
    Local(Offset),
}

/// Splits RFC 3339 (§5.6) in upper case and with seconds. The parser behind it takes any ISO 8601.
fn split_offset(text: &str) -> Result<(DateTime, Option<WrittenOffset>), DateTimeError> {
    let bytes = text.as_bytes();
    let shape = b"dddd-dd-ddTdd:dd:dd";
    let fits = |bytes: &[u8], shape: &[u8]| {
        bytes.len() == shape.len()
            && bytes
                .iter()
                .zip(shape)
                .all(|(byte, mark)| if *mark == b'd' { byte.is_ascii_digit() } else { byte == mark })
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

fn parse_offset(text: &str, fits: impl Fn(&[u8], &[u8]) -> bool) -> Result<Option<WrittenOffset>, DateTimeError> {
    match text {
        "" => return Ok(None),
        "Z" | "-00:00" => return Ok(Some(WrittenOffset::Utc)),
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
    Offset::from_seconds(seconds).map(WrittenOffset::Local).map(Some).map_err(|_| DateTimeError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str, zone: &str) -> Result<String, DateTimeError> {
        let zone = (!zone.is_empty()).then(|| parse_time_zone(zone)).transpose()?;
        parse_date_time(text, zone.as_ref()).map(|moment| moment.to_string())
    }

    #[test]
    fn an_offset_says_when_it_is() {
        assert_eq!(moment("2026-11-25T10:00:00+01:00", "").unwrap(), "2026-11-25T09:00:00Z");
        assert_eq!(moment("2026-11-25T10:00:00.9999999Z", "").unwrap(), "2026-11-25T10:00:00Z");
        assert_eq!(moment("2024-02-29T23:59:59-14:00", "").unwrap(), "2024-03-01T13:59:59Z");
    }

    #[test]
    fn a_zone_says_when_it_is() {
        assert_eq!(moment("2026-07-01T10:00:00", "Europe/Warsaw").unwrap(), "2026-07-01T08:00:00Z");
        assert_eq!(moment("2026-07-01T10:00:00", "Etc/GMT+5").unwrap(), "2026-07-01T15:00:00Z");
        assert_eq!(moment("2026-07-01T10:00:00+02:00", "Europe/Warsaw").unwrap(), "2026-07-01T08:00:00Z");
        for zone in ["Poland", "CET", "Central European Standard Time", "Europe/Warsaw"] {
            assert_eq!(moment("2026-07-01T10:00:00", zone).unwrap(), "2026-07-01T08:00:00Z", "{zone}");
        }
        assert_eq!(moment("2026-07-01T10:00:00", "Europe/Kiev"), moment("2026-07-01T10:00:00", "Europe/Kyiv"));
    }

    #[test]
    fn an_instant_in_utc_contradicts_no_zone() {
        for text in ["2026-07-01T08:00:00Z", "2026-07-01T08:00:00-00:00"] {
            for zone in ["", "Europe/Warsaw", "America/New_York"] {
                assert_eq!(moment(text, zone).unwrap(), "2026-07-01T08:00:00Z", "{text} {zone}");
            }
        }
        assert_eq!(moment("2026-07-01T08:00:00+00:00", "Europe/Warsaw"), Err(DateTimeError::Contradiction));
    }

    #[test]
    fn a_time_that_is_skipped_or_shown_twice_is_not_guessed_at() {
        for (text, zone, fault) in [
            ("2026-03-29T02:30:00", "Europe/Berlin", DateTimeError::Gap),
            ("2026-10-25T02:30:00", "Europe/Berlin", DateTimeError::Fold),
            ("2026-03-08T02:30:00", "America/New_York", DateTimeError::Gap),
            ("2026-11-01T01:30:00", "America/New_York", DateTimeError::Fold),
            ("2026-10-04T02:15:00", "Australia/Lord_Howe", DateTimeError::Gap),
            ("2011-12-30T12:00:00", "Pacific/Apia", DateTimeError::Gap),
            ("2026-07-01T10:00:00+01:00", "Europe/Warsaw", DateTimeError::Contradiction),
            ("2026-07-01T10:00:00", "", DateTimeError::NoOffset),
        ] {
            assert_eq!(moment(text, zone), Err(fault), "{text} {zone}");
        }
        assert_eq!(moment("2026-10-25T02:30:00+01:00", "Europe/Berlin").unwrap(), "2026-10-25T01:30:00Z");
    }

    #[test]
    fn a_zone_is_named_exactly() {
        let odd = [
            "GMT+2",
            "CEST",
            "Factory",
            "Etc/Unknown",
            "W. Europe Daylight Time",
            "europe/berlin",
            "poland",
            "Mars/Phobos",
            "Local",
            "../../etc/localtime",
            ":Europe/Berlin",
            "posixrules",
            " ",
        ];
        for zone in odd {
            assert_eq!(moment("2026-07-01T10:00:00", zone), Err(DateTimeError::UnknownZone), "{zone}");
        }
    }

    #[test]
    fn other_ways_to_write_a_time_are_refused() {
        for text in [
            "",
            "2026-11-25",
            "2026-11-25T24:00:00Z",
            "2026-11-25T23:59:60Z",
            "2026-02-30T10:00:00Z",
            "2025-02-29T10:00:00Z",
            "2026-11-25T10:00:00+14:01",
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
            assert_eq!(moment(text, ""), Err(DateTimeError::Malformed), "{text}");
        }
    }
}
