//! Entra as the model plays it: it remembers what it issued, keeps old refresh tokens alive, and fails when told to.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};
use shared::adapters::http_client::transport::{FakePeerTimeout, HttpTransport};
use shared::types::clock::{Clock, Timestamp};

/// So long are refresh tokens that a secret is full with three recruiters.
const LONG: usize = 14 * 1_024;

/// How one request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntraFault {
    /// It does what was asked, and the answer is lost.
    LosesAnswer,
    /// The request never arrives.
    OutOfReach,
    /// 503.
    OutOfService,
    /// `invalid_grant` with AADSTS50196: throttling in the guise of a lost grant.
    Loop,
    /// 429 with a wait that is too long to be waited out.
    Throttled,
    /// `invalid_grant` though nothing is wrong: a directory that lags behind.
    Wrong,
    /// `interaction_required`: it wants the recruiter herself.
    Wanting,
}

/// A token that was issued: whose, in which sign-in, as the how manieth of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IssuedToken {
    /// Which recruiter.
    pub recruiter: usize,
    /// Which of the sign-ins, counted over all recruiters.
    pub sign_in: u64,
    /// Which token of that sign-in.
    pub number: u64,
}

/// Entra's own book.
#[derive(Default)]
pub struct TokenLedger {
    issued: HashMap<String, IssuedToken>,
    sign_ins: u64,
    numbers: HashMap<u64, u64>,
    revoked: HashSet<u64>,
    secret: u64,
    moods: VecDeque<EntraFault>,
    /// When it refused a sign-in's refresh token, rightly or wrongly.
    pub refusals: HashMap<u64, Vec<Timestamp>>,
    /// Sign-ins whose recruiter it wanted.
    pub wanted: HashSet<u64>,
    /// Token requests that are under way, by process and refresh token's recruiter.
    under_way: HashMap<(usize, usize), usize>,
    /// More than one process may ask; one process asks once at a time.
    pub asked_twice_at_once: bool,
    /// Requests so far.
    pub requests: u64,
}

/// Entra. Its clones share one book.
#[derive(Clone)]
pub struct FakeEntra {
    book: Arc<Mutex<TokenLedger>>,
    clock: Clock,
}

impl FakeEntra {
    /// An Entra that has issued nothing.
    pub fn new(clock: Clock) -> Self {
        Self { book: Arc::default(), clock }
    }

    /// The book.
    pub fn book(&self) -> MutexGuard<'_, TokenLedger> {
        self.book.lock().unwrap()
    }

    /// The way here from one process.
    pub fn line(&self, client: &reqwest::Client, process: usize) -> HttpTransport {
        let entra = self.clone();
        HttpTransport::with_fake_peer(client.clone(), move |request| {
            let (entra, form) = (entra.clone(), form(&request));
            Box::pin(async move { entra.answer(process, &form).await })
        })
    }

    async fn answer(
        &self,
        process: usize,
        form: &HashMap<String, String>,
    ) -> Result<http::Response<String>, FakePeerTimeout> {
        let recruiter = {
            let book = self.book();
            form.get("refresh_token").and_then(|token| book.issued.get(token)).map(|issue| issue.recruiter)
        };
        let _under_way = recruiter.map(|recruiter| PendingCall::begin(self, (process, recruiter)));
        // On its way; then it is there; then its answer is on the way.
        tokio::task::yield_now().await;
        let answer = self.book().act(form, self.clock.now());
        tokio::task::yield_now().await;
        answer
    }
}

/// Counts a request for as long as somebody waits for its answer.
struct PendingCall<'e>(&'e FakeEntra, (usize, usize));

impl<'e> PendingCall<'e> {
    fn begin(entra: &'e FakeEntra, whose: (usize, usize)) -> Self {
        let mut book = entra.book();
        let count = book.under_way.entry(whose).or_default();
        *count += 1;
        let twice = *count > 1;
        book.asked_twice_at_once |= twice;
        drop(book);
        Self(entra, whose)
    }
}

impl Drop for PendingCall<'_> {
    fn drop(&mut self) {
        *self.0.book().under_way.entry(self.1).or_default() -= 1;
    }
}

impl TokenLedger {
    /// A recruiter signs in: the first refresh token, and the access token beside it.
    pub fn sign_in(&mut self, recruiter: usize) -> (IssuedToken, String, String) {
        self.sign_ins += 1;
        let issue = IssuedToken { recruiter, sign_in: self.sign_ins, number: 0 };
        let (refresh, access) = self.issue(issue);
        (issue, refresh, access)
    }

    /// What a token is, if it was issued here.
    pub fn issue_of(&self, token: &str) -> Option<IssuedToken> {
        self.issued.get(token).copied()
    }

    /// An administrator signs a recruiter out everywhere.
    pub fn revoke(&mut self, recruiter: usize) {
        let of_him = self.issued.values().filter(|issue| issue.recruiter == recruiter).map(|issue| issue.sign_in);
        self.revoked.extend(of_him.collect::<Vec<_>>());
    }

    /// Whether a sign-in was revoked.
    pub fn is_revoked(&self, sign_in: u64) -> bool {
        self.revoked.contains(&sign_in)
    }

    /// The customer's secret ends; the next one is the answer.
    pub fn end_secret(&mut self) -> String {
        self.secret += 1;
        self.secret_text()
    }

    /// The secret that counts.
    pub fn secret_text(&self) -> String {
        format!("abC8Q~secret.{}", self.secret)
    }

    /// The next request that is nothing but a token request is answered like this.
    pub fn next(&mut self, mood: EntraFault) {
        self.moods.push_back(mood);
    }

    /// From now on everything goes well.
    pub fn calm(&mut self) {
        self.moods.clear();
    }

    fn issue(&mut self, issue: IssuedToken) -> (String, String) {
        let IssuedToken { recruiter, sign_in, number } = issue;
        let (refresh, access) = (
            format!("r.{recruiter}.{sign_in}.{number}.{}", "x".repeat(LONG)),
            format!("a.{recruiter}.{sign_in}.{number}"),
        );
        self.issued.insert(refresh.clone(), issue);
        self.issued.insert(access.clone(), issue);
        (refresh, access)
    }

    fn act(
        &mut self,
        form: &HashMap<String, String>,
        now: Timestamp,
    ) -> Result<http::Response<String>, FakePeerTimeout> {
        self.requests += 1;
        let mood = self.moods.pop_front();
        match mood {
            Some(EntraFault::OutOfReach) => return Err(FakePeerTimeout),
            Some(EntraFault::OutOfService) => return Ok(answer(503, &json!({}))),
            Some(EntraFault::Throttled) => {
                let mut answer = answer(429, &json!({ "error": "temporarily_unavailable" }));
                answer.headers_mut().insert("retry-after", http::HeaderValue::from_static("60"));
                return Ok(answer);
            }
            Some(EntraFault::Loop) => return Ok(refusal("invalid_grant", 50196)),
            Some(EntraFault::Wrong | EntraFault::Wanting | EntraFault::LosesAnswer) | None => {}
        }
        if form.get("client_secret") != Some(&self.secret_text()) {
            return Ok(refusal("invalid_client", 7_000_222));
        }
        if form.get("grant_type").map(String::as_str) == Some("client_credentials") {
            return Ok(answer(200, &json!({ "token_type": "Bearer", "expires_in": 3_599, "access_token": "a.app" })));
        }
        let held = form.get("refresh_token").and_then(|token| self.issued.get(token)).copied();
        let Some(held) = held else { return Ok(refusal("invalid_grant", 9_002_313)) };
        if mood == Some(EntraFault::Wanting) {
            self.wanted.insert(held.sign_in);
            return Ok(refusal("interaction_required", 50076));
        }
        if mood == Some(EntraFault::Wrong) || self.revoked.contains(&held.sign_in) {
            self.refusals.entry(held.sign_in).or_default().push(now);
            return Ok(refusal("invalid_grant", 50173));
        }
        let number = self.numbers.entry(held.sign_in).or_default();
        *number += 1;
        let (refresh, access) = self.issue(IssuedToken { number: self.numbers[&held.sign_in], ..held });
        if mood == Some(EntraFault::LosesAnswer) {
            return Err(FakePeerTimeout);
        }
        let scope = "https://graph.microsoft.com/OnlineMeetings.ReadWrite https://graph.microsoft.com/User.Read";
        let body = json!({
            "token_type": "Bearer",
            "expires_in": 3_599,
            "scope": scope,
            "access_token": access,
            "refresh_token": refresh,
        });
        Ok(answer(200, &body))
    }
}

fn refusal(error: &str, number: u32) -> http::Response<String> {
    let status = if error == "invalid_client" { 401 } else { 400 };
    answer(status, &json!({ "error": error, "error_codes": [number] }))
}

fn answer(status: u16, body: &Value) -> http::Response<String> {
    let builder = http::Response::builder().status(status).header("content-type", "application/json");
    builder.body(body.to_string()).unwrap()
}

fn form(request: &reqwest::Request) -> HashMap<String, String> {
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    url::form_urlencoded::parse(body).into_owned().collect()
}
