//! Receives events, as the ATS does: the signature is verified first.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use shared::types::clock::{SignedDuration, Timestamp};

use crate::console::event_log::ReceivedWebhook;
use crate::console::state::Console;

/// How far a signature's time may be off.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// `POST /console/events`: an event arrives.
pub(super) async fn receive(State(console): State<Console>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let at = text("webhook-timestamp").and_then(|at| Timestamp::from_second(at.parse().ok()?).ok());
    let (Some(id), Some(at), Some(signatures)) = (text("webhook-id"), at, text("webhook-signature")) else {
        return StatusCode::BAD_REQUEST;
    };
    let Ok(body) = std::str::from_utf8(&body) else { return StatusCode::BAD_REQUEST };
    let is_recent = at.duration_until(console.clock.now()).abs() <= TOLERANCE;
    if !is_recent || !console.webhook_keys.iter().any(|key| key.verify((id, at, body), signatures)) {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(document) = serde_json::from_str::<Value>(body) else { return StatusCode::BAD_REQUEST };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    console.events.add(ReceivedWebhook {
        id: id.to_owned(),
        kind: text(&document["type"]),
        time: text(&document["time"]),
        sentence: document["data"]["sentence"].clone(),
    });
    StatusCode::NO_CONTENT
}
