//! The request that gets a link for whoever can solve a problem.

use serde::Serialize;

/// The request whose response has a link for whoever can solve the problem. The link itself is not in the problem, because
/// problems are logged and shown. Besides, not every function can seal a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Mend))]
pub struct RecoveryRequest {
    /// `POST`.
    method: &'static str,
    /// The full address.
    url: String,
}

impl RecoveryRequest {
    pub(super) fn post(url: String) -> Self {
        Self { method: "POST", url }
    }
}
