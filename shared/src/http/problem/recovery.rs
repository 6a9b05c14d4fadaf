//! The request that gets a link for whoever can solve a problem.

use serde::Serialize;
use serde_json::Value;

/// The request whose response has a link for whoever can solve the problem. The link itself is not in the problem, because
/// problems are logged and shown. Besides, not every function can seal a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Mend))]
pub struct RecoveryRequest {
    /// `POST`.
    method: &'static str,
    /// The full address.
    url: String,
    /// The body to send, if it takes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object, nullable = false, required = false))]
    body: Option<Value>,
}

impl RecoveryRequest {
    pub(super) fn post(url: String) -> Self {
        Self { method: "POST", url, body: None }
    }

    pub(super) fn with_body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }
}
