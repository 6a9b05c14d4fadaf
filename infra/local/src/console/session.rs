//! Sessions of the console, in memory: who is logged in to the ATS, and the result of each step.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, SameSite};
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;
use shared::types::randomness::{Randomness, RandomnessError};

use crate::console::exchange::{ApiExchange, ConsoleStep};
use crate::console::requests::{MeetingForm, SignInReturn};

const COOKIE_NAME: &str = "tc-console";

/// The console has few users. The limit keeps a program without cookies from filling the memory.
const MAX_SESSIONS: usize = 64;

/// The customer of a new session.
const DEFAULT_CUSTOMER: &str = "kadry-polska";

/// The users who can log in to the ATS. The first one is logged in in a new session.
pub(super) const USERS: [&str; 2] = ["anna.nowak", "jan.kowalski"];

/// The session of a browser.
#[derive(Debug, Clone, Default)]
pub(super) struct ConsoleSession {
    /// The language chosen on the page.
    pub(super) language: Option<Language>,
    pub(super) logged_in: LoggedInUser,
    pub(super) intake_url: Option<String>,
    pub(super) connect_link: Option<ConnectLinkInfo>,
    pub(super) returned: Option<SignInReturn>,
    pub(super) account: Option<ConnectedAccount>,
    /// The last order, so that it can be sent again.
    pub(super) order: Option<MeetingForm>,
    pub(super) meeting: Option<CreatedMeeting>,
    /// The last request and response of each step.
    pub(super) exchanges: BTreeMap<ConsoleStep, ApiExchange>,
    pub(super) latest_step: Option<ConsoleStep>,
}

/// The user of the ATS: a customer and one of its recruiters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LoggedInUser {
    pub(super) customer: String,
    pub(super) user: String,
}

impl Default for LoggedInUser {
    fn default() -> Self {
        Self { customer: DEFAULT_CUSTOMER.to_owned(), user: USERS[0].to_owned() }
    }
}

/// A connect link that was created.
#[derive(Debug, Clone)]
pub(super) struct ConnectLinkInfo {
    /// The recruiter for whom it was created.
    pub(super) user: UserId,
    pub(super) url: String,
    /// The help page, which an ATS shows beside the link.
    pub(super) help_url: String,
}

/// The Microsoft account of a connected recruiter.
#[derive(Debug, Clone)]
pub(super) struct ConnectedAccount {
    pub(super) user: String,
    pub(super) name: String,
    pub(super) upn: String,
}

/// A meeting that was created.
#[derive(Debug, Clone)]
pub(super) struct CreatedMeeting {
    pub(super) join_url: String,
    pub(super) subject: String,
    pub(super) is_new: bool,
}

impl ConsoleSession {
    /// Logs in another user. Keeps what the browser brought back from a sign-in: the browser is still the same.
    pub(super) fn log_in(&mut self, customer: &CustomerId, user: &UserId) {
        let logged_in = LoggedInUser { customer: customer.as_str().to_owned(), user: user.as_str().to_owned() };
        if logged_in.customer != self.logged_in.customer {
            let (language, returned) = (self.language, self.returned.take());
            *self = Self { language, returned, ..Self::default() };
        } else if logged_in.user != self.logged_in.user {
            (self.order, self.meeting) = (None, None);
            self.exchanges.remove(&ConsoleStep::Meeting);
            self.exchanges.remove(&ConsoleStep::Connection);
        }
        self.logged_in = logged_in;
        self.latest_step = None;
    }

    /// Records what the browser brought back from a sign-in.
    pub(super) fn record_return(&mut self, returned: SignInReturn) {
        self.returned = Some(returned);
        self.exchanges.remove(&ConsoleStep::Complete);
        self.latest_step = None;
    }
}

/// All sessions. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct SessionStore(Arc<Mutex<SessionMap>>);

#[derive(Debug, Default)]
struct SessionMap {
    created: u64,
    by_id: BTreeMap<String, (u64, ConsoleSession)>,
}

impl SessionStore {
    /// The id of the browser's session, if it has one.
    pub(super) fn find(&self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut cookies = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
        let id = cookies.find(|cookie| cookie.name() == COOKIE_NAME)?.value().to_owned();
        self.with_map(|sessions| sessions.by_id.contains_key(&id)).then_some(id)
    }

    /// Creates a session. The cookie identifies it.
    pub(super) fn create(&self, randomness: &Randomness) -> Result<HeaderValue, RandomnessError> {
        let id = randomness.token()?;
        self.with_map(|sessions| {
            if sessions.by_id.len() >= MAX_SESSIONS {
                let oldest = sessions.by_id.iter().min_by_key(|(_, (created, _))| *created).map(|(id, _)| id.clone());
                oldest.map(|id| sessions.by_id.remove(&id));
            }
            sessions.created += 1;
            sessions.by_id.insert(id.clone(), (sessions.created, ConsoleSession::default()));
        });
        // Lax, because the browser returns from Microsoft by a redirect of another site.
        let cookie =
            Cookie::build((COOKIE_NAME, id.as_str())).path("/console").http_only(true).same_site(SameSite::Lax).build();
        HeaderValue::from_str(&cookie.to_string()).map_err(|_| RandomnessError)
    }

    /// Reads or changes a session. `None` if it does not exist.
    pub(super) fn update<T>(&self, id: &str, change: impl FnOnce(&mut ConsoleSession) -> T) -> Option<T> {
        self.with_map(|sessions| sessions.by_id.get_mut(id).map(|(_, session)| change(session)))
    }

    fn with_map<T>(&self, change: impl FnOnce(&mut SessionMap) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookie(id: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&format!("a=b; {COOKIE_NAME}={id}")).unwrap())])
    }

    fn create(sessions: &SessionStore, randomness: &Randomness) -> String {
        let set_cookie = sessions.create(randomness).unwrap().to_str().unwrap().to_owned();
        let (id, attributes) = set_cookie.strip_prefix("tc-console=").unwrap().split_once(';').unwrap();
        assert_eq!(attributes, " HttpOnly; SameSite=Lax; Path=/console");
        id.to_owned()
    }

    #[test]
    fn a_cookie_identifies_the_session() {
        let (sessions, randomness) = (SessionStore::default(), Randomness::seeded(1));
        let (id, other) = (create(&sessions, &randomness), create(&sessions, &randomness));
        assert_eq!(sessions.find(&cookie(&id)), Some(id.clone()));
        assert_eq!(sessions.find(&cookie("guessed")), None);
        sessions.update(&id, |session| session.intake_url = Some("mine".into()));
        assert!(sessions.update(&other, |session| session.intake_url.clone()).unwrap().is_none());
    }

    #[test]
    fn the_oldest_sessions_are_dropped() {
        let (sessions, randomness) = (SessionStore::default(), Randomness::seeded(1));
        let ids: Vec<_> = (0..=MAX_SESSIONS).map(|_| create(&sessions, &randomness)).collect();
        assert_eq!(sessions.find(&cookie(&ids[0])), None);
        assert!(ids[1..].iter().all(|id| sessions.find(&cookie(id)).is_some()));
    }

    #[test]
    fn logging_in_keeps_the_sign_in_of_the_browser_and_drops_the_meeting_of_another_user() {
        let mut session = ConsoleSession::default();
        session.record_return(SignInReturn::Handle("h".into()));
        session.meeting = Some(CreatedMeeting { join_url: String::new(), subject: String::new(), is_new: true });
        session.log_in(&DEFAULT_CUSTOMER.parse().unwrap(), &USERS[1].parse().unwrap());
        assert_eq!(session.logged_in.user, USERS[1]);
        assert!(session.meeting.is_none() && session.returned.is_some());
        session.intake_url = Some("x".into());
        session.log_in(&"other".parse().unwrap(), &USERS[1].parse().unwrap());
        assert!(session.intake_url.is_none() && session.returned.is_some());
    }
}
