//! The vault on AWS: each operation is one call of
//! [Secrets Manager's API](https://docs.aws.amazon.com/secretsmanager/latest/apireference/).
//!
//! Attempts and whole operations have deadlines, and the SDK's retries are the only ones. Every reply that names a
//! secret is compared with what was asked: Secrets Manager completes a partial ARN, and another secret's content is
//! worse than none. Types of the SDK do not leave this file.

use std::fmt;

use aws_sdk_secretsmanager::types::{Filter, FilterNameStringType, SortByType, SortOrderType, Tag};
use aws_sdk_secretsmanager::{Client, config};

use crate::adapters::http_client::aws::{self, AwsSettingsError, without_sdk_logs};
use crate::adapters::vault::backend::secret_record;
use crate::adapters::vault::model::{
    Arn, RECOVERY_WINDOW_DAYS, SecretMetadata, SecretName, SecretPage, SecretValue, Tags, VaultError, VersionId,
    VersionStage,
};
use crate::types::secret::{Secret, SecretBody};

mod error;
mod page_token;
mod response;
#[cfg(test)]
mod tests;

use error::{RetryByErrorCode, map_sdk_error};
use response::{SecretDescription, corrupt, name_in, verified_arn};

/// Secrets Manager in one region of one account. Its clones share the connections.
#[derive(Clone)]
pub struct SecretsManagerBackend {
    client: Client,
    /// The key that new secrets are encrypted with; without one it is the account's `aws/secretsmanager`.
    kms_key: Option<String>,
}

impl fmt::Debug for SecretsManagerBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let region = self.client.config().region().map_or("", AsRef::as_ref);
        write!(f, "SecretsManager({region})")
    }
}

impl SecretsManagerBackend {
    /// Secrets Manager as the settings say, through the one HTTP client: `AWS_REGION`, `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_ENDPOINT_URL`, `KMS_KEY_ID`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`AwsSettingsError`] names every setting that is missing or wrong.
    pub fn open(setting: &dyn Fn(&str) -> Option<String>, http: reqwest::Client) -> Result<Self, AwsSettingsError> {
        let config = config::Builder::from(&aws::build_config(setting, http)?).retry_classifier(RetryByErrorCode);
        let kms_key = setting("KMS_KEY_ID").filter(|key| !key.is_empty());
        Ok(Self { client: Client::from_conf(config.build()), kms_key })
    }

    /// `CreateSecret`.
    ///
    /// # Errors
    /// As `Backend::create`.
    pub async fn create(
        &self,
        name: &SecretName,
        first: &VersionId,
        body: SecretBody,
        tags: &Tags,
    ) -> Result<Arn, VaultError> {
        secret_record::validate_body(&body)?;
        secret_record::validate_tags(tags)?;
        let call = self
            .client
            .create_secret()
            .name(name.as_str())
            .client_request_token(first.as_str())
            .secret_string(body.expose())
            .set_kms_key_id(self.kms_key.clone())
            .set_tags(Some(to_sdk_tags(tags)));
        let reply = without_sdk_logs(call.send()).await.map_err(|error| map_sdk_error("CreateSecret", error))?;
        verified_arn(name.as_str(), reply.name(), reply.arn())
    }

    /// `PutSecretValue`.
    ///
    /// # Errors
    /// As `Backend::put`.
    pub async fn put(&self, arn: &Arn, base: &VersionId, body: SecretBody) -> Result<VersionId, VaultError> {
        secret_record::validate_body(&body)?;
        let (name, version) = (name_in(arn)?, base.successor());
        let call = self
            .client
            .put_secret_value()
            .secret_id(arn.as_str())
            .client_request_token(version.as_str())
            .secret_string(body.expose());
        let reply = without_sdk_logs(call.send()).await.map_err(|error| map_sdk_error("PutSecretValue", error))?;
        ensure_same_arn(arn, &verified_arn(name, reply.name(), reply.arn())?)?;
        if reply.version_id() != Some(version.as_str()) {
            return Err(corrupt(name, "another version was written"));
        }
        Ok(version)
    }

    /// `GetSecretValue`.
    ///
    /// # Errors
    /// As `Backend::read`.
    pub async fn read(&self, name: &SecretName, stage: VersionStage) -> Result<SecretValue, VaultError> {
        let call = self.client.get_secret_value().secret_id(name.as_str()).version_stage(stage_label(stage));
        let reply = without_sdk_logs(call.send()).await.map_err(|error| map_sdk_error("GetSecretValue", error))?;
        let name = name.as_str();
        let arn = verified_arn(name, reply.name(), reply.arn())?;
        let version = reply.version_id().ok_or_else(|| corrupt(name, "it has no version"))?;
        let version = VersionId(version.to_owned());
        let body = reply.secret_string.ok_or_else(|| corrupt(name, "it has no text"))?;
        Ok(SecretValue { arn, version, body: body.into() })
    }

    /// `DescribeSecret`.
    ///
    /// # Errors
    /// As `Backend::describe`.
    pub async fn describe(&self, name: &SecretName) -> Result<SecretMetadata, VaultError> {
        let reply = self.describe_by_id(name.as_str()).await?;
        let arn = verified_arn(name.as_str(), reply.name(), reply.arn())?;
        SecretDescription {
            tags: reply.tags(),
            stages: reply.version_ids_to_stages(),
            created: reply.created_date(),
            changed: reply.last_changed_date(),
            deleted: reply.deleted_date(),
        }
        .into_metadata(name.clone(), arn)
    }

    /// `TagResource`. Its reply names nothing; but what a whole ARN names is one incarnation of one secret.
    ///
    /// # Errors
    /// As `Backend::tag`.
    pub async fn tag(&self, arn: &Arn, tags: &Tags) -> Result<(), VaultError> {
        secret_record::validate_tags(tags)?;
        name_in(arn)?;
        let call = self.client.tag_resource().secret_id(arn.as_str()).set_tags(Some(to_sdk_tags(tags)));
        without_sdk_logs(call.send()).await.map_err(|error| map_sdk_error("TagResource", error))?;
        Ok(())
    }

    /// `DeleteSecret`. It is refused for a secret that is marked already, so the day stays.
    ///
    /// # Errors
    /// As `Backend::delete`.
    pub async fn delete(&self, arn: &Arn) -> Result<(), VaultError> {
        let name = name_in(arn)?;
        let days = i64::from(RECOVERY_WINDOW_DAYS);
        let call = self.client.delete_secret().secret_id(arn.as_str()).recovery_window_in_days(days);
        match without_sdk_logs(call.send()).await.map_err(|error| map_sdk_error("DeleteSecret", error)) {
            Ok(reply) => ensure_same_arn(arn, &verified_arn(name, reply.name(), reply.arn())?),
            Err(VaultError::Deleted) => {
                let reply = self.describe_by_id(arn.as_str()).await?;
                ensure_same_arn(arn, &verified_arn(name, reply.name(), reply.arn())?)?;
                reply.deleted_date().map(|_| ()).ok_or(VaultError::Deleted)
            }
            Err(error) => Err(error),
        }
    }

    /// `RestoreSecret`.
    ///
    /// # Errors
    /// As `Backend::restore`.
    pub async fn restore(&self, name: &SecretName) -> Result<(), VaultError> {
        let call = self.client.restore_secret().secret_id(name.as_str());
        match without_sdk_logs(call.send()).await.map_err(|error| map_sdk_error("RestoreSecret", error)) {
            Ok(reply) => verified_arn(name.as_str(), reply.name(), reply.arn()).map(drop),
            // The page of the operation does not say whether a secret without the mark is refused.
            Err(VaultError::Deleted) if self.describe(name).await?.deleted_at.is_none() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// `ListSecrets`, which may lag behind by five minutes. A secret of which too little is told, as one without a
    /// current version, is left out and logged: it must not hide the others.
    ///
    /// # Errors
    /// As `Backend::list`.
    pub async fn list(
        &self,
        prefix: &str,
        tag: Option<(&str, &str)>,
        page: Option<&str>,
        limit: usize,
    ) -> Result<SecretPage, VaultError> {
        let token = page.map(|page| page_token::decode(prefix, page)).transpose()?;
        let by_name = Filter::builder().key(FilterNameStringType::Name).values(prefix).build();
        // A filter of keys and one of values need not meet in one tag, and values are matched by how they begin; so what
        // comes back is looked at once more.
        let by_value =
            tag.map(|(_, value)| Filter::builder().key(FilterNameStringType::TagValue).values(value).build());
        let filters: Vec<_> = (!prefix.is_empty()).then_some(by_name).into_iter().chain(by_value).collect();
        let call = self
            .client
            .list_secrets()
            .include_planned_deletion(false)
            .sort_by(SortByType::Name)
            .sort_order(SortOrderType::Asc)
            .max_results(i32::try_from(limit.clamp(1, 100)).unwrap_or(100))
            .set_filters((!filters.is_empty()).then_some(filters))
            .set_next_token(token);
        let reply = without_sdk_logs(call.send()).await.map_err(|error| map_sdk_error("ListSecrets", error))?;
        let mut secrets = Vec::new();
        for entry in reply.secret_list() {
            let name = entry.name().unwrap_or_default();
            if !name.starts_with(prefix) {
                return Err(corrupt(name, "it was not asked for"));
            }
            let told = SecretDescription {
                tags: entry.tags(),
                stages: entry.secret_versions_to_stages(),
                created: entry.created_date(),
                changed: entry.last_changed_date(),
                deleted: entry.deleted_date(),
            };
            let described =
                verified_arn(name, entry.name(), entry.arn()).and_then(|arn| told.into_metadata(name.parse()?, arn));
            match described {
                Ok(described) => secrets.push(described),
                Err(error) => tracing::error!(error = %error, "a secret was left out of a list"),
            }
        }
        secrets.retain(|secret| {
            let bears = tag.is_none_or(|(key, value)| secret.tags.get(key).is_some_and(|borne| borne == value));
            secret.deleted_at.is_none() && bears
        });
        Ok(SecretPage { secrets, next: reply.next_token().and_then(|token| page_token::encode(prefix, token)) })
    }

    async fn describe_by_id(
        &self,
        id: &str,
    ) -> Result<aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput, VaultError> {
        let call = self.client.describe_secret().secret_id(id);
        without_sdk_logs(call.send()).await.map_err(|error| map_sdk_error("DescribeSecret", error))
    }
}

fn ensure_same_arn(asked: &Arn, told: &Arn) -> Result<(), VaultError> {
    if asked == told { Ok(()) } else { Err(corrupt(name_in(asked)?, "the reply names another ARN")) }
}

fn stage_label(stage: VersionStage) -> &'static str {
    match stage {
        VersionStage::Current => "AWSCURRENT",
        VersionStage::Previous => "AWSPREVIOUS",
    }
}

fn to_sdk_tags(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}
