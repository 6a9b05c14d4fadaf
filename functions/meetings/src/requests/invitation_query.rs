//! The query of `GET …/invitation.ics`.

use jiff::tz::TimeZone;

use shared::domain::meeting::{EmailAddress, ItipMethod, MAX_PARTICIPANTS, parse_time_zone};
use shared::http::problem::Problem;
use shared::http::urlencoded::parse_known;
use shared::types::language::Language;

use crate::requests::field_errors::FieldErrors;

/// A reminder comes at most this long before an interview: four weeks.
const MAX_ALARM_MINUTES: u32 = 28 * 24 * 60;

/// The query of `GET …/invitation.ics`.
#[derive(Debug)]
pub(crate) struct InvitationQuery {
    pub(crate) method: ItipMethod,
    pub(crate) language: Language,
    /// `None` means UTC.
    pub(crate) zone: Option<TimeZone>,
    pub(crate) alarm_minutes: Option<u32>,
    /// The attendees whom a cancellation is for; empty means all.
    pub(crate) removed: Vec<EmailAddress>,
    /// The organizer of a cancellation, if the recruiter cannot be asked any more.
    pub(crate) organizer: Option<EmailAddress>,
}

/// Parses `method`, `language`, `time_zone`, `alarm`, `attendee` and `organizer`, each at most once.
pub(crate) fn parse_invitation_query(query: &str, default_language: Language) -> Result<InvitationQuery, Problem> {
    let [method, language, zone, alarm, attendee, organizer] =
        parse_known(query, ["method", "language", "time_zone", "alarm", "attendee", "organizer"])?;
    let mut errors = FieldErrors::default();
    let method = match method.as_deref() {
        None | Some("request") => ItipMethod::Request,
        Some("publish") => ItipMethod::Publish,
        Some("cancel") => ItipMethod::Cancel,
        Some(_) => errors.push_and_default("method", "is none of request, publish and cancel", ItipMethod::Request),
    };
    let language = match language.map(|tag| Language::from_bcp47(&tag)) {
        None => default_language,
        Some(Some(language)) => language,
        Some(None) => errors.push_and_default("language", "is neither pl nor en", default_language),
    };
    let zone = zone.and_then(|name| errors.check("time_zone", parse_time_zone(&name)));
    let alarm_minutes =
        alarm.and_then(|text| match text.parse().ok().filter(|minutes| *minutes <= MAX_ALARM_MINUTES) {
            Some(minutes) if text.bytes().all(|byte| byte.is_ascii_digit()) => Some(minutes),
            _ => errors.push_and_default("alarm", "is not a number of minutes from 0 to 40320", None),
        });
    let removed = attendee.map(|list| parse_attendees(&list, method, &mut errors)).unwrap_or_default();
    let organizer = organizer.and_then(|text| match method {
        ItipMethod::Cancel => errors.check("organizer", text.parse::<EmailAddress>()),
        _ => errors.push_and_default("organizer", "goes with method=cancel only", None),
    });
    errors.into_result()?;
    Ok(InvitationQuery { method, language, zone, alarm_minutes, removed, organizer })
}

/// Parses addresses with commas between them: an address contains none.
fn parse_attendees(list: &str, method: ItipMethod, errors: &mut FieldErrors) -> Vec<EmailAddress> {
    if method != ItipMethod::Cancel {
        return errors.push_and_default("attendee", "goes with method=cancel only", Vec::new());
    }
    let addresses: Vec<EmailAddress> =
        list.split(',').filter_map(|text| errors.check("attendee", text.parse::<EmailAddress>())).collect();
    if addresses.len() > MAX_PARTICIPANTS {
        return errors.push_and_default("attendee", "are more than 50 people", Vec::new());
    }
    addresses
}

#[cfg(test)]
mod tests {
    use shared::http::problem::ProblemKind;

    use super::*;

    #[test]
    fn every_member_of_a_query_is_checked() {
        let query = parse_invitation_query("method=cancel&attendee=a%40x.example,b%40x.example", Language::Pl).unwrap();
        assert_eq!((query.method, query.removed.len()), (ItipMethod::Cancel, 2));
        let query = parse_invitation_query("alarm=15&method=publish", Language::Pl).unwrap();
        assert_eq!((query.method, query.alarm_minutes), (ItipMethod::Publish, Some(15)));
        for wrong in [
            "method=reply",
            "language=de",
            "time_zone=CEST",
            "alarm=-5",
            "alarm=%2B5",
            "alarm=40321",
            "alarm=",
            "attendee=a%40x.example",
            "organizer=a%40x.example",
            "method=cancel&organizer=anna",
            "method=cancel&attendee=",
            "method=cancel&attendee=a%40x.example,",
        ] {
            let problem = parse_invitation_query(wrong, Language::Pl).unwrap_err();
            assert_eq!(problem.kind(), ProblemKind::InvalidFields, "{wrong}");
        }
        for malformed in ["timezone=UTC", "alarm=1&alarm=2"] {
            let problem = parse_invitation_query(malformed, Language::Pl).unwrap_err();
            assert_eq!(problem.kind(), ProblemKind::MalformedRequest, "{malformed}");
        }
    }
}
