//! The log of requests and their results, without any value that was sent.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::operation::Operation;

/// One request, without the value of any parameter.
#[derive(Clone, Debug, Serialize)]
pub struct RecordedRequest {
    /// The time on the simulator's clock.
    pub at: Timestamp,
    /// `login` or `graph`.
    pub listener: &'static str,
    /// HTTP method.
    pub method: String,
    /// The operation.
    pub operation: Operation,
    /// The tenant, if the request names one.
    pub tenant: Option<Uuid>,
    /// The user, if the request names one.
    pub upn: Option<String>,
    /// Names of query and form parameters, in the order sent.
    pub parameters: Vec<String>,
    /// Status of the response. `None` if the connection was cut.
    pub status: Option<u16>,
    /// `AADSTS…` number or Graph error code of the response.
    pub code: Option<String>,
    /// The correlation id of an error.
    pub correlation_id: Option<String>,
    /// What Microsoft accepts but a careful client avoids, such as `pkce:missing`.
    pub notes: Vec<String>,
    /// Whether a fault changed the response.
    pub faulted: bool,
}
