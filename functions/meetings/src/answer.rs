//! A meeting as the ATS reads it.

use axum::Json;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use shared::clock::Timestamp;
use shared::meeting::{DialIn, Meeting, Number, Options, Role, in_role};
use shared::web::problem::Outcome;

use crate::act::Done;

/// The answer of every request that ends with a meeting.
#[derive(Debug, Serialize)]
struct MeetingView {
    outcome: Outcome,
    id: String,
    join_url: String,
    subject: String,
    start: Timestamp,
    end: Timestamp,
    attendees: Vec<String>,
    co_organizers: Vec<String>,
    presenters: Vec<String>,
    /// The options in force, as far as Graph told them.
    settings: Options,
    /// What was wished for and is not in force.
    dropped: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    join_by_number: Option<NumberView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dial_in: Option<DialInView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    join_text: Option<String>,
}

#[derive(Debug, Serialize)]
struct NumberView {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    passcode: Option<String>,
}

#[derive(Debug, Serialize)]
struct DialInView {
    conference_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    toll_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    toll_free_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    more_numbers: Option<String>,
}

/// The answer to an order, which says whether it was answered before.
#[derive(Debug)]
pub(crate) struct Ordered(pub(crate) Done);

impl IntoResponse for Ordered {
    fn into_response(self) -> Response {
        let replayed = if self.0.outcome == Outcome::Created { "false" } else { "true" };
        ([(HeaderName::from_static("idempotency-replayed"), replayed)], self.0).into_response()
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        let status = if self.outcome == Outcome::Created { StatusCode::CREATED } else { StatusCode::OK };
        (status, Json(self.view())).into_response()
    }
}

impl Done {
    fn view(self) -> MeetingView {
        let Self { outcome, meeting, dropped } = self;
        let named = |role| in_role(&meeting.people, role).map(|address| address.as_str().to_owned()).collect();
        let (attendees, co_organizers, presenters) =
            (named(Role::Attendee), named(Role::CoOrganizer), named(Role::Presenter));
        let Meeting { id, join_url, subject, times, options, number, dial_in, join_text, .. } = meeting;
        MeetingView {
            outcome,
            id: id.encoded(),
            join_url: join_url.as_str().to_owned(),
            subject,
            start: times.start,
            end: times.end,
            attendees,
            co_organizers,
            presenters,
            settings: options,
            dropped,
            join_by_number: number.map(|Number { id, passcode }| NumberView { id, passcode }),
            dial_in: dial_in.map(DialInView::from),
            join_text,
        }
    }
}

impl From<DialIn> for DialInView {
    fn from(dial_in: DialIn) -> Self {
        let DialIn { conference_id, toll_number, toll_free_number, more_numbers } = dial_in;
        Self { conference_id, toll_number, toll_free_number, more_numbers }
    }
}
