//! `VTIMEZONE` of a zone, by rule (RFC 5545 §3.6.5).
//!
//! Calendars that follow MS-OXCICAL take one `STANDARD` and one `DAYLIGHT` observance, whichever way they choose among
//! more. So a zone is written with at most one of each, and a zone that cannot be written in this way is not written at
//! all: its times are in UTC.

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendarComponent, ICalendarComponentType, ICalendarDay, ICalendarFrequency, ICalendarMonth, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarWeekday,
};
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{Offset, TimeZone};

use crate::types::clock::{SignedDuration, Timestamp, add_saturating};

/// Clocks are looked at from a year before an interview, for its first observance.
const YEAR: SignedDuration = SignedDuration::from_hours(24 * 366);

/// Changes of the clocks that must follow one rule. In 28 years a rule meets every day of the week on every date.
const CHECKED_CHANGES: usize = 2 * 28;

/// The year of an observance's `DTSTART`, the first of the rule.
const FIRST_YEAR: i16 = 1970;

/// The observances of a zone around an interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ZoneRule {
    name: String,
    observances: Vec<Observance>,
}

/// One of the two settings of a zone's clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Observance {
    is_daylight: bool,
    abbreviation: String,
    from: Offset,
    to: Offset,
    /// When it begins each year; `None` if the clocks never change.
    begins: Option<YearlyChange>,
}

/// A day of the week in a month, and a local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct YearlyChange {
    month: i8,
    weekday: Weekday,
    /// 1 to 4, or -1 for the last.
    nth: i8,
    time: Time,
}

impl ZoneRule {
    /// The rule that the zone follows from a year before `start` on; `None` if there is none of this form, and for UTC,
    /// which needs none.
    pub(super) fn find(zone: &TimeZone, start: Timestamp) -> Option<Self> {
        let name = zone.iana_name()?.to_owned();
        let first = add_saturating(start, -YEAR);
        let before = zone.to_offset_info(first);
        let mut offset = before.offset();
        let mut groups: [Vec<(DateTime, Observance)>; 2] = [Vec::new(), Vec::new()];
        for change in zone.following(first).take(CHECKED_CHANGES) {
            let observance = Observance {
                is_daylight: change.dst().is_dst(),
                abbreviation: change.abbreviation().to_owned(),
                from: offset,
                to: change.offset(),
                begins: None,
            };
            groups[usize::from(observance.is_daylight)].push((offset.to_datetime(change.timestamp()), observance));
            offset = change.offset();
        }
        if groups.iter().all(Vec::is_empty) {
            let (abbreviation, to) = (before.abbreviation().to_owned(), before.offset());
            if abbreviation == "UTC" {
                return None;
            }
            let only = Observance { is_daylight: false, abbreviation, from: to, to, begins: None };
            return Some(Self { name, observances: vec![only] });
        }
        // A zone whose clocks stop changing follows no rule.
        if groups.iter().map(Vec::len).sum::<usize>() < CHECKED_CHANGES {
            return None;
        }
        let observances = groups.iter().map(|changes| common_rule(changes)).collect::<Option<Vec<_>>>()?;
        Some(Self { name, observances })
    }

    /// The name of the zone.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The `VTIMEZONE`, and behind it its observances.
    pub(super) fn components(&self) -> Vec<ICalendarComponent> {
        let mut zone = ICalendarComponent::new(ICalendarComponentType::VTimezone);
        zone.add_property(ICalendarProperty::Tzid, self.name.as_str());
        let mut components = vec![zone];
        components.extend(self.observances.iter().map(Observance::component));
        components
    }
}

/// The observance that all of the changes begin, if they do so by one rule, every year.
fn common_rule(changes: &[(DateTime, Observance)]) -> Option<Observance> {
    let (first, observance) = changes.first()?;
    let every_year = changes.windows(2).all(|pair| pair[1].0.year() == pair[0].0.year() + 1);
    let alike = changes.iter().all(|(onset, other)| {
        other == observance
            && (onset.month(), onset.weekday(), onset.time()) == (first.month(), first.weekday(), first.time())
    });
    if !every_year || !alike {
        return None;
    }
    let nth = [1, 2, 3, 4, -1].into_iter().find(|nth| {
        let nth_day = |date: Date| date.nth_weekday_of_month(*nth, first.weekday()).ok();
        changes.iter().all(|(onset, _)| nth_day(onset.date()) == Some(onset.date()))
    })?;
    let begins = YearlyChange { month: first.month(), weekday: first.weekday(), nth, time: first.time() };
    Some(Observance { begins: Some(begins), ..observance.clone() })
}

impl Observance {
    fn component(&self) -> ICalendarComponent {
        let kind = if self.is_daylight { ICalendarComponentType::Daylight } else { ICalendarComponentType::Standard };
        let mut component = ICalendarComponent::new(kind);
        component.add_property(ICalendarProperty::Dtstart, to_partial_date_time(self.first_onset()));
        component.add_property(ICalendarProperty::Tzoffsetfrom, offset(self.from));
        component.add_property(ICalendarProperty::Tzoffsetto, offset(self.to));
        component.add_property(ICalendarProperty::Tzname, self.abbreviation.as_str());
        if let Some(begins) = self.begins {
            component.add_property(ICalendarProperty::Rrule, begins.recurrence_rule());
        }
        component
    }

    fn first_onset(&self) -> DateTime {
        let new_year = Date::constant(FIRST_YEAR, 1, 1);
        let onset = self.begins.and_then(|begins| {
            let month = Date::new(FIRST_YEAR, begins.month, 1).ok()?;
            Some(month.nth_weekday_of_month(begins.nth, begins.weekday).ok()?.to_datetime(begins.time))
        });
        onset.unwrap_or(new_year.to_datetime(Time::midnight()))
    }
}

impl YearlyChange {
    fn recurrence_rule(self) -> ICalendarRecurrenceRule {
        let weekday = match self.weekday {
            Weekday::Monday => ICalendarWeekday::Monday,
            Weekday::Tuesday => ICalendarWeekday::Tuesday,
            Weekday::Wednesday => ICalendarWeekday::Wednesday,
            Weekday::Thursday => ICalendarWeekday::Thursday,
            Weekday::Friday => ICalendarWeekday::Friday,
            Weekday::Saturday => ICalendarWeekday::Saturday,
            Weekday::Sunday => ICalendarWeekday::Sunday,
        };
        ICalendarRecurrenceRule {
            freq: ICalendarFrequency::Yearly,
            byday: vec![ICalendarDay { ordwk: Some(self.nth.into()), weekday }],
            bymonth: vec![ICalendarMonth::new(self.month.unsigned_abs(), false)],
            ..ICalendarRecurrenceRule::default()
        }
    }
}

/// A local time. No interview is in a year that does not fit.
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

/// In hours and minutes: no zone has had seconds in its offset since 1972.
fn offset(offset: Offset) -> PartialDateTime {
    let minutes = offset.seconds().unsigned_abs() / 60;
    PartialDateTime {
        tz_hour: u8::try_from(minutes / 60).ok(),
        tz_minute: u8::try_from(minutes % 60).ok(),
        tz_minus: offset.is_negative(),
        ..PartialDateTime::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(zone: &str) -> Option<ZoneRule> {
        ZoneRule::find(&TimeZone::get(zone).unwrap(), "2027-01-20T09:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_zone_is_one_standard_and_one_daylight_or_standard_alone() {
        let warsaw = rule("Europe/Warsaw").unwrap();
        let onsets: Vec<_> = warsaw.observances.iter().map(Observance::first_onset).collect();
        assert_eq!(
            onsets,
            ["1970-10-25T03:00:00", "1970-03-29T02:00:00"].map(|text| text.parse::<DateTime>().unwrap())
        );
        assert_eq!(warsaw.observances.iter().map(|each| each.is_daylight).collect::<Vec<_>>(), [false, true]);
        let new_york = rule("America/New_York").unwrap();
        assert_eq!(new_york.observances[1].begins.unwrap().nth, 2);
        assert_eq!(rule("Asia/Tokyo").unwrap().observances.len(), 1);
    }

    #[test]
    fn a_zone_whose_clocks_follow_no_such_rule_is_not_written() {
        // By the moon; by the Friday before the last Sunday; at the end of a Saturday; no longer since November 2026.
        for zone in ["Africa/Casablanca", "Asia/Jerusalem", "America/Santiago", "America/Edmonton"] {
            assert_eq!(rule(zone), None, "{zone}");
        }
    }
}
