//! Why Entra did not do what was asked.

use std::time::Duration;

use crate::adapters::http_client::HttpError;
use crate::adapters::microsoft::id_token::IdTokenError;
use crate::adapters::microsoft::jwks::JwksError;
use crate::domain::finding::{Evidence, Finding};

/// Why Entra did not do what was asked, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum EntraError {
    /// The customer's app does not work. The users' tokens are untouched.
    #[error("Entra refused the customer's app: {}", .0.kind.code())]
    AppRejected(Finding),
    /// This user's sign-in is not accepted; `certain` when Entra wants the user herself.
    #[error("Entra refused the sign-in: {}", .finding.kind.code())]
    SignInRejected {
        /// Why.
        finding: Finding,
        /// Whether it needs no confirmation.
        certain: bool,
    },
    /// The id_token proves nothing.
    #[error("the id_token was refused")]
    IdToken(#[source] IdTokenError),
    /// Too often, or out of service, or out of reach. Try later.
    #[error("Entra is not available")]
    Unavailable {
        /// When.
        retry_after: Option<Duration>,
        /// What happened on the way, if anything did.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// Our request was wrong, or refused for a reason that nobody documented.
    #[error("Entra refused the request (AADSTS{:?})", .0.aadsts)]
    RequestRejected(Evidence),
    /// The app's key is none, so Entra was not asked.
    #[error("the key of the customer's app cannot sign")]
    CannotSign,
    /// The answer is not what the protocol says.
    #[error("Entra answered {0}")]
    Protocol(&'static str),
}

impl From<HttpError> for EntraError {
    fn from(fault: HttpError) -> Self {
        Self::Unavailable { retry_after: fault.retry_after(), source: Some(fault.into()) }
    }
}

impl From<JwksError> for EntraError {
    fn from(fault: JwksError) -> Self {
        match fault {
            JwksError::Http(fault) => fault.into(),
            JwksError::Protocol(what) => Self::Protocol(what),
        }
    }
}
