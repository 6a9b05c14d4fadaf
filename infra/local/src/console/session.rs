//! What the console remembers of a browser: who is "logged in" to the ATS, and what came of each step. In memory only.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, SameSite};
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;
use shared::types::randomness::{Randomness, RandomnessError};

use crate::console::page::{ApiExchange, ConsoleStep};
use crate::console::requests::{MeetingForm, SignInReturn};

const COOKIE_NAME: &str = "tc-console";

/// A console has one visitor, or a few; a program that takes no cookies must not fill the memory.
const MAX_SESSIONS: usize = 64;

/// The customer at whom a visit begins.
pub(super) const CUSTOMER: &str = "kadry-polska";

/// Those who can be "logged in"; the first is at the beginning.
pub(super) const USERS: [&str; 2] = ["anna.nowak", "jan.kowalski"];

/// One browser's visit.
#[derive(Debug, Clone, Default)]
pub(super) struct ConsoleSession {
    /// What was chosen on the page; else what the browser asks for.
    pub(super) language: Option<Language>,
    /// Who is logged in to the ATS.
    pub(super) who: LoggedInUser,
    pub(super) intake_url: Option<String>,
    pub(super) connect: Option<ConnectLinkInfo>,
    pub(super) returned: Option<SignInReturn>,
    pub(super) account: Option<ConnectedAccount>,
    /// The last order as it was sent, so that it can be sent again.
    pub(super) order: Option<MeetingForm>,
    pub(super) meeting: Option<CreatedMeeting>,
    /// The last request and answer of each step.
    pub(super) exchanges: BTreeMap<ConsoleStep, ApiExchange>,
    pub(super) latest: Option<ConsoleStep>,
}

/// A customer and one of its recruiters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LoggedInUser {
    pub(super) customer: String,
    pub(super) user: String,
}

impl Default for LoggedInUser {
    fn default() -> Self {
        Self { customer: CUSTOMER.to_owned(), user: USERS[0].to_owned() }
    }
}

/// A link for a recruiter.
#[derive(Debug, Clone)]
pub(super) struct ConnectLinkInfo {
    /// Whose it is.
    pub(super) user: UserId,
    pub(super) url: String,
    /// What an ATS shows beside it.
    pub(super) help_url: String,
}

/// As whom a recruiter is connected.
#[derive(Debug, Clone)]
pub(super) struct ConnectedAccount {
    pub(super) user: String,
    pub(super) name: String,
    pub(super) upn: String,
}

/// A meeting that was ordered.
#[derive(Debug, Clone)]
pub(super) struct CreatedMeeting {
    pub(super) join_url: String,
    pub(super) subject: String,
    pub(super) is_new: bool,
}

impl ConsoleSession {
    /// Somebody else logs in to the ATS. What a browser brought from a sign-in stays: it is still in that browser.
    pub(super) fn log_in(&mut self, customer: &CustomerId, user: &UserId) {
        let who = LoggedInUser { customer: customer.as_str().to_owned(), user: user.as_str().to_owned() };
        if who.customer != self.who.customer {
            let (language, returned) = (self.language, self.returned.take());
            *self = Self { language, returned, ..Self::default() };
        } else if who.user != self.who.user {
            (self.order, self.meeting) = (None, None);
            self.exchanges.remove(&ConsoleStep::Meeting);
            self.exchanges.remove(&ConsoleStep::Connection);
        }
        self.who = who;
        self.latest = None;
    }

    /// A browser returns from a sign-in.
    pub(super) fn record_return(&mut self, returned: SignInReturn) {
        self.returned = Some(returned);
        self.exchanges.remove(&ConsoleStep::Complete);
        self.latest = None;
    }
}

/// All visits. Its clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct SessionStore(Arc<Mutex<SessionMap>>);

#[derive(Debug, Default)]
struct SessionMap {
    begun: u64,
    by_id: BTreeMap<String, (u64, ConsoleSession)>,
}

impl SessionStore {
    /// The visit of this browser, if it has one.
    pub(super) fn find(&self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut cookies = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
        let id = cookies.find(|cookie| cookie.name() == COOKIE_NAME)?.value().to_owned();
        self.with(|visits| visits.by_id.contains_key(&id)).then_some(id)
    }

    /// The visit of this browser; a new one with its cookie, if it has none.
    pub(super) fn find_or_create(
        &self,
        headers: &HeaderMap,
        randomness: &Randomness,
    ) -> Result<(String, Option<HeaderValue>), RandomnessError> {
        if let Some(id) = self.find(headers) {
            return Ok((id, None));
        }
        let id = randomness.token()?;
        self.with(|visits| {
            if visits.by_id.len() >= MAX_SESSIONS {
                let oldest = visits.by_id.iter().min_by_key(|(_, (begun, _))| *begun).map(|(id, _)| id.clone());
                oldest.map(|id| visits.by_id.remove(&id));
            }
            visits.begun += 1;
            visits.by_id.insert(id.clone(), (visits.begun, ConsoleSession::default()));
        });
        // Lax: the browser comes back from Microsoft by a link of another site.
        let cookie =
            Cookie::build((COOKIE_NAME, id.as_str())).path("/console").http_only(true).same_site(SameSite::Lax).build();
        let header = HeaderValue::from_str(&cookie.to_string()).ok();
        Ok((id, header))
    }

    /// Looks at a visit, or changes it.
    pub(super) fn update<T>(&self, id: &str, change: impl FnOnce(&mut ConsoleSession) -> T) -> Option<T> {
        self.with(|visits| visits.by_id.get_mut(id).map(|(_, session)| change(session)))
    }

    fn with<T>(&self, act: impl FnOnce(&mut SessionMap) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookie(id: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&format!("a=b; {COOKIE_NAME}={id}")).unwrap())])
    }

    #[test]
    fn a_browser_is_known_by_its_cookie() {
        let (sessions, randomness) = (SessionStore::default(), Randomness::seeded(1));
        let (id, set) = sessions.find_or_create(&HeaderMap::new(), &randomness).unwrap();
        let set = set.unwrap();
        assert_eq!(set.to_str().unwrap(), format!("{COOKIE_NAME}={id}; HttpOnly; SameSite=Lax; Path=/console"));
        assert_eq!(sessions.find_or_create(&cookie(&id), &randomness).unwrap(), (id.clone(), None));
        assert_eq!(sessions.find(&cookie("guessed")), None);
        let (other, _) = sessions.find_or_create(&cookie("guessed"), &randomness).unwrap();
        sessions.update(&id, |session| session.intake_url = Some("mine".into()));
        assert!(sessions.update(&other, |session| session.intake_url.clone()).unwrap().is_none());
    }

    #[test]
    fn the_oldest_visits_are_forgotten() {
        let (sessions, randomness) = (SessionStore::default(), Randomness::seeded(1));
        let ids: Vec<_> =
            (0..=MAX_SESSIONS).map(|_| sessions.find_or_create(&HeaderMap::new(), &randomness).unwrap().0).collect();
        assert_eq!(sessions.find(&cookie(&ids[0])), None);
        assert!(ids[1..].iter().all(|id| sessions.find(&cookie(id)).is_some()));
    }

    #[test]
    fn whoever_logs_in_finds_what_the_browser_brought_and_no_meeting_of_somebody_else() {
        let mut session = ConsoleSession::default();
        session.record_return(SignInReturn::Handle("h".into()));
        session.meeting = Some(CreatedMeeting { join_url: String::new(), subject: String::new(), is_new: true });
        session.log_in(&CUSTOMER.parse().unwrap(), &USERS[1].parse().unwrap());
        assert_eq!(session.who.user, USERS[1]);
        assert!(session.meeting.is_none() && session.returned.is_some());
        session.intake_url = Some("x".into());
        session.log_in(&"other".parse().unwrap(), &USERS[1].parse().unwrap());
        assert!(session.intake_url.is_none() && session.returned.is_some());
    }
}
