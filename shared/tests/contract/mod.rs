//! What every backend of the vault promises. A promise is a function of a fresh vault; who keeps it is said by the
//! tests that call it.

use std::any::Any;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::model::{
    Arn, RECOVERY_WINDOW_DAYS, SecretName, Tags, VaultError, VersionId, VersionStage,
};
use shared::types::clock::{Clock, SignedDuration, Timestamp};
use shared::types::randomness::Randomness;
use shared::types::secret::{Secret, SecretBody};

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
    /// What all names of this vault begin with, where others' secrets lie beside them.
    pub(crate) folder: String,
    /// How long a list may lag behind what was written.
    pub(crate) lag: Duration,
    /// What the vault needs as long as it is used.
    pub(crate) _kept: Box<dyn Any + Send + Sync>,
}

/// Makes the server forget the secret of this name.
pub(crate) type EndWindow = Box<dyn Fn(String) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

pub(crate) fn body(text: &str) -> SecretBody {
    text.to_owned().into()
}

pub(crate) fn tags(pairs: &[(&str, &str)]) -> Tags {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

pub(crate) fn first() -> VersionId {
    VersionId::random(&Randomness::system()).unwrap()
}

fn window() -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(RECOVERY_WINDOW_DAYS))
}

impl Subject {
    /// A vault that nobody else uses, and whose lists lag behind nothing.
    pub(crate) fn alone(vault: Backend, elsewhere: Backend, kept: impl Any + Send + Sync) -> Self {
        let (folder, lag) = (String::new(), Duration::ZERO);
        let (clock, end_window, hurried) = (None, None, false.into());
        Self { vault, elsewhere, clock, end_window, hurried, folder, lag, _kept: Box::new(kept) }
    }

    fn full(&self, name: &str) -> String {
        format!("{}{name}", self.folder)
    }

    fn name(&self, text: &str) -> SecretName {
        self.full(text).parse().unwrap()
    }

    async fn created(&self, of: &str, content: &str) -> (Arn, VersionId) {
        let first = first();
        (self.vault.create(&self.name(of), &first, body(content), &Tags::new()).await.unwrap(), first)
    }

    async fn content(&self, of: &str, stage: VersionStage) -> Result<String, VaultError> {
        Ok(self.vault.read(&self.name(of), stage).await?.body.expose().to_owned())
    }

    async fn names(&self, prefix: &str, page: Option<&str>, limit: usize) -> (Vec<String>, Option<String>) {
        tokio::time::sleep(self.lag).await;
        let page = self.vault.list(&self.full(prefix), None, page, limit).await.unwrap();
        let name = |name: &SecretName| name.as_str().strip_prefix(&self.folder).unwrap().to_owned();
        (page.secrets.iter().map(|secret| name(&secret.name)).collect(), page.next)
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
                end(self.full(of)).await;
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

/// Hands the names of all promises to a macro.
macro_rules! all_promises {
    ($then:ident) => {
        $then! {
            what_was_created_is_read
            what_was_never_created_is_not_found
            the_previous_version_is_the_one_before_the_current
            any_text_survives_as_it_was
            tags_and_times_are_known_without_reading
            tags_are_merged
            tags_beyond_the_limits_are_refused
            tags_that_would_become_too_many_are_refused_and_change_nothing
            a_second_creation_is_stale_and_changes_nothing
            a_creation_repeated_because_its_answer_was_lost_is_a_success
            of_two_writers_from_the_same_version_exactly_one_wins
            of_sixteen_writers_at_the_same_time_exactly_one_wins
            of_sixteen_creations_at_the_same_time_exactly_one_wins
            a_stale_writer_never_wins_however_late
            a_repeated_write_is_a_success_and_makes_no_second_version
            a_body_of_65_536_bytes_is_taken_and_one_more_is_refused
            versions_of_the_last_day_are_kept_however_many
            a_deleted_secret_is_not_read
            a_deleted_secret_is_not_written
            a_deleted_secret_is_not_tagged
            a_deleted_secret_is_not_made_again
            a_writer_of_the_old_incarnation_cannot_reach_the_new_one
            a_restored_secret_has_its_value_and_its_versions_back
            a_secret_without_the_mark_is_restored_to_what_it_is
            a_secret_is_deleted_once_and_the_day_stays
            the_day_of_a_deletion_is_when_it_was_asked_for
            after_the_recovery_window_the_name_is_free
            a_list_has_the_names_with_its_prefix_page_by_page
            a_list_is_in_the_order_of_the_names
            the_token_of_a_page_continues_only_its_own_list
            a_list_leaves_out_what_is_marked
            a_list_loses_only_what_is_marked_when_secrets_come_and_go_between_pages
        }
    };
}

macro_rules! assert_fails {
    ($answer:expr, $error:pat) => {
        let answer = $answer;
        assert!(matches!(answer, Err($error)), "{answer:?} is not Err({})", stringify!($error));
    };
}
use assert_fails;
