//! What the two stand-ins for Secrets Manager remember about a secret, and the limits that every backend keeps.

use std::collections::BTreeSet;
use std::ops::Bound;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::adapters::vault::model::{
    Arn, MAX_BODY_BYTES, RECOVERY_WINDOW_DAYS, SecretMetadata, SecretName, SecretPage, Tags, VaultError, VersionId,
    VersionStage,
};
use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::randomness::Randomness;
use crate::types::secret::{Secret, SecretBody};

/// What a stand-in remembers about one incarnation of a secret, besides the contents of its versions.
#[derive(Serialize, Deserialize)]
pub(super) struct SecretRecord {
    arn: String,
    /// Oldest first: every write puts the labels on, so the last one is `AWSCURRENT`, the one before `AWSPREVIOUS`.
    versions: Vec<VersionRecord>,
    tags: Tags,
    created_at: Timestamp,
    changed_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct VersionRecord {
    id: String,
    created_at: Timestamp,
}

impl SecretRecord {
    pub(super) fn new(
        name: &SecretName,
        first: &VersionId,
        tags: &Tags,
        now: Timestamp,
        randomness: &Randomness,
    ) -> Result<Self, VaultError> {
        const SUFFIX: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let chance = randomness.bytes::<6>().map_err(|error| VaultError::Unavailable(Box::new(error)))?;
        let suffix: String = chance.iter().map(|byte| char::from(SUFFIX[usize::from(*byte) % SUFFIX.len()])).collect();
        Ok(Self {
            arn: format!("{ARN_START}{name}-{suffix}"),
            versions: vec![VersionRecord { id: first.0.clone(), created_at: now }],
            tags: tags.clone(),
            created_at: now,
            changed_at: now,
            deleted_at: None,
        })
    }

    pub(super) fn arn(&self) -> Arn {
        Arn(self.arn.clone())
    }

    pub(super) fn has_arn(&self, arn: &Arn) -> bool {
        self.arn == arn.0
    }

    /// Whether its recovery window is over, so that its name is free.
    pub(super) fn is_past_recovery(&self, now: Timestamp) -> bool {
        let window = SignedDuration::from_hours(24 * i64::from(RECOVERY_WINDOW_DAYS));
        self.deleted_at.is_some_and(|marked| add_saturating(marked, window) <= now)
    }

    pub(super) fn is_scheduled_for_deletion(&self) -> bool {
        self.deleted_at.is_some()
    }

    /// Lets the two labels change places.
    pub(super) fn move_current_back(&mut self) {
        if let [.., previous, current] = self.versions.as_mut_slice() {
            std::mem::swap(previous, current);
        }
    }

    /// Refuses to go on with a secret that is marked for deletion.
    pub(super) fn ensure_not_deleted(&self) -> Result<(), VaultError> {
        if self.is_scheduled_for_deletion() { Err(VaultError::Deleted) } else { Ok(()) }
    }

    pub(super) fn bears(&self, tag: Option<(&str, &str)>) -> bool {
        tag.is_none_or(|(key, value)| self.tags.get(key).is_some_and(|borne| borne == value))
    }

    pub(super) fn has_version(&self, version: &VersionId) -> bool {
        self.versions.iter().any(|held| held.id == version.0)
    }

    #[cfg(feature = "local")]
    pub(super) fn versions(&self) -> impl Iterator<Item = VersionId> {
        self.versions.iter().map(|version| VersionId(version.id.clone()))
    }

    pub(super) fn version_at_stage(&self, stage: VersionStage) -> Result<VersionId, VaultError> {
        let back = match stage {
            VersionStage::Current => 0,
            VersionStage::Previous => 1,
        };
        let found = self.versions.iter().nth_back(back);
        found.map(|version| VersionId(version.id.clone())).ok_or(VaultError::NotFound)
    }

    /// Makes `version` the current one, and names those that are purged: older than a day and beyond the newest 100
    /// ("it does not remove versions created less than 24 hours ago", `PutSecretValue`).
    pub(super) fn push_version(&mut self, version: &VersionId, now: Timestamp) -> Vec<VersionId> {
        self.versions.push(VersionRecord { id: version.0.clone(), created_at: now });
        self.changed_at = now;
        let beyond = self.versions.len().saturating_sub(100);
        let a_day = SignedDuration::from_hours(24);
        let old =
            self.versions.iter().take(beyond).take_while(|held| add_saturating(held.created_at, a_day) <= now).count();
        self.versions.drain(..old).map(|purged| VersionId(purged.id)).collect()
    }

    pub(super) fn tag(&mut self, tags: &Tags, now: Timestamp) -> Result<(), VaultError> {
        if self.tags.keys().chain(tags.keys()).collect::<BTreeSet<_>>().len() > MAX_TAGS {
            return Err(VaultError::Refused(TOO_MANY_TAGS));
        }
        self.tags.extend(tags.clone());
        self.changed_at = now;
        Ok(())
    }

    pub(super) fn schedule_deletion(&mut self, now: Timestamp) {
        self.deleted_at.get_or_insert(now);
    }

    pub(super) fn restore(&mut self) {
        self.deleted_at = None;
    }

    pub(super) fn describe(&self, name: &str) -> Result<SecretMetadata, VaultError> {
        Ok(SecretMetadata {
            name: SecretName(name.to_owned()),
            arn: self.arn(),
            current: self.version_at_stage(VersionStage::Current)?,
            previous: self.version_at_stage(VersionStage::Previous).ok(),
            tags: self.tags.clone(),
            created_at: self.created_at,
            changed_at: self.changed_at,
            deleted_at: self.deleted_at,
        })
    }
}

const ARN_START: &str = "arn:local:secret:";

/// The name inside an ARN of a stand-in: what is left without its start and its hyphen and six characters.
pub(super) fn name_from_arn(arn: &Arn) -> Result<&str, VaultError> {
    let name = arn.0.strip_prefix(ARN_START).and_then(|rest| rest.get(..rest.len().checked_sub(7)?));
    name.ok_or(VaultError::NotFound)
}

pub(super) fn is_same_content(one: &SecretBody, other: &SecretBody) -> bool {
    one.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
}

pub(super) fn validate_body(body: &SecretBody) -> Result<(), VaultError> {
    if body.expose().len() > MAX_BODY_BYTES {
        return Err(VaultError::Refused("a secret has at most 65 536 bytes"));
    }
    Ok(())
}

const MAX_TAGS: usize = 50;
const TOO_MANY_TAGS: &str = "a secret has at most 50 tags";

/// The restrictions on the page of `TagResource`.
pub(super) fn validate_tags(tags: &Tags) -> Result<(), VaultError> {
    let allowed = |text: &str| text.chars().all(|c| c.is_alphanumeric() || " _.:/=+-@".contains(c));
    if tags.len() > MAX_TAGS {
        return Err(VaultError::Refused(TOO_MANY_TAGS));
    }
    for (key, value) in tags {
        if !(1..=128).contains(&key.chars().count()) || value.chars().count() > 256 {
            return Err(VaultError::Refused("a tag's key has 1 to 128 characters, its value at most 256"));
        }
        if !allowed(key) || !allowed(value) {
            return Err(VaultError::Refused("a tag has letters, digits, spaces and _ . : / = + - @"));
        }
        if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
            return Err(VaultError::Refused("a tag's key does not begin with aws:"));
        }
    }
    Ok(())
}

/// Where a list begins. The token of a page is the last name of the page before, so that a secret that comes or goes
/// between two pages costs no other its place.
pub(super) fn page_start(prefix: &str, page: Option<&str>) -> Result<Bound<String>, VaultError> {
    let Some(page) = page else { return Ok(Bound::Included(prefix.to_owned())) };
    let name = URL_SAFE_NO_PAD.decode(page).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match name {
        Some(name) if name.starts_with(prefix) => Ok(Bound::Excluded(name)),
        _ => Err(VaultError::Refused("not the token of a page of this list")),
    }
}

/// The page that begins with the first of `secrets`.
pub(super) fn page_of(
    secrets: impl Iterator<Item = Result<SecretMetadata, VaultError>>,
    limit: usize,
) -> Result<SecretPage, VaultError> {
    let limit = limit.clamp(1, 100);
    let mut secrets = secrets.take(limit + 1).collect::<Result<Vec<_>, _>>()?;
    let more = secrets.len() > limit;
    secrets.truncate(limit);
    let next = secrets.last().filter(|_| more).map(|last| URL_SAFE_NO_PAD.encode(last.name.as_str()));
    Ok(SecretPage { secrets, next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purged_is_what_is_older_than_a_day_and_beyond_the_newest_hundred() {
        let (start, randomness) = (Timestamp::UNIX_EPOCH, Randomness::seeded(1));
        let (name, first) = ("a".parse().unwrap(), VersionId::random(&randomness).unwrap());
        let mut held = SecretRecord::new(&name, &first, &Tags::new(), start, &randomness).unwrap();
        let mut current = first.clone();
        let mut advance = |now| {
            current = current.successor();
            held.push_version(&current, now)
        };
        let almost = start + SignedDuration::from_hours(24) - SignedDuration::from_millis(1);
        assert!((0..99).all(|_| advance(start + SignedDuration::from_mins(1)).is_empty()));
        assert!(advance(almost).is_empty());
        assert_eq!(advance(start + SignedDuration::from_hours(24)), [first]);
    }
}
