//! Bad input of every kind, through real HTTP: it is refused as documented, nothing is asked or written for it, nothing
//! of it comes back, and the next request works.
#![cfg(test)]

use std::collections::BTreeSet;
use std::time::Instant;

use microsoft_simulator::demo;
use serde_json::json;
use shared::types::clock::SignedDuration;
use test_support::input::{self, Filling, Input};
use test_support::product::{API_KEY, Product};
use test_support::raw::{RawReply, RawRequest};

/// Fewer than one link, or one source, may make at once.
const TRIES: usize = 15;

const STRINGS: &str = include_str!("../inputs/strings.toml");
const FIELDS: &str = include_str!("../inputs/fields.toml");
const FRAMING: &str = include_str!("../inputs/framing.toml");
const TABLES: [&str; 6] = [
    include_str!("../inputs/form.toml"),
    include_str!("../inputs/links.toml"),
    include_str!("../inputs/callback.toml"),
    include_str!("../inputs/paths.toml"),
    include_str!("../inputs/bodies.toml"),
    include_str!("../inputs/headers.toml"),
];

struct Judge {
    product: Product,
    raw: RawRequest,
    filling: Filling,
}

impl Judge {
    async fn sits() -> Self {
        let product = Product::start().await;
        product.ats().configure("kadry").await.expect(200);
        product.ats().connect("kadry", "anna", demo::ANNA).await.expect(200);
        let raw = RawRequest::to(&product.base);
        let filling = Filling {
            host: raw.host().to_owned(),
            key: API_KEY.to_owned(),
            intake: String::new(),
            connect: String::new(),
            tenant: demo::KADRY_TENANT.to_string(),
            client_id: demo::KADRY_CLIENT_ID.to_string(),
            client_secret: demo::KADRY_SECRET.to_owned(),
        };
        let mut judge = Self { product, raw, filling };
        judge.take_new_links().await;
        judge
    }

    /// Credentials that are taken spend the links of before.
    async fn take_new_links(&mut self) {
        self.product.wait(SignedDuration::from_mins(1));
        let ats = self.product.ats();
        let intake = ats.post("/v1/customers/kadry/intake-links", json!({})).await.expect(201);
        let connect = ats.connect_link("kadry", "anna").await;
        let last = |url: &str| url.rsplit('/').next().unwrap().to_owned();
        (self.filling.intake, self.filling.connect) = (last(intake.text("url")), last(&connect));
    }

    fn inputs(&self) -> Vec<Input> {
        let mut inputs = input::strings_in_fields(STRINGS, FIELDS, &self.filling);
        inputs.extend(TABLES.iter().flat_map(|text| input::table(text, &self.filling)));
        inputs
    }

    /// What is wrong with the answer to an input.
    async fn judge(&mut self, input: &Input) -> Vec<String> {
        let (written, asked) = (self.product.stored().await, self.product.microsoft.requests().len());
        let reply = match self.raw.send(&input.bytes, input.bodiless).await {
            Ok(reply) => reply,
            Err(error) => return vec![format!("{}: no answer: {error}", input.name)],
        };
        let mut faults = Vec::new();
        if !input.answers.contains(&reply.status) {
            faults.push(format!("{} instead of {:?}: {}", reply.status, input.answers, start_of(&reply.body)));
        }
        let refused = reply.status >= 400;
        if refused && self.product.stored().await != written {
            faults.push("it was refused, and the vault was written".to_owned());
        }
        if refused && !input.asks && self.product.microsoft.requests().len() != asked {
            faults.push("it was refused, and Microsoft was asked".to_owned());
        }
        faults.extend(self.told(input, &reply).into_iter().map(str::to_owned));
        faults.into_iter().map(|fault| format!("{}: {fault}", input.name)).collect()
    }

    /// What an answer says that it must not, or does not say that it must.
    fn told(&self, input: &Input, reply: &RawReply) -> Vec<&'static str> {
        let mut faults = Vec::new();
        if reply.header("cache-control") != Some("no-store") {
            faults.push("it may be kept by a cache");
        }
        if reply.header("x-content-type-options") != Some("nosniff") {
            faults.push("its type may be guessed");
        }
        if reply.header("access-control-allow-origin").is_some() {
            faults.push("a script of another site may read it");
        }
        let media_type = reply.header("content-type").unwrap_or_default();
        if reply.status >= 400 && !input.bodiless && media_type == "application/problem+json" {
            let problem: serde_json::Value = serde_json::from_str(&reply.body).unwrap_or_default();
            let says = |member: &str| problem[member].is_string();
            if problem["status"] != reply.status || !says("code") || !says("title") || !says("trace_id") {
                faults.push("its problem is incomplete");
            }
        } else if reply.status >= 400 && !input.bodiless && !media_type.starts_with("text/html") {
            faults.push("its refusal is neither a problem nor a page");
        }
        if media_type.starts_with("text/html")
            && ["<script>alert", "<img src=x", "' autofocus"].iter().any(|text| reply.body.contains(text))
        {
            faults.push("what was sent is markup in the page");
        }
        if reply.body.contains(&self.filling.client_secret) || reply.body.contains(API_KEY) {
            faults.push("it holds a secret");
        }
        let location = reply.header("location").unwrap_or_default();
        if !input.reflects && (reply.body.contains("evil.example") || location.contains("evil.example")) {
            faults.push("it repeats what was sent");
        }
        if reply.headers.iter().any(|(name, _)| name == "set-cookie") && reply.status >= 400 && !Self::is_page(input) {
            faults.push("a refusal sets a cookie");
        }
        faults
    }

    /// The callback's page takes its cookie away.
    fn is_page(input: &Input) -> bool {
        input.bytes.windows(9).any(|bytes| bytes == b"/callback" || bytes == b"OAuth2.as")
    }
}

fn start_of(body: &str) -> String {
    body.chars().take(160).collect()
}

#[tokio::test]
async fn bad_input_is_refused_and_nothing_is_asked_written_or_repeated_for_it() {
    let mut judge = Judge::sits().await;
    let mut inputs = judge.inputs();
    let names: BTreeSet<_> = inputs.iter().map(|input| &input.name).collect();
    assert_eq!(names.len(), inputs.len(), "a name stands twice");
    let began = Instant::now();
    let mut faults = Vec::new();
    for at in 0..inputs.len() {
        let written = judge.product.stored().await;
        faults.extend(judge.judge(&inputs[at]).await);
        // A link that was written through is spent; and neither links nor keys may be tried for ever.
        if judge.product.stored().await != written || at % TRIES == TRIES - 1 {
            judge.take_new_links().await;
            inputs = judge.inputs();
        }
    }
    println!("{} inputs in {:.1} s", inputs.len(), began.elapsed().as_secs_f32());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(inputs.len() > 2_000, "{} inputs", inputs.len());
    judge.product.ats().get("/v1/customers/kadry").await.expect(200);
}

#[tokio::test]
async fn bytes_that_are_no_request_are_refused_and_the_next_request_works() {
    let judge = Judge::sits().await;
    for input in input::framed(FRAMING, &judge.filling) {
        let (written, asked) = (judge.product.stored().await, judge.product.microsoft.requests().len());
        let mut raw = RawRequest::to(&judge.product.base);
        let status = raw.send(&input.bytes, false).await.map_or(0, |reply| reply.status);
        assert!(status == 0 || input.answers.contains(&status), "{}: {status}", input.name);
        assert_eq!(
            (judge.product.stored().await, judge.product.microsoft.requests().len()),
            (written, asked),
            "{}",
            input.name
        );
        let next = RawRequest::to(&judge.product.base).send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", false).await;
        assert_eq!(next.unwrap().status, 200, "after {}", input.name);
    }
}
