//! Errors in Graph's format.

use axum::http::StatusCode;
use serde_json::json;

use crate::http_message::{SimulatedRequest, SimulatedResponse};
use crate::state::SimulatorState;

/// An error of Graph.
#[derive(Clone, Debug)]
pub(crate) struct GraphErrorBody {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) retry_after: Option<u64>,
}

impl GraphErrorBody {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into(), retry_after: None }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// The error for an organizer without licence, policy or permission. It names no reason.
    pub(crate) fn forbidden() -> Self {
        Self::new(403, "Forbidden", "")
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "itemNotFound", "The resource could not be found.")
    }

    pub(crate) fn answer(&self, state: &mut SimulatorState, call: &SimulatedRequest) -> SimulatedResponse {
        let request_id = state.randomness.guid().to_string();
        let client_request_id = call.header("client-request-id").unwrap_or(&request_id);
        let body = json!({
            "error": {
                "code": self.code,
                "message": self.message,
                "innerError": {
                    "date": state.now().strftime("%Y-%m-%dT%H:%M:%S").to_string(),
                    "request-id": request_id,
                    "client-request-id": client_request_id,
                },
            },
        });
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut answer = SimulatedResponse::json(status, &body).code(self.code.clone());
        if self.status == 401 {
            answer = answer.header(
                "www-authenticate",
                &format!(
                    "Bearer realm=\"\", authorization_uri=\"{}/common/oauth2/authorize\", \
                     client_id=\"00000003-0000-0000-c000-000000000000\"",
                    state.login
                ),
            );
        }
        if let Some(seconds) = self.retry_after {
            answer = answer.header("retry-after", &seconds.to_string());
        }
        answer
    }
}
