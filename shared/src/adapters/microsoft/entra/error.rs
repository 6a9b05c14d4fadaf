//! Why Entra did not do what we requested.

use std::time::Duration;

use crate::adapters::http_client::HttpError;
use crate::adapters::microsoft::id_token::IdTokenError;
use crate::adapters::microsoft::jwks::JwksError;
use crate::domain::entra_app::ProbeError;
use crate::domain::finding::{Evidence, Finding, FindingKind};
use crate::domain::issuer::IssuerKeyError;

/// Why Entra did not do what we requested. The variants differ by what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum EntraError {
    /// Entra rejected the customer's app. Its users' tokens stay as they are.
    #[error("Entra rejected the customer's app: {}", .0.kind.code())]
    AppRejected(Finding),
    /// Entra rejected this recruiter's token.
    #[error("Entra rejected the sign-in: {}", .finding.kind.code())]
    SignInRejected {
        /// Why.
        finding: Finding,
        /// Whether Entra requires interaction: then no second attempt is needed.
        interaction_required: bool,
    },
    /// The id_token is not valid.
    #[error("the id_token was rejected")]
    IdToken(#[source] IdTokenError),
    /// Throttled, out of service or not reachable. Try later.
    #[error("Entra is not available")]
    Unavailable {
        /// When to try again, if Entra said so.
        retry_after: Option<Duration>,
        /// The error of the HTTP call, if there was one.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// Entra rejected the request because it was wrong or for an unknown reason.
    #[error("Entra rejected the request (AADSTS{:?})", .evidence.aadsts)]
    RequestRejected {
        /// The finding, if the reason is known.
        kind: Option<FindingKind>,
        /// What Entra said.
        evidence: Evidence,
    },
    /// There is no private key that can sign for the app, so Entra was not called.
    #[error("no private key can sign for the app")]
    CannotSign,
    /// The response does not follow the protocol.
    #[error("Entra answered {0}")]
    Protocol(&'static str),
}

impl From<HttpError> for EntraError {
    fn from(error: HttpError) -> Self {
        Self::Unavailable { retry_after: error.retry_after(), source: Some(error.into()) }
    }
}

impl From<IssuerKeyError> for EntraError {
    fn from(error: IssuerKeyError) -> Self {
        Self::Unavailable { retry_after: None, source: Some(error.into()) }
    }
}

impl From<ProbeError> for EntraError {
    fn from(ProbeError { retry_after, source }: ProbeError) -> Self {
        Self::Unavailable { retry_after, source }
    }
}

impl From<JwksError> for EntraError {
    fn from(error: JwksError) -> Self {
        match error {
            JwksError::Http(error) => error.into(),
            JwksError::Protocol(what) => Self::Protocol(what),
        }
    }
}
