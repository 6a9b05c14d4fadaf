//! The queue on AWS. Functions send to it; Lambda takes from it and calls the function that delivers.

use std::fmt;

use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use aws_sdk_sqs::{Client, Config};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::adapters::event_queue::INITIAL_DELAY;
use crate::adapters::http_client::aws::{self, AwsSettingsError, without_sdk_logs};
use crate::domain::event::{Event, PublishError, PublishEvents};
use crate::types::clock::SignedDuration;

/// The largest batch that SQS takes.
const MAX_BATCH: usize = 10;

/// A queue of SQS. Its clones share the connections.
#[derive(Clone)]
pub struct SqsQueue {
    client: Client,
    url: String,
}

impl fmt::Debug for SqsQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sqs({})", self.url)
    }
}

impl SqsQueue {
    /// The queue that `EVENT_QUEUE_URL` names, if it is set, with the settings of the other clients of AWS. Nothing is sent
    /// yet.
    ///
    /// # Errors
    /// [`AwsSettingsError`] names every setting that is missing or wrong.
    pub fn open(
        setting: &dyn Fn(&str) -> Option<String>,
        http: reqwest::Client,
    ) -> Result<Option<Self>, AwsSettingsError> {
        let Some(url) = setting("EVENT_QUEUE_URL").filter(|url| !url.is_empty()) else { return Ok(None) };
        let config = Config::new(&aws::build_config(setting, http)?);
        Ok(Some(Self { client: Client::from_conf(config), url }))
    }

    /// Hides a message for so long that was taken and is not done.
    ///
    /// # Errors
    /// [`PublishError`]; then the message is hidden for as long as the queue says.
    pub async fn retry_later(&self, receipt: &str, delay: SignedDuration) -> Result<(), PublishError> {
        let seconds = i32::try_from(delay.as_secs()).unwrap_or(i32::MAX);
        let call = self.client.change_message_visibility();
        let call = call.queue_url(&self.url).receipt_handle(receipt).visibility_timeout(seconds);
        without_sdk_logs(call.send()).await.map(drop).map_err(|error| failed(&DisplayErrorContext(error)))
    }

    async fn send(&self, events: &[Event]) -> Result<(), PublishError> {
        for batch in events.chunks(MAX_BATCH) {
            let mut call = self.client.send_message_batch().queue_url(&self.url);
            for (number, event) in batch.iter().enumerate() {
                let body = serde_json::to_string(event).map_err(|error| PublishError(error.into()))?;
                let delay = i32::try_from(INITIAL_DELAY.as_secs()).unwrap_or_default();
                let entry = SendMessageBatchRequestEntry::builder().id(number.to_string()).message_body(body);
                let entry = entry.delay_seconds(delay).build().map_err(|error| PublishError(error.into()))?;
                call = call.entries(entry);
            }
            let sent = without_sdk_logs(call.send()).await.map_err(|error| failed(&DisplayErrorContext(error)))?;
            if let Some(refused) = sent.failed().first() {
                return Err(failed(&refused.code()));
            }
        }
        Ok(())
    }
}

impl PublishEvents for SqsQueue {
    fn publish<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), PublishError>> {
        self.send(events).boxed()
    }
}

fn failed(error: &dyn fmt::Display) -> PublishError {
    PublishError(error.to_string().into())
}
