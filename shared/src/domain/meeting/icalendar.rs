//! Renders an interview for a calendar: iCalendar (RFC 5545), as an iTIP message (RFC 5546).
//!
//! Everything follows from the meeting as Graph has it and from the time, so nothing is stored. The UID comes from the
//! meeting's id and never changes. The sequence is the time of the message, so it never falls, whatever happens to the
//! meeting in Teams, and it continues after the meeting is gone.

mod itip;
mod messages;
mod time_zone;

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarAction, ICalendarComponent, ICalendarComponentType, ICalendarDuration, ICalendarFeatureType,
    ICalendarMethod, ICalendarParameter, ICalendarParticipationRole, ICalendarParticipationStatus, ICalendarProperty,
    ICalendarStatus, ICalendarTransparency, ICalendarValue, ICalendarValueType, Uri,
};
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::digest;

use crate::domain::meeting::meeting_id::MeetingId;
use crate::domain::meeting::model::Meeting;
use crate::domain::meeting::participant::{EmailAddress, Participant, ParticipantRole};
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;

pub use itip::{CalendarMessage, InvitationContext, ItipMethod, Organizer};
use messages::InvitationMessages;
use time_zone::ZoneRule;

/// 2020-01-01T00:00:00Z, from which sequences are counted in seconds. Earlier versions counted changes, up to ten million;
/// the largest integer of iCalendar is reached in 2088.
const SEQUENCE_EPOCH: Timestamp = Timestamp::constant(1_577_836_800, 0);

/// What stands in a `mailto:` address as it is (RFC 6068 §2).
const MAILTO: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'*')
    .remove(b'+')
    .remove(b'@');

/// The message about an existing meeting; `link` is ours.
///
/// A request needs attendees and a mailbox that receives their answers (RFC 5546 §3.2.2). If one of them is missing, the
/// event is published instead. A cancellation without an organizer's mailbox is published as well, with the status of a
/// cancelled event.
#[must_use]
pub fn render_invitation(
    method: ItipMethod,
    meeting: &Meeting,
    link: &str,
    organizer: Organizer<'_>,
    context: &InvitationContext<'_>,
) -> CalendarMessage {
    let asked = method;
    let method = effective_method(method, organizer, !meeting.people.is_empty());
    let messages = InvitationMessages::of(context.language);
    let mut event = new_event(method, asked, &meeting.id, organizer, context);
    let rule = context.zone.and_then(|zone| ZoneRule::find(zone, meeting.times.start));
    let zone = context.zone.zip(rule.as_ref());
    time(&mut event, ICalendarProperty::Dtstart, meeting.times.start, zone);
    time(&mut event, ICalendarProperty::Dtend, meeting.times.end, zone);
    event.add_property(ICalendarProperty::Summary, meeting.subject.as_str());
    event.add_property(ICalendarProperty::Location, messages.location);
    event.add_property(ICalendarProperty::Transp, ICalendarTransparency::Opaque);
    if asked == ItipMethod::Cancel {
        let text = if context.removed.is_empty() { messages.cancelled } else { messages.removed };
        event.add_property(ICalendarProperty::Description, text);
    } else {
        event.add_property(ICalendarProperty::Description, messages::description(meeting, link, messages));
        event.add_property(ICalendarProperty::Url, Uri::Location(link.to_owned()));
        add_conferences(&mut event, meeting, link, messages);
    }
    match method {
        ItipMethod::Publish => {}
        ItipMethod::Cancel if !context.removed.is_empty() => add_removed(&mut event, context.removed),
        ItipMethod::Cancel => meeting.people.iter().for_each(|person| add_attendee(&mut event, person, false)),
        ItipMethod::Request => meeting.people.iter().for_each(|person| add_attendee(&mut event, person, true)),
    }
    let alarm = context.alarm_minutes.filter(|_| asked != ItipMethod::Cancel);
    let alarm = alarm.map(|minutes| alarm_before(minutes, &meeting.subject));
    let zone = rule.map(|rule| rule.components()).unwrap_or_default();
    CalendarMessage { method, text: render_calendar(method, zone, event, alarm) }
}

/// The cancellation of a meeting that is gone. Only its id is known, and RFC 5546 §3.2.5 asks for no more.
#[must_use]
pub fn render_cancellation(
    id: &MeetingId,
    organizer: Organizer<'_>,
    context: &InvitationContext<'_>,
) -> CalendarMessage {
    let method = effective_method(ItipMethod::Cancel, organizer, false);
    let mut event = new_event(method, ItipMethod::Cancel, id, organizer, context);
    add_removed(&mut event, context.removed);
    CalendarMessage { method, text: render_calendar(method, Vec::new(), event, None) }
}

fn effective_method(method: ItipMethod, organizer: Organizer<'_>, has_attendees: bool) -> ItipMethod {
    match method {
        ItipMethod::Request if !has_attendees => ItipMethod::Publish,
        method if organizer.mailbox.is_some() => method,
        _ => ItipMethod::Publish,
    }
}

fn new_event(
    method: ItipMethod,
    asked: ItipMethod,
    id: &MeetingId,
    organizer: Organizer<'_>,
    context: &InvitationContext<'_>,
) -> ICalendarComponent {
    let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
    event.add_uid(&uid(id, organizer.customer));
    event.add_dtstamp(utc(context.now));
    event.add_sequence(context.now.as_second() - SEQUENCE_EPOCH.as_second());
    if let Some(mailbox) = organizer.mailbox {
        // RFC 5545 has no way to write a quotation mark in a parameter.
        let name = (!organizer.name.is_empty()).then(|| ICalendarParameter::cn(organizer.name.replace('"', "'")));
        event.add_property_with_params(ICalendarProperty::Organizer, name, mailto(mailbox));
    }
    // A cancellation for some attendees has no status: the event goes on (RFC 5546 §3.2.5).
    let is_for_some = method == ItipMethod::Cancel && !context.removed.is_empty();
    if asked != ItipMethod::Cancel {
        event.add_property(ICalendarProperty::Status, ICalendarStatus::Confirmed);
    } else if !is_for_some {
        event.add_property(ICalendarProperty::Status, ICalendarStatus::Cancelled);
    }
    event
}

fn add_attendee(event: &mut ICalendarComponent, person: &Participant, is_invited: bool) {
    let role = match person.role {
        ParticipantRole::Attendee | ParticipantRole::Presenter => ICalendarParticipationRole::ReqParticipant,
        ParticipantRole::CoOrganizer => ICalendarParticipationRole::Chair,
    };
    let mut params = vec![ICalendarParameter::role(role)];
    if is_invited {
        params.push(ICalendarParameter::partstat(ICalendarParticipationStatus::NeedsAction));
        params.push(ICalendarParameter::rsvp(true));
    }
    event.add_property_with_params(ICalendarProperty::Attendee, params, mailto(&person.address));
}

fn add_removed(event: &mut ICalendarComponent, removed: &[EmailAddress]) {
    for address in removed {
        event.add_property(ICalendarProperty::Attendee, mailto(address));
    }
}

/// The ways to join, for calendars that show a button (RFC 7986 §5.11; Outlook reads its own property).
fn add_conferences(event: &mut ICalendarComponent, meeting: &Meeting, link: &str, messages: &InvitationMessages) {
    let conference = |features: &[ICalendarFeatureType], label: &str| {
        let mut params = vec![ICalendarParameter::value(ICalendarValueType::Uri)];
        params.extend(features.iter().cloned().map(ICalendarParameter::feature));
        params.push(ICalendarParameter::label(label.to_owned()));
        params
    };
    let online = conference(&[ICalendarFeatureType::Audio, ICalendarFeatureType::Video], messages.location);
    event.add_property_with_params(ICalendarProperty::Conference, online, Uri::Location(link.to_owned()));
    if let Some(dial_in) = &meeting.dial_in
        && let Some(number) = &dial_in.toll_number
    {
        let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        let phone = conference(&[ICalendarFeatureType::Phone], messages.toll_number);
        // A pause is a comma, which would be escaped as in a text.
        let tel = format!("tel:{digits}%2C%2C{}%23", dial_in.conference_id);
        event.add_property_with_params(ICalendarProperty::Conference, phone, Uri::Location(tel));
    }
    let teams = ICalendarProperty::Other("X-MICROSOFT-SKYPETEAMSMEETINGURL".to_owned());
    event.add_property(teams, meeting.join_url.as_str());
}

fn alarm_before(minutes: u32, subject: &str) -> ICalendarComponent {
    let mut alarm = ICalendarComponent::new(ICalendarComponentType::VAlarm);
    alarm.add_property(ICalendarProperty::Action, ICalendarAction::Display);
    let before = ICalendarDuration { neg: minutes > 0, minutes, ..ICalendarDuration::default() };
    alarm.add_property(ICalendarProperty::Trigger, before);
    alarm.add_property(ICalendarProperty::Description, subject);
    alarm
}

/// The name of the event (RFC 7986 §5.3: opaque, without personal data).
fn uid(id: &MeetingId, customer: &CustomerId) -> String {
    let hash = digest::digest(&digest::SHA256, format!("teams-connect/event/{customer}\0{}", id.as_str()).as_bytes());
    format!("{}@teams-connect", hex::encode(&hash.as_ref()[..16]))
}

fn render_calendar(
    method: ItipMethod,
    zone: Vec<ICalendarComponent>,
    mut event: ICalendarComponent,
    alarm: Option<ICalendarComponent>,
) -> String {
    let mut calendar = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    calendar.add_property(ICalendarProperty::Version, "2.0");
    calendar.add_property(ICalendarProperty::Prodid, "-//Teams Connect//Teams Connect//EN");
    let method = match method {
        ItipMethod::Publish => ICalendarMethod::Publish,
        ItipMethod::Request => ICalendarMethod::Request,
        ItipMethod::Cancel => ICalendarMethod::Cancel,
    };
    calendar.add_property(ICalendarProperty::Method, method);
    let mut components = vec![calendar];
    components.extend(zone);
    // Components name their children by index: calendar, zone, observances, event, alarm.
    let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let last_of_zone = components.len() - 1;
    if last_of_zone > 0 {
        components[0].component_ids.push(1);
        components[1].component_ids = (2..=last_of_zone).map(index).collect();
    }
    components[0].component_ids.push(index(last_of_zone + 1));
    if alarm.is_some() {
        event.component_ids.push(index(last_of_zone + 2));
    }
    components.push(event);
    components.extend(alarm);
    ICalendar { components }.to_string()
}

/// A time in the requested zone. A local time that exists twice means the first one (RFC 5545 §3.3.5), so the second is
/// written in UTC.
fn time(
    event: &mut ICalendarComponent,
    name: ICalendarProperty,
    time: Timestamp,
    zone: Option<(&TimeZone, &ZoneRule)>,
) {
    let local = zone.and_then(|(zone, rule)| {
        let local = zone.to_datetime(time);
        let meant = zone.to_ambiguous_timestamp(local).compatible().ok()?;
        (meant == time).then_some((rule.name(), local))
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

fn mailto(address: &EmailAddress) -> ICalendarValue {
    ICalendarValue::Uri(Uri::Location(format!("mailto:{}", utf8_percent_encode(address.as_str(), MAILTO))))
}

#[cfg(test)]
mod tests;
