//! The APIs of AWS beside what the vault asks: what stands in an account. Requests are signed and go through the one HTTP client;
//! the SDK's crates of six services would multiply what is built for a few questions.

use std::time::Duration;

use serde_json::Value;
use shared::adapters::http_client::aws_signer::{AwsSigner, AwsSigningError};
use shared::startup::settings::EnvSource;
use shared::types::clock::Clock;

/// A service, by what its host name begins with. The name in a signature is the same.
#[derive(Debug, Clone, Copy)]
pub enum AwsService {
    ApiGateway,
    CloudFormation,
    CloudWatch,
    Kms,
    Lambda,
    Scheduler,
    SecretsManager,
    Sqs,
}

impl AwsService {
    fn name(self) -> &'static str {
        match self {
            Self::ApiGateway => "apigateway",
            Self::CloudFormation => "cloudformation",
            Self::CloudWatch => "monitoring",
            Self::Kms => "kms",
            Self::Lambda => "lambda",
            Self::Scheduler => "scheduler",
            Self::SecretsManager => "secretsmanager",
            Self::Sqs => "sqs",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Kms | Self::SecretsManager => "application/x-amz-json-1.1",
            _ => "application/x-amz-json-1.0",
        }
    }
}

/// Why AWS did not tell.
#[derive(Debug, thiserror::Error)]
pub enum AwsApiError {
    #[error(transparent)]
    Signing(#[from] AwsSigningError),
    #[error("not a request: {0}")]
    Request(#[from] http::Error),
    #[error("no answer: {0}")]
    Http(reqwest::Error),
    #[error("the answer cannot be read")]
    Unreadable,
    /// What is asked for is not there.
    #[error("there is none")]
    NotFound,
    /// The status, and the code and the message of AWS.
    #[error("{0} {1}")]
    Refused(u16, String),
}

impl From<reqwest::Error> for AwsApiError {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error.without_url())
    }
}

/// The codes of services that do not answer 404 for what is not there.
const NOT_FOUND: [&str; 3] = ["QueueDoesNotExist", "NonExistentQueue", "ResourceNotFoundException"];

/// Nobody waits behind an operator: an answer may take far longer than a request of the functions may.
const PATIENCE: Duration = Duration::from_mins(1);

/// AWS in one region, with the environment's credentials.
#[derive(Debug, Clone)]
pub struct AwsApi {
    http: reqwest::Client,
    signer: AwsSigner,
    endpoint: Option<String>,
}

impl AwsApi {
    /// With the same settings as the vault, which tells of those that are missing.
    #[must_use]
    pub fn open(environment: &dyn EnvSource, http: reqwest::Client) -> Self {
        let get = |name: &str| environment.get(name);
        let endpoint = get("AWS_ENDPOINT_URL").filter(|text| !text.is_empty());
        Self { http, signer: AwsSigner::from_settings(&get), endpoint }
    }

    /// The same in another region.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        Self { signer: self.signer.in_region(region), ..self.clone() }
    }

    /// A resource of a REST API. `path` is encoded.
    ///
    /// # Errors
    /// [`AwsApiError`].
    pub async fn get(&self, service: AwsService, path: &str) -> Result<Value, AwsApiError> {
        let request = http::Request::get(self.url(service, path)).body(Vec::new())?;
        to_json(&self.send(service, request).await?)
    }

    /// Changes a resource of a REST API.
    ///
    /// # Errors
    /// [`AwsApiError`].
    pub async fn put(&self, service: AwsService, path: &str, order: &Value) -> Result<Value, AwsApiError> {
        let request = http::Request::put(self.url(service, path))
            .header("content-type", "application/json")
            .body(order.to_string().into_bytes())?;
        to_json(&self.send(service, request).await?)
    }

    /// An operation of an API that takes JSON, such as `AmazonSQS.GetQueueAttributes`.
    ///
    /// # Errors
    /// [`AwsApiError`].
    pub async fn call(&self, service: AwsService, target: &str, order: &Value) -> Result<Value, AwsApiError> {
        let request = http::Request::post(self.url(service, "/"))
            .header("content-type", service.content_type())
            .header("x-amz-target", target)
            .body(order.to_string().into_bytes())?;
        to_json(&self.send(service, request).await?)
    }

    /// An operation of an API that takes a form and answers XML.
    ///
    /// # Errors
    /// [`AwsApiError`].
    pub async fn query(&self, service: AwsService, form: &[(&str, &str)]) -> Result<String, AwsApiError> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = http::Request::post(self.url(service, "/"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.into_bytes())?;
        self.send(service, request).await
    }

    fn url(&self, service: AwsService, path: &str) -> String {
        let address = self.endpoint.clone().unwrap_or_else(|| self.signer.address(service.name()));
        format!("{}{path}", address.trim_end_matches('/'))
    }

    async fn send(&self, service: AwsService, request: http::Request<Vec<u8>>) -> Result<String, AwsApiError> {
        let mut request = self.signer.sign(service.name(), request, Clock::system().now())?;
        *request.timeout_mut() = Some(PATIENCE);
        let answer = self.http.execute(request).await?;
        let status = answer.status();
        let text = answer.text().await?;
        if status.is_success() {
            return Ok(text);
        }
        let (code, message) = error_in(&text);
        if status == http::StatusCode::NOT_FOUND || NOT_FOUND.iter().any(|known| code.ends_with(known)) {
            Err(AwsApiError::NotFound)
        } else {
            Err(AwsApiError::Refused(status.as_u16(), format!("{code}: {message}")))
        }
    }
}

fn to_json(text: &str) -> Result<Value, AwsApiError> {
    serde_json::from_str(text).map_err(|_| AwsApiError::Unreadable)
}

/// The code and the message of an error, in JSON or in XML.
fn error_in(text: &str) -> (String, String) {
    if let Ok(error) = serde_json::from_str::<Value>(text) {
        let member =
            |names: &[&str]| names.iter().find_map(|name| error[*name].as_str()).unwrap_or_default().to_owned();
        return (member(&["__type", "Code"]), member(&["message", "Message"]));
    }
    let document = roxmltree::Document::parse(text);
    let element = |name: &str| {
        let nodes = document.as_ref().ok()?.descendants();
        nodes.filter(|node| node.tag_name().name() == name).find_map(|node| node.text()).map(str::to_owned)
    };
    (element("Code").unwrap_or_default(), element("Message").unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_says_is_told_in_json_and_in_xml() {
        let pair = |code: &str, message: &str| (code.to_owned(), message.to_owned());
        assert_eq!(error_in(r#"{"__type":"AccessDenied","Message":"no"}"#), pair("AccessDenied", "no"));
        let xml =
            r#"<ErrorResponse xmlns="http://x/"><Error><Code>A</Code><Message>b</Message></Error></ErrorResponse>"#;
        assert_eq!(error_in(xml), pair("A", "b"));
        for nothing in ["", "<", "null", "[]"] {
            assert_eq!(error_in(nothing), pair("", ""), "{nothing}");
        }
    }

    #[test]
    fn requests_go_to_the_region_or_to_the_endpoint_that_is_set() {
        let url = |set: [(&str, &str); 1], service, path| {
            let find = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            AwsApi::open(&find, shared::adapters::http_client::build_client().unwrap()).url(service, path)
        };
        let frankfurt = [("AWS_REGION", "eu-central-1")];
        assert_eq!(url(frankfurt, AwsService::CloudWatch, "/"), "https://monitoring.eu-central-1.amazonaws.com/");
        let here = [("AWS_ENDPOINT_URL", "http://127.0.0.1:5000/")];
        assert_eq!(url(here, AwsService::Lambda, "/x"), "http://127.0.0.1:5000/x");
    }
}
