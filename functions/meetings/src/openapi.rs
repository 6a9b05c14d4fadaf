//! Operations for the OpenAPI document.

use axum::http::StatusCode;
use serde_json::{Value, json};

use shared::domain::meeting::ItipMethod;
use shared::http::openapi::OperationSpec;
use shared::http::problem::ProblemKind;
use shared::http::routes;
use shared::types::language::Language;

use crate::requests::{CreateMeetingRequest, HandOverRequest, UpdateMeetingRequest};
use crate::responses::MeetingResponse;

const TAG: &str = "Meetings";

/// The routes of this function.
#[must_use]
pub fn operations() -> Vec<OperationSpec> {
    vec![create_meeting(), get_meeting(), update_meeting(), cancel(), hand_over(), invitation(), qr_code(), join()]
}

fn meeting(outcome: &str) -> Value {
    json!({
        "outcome": outcome,
        "id": "MSoxMWE1YzBkZS0wMDAxLTRhMDEtODAwMQ",
        "user": "anna",
        "link": "https://teams.ats.example/m/q1w2e3r4t5",
        "join_url": "https://teams.microsoft.com/l/meetup-join/19%3ameeting_example%40thread.v2/0",
        "subject": "Interview: Adam Wiśniewski",
        "start": "2027-01-20T09:00:00Z",
        "end": "2027-01-20T09:45:00Z",
        "attendees": ["adam@example.org"],
        "co_organizers": [],
        "presenter_addresses": [],
        "settings": {"lobby": "invited", "recording": "off", "presenters": "everyone", "chat": "enabled"},
        "dropped": [],
        "join_by_number": {"id": "471 147 114 711", "passcode": "x7Kq2n"},
        "dial_in": {"conference_id": "471147114", "toll_number": "+48 22 000 00 00"}
    })
}

/// Every operation on a meeting calls Graph in the recruiter's name.
fn acts_at_graph(route: OperationSpec) -> OperationSpec {
    route.require_api_key().requires_connection().problems([ProblemKind::TeamsNotAvailable, ProblemKind::OrderRefused])
}

fn on_existing_meeting(route: OperationSpec) -> OperationSpec {
    acts_at_graph(route).problems([ProblemKind::MeetingGone])
}

fn create_meeting() -> OperationSpec {
    let body = json!({
        "subject": "Interview: Adam Wiśniewski",
        "start": "2027-01-20T10:00:00+01:00",
        "end": "2027-01-20T10:45:00+01:00",
        "attendees": ["adam@example.org"],
        "lobby": "invited",
        "recording": "off"
    });
    let id = [("customer", "$request.path.customer"), ("user", "$request.path.user"), ("id", "$response.body#/id")];
    let route = OperationSpec::of(routes::CREATE_MEETING, "orderMeeting").describe(
        TAG,
        "Order a meeting",
        "One order, one meeting, one link, in the recruiter's own name. Repeat it with the same `Idempotency-Key` as \
         often as you like: the same meeting is returned, as Microsoft has it now. A key belongs to one recruiter \
         and is valid until 30 days after the end of the meeting; after a cancellation it is answered with \
         `order_cancelled`.",
    );
    let mut route = acts_at_graph(route)
        .requires_idempotency_key()
        .problems([ProblemKind::OrderCancelled])
        .json_body::<CreateMeetingRequest>(body)
        .json_response::<MeetingResponse>(StatusCode::CREATED, "The meeting has been created.", meeting("created"))
        .json_response::<MeetingResponse>(
            StatusCode::OK,
            "The same order created the meeting earlier.",
            meeting("existing"),
        );
    route = route.with_header(StatusCode::CREATED, "Location");
    for status in [StatusCode::CREATED, StatusCode::OK] {
        route = route.with_header(status, "Idempotency-Replayed").with_header(status, "ETag");
        for operation in ["readMeeting", "changeMeeting", "cancelMeeting"] {
            route = route.link(status, operation, &id);
        }
    }
    route
}

fn get_meeting() -> OperationSpec {
    let route = OperationSpec::of(routes::GET_MEETING, "readMeeting").describe(
        TAG,
        "Get a meeting",
        "The meeting as Microsoft has it now, with its link and options.",
    );
    on_existing_meeting(route)
        .json_response::<MeetingResponse>(StatusCode::OK, "The meeting.", meeting("existing"))
        .with_header(StatusCode::OK, "ETag")
}

fn update_meeting() -> OperationSpec {
    let route = OperationSpec::of(routes::UPDATE_MEETING, "changeMeeting").describe(
        TAG,
        "Change a meeting",
        "Takes the members of an order; whatever you leave out stays, and so does the link. A list of people \
         replaces the previous one.",
    );
    on_existing_meeting(route)
        .json_body::<UpdateMeetingRequest>(
            json!({"start": "2027-01-21T12:00:00+01:00", "end": "2027-01-21T12:45:00+01:00"}),
        )
        .json_response::<MeetingResponse>(StatusCode::OK, "The meeting, as it is now.", meeting("updated"))
        .with_header(StatusCode::OK, "ETag")
        .optional_if_match()
}

fn cancel() -> OperationSpec {
    let route = OperationSpec::of(routes::CANCEL_MEETING, "cancelMeeting").describe(
        TAG,
        "Cancel a meeting",
        "Its link then leads nowhere, and its key is answered with `order_cancelled` until 30 days after its end. A \
         meeting that no longer exists counts as cancelled.",
    );
    on_existing_meeting(route)
        .empty_response(StatusCode::NO_CONTENT, "The meeting has been cancelled.")
        .empty_response(
            StatusCode::ACCEPTED,
            "The recruiter must sign in: for link, invitation and key the meeting is cancelled, but it still exists \
             at Microsoft. After the sign-in, the same request cancels it there.",
        )
        .optional_if_match()
}

fn hand_over() -> OperationSpec {
    let route = OperationSpec::of(routes::HAND_OVER_MEETING, "handOverMeeting").describe(
        TAG,
        "Hand over a meeting",
        "Creates a new meeting in a colleague's name and cancels the previous one; the previous `link` leads to the \
         new meeting. Sending the same request again finishes what was interrupted. If the recruiter has left, the \
         new meeting is created from `subject`, `start`, `end` and the other members of an order, and \
         `previous_cancelled` is false.",
    );
    on_existing_meeting(route)
        .json_body::<HandOverRequest>(json!({"to_user": "jan"}))
        .json_response::<MeetingResponse>(StatusCode::CREATED, "The meeting has been handed over.", meeting("created"))
        .with_header(StatusCode::CREATED, "Location")
        .json_response::<MeetingResponse>(StatusCode::OK, "The colleague already has the meeting.", meeting("existing"))
        .with_header(StatusCode::CREATED, "ETag")
        .with_header(StatusCode::OK, "ETag")
        .problems([ProblemKind::TooManyHandOvers])
}

fn invitation() -> OperationSpec {
    let route = OperationSpec::of(routes::GET_INVITATION, "readInvitation").describe(
        TAG,
        "Get a meeting's invitation",
        "An iCalendar file (RFC 5545) to attach to an e-mail: `method` `request` for an invitation or an update, \
         `publish` for a calendar that nobody replies from, such as the recruiter's own, `cancel` to withdraw the \
         event, even if the meeting no longer exists. The event keeps its identifier, and each message counts as \
         newer than the ones before. An invitation without attendees, and any message from a recruiter without a \
         mailbox, is published; the media type names the method.",
    );
    on_existing_meeting(route)
        .optional_query_enum::<ItipMethod>("method", "Defaults to `request`.")
        .optional_query_enum::<Language>("language", "The language of the texts; defaults to `Accept-Language`.")
        .optional_query_matching(
            "time_zone",
            "^.+$",
            "The time zone of the times, by its IANA name such as `Europe/Warsaw` or its Windows name; defaults to \
             UTC.",
        )
        .optional_query_matching(
            "alarm",
            "^[0-9]{1,5}$",
            "A reminder this many minutes before the interview; at most 40320.",
        )
        .optional_query(
            "attendee",
            "With `cancel`: the addresses of those who no longer take part, separated by commas. The meeting still \
             takes place.",
        )
        .optional_query(
            "organizer",
            "With `cancel`: the mailbox named in the invitations, if the recruiter's account is no longer available.",
        )
        .file_response("text/calendar", "The message.")
        .problems([ProblemKind::InvalidFields])
}

fn qr_code() -> OperationSpec {
    let route = OperationSpec::of(routes::GET_QR_CODE, "readQrCode").describe(
        TAG,
        "Get the QR code of a meeting's link",
        "For a printed invitation: an SVG with a quiet zone around it.",
    );
    on_existing_meeting(route).file_response("image/svg+xml", "The code.")
}

fn join() -> OperationSpec {
    OperationSpec::of(routes::FOLLOW_MEETING_LINK, "joinMeeting")
        .describe(
            "Pages",
            "Join a meeting",
            "For everybody who is invited: a meeting's `link` leads to where it takes place now.",
        )
        .responds_with_html()
        .redirect_response("Redirects to Microsoft Teams.")
        .problems([ProblemKind::LinkUnusable, ProblemKind::InterviewCancelled, ProblemKind::VaultUnavailable])
}
