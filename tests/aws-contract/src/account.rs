//! The account: vaults in its regions, and the calls that the product itself never makes.

use aws_api::{AwsApi, AwsApiError, AwsService};
use serde_json::{Value, json};
use shared::adapters::http_client::aws::AwsSettingsError;
use shared::adapters::http_client::build_client;
use shared::adapters::vault::backend::secrets_manager::SecretsManagerBackend;
use shared::startup::settings::EnvSource;

/// Credentials from the environment, and an HTTP client.
#[derive(Clone)]
pub(crate) struct Account {
    key_id: String,
    secret_key: String,
    session_token: Option<String>,
    endpoint: Option<String>,
    kms_key: Option<String>,
    http: reqwest::Client,
    api: AwsApi,
}

/// Why there is no account to run against.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAccount {
    #[error("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set")]
    Credentials,
    #[error("no HTTP client: {0}")]
    Http(Box<dyn std::error::Error + Send + Sync>),
}

impl Account {
    /// The account of the environment's credentials, as the AWS CLI and every Lambda function name them.
    pub(crate) fn open(strings: &dyn EnvSource) -> Result<Self, NoAccount> {
        let set = |name: &str| strings.get(name).filter(|text| !text.is_empty());
        let (Some(key_id), Some(secret_key)) = (set("AWS_ACCESS_KEY_ID"), set("AWS_SECRET_ACCESS_KEY")) else {
            return Err(NoAccount::Credentials);
        };
        let (session_token, endpoint) = (set("AWS_SESSION_TOKEN"), set("AWS_ENDPOINT_URL"));
        let (kms_key, http) = (set("KMS_KEY_ID"), build_client().map_err(NoAccount::Http)?);
        let api = AwsApi::open(strings, http.clone());
        Ok(Self { key_id, secret_key, session_token, endpoint, kms_key, http, api })
    }

    /// Secrets Manager in a region, opened as the functions open it.
    pub(crate) fn vault(&self, region: &str) -> Result<SecretsManagerBackend, AwsSettingsError> {
        let setting = |name: &str| match name {
            "AWS_REGION" => Some(region.to_owned()),
            "AWS_ACCESS_KEY_ID" => Some(self.key_id.clone()),
            "AWS_SECRET_ACCESS_KEY" => Some(self.secret_key.clone()),
            "AWS_SESSION_TOKEN" => self.session_token.clone(),
            "AWS_ENDPOINT_URL" => self.endpoint.clone(),
            "KMS_KEY_ID" => self.kms_key.clone(),
            _ => None,
        };
        SecretsManagerBackend::open(&setting, self.http.clone())
    }

    /// `DeleteSecret` without a recovery window. A secret that is not there is what was wanted.
    pub(crate) async fn forget(&self, region: &str, name: &str) -> Result<(), AwsApiError> {
        let order = json!({ "SecretId": name, "ForceDeleteWithoutRecovery": true });
        match self.call(region, "DeleteSecret", &order).await {
            Err(AwsApiError::NotFound) => Ok(()),
            answer => answer.map(drop),
        }
    }

    /// `ListSecrets`: at most 100 names that begin with `prefix`, those marked for deletion too.
    pub(crate) async fn names(&self, region: &str, prefix: &str) -> Result<Vec<String>, AwsApiError> {
        let filters = json!([{ "Key": "name", "Values": [prefix] }]);
        let order = json!({ "IncludePlannedDeletion": true, "MaxResults": 100, "Filters": filters });
        let answer = self.call(region, "ListSecrets", &order).await?;
        let secrets = answer["SecretList"].as_array().cloned().unwrap_or_default();
        let names = secrets.iter().filter_map(|secret| secret["Name"].as_str()).map(str::to_owned);
        Ok(names.filter(|name| name.starts_with(prefix)).collect())
    }

    /// The services of a region.
    pub(crate) fn api(&self, region: &str) -> AwsApi {
        self.api.in_region(region)
    }

    /// One call of the [API](https://docs.aws.amazon.com/secretsmanager/latest/apireference/).
    async fn call(&self, region: &str, operation: &str, order: &Value) -> Result<Value, AwsApiError> {
        let target = format!("secretsmanager.{operation}");
        self.api(region).call(AwsService::SecretsManager, &target, order).await
    }
}
