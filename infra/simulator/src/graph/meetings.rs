//! Operations on online meetings.

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::graph::access::TokenBearer;
use crate::graph::error::GraphErrorBody;
use crate::graph::meeting::SimulatedMeeting;
use crate::graph::response::{knows_all_members, render};
use crate::graph::schema::{CREATE_OR_GET, ONLINE_MEETING, PropertyAccess, selected};
use crate::graph::time;
use crate::http_message::{SimulatedRequest, SimulatedResponse, value};
use crate::state::{SimulatorState, later};

/// `POST /me/onlineMeetings`.
pub(crate) fn create(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    caller: &TokenBearer,
) -> Result<SimulatedResponse, GraphErrorBody> {
    organizer(state, caller)?;
    let body = checked_body(call)?;
    only(&body, &[PropertyAccess::Writable, PropertyAccess::OnCreate])?;
    let times = times(state, &body)?;
    let mut meeting = new_meeting(state, caller)?;
    meeting.write(&body);
    (meeting.record.start, meeting.record.end) = times;
    let answer = shown(state, call, &meeting, StatusCode::CREATED)?;
    state.meetings.push(meeting);
    Ok(answer)
}

/// `POST /me/onlineMeetings/createOrGet`: one meeting for each organizer and external id.
///
/// An existing meeting is returned unchanged, whatever the body says. After a delete the
/// same external id creates a new one.
pub(crate) fn create_or_get(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    caller: &TokenBearer,
) -> Result<SimulatedResponse, GraphErrorBody> {
    organizer(state, caller)?;
    let mut body = checked_body(call)?;
    let external_id = body
        .get("externalId")
        .and_then(Value::as_str)
        .filter(|id| !id.is_empty())
        .ok_or_else(|| GraphErrorBody::bad_request("The parameter 'externalId' is required."))?
        .to_owned();
    let times = times(state, &body)?;
    let ignored: Vec<String> = body
        .keys()
        .filter(|name| !CREATE_OR_GET.contains(&name.as_str()) && *name != "@odata.type")
        .map(|name| format!("ignored:{name}"))
        .collect();
    body.retain(|name, _| CREATE_OR_GET.contains(&name.as_str()));
    let existing = state.meetings.iter().find(|meeting| {
        meeting.is_of(caller.tenant, caller.oid)
            && !meeting.record.deleted
            && meeting.record.external_id.as_deref() == Some(&external_id)
    });
    if let Some(existing) = existing {
        return Ok(shown(state, call, existing, StatusCode::OK)?.notes(ignored));
    }
    let mut meeting = new_meeting(state, caller)?;
    meeting.write(&body);
    meeting.record.external_id = Some(external_id);
    (meeting.record.start, meeting.record.end) = times;
    let answer = shown(state, call, &meeting, StatusCode::CREATED)?;
    state.meetings.push(meeting);
    Ok(answer.notes(ignored))
}

/// `GET /me/onlineMeetings/{id}`, for the organizer and the invited.
pub(crate) fn read(
    state: &SimulatorState,
    call: &SimulatedRequest,
    caller: &TokenBearer,
    id: &str,
) -> Result<SimulatedResponse, GraphErrorBody> {
    let meeting =
        visible(state, caller).find(|meeting| meeting.record.id == id).ok_or_else(GraphErrorBody::not_found)?;
    shown(state, call, meeting, StatusCode::OK)
}

/// `GET /me/onlineMeetings?$filter=JoinWebUrl eq '…'`. A filter is required.
pub(crate) fn find(
    state: &SimulatorState,
    call: &SimulatedRequest,
    caller: &TokenBearer,
) -> Result<SimulatedResponse, GraphErrorBody> {
    let unsupported = || GraphErrorBody::bad_request("A filter by JoinWebUrl or joinMeetingId must be given.");
    let filter = value(&call.query, "$filter").ok_or_else(unsupported)?;
    let (property, wanted) = filter.split_once(" eq ").ok_or_else(unsupported)?;
    // OData doubles quotation marks in literals.
    let wanted = wanted
        .trim()
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''))
        .ok_or_else(unsupported)?
        .replace("''", "'");
    let by_link = property.trim().eq_ignore_ascii_case("joinWebUrl");
    let by_id = property.trim().eq_ignore_ascii_case("joinMeetingIdSettings/joinMeetingId");
    if !by_link && !by_id {
        return Err(unsupported());
    }
    let names = select(call)?;
    let found: Vec<Map<String, Value>> = visible(state, caller)
        .filter(|meeting| (by_link && meeting.record.join_web_url == wanted) || (by_id && meeting.join_id == wanted))
        .map(|meeting| render(state, call, meeting, names.as_deref()))
        .collect();
    let body = json!({
        "@odata.context": format!(
            "{}/v1.0/$metadata#users('{}')/onlineMeetings", state.graph, caller.oid
        ),
        "value": found,
    });
    Ok(SimulatedResponse::json(StatusCode::OK, &body))
}

/// `PATCH /me/onlineMeetings/{id}`. A new time needs start and end.
pub(crate) fn update(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    caller: &TokenBearer,
    id: &str,
) -> Result<SimulatedResponse, GraphErrorBody> {
    let index = own(state, caller, id)?;
    let body = checked_body(call)?;
    only(&body, &[PropertyAccess::Writable])?;
    let times = match (body.get("startDateTime"), body.get("endDateTime")) {
        (None, None) => None,
        (Some(Value::String(_)), Some(Value::String(_))) => Some(times(state, &body)?),
        _ => {
            return Err(GraphErrorBody::bad_request("startDateTime and endDateTime must be updated together."));
        }
    };
    let meeting = state.meetings.get_mut(index).ok_or_else(GraphErrorBody::not_found)?;
    meeting.write(&body);
    if let Some((start, end)) = times {
        meeting.record.start = start;
        meeting.record.end = end;
    }
    meeting.record.changes += 1;
    let meeting = meeting.clone();
    shown(state, call, &meeting, StatusCode::OK)
}

/// `DELETE /me/onlineMeetings/{id}`.
pub(crate) fn delete(
    state: &mut SimulatorState,
    caller: &TokenBearer,
    id: &str,
) -> Result<SimulatedResponse, GraphErrorBody> {
    let index = own(state, caller, id)?;
    let meeting = state.meetings.get_mut(index).ok_or_else(GraphErrorBody::not_found)?;
    meeting.record.deleted = true;
    Ok(SimulatedResponse::empty(StatusCode::NO_CONTENT))
}

/// Checks that the account may organize: licensed, and not a guest.
fn organizer(state: &SimulatorState, caller: &TokenBearer) -> Result<(), GraphErrorBody> {
    match state.account(caller.tenant, caller.oid) {
        Some((_, user)) if user.licensed && !user.guest => Ok(()),
        _ => Err(GraphErrorBody::forbidden()),
    }
}

fn new_meeting(state: &mut SimulatorState, caller: &TokenBearer) -> Result<SimulatedMeeting, GraphErrorBody> {
    state.new_meeting(caller.tenant, caller.oid).ok_or_else(GraphErrorBody::forbidden)
}

fn visible<'a>(state: &'a SimulatorState, caller: &TokenBearer) -> impl Iterator<Item = &'a SimulatedMeeting> {
    let (tenant, oid) = (caller.tenant, caller.oid);
    let upn = state.account(tenant, oid).map_or_else(String::new, |(_, user)| user.upn.clone());
    state.meetings.iter().filter(move |meeting| {
        !meeting.record.deleted && (meeting.is_of(tenant, oid) || meeting.invites(tenant, oid, &upn))
    })
}

/// Index of a meeting that the user organizes. Only the organizer may change it.
fn own(state: &SimulatorState, caller: &TokenBearer, id: &str) -> Result<usize, GraphErrorBody> {
    let index = state
        .meetings
        .iter()
        .position(|meeting| {
            meeting.record.id == id && !meeting.record.deleted && meeting.is_of(caller.tenant, caller.oid)
        })
        .ok_or_else(|| {
            if visible(state, caller).any(|meeting| meeting.record.id == id) {
                GraphErrorBody::forbidden()
            } else {
                GraphErrorBody::not_found()
            }
        })?;
    organizer(state, caller)?;
    Ok(index)
}

fn checked_body(call: &SimulatedRequest) -> Result<Map<String, Value>, GraphErrorBody> {
    if !call.is_json() {
        return Err(GraphErrorBody::new(415, "UnsupportedMediaType", "The content type must be application/json."));
    }
    let body: Value = serde_json::from_slice(&call.body)
        .map_err(|_| GraphErrorBody::bad_request("Unable to read JSON request payload."))?;
    let Value::Object(body) = body else {
        return Err(GraphErrorBody::bad_request("Unable to read JSON request payload."));
    };
    ONLINE_MEETING.check(&body)?;
    Ok(body)
}

/// Rejects properties that this operation cannot write.
fn only(body: &Map<String, Value>, allowed: &[PropertyAccess]) -> Result<(), GraphErrorBody> {
    let refused = body
        .keys()
        .find(|name| ONLINE_MEETING.property(name).is_some_and(|property| !allowed.contains(&property.access)));
    match refused {
        None => Ok(()),
        Some(name) => {
            Err(GraphErrorBody::bad_request(format!("The property '{name}' cannot be written by this request.")))
        }
    }
}

/// Start and end in a body. The default is one hour from now (`onlinemeeting-createorget.md`).
fn times(state: &SimulatorState, body: &Map<String, Value>) -> Result<(Timestamp, Timestamp), GraphErrorBody> {
    let read = |name: &str| body.get(name).and_then(Value::as_str).and_then(time::parse);
    let hour = SignedDuration::from_hours(1);
    match (read("startDateTime"), read("endDateTime")) {
        (None, None) => Ok((state.now(), later(state.now(), hour))),
        (Some(start), None) => Ok((start, later(start, hour))),
        (Some(start), Some(end)) if start < end => Ok((start, end)),
        (Some(_), Some(_)) => Err(GraphErrorBody::bad_request("The endDateTime must be after the startDateTime.")),
        (None, Some(_)) => {
            Err(GraphErrorBody::bad_request("The startDateTime is required when an endDateTime is given."))
        }
    }
}

fn select(call: &SimulatedRequest) -> Result<Option<Vec<&str>>, GraphErrorBody> {
    selected(call, |name| ONLINE_MEETING.property(name).is_some(), "microsoft.graph.onlineMeeting")
}

fn shown(
    state: &SimulatorState,
    call: &SimulatedRequest,
    meeting: &SimulatedMeeting,
    status: StatusCode,
) -> Result<SimulatedResponse, GraphErrorBody> {
    let names = select(call)?;
    let oid = meeting.record.organizer_oid;
    let mut body = Map::new();
    body.insert(
        "@odata.context".into(),
        json!(format!("{}/v1.0/$metadata#users('{oid}')/onlineMeetings/$entity", state.graph)),
    );
    body.extend(render(state, call, meeting, names.as_deref()));
    let mut answer = SimulatedResponse::json(status, &Value::Object(body));
    if status == StatusCode::CREATED {
        let id: String = form_urlencoded::byte_serialize(meeting.record.id.as_bytes()).collect();
        let location = format!("{}/v1.0/users/{oid}/onlineMeetings/{id}", state.graph);
        answer = answer.header("location", &location);
    }
    if knows_all_members(call) {
        answer = answer.header("preference-applied", "include-unknown-enum-members");
    }
    Ok(answer)
}
