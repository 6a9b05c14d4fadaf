//! What every backend of the vault promises, each promise kept by each backend.
#![expect(clippy::unwrap_used, reason = "clippy takes only what bears #[test] for a test, and here that is a macro's")]

use shared::clock::{Clock, SignedDuration, Timestamp};
use shared::randomness::Randomness;
use shared::secret::{Secret, SecretBody};
use shared::vault::backend::Backend;
use shared::vault::memory::Memory;
use shared::vault::terms::{Arn, MAX_BODY_BYTES, RECOVERY_WINDOW_DAYS, SecretName, Stage, Tags, VaultError, VersionId};
use tokio::task::JoinSet;

/// A fresh vault, and the clock that it looks at.
struct Subject {
    vault: Backend,
    clock: Clock,
    _folder: Option<tempfile::TempDir>,
}

fn noon() -> Clock {
    Clock::stopped_at("2026-11-23T12:00:00Z".parse::<Timestamp>().unwrap())
}

fn in_memory() -> Subject {
    let clock = noon();
    let vault = Backend::Memory(Memory::new(clock.clone(), Randomness::seeded(1)));
    Subject { vault, clock, _folder: None }
}

#[cfg(feature = "local")]
fn in_a_folder() -> Subject {
    let (clock, folder) = (noon(), tempfile::tempdir().unwrap());
    let vault = shared::vault::local::Local::open(folder.path(), clock.clone(), Randomness::seeded(1)).unwrap();
    Subject { vault: Backend::Local(vault), clock, _folder: Some(folder) }
}

/// Each promise becomes one test for each backend.
macro_rules! promises {
    ($($promise:ident)*) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $promise() { super::$promise(&super::in_memory()).await })*
        }
        #[cfg(feature = "local")]
        mod local {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $promise() { super::$promise(&super::in_a_folder()).await })*
        }
    };
}

promises! {
    what_was_created_is_read
    a_second_creation_is_stale_and_changes_nothing
    a_creation_repeated_because_its_answer_was_lost_is_a_success
    what_was_never_created_is_not_found
    of_two_writers_from_the_same_version_exactly_one_wins
    of_sixteen_writers_at_the_same_time_exactly_one_wins
    of_sixteen_creations_at_the_same_time_exactly_one_wins
    a_stale_writer_never_wins_however_late
    a_repeated_write_is_a_success_and_makes_no_second_version
    the_previous_version_is_the_one_before_the_current
    a_writer_of_the_old_incarnation_cannot_reach_the_new_one
    a_deleted_secret_is_neither_read_nor_written_nor_made_again
    a_restored_secret_has_its_value_and_its_versions_back
    a_secret_is_deleted_once_and_the_day_stays
    after_the_recovery_window_the_name_is_free
    tags_and_times_are_known_without_reading
    tags_are_merged
    tags_beyond_the_limits_are_refused
    a_body_of_65_536_bytes_is_taken_and_one_more_is_refused
    a_list_has_the_names_with_its_prefix_in_order_page_by_page
    a_list_loses_only_what_is_marked_when_secrets_come_and_go_between_pages
    any_text_survives_as_it_was
    versions_of_the_last_day_are_kept_however_many
}

fn name(text: &str) -> SecretName {
    text.parse().unwrap()
}

fn body(text: &str) -> SecretBody {
    text.to_owned().into()
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn window() -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(RECOVERY_WINDOW_DAYS))
}

fn first() -> VersionId {
    VersionId::first(&Randomness::system()).unwrap()
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
}

macro_rules! assert_fails {
    ($answer:expr, $error:pat) => {
        let answer = $answer;
        assert!(matches!(answer, Err($error)), "{answer:?} is not Err({})", stringify!($error));
    };
}

async fn what_was_created_is_read(at: &Subject) {
    let (arn, version) = at.created("a", "content").await;
    let read = at.vault.read(&name("a"), Stage::Current).await.unwrap();
    assert_eq!((read.arn, read.version, read.body.expose()), (arn, version, "content"));
    assert_fails!(at.content("a", Stage::Previous).await, VaultError::NotFound);
}

async fn a_second_creation_is_stale_and_changes_nothing(at: &Subject) {
    let (_, version) = at.created("a", "mine").await;
    let before = at.vault.describe(&name("a")).await.unwrap();
    let yours = tags(&[("state", "yours")]);
    assert_fails!(at.vault.create(&name("a"), &first(), body("yours"), &yours).await, VaultError::Stale);
    assert_fails!(at.vault.create(&name("a"), &first(), body("mine"), &yours).await, VaultError::Stale);
    assert_fails!(at.vault.create(&name("a"), &version, body("yours"), &yours).await, VaultError::Stale);
    assert_eq!(at.content("a", Stage::Current).await.unwrap(), "mine");
    assert_eq!(at.vault.describe(&name("a")).await.unwrap(), before);
}

async fn a_creation_repeated_because_its_answer_was_lost_is_a_success(at: &Subject) {
    let (arn, version) = at.created("a", "content").await;
    assert_eq!(at.vault.create(&name("a"), &version, body("content"), &Tags::new()).await.unwrap(), arn);
    at.vault.put(&arn, &version, body("next")).await.unwrap();
    assert_eq!(at.vault.create(&name("a"), &version, body("content"), &Tags::new()).await.unwrap(), arn);
    assert_eq!(at.content("a", Stage::Current).await.unwrap(), "next");
}

async fn what_was_never_created_is_not_found(at: &Subject) {
    let (_, version) = at.created("a", "content").await;
    let (stranger, _) = in_memory().created("ab", "content").await;
    for nobody in ["b", "a/", "A"] {
        assert_fails!(at.content(nobody, Stage::Current).await, VaultError::NotFound);
        assert_fails!(at.vault.describe(&name(nobody)).await, VaultError::NotFound);
        assert_fails!(at.vault.restore(&name(nobody)).await, VaultError::NotFound);
    }
    assert_fails!(at.vault.put(&stranger, &version, body("x")).await, VaultError::NotFound);
    assert_fails!(at.vault.tag(&stranger, &Tags::new()).await, VaultError::NotFound);
    assert_fails!(at.vault.delete(&stranger).await, VaultError::NotFound);
}

async fn of_two_writers_from_the_same_version_exactly_one_wins(at: &Subject) {
    let (arn, seen) = at.created("a", "first").await;
    assert_eq!(at.vault.put(&arn, &seen, body("mine")).await.unwrap(), seen.successor());
    assert_fails!(at.vault.put(&arn, &seen, body("yours")).await, VaultError::Stale);
    assert_eq!(at.content("a", Stage::Current).await.unwrap(), "mine");
}

/// Those that did not win must have been told that they were stale.
async fn winners<T: 'static>(mut racers: JoinSet<Result<T, VaultError>>) -> Vec<T> {
    let mut won = Vec::new();
    while let Some(racer) = racers.join_next().await {
        match racer.unwrap() {
            Ok(answer) => won.push(answer),
            Err(error) => assert!(matches!(error, VaultError::Stale), "{error:?}"),
        }
    }
    won
}

async fn of_sixteen_writers_at_the_same_time_exactly_one_wins(at: &Subject) {
    let (arn, mut seen) = at.created("a", "first").await;
    for _ in 0..5 {
        let writers = (0..16).map(|writer: u8| {
            let (vault, arn, seen) = (at.vault.clone(), arn.clone(), seen.clone());
            async move { Ok((vault.put(&arn, &seen, body(&writer.to_string())).await?, writer.to_string())) }
        });
        let won = winners(writers.collect()).await;
        let read = at.vault.read(&name("a"), Stage::Current).await.unwrap();
        assert_eq!(won, [(read.version.clone(), read.body.expose().to_owned())]);
        seen = read.version;
    }
}

async fn of_sixteen_creations_at_the_same_time_exactly_one_wins(at: &Subject) {
    let creations = (0..16).map(|_| {
        let vault = at.vault.clone();
        async move { vault.create(&name("a"), &first(), body("content"), &Tags::new()).await }
    });
    assert_eq!(winners(creations.collect()).await, [at.vault.describe(&name("a")).await.unwrap().arn]);
}

async fn a_stale_writer_never_wins_however_late(at: &Subject) {
    let (arn, seen) = at.created("a", "0").await;
    let mut current = seen.clone();
    for content in ["1", "2", "3", "4", "5"] {
        current = at.vault.put(&arn, &current, body(content)).await.unwrap();
        at.clock.advance(SignedDuration::from_hours(4));
        assert_fails!(at.vault.put(&arn, &seen, body("late")).await, VaultError::Stale);
    }
    assert_eq!(at.content("a", Stage::Current).await.unwrap(), "5");
}

async fn a_repeated_write_is_a_success_and_makes_no_second_version(at: &Subject) {
    let (arn, seen) = at.created("a", "first").await;
    let second = at.vault.put(&arn, &seen, body("second")).await.unwrap();
    let before = at.vault.describe(&name("a")).await.unwrap();
    at.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(at.vault.put(&arn, &seen, body("second")).await.unwrap(), second);
    assert_eq!(at.vault.describe(&name("a")).await.unwrap(), before);
    let third = at.vault.put(&arn, &second, body("third")).await.unwrap();
    assert_eq!(at.vault.put(&arn, &seen, body("second")).await.unwrap(), second);
    assert_eq!(at.vault.describe(&name("a")).await.unwrap().current, third);
    assert_eq!(at.content("a", Stage::Current).await.unwrap(), "third");
}

async fn the_previous_version_is_the_one_before_the_current(at: &Subject) {
    let (arn, mut current) = at.created("a", "0").await;
    for (before, content) in [("0", "1"), ("1", "2"), ("2", "3")] {
        let seen = current;
        current = at.vault.put(&arn, &seen, body(content)).await.unwrap();
        assert_eq!(at.content("a", Stage::Previous).await.unwrap(), before);
        let described = at.vault.describe(&name("a")).await.unwrap();
        assert_eq!((&described.current, described.previous), (&current, Some(seen)));
    }
}

async fn a_writer_of_the_old_incarnation_cannot_reach_the_new_one(at: &Subject) {
    let (old, seen) = at.created("a", "old").await;
    at.vault.delete(&old).await.unwrap();
    at.clock.advance(window());
    let (new, _) = at.created("a", "new").await;
    assert_ne!(old, new);
    assert_fails!(at.vault.put(&old, &seen, body("late")).await, VaultError::NotFound);
    assert_fails!(at.vault.tag(&old, &tags(&[("state", "late")])).await, VaultError::NotFound);
    assert_fails!(at.vault.delete(&old).await, VaultError::NotFound);
    assert_eq!(at.content("a", Stage::Current).await.unwrap(), "new");
}

async fn a_deleted_secret_is_neither_read_nor_written_nor_made_again(at: &Subject) {
    let (arn, version) = at.created("a", "content").await;
    at.vault.delete(&arn).await.unwrap();
    at.clock.advance(window() - SignedDuration::from_millis(1));
    assert_fails!(at.content("a", Stage::Current).await, VaultError::Deleted);
    assert_fails!(at.vault.put(&arn, &version, body("next")).await, VaultError::Deleted);
    assert_fails!(at.vault.tag(&arn, &tags(&[("state", "next")])).await, VaultError::Deleted);
    assert_fails!(at.vault.create(&name("a"), &first(), body("new"), &Tags::new()).await, VaultError::Deleted);
    assert_fails!(at.vault.create(&name("a"), &version, body("content"), &Tags::new()).await, VaultError::Deleted);
}

async fn a_restored_secret_has_its_value_and_its_versions_back(at: &Subject) {
    let (arn, seen) = at.created("a", "first").await;
    let second = at.vault.put(&arn, &seen, body("second")).await.unwrap();
    at.vault.restore(&name("a")).await.unwrap();
    let before = at.vault.describe(&name("a")).await.unwrap();
    at.vault.delete(&arn).await.unwrap();
    at.clock.advance(window() - SignedDuration::from_millis(1));
    at.vault.restore(&name("a")).await.unwrap();
    assert_eq!(at.vault.describe(&name("a")).await.unwrap(), before);
    assert_eq!(at.content("a", Stage::Current).await.unwrap(), "second");
    assert_eq!(at.content("a", Stage::Previous).await.unwrap(), "first");
    assert_fails!(at.vault.put(&arn, &seen, body("late")).await, VaultError::Stale);
    at.vault.put(&arn, &second, body("third")).await.unwrap();
    at.clock.advance(window());
    assert_eq!(at.content("a", Stage::Current).await.unwrap(), "third");
}

async fn a_secret_is_deleted_once_and_the_day_stays(at: &Subject) {
    let ((arn, _), marked) = (at.created("a", "content").await, at.clock.now());
    for _ in 0..3 {
        at.vault.delete(&arn).await.unwrap();
        at.clock.advance(SignedDuration::from_hours(24));
        assert_eq!(at.vault.describe(&name("a")).await.unwrap().deleted_at, Some(marked));
    }
}

async fn after_the_recovery_window_the_name_is_free(at: &Subject) {
    let (arn, version) = at.created("a", "old").await;
    at.vault.delete(&arn).await.unwrap();
    at.clock.advance(window());
    assert_fails!(at.vault.describe(&name("a")).await, VaultError::NotFound);
    assert_fails!(at.vault.restore(&name("a")).await, VaultError::NotFound);
    assert_fails!(at.vault.put(&arn, &version, body("late")).await, VaultError::NotFound);
    at.created("a", "new").await;
    assert_eq!(at.content("a", Stage::Current).await.unwrap(), "new");
    assert_fails!(at.content("a", Stage::Previous).await, VaultError::NotFound);
}

async fn tags_and_times_are_known_without_reading(at: &Subject) {
    let (born, given, version) = (at.clock.now(), tags(&[("state", "active"), ("tenant", "contoso")]), first());
    let arn = at.vault.create(&name("a"), &version, body("content"), &given).await.unwrap();
    let described = at.vault.describe(&name("a")).await.unwrap();
    assert_eq!((&described.arn, &described.tags, &described.current), (&arn, &given, &version));
    assert_eq!((described.name, described.previous, described.deleted_at), (name("a"), None, None));
    assert_eq!((described.created_at, described.changed_at), (born, born));
    at.clock.advance(SignedDuration::from_secs(60));
    at.vault.put(&arn, &version, body("next")).await.unwrap();
    let written = at.vault.describe(&name("a")).await.unwrap();
    assert_eq!((written.created_at, written.changed_at, written.tags), (born, at.clock.now(), given));
    at.clock.advance(SignedDuration::from_secs(60));
    at.vault.tag(&arn, &tags(&[("state", "suspect")])).await.unwrap();
    assert_eq!(at.vault.describe(&name("a")).await.unwrap().changed_at, at.clock.now());
}

async fn tags_are_merged(at: &Subject) {
    let (arn, _) = at.created("a", "content").await;
    at.vault.tag(&arn, &tags(&[("state", "active"), ("tenant", "contoso")])).await.unwrap();
    at.vault.tag(&arn, &tags(&[("state", ""), ("since", "2026-11-23")])).await.unwrap();
    let merged = tags(&[("state", ""), ("tenant", "contoso"), ("since", "2026-11-23")]);
    assert_eq!(at.vault.describe(&name("a")).await.unwrap().tags, merged);
}

async fn tags_beyond_the_limits_are_refused(at: &Subject) {
    let arn = at.created("a", "content").await.0;
    let many = |range: std::ops::Range<u8>| range.map(|n| (format!("tag {n}"), String::new())).collect::<Tags>();
    let [longest_key, key_too_long, longest_value, value_too_long] = [128, 129, 256, 257].map(|n| "ż".repeat(n));
    let good = tags(&[("Zażółć 9_.:/=+-@", "gęślą jaźń"), (&longest_key, &longest_value)]);
    at.vault.tag(&arn, &good).await.unwrap();
    for (key, value) in
        [("", "v"), (&*key_too_long, "v"), ("k", &*value_too_long), ("aws:k", "v"), ("k!", "v"), ("k", "\n")]
    {
        let bad = tags(&[("fine", "v"), (key, value)]);
        assert_fails!(at.vault.tag(&arn, &bad).await, VaultError::Refused(_));
        assert_fails!(at.vault.create(&name("b"), &first(), body("x"), &bad).await, VaultError::Refused(_));
    }
    assert_fails!(at.vault.create(&name("b"), &first(), body("x"), &many(0..51)).await, VaultError::Refused(_));
    assert_fails!(at.vault.tag(&arn, &many(0..49)).await, VaultError::Refused(_));
    assert_eq!(at.vault.describe(&name("a")).await.unwrap().tags, good);
    at.vault.tag(&arn, &many(0..48)).await.unwrap();
    at.vault.tag(&arn, &many(10..20)).await.unwrap();
    assert_fails!(at.vault.tag(&arn, &many(48..49)).await, VaultError::Refused(_));
}

async fn a_body_of_65_536_bytes_is_taken_and_one_more_is_refused(at: &Subject) {
    let (fits, too_large) = ("a".repeat(MAX_BODY_BYTES), "ż".repeat(MAX_BODY_BYTES / 2) + "a");
    let (arn, version) = at.created("a", &fits).await;
    assert_fails!(at.vault.put(&arn, &version, body(&too_large)).await, VaultError::Refused(_));
    assert_fails!(at.vault.create(&name("b"), &first(), body(&too_large), &Tags::new()).await, VaultError::Refused(_));
    assert!(at.content("a", Stage::Current).await.unwrap() == fits);
}

async fn a_list_has_the_names_with_its_prefix_in_order_page_by_page(at: &Subject) {
    for of in ["c/c10/app", "c/c1/users/b", "c/c1/app", "c/c2/app", "b", "c/c1/users/a", "d", "c/C1/app"] {
        at.created(of, "content").await;
    }
    assert_eq!(at.names("c/c1/", None, 100).await.0, ["c/c1/app", "c/c1/users/a", "c/c1/users/b"]);
    assert_eq!(at.names("", None, 100).await.0.len(), 8);
    let (mut walked, mut page) = (Vec::new(), None);
    for size in [2, 1, 0, 2] {
        let (names, next) = at.names("c/", page.as_deref(), size).await;
        assert_eq!(names.len(), size.max(1));
        walked.extend(names);
        page = next;
    }
    assert_eq!(walked, ["c/C1/app", "c/c1/app", "c/c1/users/a", "c/c1/users/b", "c/c10/app", "c/c2/app"]);
    assert_eq!((page, at.names("e", None, 1).await), (None, (Vec::new(), None)));
    assert_fails!(at.vault.list("c/", Some("not a page"), 1).await, VaultError::Refused(_));
}

async fn a_list_loses_only_what_is_marked_when_secrets_come_and_go_between_pages(at: &Subject) {
    for of in ["c/b", "c/d", "c/f", "c/g"] {
        at.created(of, "content").await;
    }
    let (names, next) = at.names("c/", None, 2).await;
    assert_eq!(names, ["c/b", "c/d"]);
    assert_fails!(at.vault.list("d/", next.as_deref(), 2).await, VaultError::Refused(_));
    at.created("c/a", "content").await;
    at.created("c/e", "content").await;
    for of in ["c/d", "c/f"] {
        at.vault.delete(&at.vault.describe(&name(of)).await.unwrap().arn).await.unwrap();
    }
    assert_eq!(at.names("c/", next.as_deref(), 2).await, (["c/e", "c/g"].map(String::from).to_vec(), None));
}

async fn any_text_survives_as_it_was(at: &Subject) {
    let text = "zażółć gęślą jaźń 🦀 \u{feff}\u{0}\r\n\t\"\\{}";
    at.created("a", text).await;
    assert_eq!(at.content("a", Stage::Current).await.unwrap(), text);
}

async fn versions_of_the_last_day_are_kept_however_many(at: &Subject) {
    let (arn, seen) = at.created("a", "first").await;
    let mut current = seen.clone();
    for n in 0..120 {
        at.clock.advance(SignedDuration::from_secs(60));
        current = at.vault.put(&arn, &current, body(&n.to_string())).await.unwrap();
    }
    assert_fails!(at.vault.put(&arn, &seen, body("late")).await, VaultError::Stale);
    assert_eq!(at.vault.put(&arn, &seen, body("0")).await.unwrap(), seen.successor());
    at.clock.advance(SignedDuration::from_hours(48));
    at.vault.put(&arn, &current, body("later")).await.unwrap();
    assert_eq!(at.content("a", Stage::Previous).await.unwrap(), "119");
}
