//! A process that dies at any moment, answers that are lost, a Microsoft that fails or lies at any step: at most one
//! meeting for each interview, no success without a link to join, and the next try finishes the job.

#![cfg(test)]

use std::pin::pin;
use std::task::Poll;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use futures_util::future::poll_fn;
use microsoft_simulator::demo::{ANNA, JAN};
use microsoft_simulator::{FaultEffect, FaultRule, Operation};
use serde_json::{Value, json};
use shared::adapters::vault::backend::memory::{InjectedFault as VaultFault, VaultOperation};
use shared::types::clock::SignedDuration;
use test_support::product::{API_KEY, Product};
use tower::ServiceExt;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Job {
    Create,
    Change,
    HandOver,
    Cancel,
}

/// The product with two recruiters, and an interview for each turn.
struct Sweep {
    product: Product,
    job: Job,
    turn: usize,
}

type Answer = (StatusCode, Value);

impl Sweep {
    async fn of(job: Job) -> Self {
        let product = Product::start().await;
        product.ats().configure("kadry").await.expect(200);
        product.ats().connect("kadry", "anna", ANNA).await.expect(200);
        product.ats().connect("kadry", "jan", JAN).await.expect(200);
        Self { product, job, turn: 0 }
    }

    fn order(&self) -> Value {
        json!({
            "subject": format!("Rozmowa {}", self.turn), "lobby": "invited", "cameras": false,
            "start": "2026-11-25T10:00:00Z", "end": "2026-11-25T10:45:00Z",
        })
    }

    /// The interview of the next turn, if the job needs one.
    async fn next(&mut self) -> Option<Value> {
        self.turn += 1;
        if self.job == Job::Create {
            return None;
        }
        let (status, made) = self.ask(&self.product_now(), Method::POST, "", self.order()).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        Some(made)
    }

    /// A process that knows nothing yet.
    fn product_now(&self) -> Router {
        local::app(&self.product.parts)
    }

    async fn ask(&self, app: &Router, method: Method, path: &str, body: Value) -> Answer {
        let path = format!("/v1/customers/kadry/users/anna/meetings{path}");
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", format!("Bearer {API_KEY}"));
        let request = request.header("content-type", "application/json");
        let request = request.header("idempotency-key", format!("order-{}", self.turn));
        let response = app.clone().oneshot(request.body(Body::from(body.to_string())).unwrap()).await.unwrap();
        let (status, body) = (response.status(), to_bytes(response.into_body(), 1 << 20).await.unwrap());
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn try_it(&self, made: Option<&Value>) -> Answer {
        let path = made.map(|made| format!("/{}", made["id"].as_str().unwrap())).unwrap_or_default();
        let app = self.product_now();
        match self.job {
            Job::Create => self.ask(&app, Method::POST, "", self.order()).await,
            Job::Change => {
                let wish = json!({"start": "2026-11-26T10:00:00Z", "lobby": "organizer"});
                self.ask(&app, Method::PATCH, &path, wish).await
            }
            Job::HandOver => {
                self.ask(&app, Method::POST, &format!("{path}/hand-over"), json!({"to_user": "jan"})).await
            }
            Job::Cancel => self.ask(&app, Method::DELETE, &path, Value::Null).await,
        }
    }

    /// Whatever came of the first try: the next one, undisturbed, finishes the job.
    async fn finish(&self, made: Option<&Value>, first: Option<Answer>, what: &str) {
        let what = format!("{:?}, {what}: {first:?}", self.job);
        if let Some((status, answer)) = &first {
            self.never_a_success_without_a_link(*status, answer, &what);
        }
        // What Graph refused of a hand-over is named, and the meeting in which it was in force is gone.
        let dropped = first.as_ref().map(|(_, answer)| answer["dropped"].clone()).unwrap_or_default();
        let is_dropped = |name: &str| dropped.as_array().is_some_and(|names| names.contains(&json!(name)));
        let (status, answer) = self.try_it(made).await;
        assert!(status.is_success(), "{what}; then {status} {answer}");
        self.never_a_success_without_a_link(status, &answer, &what);
        let subject = format!("Rozmowa {}", self.turn);
        let meetings = self.product.microsoft.meetings();
        let live: Vec<_> = meetings
            .iter()
            .filter(|meeting| meeting.subject.as_deref() == Some(&subject) && !meeting.deleted)
            .collect();
        let link = made.unwrap_or(&answer)["link"].as_str().unwrap();
        // Links have Graph asked once in six seconds in the name of one recruiter.
        self.product.wait(SignedDuration::from_secs(6));
        let led = self.product.browser().get(link).await;
        if self.job == Job::Cancel {
            assert_eq!((live.len(), led.status), (0, StatusCode::GONE), "{what}");
            return;
        }
        let [only] = live[..] else { panic!("{what}: {} meetings", live.len()) };
        assert_eq!(led.status, StatusCode::SEE_OTHER, "{what}");
        assert_eq!(led.location().as_str(), only.join_web_url, "{what}");
        assert_eq!(only.organizer, if self.job == Job::HandOver { JAN } else { ANNA }, "{what}");
        let lobby = if self.job == Job::Change { "organizer" } else { "invited" };
        let is_named = |name: &str| self.job == Job::HandOver && is_dropped(name);
        assert!(only.properties["lobbyBypassSettings"]["scope"] == lobby || is_named("lobby"), "{what}");
        assert!(only.properties["allowAttendeeToEnableCamera"] == false || is_named("cameras"), "{what}");
    }

    fn never_a_success_without_a_link(&self, status: StatusCode, answer: &Value, what: &str) {
        if status.is_success() && self.job != Job::Cancel {
            assert!(answer["join_url"].as_str().is_some_and(|url| url.starts_with("https://")), "{what}");
        }
        assert!(status.is_success() || answer["outcome"].is_string(), "{what}");
    }

    /// The process dies after it was woken so often; again for every number until it lives to the end.
    async fn of_kills(&mut self) {
        for wakes in 1.. {
            let made = self.next().await;
            let first = killed_after(wakes, self.try_it(made.as_ref())).await;
            let lived = first.is_some();
            self.finish(made.as_ref(), first, &format!("killed after {wakes}")).await;
            if lived {
                assert!(wakes > 4, "there was hardly anything to interrupt");
                return;
            }
        }
    }

    /// At each call to Graph in turn, the call and its repetition go wrong in each way.
    async fn of_faults(&mut self) {
        let made = self.next().await;
        self.product.microsoft.clear_requests();
        self.try_it(made.as_ref()).await;
        let calls = u32::try_from(self.product.microsoft.requests().len()).unwrap();
        assert!(calls >= 2, "there was hardly anything to disturb");
        for effect in effects() {
            for passing in 0..calls {
                let made = self.next().await;
                let faults = self.product.microsoft.faults();
                faults.add(FaultRule::new(Operation::AnyGraph, effect.clone()).after(passing).times(2));
                let first = self.try_it(made.as_ref()).await;
                faults.clear();
                self.finish(made.as_ref(), Some(first), &format!("{effect:?} after {passing}")).await;
            }
        }
    }

    /// Each kind of call to the vault fails, or its answer is lost.
    async fn of_vault_faults(&mut self) {
        use VaultOperation::{Create, Put, Read, Tag};
        for fault in [VaultFault::Unavailable, VaultFault::ResponseLost] {
            for (operation, times) in [(Read, 1), (Read, 3), (Read, 4), (Create, 1), (Create, 9), (Put, 1), (Tag, 1)] {
                let made = self.next().await;
                let memory = self.product.memory.as_ref().unwrap();
                for _ in 0..times {
                    memory.fail_next(operation, fault);
                }
                let first = self.try_it(made.as_ref()).await;
                memory.clear_faults();
                self.finish(made.as_ref(), Some(first), &format!("{times} {operation:?} {fault:?}")).await;
            }
        }
    }
}

/// Ways in which an answer goes wrong. Those that are asked again once go wrong again then.
fn effects() -> Vec<FaultEffect> {
    let refused = |status, code: &str, retry_after| FaultEffect::GraphError {
        status,
        code: code.into(),
        message: String::new(),
        retry_after,
    };
    let answer = |body: Value| FaultEffect::Answer {
        status: 200,
        headers: [("content-type".to_owned(), "application/json".to_owned())].into(),
        body: body.to_string(),
    };
    vec![
        FaultEffect::LoseAnswer,
        FaultEffect::DropConnection,
        refused(500, "InternalServerError", None),
        refused(429, "TooManyRequests", Some(60)),
        refused(401, "InvalidAuthenticationToken", None),
        refused(403, "Forbidden", None),
        refused(400, "BadRequest", None),
        refused(404, "itemNotFound", None),
        answer(json!({"id": "x", "startDateTime": "2026-11-25T10:00:00Z", "endDateTime": "2026-11-25T10:45:00Z"})),
        answer(Value::Null),
    ]
}

/// What becomes of the future, if it ends before it was woken so often.
async fn killed_after<T>(wakes: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = wakes;
    poll_fn(move |context| match left.checked_sub(1) {
        None => Poll::Ready(None),
        Some(rest) => {
            left = rest;
            future.as_mut().poll(context).map(Some)
        }
    })
    .await
}

async fn swept(job: Job) {
    Sweep::of(job).await.of_kills().await;
    Sweep::of(job).await.of_faults().await;
    Sweep::of(job).await.of_vault_faults().await;
}

#[tokio::test]
async fn an_order_that_is_disturbed_at_any_step_makes_one_meeting() {
    swept(Job::Create).await;
}

#[tokio::test]
async fn a_change_that_is_disturbed_at_any_step_is_made_by_the_next_try() {
    swept(Job::Change).await;
}

#[tokio::test]
async fn a_hand_over_that_is_disturbed_at_any_step_leaves_one_meeting() {
    swept(Job::HandOver).await;
}

#[tokio::test]
async fn a_cancellation_that_is_disturbed_at_any_step_is_finished_by_the_next_try() {
    swept(Job::Cancel).await;
}
