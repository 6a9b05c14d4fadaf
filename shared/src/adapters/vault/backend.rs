//! The places where secrets can lie, and what the two stand-ins remember about a secret.
//!
//! The stand-ins follow the pages of the
//! [API reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/) that each operation names, wherever
//! this product could tell the difference.

#[cfg(feature = "local")]
pub mod local;
pub mod memory;
mod secret_record;
#[cfg(feature = "aws")]
pub mod secrets_manager;

#[cfg(feature = "local")]
use crate::adapters::vault::backend::local::LocalBackend;
use crate::adapters::vault::backend::memory::MemoryBackend;
#[cfg(feature = "aws")]
use crate::adapters::vault::backend::secrets_manager::SecretsManagerBackend;
use crate::adapters::vault::model::{
    Arn, SecretMetadata, SecretName, SecretPage, SecretValue, Tags, VaultError, VersionId, VersionStage,
};
use crate::types::secret::SecretBody;

/// Where the secrets lie. Its clones open the same vault.
#[derive(Clone, Debug)]
pub enum Backend {
    /// In this process, for tests.
    Memory(MemoryBackend),
    /// In a folder, for the deployment on one machine.
    #[cfg(feature = "local")]
    Local(LocalBackend),
    /// In AWS Secrets Manager. Its calls are boxed: a future of the SDK has twenty kilobytes, and every caller would carry
    /// them through all of its own.
    #[cfg(feature = "aws")]
    SecretsManager(SecretsManagerBackend),
}

impl Backend {
    /// Makes a secret with its first version (`CreateSecret`). Asked again with the same version and content, it
    /// answers as it did the first time: the first answer may have been lost.
    ///
    /// # Errors
    /// [`VaultError::Stale`] when the name is taken, [`VaultError::Deleted`] while it can still be restored,
    /// [`VaultError::Refused`] for a body or tags beyond the limits; or the vault does not answer as it should.
    pub async fn create(
        &self,
        name: &SecretName,
        first: &VersionId,
        body: SecretBody,
        tags: &Tags,
    ) -> Result<Arn, VaultError> {
        match self {
            Self::Memory(memory) => memory.create(name, first, body, tags).await,
            #[cfg(feature = "local")]
            Self::Local(local) => local.create(name, first, body, tags).await,
            #[cfg(feature = "aws")]
            Self::SecretsManager(aws) => Box::pin(aws.create(name, first, body, tags)).await,
        }
    }

    /// Replaces the version `base`, which was read from `arn`, by its successor (`PutSecretValue`). The same content
    /// again is a success and changes nothing, even when others have written since.
    ///
    /// Nobody checks that `base` ever was a version, as Secrets Manager would not. It need not be checked: a base
    /// comes from an answer about this ARN, and each version in turn was made as the successor of the one then
    /// current. So every version but the current one has its successor, and a write succeeds exactly when what was
    /// read is still current. Purged are only versions of more than a day, longer than anyone holds an answer.
    ///
    /// # Errors
    /// [`VaultError::Stale`] when `base` was replaced by other content, [`VaultError::Deleted`] and
    /// [`VaultError::NotFound`] when that incarnation is marked or gone, [`VaultError::Refused`] for a body beyond
    /// the limit; or the vault does not answer as it should.
    pub async fn put(&self, arn: &Arn, base: &VersionId, body: SecretBody) -> Result<VersionId, VaultError> {
        match self {
            Self::Memory(memory) => memory.put(arn, base, body).await,
            #[cfg(feature = "local")]
            Self::Local(local) => local.put(arn, base, body).await,
            #[cfg(feature = "aws")]
            Self::SecretsManager(aws) => Box::pin(aws.put(arn, base, body)).await,
        }
    }

    /// Reads one version (`GetSecretValue`).
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Deleted`], [`VaultError::Corrupt`]; or the vault does not answer as it
    /// should.
    pub async fn read(&self, name: &SecretName, stage: VersionStage) -> Result<SecretValue, VaultError> {
        match self {
            Self::Memory(memory) => memory.read(name, stage).await,
            #[cfg(feature = "local")]
            Self::Local(local) => local.read(name, stage).await,
            #[cfg(feature = "aws")]
            Self::SecretsManager(aws) => Box::pin(aws.read(name, stage)).await,
        }
    }

    /// Describes a secret, also one that is marked for deletion (`DescribeSecret`).
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; or the vault does not answer as it should.
    pub async fn describe(&self, name: &SecretName) -> Result<SecretMetadata, VaultError> {
        match self {
            Self::Memory(memory) => memory.describe(name).await,
            #[cfg(feature = "local")]
            Self::Local(local) => local.describe(name).await,
            #[cfg(feature = "aws")]
            Self::SecretsManager(aws) => Box::pin(aws.describe(name)).await,
        }
    }

    /// Sets these tags and leaves the others as they are (`TagResource`).
    ///
    /// # Errors
    /// [`VaultError::Refused`] for tags beyond the limits, [`VaultError::NotFound`], [`VaultError::Deleted`]; or the
    /// vault does not answer as it should.
    pub async fn tag(&self, arn: &Arn, tags: &Tags) -> Result<(), VaultError> {
        match self {
            Self::Memory(memory) => memory.tag(arn, tags).await,
            #[cfg(feature = "local")]
            Self::Local(local) => local.tag(arn, tags).await,
            #[cfg(feature = "aws")]
            Self::SecretsManager(aws) => Box::pin(aws.tag(arn, tags)).await,
        }
    }

    /// Marks a secret for deletion (`DeleteSecret`) in
    /// [`RECOVERY_WINDOW_DAYS`](crate::adapters::vault::model::RECOVERY_WINDOW_DAYS). Again: a success, and the day stays.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; or the vault does not answer as it should.
    pub async fn delete(&self, arn: &Arn) -> Result<(), VaultError> {
        match self {
            Self::Memory(memory) => memory.delete(arn).await,
            #[cfg(feature = "local")]
            Self::Local(local) => local.delete(arn).await,
            #[cfg(feature = "aws")]
            Self::SecretsManager(aws) => Box::pin(aws.delete(arn)).await,
        }
    }

    /// Takes the mark off again; every version is back (`RestoreSecret`). One that bears no mark stays as it is.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; or the vault does not answer as it should.
    pub async fn restore(&self, name: &SecretName) -> Result<(), VaultError> {
        match self {
            Self::Memory(memory) => memory.restore(name).await,
            #[cfg(feature = "local")]
            Self::Local(local) => local.restore(name).await,
            #[cfg(feature = "aws")]
            Self::SecretsManager(aws) => Box::pin(aws.restore(name)).await,
        }
    }

    /// Describes at most `limit` (1 to 100) secrets whose names begin with `prefix`, by name, from where `page` says
    /// (`ListSecrets`). With a tag, those only that bear it.
    ///
    /// # Errors
    /// [`VaultError::Refused`] when `page` is not from an earlier answer; or the vault does not answer as it should.
    pub async fn list(
        &self,
        prefix: &str,
        tag: Option<(&str, &str)>,
        page: Option<&str>,
        limit: usize,
    ) -> Result<SecretPage, VaultError> {
        match self {
            Self::Memory(memory) => memory.list(prefix, tag, page, limit).await,
            #[cfg(feature = "local")]
            Self::Local(local) => local.list(prefix, tag, page, limit).await,
            #[cfg(feature = "aws")]
            Self::SecretsManager(aws) => Box::pin(aws.list(prefix, tag, page, limit)).await,
        }
    }
}
