//! Lambda entry of the refresh function: HTTP requests, the schedule, events from the queue, and probes for the function that
//! takes credentials in.

mod sqs_batch;

use lambda_http::Error;
use lambda_http::lambda_runtime::{self, LambdaEvent, service_fn};
use refresh::{Refresh, keep_alive, router};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::adapters::probe_function::ProbeEvent;
use shared::domain::entra_app::ProbeOutcome;
use shared::http::stack::wrap;
use shared::types::clock::{SignedDuration, Timestamp};
use sqs_batch::{SqsBatchResponse, deliver_batch};

/// Kept back from the time of an invocation: a refresh that began just before the end may use its full timeout.
const SHUTDOWN_RESERVE: SignedDuration = SignedDuration::from_secs(20);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (dependencies, queue) = shared::startup::lambda::load_dependencies_and_queue()?;
    let refresh = Refresh::new(&dependencies);
    let routes = wrap(router(refresh.clone()), dependencies.http_stack());
    let clock = dependencies.clock.clone();
    let handler = move |LambdaEvent { payload, context }: LambdaEvent<Box<RawValue>>| {
        let (routes, refresh, queue, clock) = (routes.clone(), refresh.clone(), queue.clone(), clock.clone());
        async move {
            Ok::<_, Error>(match classify_event(&payload)? {
                InvocationKind::Request => InvocationResponse::Response(
                    shared::startup::lambda::handle_event(routes, &payload, context).await?,
                ),
                InvocationKind::Schedule => {
                    // Boxed: with the runtime around it, this future is nested deeper than the compiler's limit.
                    Box::pin(keep_alive(&refresh, time_budget(context.deadline, clock.now()))).await?;
                    InvocationResponse::Nothing
                }
                InvocationKind::Probe => {
                    let ProbeEvent { probe_federated_app } = serde_json::from_str(payload.get())?;
                    InvocationResponse::Probe(refresh::probe_federated_app(&refresh, probe_federated_app).await)
                }
                InvocationKind::Events => {
                    let batch = serde_json::from_str(payload.get())?;
                    InvocationResponse::Events(deliver_batch(&refresh, queue.as_ref(), batch).await)
                }
            })
        }
    };
    Box::pin(lambda_runtime::run(service_fn(handler))).await
}

/// The response to an invocation.
#[derive(Serialize)]
#[serde(untagged)]
enum InvocationResponse<T> {
    Response(T),
    /// Nobody reads the response of a run; its report is in the log.
    Nothing,
    /// The queue learns which events it must keep.
    Events(SqsBatchResponse),
    /// What came of a probe.
    Probe(ProbeOutcome),
}

/// The kinds of invocations.
#[derive(Debug, PartialEq, Eq)]
enum InvocationKind {
    /// [An HTTP API, payload 2.0](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
    Request,
    /// [A schedule](https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html) or a
    /// [rule](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html).
    Schedule,
    /// [A batch of messages](https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html) of the queue.
    Events,
    /// Another function has an app probed that trusts our issuer.
    Probe,
}

/// The fields that tell the kinds apart.
#[derive(Deserialize)]
struct EventShape {
    #[serde(rename = "requestContext")]
    request_context: Option<HttpRequestContext>,
    source: Option<String>,
    #[serde(rename = "detail-type")]
    detail_type: Option<String>,
    #[serde(rename = "Records")]
    records: Option<Vec<RecordShape>>,
    probe_federated_app: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct RecordShape {
    #[serde(rename = "eventSource")]
    source: String,
}

#[derive(Deserialize)]
struct HttpRequestContext {
    http: Option<serde::de::IgnoredAny>,
}

fn classify_event(event: &RawValue) -> Result<InvocationKind, &'static str> {
    let unknown = "the event is no request of an HTTP API, none of a schedule, no message of a queue and no probe";
    let shape: EventShape = serde_json::from_str(event.get()).map_err(|_| unknown)?;
    match shape {
        EventShape { request_context: Some(HttpRequestContext { http: Some(_) }), .. } => Ok(InvocationKind::Request),
        EventShape { request_context: Some(_), .. } => Err(unknown),
        EventShape { records: Some(records), .. } if records.iter().all(|record| record.source == "aws:sqs") => {
            Ok(InvocationKind::Events)
        }
        EventShape { probe_federated_app: Some(_), source: None, detail_type: None, records: None, .. } => {
            Ok(InvocationKind::Probe)
        }
        EventShape { source: Some(source), .. } if source == "aws.scheduler" => Ok(InvocationKind::Schedule),
        EventShape { detail_type: Some(kind), .. } if kind == "Scheduled Event" => Ok(InvocationKind::Schedule),
        EventShape { .. } => Err(unknown),
    }
}

/// How long a run may begin tasks if Lambda stops it at `deadline` (milliseconds since the Unix epoch).
fn time_budget(deadline: u64, now: Timestamp) -> SignedDuration {
    let deadline = i64::try_from(deadline).unwrap_or(i64::MAX);
    SignedDuration::from_millis(deadline.saturating_sub(now.as_millisecond())).saturating_sub(SHUTDOWN_RESERVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(event: &str) -> Result<InvocationKind, &'static str> {
        classify_event(&RawValue::from_string(event.to_owned()).unwrap())
    }

    #[test]
    fn a_request_and_a_schedule_are_told_apart() {
        let request = r#"{"version":"2.0","source":"aws.scheduler","requestContext":{"http":{"method":"GET"}}}"#;
        assert_eq!(kind_of(request), Ok(InvocationKind::Request));
        for schedule in [
            r#"{"source":"aws.scheduler"}"#,
            r#"{"version":"0","detail-type":"Scheduled Event","source":"aws.events","detail":{}}"#,
        ] {
            assert_eq!(kind_of(schedule), Ok(InvocationKind::Schedule), "{schedule}");
        }
    }

    #[test]
    fn a_batch_of_a_queue_is_one_of_events() {
        let batch = r#"{"Records":[{"eventSource":"aws:sqs","body":"{\"source\":\"aws.scheduler\"}"}]}"#;
        assert_eq!(kind_of(batch), Ok(InvocationKind::Events));
    }

    #[test]
    fn a_probe_is_known_by_its_only_member() {
        assert_eq!(kind_of(r#"{"probe_federated_app":{"tenant":"x"}}"#), Ok(InvocationKind::Probe));
    }

    #[test]
    fn an_event_of_another_kind_is_rejected() {
        for other in [
            "null",
            "[]",
            "\"aws.scheduler\"",
            "{}",
            r#"{"source":1}"#,
            r#"{"source":"aws.s3","detail-type":"Object Created"}"#,
            r#"{"Records":[{"eventSource":"aws:sns","body":"{\"source\":\"aws.scheduler\"}"}]}"#,
            r#"{"httpMethod":"GET","path":"/","requestContext":{"stage":"prod"},"source":"aws.scheduler"}"#,
        ] {
            assert!(kind_of(other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_run_ends_before_lambda_ends_it() {
        let now = Timestamp::from_second(1_000).unwrap();
        assert_eq!(time_budget(1_120_000, now), SignedDuration::from_secs(100));
        assert!(time_budget(1_010_000, now).is_negative());
        assert!(time_budget(u64::MAX, now).is_positive());
    }
}
