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
        created_at: None,
        external_id: None,
    }
}

/// An organizer with a mailbox, and nothing else asked for.
fn with_context<T>(
    language: Language,
    zone: Option<&TimeZone>,
    render: impl FnOnce(Organizer<'_>, &InvitationContext<'_>) -> T,
) -> T {
    let (customer, mailbox) = (kadry(), "anna@kadry.example".parse().unwrap());
    let organizer = Organizer { customer: &customer, name: "Anna Nowak-Żak", mailbox: Some(&mailbox) };
    let now = at("2026-11-24T09:00:00Z");
    render(organizer, &InvitationContext { language, zone, alarm_minutes: None, removed: &[], now })
}

fn message(method: ItipMethod, language: Language, zone: Option<&TimeZone>) -> String {
    with_context(language, zone, |organizer, context| {
        render_invitation(method, &meeting(), LINK, organizer, context).text
    })
}

/// The line of a message that begins so, unfolded.
fn line(message: &str, begin: &str) -> String {
    let unfolded = message.replace("\r\n", "\n").replace("\n ", "");
    let line = unfolded.lines().find(|line| line.starts_with(begin)).map(str::to_owned);
    line.unwrap_or_else(|| panic!("no {begin}: {unfolded}"))
}

/// A calendar takes `sent` for a newer message about the event of `earlier`.
fn follows(sent: &str, earlier: &str, equal: &[&str]) {
    for begin in equal {
        assert_eq!(line(sent, begin), line(earlier, begin));
    }
    let sequence = |message| line(message, "SEQUENCE:")["SEQUENCE:".len()..].parse::<u32>().unwrap();
    assert!(sequence(sent) > sequence(earlier), "{sent}");
}

#[test]
fn an_invitation_is_about_the_event_that_earlier_versions_sent() {
    let warsaw = TimeZone::get("Europe/Warsaw").unwrap();
    let equal = ["UID", "METHOD", "STATUS", "DTSTART;", "DTEND;", "SUMMARY", "ORGANIZER", "ATTENDEE"];
    let sent = message(ItipMethod::Request, Language::Pl, Some(&warsaw));
    follows(&sent, include_str!("calendar/request.ics"), &equal);
    let sent = message(ItipMethod::Request, Language::En, None);
    follows(&sent, include_str!("calendar/request-in-english.ics"), &["UID", "DTSTART", "DTEND", "DESCRIPTION"]);
}

#[test]
fn a_cancellation_takes_away_the_event_that_earlier_versions_sent() {
    let equal = ["UID", "METHOD", "STATUS", "ORGANIZER"];
    let sent = message(ItipMethod::Cancel, Language::Pl, None);
    follows(&sent, include_str!("calendar/cancel.ics"), &equal);
    let sent =
        with_context(Language::Pl, None, |organizer, context| render_cancellation(&id(), organizer, context).text);
    follows(&sent, include_str!("calendar/cancel-gone.ics"), &equal);
}

/// Computed without this crate: SHA-256 over `teams-connect/event/kadry`, a zero byte and the id, its first half.
#[test]
fn an_event_has_the_name_of_earlier_versions() {
    let sent = message(ItipMethod::Request, Language::Pl, None);
    assert!(sent.contains("\r\nUID:31f1b7b1bccd04759313805a1ae08890@teams-connect\r\n"), "{sent}");
}
