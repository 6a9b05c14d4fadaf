//! Messages as calendars read them.

use jiff::tz::TimeZone;

use crate::domain::meeting::icalendar::{
    InvitationContext, ItipMethod, Organizer, render_cancellation, render_invitation,
};
use crate::domain::meeting::meeting_id::{JoinUrl, MeetingId};
use crate::domain::meeting::model::{DialIn, Meeting};
use crate::domain::meeting::options::MeetingOptions;
use crate::domain::meeting::participant::{EmailAddress, Participant, ParticipantRole};
use crate::domain::meeting::times::{MeetingTimes, OrderFingerprint};
use crate::types::clock::Timestamp;
use crate::types::language::Language;

const LINK: &str = "https://teams.ats.example/m/x";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn meeting(start: &str, end: &str) -> Meeting {
    Meeting {
        id: MeetingId::parse("x").unwrap(),
        join_url: JoinUrl::parse("https://teams.microsoft.com/x").unwrap(),
        subject: "Rozmowa: Żaneta; \"Zażółć\", \\ i\u{2029}reszta".into(),
        times: MeetingTimes::new(at(start), at(end), OrderFingerprint::from_digest(1)),
        people: vec![Participant { address: "kandydat@example.com".parse().unwrap(), role: ParticipantRole::Attendee }],
        options: MeetingOptions::default(),
        number: None,
        dial_in: None,
        join_text: None,
        created_at: None,
        external_id: None,
    }
}

fn interview() -> Meeting {
    meeting("2026-11-25T09:00:00Z", "2026-11-25T09:45:00Z")
}

/// Renders at second `now` of an hour.
struct Rendering {
    zone: &'static str,
    mailbox: Option<&'static str>,
    removed: &'static [&'static str],
    alarm_minutes: Option<u32>,
    now: &'static str,
}

const IN_WARSAW: Rendering = Rendering {
    zone: "Europe/Warsaw",
    mailbox: Some("anna@kadry.example"),
    removed: &[],
    alarm_minutes: None,
    now: "2026-11-24T12:00:00Z",
};

impl Rendering {
    fn with<T>(&self, render: impl FnOnce(Organizer<'_>, &InvitationContext<'_>) -> T) -> T {
        let customer = "kadry".parse().unwrap();
        let mailbox: Option<EmailAddress> = self.mailbox.map(|text| text.parse().unwrap());
        let organizer = Organizer { customer: &customer, name: "Anna \"A\" Nowak", mailbox: mailbox.as_ref() };
        let zone = TimeZone::get(self.zone).unwrap();
        let removed: Vec<EmailAddress> = self.removed.iter().map(|text| text.parse().unwrap()).collect();
        let context = InvitationContext {
            language: Language::Pl,
            zone: Some(&zone),
            alarm_minutes: self.alarm_minutes,
            removed: &removed,
            now: at(self.now),
        };
        render(organizer, &context)
    }

    fn message(&self, method: ItipMethod, meeting: &Meeting) -> String {
        let message = self.with(|organizer, context| render_invitation(method, meeting, LINK, organizer, context));
        let text = message.text.replace("\r\n ", "");
        assert_eq!(line(&text, "METHOD:"), format!("METHOD:{}", message.method.as_str()));
        text
    }

    fn cancellation(&self, id: &MeetingId) -> String {
        self.with(|organizer, context| render_cancellation(id, organizer, context)).text.replace("\r\n ", "")
    }
}

fn lines<'a>(message: &'a str, begin: &str) -> Vec<&'a str> {
    message.split("\r\n").filter(|line| line.starts_with(begin)).collect()
}

fn line<'a>(message: &'a str, begin: &str) -> &'a str {
    lines(message, begin).first().copied().unwrap_or_else(|| panic!("no {begin}: {message}"))
}

fn sequence(message: &str) -> u32 {
    line(message, "SEQUENCE:")["SEQUENCE:".len()..].parse().unwrap()
}

#[test]
fn an_event_keeps_its_name_and_its_sequence_never_falls() {
    let first = IN_WARSAW.message(ItipMethod::Request, &interview());
    assert_eq!(line(&first, "DTSTART;"), "DTSTART;TZID=Europe/Warsaw:20261125T100000");
    assert!(sequence(&first) > 10_000_000, "more than any of earlier versions");
    // Whatever Graph answers later, also with other fractions of a second.
    let moved = meeting("2026-11-27T09:00:00Z", "2026-11-27T09:45:00Z");
    let later = Rendering { now: "2026-11-24T12:00:01Z", ..IN_WARSAW };
    let cancelled = Rendering { now: "2026-11-24T12:00:02Z", ..IN_WARSAW };
    let gone = Rendering { now: "2026-11-24T12:00:03Z", ..IN_WARSAW };
    let messages = [
        later.message(ItipMethod::Request, &moved),
        cancelled.message(ItipMethod::Cancel, &moved),
        gone.cancellation(&moved.id),
    ];
    let mut last = sequence(&first);
    for message in &messages {
        assert_eq!(line(message, "UID"), line(&first, "UID"));
        assert!(sequence(message) > last, "{message}");
        last = sequence(message);
    }
    assert_eq!((line(&messages[2], "METHOD"), line(&messages[2], "STATUS")), ("METHOD:CANCEL", "STATUS:CANCELLED"));
}

#[test]
fn without_attendees_or_mailbox_nobody_is_invited() {
    let alone = Meeting { people: Vec::new(), ..interview() };
    let unreachable = Rendering { mailbox: None, ..IN_WARSAW };
    for message in [
        IN_WARSAW.message(ItipMethod::Request, &alone),
        IN_WARSAW.message(ItipMethod::Publish, &interview()),
        unreachable.message(ItipMethod::Request, &interview()),
    ] {
        assert_eq!((line(&message, "METHOD"), lines(&message, "ATTENDEE").len()), ("METHOD:PUBLISH", 0));
        assert_eq!(line(&message, "STATUS"), "STATUS:CONFIRMED");
    }
    let message = unreachable.message(ItipMethod::Cancel, &interview());
    assert_eq!((line(&message, "METHOD"), line(&message, "STATUS")), ("METHOD:PUBLISH", "STATUS:CANCELLED"));
    assert_eq!(lines(&message, "ORGANIZER").len(), 0);
}

#[test]
fn a_cancellation_names_whom_it_is_for() {
    let all = IN_WARSAW.message(ItipMethod::Cancel, &interview());
    assert!(line(&all, "ATTENDEE").ends_with(":mailto:kandydat@example.com"), "{all}");
    let removed = Rendering { removed: &["inny@example.com"], ..IN_WARSAW };
    for message in [removed.message(ItipMethod::Cancel, &interview()), removed.cancellation(&interview().id)] {
        assert_eq!(lines(&message, "ATTENDEE"), ["ATTENDEE:mailto:inny@example.com"]);
        assert_eq!((line(&message, "METHOD"), lines(&message, "STATUS").len()), ("METHOD:CANCEL", 0));
    }
}

#[test]
fn a_calendar_finds_the_ways_to_join_and_the_reminder() {
    let dial_in = DialIn {
        conference_id: "123456".into(),
        toll_number: Some("+48 22 555 01 00".into()),
        toll_free_number: None,
        more_numbers: None,
    };
    let meeting = Meeting { dial_in: Some(dial_in), ..interview() };
    let message = Rendering { alarm_minutes: Some(15), ..IN_WARSAW }.message(ItipMethod::Request, &meeting);
    let conferences = lines(&message, "CONFERENCE;");
    assert!(conferences[0].contains("VALUE=URI;FEATURE=AUDIO,VIDEO;") && conferences[0].ends_with(LINK), "{message}");
    assert!(conferences[1].ends_with(":tel:+48225550100%2C%2C123456%23"), "{message}");
    assert_eq!(
        line(&message, "X-MICROSOFT-SKYPETEAMSMEETINGURL"),
        "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/x"
    );
    assert_eq!((line(&message, "TRIGGER"), line(&message, "ACTION")), ("TRIGGER:-PT15M", "ACTION:DISPLAY"));
    let cancel = Rendering { alarm_minutes: Some(15), ..IN_WARSAW }.message(ItipMethod::Cancel, &meeting);
    assert_eq!(lines(&cancel, "BEGIN:VALARM").len() + lines(&cancel, "CONFERENCE").len(), 0);
}

#[test]
fn an_address_with_marks_of_a_url_stays_one_address() {
    let odd = Participant { address: "a#b%c?d&e/f=g+h@example.com".parse().unwrap(), role: ParticipantRole::Attendee };
    let message = IN_WARSAW.message(ItipMethod::Request, &Meeting { people: vec![odd], ..interview() });
    assert!(line(&message, "ATTENDEE").ends_with(":mailto:a%23b%25c%3Fd%26e%2Ff%3Dg+h@example.com"), "{message}");
}

#[test]
fn the_clocks_of_a_zone_are_written_by_rule_or_the_times_in_utc() {
    let warsaw = IN_WARSAW.message(ItipMethod::Request, &interview());
    assert_eq!((lines(&warsaw, "BEGIN:STANDARD").len(), lines(&warsaw, "BEGIN:DAYLIGHT").len()), (1, 1));
    let rules = lines(&warsaw, "RRULE");
    assert_eq!(rules, ["RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"]);
    for zone in ["Africa/Casablanca", "UTC", "Etc/UTC"] {
        let message = Rendering { zone, ..IN_WARSAW }.message(ItipMethod::Request, &interview());
        let clocks = lines(&message, "BEGIN:VTIMEZONE").len();
        assert_eq!((line(&message, "DTSTART"), clocks), ("DTSTART:20261125T090000Z", 0), "{zone}");
    }
}

#[test]
fn the_second_of_two_equal_local_times_is_written_in_utc() {
    let twice = meeting("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
    let request = Rendering { zone: "Europe/Berlin", ..IN_WARSAW }.message(ItipMethod::Request, &twice);
    assert_eq!(line(&request, "DTSTART;"), "DTSTART;TZID=Europe/Berlin:20261025T023000");
    assert_eq!(line(&request, "DTEND"), "DTEND:20261025T013000Z");
}

#[test]
fn nothing_in_a_text_breaks_out_of_it() {
    let request = Rendering { zone: "UTC", ..IN_WARSAW }.message(ItipMethod::Request, &interview());
    assert!(line(&request, "SUMMARY").starts_with("SUMMARY:Rozmowa: Żaneta\\; \"Zażółć\"\\, \\\\ i"), "{request}");
    assert_eq!(line(&request, "ORGANIZER"), "ORGANIZER;CN=\"Anna 'A' Nowak\":mailto:anna@kadry.example");
    assert!(line(&request, "ATTENDEE").ends_with(":mailto:kandydat@example.com"), "{request}");
    assert_eq!(line(&request, "URL"), "URL:https://teams.ats.example/m/x");
}
