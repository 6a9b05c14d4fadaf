//! The only HTTP client: rustls on ring with bundled roots, no redirects, no proxy, timeouts. And the only retry layer.

#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "aws")]
mod aws_connector;
#[cfg(feature = "aws")]
pub mod aws_signer;
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

/// The largest response body that is read. Real ones have a few kilobytes.
const MAX_RESPONSE_BYTES: usize = 1 << 20;

/// The timeout for opening a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The timeout of one attempt, from the first byte sent to the last byte received.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(8);

/// The longest wait for a `Retry-After`. For a longer one the caller gets the error instead.
const MAX_RETRY_WAIT: Duration = Duration::from_secs(5);

/// The maximum that is passed on of a `Retry-After`.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(5);

/// Builds the client that all adapters share. Requests name the product and its version.
///
/// # Errors
/// TLS cannot be set up. Only a broken build can cause that.
pub fn build_client() -> Result<reqwest::Client, Box<dyn std::error::Error + Send + Sync>> {
    build_client_named(concat!("teams-connect/", env!("CARGO_PKG_VERSION")))
}

/// The same, for requests that name their sender otherwise
/// ([`User-Agent`](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.5)).
///
/// # Errors
/// As [`build_client`]; or the name does not fit into a header.
#[expect(clippy::disallowed_methods, reason = "the only place that configures an HTTP client")]
pub fn build_client_named(user_agent: &str) -> Result<reqwest::Client, Box<dyn std::error::Error + Send + Sync>> {
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
        .user_agent(user_agent)
        .build()?;
    Ok(client)
}

/// A response with any status.
#[derive(Debug)]
pub(super) struct RawResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Whether to send a request again that may have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RetryPolicy {
    /// Send it again: twice has the same effect as once.
    Idempotent,
    /// Send it again only if it certainly did not arrive: a code is redeemed once.
    OnlyIfUnsent,
}

/// Sends a request, and again where that makes sense, within `budget` for all attempts.
pub(super) async fn send_with_retry(
    transport: &HttpTransport,
    budget: Duration,
    policy: RetryPolicy,
    clock: &Clock,
    request: impl Fn(&reqwest::Client) -> reqwest::RequestBuilder,
) -> Result<RawResponse, HttpError> {
    let attempt = || async { send_once(transport, request(transport.client()), clock.now()).await };
    let retried = attempt
        .retry(ExponentialBuilder::default().with_min_delay(Duration::from_millis(250)).with_max_times(1).with_jitter())
        .sleep(tokio::time::sleep)
        .when(|error| match error {
            HttpError::NotSent(_) => true,
            HttpError::ResponseLost(_) | HttpError::ServerError(..) => policy == RetryPolicy::Idempotent,
            HttpError::Throttled(after) => after.is_some_and(|after| after <= MAX_RETRY_WAIT),
            HttpError::TooLarge | HttpError::TimedOut => false,
        })
        // No delay means that no attempt is left, whatever `Retry-After` says.
        .adjust(|error, delay| match (error.retry_after(), delay) {
            (Some(after), Some(_)) => (after <= MAX_RETRY_WAIT).then_some(after),
            (_, delay) => delay,
        });
    tokio::time::timeout(budget, retried).await.unwrap_or(Err(HttpError::TimedOut))
}

async fn send_once(
    transport: &HttpTransport,
    request: reqwest::RequestBuilder,
    now: Timestamp,
) -> Result<RawResponse, HttpError> {
    let mut response = transport.send(request).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(HttpError::Throttled(retry_after(&headers, now)));
    }
    if status.is_server_error() {
        return Err(HttpError::ServerError(status, retry_after(&headers, now)));
    }
    let mut body = Vec::new();
    while let Some(chunk) =
        response.chunk().await.map_err(|error| HttpError::ResponseLost(error.without_url().into()))?
    {
        if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(RawResponse { status, headers, body })
}

impl RawResponse {
    /// Whether the `Content-Type` is JSON.
    pub(super) fn is_json(&self) -> bool {
        let media_type = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/json")
    }

    /// The value of a header, if it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Parses seconds or a date (RFC 9110 §10.2.3). `None` for anything else.
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
    fn every_form_of_retry_after_is_parsed_or_ignored() {
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
