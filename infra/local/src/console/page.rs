//! The page: one section for each step, with its button, its result, and the request and response behind it.

use std::sync::LazyLock;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use microsoft_simulator::demo;
use shared::domain::finding::{FindingKind, Message};
use shared::http::branding::Branding;
use shared::http::html::{HtmlPage, PageFrame, STYLE};
use shared::http::problem::Problem;
use shared::types::language::Language;

use crate::console::event_log::ReceivedWebhook;
use crate::console::exchange::ApiExchange;
use crate::console::requests::{MeetingForm, SignInReturn};
use crate::console::session::{ConsoleSession, USERS};
use crate::console::state::Console;
use crate::interview::next_interview;

/// The stylesheet of all pages of the product, and what only the console needs.
static STYLESHEET: LazyLock<String> = LazyLock::new(|| format!("{STYLE}{}", include_str!("../../pages/console.css")));

/// The frame of the console's pages.
fn frame(branding: &Branding) -> PageFrame<'_> {
    PageFrame { style: &STYLESHEET, branding }
}

/// The credentials of the simulator's demo company.
#[derive(Debug)]
struct DemoCredentials {
    tenant: String,
    client_id: String,
    client_secret: &'static str,
}

/// What a browser sees that has not opened the printed address.
#[derive(Debug, Template)]
#[template(path = "closed.html")]
struct ClosedPage<'a> {
    language: Language,
    frame: PageFrame<'a>,
}

/// The response to a browser without a session.
pub(super) fn closed(branding: &Branding, language: Language) -> Result<Response, Problem> {
    let frame = frame(branding);
    Ok((StatusCode::FORBIDDEN, frame.render(&ClosedPage { language, frame }, None)?).into_response())
}

#[derive(Debug, Template)]
#[template(path = "console.html")]
struct ConsolePage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    /// The step whose button is highlighted.
    next_step: &'static str,
    session: &'a ConsoleSession,
    users: [&'static str; 2],
    demo: Option<DemoCredentials>,
    sign_in_error: Option<(&'a str, Option<Message>)>,
    meeting_form: MeetingForm,
    public_url: &'a str,
    events: Vec<ReceivedWebhook>,
}

impl ConsolePage<'_> {
    fn say<'w>(&self, polish: &'w str, english: &'w str) -> &'w str {
        self.language.choose(polish, english)
    }

    fn sentence<'w>(&self, event: &'w ReceivedWebhook) -> &'w str {
        event.sentence(self.language)
    }

    /// The last request and response of a step.
    fn exchange(&self, step_id: &str) -> Option<&ApiExchange> {
        self.session.exchanges.iter().find(|(step, _)| step.id() == step_id).map(|(_, exchange)| exchange)
    }

    fn is_latest(&self, step_id: &str) -> bool {
        self.session.latest_step.is_some_and(|step| step.id() == step_id)
    }

    /// The name of an actor.
    fn actor<'w>(&self, actor: &'w str) -> &'w str {
        match actor {
            "ats" => self.say("system rekrutacyjny", "the recruitment system"),
            "recruiter" => self.say("rekruter", "the recruiter"),
            "customer_admin" => self.say("administrator klienta", "the customer's administrator"),
            "operator" => self.say("operator tego wdrożenia", "the operator of this deployment"),
            other => other,
        }
    }

    /// Whether an address may become a link: https, or an address of this deployment.
    fn is_linkable(&self, url: &str) -> bool {
        url.starts_with("https://") || url.starts_with(self.public_url)
    }

    fn has_handle(&self) -> bool {
        matches!(self.session.returned, Some(SignInReturn::Handle(_)))
    }
}

/// Renders the page for a session.
pub(super) fn render(console: &Console, session: &ConsoleSession, language: Language) -> Result<HtmlPage, Problem> {
    let frame = frame(&console.branding);
    let token = console.randomness.token()?;
    let previous = session.order.as_ref();
    let subject = language.choose("Rozmowa kwalifikacyjna: Adam Wiśniewski", "Interview: Adam Wiśniewski");
    let meeting_form = MeetingForm {
        // A new key each time the page is rendered: the button orders a new meeting.
        key: format!("console-{}", token.get(..16).unwrap_or(&token)),
        subject: previous.map_or_else(|| subject.to_owned(), |order| order.subject.clone()),
        start: previous.map_or_else(|| next_interview(console.clock.now()), |order| order.start),
        minutes: previous.map_or(45, |order| order.minutes),
    };
    let sign_in_error = match &session.returned {
        Some(SignInReturn::Error(code)) => Some((code.as_str(), finding_message(code, language))),
        _ => None,
    };
    let demo = console.is_simulated.then(|| DemoCredentials {
        tenant: demo::KADRY_TENANT.to_string(),
        client_id: demo::KADRY_CLIENT_ID.to_string(),
        client_secret: demo::KADRY_SECRET,
    });
    let page = ConsolePage {
        language,
        frame,
        next_step: next_step(session),
        session,
        users: USERS,
        demo,
        sign_in_error,
        meeting_form,
        public_url: console.public_url.as_str(),
        events: console.events.latest(),
    };
    frame.render(&page, None)
}

fn next_step(session: &ConsoleSession) -> &'static str {
    match session {
        ConsoleSession { returned: Some(SignInReturn::Handle(_)), .. } => "complete",
        ConsoleSession { account: Some(account), logged_in, .. } if account.user == logged_in.user => "meeting",
        ConsoleSession { connect_link: Some(_), .. } => "sign-in",
        ConsoleSession { intake_url: Some(_), .. } => "connect",
        _ => "intake",
    }
}

fn finding_message(code: &str, language: Language) -> Option<Message> {
    FindingKind::ALL.iter().find(|kind| kind.code() == code).map(|kind| kind.message(language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_the_style_of_this_page_and_keeps_the_rest() {
        let branding = Branding::default();
        let (ours, common) = (frame(&branding).policy(None), PageFrame::plain(&branding).policy(None));
        let (ours, common) = (ours.to_str().unwrap(), common.to_str().unwrap());
        assert_ne!(ours, common);
        let rest = |text: &str| text.split(';').filter(|part| !part.contains("style-src")).collect::<String>();
        assert_eq!(rest(ours), rest(common));
        assert!(!ours.contains("unsafe"));
    }
}
