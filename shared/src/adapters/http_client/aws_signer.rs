//! Requests to APIs of AWS of which no SDK crate is linked, signed with the environment's credentials
//! ([Signature Version 4](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html)).

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningError, SigningSettings, sign};
use aws_sigv4::sign::v4;

use crate::types::clock::Timestamp;

/// Signs for one region.
#[derive(Clone)]
pub struct AwsSigner {
    credentials: Credentials,
    region: String,
}

/// Why a request could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum AwsSigningError {
    #[error("the request could not be signed: {0}")]
    Signing(#[from] SigningError),
    #[error("the request could not be signed: {0}")]
    Parameters(#[from] v4::signing_params::BuildError),
    #[error("not a request: {0}")]
    Request(#[from] reqwest::Error),
}

impl fmt::Debug for AwsSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AwsSigner({})", self.region)
    }
}

impl AwsSigner {
    /// With the settings of the vault, which tells of those that are missing.
    #[must_use]
    pub fn from_settings(setting: &dyn Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| setting(name).filter(|text| !text.is_empty());
        let needed = |name: &str| set(name).unwrap_or_default();
        let (id, key) = (needed("AWS_ACCESS_KEY_ID"), needed("AWS_SECRET_ACCESS_KEY"));
        let credentials = Credentials::new(id, key, set("AWS_SESSION_TOKEN"), None, "environment");
        Self { credentials, region: needed("AWS_REGION") }
    }

    /// The same in another region.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        Self { region: region.to_owned(), ..self.clone() }
    }

    /// The address of a service, by what its host name begins with.
    #[must_use]
    pub fn address(&self, service: &str) -> String {
        let suffix = if self.region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        format!("https://{service}.{}.{suffix}", self.region)
    }

    /// Signs a request to a service.
    ///
    /// # Errors
    /// [`AwsSigningError`].
    pub fn sign(
        &self,
        service: &str,
        mut request: http::Request<Vec<u8>>,
        now: Timestamp,
    ) -> Result<reqwest::Request, AwsSigningError> {
        let identity = self.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(service)
            .time(UNIX_EPOCH + Duration::from_millis(now.as_millisecond().unsigned_abs()))
            .settings(SigningSettings::default())
            .build()?
            .into();
        let (method, url) = (request.method().to_string(), request.uri().to_string());
        let headers = request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let signable = SignableRequest::new(&method, &url, headers, SignableBody::Bytes(request.body()))?;
        let (instructions, _) = sign(signable, &parameters)?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        Ok(request.try_into()?)
    }
}
