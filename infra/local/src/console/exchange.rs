//! The steps of the console, and the requests and responses that it shows.

use serde_json::Value;
use shared::types::language::Language;

use crate::ats_client::{ApiRequest, ApiResponse};
use crate::redaction::redact;

/// A step: a section of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ConsoleStep {
    Login,
    Intake,
    Customer,
    Connect,
    Complete,
    Meeting,
    Connection,
}

impl ConsoleStep {
    /// The id of the section.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Intake => "intake",
            Self::Customer => "customer",
            Self::Connect => "connect",
            Self::Complete => "complete",
            Self::Meeting => "meeting",
            Self::Connection => "connection",
        }
    }
}

/// A request and its response for display. Keys, links and handles are truncated.
#[derive(Debug, Clone)]
pub(super) struct ApiExchange {
    pub(super) title: String,
    pub(super) status: String,
    pub(super) is_success: bool,
    pub(super) sent: String,
    pub(super) received: String,
    pub(super) problem: Option<ProblemView>,
}

/// The problem in a response.
#[derive(Debug, Clone)]
pub(super) struct ProblemView {
    pub(super) title: String,
    pub(super) detail: String,
    pub(super) actor: String,
}

impl ApiExchange {
    pub(super) fn new(
        request: &ApiRequest,
        redacted_key: &str,
        language: Language,
        response: &Result<ApiResponse, String>,
    ) -> Self {
        let title = format!("{} {}", request.method, request.path);
        let mut sent = format!("{title}\nAuthorization: Bearer {redacted_key}\nAccept-Language: {}", language.bcp47());
        if let Some(key) = &request.idempotency_key {
            sent.push_str("\nIdempotency-Key: ");
            sent.push_str(key);
        }
        if let Some(body) = &request.body {
            sent.push_str("\nContent-Type: application/json\n\n");
            sent.push_str(&pretty(body));
        }
        let (status, is_success, received) = match response {
            Ok(response) if response.body == Value::Null => {
                (response.status_text(), response.status.is_success(), String::new())
            }
            Ok(response) => (response.status_text(), response.status.is_success(), pretty(&response.body)),
            Err(message) => (language.choose("brak odpowiedzi", "no response").to_owned(), false, message.clone()),
        };
        let problem = response.as_ref().ok().filter(|_| !is_success).and_then(|response| {
            let member = |name: &str| response.string_member(name).map(str::to_owned);
            Some(ProblemView { title: member("title")?, detail: member("detail")?, actor: member("actor")? })
        });
        Self { title, status, is_success, sent, received, problem }
    }
}

/// A JSON document, redacted and indented.
fn pretty(document: &Value) -> String {
    format!("{:#}", redact(document))
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_exchange_shows_neither_key_nor_link_nor_handle() {
        let secret = "canary".repeat(20);
        let request = ApiRequest::post("/v1/x".to_owned(), Some(json!({"handle": secret})));
        let response =
            ApiResponse { status: StatusCode::CREATED, body: json!({"url": format!("http://localhost/{secret}")}) };
        let exchange = ApiExchange::new(&request, "tc_local_abc…", Language::En, &Ok(response));
        assert!(exchange.is_success && exchange.status == "201 Created" && exchange.problem.is_none());
        for shown in [&exchange.sent, &exchange.received] {
            assert!(!shown.contains("canarycanarycanary"), "{shown}");
        }
        assert!(exchange.sent.starts_with("POST /v1/x\nAuthorization: Bearer tc_local_abc…\n"));
    }

    #[test]
    fn a_problem_is_shown_with_its_actor() {
        let body = json!({"title": "T", "detail": "D", "actor": "recruiter", "code": "c"});
        let response = ApiResponse { status: StatusCode::CONFLICT, body };
        let exchange = ApiExchange::new(&ApiRequest::get("/v1/x".to_owned()), "k…", Language::En, &Ok(response));
        assert_eq!(exchange.problem.unwrap().actor, "recruiter");
        let unanswered =
            ApiExchange::new(&ApiRequest::get("/v1/x".to_owned()), "k…", Language::Pl, &Err("refused".to_owned()));
        assert_eq!((unanswered.status.as_str(), unanswered.received.as_str()), ("brak odpowiedzi", "refused"));
    }
}
