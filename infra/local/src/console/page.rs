//! The page: a card for each step, with its button, what came of it, and the request and answer behind it.

use std::sync::LazyLock;

use askama::Template;
use axum::http::HeaderValue;
use microsoft_simulator::demo;
use serde_json::Value;
use shared::domain::finding::{FindingKind as Found, Message};
use shared::http::html;
use shared::http::html::STYLE;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::language::Language;

use crate::ats_client::{ApiRequest, ApiResponse, discreet, next_interview};

use crate::console::Console;
use crate::console::requests::{MeetingForm, SignInReturn};
use crate::console::session::{ConsoleSession, USERS};

/// The look of every page of ours, and what only this one needs.
static LOOK: LazyLock<String> = LazyLock::new(|| format!("{STYLE}{}", include_str!("../../pages/console.css")));

/// What a browser may do on it.
pub(super) static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| html::policy(&LOOK, None));

/// A place on the page.
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
    /// Its anchor.
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

/// A request and its answer as they may be shown: keys, links and handles are cut short.
#[derive(Debug, Clone)]
pub(super) struct ApiExchange {
    title: String,
    status: String,
    good: bool,
    sent: String,
    received: String,
    trouble: Option<ProblemView>,
}

/// What the answer says is wrong.
#[derive(Debug, Clone)]
struct ProblemView {
    title: String,
    detail: String,
    actor: String,
}

impl ApiExchange {
    pub(super) fn new(
        call: &ApiRequest,
        shown_key: &str,
        language: Language,
        answer: &Result<ApiResponse, String>,
    ) -> Self {
        let title = format!("{} {}", call.method, call.path);
        let mut sent = format!("{title}\nAuthorization: Bearer {shown_key}\nAccept-Language: {}", language.bcp47());
        if let Some(key) = &call.idempotency_key {
            sent.push_str("\nIdempotency-Key: ");
            sent.push_str(key);
        }
        if let Some(body) = &call.body {
            sent.push_str("\nContent-Type: application/json\n\n");
            sent.push_str(&pretty(body));
        }
        let (status, good, received) = match answer {
            Ok(answer) if answer.body == Value::Null => {
                (answer.status_text(), answer.status.is_success(), String::new())
            }
            Ok(answer) => (answer.status_text(), answer.status.is_success(), pretty(&answer.body)),
            Err(words) => (language.choose("brak odpowiedzi", "no answer").to_owned(), false, words.clone()),
        };
        let trouble = answer.as_ref().ok().filter(|_| !good).and_then(|answer| {
            let word = |name: &str| answer.string_member(name).map(str::to_owned);
            Some(ProblemView { title: word("title")?, detail: word("detail")?, actor: word("actor")? })
        });
        Self { title, status, good, sent, received, trouble }
    }
}

/// A document as it may be shown.
fn pretty(document: &Value) -> String {
    format!("{:#}", discreet(document))
}

/// What the simulator takes.
#[derive(Debug)]
struct DemoCredentials {
    tenant: String,
    client_id: String,
    client_secret: &'static str,
}

#[derive(Debug, Template)]
#[template(path = "console.html")]
struct ConsolePage<'a> {
    language: Language,
    style: &'static str,
    /// The step whose button stands out.
    next: &'static str,
    session: &'a ConsoleSession,
    users: [&'static str; 2],
    demo: Option<DemoCredentials>,
    refusal: Option<(&'a str, Option<Message>)>,
    order: MeetingForm,
    origin: &'a str,
}

impl ConsolePage<'_> {
    fn say<'w>(&self, polish: &'w str, english: &'w str) -> &'w str {
        self.language.choose(polish, english)
    }

    fn exchange(&self, card: &str) -> Option<&ApiExchange> {
        self.session.exchanges.iter().find(|(of, _)| of.id() == card).map(|(_, exchange)| exchange)
    }

    fn is_latest(&self, card: &str) -> bool {
        self.session.latest.is_some_and(|latest| latest.id() == card)
    }

    /// Who must act, in words.
    fn actor<'w>(&self, actor: &'w str) -> &'w str {
        match actor {
            "ats" => self.say("ATS", "the ATS"),
            "recruiter" => self.say("rekruter", "the recruiter"),
            "customer_admin" => self.say("administrator klienta", "the customer's administrator"),
            "operator" => self.say("operator tego wdrożenia", "the operator of this deployment"),
            other => other,
        }
    }

    /// Only an address of the web becomes a link.
    fn is_address(&self, link: &str) -> bool {
        link.starts_with("https://") || link.starts_with(self.origin)
    }

    fn has_handle(&self) -> bool {
        matches!(self.session.returned, Some(SignInReturn::Handle(_)))
    }
}

/// The page as this visitor sees it.
pub(super) fn render(console: &Console, session: &ConsoleSession, language: Language) -> Result<String, Problem> {
    let chance = console.randomness.token()?;
    let former = session.order.as_ref();
    let subject = language.choose("Rozmowa kwalifikacyjna: Adam Wiśniewski", "Interview: Adam Wiśniewski");
    let order = MeetingForm {
        // A fresh key for each look at the page: an order that is meant anew is a new order.
        key: format!("console-{}", chance.get(..16).unwrap_or(&chance)),
        subject: former.map_or_else(|| subject.to_owned(), |order| order.subject.clone()),
        start: former.map_or_else(|| next_interview(console.clock.now()), |order| order.start),
        minutes: former.map_or(45, |order| order.minutes),
    };
    let refusal = match &session.returned {
        Some(SignInReturn::Refused(code)) => Some((code.as_str(), finding_message(code, language))),
        _ => None,
    };
    let demo = console.simulated.then(|| DemoCredentials {
        tenant: demo::KADRY_TENANT.to_string(),
        client_id: demo::KADRY_CLIENT_ID.to_string(),
        client_secret: demo::KADRY_SECRET,
    });
    let origin = console.public_url.as_str();
    let (style, next) = (LOOK.as_str(), next_step(session));
    let page = ConsolePage { language, style, next, session, users: USERS, demo, refusal, order, origin };
    page.render().map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))
}

fn next_step(session: &ConsoleSession) -> &'static str {
    match session {
        ConsoleSession { returned: Some(SignInReturn::Handle(_)), .. } => "complete",
        ConsoleSession { account: Some(account), who, .. } if account.user == who.user => "meeting",
        ConsoleSession { connect: Some(_), .. } => "sign-in",
        ConsoleSession { intake_url: Some(_), .. } => "connect",
        _ => "intake",
    }
}

fn finding_message(code: &str, language: Language) -> Option<Message> {
    Found::ALL.iter().find(|kind| kind.code() == code).map(|kind| kind.message(language))
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_exchange_shows_neither_key_nor_link_nor_handle() {
        let secret = "canary".repeat(20);
        let call = ApiRequest::post("/v1/x".to_owned(), Some(json!({"handle": secret})));
        let answer =
            ApiResponse { status: StatusCode::CREATED, body: json!({"url": format!("http://localhost/{secret}")}) };
        let exchange = ApiExchange::new(&call, "tc_local_abc…", Language::En, &Ok(answer));
        assert!(exchange.good && exchange.status == "201 Created" && exchange.trouble.is_none());
        for shown in [&exchange.sent, &exchange.received] {
            assert!(!shown.contains("canarycanarycanary"), "{shown}");
        }
        assert!(exchange.sent.starts_with("POST /v1/x\nAuthorization: Bearer tc_local_abc…\n"));
    }

    #[test]
    fn the_policy_allows_the_style_of_this_page_and_keeps_the_rest() {
        let (ours, common) = (POLICY.to_str().unwrap(), html::content_security_policy());
        assert_ne!(ours, common);
        let rest = |text: &str| text.split(';').filter(|part| !part.contains("style-src")).collect::<String>();
        assert_eq!(rest(ours), rest(common.to_str().unwrap()));
        assert!(!ours.contains("unsafe"));
    }

    #[test]
    fn a_problem_is_told_in_its_own_words() {
        let body = json!({"title": "T", "detail": "D", "actor": "recruiter", "code": "c"});
        let answer = ApiResponse { status: StatusCode::CONFLICT, body };
        let exchange = ApiExchange::new(&ApiRequest::get("/v1/x".to_owned()), "k…", Language::En, &Ok(answer));
        assert_eq!(exchange.trouble.unwrap().actor, "recruiter");
        let silence =
            ApiExchange::new(&ApiRequest::get("/v1/x".to_owned()), "k…", Language::Pl, &Err("refused".to_owned()));
        assert_eq!((silence.status.as_str(), silence.received.as_str()), ("brak odpowiedzi", "refused"));
    }
}
