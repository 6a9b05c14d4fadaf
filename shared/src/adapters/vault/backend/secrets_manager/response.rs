//! What Secrets Manager told, compared with what was asked.

use std::collections::HashMap;

use aws_sdk_secretsmanager::primitives::DateTime;
use aws_sdk_secretsmanager::types::Tag;

use crate::adapters::vault::model::{Arn, SecretMetadata, SecretName, VaultError, VersionId};
use crate::types::clock::Timestamp;

/// The hyphen and the characters that Secrets Manager puts behind a name to make an ARN (`CreateSecret`).
const SUFFIX: usize = 7;

/// The name inside a whole ARN: `arn:partition:secretsmanager:region:account:secret:name-xxxxxx`. Whatever is no such
/// ARN is none of Secrets Manager's, and is not sent there: it would complete a partial one.
pub(super) fn name_in(arn: &Arn) -> Result<&str, VaultError> {
    let parts: Vec<&str> = arn.0.splitn(7, ':').collect();
    let [_, _, "secretsmanager", _, _, "secret", resource] = parts[..] else { return Err(VaultError::NotFound) };
    let split = resource.len().checked_sub(SUFFIX).and_then(|at| resource.split_at_checked(at));
    match split {
        Some((name, suffix)) if suffix.starts_with('-') && !name.is_empty() => Ok(name),
        _ => Err(VaultError::NotFound),
    }
}

/// The ARN that a reply names, when the reply is about the secret that was asked for.
pub(super) fn verified_arn(asked: &str, name: Option<&str>, arn: Option<&str>) -> Result<Arn, VaultError> {
    if name != Some(asked) {
        return Err(corrupt(asked, "the reply names another secret"));
    }
    let arn = Arn(arn.unwrap_or_default().to_owned());
    if name_in(&arn).is_ok_and(|inside| inside == asked) {
        Ok(arn)
    } else {
        Err(corrupt(asked, "the reply names the ARN of another secret"))
    }
}

/// What is told about a secret, in a description or in a list.
pub(super) struct SecretDescription<'a> {
    pub(super) tags: &'a [Tag],
    pub(super) stages: Option<&'a HashMap<String, Vec<String>>>,
    pub(super) created: Option<&'a DateTime>,
    pub(super) changed: Option<&'a DateTime>,
    pub(super) deleted: Option<&'a DateTime>,
}

impl SecretDescription<'_> {
    pub(super) fn into_metadata(self, name: SecretName, arn: Arn) -> Result<SecretMetadata, VaultError> {
        let labelled = |label: &str| {
            let mut versions = self.stages.into_iter().flatten();
            let found = versions.find(|(_, labels)| labels.iter().any(|held| held == label));
            found.map(|(version, _)| VersionId(version.clone()))
        };
        let moment = |told: Option<&DateTime>| {
            let milliseconds = told.map(|at| at.to_millis().unwrap_or(i64::MAX));
            let moment = milliseconds.map(Timestamp::from_millisecond).transpose();
            moment.map_err(|_| corrupt(&name.0, "a time is out of range"))
        };
        let tag = |tag: &Tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()));
        let created_at = moment(self.created)?.ok_or_else(|| corrupt(&name.0, "it has no date of creation"))?;
        Ok(SecretMetadata {
            current: labelled("AWSCURRENT").ok_or_else(|| corrupt(&name.0, "it has no current version"))?,
            previous: labelled("AWSPREVIOUS"),
            tags: self.tags.iter().filter_map(tag).collect(),
            created_at,
            changed_at: moment(self.changed)?.unwrap_or(created_at),
            deleted_at: moment(self.deleted)?,
            name,
            arn,
        })
    }
}

pub(super) fn corrupt(name: &str, what: &'static str) -> VaultError {
    VaultError::Corrupt { name: name.to_owned(), what }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:";

    #[test]
    fn only_a_whole_arn_has_a_name_inside() {
        let name = |arn: &str| name_in(&Arn(arn.to_owned())).ok().map(str::to_owned);
        assert_eq!(name(&format!("{START}c/c1/app-aB3dE6")).as_deref(), Some("c/c1/app"));
        assert_eq!(name(&format!("{START}a-bcdefg-aB3dE6")).as_deref(), Some("a-bcdefg"));
        assert_eq!(name("arn:aws-us-gov:secretsmanager:r:1:secret:a-aB3dE6").as_deref(), Some("a"));
        for partial in
            ["", "app", &format!("{START}app"), START, &format!("{START}-aB3dE6"), &format!("{START}ażółćęą")]
        {
            assert_eq!(name(partial), None, "{partial}");
        }
        assert_eq!(name("arn:aws:ssm:r:1:secret:a-aB3dE6"), None);
        assert_eq!(name("arn:local:secret:a-aB3dE6"), None);
    }

    #[test]
    fn a_reply_about_another_secret_is_corrupt() {
        let own = format!("{START}a-aB3dE6");
        assert_eq!(verified_arn("a", Some("a"), Some(&own)).unwrap().as_str(), own);
        let other = format!("{START}b-aB3dE6");
        for (name, arn) in [(Some("b"), Some(&*own)), (None, Some(&own)), (Some("a"), Some(&other)), (Some("a"), None)]
        {
            assert!(matches!(verified_arn("a", name, arn), Err(VaultError::Corrupt { .. })), "{name:?} {arn:?}");
        }
    }
}
