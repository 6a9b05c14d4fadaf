//! Who runs: the floor, the four functions, and what a team would write otherwise; and what each is asked.

use std::path::PathBuf;

use lambda_journey::event;
use serde_json::{Value, json};
use shared::types::clock::Timestamp;

use crate::cast;
use crate::outside::join_url;
use crate::program::Start;

/// Our address in the run.
pub(crate) const PUBLIC_URL: &str = "https://teams.ats.example";

/// A program that answers events of an HTTP API.
#[derive(Debug, Clone)]
pub(crate) struct BenchTarget {
    /// In the tables.
    pub(crate) name: &'static str,
    /// In the tables, what it is.
    pub(crate) what: &'static str,
    /// How it starts.
    pub(crate) start: Start,
    /// What is deployed: files and folders that go into one zip.
    pub(crate) deployed: Vec<PathBuf>,
    /// What it is asked for.
    pub(crate) task: Task,
}

/// What a contestant is asked for, always in one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// Anything; it says hello.
    Hello,
    /// A meeting of the recruiter.
    Meeting,
    /// A link for the recruiter.
    ConnectLink,
    /// A link for the administrator.
    IntakeLink,
    /// New tokens for the recruiter.
    Renewal,
}

impl Task {
    /// The event of the request with this number.
    pub(crate) fn event(self, number: usize) -> Vec<u8> {
        let authorization = format!("Bearer {}", cast::API_KEY);
        let key = format!("interview-{number}");
        let headers = [
            ("authorization", &*authorization),
            ("content-type", "application/json"),
            ("accept-language", "en"),
            ("idempotency-key", &key),
        ];
        let customer = format!("/v1/customers/{}", cast::CUSTOMER);
        let user = format!("{customer}/users/{}", cast::USER);
        let (request, body) = match self {
            Self::Hello => ("GET /".to_owned(), String::new()),
            Self::Meeting => (format!("POST {user}/meetings"), order(&subject(number)).to_string()),
            Self::ConnectLink => (format!("POST {user}/connect-links"), "{}".to_owned()),
            Self::IntakeLink => (format!("POST {customer}/intake-links"), "{}".to_owned()),
            Self::Renewal => (format!("POST {user}/connection/refresh"), "{}".to_owned()),
        };
        event::of(&request, &headers, &body).to_string().into_bytes()
    }

    /// Whether this is the answer to that event.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn check(self, number: usize, answer: &[u8]) -> Result<(), String> {
        let wrong = |what: &str| format!("{what}: {}", String::from_utf8_lossy(answer));
        let answer: Value = serde_json::from_slice(answer).map_err(|_| wrong("no JSON"))?;
        let body = answer["body"].as_str().unwrap_or_default();
        let told: Value = serde_json::from_str(body).unwrap_or_default();
        let begins = |path: &str| {
            let url = told["url"].as_str().unwrap_or_default();
            url.strip_prefix(PUBLIC_URL).is_some_and(|rest| rest.starts_with(path) && rest.len() > path.len() + 40)
        };
        let (status, holds) = match self {
            Self::Hello => (200, body == "hello"),
            Self::Meeting => (201, is_meeting(&told, &subject(number))),
            Self::ConnectLink => (201, begins("/connect/")),
            Self::IntakeLink => (201, begins("/intake/")),
            Self::Renewal => (200, told["state"] == "active"),
        };
        match answer["statusCode"].as_u64() {
            Some(answered) if answered == status && holds => Ok(()),
            _ => Err(wrong("a wrong answer")),
        }
    }
}

pub(crate) fn subject(number: usize) -> String {
    format!("Interview {number}")
}

/// The times of every meeting of the run.
fn times() -> [&'static str; 2] {
    ["2031-01-20T10:00:00+01:00", "2031-01-20T10:45:00+01:00"]
}

pub(crate) fn order(subject: &str) -> Value {
    let [start, end] = times();
    json!({ "subject": subject, "start": start, "end": end })
}

/// The very meeting that was ordered, whichever way its times are written.
pub(crate) fn is_meeting(told: &Value, subject: &str) -> bool {
    let same = |name: &str, text: &str| {
        let told: Option<Timestamp> = told[name].as_str().and_then(|told| told.parse().ok());
        told.is_some() && told == text.parse().ok()
    };
    let [start, end] = times();
    told["outcome"] == "created"
        && told["subject"] == subject
        && told["join_url"] == join_url(subject).as_str()
        && told["id"].as_str().is_some_and(|id| !id.is_empty())
        && same("start", start)
        && same("end", end)
}
