//! Lines of the log that alarms and auditors count: members, values and levels are those of earlier versions.
#![cfg(test)]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::Request;
use serde_json::{Value, json};
use shared::domain::audit;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::http::problem::{Problem, ProblemKind};
use shared::http::stack::{HttpStack, wrap};
use shared::startup::telemetry::json_dispatch;
use shared::types::randomness::Randomness;
use tower::ServiceExt;
use tracing::dispatcher::DefaultGuard;

use crate::seen_from_below::{customer, recruiter};

/// Where this thread's log goes.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Written {
    /// The log of this thread, until the guard is gone.
    fn begin() -> (Self, DefaultGuard) {
        let written = Self::default();
        let writer = written.clone();
        let log = json_dispatch(&|_: &str| None, move || writer.clone());
        (written, tracing::dispatcher::set_default(&log))
    }

    fn lines(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[test]
fn an_entry_of_the_audit_trail_is_written_as_by_earlier_versions() {
    let (written, _guard) = Written::begin();
    audit::request_span("trace-1").in_scope(|| {
        AuditEntry::new(AuditAction::Disconnect, AuditActor::Key("ats"))
            .customer(&customer())
            .user(&recruiter())
            .succeeded();
        audit::record_sign_in_id("sign-in-1");
        AuditEntry::new(AuditAction::CompleteConnection, AuditActor::Stranger)
            .customer(&customer())
            .refused("wrong_user");
    });
    AuditEntry::new(AuditAction::RenewTokens, AuditActor::Schedule).succeeded();
    let expected = [
        json!({"level": "INFO", "target": "audit", "audit": "disconnect", "by": "key", "key": "ats",
            "customer": "praca-24", "user": "ewa.wilk@praca", "outcome": "done",
            "span": {"name": "request", "trace_id": "trace-1"}}),
        json!({"level": "INFO", "target": "audit", "audit": "complete_connection", "by": "stranger",
            "customer": "praca-24", "outcome": "refused", "code": "wrong_user",
            "span": {"name": "request", "trace_id": "trace-1", "sign_in": "sign-in-1"}}),
        json!({"level": "INFO", "target": "audit", "audit": "renew_tokens", "by": "schedule", "outcome": "done"}),
    ];
    assert_eq!(written.lines(), expected);
}

/// What is logged of one request that is answered so, and the name of the request in the answer.
async fn logged(problem: fn() -> Problem) -> (Value, Value) {
    let routes = Router::new().route("/v1/customers/{customer}", get(move || async move { problem() }));
    let (public_url, version) = ("https://x.example".to_owned(), "0.1.0".to_owned());
    let settings = HttpStack { public_url, version, randomness: Randomness::seeded(1), branding: Arc::default() };
    let request = Request::get("/v1/customers/praca-24").body(Body::empty()).unwrap();
    let (written, _guard) = Written::begin();
    let answer = wrap(routes, settings).oneshot(request).await.unwrap();
    let trace_id = answer.headers()["x-request-id"].to_str().unwrap().into();
    let [mut line]: [Value; 1] = written.lines().try_into().unwrap();
    // The module that writes the line, which nobody counts.
    line.as_object_mut().unwrap().remove("target");
    (line, trace_id)
}

#[tokio::test]
async fn a_problem_that_an_operator_must_see_is_logged_as_by_earlier_versions() {
    let (line, trace_id) = logged(|| Problem::from(ProblemKind::VaultUnavailable).with_cause("no answer")).await;
    let expected = json!({"level": "ERROR", "message": "answered with a problem", "method": "GET",
        "route": "/v1/customers/{customer}", "status": 503, "code": "vault_unavailable", "cause": "no answer",
        "trace_id": trace_id, "span": {"name": "request", "trace_id": trace_id}});
    assert_eq!(line, expected);
}

#[tokio::test]
async fn a_problem_of_the_caller_is_logged_as_by_earlier_versions() {
    let (line, trace_id) = logged(|| Problem::from(ProblemKind::NotFound)).await;
    let expected = json!({"level": "INFO", "message": "answered with a problem", "method": "GET",
        "route": "/v1/customers/{customer}", "status": 404, "code": "not_found", "cause": "",
        "trace_id": trace_id, "span": {"name": "request", "trace_id": trace_id}});
    assert_eq!(line, expected);
}
