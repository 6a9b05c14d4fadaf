//! Events: the queue of a deployment, a test event, and dead letters.

use std::io::Write;
use std::sync::Arc;

use aws_api::{AwsApi, AwsApiError, AwsService};
use serde_json::{Value, json};
use shared::adapters::event_queue::sqs::SqsQueue;
use shared::adapters::http_client::build_client;
use shared::domain::event::{Event, EventKind, EventPublisher};
use shared::startup::settings::EnvSource;
use shared::types::clock::{Clock, Timestamp};
use shared::types::ids::CustomerId;

use crate::error::OperatorError;
use crate::report::Report;
use crate::stack::Stack;

/// The two queues, by their names in the template.
const EVENTS: &str = "Events";
const DEAD_LETTERS: &str = "DeadLetters";

/// The queues of a deployment with a receiver, by their addresses.
pub(crate) struct EventQueues {
    events: String,
    dead_letters: String,
}

/// What waits in a queue: to be taken, and hidden until its next attempt.
struct Waiting {
    arn: String,
    ready: u64,
    hidden: u64,
}

impl EventQueues {
    /// Those of the stack; `None` where it has no receiver.
    ///
    /// # Errors
    /// The stack does not tell.
    pub(crate) async fn find(api: &AwsApi, stack: &str) -> Result<Option<Self>, OperatorError> {
        let described = Stack::describe(api, stack).await.map_err(|error| failed(&format!("stack {stack}"), &error))?;
        let address = |name| described.resource(name).map(|queue| queue.physical_id.clone());
        Ok(address(EVENTS).zip(address(DEAD_LETTERS)).map(|(events, dead_letters)| Self { events, dead_letters }))
    }

    /// The same, where there must be a receiver.
    async fn need(api: &AwsApi, stack: &str) -> Result<Self, OperatorError> {
        let none = || OperatorError::Refused(format!("{stack} has no WebhookUrl: the ATS is told nothing"));
        Self::find(api, stack).await?.ok_or_else(none)
    }

    /// What publishes to the queue as the functions do.
    ///
    /// # Errors
    /// A setting is missing.
    pub(crate) fn publisher(&self, environment: &dyn EnvSource) -> Result<EventPublisher, OperatorError> {
        let setting = |name: &str| {
            if name == "EVENT_QUEUE_URL" { Some(self.events.clone()) } else { environment.get(name) }
        };
        let http = build_client().map_err(|error| OperatorError::Usage(error.to_string()))?;
        let queue = SqsQueue::open(&setting, http).map_err(|error| OperatorError::Usage(error.to_string()))?;
        Ok(queue.map(|queue| EventPublisher::new(Arc::new(queue))).unwrap_or_default())
    }
}

/// Publishes an event that tells of nothing, so that the whole way to the receiver is tried.
pub(crate) async fn test(
    (api, environment): (&AwsApi, &dyn EnvSource),
    stack: &str,
    report: &mut Report<impl Write>,
    customer: &CustomerId,
) -> Result<(), OperatorError> {
    let publisher = EventQueues::need(api, stack).await?.publisher(environment)?;
    let now = Clock::system().now();
    let event = Event::of_customer(EventKind::TestSent, customer, Timestamp::UNIX_EPOCH, now);
    report.step(&format!("publish {} of the kind {} about {customer}", event.id, event.kind.code()))?;
    if report.does_it {
        publisher.publish(&[event]).await.map_err(|error| failed_because(EVENTS, &error))?;
        report.line(&"The ATS gets it within seconds; the log of refresh tells of each attempt.")?;
    }
    Ok(report.end()?)
}

/// How many dead letters there are, and what is still tried.
pub(crate) async fn count(api: &AwsApi, stack: &str, report: &mut Report<impl Write>) -> Result<(), OperatorError> {
    let queues = EventQueues::need(api, stack).await?;
    let dead = waiting(api, DEAD_LETTERS, &queues.dead_letters).await?;
    let live = waiting(api, EVENTS, &queues.events).await?;
    report.line(&format!("{} dead letters.", dead.ready + dead.hidden))?;
    report.line(&format!("{} events wait to be taken, {} for their next attempt.", live.ready, live.hidden))?;
    Ok(())
}

/// Sends all dead letters back to the queue, where each is tried for a day again.
pub(crate) async fn replay(api: &AwsApi, stack: &str, report: &mut Report<impl Write>) -> Result<(), OperatorError> {
    let queues = EventQueues::need(api, stack).await?;
    let dead = waiting(api, DEAD_LETTERS, &queues.dead_letters).await?;
    let live = waiting(api, EVENTS, &queues.events).await?;
    let letters = dead.ready + dead.hidden;
    if letters == 0 {
        return Err(OperatorError::Refused("there are no dead letters".to_owned()));
    }
    report.step(&format!("send {letters} dead letters back to the queue"))?;
    if report.does_it {
        let order = json!({ "SourceArn": dead.arn, "DestinationArn": live.arn });
        let sent = api.call(AwsService::Sqs, "AmazonSQS.StartMessageMoveTask", &order).await;
        sent.map_err(|error| failed(DEAD_LETTERS, &error))?;
        report.line(&"SQS moves them one after another; `events dead-letters` tells what is left.")?;
    }
    Ok(report.end()?)
}

async fn waiting(api: &AwsApi, name: &str, url: &str) -> Result<Waiting, OperatorError> {
    let asked = ["QueueArn", "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
    let order = json!({ "QueueUrl": url, "AttributeNames": asked });
    let told = api.call(AwsService::Sqs, "AmazonSQS.GetQueueAttributes", &order).await;
    let told = told.map_err(|error| failed(name, &error))?;
    let attributes = &told["Attributes"];
    let unreadable = || failed(name, &AwsApiError::Unreadable);
    let number = |of: &Value| of.as_str().and_then(|text| text.parse().ok()).ok_or_else(unreadable);
    Ok(Waiting {
        arn: attributes["QueueArn"].as_str().ok_or_else(unreadable)?.to_owned(),
        ready: number(&attributes["ApproximateNumberOfMessages"])?,
        hidden: number(&attributes["ApproximateNumberOfMessagesNotVisible"])?,
    })
}

fn failed(what: &str, error: &AwsApiError) -> OperatorError {
    failed_because(what, error)
}

fn failed_because(what: &str, error: &dyn std::error::Error) -> OperatorError {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    OperatorError::Refused(format!("{what}: {error}{cause}"))
}
