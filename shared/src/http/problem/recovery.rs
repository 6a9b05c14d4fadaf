//! The request that gets a link for whoever can solve a problem.

use serde::Serialize;

/// The request whose answer is a link for whoever can mend it. The link itself is not in the problem: problems are
/// logged and shown, and a link is worth something; and a function that meets a problem need not be able to seal one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Mend))]
pub struct RecoveryRequest {
    /// `POST`.
    method: &'static str,
    /// The whole address.
    url: String,
}

impl RecoveryRequest {
    pub(super) fn post(url: String) -> Self {
        Self { method: "POST", url }
    }
}
