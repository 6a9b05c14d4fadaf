//! The one HTTP client: rustls on ring with bundled roots, no redirects, no proxy, deadlines; and the one retry layer.

mod error;
pub mod transport;

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};

use crate::types::clock::{Clock, Timestamp};

use transport::HttpTransport;

pub(super) use error::HttpError;

/// The largest answer that is read. Real ones have a few kilobytes.
const MAX_RESPONSE_BYTES: usize = 1 << 20;

/// From opening a connection to having it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// One attempt, from the first byte out to the last byte in.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(8);

/// The longest that a request of ours waits because Microsoft said so; beyond it the caller is told instead.
const MAX_RETRY_WAIT: Duration = Duration::from_secs(5);

/// What is passed on of a `Retry-After`, at most.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(5);

/// The client that everything here shares.
///
/// # Errors
/// When TLS cannot be set up, which only a broken build can cause.
#[expect(clippy::disallowed_methods, reason = "the one place that configures an HTTP client")]
pub fn build_client() -> Result<reqwest::Client, Box<dyn std::error::Error + Send + Sync>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(ATTEMPT_TIMEOUT)
        .user_agent(concat!("teams-connect/", env!("CARGO_PKG_VERSION")))
        .build()?;
    Ok(client)
}

/// An answer, whatever it says.
#[derive(Debug)]
pub(super) struct RawResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Whether a request may be sent again when it may have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RetryPolicy {
    /// It has the same effect twice.
    Idempotent,
    /// Only when it certainly did not arrive: a code is redeemed once.
    OnlyIfUnsent,
}

/// Sends what `request` makes, again where that makes sense, within `budget` altogether.
pub(super) async fn send_with_retry(
    line: &HttpTransport,
    budget: Duration,
    repeat: RetryPolicy,
    clock: &Clock,
    request: impl Fn(&reqwest::Client) -> reqwest::RequestBuilder,
) -> Result<RawResponse, HttpError> {
    let attempt = || async { send_once(line, request(line.client()), clock.now()).await };
    let retried = attempt
        .retry(ExponentialBuilder::default().with_min_delay(Duration::from_millis(250)).with_max_times(1).with_jitter())
        .sleep(tokio::time::sleep)
        .when(|fault| match fault {
            HttpError::NotSent(_) => true,
            HttpError::ResponseLost(_) | HttpError::ServerError(..) => repeat == RetryPolicy::Idempotent,
            HttpError::Throttled(after) => after.is_some_and(|after| after <= MAX_RETRY_WAIT),
            HttpError::TooLarge | HttpError::TimedOut => false,
        })
        // No delay means that the tries are used up, whatever Microsoft would have us wait.
        .adjust(|fault, delay| match (fault.retry_after(), delay) {
            (Some(after), Some(_)) => (after <= MAX_RETRY_WAIT).then_some(after),
            (_, delay) => delay,
        });
    tokio::time::timeout(budget, retried).await.unwrap_or(Err(HttpError::TimedOut))
}

async fn send_once(
    line: &HttpTransport,
    request: reqwest::RequestBuilder,
    now: Timestamp,
) -> Result<RawResponse, HttpError> {
    let mut answer = line.send(request).await?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(HttpError::Throttled(retry_after(&headers, now)));
    }
    if status.is_server_error() {
        return Err(HttpError::ServerError(status, retry_after(&headers, now)));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| HttpError::ResponseLost(error.without_url().into()))? {
        if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(RawResponse { status, headers, body })
}

impl RawResponse {
    /// Whether the body says that it is JSON.
    pub(super) fn is_json(&self) -> bool {
        let media_type = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/json")
    }

    /// A header, if it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Seconds or a date (RFC 9110 §10.2.3); what is neither says nothing.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if let Ok(seconds) = text.parse::<u64>() {
        Duration::from_secs(seconds)
    } else {
        let date = Timestamp::try_from(httpdate::parse_http_date(text).ok()?).ok()?;
        Duration::try_from(now.duration_until(date)).unwrap_or_default()
    };
    Some(wait.min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_retry_after_is_understood_or_passed_over() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let wait = |text: &str| {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            retry_after(&headers, now).map(|wait| wait.as_secs())
        };
        assert_eq!(wait("3"), Some(3));
        assert_eq!(wait("86400"), Some(300));
        assert_eq!(wait("Tue, 24 Nov 2026 12:00:07 GMT"), Some(7));
        assert_eq!(wait("Tue, 24 Nov 2026 11:00:00 GMT"), Some(0));
        for nonsense in ["", "-1", "1e9", "soon", "1.5"] {
            assert_eq!(wait(nonsense), None, "{nonsense}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
