//! What every backend of the vault promises. A promise is a function of a fresh vault; who keeps it is said by the
//! tests that call it.

use std::any::Any;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use shared::clock::{Clock, SignedDuration, Timestamp};
use shared::randomness::Randomness;
use shared::secret::{Secret, SecretBody};
use shared::vault::backend::Backend;
use shared::vault::terms::{Arn, RECOVERY_WINDOW_DAYS, SecretName, Stage, Tags, VaultError, VersionId};

mod deletion;
mod listing;
mod reading;
mod writing;

pub(crate) use deletion::*;
pub(crate) use listing::*;
pub(crate) use reading::*;
pub(crate) use writing::*;

/// A fresh vault.
pub(crate) struct Subject {
    pub(crate) vault: Backend,
    /// Another vault of the same kind, whose secrets this one does not know.
    pub(crate) elsewhere: Backend,
    /// The clock that the vault looks at; a server looks at its own.
    pub(crate) clock: Option<Clock>,
    /// Ends the recovery window of a secret, where nobody can move the clock.
    pub(crate) end_window: Option<EndWindow>,
    /// Whether the promise wanted to wait and there was no clock to move.
    pub(crate) hurried: AtomicBool,
    /// What the vault needs as long as it is used.
    pub(crate) _kept: Box<dyn Any + Send + Sync>,
}

/// Makes the server forget the secret of this name.
pub(crate) type EndWindow = Box<dyn Fn(String) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

pub(crate) fn name(text: &str) -> SecretName {
    text.parse().unwrap()
}

pub(crate) fn body(text: &str) -> SecretBody {
    text.to_owned().into()
}

pub(crate) fn tags(pairs: &[(&str, &str)]) -> Tags {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

pub(crate) fn first() -> VersionId {
    VersionId::first(&Randomness::system()).unwrap()
}

fn window() -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(RECOVERY_WINDOW_DAYS))
}

impl Subject {
    async fn created(&self, of: &str, content: &str) -> (Arn, VersionId) {
        let first = first();
        (self.vault.create(&name(of), &first, body(content), &Tags::new()).await.unwrap(), first)
    }

    async fn content(&self, of: &str, stage: Stage) -> Result<String, VaultError> {
        Ok(self.vault.read(&name(of), stage).await?.body.expose().to_owned())
    }

    async fn names(&self, prefix: &str, page: Option<&str>, limit: usize) -> (Vec<String>, Option<String>) {
        let page = self.vault.list(prefix, page, limit).await.unwrap();
        (page.secrets.iter().map(|secret| secret.name.to_string()).collect(), page.next)
    }

    /// Moves the clock, where there is one to move; otherwise the promise is asked for without the wait.
    fn later(&self, by: SignedDuration) {
        match &self.clock {
            Some(clock) => clock.advance(by),
            None => self.hurried.store(true, Ordering::Relaxed),
        }
    }

    /// Ends the recovery window of what was marked just now.
    async fn window_over(&self, of: &str) {
        match &self.end_window {
            Some(end) => {
                self.hurried.store(true, Ordering::Relaxed);
                end(of.to_owned()).await;
            }
            None => self.later(window()),
        }
    }

    fn now(&self) -> Timestamp {
        self.clock.as_ref().unwrap_or(&Clock::system()).now()
    }

    /// Whether a time that was told is the one that is meant: to the millisecond, or as well as two clocks agree.
    fn is_moment(&self, told: Timestamp, meant: Timestamp) -> bool {
        let tolerance = if self.clock.is_some() { 0 } else { 60 };
        told.duration_since(meant).abs() <= SignedDuration::from_secs(tolerance)
    }
}

macro_rules! assert_fails {
    ($answer:expr, $error:pat) => {
        let answer = $answer;
        assert!(matches!(answer, Err($error)), "{answer:?} is not Err({})", stringify!($error));
    };
}
use assert_fails;
