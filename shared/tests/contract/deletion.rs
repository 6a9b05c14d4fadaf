//! Deletion, and the window in which it can be taken back.

use shared::adapters::vault::model::{Tags, VaultError, VersionStage};
use shared::types::clock::SignedDuration;

use super::{Subject, assert_fails, body, first, tags, window};

/// The last moment of the recovery window.
fn almost() -> SignedDuration {
    window() - SignedDuration::from_millis(1)
}

pub(crate) async fn a_deleted_secret_is_not_read(at: &Subject) {
    let (arn, _) = at.created("a", "content").await;
    at.vault.delete(&arn).await.unwrap();
    at.later(almost());
    assert_fails!(at.content("a", VersionStage::Current).await, VaultError::Deleted);
}

pub(crate) async fn a_deleted_secret_is_not_written(at: &Subject) {
    let (arn, version) = at.created("a", "content").await;
    at.vault.delete(&arn).await.unwrap();
    at.later(almost());
    assert_fails!(at.vault.put(&arn, &version, body("next")).await, VaultError::Deleted);
}

pub(crate) async fn a_deleted_secret_is_not_tagged(at: &Subject) {
    let (arn, _) = at.created("a", "content").await;
    at.vault.delete(&arn).await.unwrap();
    at.later(almost());
    assert_fails!(at.vault.tag(&arn, &tags(&[("state", "next")])).await, VaultError::Deleted);
}

pub(crate) async fn a_deleted_secret_is_not_made_again(at: &Subject) {
    let (arn, version) = at.created("a", "content").await;
    at.vault.delete(&arn).await.unwrap();
    at.later(almost());
    assert_fails!(at.vault.create(&at.name("a"), &first(), body("new"), &Tags::new()).await, VaultError::Deleted);
    assert_fails!(at.vault.create(&at.name("a"), &version, body("content"), &Tags::new()).await, VaultError::Deleted);
}

pub(crate) async fn a_writer_of_the_old_incarnation_cannot_reach_the_new_one(at: &Subject) {
    let (old, seen) = at.created("a", "old").await;
    at.vault.delete(&old).await.unwrap();
    at.window_over("a").await;
    let (new, _) = at.created("a", "new").await;
    assert_ne!(old, new);
    assert_fails!(at.vault.put(&old, &seen, body("late")).await, VaultError::NotFound);
    assert_fails!(at.vault.tag(&old, &tags(&[("state", "late")])).await, VaultError::NotFound);
    assert_fails!(at.vault.delete(&old).await, VaultError::NotFound);
    assert_eq!(at.content("a", VersionStage::Current).await.unwrap(), "new");
}

pub(crate) async fn a_restored_secret_has_its_value_and_its_versions_back(at: &Subject) {
    let (arn, seen) = at.created("a", "first").await;
    let second = at.vault.put(&arn, &seen, body("second")).await.unwrap();
    let before = at.vault.describe(&at.name("a")).await.unwrap();
    at.vault.delete(&arn).await.unwrap();
    at.later(almost());
    at.vault.restore(&at.name("a")).await.unwrap();
    assert_eq!(at.vault.describe(&at.name("a")).await.unwrap(), before);
    assert_eq!(at.content("a", VersionStage::Current).await.unwrap(), "second");
    assert_eq!(at.content("a", VersionStage::Previous).await.unwrap(), "first");
    assert_fails!(at.vault.put(&arn, &seen, body("late")).await, VaultError::Stale);
    at.vault.put(&arn, &second, body("third")).await.unwrap();
    at.later(window());
    assert_eq!(at.content("a", VersionStage::Current).await.unwrap(), "third");
}

pub(crate) async fn a_secret_without_the_mark_is_restored_to_what_it_is(at: &Subject) {
    at.created("a", "content").await;
    let before = at.vault.describe(&at.name("a")).await.unwrap();
    at.vault.restore(&at.name("a")).await.unwrap();
    assert_eq!(at.vault.describe(&at.name("a")).await.unwrap(), before);
    assert_eq!(at.content("a", VersionStage::Current).await.unwrap(), "content");
}

pub(crate) async fn a_secret_is_deleted_once_and_the_day_stays(at: &Subject) {
    let (arn, _) = at.created("a", "content").await;
    at.vault.delete(&arn).await.unwrap();
    let marked = at.vault.describe(&at.name("a")).await.unwrap().deleted_at;
    assert!(marked.is_some());
    for _ in 0..2 {
        at.later(SignedDuration::from_hours(24));
        at.vault.delete(&arn).await.unwrap();
        assert_eq!(at.vault.describe(&at.name("a")).await.unwrap().deleted_at, marked);
    }
}

pub(crate) async fn the_day_of_a_deletion_is_when_it_was_asked_for(at: &Subject) {
    let ((arn, _), asked) = (at.created("a", "content").await, at.now());
    at.vault.delete(&arn).await.unwrap();
    let told = at.vault.describe(&at.name("a")).await.unwrap().deleted_at.unwrap();
    assert!(at.is_moment(told, asked), "{told} is not {asked}");
}

pub(crate) async fn after_the_recovery_window_the_name_is_free(at: &Subject) {
    let (arn, version) = at.created("a", "old").await;
    at.vault.delete(&arn).await.unwrap();
    at.window_over("a").await;
    assert_fails!(at.vault.describe(&at.name("a")).await, VaultError::NotFound);
    assert_fails!(at.vault.restore(&at.name("a")).await, VaultError::NotFound);
    assert_fails!(at.vault.put(&arn, &version, body("late")).await, VaultError::NotFound);
    at.created("a", "new").await;
    assert_eq!(at.content("a", VersionStage::Current).await.unwrap(), "new");
    assert_fails!(at.content("a", VersionStage::Previous).await, VaultError::NotFound);
}
