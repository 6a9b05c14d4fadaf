//! Invitations and cancellations, as calendars hold them: the same meeting is the same event in every version.
//!
//! The files have plain line ends; iCalendar's are two characters, which the comparison puts back.
#![cfg(test)]

use jiff::tz::TimeZone;
use shared::domain::meeting::{
    DialIn, InvitationContext, ItipMethod, JoinUrl, Meeting, MeetingId, MeetingNumber, MeetingOptions, MeetingTimes,
    OrderFingerprint, Organizer, Participant, ParticipantRole, render_cancellation, render_invitation,
};
use shared::types::ids::CustomerId;
use shared::types::language::Language;

use crate::seen_from_below::at;

const LINK: &str = "https://teams.ats.example/m/token";

fn kadry() -> CustomerId {
    "kadry".parse().unwrap()
}

fn id() -> MeetingId {
    MeetingId::parse("MSo1N2Y5/+==").unwrap()
}

fn meeting() -> Meeting {
    let with = |address: &str, role| Participant { address: address.parse().unwrap(), role };
    let times =
        MeetingTimes::new(at("2026-12-01T08:00:00Z"), at("2026-12-01T08:45:00Z"), OrderFingerprint::from_digest(7));
    Meeting {
        id: id(),
        join_url: JoinUrl::parse("https://teams.microsoft.com/l/meetup-join/0").unwrap(),
        subject: "Rozmowa: Łucja Wąs; etap 2, zdalnie".to_owned(),
        times: times.rescheduled(times.start, at("2026-12-01T09:00:00Z")),
        people: vec![
            with("kandydatka@poczta.example", ParticipantRole::Attendee),
            with("ekspert@kadry.example", ParticipantRole::Presenter),
            with("szef@kadry.example", ParticipantRole::CoOrganizer),
        ],
        options: MeetingOptions::default(),
        number: Some(MeetingNumber { id: "123 456 789 012".to_owned(), passcode: Some("Ab3dEf".to_owned()) }),
        dial_in: Some(DialIn {
            conference_id: "987654321".to_owned(),
            toll_number: Some("+48 22 000 00 00".to_owned()),
            toll_free_number: Some("+48 800 000 000".to_owned()),
            more_numbers: Some("https://dialin.teams.microsoft.com/x?id=1".to_owned()),
        }),
        join_text: None,
    }
}

fn message(method: ItipMethod, language: Language, zone: Option<&TimeZone>) -> String {
    let customer = kadry();
    let host = Organizer { customer: &customer, name: "Anna Nowak-Żak", address: "anna@kadry.example" };
    render_invitation(
        method,
        &meeting(),
        LINK,
        host,
        &InvitationContext { language, zone, now: at("2026-11-24T09:00:00Z") },
    )
}

#[test]
fn an_invitation_is_the_event_that_earlier_versions_sent() {
    let warsaw = TimeZone::get("Europe/Warsaw").unwrap();
    let sent = message(ItipMethod::Request, Language::Pl, Some(&warsaw));
    assert_eq!(sent, include_str!("calendar/request.ics").replace('\n', "\r\n"));
    let sent = message(ItipMethod::Request, Language::En, None);
    assert_eq!(sent, include_str!("calendar/request-in-english.ics").replace('\n', "\r\n"));
}

#[test]
fn a_cancellation_takes_away_the_event_that_earlier_versions_sent() {
    let sent = message(ItipMethod::Cancel, Language::Pl, None);
    assert_eq!(sent, include_str!("calendar/cancel.ics").replace('\n', "\r\n"));
    let customer = kadry();
    let host = Organizer { customer: &customer, name: "Anna Nowak-Żak", address: "anna@kadry.example" };
    let sent = render_cancellation(&id(), host, at("2026-11-24T09:00:00Z"));
    assert_eq!(sent, include_str!("calendar/cancel-gone.ics").replace('\n', "\r\n"));
}

/// Computed without this crate: SHA-256 over `teams-connect/event/kadry`, a zero byte and the id, its first half.
#[test]
fn an_event_has_the_name_of_earlier_versions() {
    let sent = message(ItipMethod::Request, Language::Pl, None);
    assert!(sent.contains("\r\nUID:31f1b7b1bccd04759313805a1ae08890@teams-connect\r\n"), "{sent}");
}
