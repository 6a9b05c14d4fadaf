//! Why there is no usable response.

use std::time::Duration;

use http::StatusCode;

/// Why there is no usable response.
#[derive(Debug, thiserror::Error)]
pub(in crate::adapters) enum HttpError {
    /// The request was not sent: no connection or no TLS.
    #[error("the request was not sent")]
    NotSent(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The request may have arrived, but the response did not.
    #[error("the response did not arrive")]
    ResponseLost(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// 429.
    #[error("throttled")]
    Throttled(Option<Duration>),
    /// 5xx.
    #[error("out of service ({0})")]
    ServerError(StatusCode, Option<Duration>),
    /// The body is too large.
    #[error("the response is too large")]
    TooLarge,
    /// All attempts together took too long.
    #[error("no response in time")]
    TimedOut,
}

impl HttpError {
    /// When to try again, if the peer said so.
    pub(in crate::adapters) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled(after) | Self::ServerError(_, after) => *after,
            Self::NotSent(_) | Self::ResponseLost(_) | Self::TooLarge | Self::TimedOut => None,
        }
    }
}
