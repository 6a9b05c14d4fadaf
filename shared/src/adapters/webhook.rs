//! Calls the ATS: an event is a `POST` to one address of the settings.

use std::time::Duration;

use http::StatusCode;
use http::header::CONTENT_TYPE;
use url::Url;

use crate::adapters::http_client::transport::HttpTransport;
use crate::adapters::http_client::{HttpError, RetryPolicy, send_with_retry};
use crate::types::clock::{Clock, Timestamp};

/// The time for one call. The receiver should note the event and answer, and do what follows from it afterwards.
const TIMEOUT: Duration = Duration::from_secs(8);

/// A signed event.
#[derive(Debug)]
pub struct Webhook {
    /// The id of the event.
    pub id: String,
    /// When this attempt is made.
    pub at: Timestamp,
    /// The signatures.
    pub signature: String,
    /// The body.
    pub body: String,
}

/// Why the receiver has not taken an event.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// It answered with another status than 2xx.
    #[error("the receiver answered {0}")]
    Status(u16),
    /// It did not answer.
    #[error("the receiver did not answer")]
    NoAnswer(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Calls the address of the ATS.
#[derive(Debug, Clone)]
pub struct WebhookClient {
    transport: HttpTransport,
    url: Url,
    clock: Clock,
}

impl WebhookClient {
    #[must_use]
    pub fn new(transport: HttpTransport, url: Url, clock: Clock) -> Self {
        Self { transport, url, clock }
    }

    /// Sends an event.
    ///
    /// # Errors
    /// [`WebhookError`]; the receiver may have got it all the same.
    pub async fn send(&self, webhook: &Webhook) -> Result<(), WebhookError> {
        let at = webhook.at.as_second().to_string();
        let request = |client: &reqwest::Client| {
            client
                .post(self.url.clone())
                .header(CONTENT_TYPE, "application/cloudevents+json; charset=utf-8")
                .header("webhook-id", &webhook.id)
                .header("webhook-timestamp", &at)
                .header("webhook-signature", &webhook.signature)
                .body(webhook.body.clone())
        };
        match send_with_retry(&self.transport, TIMEOUT, RetryPolicy::OnlyIfUnsent, &self.clock, request).await {
            Ok(answer) if answer.status.is_success() => Ok(()),
            Ok(answer) => Err(WebhookError::Status(answer.status.as_u16())),
            Err(HttpError::ServerError(status, _)) => Err(WebhookError::Status(status.as_u16())),
            Err(HttpError::Throttled(_)) => Err(WebhookError::Status(StatusCode::TOO_MANY_REQUESTS.as_u16())),
            Err(error) => Err(WebhookError::NoAnswer(error.into())),
        }
    }
}
