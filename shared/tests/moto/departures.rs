//! Where the server that plays Secrets Manager is not what the
//! [API reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/) says.

/// A promise that the server does not let us keep, or not as it is meant.
pub(crate) struct Departure {
    pub(crate) promise: &'static str,
    /// What moto 5.2.5 does.
    pub(crate) moto: &'static str,
    /// What the API reference says, with its page.
    pub(crate) reference: &'static str,
    pub(crate) test: Test,
}

/// What the test of such a promise proves instead.
pub(crate) enum Test {
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

pub(crate) const DEPARTURES: [Departure; 16] = [
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
