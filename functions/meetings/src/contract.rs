//! What the routes take and answer, for the OpenAPI document.

use axum::http::StatusCode;
use serde_json::{Value, json};

use shared::web::contract::Route;
use shared::web::problem::Kind;

use crate::answer::MeetingView;
use crate::parse::{ChangeBody, HandOverBody, OrderBody};

const TAG: &str = "Meetings";
const MEETING: &str = "/v1/customers/{customer}/users/{user}/meetings/{id}";

/// The routes of this function.
#[must_use]
pub fn contract() -> Vec<Route> {
    vec![order(), read(), change(), cancel(), hand_over(), invitation(), join()]
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
        "presenters": [],
        "settings": {"lobby": "invited", "recording": "off", "presenters": "everyone", "chat": "enabled"},
        "dropped": [],
        "join_by_number": {"id": "471 147 114 711", "passcode": "x7Kq2n"},
        "dial_in": {"conference_id": "471147114", "toll_number": "+48 22 000 00 00"}
    })
}

/// Whatever is done with a meeting is done at Graph, in the recruiter's name.
fn at_graph(route: Route) -> Route {
    route.for_callers().needs_a_connection().refuses([Kind::TeamsNotAvailable, Kind::OrderRefused])
}

fn of_a_meeting(route: Route) -> Route {
    at_graph(route).refuses([Kind::MeetingGone])
}

fn order() -> Route {
    let body = json!({
        "subject": "Interview: Adam Wiśniewski",
        "start": "2027-01-20T10:00:00+01:00",
        "end": "2027-01-20T10:45:00+01:00",
        "attendees": ["adam@example.org"],
        "lobby": "invited",
        "recording": "off"
    });
    let id = [("customer", "$request.path.customer"), ("user", "$request.path.user"), ("id", "$response.body#/id")];
    let route = Route::post("/v1/customers/{customer}/users/{user}/meetings", "order_meeting").says(
        TAG,
        "Order a meeting",
        "One order, one meeting, one link, in the recruiter's own name. Repeat it with the same `Idempotency-Key` as often \
         as you like: the same meeting is answered, as Microsoft has it now.",
    );
    let mut route = at_graph(route)
        .idempotent()
        .takes::<OrderBody>(body)
        .answers::<MeetingView>(StatusCode::CREATED, "The meeting was made.", meeting("created"))
        .answers::<MeetingView>(StatusCode::OK, "The same order had made it before.", meeting("existing"))
        // Somebody may delete it between its making and its options.
        .refuses([Kind::MeetingGone]);
    for status in [StatusCode::CREATED, StatusCode::OK] {
        route = route.with_header(status, "Idempotency-Replayed");
        for operation in ["read_meeting", "change_meeting", "cancel_meeting"] {
            route = route.leads_to(status, operation, &id);
        }
    }
    route
}

fn read() -> Route {
    let route = Route::get(MEETING, "read_meeting").says(
        TAG,
        "Read a meeting",
        "As Microsoft has it now, with its link and its options.",
    );
    of_a_meeting(route).answers::<MeetingView>(StatusCode::OK, "The meeting.", meeting("existing"))
}

fn change() -> Route {
    let route = Route::patch(MEETING, "change_meeting").says(
        TAG,
        "Change a meeting",
        "Takes what an order takes; what is left out stays, and so does the link. A list of people takes the place of the \
         former one.",
    );
    of_a_meeting(route)
        .takes::<ChangeBody>(json!({"start": "2027-01-21T12:00:00+01:00", "end": "2027-01-21T12:45:00+01:00"}))
        .answers::<MeetingView>(StatusCode::OK, "The meeting, as it is now.", meeting("updated"))
}

fn cancel() -> Route {
    let route = Route::delete(MEETING, "cancel_meeting").says(
        TAG,
        "Cancel a meeting",
        "Its link leads nowhere afterwards. A meeting that is gone counts as cancelled.",
    );
    of_a_meeting(route).answers_nothing("It is cancelled.")
}

fn hand_over() -> Route {
    let route = Route::post("/v1/customers/{customer}/users/{user}/meetings/{id}/hand-over", "hand_over_meeting").says(
        TAG,
        "Hand a meeting over",
        "A new meeting in a colleague's name, and the former one is cancelled; the `link` of the former leads to the new \
         one. The same request again finishes what was interrupted.",
    );
    of_a_meeting(route)
        .takes::<HandOverBody>(json!({"to_user": "jan"}))
        .answers::<MeetingView>(StatusCode::CREATED, "The colleague has the meeting.", meeting("created"))
        .answers::<MeetingView>(StatusCode::OK, "The colleague had it before.", meeting("existing"))
        .refuses([Kind::TooManyHandOvers])
}

fn invitation() -> Route {
    let route = Route::get(
        "/v1/customers/{customer}/users/{user}/meetings/{id}/invitation.ics",
        "read_invitation",
    )
    .says(
        TAG,
        "Read a meeting's invitation",
        "iCalendar (RFC 5545) to attach to a mail: `method` `request` for an invitation or a change of one, `cancel` to take \
         it back, also of a meeting that is gone. The event keeps its name and counts its changes.",
    );
    of_a_meeting(route)
        .may_choose("method", &["request", "cancel"], "`request` where it is left out.")
        .may_choose("language", &["pl", "en"], "Of the texts; that of `Accept-Language` where it is left out.")
        .may_ask("time_zone", "Of the times, by its IANA name such as `Europe/Warsaw`; UTC where it is left out.")
        .answers_text(StatusCode::OK, "text/calendar", "The message.")
        .refuses([Kind::InvalidFields])
}

fn join() -> Route {
    Route::get("/m/{link}", "join_meeting")
        .says(TAG, "Join a meeting", "Whoever is invited comes here: the `link` of a meeting leads to where it is now.")
        .for_people()
        .sends_on("On to Microsoft Teams.")
        .refuses([Kind::LinkUnusable, Kind::InterviewCancelled, Kind::VaultUnavailable])
}
