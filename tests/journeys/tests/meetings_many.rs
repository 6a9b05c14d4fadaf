//! Five hundred interviews are moved at once, behind a throttle of ours and one of Microsoft's: none is lost, none is there
//! twice, and each is moved once.

#![cfg(test)]

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt;
use futures_util::stream;
use microsoft_simulator::demo::{ANNA, JAN};
use microsoft_simulator::{FaultEffect, FaultRule, Operation};
use reqwest::Method;
use serde_json::json;
use shared::domain::api_key::{ApiKeyLimits, ApiKeyRecord};
use shared::types::clock::SignedDuration;
use shared::types::secret::ApiKey;
use test_support::ats::{AtsAnswer, TestAts};
use test_support::product::{API_KEY, Product};

const INTERVIEWS: usize = 500;

/// The pace of the ATS's key, requests a minute.
const PACE: u32 = 240;

/// As many requests are under way at once; the guide says so.
const CONCURRENCY: usize = 8;

const PACED_KEY: &str = "tc_many_0123456789abcdef";

/// What is to be done with an interview.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Job {
    Order,
    Move,
}

struct Agenda {
    product: Product,
    ats: TestAts,
}

impl Agenda {
    async fn of_two_recruiters() -> Self {
        let product = Product::start().await;
        product.ats().configure("kadry").await.expect(200);
        product.ats().connect("kadry", "anna", ANNA).await.expect(200);
        product.ats().connect("kadry", "jan", JAN).await.expect(200);
        let key = |id: &str, text: &str| ApiKeyRecord::from_key(id, &ApiKey::from(text.to_owned()));
        let paced = ApiKeyLimits { per_minute: NonZeroU32::new(PACE), ..ApiKeyLimits::default() };
        let keys = vec![key("journey", API_KEY), key("many", PACED_KEY).with_limits(paced)];
        product.parts.vault.put_api_keys(keys).await.unwrap();
        product.wait(SignedDuration::from_mins(1));
        let ats = TestAts::new(&product.base, PACED_KEY);
        Self { product, ats }
    }

    async fn ask(&self, job: Job, number: usize, ids: &[String]) -> AtsAnswer {
        let user = if number.is_multiple_of(2) { "anna" } else { "jan" };
        match job {
            Job::Order => {
                let wish = json!({"subject": format!("Rozmowa {number}")});
                self.ats.order_with("kadry", user, &format!("interview-{number}"), wish).await
            }
            Job::Move => {
                let path = format!("/v1/customers/kadry/users/{user}/meetings/{}", ids[number]);
                let wish = json!({"start": "2026-12-02T09:00:00Z", "end": "2026-12-02T09:45:00Z"});
                self.ats.call(Method::PATCH, &path, Some(wish), &[]).await
            }
        }
    }

    /// Does the job for every interview as the guide says: some at once, and what is throttled again after `Retry-After`.
    /// Answers with the ids, and how many answers were a throttle's.
    async fn work_through(&self, job: Job, ids: &[String]) -> (Vec<String>, usize) {
        let throttled = AtomicUsize::new(0);
        let mut done = vec![String::new(); INTERVIEWS];
        let mut left: Vec<usize> = (0..INTERVIEWS).collect();
        while !left.is_empty() {
            let answers = stream::iter(left.iter().map(async |number| (*number, self.ask(job, *number, ids).await)));
            let answers: Vec<_> = answers.buffer_unordered(CONCURRENCY).collect().await;
            let before = left.len();
            left.clear();
            let mut wait = 0;
            for (number, answer) in answers {
                if answer.status.is_success() {
                    answer.text("id").clone_into(&mut done[number]);
                    continue;
                }
                assert_eq!(answer.text("outcome"), "retry_later", "{answer:?}");
                let seconds: i64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
                wait = wait.max(seconds);
                throttled.fetch_add(1, Ordering::Relaxed);
                left.push(number);
            }
            assert!(left.len() < before, "nothing was done in a whole round");
            self.product.wait(SignedDuration::from_secs(wait.max(60)));
        }
        (done, throttled.into_inner())
    }

    /// Graph throttles this call, each fifth time for a while.
    fn throttle(&self, operation: Operation) {
        for nth in 0..10 {
            let effect = FaultEffect::GraphError {
                status: 429,
                code: "TooManyRequests".into(),
                message: String::new(),
                retry_after: Some(30),
            };
            self.product.microsoft.faults().add(FaultRule::once(operation, effect).after(5 * nth));
        }
    }
}

#[tokio::test]
async fn five_hundred_interviews_that_are_moved_at_once_are_all_moved_once() {
    let agenda = Agenda::of_two_recruiters().await;
    agenda.throttle(Operation::GraphCreateOrGet);
    let (ids, throttled) = agenda.work_through(Job::Order, &[]).await;
    assert!(throttled > INTERVIEWS / 4, "the throttles were hardly felt: {throttled}");
    agenda.throttle(Operation::GraphUpdate);
    let (moved, throttled) = agenda.work_through(Job::Move, &ids).await;
    assert!(throttled > INTERVIEWS / 4, "the throttles were hardly felt: {throttled}");
    assert_eq!(moved, ids);

    let meetings = agenda.product.microsoft.meetings();
    assert_eq!(meetings.len(), INTERVIEWS, "none twice, none lost");
    for meeting in &meetings {
        assert_eq!((meeting.start.as_second(), meeting.changes, meeting.deleted), (1_796_202_000, 1, false));
    }
}
