//! The request that gets a link for whoever can solve a problem.

use serde::Serialize;
use serde_json::Value;

/// The request whose response has a link for whoever can solve the problem: `url`, or `consent_url` where an administrator
/// must consent. The link itself is not in the problem, because
/// problems are logged and shown. Besides, not every function can seal a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Mend))]
pub struct RecoveryRequest {
    /// `POST`, or `GET` for what is known of the customer.
    method: &'static str,
    /// The full address.
    url: String,
    /// The body to send, if it takes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object, nullable = false, required = false))]
    body: Option<Value>,
}

impl RecoveryRequest {
    pub(super) fn get(url: String) -> Self {
        Self { method: "GET", url, body: None }
    }

    pub(super) fn post(url: String) -> Self {
        Self { method: "POST", url, body: None }
    }

    pub(super) fn with_body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }
}
