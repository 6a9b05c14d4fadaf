//! What each button does: one call of the product, and what the console learns from the answer.

use serde_json::json;
use shared::types::ids::UserId;
use shared::types::language::Language;

use crate::ats_client::{ApiRequest, ApiResponse, interview};

use crate::console::Console;
use crate::console::page::{ApiExchange, ConsoleStep};
use crate::console::requests::{ConsoleAction, SignInReturn};
use crate::console::session::{ConnectLinkInfo, ConnectedAccount, ConsoleSession, CreatedMeeting};

impl Console {
    /// Does it; the card on which to look.
    pub(super) async fn run(&self, visit: &str, act: ConsoleAction, asked: Language) -> ConsoleStep {
        if let ConsoleAction::LogIn(customer, user) = &act {
            self.sessions.update(visit, |session| session.log_in(customer, user));
            return ConsoleStep::Login;
        }
        let card = step_of(&act);
        let Some(session) = self.sessions.update(visit, |session| session.clone()) else { return card };
        let language = session.language.unwrap_or(asked);
        let Some(call) = self.api_request(&act, &session, language) else { return card };
        let answer = self.ats.send(&call, language).await;
        let exchange = ApiExchange::new(&call, &self.ats.redacted_key(), language, &answer);
        self.sessions.update(visit, |session| {
            if let Ok(answer) = &answer {
                session.apply_response(act, answer);
            }
            session.exchanges.insert(card, exchange);
            session.latest = Some(card);
        });
        card
    }

    /// The call behind a button; none, where there is nothing to call with.
    fn api_request(&self, act: &ConsoleAction, session: &ConsoleSession, language: Language) -> Option<ApiRequest> {
        let customer = format!("/v1/customers/{}", session.who.customer);
        let user = format!("{customer}/users/{}", session.who.user);
        let connection = format!("{user}/connection");
        Some(match act {
            ConsoleAction::LogIn(..) => return None,
            ConsoleAction::IntakeLink => {
                let back = format!("{}/console", self.public_url.as_str());
                let body = json!({"language": language, "return_url": back});
                ApiRequest::post(format!("{customer}/intake-links"), Some(body))
            }
            ConsoleAction::Customer => ApiRequest::get(customer),
            ConsoleAction::ConnectLink => {
                let body = if self.simulated {
                    json!({"language": language, "login_hint": format!("{}@{}", session.who.user, microsoft_simulator::demo::KADRY_DOMAIN)})
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
                let body = interview(&order.subject, order.start, order.minutes);
                ApiRequest::create_meeting(format!("{user}/meetings"), &order.key, body)
            }
            ConsoleAction::State => ApiRequest::get(connection),
            ConsoleAction::Refresh => ApiRequest::post(format!("{connection}/refresh"), None),
            ConsoleAction::Disconnect => ApiRequest::delete(connection),
        })
    }
}

impl ConsoleSession {
    /// What an answer tells.
    fn apply_response(&mut self, act: ConsoleAction, answer: &ApiResponse) {
        let text = |name: &str| answer.string_member(name).map(str::to_owned);
        let good = answer.status.is_success();
        match act {
            ConsoleAction::IntakeLink if good => self.intake_url = text("url"),
            ConsoleAction::ConnectLink if good => {
                let user: Option<UserId> = self.who.user.parse().ok();
                let links = text("url").zip(text("help_url"));
                self.connect = user.zip(links).map(|(user, (url, help_url))| ConnectLinkInfo { user, url, help_url });
            }
            ConsoleAction::Complete => {
                let word = |name: &str| answer.body["account"][name].as_str().unwrap_or_default().to_owned();
                if good {
                    self.account =
                        Some(ConnectedAccount { user: self.who.user.clone(), name: word("name"), upn: word("upn") });
                }
                // Refused for the wrong user, nothing was redeemed: the right one may still complete it.
                if answer.string_member("code") != Some("wrong_user") {
                    self.returned = None;
                }
            }
            ConsoleAction::Order(order) => {
                let made = text("join_url").zip(text("subject")).filter(|_| good);
                let is_new = answer.status == reqwest::StatusCode::CREATED;
                self.meeting = made.map(|(join_url, subject)| CreatedMeeting { join_url, subject, is_new });
                self.order = Some(order);
            }
            ConsoleAction::Disconnect if good => self.account = None,
            _ => {}
        }
    }
}

fn step_of(act: &ConsoleAction) -> ConsoleStep {
    match act {
        ConsoleAction::LogIn(..) => ConsoleStep::Login,
        ConsoleAction::IntakeLink => ConsoleStep::Intake,
        ConsoleAction::Customer => ConsoleStep::Customer,
        ConsoleAction::ConnectLink => ConsoleStep::Connect,
        ConsoleAction::Complete => ConsoleStep::Complete,
        ConsoleAction::Order(_) => ConsoleStep::Meeting,
        ConsoleAction::State | ConsoleAction::Refresh | ConsoleAction::Disconnect => ConsoleStep::Connection,
    }
}
