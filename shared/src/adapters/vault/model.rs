//! What every backend of the vault takes and gives, in the terms of AWS Secrets Manager's API.
//!
//! Names, versions and stages are those of the [API reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/):
//! `CreateSecret`, `PutSecretValue`, `GetSecretValue`, `DescribeSecret`, `TagResource`, `DeleteSecret`,
//! `RestoreSecret`, `ListSecrets`.

use std::collections::BTreeMap;
use std::fmt;

use ring::digest;

use crate::types::clock::Timestamp;
use crate::types::randomness::{Randomness, RandomnessError};
use crate::types::secret::SecretBody;

/// What is not secret about a secret: readable without reading it.
pub type Tags = BTreeMap<String, String>;

/// The name of a secret. In the product `vault::layout` makes them all, from ids that were parsed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretName(pub(crate) String);

impl SecretName {
    /// The name as Secrets Manager knows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for SecretName {
    type Err = VaultError;

    /// 1 to 512 letters, digits and `/ _ + = . @ -` (`CreateSecret`); anything else is [`VaultError::Refused`].
    fn from_str(text: &str) -> Result<Self, VaultError> {
        let fits = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+=.@-".contains(&byte));
        if !fits || !(1..=512).contains(&text.len()) {
            return Err(VaultError::Refused("a name has 1 to 512 letters, digits and / _ + = . @ -"));
        }
        Ok(Self(text.to_owned()))
    }
}

/// One incarnation of a secret. A secret that was deleted and made again under its name has another ARN, so a writer
/// from before the deletion cannot reach it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Arn(pub(crate) String);

impl Arn {
    /// The ARN as Secrets Manager knows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The id of one version of a secret: 32 characters, as `ClientRequestToken` wants them (32 to 64).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VersionId(pub(crate) String);

impl VersionId {
    /// A fresh id for the first version of an incarnation.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn random(randomness: &Randomness) -> Result<Self, RandomnessError> {
        Ok(Self(hex::encode(randomness.bytes::<16>()?)))
    }

    /// The id of the version that replaces this one: `hex(SHA-256("teams-connect/successor/" ‖ id))`, first half.
    #[must_use]
    pub fn successor(&self) -> Self {
        let hash = digest::digest(&digest::SHA256, format!("teams-connect/successor/{}", self.0).as_bytes());
        Self(hex::encode(&hash.as_ref()[..16]))
    }

    /// The id as Secrets Manager knows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which version is meant: the staging labels of Secrets Manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionStage {
    /// `AWSCURRENT`.
    Current,
    /// `AWSPREVIOUS`: the one before.
    Previous,
}

/// One version of a secret, read.
#[derive(Debug)]
pub struct SecretValue {
    /// The incarnation that was read; a write names it.
    pub arn: Arn,
    /// The version that was read; a write replaces it.
    pub version: VersionId,
    /// The content.
    pub body: SecretBody,
}

/// A secret described, without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretMetadata {
    /// Its name.
    pub name: SecretName,
    /// Its incarnation.
    pub arn: Arn,
    /// The version labelled `AWSCURRENT`.
    pub current: VersionId,
    /// The version labelled `AWSPREVIOUS`, if there is one.
    pub previous: Option<VersionId>,
    /// Its tags.
    pub tags: Tags,
    /// When it was created.
    pub created_at: Timestamp,
    /// When a version or a tag last changed.
    pub changed_at: Timestamp,
    /// When it was marked for deletion, if it was.
    pub deleted_at: Option<Timestamp>,
}

/// Some of the secrets whose names begin with a prefix.
#[derive(Debug)]
pub struct SecretPage {
    /// Their descriptions, by name; those marked for deletion are left out.
    pub secrets: Vec<SecretMetadata>,
    /// Where the next page begins, if there is one. Opaque.
    pub next: Option<String>,
}

/// Why the vault did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No secret of that name, or no version with that label.
    #[error("there is no such secret")]
    NotFound,
    /// Somebody else wrote first (`ResourceExistsException`): read again, decide again.
    #[error("another writer came first")]
    Stale,
    /// Marked for deletion (`InvalidRequestException`): it can be restored until its recovery window ends.
    #[error("the secret is marked for deletion")]
    Deleted,
    /// Larger than 65 536 bytes, or not a valid name or tag.
    #[error("the vault does not take this: {0}")]
    Refused(&'static str),
    /// What was read is not what was written: wrong owner, wrong shape, or a broken seal.
    #[error("the content of {name} is not what was written: {what}")]
    Corrupt {
        /// The secret's name.
        name: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// We are not allowed, or the key is not usable. No retry helps; an operator must act.
    #[error("the vault denied access: {0}")]
    Denied(String),
    /// It did not answer, or not in time.
    #[error("the vault is out of reach")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The largest content of a secret, in bytes (Secrets Manager quotas).
pub const MAX_BODY_BYTES: usize = 65_536;

/// Days for which a deleted secret can be restored (7 to 30, `DeleteSecret`).
pub const RECOVERY_WINDOW_DAYS: u8 = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_secrets_manager_would_refuse_is_none() {
        let longest = "n".repeat(512);
        for text in ["a", "teams-connect/customers/kadry/users/anna@kadry.example/connection", "A_+=.9", &longest] {
            assert_eq!(text.parse::<SecretName>().unwrap().as_str(), text);
        }
        for text in ["", "a b", "a*", "ą", "arn:aws", &"n".repeat(513)] {
            assert!(matches!(text.parse::<SecretName>(), Err(VaultError::Refused(_))), "{text}");
        }
    }

    #[test]
    fn the_vault_is_asked_for_the_very_incarnation_and_version_that_were_read() {
        assert_eq!(Arn("arn:aws:…:a-AbCdEf".to_owned()).as_str(), "arn:aws:…:a-AbCdEf");
        let version = VersionId::random(&Randomness::seeded(1)).unwrap();
        assert_eq!(version.as_str(), version.0);
        assert_eq!(version.as_str().len(), 32, "Secrets Manager takes 32 to 64 characters");
    }

    #[test]
    fn a_successor_is_the_first_half_of_the_hash_of_what_it_replaces() {
        let first = VersionId("00112233445566778899aabbccddeeff".to_owned());
        // printf 'teams-connect/successor/00112233445566778899aabbccddeeff' | sha256sum
        assert_eq!(first.successor().as_str(), "9c11c0f165eacd0d7858a0e243c1ebd1");
        assert_ne!(first.successor(), first.successor().successor());
    }
}
