//! The offsets of a time zone around a meeting (`VTIMEZONE`, RFC 5545 §3.6.5).
//!
//! Each change of the offset from a year before to a year after the meeting is written separately. A rule for all years would
//! have to be guessed, and some time zones have none.

use calcard::common::PartialDateTime;
use calcard::icalendar::{ICalendarComponent, ICalendarComponentType, ICalendarProperty};
use jiff::civil::DateTime;
use jiff::tz::{Dst, Offset, TimeZone};

use crate::types::clock::{SignedDuration, Timestamp, add_saturating};

/// How far around a meeting the offsets are written.
const VTIMEZONE_RANGE: SignedDuration = SignedDuration::from_hours(24 * 366);

/// The onset of the first offset.
const VTIMEZONE_EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// The `VTIMEZONE`, followed by its parts. Empty for a time zone without a name.
pub(super) fn vtimezone(zone: &TimeZone, start: Timestamp, end: Timestamp) -> Vec<ICalendarComponent> {
    let Some(name) = zone.iana_name() else { return Vec::new() };
    let (first, last) = (add_saturating(start, -VTIMEZONE_RANGE), add_saturating(end, VTIMEZONE_RANGE));
    let mut whole = ICalendarComponent::new(ICalendarComponentType::VTimezone);
    whole.add_property(ICalendarProperty::Tzid, name);
    let before = zone.to_offset_info(first);
    let mut offset = before.offset();
    let mut components =
        vec![whole, observance(before.dst(), before.abbreviation(), VTIMEZONE_EPOCH, (offset, offset))];
    for change in zone.following(first).take_while(|change| change.timestamp() < last) {
        let onset = offset.to_datetime(change.timestamp());
        components.push(observance(change.dst(), change.abbreviation(), onset, (offset, change.offset())));
        offset = change.offset();
    }
    components
}

fn observance(dst: Dst, name: &str, onset: DateTime, (from, to): (Offset, Offset)) -> ICalendarComponent {
    let kind = if dst.is_dst() { ICalendarComponentType::Daylight } else { ICalendarComponentType::Standard };
    let mut part = ICalendarComponent::new(kind);
    part.add_property(ICalendarProperty::Dtstart, to_partial_date_time(onset));
    part.add_property(ICalendarProperty::Tzoffsetfrom, offset(from));
    part.add_property(ICalendarProperty::Tzoffsetto, offset(to));
    part.add_property(ICalendarProperty::Tzname, name);
    part
}

/// A local time. Years of meetings fit.
pub(super) fn to_partial_date_time(local: DateTime) -> PartialDateTime {
    PartialDateTime {
        year: u16::try_from(local.year()).ok(),
        month: u8::try_from(local.month()).ok(),
        day: u8::try_from(local.day()).ok(),
        hour: u8::try_from(local.hour()).ok(),
        minute: u8::try_from(local.minute()).ok(),
        second: u8::try_from(local.second()).ok(),
        ..PartialDateTime::default()
    }
}

/// The offset in hours and minutes: no time zone has had seconds in it since 1972.
fn offset(offset: Offset) -> PartialDateTime {
    let minutes = offset.seconds().unsigned_abs() / 60;
    PartialDateTime {
        tz_hour: u8::try_from(minutes / 60).ok(),
        tz_minute: u8::try_from(minutes % 60).ok(),
        tz_minus: offset.is_negative(),
        ..PartialDateTime::default()
    }
}
