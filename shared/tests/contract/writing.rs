//! Writing: a compare-and-set in one call.

use shared::adapters::vault::model::{MAX_BODY_BYTES, Tags, VaultError, VersionStage};
use shared::types::clock::SignedDuration;
use shared::types::secret::Secret;
use tokio::task::JoinSet;

use super::{Subject, assert_fails, body, first, tags};

pub(crate) async fn a_second_creation_is_stale_and_changes_nothing(at: &Subject) {
    let (_, version) = at.created("a", "mine").await;
    let before = at.vault.describe(&at.name("a")).await.unwrap();
    let yours = tags(&[("state", "yours")]);
    assert_fails!(at.vault.create(&at.name("a"), &first(), body("yours"), &yours).await, VaultError::Stale);
    assert_fails!(at.vault.create(&at.name("a"), &first(), body("mine"), &yours).await, VaultError::Stale);
    assert_fails!(at.vault.create(&at.name("a"), &version, body("yours"), &yours).await, VaultError::Stale);
    assert_eq!(at.content("a", VersionStage::Current).await.unwrap(), "mine");
    assert_eq!(at.vault.describe(&at.name("a")).await.unwrap(), before);
}

pub(crate) async fn a_creation_repeated_because_its_answer_was_lost_is_a_success(at: &Subject) {
    let (arn, version) = at.created("a", "content").await;
    assert_eq!(at.vault.create(&at.name("a"), &version, body("content"), &Tags::new()).await.unwrap(), arn);
    at.vault.put(&arn, &version, body("next")).await.unwrap();
    assert_eq!(at.vault.create(&at.name("a"), &version, body("content"), &Tags::new()).await.unwrap(), arn);
    assert_eq!(at.content("a", VersionStage::Current).await.unwrap(), "next");
}

pub(crate) async fn of_two_writers_from_the_same_version_exactly_one_wins(at: &Subject) {
    let (arn, seen) = at.created("a", "first").await;
    assert_eq!(at.vault.put(&arn, &seen, body("mine")).await.unwrap(), seen.successor());
    assert_fails!(at.vault.put(&arn, &seen, body("yours")).await, VaultError::Stale);
    assert_eq!(at.content("a", VersionStage::Current).await.unwrap(), "mine");
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

pub(crate) async fn of_sixteen_writers_at_the_same_time_exactly_one_wins(at: &Subject) {
    let (arn, mut seen) = at.created("a", "first").await;
    for _ in 0..5 {
        let writers = (0..16).map(|writer: u8| {
            let (vault, arn, seen) = (at.vault.clone(), arn.clone(), seen.clone());
            async move { Ok((vault.put(&arn, &seen, body(&writer.to_string())).await?, writer.to_string())) }
        });
        let won = winners(writers.collect()).await;
        let read = at.vault.read(&at.name("a"), VersionStage::Current).await.unwrap();
        assert_eq!(won, [(read.version.clone(), read.body.expose().to_owned())]);
        seen = read.version;
    }
}

pub(crate) async fn of_sixteen_creations_at_the_same_time_exactly_one_wins(at: &Subject) {
    let creations = (0..16).map(|_| {
        let (vault, name) = (at.vault.clone(), at.name("a"));
        async move { vault.create(&name, &first(), body("content"), &Tags::new()).await }
    });
    assert_eq!(winners(creations.collect()).await, [at.vault.describe(&at.name("a")).await.unwrap().arn]);
}

pub(crate) async fn a_stale_writer_never_wins_however_late(at: &Subject) {
    let (arn, seen) = at.created("a", "0").await;
    let mut current = seen.clone();
    for content in ["1", "2", "3", "4", "5"] {
        current = at.vault.put(&arn, &current, body(content)).await.unwrap();
        at.later(SignedDuration::from_hours(4));
        assert_fails!(at.vault.put(&arn, &seen, body("late")).await, VaultError::Stale);
    }
    assert_eq!(at.content("a", VersionStage::Current).await.unwrap(), "5");
}

pub(crate) async fn a_repeated_write_is_a_success_and_makes_no_second_version(at: &Subject) {
    let (arn, seen) = at.created("a", "first").await;
    let second = at.vault.put(&arn, &seen, body("second")).await.unwrap();
    let before = at.vault.describe(&at.name("a")).await.unwrap();
    at.later(SignedDuration::from_secs(1));
    assert_eq!(at.vault.put(&arn, &seen, body("second")).await.unwrap(), second);
    assert_eq!(at.vault.describe(&at.name("a")).await.unwrap(), before);
    let third = at.vault.put(&arn, &second, body("third")).await.unwrap();
    assert_eq!(at.vault.put(&arn, &seen, body("second")).await.unwrap(), second);
    assert_eq!(at.vault.describe(&at.name("a")).await.unwrap().current, third);
    assert_eq!(at.content("a", VersionStage::Current).await.unwrap(), "third");
}

pub(crate) async fn a_body_of_65_536_bytes_is_taken_and_one_more_is_refused(at: &Subject) {
    let (fits, too_large) = ("a".repeat(MAX_BODY_BYTES), "ż".repeat(MAX_BODY_BYTES / 2) + "a");
    let (arn, version) = at.created("a", &fits).await;
    assert_fails!(at.vault.put(&arn, &version, body(&too_large)).await, VaultError::Refused(_));
    assert_fails!(
        at.vault.create(&at.name("b"), &first(), body(&too_large), &Tags::new()).await,
        VaultError::Refused(_)
    );
    assert!(at.content("a", VersionStage::Current).await.unwrap() == fits);
}

pub(crate) async fn versions_of_the_last_day_are_kept_however_many(at: &Subject) {
    let (arn, seen) = at.created("a", "first").await;
    let mut current = seen.clone();
    for n in 0..120 {
        at.later(SignedDuration::from_secs(60));
        current = at.vault.put(&arn, &current, body(&n.to_string())).await.unwrap();
    }
    assert_fails!(at.vault.put(&arn, &seen, body("late")).await, VaultError::Stale);
    assert_eq!(at.vault.put(&arn, &seen, body("0")).await.unwrap(), seen.successor());
    at.later(SignedDuration::from_hours(48));
    at.vault.put(&arn, &current, body("later")).await.unwrap();
    assert_eq!(at.content("a", VersionStage::Previous).await.unwrap(), "119");
}
