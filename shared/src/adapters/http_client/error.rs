//! Why there is no usable answer.

use std::time::Duration;

use http::StatusCode;

/// Why there is no usable answer.
#[derive(Debug, thiserror::Error)]
pub(in crate::adapters) enum HttpError {
    /// The request did not leave: no connection, no TLS.
    #[error("the request was not sent")]
    NotSent(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The request may have arrived; the answer did not.
    #[error("the answer did not arrive")]
    ResponseLost(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// 429.
    #[error("throttled")]
    Throttled(Option<Duration>),
    /// 5xx.
    #[error("out of service ({0})")]
    ServerError(StatusCode, Option<Duration>),
    /// Too large.
    #[error("the answer is too large")]
    TooLarge,
    /// The whole call took too long.
    #[error("no answer in time")]
    TimedOut,
}

impl HttpError {
    /// When it may go better.
    pub(in crate::adapters) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled(after) | Self::ServerError(_, after) => *after,
            Self::NotSent(_) | Self::ResponseLost(_) | Self::TooLarge | Self::TimedOut => None,
        }
    }
}
