//! What each button does: one call of the product, and what the console learns from the answer.

use serde_json::json;
use shared::ids::UserId;
use shared::language::Language;

use crate::ats::{Answer, Call, interview};

use super::Console;
use super::page::{Card, Exchange};
use super::parse::{Act, Returned};
use super::session::{Account, Invitation, Meeting, Session};

impl Console {
    /// Does it; the card on which to look.
    pub(super) async fn perform(&self, visit: &str, act: Act, asked: Language) -> Card {
        if let Act::LogIn(customer, user) = &act {
            self.sessions.change(visit, |session| session.log_in(customer, user));
            return Card::Login;
        }
        let card = card_of(&act);
        let Some(session) = self.sessions.change(visit, |session| session.clone()) else { return card };
        let language = session.language.unwrap_or(asked);
        let Some(call) = self.call_of(&act, &session, language) else { return card };
        let answer = self.ats.call(&call, language).await;
        let exchange = Exchange::of(&call, &self.ats.shown_key(), language, &answer);
        self.sessions.change(visit, |session| {
            if let Ok(answer) = &answer {
                session.learn(act, answer);
            }
            session.exchanges.insert(card, exchange);
            session.latest = Some(card);
        });
        card
    }

    /// The call behind a button; none, where there is nothing to call with.
    fn call_of(&self, act: &Act, session: &Session, language: Language) -> Option<Call> {
        let customer = format!("/v1/customers/{}", session.who.customer);
        let user = format!("{customer}/users/{}", session.who.user);
        let connection = format!("{user}/connection");
        Some(match act {
            Act::LogIn(..) => return None,
            Act::IntakeLink => {
                let back = format!("{}/console", self.public_url.as_str());
                let body = json!({"language": language, "return_url": back});
                Call::post(format!("{customer}/intake-links"), Some(body))
            }
            Act::Customer => Call::get(customer),
            Act::ConnectLink => {
                let body = if self.simulated {
                    json!({"language": language, "login_hint": format!("{}@{}", session.who.user, microsoft_simulator::demo::KADRY_DOMAIN)})
                } else {
                    json!({"language": language})
                };
                Call::post(format!("{user}/connect-links"), Some(body))
            }
            Act::Complete => match &session.returned {
                Some(Returned::Handle(handle)) => Call::post(connection, Some(json!({"handle": handle}))),
                _ => return None,
            },
            Act::Order(order) => {
                let body = interview(&order.subject, order.start, order.minutes);
                Call::order(format!("{user}/meetings"), &order.key, body)
            }
            Act::State => Call::get(connection),
            Act::Refresh => Call::post(format!("{connection}/refresh"), None),
            Act::Disconnect => Call::delete(connection),
        })
    }
}

impl Session {
    /// What an answer tells.
    fn learn(&mut self, act: Act, answer: &Answer) {
        let text = |name: &str| answer.text(name).map(str::to_owned);
        let good = answer.status.is_success();
        match act {
            Act::IntakeLink if good => self.intake_url = text("url"),
            Act::ConnectLink if good => {
                let user: Option<UserId> = self.who.user.parse().ok();
                let links = text("url").zip(text("help_url"));
                self.connect = user.zip(links).map(|(user, (url, help_url))| Invitation { user, url, help_url });
            }
            Act::Complete => {
                let word = |name: &str| answer.body["account"][name].as_str().unwrap_or_default().to_owned();
                if good {
                    self.account = Some(Account { user: self.who.user.clone(), name: word("name"), upn: word("upn") });
                }
                // Refused for the wrong user, nothing was redeemed: the right one may still complete it.
                if answer.text("code") != Some("wrong_user") {
                    self.returned = None;
                }
            }
            Act::Order(order) => {
                let made = text("join_url").zip(text("subject")).filter(|_| good);
                let is_new = answer.status == reqwest::StatusCode::CREATED;
                self.meeting = made.map(|(join_url, subject)| Meeting { join_url, subject, is_new });
                self.order = Some(order);
            }
            Act::Disconnect if good => self.account = None,
            _ => {}
        }
    }
}

fn card_of(act: &Act) -> Card {
    match act {
        Act::LogIn(..) => Card::Login,
        Act::IntakeLink => Card::Intake,
        Act::Customer => Card::Customer,
        Act::ConnectLink => Card::Connect,
        Act::Complete => Card::Complete,
        Act::Order(_) => Card::Meeting,
        Act::State | Act::Refresh | Act::Disconnect => Card::Connection,
    }
}
