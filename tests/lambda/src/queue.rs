//! The queue of events, in moto, and batches of it as Lambda hands them over:
//! [Using Lambda with Amazon SQS](https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html).

use reqwest::Client;
use serde_json::{Value, json};
use shared::adapters::http_client;

/// What hides a message that was taken, unless somebody says otherwise: longer than any test takes.
const VISIBILITY_SECONDS: &str = "1800";

/// How long a question waits for a message.
const WAIT_SECONDS: u32 = 5;

/// A queue.
#[derive(Debug)]
pub struct EventQueue {
    http: Client,
    endpoint: String,
    /// Its address.
    pub url: String,
}

impl EventQueue {
    /// Makes it.
    ///
    /// # Panics
    /// When moto refuses.
    pub async fn create(endpoint: &str) -> Self {
        let (http, endpoint) = (http_client::build_client().unwrap(), endpoint.to_owned());
        let mut queue = Self { http, endpoint, url: String::new() };
        let attributes = json!({ "VisibilityTimeout": VISIBILITY_SECONDS });
        let made = queue.call("CreateQueue", json!({ "QueueName": "events", "Attributes": attributes })).await;
        made["QueueUrl"].as_str().unwrap().clone_into(&mut queue.url);
        queue
    }

    /// Takes what is there, or comes within some seconds, as records of a batch.
    ///
    /// # Panics
    /// When moto refuses.
    pub async fn take(&self) -> Vec<Value> {
        let order = json!({
            "QueueUrl": self.url, "MaxNumberOfMessages": 10, "WaitTimeSeconds": WAIT_SECONDS, "AttributeNames": ["All"]
        });
        let taken = self.call("ReceiveMessage", order).await;
        taken["Messages"].as_array().into_iter().flatten().map(record).collect()
    }

    /// Takes so many messages, however many questions it needs.
    ///
    /// # Panics
    /// When there are none for a minute.
    pub async fn take_all(&self, count: usize) -> Vec<Value> {
        let (mut taken, mut questions) = (Vec::new(), 0);
        while taken.len() < count {
            assert!(questions < 12, "{count} messages were expected: {taken:?}");
            taken.extend(self.take().await);
            questions += 1;
        }
        taken
    }

    /// Deletes a message, as Lambda does with what was delivered.
    ///
    /// # Panics
    /// When moto refuses.
    pub async fn delete(&self, record: &Value) {
        self.call("DeleteMessage", json!({ "QueueUrl": self.url, "ReceiptHandle": record["receiptHandle"] })).await;
    }

    async fn call(&self, operation: &str, order: Value) -> Value {
        // moto looks only for the service in it.
        let signature =
            "AWS4-HMAC-SHA256 Credential=a/20261130/eu-central-1/sqs/aws4_request, SignedHeaders=host, Signature=a";
        let request = self.http.post(&self.endpoint).header("authorization", signature);
        let request = request.header("x-amz-target", format!("AmazonSQS.{operation}"));
        let answer = request.header("content-type", "application/x-amz-json-1.0").body(order.to_string()).send().await;
        let answer = answer.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{operation}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }
}

fn record(message: &Value) -> Value {
    json!({
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:events",
        "awsRegion": "eu-central-1"
    })
}
