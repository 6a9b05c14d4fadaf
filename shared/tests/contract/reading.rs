//! Reading, and what is known without it.

use shared::adapters::vault::model::{Tags, VaultError, VersionStage};
use shared::types::clock::SignedDuration;
use shared::types::secret::Secret;

use super::{Subject, assert_fails, body, first, tags};

pub(crate) async fn what_was_created_is_read(at: &Subject) {
    let (arn, version) = at.created("a", "content").await;
    let read = at.vault.read(&at.name("a"), VersionStage::Current).await.unwrap();
    assert_eq!((read.arn, read.version, read.body.expose()), (arn, version, "content"));
    assert_fails!(at.content("a", VersionStage::Previous).await, VaultError::NotFound);
}

pub(crate) async fn what_was_never_created_is_not_found(at: &Subject) {
    let (_, version) = at.created("a", "content").await;
    let stranger = at.elsewhere.create(&at.name("ab"), &first(), body("content"), &Tags::new()).await.unwrap();
    for nobody in ["b", "a/", "A"] {
        assert_fails!(at.content(nobody, VersionStage::Current).await, VaultError::NotFound);
        assert_fails!(at.vault.describe(&at.name(nobody)).await, VaultError::NotFound);
        assert_fails!(at.vault.restore(&at.name(nobody)).await, VaultError::NotFound);
    }
    assert_fails!(at.vault.put(&stranger, &version, body("x")).await, VaultError::NotFound);
    assert_fails!(at.vault.tag(&stranger, &tags(&[("state", "x")])).await, VaultError::NotFound);
    assert_fails!(at.vault.delete(&stranger).await, VaultError::NotFound);
}

pub(crate) async fn the_previous_version_is_the_one_before_the_current(at: &Subject) {
    let (arn, mut current) = at.created("a", "0").await;
    for (before, content) in [("0", "1"), ("1", "2"), ("2", "3")] {
        let seen = current;
        current = at.vault.put(&arn, &seen, body(content)).await.unwrap();
        assert_eq!(at.content("a", VersionStage::Previous).await.unwrap(), before);
        let described = at.vault.describe(&at.name("a")).await.unwrap();
        assert_eq!((&described.current, described.previous), (&current, Some(seen)));
    }
}

pub(crate) async fn any_text_survives_as_it_was(at: &Subject) {
    let text = "zażółć gęślą jaźń 🦀 \u{feff}\u{0}\r\n\t\"\\{}";
    at.created("a", text).await;
    assert_eq!(at.content("a", VersionStage::Current).await.unwrap(), text);
}

pub(crate) async fn tags_and_times_are_known_without_reading(at: &Subject) {
    let (born, given, version) = (at.now(), tags(&[("state", "active"), ("tenant", "contoso")]), first());
    let arn = at.vault.create(&at.name("a"), &version, body("content"), &given).await.unwrap();
    let described = at.vault.describe(&at.name("a")).await.unwrap();
    assert_eq!((&described.arn, &described.tags, &described.current), (&arn, &given, &version));
    assert_eq!((described.name, described.previous, described.deleted_at), (at.name("a"), None, None));
    assert!(at.is_moment(described.created_at, born) && at.is_moment(described.changed_at, born));
    at.later(SignedDuration::from_secs(60));
    at.vault.put(&arn, &version, body("next")).await.unwrap();
    let written = at.vault.describe(&at.name("a")).await.unwrap();
    assert_eq!((written.created_at, written.tags), (described.created_at, given));
    assert!(at.is_moment(written.changed_at, at.now()));
    at.later(SignedDuration::from_secs(60));
    at.vault.tag(&arn, &tags(&[("state", "suspect")])).await.unwrap();
    assert!(at.is_moment(at.vault.describe(&at.name("a")).await.unwrap().changed_at, at.now()));
}

pub(crate) async fn tags_are_merged(at: &Subject) {
    let (arn, _) = at.created("a", "content").await;
    at.vault.tag(&arn, &tags(&[("state", "active"), ("tenant", "contoso")])).await.unwrap();
    at.vault.tag(&arn, &tags(&[("state", ""), ("since", "2026-11-23")])).await.unwrap();
    let merged = tags(&[("state", ""), ("tenant", "contoso"), ("since", "2026-11-23")]);
    assert_eq!(at.vault.describe(&at.name("a")).await.unwrap().tags, merged);
}

fn many(range: std::ops::Range<u8>) -> Tags {
    range.map(|n| (format!("tag {n}"), String::new())).collect()
}

pub(crate) async fn tags_beyond_the_limits_are_refused(at: &Subject) {
    let arn = at.created("a", "content").await.0;
    let [longest_key, key_too_long, longest_value, value_too_long] = [128, 129, 256, 257].map(|n| "ż".repeat(n));
    let good = tags(&[("Zażółć 9_.:/=+-@", "gęślą jaźń"), (&longest_key, &longest_value)]);
    at.vault.tag(&arn, &good).await.unwrap();
    for (key, value) in
        [("", "v"), (&*key_too_long, "v"), ("k", &*value_too_long), ("aws:k", "v"), ("k!", "v"), ("k", "\n")]
    {
        let bad = tags(&[("fine", "v"), (key, value)]);
        assert_fails!(at.vault.tag(&arn, &bad).await, VaultError::Refused(_));
        assert_fails!(at.vault.create(&at.name("b"), &first(), body("x"), &bad).await, VaultError::Refused(_));
    }
    assert_fails!(at.vault.create(&at.name("b"), &first(), body("x"), &many(0..51)).await, VaultError::Refused(_));
    assert_fails!(at.vault.tag(&arn, &many(0..51)).await, VaultError::Refused(_));
    assert_eq!(at.vault.describe(&at.name("a")).await.unwrap().tags, good);
    at.vault.tag(&arn, &many(0..48)).await.unwrap();
    at.vault.tag(&arn, &many(10..20)).await.unwrap();
}

pub(crate) async fn tags_that_would_become_too_many_are_refused_and_change_nothing(at: &Subject) {
    let arn = at.created("a", "content").await.0;
    at.vault.tag(&arn, &many(0..48)).await.unwrap();
    assert_fails!(at.vault.tag(&arn, &many(46..51)).await, VaultError::Refused(_));
    assert_eq!(at.vault.describe(&at.name("a")).await.unwrap().tags, many(0..48));
    at.vault.tag(&arn, &many(46..50)).await.unwrap();
    assert_fails!(at.vault.tag(&arn, &many(50..51)).await, VaultError::Refused(_));
}
