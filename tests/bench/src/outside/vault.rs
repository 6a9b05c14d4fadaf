//! Secrets Manager: what a request path asks of it.

use std::collections::BTreeMap;

use hyper::StatusCode;
use serde_json::{Value, json};

use super::RequestCounts;

/// A secret, of which there is one version.
#[derive(Debug, Clone)]
pub(crate) struct Secret {
    /// Its name.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) body: String,
    /// What is not secret.
    pub(crate) tags: BTreeMap<String, String>,
}

/// As long as those of the SDK.
const VERSION: &str = "4f1c9d0a2b3e4c5d8e7f6a1b0c9d8e7f";

impl Secret {
    fn arn(&self) -> String {
        format!("arn:aws:secretsmanager:eu-central-1:123456789012:secret:{}-aB3dE6", self.name)
    }
}

/// Every write is taken, and nothing of it is kept: each start finds the same.
pub(super) fn answer(asked: &RequestCounts, secrets: &[Secret]) -> (StatusCode, Value) {
    let refused = |kind: &str| (StatusCode::BAD_REQUEST, json!({ "__type": kind }));
    if !asked.authorization.starts_with("AWS4-HMAC-SHA256 ") {
        return refused("MissingAuthenticationTokenException");
    }
    let Ok(body) = serde_json::from_slice::<Value>(&asked.body) else { return refused("ValidationException") };
    let id = body["SecretId"].as_str().unwrap_or_default();
    let Some(secret) = secrets.iter().find(|secret| secret.name == id || secret.arn() == id) else {
        return refused("ResourceNotFoundException");
    };
    let mut told = json!({ "ARN": secret.arn(), "Name": secret.name });
    match asked.target.strip_prefix("secretsmanager.").unwrap_or_default() {
        "GetSecretValue" if body["VersionStage"].as_str().is_none_or(|stage| stage == "AWSCURRENT") => {
            told["VersionId"] = VERSION.into();
            told["VersionStages"] = json!(["AWSCURRENT"]);
            told["SecretString"] = secret.body.as_str().into();
            told["CreatedDate"] = json!(1_790_000_000.5);
        }
        "DescribeSecret" => {
            told["VersionIdsToStages"] = json!({ VERSION: ["AWSCURRENT"] });
            told["CreatedDate"] = json!(1_790_000_000.5);
            let tags = secret.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
            told["Tags"] = tags.collect();
        }
        "PutSecretValue" if body["SecretString"].is_string() => {
            told["VersionId"] = body["ClientRequestToken"].clone();
            told["VersionStages"] = json!(["AWSCURRENT"]);
        }
        "TagResource" => told = json!({}),
        _ => return refused("ResourceNotFoundException"),
    }
    (StatusCode::OK, told)
}
