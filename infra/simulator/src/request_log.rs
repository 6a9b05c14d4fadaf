//! What was asked, and how it ended; never a value that was sent.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::operation::Operation;

/// One request, without the value of any parameter.
#[derive(Clone, Debug, Serialize)]
pub struct RecordedRequest {
    /// When, on the simulator's clock.
    pub at: Timestamp,
    /// `login` or `graph`.
    pub listener: &'static str,
    /// HTTP method.
    pub method: String,
    /// What was asked for.
    pub operation: Operation,
    /// The tenant, when the request led to one.
    pub tenant: Option<Uuid>,
    /// The user, when the request led to one.
    pub upn: Option<String>,
    /// Names of query and form parameters, in the order sent.
    pub parameters: Vec<String>,
    /// Status of the answer; none when the connection was cut.
    pub status: Option<u16>,
    /// `AADSTS…` number or Graph error code of the answer.
    pub code: Option<String>,
    /// The correlation id that a refusal told.
    pub correlation_id: Option<String>,
    /// What Microsoft lets pass and a careful caller would not do, such as `pkce:missing`.
    pub notes: Vec<String>,
    /// Whether a fault had a hand in it.
    pub faulted: bool,
}
