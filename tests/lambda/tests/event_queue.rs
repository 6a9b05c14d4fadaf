//! Events on AWS: functions publish to the queue, Lambda hands batches to refresh, and refresh calls the ATS.
#![cfg(test)]

use lambda_journey::deployment::Deployment;
use lambda_journey::function::Outcome;
use lambda_journey::receiver::EventReceiver;
use serde_json::{Value, json};
use shared::types::clock::{Clock, SignedDuration};

/// Hands a batch over; the messages that the function did not finish, by their ids.
async fn failures(deployment: &Deployment, records: &[Value]) -> Vec<String> {
    let Outcome::Answered(answer) = deployment.invoke("refresh", &json!({ "Records": records })).await else {
        panic!("the batch failed: {}", deployment.function("refresh").log());
    };
    let failed = answer["batchItemFailures"].as_array().unwrap();
    failed.iter().map(|item| item["itemIdentifier"].as_str().unwrap().to_owned()).collect()
}

fn event_of(record: &Value) -> Value {
    serde_json::from_str(record["body"].as_str().unwrap()).unwrap()
}

fn find<'a>(records: &'a [Value], kind: &str) -> &'a Value {
    records.iter().find(|record| event_of(record)["kind"] == kind).unwrap()
}

#[tokio::test]
async fn what_functions_change_is_told_signed_until_the_ats_has_taken_it() {
    let receiver = EventReceiver::start().await;
    let (deployment, queue) = Deployment::start_told(&receiver).await;
    // Intake, then callback.
    deployment.connected().await;
    let records = queue.take_all(2).await;
    let (configured, made) = (find(&records, "customer.configured"), find(&records, "connection.made"));

    receiver.refuse(&["connection.made"]);
    assert_eq!(failures(&deployment, &records).await, [made["messageId"].as_str().unwrap()]);
    let (webhooks, keys) = (receiver.received(), deployment.webhook_keys().await);
    assert_eq!(webhooks.len(), 2);
    for webhook in &webhooks {
        let event = webhook.event();
        assert!(keys[0].verify((&webhook.id, webhook.at, &webhook.body), &webhook.signature), "{webhook:?}");
        assert_eq!((&event["id"], &event["data"]["customer"]), (&json!(webhook.id), &json!("kadry")));
    }
    // Lambda deletes what is no failure. The other comes again long before the queue itself would show it.
    queue.delete(configured).await;
    let again = queue.take_all(1).await;
    assert_eq!((again.len(), &again[0]["messageId"]), (1, &made["messageId"]));
    assert_eq!(again[0]["attributes"]["ApproximateReceiveCount"], "2");

    receiver.refuse(&[]);
    assert_eq!(failures(&deployment, &again).await, [""; 0]);
    let [webhook] = receiver.received().try_into().unwrap();
    assert!(webhooks.iter().any(|first| first.id == webhook.id), "a repeat has the id of the fact");
    assert_eq!(webhook.event()["type"], "connection.made");
}

#[tokio::test]
async fn what_was_not_kept_is_not_told_and_what_is_no_event_is_left_in_the_queue() {
    let receiver = EventReceiver::start().await;
    let (deployment, queue) = Deployment::start_told(&receiver).await;
    deployment.connected().await;
    let records = queue.take_all(2).await;
    let made = find(&records, "connection.made");
    let published_before = |minutes: i64| (Clock::system().now() - SignedDuration::from_mins(minutes)).as_millisecond();
    // An event whose change nobody wrote, as a process leaves it that died.
    let lost = |id: &str, minutes: i64| {
        let (mut record, mut event) = (made.clone(), event_of(made));
        event["id"] = "evt_000102030405060708090a0b".into();
        record["messageId"] = id.into();
        record["body"] = event.to_string().into();
        record["attributes"]["SentTimestamp"] = published_before(minutes).to_string().into();
        record
    };
    let mut foreign = made.clone();
    foreign["messageId"] = "foreign".into();
    foreign["body"] = "hello".into();
    let batch = [lost("perhaps-written-yet", 0), lost("never-written", 10), foreign, made.clone()];
    assert_eq!(failures(&deployment, &batch).await, ["perhaps-written-yet", "foreign"]);
    let [webhook] = receiver.received().try_into().unwrap();
    assert_eq!(webhook.event()["type"], "connection.made");
}
