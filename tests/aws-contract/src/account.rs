//! The account: vaults in its regions, and the two calls that the product itself never makes.

use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningError, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::{Value, json};
use shared::adapters::http_client::build_client;
use shared::adapters::vault::backend::secrets_manager::{AwsSettingsError, SecretsManagerBackend};
use shared::startup::settings::EnvSource;
use shared::types::clock::Clock;

/// Credentials from the environment, and an HTTP client.
#[derive(Clone)]
pub(crate) struct Account {
    key_id: String,
    secret_key: String,
    session_token: Option<String>,
    endpoint: Option<String>,
    kms_key: Option<String>,
    http: reqwest::Client,
}

/// Why there is no account to run against.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAccount {
    #[error("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set")]
    Credentials,
    #[error("no HTTP client: {0}")]
    Http(Box<dyn std::error::Error + Send + Sync>),
}

/// Why a call of ours failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("it could not be signed: {0}")]
    Signing(#[from] SigningError),
    #[error("it could not be built: {0}")]
    Parameters(#[from] v4::signing_params::BuildError),
    #[error("no answer: {0}")]
    Http(#[from] reqwest::Error),
    #[error("not a request: {0}")]
    Request(#[from] http::Error),
    /// The error code of the answer.
    #[error("{0}")]
    Refused(String),
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
        Ok(Self { key_id, secret_key, session_token, endpoint, kms_key, http })
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
    pub(crate) async fn forget(&self, region: &str, name: &str) -> Result<(), CallError> {
        let order = json!({ "SecretId": name, "ForceDeleteWithoutRecovery": true });
        match self.call(region, "DeleteSecret", &order).await {
            Err(CallError::Refused(code)) if code.ends_with("ResourceNotFoundException") => Ok(()),
            answer => answer.map(drop),
        }
    }

    /// `ListSecrets`: at most 100 names that begin with `prefix`, those marked for deletion too.
    pub(crate) async fn names(&self, region: &str, prefix: &str) -> Result<Vec<String>, CallError> {
        let filters = json!([{ "Key": "name", "Values": [prefix] }]);
        let order = json!({ "IncludePlannedDeletion": true, "MaxResults": 100, "Filters": filters });
        let answer = self.call(region, "ListSecrets", &order).await?;
        let secrets = answer["SecretList"].as_array().cloned().unwrap_or_default();
        let names = secrets.iter().filter_map(|secret| secret["Name"].as_str()).map(str::to_owned);
        Ok(names.filter(|name| name.starts_with(prefix)).collect())
    }

    /// One signed call of the [API](https://docs.aws.amazon.com/secretsmanager/latest/apireference/).
    async fn call(&self, region: &str, operation: &str, order: &Value) -> Result<Value, CallError> {
        let body = order.to_string().into_bytes();
        let endpoint = self.endpoint.clone();
        let url = endpoint.unwrap_or_else(|| format!("https://secretsmanager.{region}.amazonaws.com/"));
        let mut request = http::Request::post(&url)
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("secretsmanager.{operation}"))
            .body(body)?;
        let credentials = Credentials::new(&self.key_id, &self.secret_key, self.session_token.clone(), None, "env");
        let identity = credentials.into();
        let since_epoch = Clock::system().now().as_millisecond();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name("secretsmanager")
            .time(UNIX_EPOCH + Duration::from_millis(since_epoch.unsigned_abs()))
            .settings(SigningSettings::default())
            .build()?
            .into();
        let headers = request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let signable = SignableRequest::new("POST", &url, headers, SignableBody::Bytes(request.body()))?;
        let (instructions, _) = sign(signable, &parameters)?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        let answer = self.http.execute(request.try_into()?).await?;
        let good = answer.status().is_success();
        let told: Value = answer.json().await?;
        if good { Ok(told) } else { Err(CallError::Refused(told["__type"].as_str().unwrap_or("unknown").to_owned())) }
    }
}
