//! Every call to Microsoft and everything that can befall it, through real sockets: the answer is the documented one,
//! comes before the gateway gives up, says nothing of what came, and when the trouble is over the same request works.
#![cfg(test)]

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream;
use microsoft_simulator::demo;
use reqwest::Method;
use serde_json::json;
use shared::types::clock::SignedDuration;
use test_support::ats::{AtsAnswer, connection};
use test_support::browser::query_of;
use test_support::gate::{FaultProxy, ProxiedCall};
use test_support::product::Product;
use test_support::trouble::{FaultCase, troubles_of};

/// API Gateway ends a request after 30 seconds.
const LONGEST: Duration = Duration::from_secs(25);

/// Cells that are played at the same time: most of them wait for something that does not come.
const AT_ONCE: usize = 64;

const CALLS: [ProxiedCall; 9] = [
    ProxiedCall::Discovery,
    ProxiedCall::Keys,
    ProxiedCall::Probe,
    ProxiedCall::Redeem,
    ProxiedCall::Renew,
    ProxiedCall::Create,
    ProxiedCall::Read,
    ProxiedCall::Change,
    ProxiedCall::Delete,
];

/// Troubles that one product goes through, one after the other.
const IN_A_ROW: usize = 12;

/// The product behind a gate.
struct Scene {
    product: Product,
    gate: FaultProxy,
    call: ProxiedCall,
    meeting: String,
    handle: String,
    /// Who signs in: another one each time, for a recruiter signs in twenty times a day at most.
    user: String,
    turns: usize,
}

impl Scene {
    async fn set(call: ProxiedCall) -> Self {
        let (product, gate) = Product::start_behind_a_gate().await;
        let ats = product.ats();
        ats.configure("kadry").await.expect(200);
        let (meeting, handle, user) = (String::new(), String::new(), String::new());
        if !matches!(call, ProxiedCall::Discovery | ProxiedCall::Probe | ProxiedCall::Keys | ProxiedCall::Redeem) {
            ats.connect("kadry", "anna", demo::ANNA).await.expect(200);
        }
        Self { product, gate, call, meeting, handle, user, turns: 0 }
    }

    /// Everything is as it must be before the next request.
    async fn prepare(&mut self) {
        self.turns += 1;
        match self.call {
            ProxiedCall::Discovery | ProxiedCall::Probe | ProxiedCall::Renew | ProxiedCall::Create => {}
            ProxiedCall::Keys | ProxiedCall::Redeem => {
                self.user = format!("anna-{}", self.turns);
                let link = self.product.ats().connect_link("kadry", &self.user).await;
                let returned = self.product.browser().sign_in(&link, demo::ANNA).await;
                self.handle = query_of(&returned, "handle");
            }
            ProxiedCall::Read | ProxiedCall::Change | ProxiedCall::Delete => {
                let made = self.product.ats().order("kadry", "anna", &format!("k{}", self.turns)).await.expect(201);
                self.meeting = format!("/v1/customers/kadry/users/anna/meetings/{}", made.text("id"));
            }
        }
    }

    /// The request that makes the product make the call.
    async fn act(&self) -> AtsAnswer {
        let ats = self.product.ats();
        match self.call {
            ProxiedCall::Discovery => {
                let body = json!({
                    "tenant": demo::KADRY_DOMAIN,
                    "client_id": demo::KADRY_CLIENT_ID.to_string(),
                    "client_secret": demo::KADRY_SECRET,
                });
                ats.call(Method::PUT, "/v1/customers/kadry/credentials", Some(body), &[]).await
            }
            ProxiedCall::Probe => ats.configure("kadry").await,
            ProxiedCall::Keys | ProxiedCall::Redeem => ats.complete("kadry", &self.user, &self.handle).await,
            ProxiedCall::Renew => ats.post(&format!("{}/refresh", connection("kadry", "anna")), json!(null)).await,
            ProxiedCall::Create => ats.order("kadry", "anna", "k").await,
            ProxiedCall::Read => ats.get(&self.meeting).await,
            ProxiedCall::Change => {
                ats.call(Method::PATCH, &self.meeting, Some(json!({ "subject": "Rozmowa druga" })), &[]).await
            }
            ProxiedCall::Delete => ats.delete(&self.meeting).await,
        }
    }

    /// One cell: what is wrong with it.
    async fn play(&mut self, troubled: &FaultCase) -> Vec<String> {
        self.prepare().await;
        let hits = self.gate.hits();
        self.gate.arm(self.call, troubled.trouble.clone());
        let began = Instant::now();
        let answer = self.act().await;
        let mut faults = judged(&answer, &troubled.answers(self.call), &self.gate);
        if began.elapsed() > LONGEST {
            faults.push(format!("answered after {:?}", began.elapsed()));
        }
        if self.gate.hits() == hits {
            faults.push("the call was not made".to_owned());
        }
        // The trouble is over; a minute later, in case somebody was to be left alone.
        self.gate.lift();
        self.product.wait(SignedDuration::from_secs(61));
        let is_done = answer.status.is_success();
        if matches!(self.call, ProxiedCall::Keys | ProxiedCall::Redeem) {
            self.prepare().await;
        }
        let next = self.act().await;
        // What is deleted is deleted once.
        let works = next.status.is_success() || (is_done && self.call == ProxiedCall::Delete);
        if !works {
            faults.push(format!("then it does not work: {} {}", next.status, next.body));
        }
        faults.into_iter().map(|fault| format!("{:?}, {}: {fault}", self.call, troubled.name)).collect()
    }
}

/// What is wrong with an answer.
fn judged(answer: &AtsAnswer, expected: &[u16], gate: &FaultProxy) -> Vec<String> {
    let mut faults = Vec::new();
    if !expected.contains(&answer.status.as_u16()) {
        faults.push(format!("{} instead of {expected:?}: {}", answer.status, answer.body));
    }
    let said = format!("{:?} {}", answer.headers, answer.body);
    // What is secret in earnest nobody is answered without a panic.
    if said.contains("canary") {
        faults.push("it says what Microsoft said".to_owned());
    }
    if answer.status.is_success() {
        return faults;
    }
    if [&gate.login, &gate.graph].iter().any(|address| said.contains(address.as_str())) {
        faults.push("it says where Microsoft is".to_owned());
    }
    let is_problem = answer.headers.get("content-type").is_some_and(|value| value == "application/problem+json");
    if !is_problem || !answer.body["code"].is_string() {
        faults.push(format!("no problem document: {said}"));
    }
    if answer.status == 503 && !answer.headers.contains_key("retry-after") {
        faults.push("it does not say when to try again".to_owned());
    }
    faults
}

/// Some troubles, one after the other.
async fn row(call: ProxiedCall, troubles: Vec<FaultCase>) -> Vec<String> {
    let mut scene = Scene::set(call).await;
    let mut faults = Vec::new();
    for troubled in troubles {
        faults.extend(scene.play(&troubled).await);
    }
    faults
}

/// The rows of all cells. What takes long, and what can be met once only, has a product of its own.
fn rows() -> Vec<(ProxiedCall, Vec<FaultCase>)> {
    let mut rows = Vec::new();
    for call in CALLS {
        let (slow, quick): (Vec<_>, Vec<_>) =
            troubles_of(call).into_iter().partition(|troubled| troubled.is_slow() || call == ProxiedCall::Keys);
        rows.extend(slow.into_iter().map(|troubled| (call, vec![troubled])));
        rows.extend(quick.chunks(IN_A_ROW).map(|row| (call, row.to_vec())));
    }
    // Whoever waits longest begins first.
    rows.sort_by_key(|(_, row)| row.len());
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_befalls_a_call_the_answer_is_the_documented_one_in_time_and_the_next_request_works() {
    let began = Instant::now();
    let rows = rows();
    let cells: usize = rows.iter().map(|(_, row)| row.len()).sum();
    let work = stream::iter(rows).map(|(call, troubles)| tokio::spawn(row(call, troubles))).buffer_unordered(AT_ONCE);
    let faults: Vec<String> = work.map(Result::unwrap).collect::<Vec<_>>().await.concat();
    println!("{cells} cells in {:.0} s", began.elapsed().as_secs_f32());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(cells > 600, "{cells} cells");
}
