//! `/control/…` on the login listener: faults, events, time, and what was recorded.

use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::directory_event::DirectoryEvent;
use crate::fault_rules::FaultRule;
use crate::graph::meeting::{MeetingRecord, SimulatedMeeting};
use crate::http_message::{SimulatedRequest, SimulatedResponse};
use crate::state::{SharedState, SimulatorState};

/// Sets or moves the clock; exactly one of both.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetClockRequest {
    #[serde(default)]
    set: Option<i64>,
    #[serde(default)]
    advance_seconds: Option<i64>,
}

/// New redirect URIs, for one application or for all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetRedirectUrisRequest {
    redirect_uris: Vec<String>,
    #[serde(default)]
    client_id: Option<Uuid>,
}

/// Answers a control request.
pub(crate) fn answer(shared: &SharedState, call: &SimulatedRequest) -> SimulatedResponse {
    let path: Vec<&str> = call.path.iter().skip(1).map(String::as_str).collect();
    let result = match (&call.method, path.as_slice()) {
        (&Method::GET, ["faults"]) => Ok(json!(shared.faults.all())),
        (&Method::POST, ["faults"]) => body::<FaultRule>(call).map(|fault| {
            shared.faults.add(fault);
            json!(shared.faults.all())
        }),
        (&Method::DELETE, ["faults"]) => {
            shared.faults.clear();
            Ok(json!([]))
        }
        (&Method::GET, ["requests"]) => Ok(json!(shared.world().journal)),
        (&Method::DELETE, ["requests"]) => {
            shared.world().journal.clear();
            Ok(json!([]))
        }
        (&Method::GET, ["meetings"]) => Ok(json!(meetings(&shared.world()))),
        (&Method::GET, ["directory"]) => Ok(json!(shared.world().directory)),
        (&Method::POST, ["events"]) => body::<DirectoryEvent>(call).and_then(|event| {
            let done = shared.world().apply(event);
            done.map_err(|error| error.to_string())?;
            Ok(json!({ "done": true }))
        }),
        (&Method::GET, ["clock"]) => Ok(clock(&shared.world())),
        (&Method::POST, ["clock"]) => {
            body::<SetClockRequest>(call).and_then(|change| set_clock(&mut shared.world(), &change))
        }
        (&Method::PUT, ["redirect-uris"]) => body::<SetRedirectUrisRequest>(call).and_then(|change| {
            let mut world = shared.world();
            set_redirect_uris(&mut world, change.client_id, &change.redirect_uris)?;
            Ok(json!({ "redirect_uris": change.redirect_uris }))
        }),
        _ => {
            return SimulatedResponse::json(
                StatusCode::NOT_FOUND,
                &json!({ "error": format!("no control route {} {}", call.method, call.address) }),
            );
        }
    };
    match result {
        Ok(body) => SimulatedResponse::json(StatusCode::OK, &body),
        Err(error) => SimulatedResponse::json(StatusCode::BAD_REQUEST, &json!({ "error": error })),
    }
}

/// Reads a JSON body.
///
/// The media type is insisted on: no page of another origin can send it without asking
/// first, so no page can reach in here.
fn body<T: DeserializeOwned>(call: &SimulatedRequest) -> Result<T, String> {
    if !call.is_json() {
        return Err("the content type must be application/json".to_owned());
    }
    serde_json::from_slice(&call.body).map_err(|error| error.to_string())
}

/// All meetings, deleted ones too.
pub(crate) fn meetings(world: &SimulatorState) -> Vec<MeetingRecord> {
    world.meetings.iter().map(|SimulatedMeeting { record, .. }| record.clone()).collect()
}

/// Registers redirect URIs for one application, or for all.
pub(crate) fn set_redirect_uris(
    world: &mut SimulatorState,
    client_id: Option<Uuid>,
    uris: &[String],
) -> Result<(), String> {
    let mut found = false;
    for app in world
        .directory
        .tenants
        .iter_mut()
        .flat_map(|tenant| &mut tenant.apps)
        .filter(|app| client_id.is_none_or(|id| id == app.client_id))
    {
        app.redirect_uris = uris.to_vec();
        found = true;
    }
    if found { Ok(()) } else { Err("the directory has no such application".to_owned()) }
}

fn clock(world: &SimulatorState) -> Value {
    let now = world.now();
    json!({ "now": now, "unix_seconds": now.as_second() })
}

fn set_clock(world: &mut SimulatorState, change: &SetClockRequest) -> Result<Value, String> {
    match (change.set, change.advance_seconds) {
        (Some(seconds), None) => {
            let then = Timestamp::from_second(seconds).map_err(|error| error.to_string())?;
            world.clock.set(then);
        }
        (None, Some(seconds)) => world.clock.advance(SignedDuration::from_secs(seconds)),
        _ => return Err("give either set (unix seconds) or advance_seconds".to_owned()),
    }
    Ok(clock(world))
}
