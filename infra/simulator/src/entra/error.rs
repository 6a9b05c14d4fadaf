//! Errors in Entra's format: as JSON, as a redirect, as a page.
//!
//! Numbers and OAuth codes are those of Microsoft's `reference-error-codes.md`
//! (2024-04) where it lists them; the texts are ours, but for those about federated credentials.

use std::borrow::Cow;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::http_message::{SimulatedRequest, SimulatedResponse, value};
use crate::state::SimulatorState;

/// An error with its AADSTS number.
#[derive(Clone, Debug)]
pub(crate) struct EntraErrorBody {
    pub(crate) number: u32,
    pub(crate) error: Cow<'static, str>,
    pub(crate) text: String,
    pub(crate) status: u16,
    pub(crate) suberror: Option<String>,
    pub(crate) claims: Option<String>,
    pub(crate) retry_after: Option<u64>,
}

impl EntraErrorBody {
    pub(crate) fn new(number: u32, error: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        Self {
            number,
            error: error.into(),
            text: text.into(),
            status: 400,
            suberror: None,
            claims: None,
            retry_after: None,
        }
    }

    /// AADSTS900144: a required parameter is missing.
    pub(crate) fn missing(name: &str) -> Self {
        Self::new(900_144, "invalid_request", format!("The request must contain the parameter '{name}'."))
    }

    /// AADSTS9000411: a parameter is repeated (RFC 6749 §3.1).
    pub(crate) fn duplicated(name: &str) -> Self {
        Self::new(
            9_000_411,
            "invalid_request",
            format!("The request is not properly formatted. The parameter '{name}' is duplicated."),
        )
    }

    /// A rejected grant.
    pub(crate) fn grant(number: u32, text: impl Into<String>) -> Self {
        Self::new(number, "invalid_grant", text)
    }

    /// A failed client authentication, with status 401 as in RFC 6749 §5.2 and a recorded 7000222.
    pub(crate) fn client(number: u32, text: impl Into<String>) -> Self {
        Self::new(number, "invalid_client", text).status(401)
    }

    /// AADSTS50027: not an assertion that Entra takes.
    pub(crate) fn malformed_assertion() -> Self {
        Self::client(50_027, "The client assertion is not a valid JWT for this use.")
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn suberror(mut self, suberror: &str) -> Self {
        self.suberror = Some(suberror.to_owned());
        self
    }

    /// The JSON response of the token and discovery endpoints.
    pub(crate) fn answer(&self, state: &mut SimulatorState, call: &SimulatedRequest) -> SimulatedResponse {
        let trace = ErrorTrace::of(state, call);
        let mut body = Map::new();
        body.insert("error".into(), json!(self.error));
        body.insert("error_description".into(), json!(self.description(&trace)));
        body.insert("error_codes".into(), json!([self.number]));
        body.insert("timestamp".into(), json!(trace.timestamp));
        body.insert("trace_id".into(), json!(trace.id));
        body.insert("correlation_id".into(), json!(trace.correlation));
        body.insert("error_uri".into(), json!(format!("{}/error?code={}", state.login, self.number)));
        if let Some(suberror) = &self.suberror {
            body.insert("suberror".into(), json!(suberror));
        }
        if let Some(claims) = &self.claims {
            body.insert("claims".into(), json!(claims));
        }
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut answer = SimulatedResponse::json(status, &Value::Object(body))
            .header("cache-control", "no-store, no-cache")
            .header("pragma", "no-cache")
            .header("x-ms-request-id", &trace.id)
            .header("x-ms-clitelem", &format!("1,{},0,,", self.number))
            .code(format!("AADSTS{}", self.number))
            .correlation_id(&trace.correlation);
        if let Some(seconds) = self.retry_after {
            answer = answer.header("retry-after", &seconds.to_string());
        }
        answer
    }

    /// The parameters of an error redirect.
    pub(crate) fn parameters(&self, state: &SimulatorState, trace: &ErrorTrace) -> Vec<(String, String)> {
        let mut parameters = vec![
            ("error".to_owned(), self.error.to_string()),
            ("error_description".to_owned(), self.description(trace)),
            ("error_uri".to_owned(), format!("{}/error?code={}", state.login, self.number)),
        ];
        if let Some(suberror) = &self.suberror {
            // Only a cancellation has a parameter of its own.
            let name = if suberror == "cancel" { "error_subcode" } else { "suberror" };
            parameters.push((name.to_owned(), suberror.clone()));
        }
        if let Some(claims) = &self.claims {
            parameters.push(("claims".to_owned(), claims.clone()));
        }
        parameters
    }

    fn description(&self, trace: &ErrorTrace) -> String {
        format!(
            "AADSTS{}: {}\r\nTrace ID: {}\r\nCorrelation ID: {}\r\nTimestamp: {}",
            self.number, self.text, trace.id, trace.correlation, trace.timestamp
        )
    }
}

/// The ids and the time that Microsoft's support asks for.
pub(crate) struct ErrorTrace {
    pub(crate) id: String,
    pub(crate) correlation: String,
    pub(crate) timestamp: String,
}

impl ErrorTrace {
    /// The correlation id is the caller's `client-request-id`, from header or query.
    pub(crate) fn of(state: &mut SimulatorState, call: &SimulatedRequest) -> Self {
        let correlation =
            call.header("client-request-id").or_else(|| value(&call.query, "client-request-id")).map(str::to_owned);
        Self {
            id: state.randomness.guid().to_string(),
            correlation: correlation.unwrap_or_else(|| state.randomness.guid().to_string()),
            timestamp: state.now().strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
        }
    }
}
