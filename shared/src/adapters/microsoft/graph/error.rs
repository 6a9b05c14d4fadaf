//! Why Graph did not do what we requested.

use std::time::Duration;

use crate::adapters::http_client::HttpError;

/// Why Graph did not do what we requested. The variants differ by what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// The access token is not valid. Refresh it once.
    #[error("Graph does not accept the access token")]
    TokenRejected,
    /// Permission, licence or policy: Graph has one status for all.
    #[error("Graph does not allow it ({0})")]
    NotAllowed(String),
    /// The meeting does not exist.
    #[error("Graph knows no such meeting")]
    NotFound,
    /// Graph rejected the request.
    #[error("Graph rejected the request ({0})")]
    Refused(String),
    /// Throttled, out of service or not reachable. A retry is safe.
    #[error("Graph is not available")]
    Unavailable {
        /// When to try again, if Graph said so.
        retry_after: Option<Duration>,
        /// The error of the HTTP call, if there was one.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The response does not follow the documentation. A success must have a join URL.
    #[error("Graph answered {0}")]
    Protocol(&'static str),
}

impl From<HttpError> for GraphError {
    fn from(error: HttpError) -> Self {
        Self::Unavailable { retry_after: error.retry_after(), source: Some(error.into()) }
    }
}
