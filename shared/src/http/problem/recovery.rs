//! The request that gets a link for whoever can solve a problem.

use serde::Serialize;

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
    body: Option<RecoveryBody>,
}

/// The body of the request for a connect link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MendBody))]
pub(super) struct RecoveryBody {
    /// Lets the recruiter choose the account: single sign-on would take the same one again.
    pub(super) select_account: bool,
}

impl RecoveryRequest {
    pub(super) fn get(url: String) -> Self {
        Self { method: "GET", url, body: None }
    }

    pub(super) fn post(url: String) -> Self {
        Self { method: "POST", url, body: None }
    }

    pub(super) fn with_body(self, body: RecoveryBody) -> Self {
        Self { body: Some(body), ..self }
    }
}
