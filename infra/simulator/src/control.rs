//! `/control/…` on the login listener: faults, events, time, and what was recorded.

use std::net::IpAddr;

use axum::http::header::HOST;
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

/// Sets or moves the clock. Exactly one of the two members is required.
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

/// Whether the request names this machine, or an address. A page whose own host name resolves to this machine (DNS
/// rebinding) would name that.
fn is_own_host(call: &SimulatedRequest) -> bool {
    let host = call.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok()
}

/// Serves a control request.
pub(crate) fn answer(shared: &SharedState, call: &SimulatedRequest) -> SimulatedResponse {
    if !is_own_host(call) {
        let error = json!({ "error": "control routes answer only to localhost or an IP address" });
        return SimulatedResponse::json(StatusCode::MISDIRECTED_REQUEST, &error);
    }
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
        (&Method::GET, ["requests"]) => Ok(json!(shared.lock().request_log)),
        (&Method::DELETE, ["requests"]) => {
            shared.lock().request_log.clear();
            Ok(json!([]))
        }
        (&Method::GET, ["meetings"]) => Ok(json!(meetings(&shared.lock()))),
        (&Method::GET, ["directory"]) => Ok(json!(shared.lock().directory)),
        (&Method::POST, ["events"]) => body::<DirectoryEvent>(call).and_then(|event| {
            let done = shared.lock().apply(event);
            done.map_err(|error| error.to_string())?;
            Ok(json!({ "done": true }))
        }),
        (&Method::GET, ["clock"]) => Ok(clock(&shared.lock())),
        (&Method::POST, ["clock"]) => {
            body::<SetClockRequest>(call).and_then(|change| set_clock(&mut shared.lock(), &change))
        }
        (&Method::PUT, ["redirect-uris"]) => body::<SetRedirectUrisRequest>(call).and_then(|change| {
            let mut state = shared.lock();
            set_redirect_uris(&mut state, change.client_id, &change.redirect_uris)?;
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

/// Parses a JSON body.
///
/// The media type is required: a page of another origin cannot send it without a CORS
/// preflight, so no page can control the simulator.
fn body<T: DeserializeOwned>(call: &SimulatedRequest) -> Result<T, String> {
    if !call.is_json() {
        return Err("the content type must be application/json".to_owned());
    }
    serde_json::from_slice(&call.body).map_err(|error| error.to_string())
}

/// All meetings, including deleted ones.
pub(crate) fn meetings(state: &SimulatorState) -> Vec<MeetingRecord> {
    state.meetings.iter().map(|SimulatedMeeting { record, .. }| record.clone()).collect()
}

/// Registers redirect URIs for one application, or for all.
pub(crate) fn set_redirect_uris(
    state: &mut SimulatorState,
    client_id: Option<Uuid>,
    uris: &[String],
) -> Result<(), String> {
    let mut found = false;
    for app in state
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

fn clock(state: &SimulatorState) -> Value {
    let now = state.now();
    json!({ "now": now, "unix_seconds": now.as_second() })
}

fn set_clock(state: &mut SimulatorState, change: &SetClockRequest) -> Result<Value, String> {
    match (change.set, change.advance_seconds) {
        (Some(seconds), None) => {
            let then = Timestamp::from_second(seconds).map_err(|error| error.to_string())?;
            state.clock.set(then);
        }
        (None, Some(seconds)) => state.clock.advance(SignedDuration::from_secs(seconds)),
        _ => return Err("give either set (unix seconds) or advance_seconds".to_owned()),
    }
    Ok(clock(state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_page_of_another_host_cannot_control_the_simulator() {
        for (host, allowed) in [
            ("localhost:9000", true),
            ("LOCALHOST", true),
            ("127.0.0.1:9000", true),
            ("[::1]:9000", true),
            ("10.0.0.2:9000", true),
            ("rebound.example:9000", false),
            ("localhost.rebound.example", false),
            ("", false),
        ] {
            let request = axum::extract::Request::builder().uri("/control/clock").header(HOST, host);
            let call = SimulatedRequest::read(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
            assert_eq!(is_own_host(&call), allowed, "{host}");
        }
    }
}
