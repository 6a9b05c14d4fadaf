//! Invitations for a calendar: iCalendar (RFC 5545) in an iTIP message (RFC 5546).
//!
//! Everything follows from the meeting as Graph has it, so nothing is stored. The event's id comes from the meeting's id and
//! never changes; its sequence is the number of changes that travels in the meeting's times. Decision 0025.

mod itip;
mod messages;
mod time_zone;

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarMethod, ICalendarParameter,
    ICalendarParticipationRole, ICalendarParticipationStatus, ICalendarProperty, ICalendarStatus,
    ICalendarTransparency, ICalendarValue, Uri,
};
use jiff::tz::TimeZone;
use ring::digest;

use crate::domain::meeting::meeting_id::MeetingId;
use crate::domain::meeting::model::Meeting;
use crate::domain::meeting::participant::ParticipantRole;
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;

use messages::InvitationMessages;

pub use itip::{InvitationContext, ItipMethod, Organizer};

/// The sequence of a cancellation, which comes after every change: at most 9 999 999 are counted.
const CANCELLATION_SEQUENCE: i64 = 10_000_000;

/// The message about an existing meeting. `link` is our meeting link.
#[must_use]
pub fn render_invitation(
    method: ItipMethod,
    meeting: &Meeting,
    link: &str,
    organizer: Organizer<'_>,
    context: &InvitationContext<'_>,
) -> String {
    let mut event = new_event(method, &meeting.id, organizer, context.now);
    let sequence = if method == ItipMethod::Cancel { CANCELLATION_SEQUENCE } else { i64::from(meeting.times.changes) };
    event.add_sequence(sequence);
    time(&mut event, ICalendarProperty::Dtstart, meeting.times.start, context.zone);
    time(&mut event, ICalendarProperty::Dtend, meeting.times.end, context.zone);
    event.add_property(ICalendarProperty::Summary, meeting.subject.as_str());
    event.add_property(ICalendarProperty::Location, InvitationMessages::of(context.language).location);
    event.add_property(ICalendarProperty::Description, messages::description(method, meeting, link, context.language));
    event.add_property(ICalendarProperty::Transp, ICalendarTransparency::Opaque);
    if method == ItipMethod::Request {
        event.add_property(ICalendarProperty::Url, Uri::Location(link.to_owned()));
    }
    for person in &meeting.people {
        let role = match person.role {
            ParticipantRole::Attendee | ParticipantRole::Presenter => ICalendarParticipationRole::ReqParticipant,
            ParticipantRole::CoOrganizer => ICalendarParticipationRole::Chair,
        };
        let params = [
            ICalendarParameter::role(role),
            ICalendarParameter::partstat(ICalendarParticipationStatus::NeedsAction),
            ICalendarParameter::rsvp(true),
        ];
        event.add_property_with_params(ICalendarProperty::Attendee, params, mailto(person.address.as_str()));
    }
    let zone = context.zone.map(|zone| time_zone::vtimezone(zone, meeting.times.start, meeting.times.end));
    render_calendar(method, zone.unwrap_or_default(), event)
}

/// The message about a deleted meeting, of which only the id is known. RFC 5546 §3.2.5 needs no more.
#[must_use]
pub fn render_cancellation(id: &MeetingId, organizer: Organizer<'_>, now: Timestamp) -> String {
    let mut event = new_event(ItipMethod::Cancel, id, organizer, now);
    event.add_sequence(CANCELLATION_SEQUENCE);
    render_calendar(ItipMethod::Cancel, Vec::new(), event)
}

fn new_event(method: ItipMethod, id: &MeetingId, organizer: Organizer<'_>, now: Timestamp) -> ICalendarComponent {
    let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
    event.add_uid(&uid(id, organizer.customer));
    event.add_dtstamp(utc(now));
    // RFC 5545 cannot express a quotation mark in a parameter.
    let name = ICalendarParameter::cn(organizer.name.replace('"', "'"));
    event.add_property_with_params(ICalendarProperty::Organizer, [name], mailto(organizer.address));
    let status = if method == ItipMethod::Cancel { ICalendarStatus::Cancelled } else { ICalendarStatus::Confirmed };
    event.add_property(ICalendarProperty::Status, status);
    event
}

/// The id of the event (RFC 7986 §5.3: opaque, and it names nobody).
fn uid(id: &MeetingId, customer: &CustomerId) -> String {
    let hash = digest::digest(&digest::SHA256, format!("teams-connect/event/{customer}\0{}", id.as_str()).as_bytes());
    format!("{}@teams-connect", hex::encode(&hash.as_ref()[..16]))
}

fn render_calendar(method: ItipMethod, zone: Vec<ICalendarComponent>, event: ICalendarComponent) -> String {
    let mut calendar = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    calendar.add_property(ICalendarProperty::Version, "2.0");
    calendar.add_property(ICalendarProperty::Prodid, "-//Teams Connect//Teams Connect//EN");
    let method = match method {
        ItipMethod::Request => ICalendarMethod::Request,
        ItipMethod::Cancel => ICalendarMethod::Cancel,
    };
    calendar.add_property(ICalendarProperty::Method, method);
    let mut components = vec![calendar];
    components.extend(zone);
    // Components refer to their children by index: the calendar to those after it, except the ones of the time zone.
    let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let zone_length = components.len() - 1;
    if zone_length > 0 {
        components[0].component_ids.push(1);
        components[1].component_ids = (2..=zone_length).map(index).collect();
    }
    components[0].component_ids.push(index(zone_length + 1));
    components.push(event);
    ICalendar { components }.to_string()
}

/// A time in the time zone. A local time that occurs twice means the first occurrence (RFC 5545 §3.3.5), so the second one
/// is written in UTC.
fn time(event: &mut ICalendarComponent, name: ICalendarProperty, time: Timestamp, zone: Option<&TimeZone>) {
    let local = zone.and_then(|zone| {
        let local = zone.to_datetime(time);
        let first = zone.to_ambiguous_timestamp(local).compatible().ok()?;
        (first == time).then_some((zone.iana_name()?, local))
    });
    match local {
        Some((zone, local)) => {
            let params = [ICalendarParameter::tzid(zone.to_owned())];
            event.add_property_with_params(name, params, time_zone::to_partial_date_time(local));
        }
        None => event.add_property(name, utc(time)),
    }
}

fn utc(time: Timestamp) -> PartialDateTime {
    let local = TimeZone::UTC.to_datetime(time);
    PartialDateTime { tz_hour: Some(0), tz_minute: Some(0), ..time_zone::to_partial_date_time(local) }
}

fn mailto(address: &str) -> ICalendarValue {
    ICalendarValue::Uri(Uri::Location(format!("mailto:{address}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::meeting::meeting_id::JoinUrl;
    use crate::domain::meeting::options::MeetingOptions;
    use crate::domain::meeting::participant::Participant;
    use crate::domain::meeting::times::{MeetingTimes, OrderFingerprint};
    use crate::types::language::Language;

    const LINK: &str = "https://teams.ats.example/m/x";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn meeting(start: &str, end: &str) -> Meeting {
        let times = MeetingTimes::new(at(start), at(end), OrderFingerprint::from_digest(1));
        Meeting {
            id: MeetingId::parse("x").unwrap(),
            join_url: JoinUrl::parse("https://teams.microsoft.com/x").unwrap(),
            subject: "Rozmowa: Żaneta; \"Zażółć\", \\ i\u{2029}reszta".into(),
            times: times.rescheduled(times.start, times.end),
            people: vec![Participant {
                address: "kandydat@example.com".parse().unwrap(),
                role: ParticipantRole::Attendee,
            }],
            options: MeetingOptions::default(),
            number: None,
            dial_in: None,
            join_text: None,
        }
    }

    fn message(method: ItipMethod, meeting: &Meeting, zone: &str) -> String {
        let customer = "kadry".parse().unwrap();
        let host = Organizer { customer: &customer, name: "Anna \"A\" Nowak", address: "anna@kadry.example" };
        let zone = TimeZone::get(zone).unwrap();
        let reader = InvitationContext { language: Language::Pl, zone: Some(&zone), now: at("2026-11-24T12:00:00Z") };
        render_invitation(method, meeting, LINK, host, &reader).replace("\r\n ", "")
    }

    fn line<'a>(message: &'a str, begin: &str) -> &'a str {
        message.split("\r\n").find(|line| line.starts_with(begin)).unwrap_or_else(|| panic!("no {begin}: {message}"))
    }

    #[test]
    fn an_event_keeps_its_id_and_counts_its_changes() {
        let meeting = meeting("2026-11-25T09:00:00Z", "2026-11-25T09:45:00Z");
        let request = message(ItipMethod::Request, &meeting, "Europe/Warsaw");
        assert_eq!(line(&request, "SEQUENCE"), "SEQUENCE:1");
        assert_eq!(line(&request, "DTSTART;"), "DTSTART;TZID=Europe/Warsaw:20261125T100000");
        assert_eq!(line(&request, "METHOD"), "METHOD:REQUEST");
        let cancel = message(ItipMethod::Cancel, &meeting, "Europe/Warsaw");
        assert_eq!(line(&cancel, "UID"), line(&request, "UID"));
        assert_eq!((line(&cancel, "METHOD"), line(&cancel, "STATUS")), ("METHOD:CANCEL", "STATUS:CANCELLED"));
        assert_eq!(line(&cancel, "SEQUENCE"), "SEQUENCE:10000000");
        let customer = "kadry".parse().unwrap();
        let host = Organizer { customer: &customer, name: "Anna", address: "anna@kadry.example" };
        let gone = render_cancellation(&meeting.id, host, at("2026-11-24T12:00:00Z"));
        assert_eq!(line(&gone, "UID"), line(&request, "UID"));
    }

    #[test]
    fn the_second_occurrence_of_a_local_time_is_written_in_utc() {
        let twice = meeting("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
        let request = message(ItipMethod::Request, &twice, "Europe/Berlin");
        assert_eq!(line(&request, "DTSTART;"), "DTSTART;TZID=Europe/Berlin:20261025T023000");
        assert_eq!(line(&request, "DTEND"), "DTEND:20261025T013000Z");
    }

    #[test]
    fn texts_are_escaped() {
        let request = message(ItipMethod::Request, &meeting("2026-11-25T09:00:00Z", "2026-11-25T09:45:00Z"), "UTC");
        assert!(line(&request, "SUMMARY").starts_with("SUMMARY:Rozmowa: Żaneta\\; \"Zażółć\"\\, \\\\ i"), "{request}");
        assert_eq!(line(&request, "ORGANIZER"), "ORGANIZER;CN=\"Anna 'A' Nowak\":mailto:anna@kadry.example");
        assert!(line(&request, "ATTENDEE").ends_with(":mailto:kandydat@example.com"), "{request}");
        assert_eq!(line(&request, "URL"), "URL:https://teams.ats.example/m/x");
    }
}
