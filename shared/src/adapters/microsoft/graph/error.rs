//! Why Graph did not do what was asked.

use std::time::Duration;

use crate::adapters::http_client::HttpError;

/// Why Graph did not do what was asked, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// Renew the token, once.
    #[error("Graph does not accept the access token")]
    TokenRejected,
    /// Permission, licence or policy: Graph says the same for all.
    #[error("Graph does not allow it ({0})")]
    NotAllowed(String),
    /// The meeting is gone.
    #[error("Graph knows no such meeting")]
    NotFound,
    /// The order is not one that Graph takes.
    #[error("Graph refused the request ({0})")]
    Refused(String),
    /// Throttled, out of service or out of reach; whatever was asked may be asked again.
    #[error("Graph is not available")]
    Unavailable {
        /// When.
        retry_after: Option<Duration>,
        /// What happened on the way.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The answer is not what the documentation says; no success without a link to join.
    #[error("Graph answered {0}")]
    Protocol(&'static str),
}

impl From<HttpError> for GraphError {
    fn from(fault: HttpError) -> Self {
        Self::Unavailable { retry_after: fault.retry_after(), source: Some(fault.into()) }
    }
}
