//! A sample interview: when it takes place and the meeting to create for it.

use jiff::ToSpan;
use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use shared::types::clock::Timestamp;

/// The time zone of the interviews.
const TIME_ZONE: &str = "Europe/Warsaw";

/// 10:00 on the next working day.
pub(crate) fn next_interview(now: Timestamp) -> DateTime {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    let mut day = zone.to_datetime(now).date();
    loop {
        day = day.saturating_add(1.day());
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return day.to_datetime(Time::constant(10, 0, 0, 0));
        }
    }
}

/// The body of a request that creates a meeting for an interview.
pub(crate) fn meeting_body(subject: &str, start: DateTime, minutes: u16) -> Value {
    let end = start.saturating_add(i64::from(minutes).minutes());
    let formatted = |time: DateTime| time.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    json!({
        "subject": subject,
        "start": formatted(start),
        "end": formatted(end),
        "time_zone": TIME_ZONE,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interview_is_on_a_working_day() {
        let on = |now: &str| next_interview(now.parse().unwrap()).to_string();
        assert_eq!(on("2026-11-24T12:00:00Z"), "2026-11-25T10:00:00");
        assert_eq!(on("2026-11-27T12:00:00Z"), "2026-11-30T10:00:00");
        // In Warsaw it is Monday already.
        assert_eq!(on("2026-11-29T23:30:00Z"), "2026-12-01T10:00:00");
    }

    #[test]
    fn a_meeting_is_ordered_in_local_time() {
        let body = meeting_body("Rozmowa", "2026-11-25T23:30:00".parse().unwrap(), 45);
        assert_eq!(
            (body["start"].as_str(), body["end"].as_str()),
            (Some("2026-11-25T23:30:00"), Some("2026-11-26T00:15:00"))
        );
        assert_eq!(body["time_zone"], "Europe/Warsaw");
    }
}
