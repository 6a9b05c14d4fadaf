//! What comes in and what goes out, in the words of the contract.

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use shared::clock::Timestamp;
use shared::language::Language;
use shared::meeting::{
    Address, Chat, IdempotencyKey, Lobby, MOST_PEOPLE, Meeting, Options, Order, Presenters, Recording, Subject,
    check_times, parse_moment,
};
use shared::microsoft::graph::Made;
use shared::web::problem::{FieldFault, Kind, Problem};

/// `POST …/meetings`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeetingBody {
    subject: String,
    start: String,
    end: String,
    #[serde(default)]
    attendees: Vec<String>,
    #[serde(default)]
    co_organizers: Vec<String>,
    lobby: Option<Lobby>,
    recording: Option<Recording>,
    presenters: Option<Presenters>,
    chat: Option<Chat>,
    language: Option<Language>,
    time_zone: Option<String>,
}

impl MeetingBody {
    /// Reads every field, and tells every fault.
    pub(crate) fn parse(self, reader: Language, now: Timestamp) -> Result<Order, Problem> {
        let mut faults = Faults(Vec::new());
        let zone = self.time_zone.as_deref();
        let subject = faults.note("subject", self.subject.parse::<Subject>());
        let start = faults.note("start", parse_moment(&self.start, zone));
        let end = faults.note("end", parse_moment(&self.end, zone));
        if let (Some(start), Some(end)) = (start, end) {
            faults.note("end", check_times(start, end, now));
        }
        let attendees = faults.people("attendees", &self.attendees);
        let co_organizers = faults.people("co_organizers", &self.co_organizers);
        if attendees.len() + co_organizers.len() > MOST_PEOPLE {
            faults.0.push(FieldFault::new("attendees", "are more than 50 people, with the co-organizers"));
        }
        let (Some(subject), Some(start), Some(end), true) = (subject, start, end, faults.0.is_empty()) else {
            return Err(Problem::from(Kind::InvalidFields).with_fields(faults.0));
        };
        let options =
            Options { lobby: self.lobby, recording: self.recording, presenters: self.presenters, chat: self.chat };
        let language = self.language.unwrap_or(reader);
        Ok(Order { subject, start, end, attendees, co_organizers, options, language })
    }
}

struct Faults(Vec<FieldFault>);

impl Faults {
    fn note<T, E: std::fmt::Display>(&mut self, field: &str, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| self.0.push(FieldFault::new(field, &error.to_string()))).ok()
    }

    fn people(&mut self, field: &str, texts: &[String]) -> Vec<Address> {
        let mut people: Vec<Address> = Vec::new();
        for (at, text) in texts.iter().enumerate().take(MOST_PEOPLE + 1) {
            let Some(address) = self.note(&format!("{field}[{at}]"), text.parse::<Address>()) else { continue };
            if people.iter().any(|known| known.as_str().eq_ignore_ascii_case(address.as_str())) {
                self.0.push(FieldFault::new(&format!("{field}[{at}]"), "stands twice"));
            }
            people.push(address);
        }
        people
    }
}

/// The one `Idempotency-Key` (IETF draft `httpapi-idempotency-key-header`).
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<IdempotencyKey, Problem> {
    let missing = || Problem::from(Kind::IdempotencyKeyMissing);
    let mut values = headers.get_all("idempotency-key").iter();
    let (Some(Ok(value)), None) = (values.next().map(HeaderValue::to_str), values.next()) else {
        return Err(missing());
    };
    // The draft writes the key as a string of RFC 8941, in quotation marks; most clients leave them out.
    let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    bare.parse().map_err(|error| missing().because(error))
}

/// A meeting as the ATS reads it.
#[derive(Debug)]
pub(crate) struct Ordered {
    pub(crate) made: Made,
    pub(crate) meeting: Meeting,
}

#[derive(Debug, Serialize)]
struct MeetingView {
    outcome: &'static str,
    id: String,
    join_url: String,
    subject: String,
    start: Timestamp,
    end: Timestamp,
    settings: Settings,
    #[serde(skip_serializing_if = "Option::is_none")]
    dial_in: Option<DialIn>,
}

/// The options in force, as Graph told them.
#[derive(Debug, Serialize)]
struct Settings {
    lobby: Option<Lobby>,
    recording: Option<Recording>,
    presenters: Option<Presenters>,
    chat: Option<Chat>,
}

#[derive(Debug, Serialize)]
struct DialIn {
    conference_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    toll_number: Option<String>,
}

impl IntoResponse for Ordered {
    fn into_response(self) -> Response {
        let (status, outcome, replayed) = match self.made {
            Made::Now => (StatusCode::CREATED, "created", "false"),
            Made::Before => (StatusCode::OK, "existing", "true"),
        };
        let Meeting { id, join_url, subject, start, end, options, dial_in } = self.meeting;
        let Options { lobby, recording, presenters, chat } = options;
        let view = MeetingView {
            outcome,
            id: id.as_str().to_owned(),
            join_url: join_url.as_str().to_owned(),
            subject,
            start,
            end,
            settings: Settings { lobby, recording, presenters, chat },
            dial_in: dial_in
                .map(|dial_in| DialIn { conference_id: dial_in.conference_id, toll_number: dial_in.toll_number }),
        };
        (status, [(HeaderName::from_static("idempotency-replayed"), replayed)], Json(view)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let name = HeaderName::from_static("idempotency-key");
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name.clone(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    #[test]
    fn exactly_one_key_of_visible_characters_is_taken() {
        assert_eq!(idempotency_key(&headers(&["order-1"])).unwrap().as_str(), "order-1");
        assert_eq!(idempotency_key(&headers(&["\"order-1\""])).unwrap().as_str(), "order-1");
        for values in [&[][..], &[""], &["a b"], &["ż"], &["a", "a"], &[&"x".repeat(256)]] {
            assert_eq!(
                idempotency_key(&headers(values)).unwrap_err().kind(),
                Kind::IdempotencyKeyMissing,
                "{values:?}"
            );
        }
    }

    #[test]
    fn every_fault_of_an_order_is_told_at_once() {
        let body: MeetingBody = serde_json::from_str(
            r#"{"subject":" ","start":"2026-11-25","end":"2026-11-25T10:00:00Z","attendees":["a@b.example","x","A@B.example"]}"#,
        )
        .unwrap();
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        let problem = body.parse(Language::En, now).unwrap_err();
        let document = problem.document(Language::En, "", "");
        let fields: Vec<_> = document["errors"].as_array().unwrap().iter().map(|fault| &fault["field"]).collect();
        assert_eq!(fields, ["subject", "start", "attendees[1]", "attendees[2]"]);
    }
}
