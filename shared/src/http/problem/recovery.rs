//! The request that gets a link for whoever can solve a problem.

use serde::Serialize;

use crate::types::language::Language;

/// A request whose response has a link for the person who can solve the problem: `url`, or `consent_url` if an
/// administrator must consent. The link itself is not in the problem, because problems are logged and shown. Besides,
/// not every function can seal a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Mend))]
pub struct RecoveryRequest {
    /// `POST`, or `GET` to read the customer.
    method: &'static str,
    /// The full address.
    url: String,
    /// The body to send, if the request takes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<RecoveryBody>,
}

/// The body of the request for a connect link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MendBody))]
pub struct RecoveryBody {
    /// Lets the recruiter choose the account: single sign-on would pick the same one again.
    pub select_account: bool,
    /// Who must sign in: the account that the previous link or its completion expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_account: Option<String>,
    /// The `state` of the previous link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The `completion_url` of the previous link.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    pub completion_url: Option<String>,
    /// The language of the previous link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

impl RecoveryRequest {
    #[must_use]
    pub fn get(url: String) -> Self {
        Self { method: "GET", url, body: None }
    }

    #[must_use]
    pub fn post(url: String, body: Option<RecoveryBody>) -> Self {
        Self { method: "POST", url, body }
    }
}
