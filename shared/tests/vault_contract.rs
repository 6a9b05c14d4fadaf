//! What every backend of the vault promises, each promise kept by each backend that needs nothing but this process.
#![expect(clippy::unwrap_used, reason = "clippy takes only what bears #[test] for a test, and here that is a macro's")]

use shared::clock::{Clock, Timestamp};
use shared::randomness::Randomness;
use shared::vault::backend::Backend;
use shared::vault::memory::Memory;

mod contract;

use contract::Subject;

fn noon() -> Clock {
    Clock::stopped_at("2026-11-23T12:00:00Z".parse::<Timestamp>().unwrap())
}

fn in_memory() -> Subject {
    let clock = noon();
    let [vault, elsewhere] = [1, 2].map(|seed| Memory::new(clock.clone(), Randomness::seeded(seed)));
    let (vault, elsewhere) = (Backend::Memory(vault), Backend::Memory(elsewhere));
    Subject { vault, elsewhere, clock: Some(clock), end_window: None, hurried: false.into(), _kept: Box::new(()) }
}

#[cfg(feature = "local")]
fn in_a_folder() -> Subject {
    let clock = noon();
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let [vault, elsewhere] = folders.each_ref().map(|folder| {
        let vault = shared::vault::local::Local::open(folder.path(), clock.clone(), Randomness::system()).unwrap();
        Backend::Local(vault)
    });
    Subject { vault, elsewhere, clock: Some(clock), end_window: None, hurried: false.into(), _kept: Box::new(folders) }
}

/// Each promise becomes one test for each backend.
macro_rules! promises {
    ($($promise:ident)*) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $promise() { crate::contract::$promise(&super::in_memory()).await })*
        }
        #[cfg(feature = "local")]
        mod local {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $promise() { crate::contract::$promise(&super::in_a_folder()).await })*
        }
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
