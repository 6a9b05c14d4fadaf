//! A batch of events that Lambda took from the queue.

use futures_util::future::join_all;
use refresh::{Delivery, Refresh, deliver_event};
use serde::{Deserialize, Serialize};
use shared::adapters::event_queue::ReceivedEvent;
use shared::adapters::event_queue::sqs::SqsQueue;
use shared::types::clock::Timestamp;

/// [What Lambda passes on](https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html).
#[derive(Deserialize)]
pub(crate) struct SqsBatch {
    #[serde(rename = "Records")]
    messages: Vec<SqsMessage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SqsMessage {
    message_id: String,
    receipt_handle: String,
    body: String,
    attributes: SqsAttributes,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SqsAttributes {
    approximate_receive_count: String,
    sent_timestamp: String,
}

/// [Which of them are not done](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html): the queue keeps
/// these.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SqsBatchResponse {
    batch_item_failures: Vec<SqsItemFailure>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct SqsItemFailure {
    item_identifier: String,
}

impl SqsMessage {
    /// The event; `None` for what is none of ours, which no attempt makes better.
    fn parse(&self) -> Option<ReceivedEvent> {
        let sent: i64 = self.attributes.sent_timestamp.parse().ok()?;
        Some(ReceivedEvent {
            event: serde_json::from_str(&self.body).ok()?,
            published_at: Timestamp::from_millisecond(sent).ok()?,
            receives: self.attributes.approximate_receive_count.parse().ok()?,
        })
    }
}

/// Delivers the events of a batch, all at once.
pub(crate) async fn deliver_batch(refresh: &Refresh, queue: Option<&SqsQueue>, batch: SqsBatch) -> SqsBatchResponse {
    let deliveries = batch.messages.into_iter().map(|message| deliver(refresh, queue, message));
    SqsBatchResponse { batch_item_failures: join_all(deliveries).await.into_iter().flatten().collect() }
}

async fn deliver(refresh: &Refresh, queue: Option<&SqsQueue>, message: SqsMessage) -> Option<SqsItemFailure> {
    let Some(received) = message.parse() else {
        tracing::error!(message = message.message_id, "a message in the queue is no event; it becomes a dead letter");
        return Some(SqsItemFailure { item_identifier: message.message_id });
    };
    match deliver_event(refresh, &received).await {
        Delivery::Done => return None,
        Delivery::Failed => {}
        Delivery::Again(delay) => {
            let Some(queue) = queue else { return Some(SqsItemFailure { item_identifier: message.message_id }) };
            if let Err(error) = queue.retry_later(&message.receipt_handle, delay).await {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, "an event comes again sooner than it should");
            }
        }
    }
    Some(SqsItemFailure { item_identifier: message.message_id })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn batch(body: &str) -> SqsBatch {
        let record = json!({
            "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
            "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": "3",
                "SentTimestamp": "1795510800123",
                "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                "ApproximateFirstReceiveTimestamp": "1795510802000"
            },
            "messageAttributes": {},
            "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:events",
            "awsRegion": "eu-central-1"
        });
        serde_json::from_value(json!({"Records": [record]})).unwrap()
    }

    #[test]
    fn a_message_as_lambda_passes_it_on_is_an_event() {
        let event = json!({
            "id": "evt_000102030405060708090a0b",
            "kind": "connection.ended",
            "customer": "kadry",
            "user": "anna",
            "tenure": "2026-11-01T00:00:00Z",
            "at": "2026-11-24T09:00:00Z"
        });
        let received = batch(&event.to_string()).messages[0].parse().unwrap();
        assert_eq!((received.receives, received.published_at.as_millisecond()), (3, 1_795_510_800_123));
        assert_eq!(serde_json::to_value(&received.event).unwrap(), event);
        for other in ["", "{}", "null", r#"{"kind":"connection.unknown"}"#] {
            assert!(batch(other).messages[0].parse().is_none(), "{other}");
        }
    }

    #[test]
    fn a_batch_without_failures_names_none() {
        assert_eq!(serde_json::to_value(SqsBatchResponse::default()).unwrap(), json!({"batchItemFailures": []}));
    }
}
