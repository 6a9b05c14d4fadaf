//! What each button does: one request to the API, and what the session keeps of the response.

use serde_json::json;
use shared::types::ids::UserId;
use shared::types::language::Language;

use crate::ats_client::{ApiRequest, ApiResponse};
use crate::console::exchange::{ApiExchange, ConsoleStep};
use crate::console::requests::{ConsoleAction, SignInReturn};
use crate::console::session::{ConnectLinkInfo, ConnectedAccount, ConsoleSession, CreatedMeeting};
use crate::console::state::Console;
use crate::interview::meeting_body;

/// Runs an action. Returns the step to show.
pub(super) async fn run(
    console: &Console,
    session_id: &str,
    action: ConsoleAction,
    preferred: Language,
) -> ConsoleStep {
    if let ConsoleAction::LogIn(customer, user) = &action {
        console.sessions.update(session_id, |session| session.log_in(customer, user));
        return ConsoleStep::Login;
    }
    let step = step_of(&action);
    let Some(session) = console.sessions.update(session_id, |session| session.clone()) else { return step };
    let language = session.language.unwrap_or(preferred);
    let Some(request) = api_request(console, &action, &session, language) else { return step };
    let response = console.ats.send(&request, language).await;
    let exchange = ApiExchange::new(&request, &console.ats.redacted_key(), language, &response);
    console.sessions.update(session_id, |session| {
        if let Ok(response) = &response {
            apply_response(session, action, response);
        }
        session.exchanges.insert(step, exchange);
        session.latest_step = Some(step);
    });
    step
}

/// The request of an action. `None` if the session lacks what the request needs.
fn api_request(
    console: &Console,
    action: &ConsoleAction,
    session: &ConsoleSession,
    language: Language,
) -> Option<ApiRequest> {
    let customer = format!("/v1/customers/{}", session.logged_in.customer);
    let user = format!("{customer}/users/{}", session.logged_in.user);
    let connection = format!("{user}/connection");
    Some(match action {
        ConsoleAction::LogIn(..) => return None,
        ConsoleAction::IntakeLink => {
            let return_url = format!("{}/console", console.public_url.as_str());
            let body = json!({"language": language, "return_url": return_url});
            ApiRequest::post(format!("{customer}/intake-links"), Some(body))
        }
        ConsoleAction::Customer => ApiRequest::get(customer),
        ConsoleAction::ConnectLink => {
            let body = if console.is_simulated {
                json!({"language": language, "login_hint": format!("{}@{}", session.logged_in.user, microsoft_simulator::demo::KADRY_DOMAIN)})
            } else {
                json!({"language": language})
            };
            ApiRequest::post(format!("{user}/connect-links"), Some(body))
        }
        ConsoleAction::Complete => match &session.returned {
            Some(SignInReturn::Handle(handle)) => ApiRequest::post(connection, Some(json!({"handle": handle}))),
            _ => return None,
        },
        ConsoleAction::Order(order) => {
            let body = meeting_body(&order.subject, order.start, order.minutes);
            ApiRequest::create_meeting(format!("{user}/meetings"), &order.key, body)
        }
        ConsoleAction::State => ApiRequest::get(connection),
        ConsoleAction::Refresh => ApiRequest::post(format!("{connection}/refresh"), None),
        ConsoleAction::Disconnect => ApiRequest::delete(connection),
    })
}

/// Records in the session what a response says.
fn apply_response(session: &mut ConsoleSession, action: ConsoleAction, response: &ApiResponse) {
    let text = |name: &str| response.string_member(name).map(str::to_owned);
    let is_success = response.status.is_success();
    match action {
        ConsoleAction::IntakeLink if is_success => session.intake_url = text("url"),
        ConsoleAction::ConnectLink if is_success => {
            let user: Option<UserId> = session.logged_in.user.parse().ok();
            let links = text("url").zip(text("help_url"));
            session.connect_link =
                user.zip(links).map(|(user, (url, help_url))| ConnectLinkInfo { user, url, help_url });
        }
        ConsoleAction::Complete => {
            let member = |name: &str| response.body["account"][name].as_str().unwrap_or_default().to_owned();
            if is_success {
                session.account = Some(ConnectedAccount {
                    user: session.logged_in.user.clone(),
                    name: member("name"),
                    upn: member("upn"),
                });
            }
            // For the wrong user nothing was redeemed: the right user can still complete the sign-in.
            if response.string_member("code") != Some("wrong_user") {
                session.returned = None;
            }
        }
        ConsoleAction::Order(order) => {
            let created = text("join_url").zip(text("subject")).filter(|_| is_success);
            let is_new = response.status == reqwest::StatusCode::CREATED;
            session.meeting = created.map(|(join_url, subject)| CreatedMeeting { join_url, subject, is_new });
            session.order = Some(order);
        }
        ConsoleAction::Disconnect if is_success => session.account = None,
        _ => {}
    }
}

fn step_of(action: &ConsoleAction) -> ConsoleStep {
    match action {
        ConsoleAction::LogIn(..) => ConsoleStep::Login,
        ConsoleAction::IntakeLink => ConsoleStep::Intake,
        ConsoleAction::Customer => ConsoleStep::Customer,
        ConsoleAction::ConnectLink => ConsoleStep::Connect,
        ConsoleAction::Complete => ConsoleStep::Complete,
        ConsoleAction::Order(_) => ConsoleStep::Meeting,
        ConsoleAction::State | ConsoleAction::Refresh | ConsoleAction::Disconnect => ConsoleStep::Connection,
    }
}
