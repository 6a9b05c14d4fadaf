//! Events, against a server that answers as AWS does: moto moves no dead letters.
#![expect(clippy::unwrap_used, reason = "clippy takes only what bears #[test] for a test, and here are more functions")]

use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

const EVENTS: &str = "https://sqs.example/123456789012/tc-events";
const DEAD_LETTERS: &str = "https://sqs.example/123456789012/tc-dead-letters";

/// A deployment, as AWS tells of it.
struct Aws {
    has_receiver: bool,
    dead: u32,
    /// The orders that SQS got, with their operations.
    orders: Mutex<Vec<(String, Value)>>,
}

impl Aws {
    fn answer(&self, target: &str, body: &str) -> String {
        let Some(operation) = target.strip_prefix("AmazonSQS.") else {
            return if body.contains("Action=DescribeStacks") { described() } else { self.listed() };
        };
        let order: Value = serde_json::from_str(body).unwrap();
        let answer = match operation {
            "GetQueueAttributes" => self.attributes(order["QueueUrl"].as_str().unwrap()),
            "SendMessageBatch" => {
                json!({ "Successful": [{ "Id": "0", "MessageId": "1", "MD5OfMessageBody": "" }], "Failed": [] })
            }
            "StartMessageMoveTask" => json!({ "TaskHandle": "x" }),
            _ => Value::Null,
        };
        self.orders.lock().unwrap().push((operation.to_owned(), order));
        answer.to_string()
    }

    fn attributes(&self, url: &str) -> Value {
        let (name, ready, hidden) = if url == EVENTS { ("tc-events", 2, 5) } else { ("tc-dead-letters", self.dead, 0) };
        json!({ "Attributes": {
            "QueueArn": format!("arn:aws:sqs:eu-central-1:123456789012:{name}"),
            "ApproximateNumberOfMessages": ready.to_string(),
            "ApproximateNumberOfMessagesNotVisible": hidden.to_string(),
        }})
    }

    fn listed(&self) -> String {
        let queue = |name: &str, id: &str| {
            format!(
                "<member><LogicalResourceId>{name}</LogicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType>\
                 <PhysicalResourceId>{id}</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>"
            )
        };
        let queues = if self.has_receiver {
            queue("Events", EVENTS) + &queue("DeadLetters", DEAD_LETTERS)
        } else {
            queue("LostRuns", "https://sqs.example/123456789012/tc-lost-runs")
        };
        format!("<R><StackResourceSummaries>{queues}</StackResourceSummaries></R>")
    }
}

fn described() -> String {
    let arn = "arn:aws:cloudformation:eu-central-1:123456789012:stack/tc/1";
    format!("<R><StackId>{arn}</StackId><StackStatus>CREATE_COMPLETE</StackStatus></R>")
}

async fn answer(State(aws): State<Arc<Aws>>, headers: HeaderMap, body: Bytes) -> String {
    let target = headers.get("x-amz-target").map_or("", |target| target.to_str().unwrap());
    aws.answer(target, std::str::from_utf8(&body).unwrap())
}

/// The command at a deployment.
struct Operated {
    aws: Arc<Aws>,
    endpoint: String,
}

impl Operated {
    async fn new(has_receiver: bool, dead: u32) -> Self {
        let aws = Arc::new(Aws { has_receiver, dead, orders: Mutex::default() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let routes = axum::Router::new().fallback(answer).with_state(aws.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { aws, endpoint }
    }

    fn program(&self, arguments: &[&str]) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_operator"));
        program.env_clear().env("AWS_ENDPOINT_URL", &self.endpoint).env("AWS_REGION", "eu-central-1");
        program.env("AWS_ACCESS_KEY_ID", "id").env("AWS_SECRET_ACCESS_KEY", "key");
        program.args(["--stack", "tc", "events"]).args(arguments).output().unwrap()
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = self.program(arguments);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What was sent to SQS by an operation.
    fn orders(&self, operation: &str) -> Vec<Value> {
        let orders = self.aws.orders.lock().unwrap();
        orders.iter().filter(|(name, _)| name == operation).map(|(_, order)| order.clone()).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_event_goes_the_way_of_all_others() {
    let at = Operated::new(true, 0).await;
    let said = at.run(&["test"]);
    assert!(said.starts_with("would publish evt_") && said.contains("test.sent about test"), "{said}");
    assert_eq!(at.orders("SendMessageBatch"), [Value::Null; 0]);
    let said = at.run(&["test", "kadry", "--yes"]);
    let [order] = at.orders("SendMessageBatch").try_into().unwrap();
    assert_eq!(order["QueueUrl"], EVENTS);
    let event: Value = serde_json::from_str(order["Entries"][0]["MessageBody"].as_str().unwrap()).unwrap();
    assert_eq!((&event["kind"], &event["customer"]), (&json!("test.sent"), &json!("kadry")));
    assert!(said.contains(event["id"].as_str().unwrap()) && said.ends_with("Done.\n"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_letters_are_counted_and_sent_back() {
    let at = Operated::new(true, 3).await;
    let said = at.run(&["dead-letters"]);
    assert_eq!(said, "3 dead letters.\n2 events wait to be taken, 5 for their next attempt.\n");
    assert!(at.run(&["replay"]).starts_with("would send 3 dead letters back to the queue"));
    assert_eq!(at.orders("StartMessageMoveTask"), [Value::Null; 0]);
    assert!(at.run(&["replay", "--yes"]).ends_with("Done.\n"));
    let arn = |name: &str| format!("arn:aws:sqs:eu-central-1:123456789012:{name}");
    let moved = json!({ "SourceArn": arn("tc-dead-letters"), "DestinationArn": arn("tc-events") });
    assert_eq!(at.orders("StartMessageMoveTask"), [moved]);
    let none = Operated::new(true, 0).await;
    let said = none.program(&["replay", "--yes"]);
    assert_eq!(said.status.code(), Some(1));
    assert_eq!(none.orders("StartMessageMoveTask"), [Value::Null; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_receiver_there_is_nothing_to_do() {
    let at = Operated::new(false, 0).await;
    for arguments in [&["test", "--yes"][..], &["dead-letters"], &["replay", "--yes"]] {
        let output = at.program(arguments);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("has no WebhookUrl"), "{arguments:?}");
    }
}
