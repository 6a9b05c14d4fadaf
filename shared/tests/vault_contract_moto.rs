//! The promises of the vault, kept by the backend of AWS against a server process that plays Secrets Manager; where the
//! server is not what the [API reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/) says, the
//! table says so, and the test that it still is not.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy takes only what bears #[test] for a test, and here that is a macro's"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use shared::vault::backend::Backend;

mod contract;
mod moto;

use contract::{EndWindow, Subject};
use moto::Moto;

/// A promise that the server does not let us keep, or not as it is meant.
struct Departure {
    promise: &'static str,
    /// What moto 5.2.5 does.
    moto: &'static str,
    /// What the API reference says, with its page.
    reference: &'static str,
    test: Test,
}

/// What the test of such a promise proves instead.
enum Test {
    /// That the promise fails still, with these words.
    FailsWith(&'static str),
    /// The promise, without the wait that it asks for.
    Hurried,
}

use Test::{FailsWith, Hurried};

const fn fails(promise: &'static str, moto: &'static str, reference: &'static str, with: &'static str) -> Departure {
    Departure { promise, moto, reference, test: FailsWith(with) }
}

const fn hurried(promise: &'static str, reference: &'static str) -> Departure {
    Departure { promise, moto: "its clock cannot be moved, and no window ends", reference, test: Hurried }
}

const DEPARTURES: [Departure; 16] = [
    fails(
        "a_deleted_secret_is_not_written",
        "it writes",
        "InvalidRequestException: the secret is scheduled for deletion (PutSecretValue)",
        "Ok(VersionId(",
    ),
    fails(
        "a_deleted_secret_is_not_tagged",
        "it tags",
        "InvalidRequestException: the secret is scheduled for deletion (TagResource)",
        "Ok(()) is not Err(VaultError::Deleted)",
    ),
    fails(
        "a_deleted_secret_is_not_made_again",
        "ResourceExistsException, and a success for the same token and content",
        "InvalidRequestException: the secret is scheduled for deletion (CreateSecret)",
        "Err(Stale) is not Err(VaultError::Deleted)",
    ),
    fails(
        "the_day_of_a_deletion_is_when_it_was_asked_for",
        "DeletedDate is the end of the recovery window",
        "the date and time the deletion of the secret occurred (SecretListEntry)",
        "is not",
    ),
    fails(
        "tags_that_would_become_too_many_are_refused_and_change_nothing",
        "it takes any number",
        "at most 50 tags per secret (TagResource)",
        "Ok(()) is not Err(VaultError::Refused(_))",
    ),
    fails(
        "a_list_is_in_the_order_of_the_names",
        "the order of creation, whatever SortBy says",
        "SortBy: name (ListSecrets)",
        "left: [\"c/c10/app\"",
    ),
    fails(
        "a_list_loses_only_what_is_marked_when_secrets_come_and_go_between_pages",
        "NextToken counts what was listed",
        "NextToken: where the output should continue from (ListSecrets, which may lag behind by five minutes)",
        "left: ([\"c/a\", \"c/e\"]",
    ),
    hurried("tags_and_times_are_known_without_reading", "LastChangedDate (DescribeSecret)"),
    hurried("a_stale_writer_never_wins_however_late", "versions younger than 24 hours are kept (PutSecretValue)"),
    hurried("a_repeated_write_is_a_success_and_makes_no_second_version", "the request is ignored (PutSecretValue)"),
    hurried("versions_of_the_last_day_are_kept_however_many", "older ones beyond 100 are not (PutSecretValue)"),
    hurried("a_deleted_secret_is_not_read", "to the end of the recovery window (DeleteSecret)"),
    hurried("a_restored_secret_has_its_value_and_its_versions_back", "within the recovery window (RestoreSecret)"),
    hurried("a_secret_is_deleted_once_and_the_day_stays", "refused for a secret scheduled for deletion (DeleteSecret)"),
    // In these two the window is ended by ForceDeleteWithoutRecovery.
    hurried("after_the_recovery_window_the_name_is_free", "deleted for good after the window (DeleteSecret)"),
    hurried("a_writer_of_the_old_incarnation_cannot_reach_the_new_one", "a new ARN each time (CreateSecret)"),
];

/// A vault in a region of its own.
fn subject() -> Subject {
    static REGIONS: AtomicUsize = AtomicUsize::new(1);
    let moto = Moto::running();
    let region = format!("promise-{}", REGIONS.fetch_add(1, Ordering::Relaxed));
    let vault = Backend::SecretsManager(moto.vault(&region));
    let elsewhere = Backend::SecretsManager(moto.vault(&format!("{region}-elsewhere")));
    let server = Arc::clone(&moto);
    let end_window: EndWindow = Box::new(move |name| Box::pin(Arc::clone(&server).forget(region.clone(), name)));
    let (end_window, hurried) = (Some(end_window), false.into());
    Subject { vault, elsewhere, clock: None, end_window, hurried, _kept: Box::new(moto) }
}

/// Compares what became of a promise, and whether it had to do without a wait, with what the table says of it.
async fn judge(promise: &str, kept: impl Future<Output = bool> + Send + 'static) {
    let departure = DEPARTURES.iter().find(|departure| departure.promise == promise);
    match (tokio::spawn(kept).await, departure) {
        (Ok(false), None) | (Ok(true), Some(Departure { test: Hurried, .. })) => {}
        (Ok(true), None) => panic!("it did without a wait, and the table does not say so"),
        (Ok(_), Some(Departure { moto, .. })) => panic!("strike it from the table: moto no longer does this: {moto}"),
        (Err(error), Some(Departure { moto, reference, test: FailsWith(words), .. })) => {
            let panic = error.into_panic();
            let said = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            assert!(said.contains(words), "it failed, but not because of this: {moto} ({reference}): {said}");
        }
        (Err(error), _) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Each promise becomes one test.
macro_rules! promises {
    ($($promise:ident)*) => {
        const PROMISES: &[&str] = &[$(stringify!($promise)),*];

        $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $promise() {
            let kept = async {
                let at = subject();
                contract::$promise(&at).await;
                at.hurried.into_inner()
            };
            judge(stringify!($promise), kept).await;
        })*
    };
}

promises! {
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

#[test]
fn the_same_is_promised_here_as_by_the_backends_without_a_server() {
    let others = include_str!("vault_contract.rs");
    let (_, others) = others.split_once("promises! {").unwrap();
    let others: Vec<_> = others.split_whitespace().take_while(|word| *word != "}").collect();
    assert_eq!(PROMISES, others);
}

#[test]
fn every_departure_is_from_a_promise() {
    for departure in &DEPARTURES {
        assert!(PROMISES.contains(&departure.promise), "{}", departure.promise);
    }
}
