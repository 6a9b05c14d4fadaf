//! The configuration of the AWS SDK, built by hand: its own loader looks for profiles, instance roles and containers before
//! it gets to what every Lambda function has in its
//! [environment](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).

use std::fmt;
use std::time::Duration;

use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::config::{
    BehaviorVersion, Credentials, IdentityCache, Region, SharedCredentialsProvider, StalledStreamProtectionConfig,
};
use aws_types::SdkConfig;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;
use url::{Host, Url};

use crate::adapters::http_client::aws_connector::ReqwestConnector;

/// One attempt, from the first byte out to the last byte in. Answers take some tens of milliseconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(1500);

/// One operation with its retries. Several of them fit into the 25 seconds of an answer.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(4);

/// The first try and two more.
const ATTEMPTS: u32 = 3;

/// The SDK waits a random part of this before the second attempt, of twice this before the third. Its default of a
/// second would not fit into [`OPERATION_TIMEOUT`].
const INITIAL_BACKOFF: Duration = Duration::from_millis(200);

/// Every setting that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsSettingsError(Vec<String>);

impl fmt::Display for AwsSettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for AwsSettingsError {}

/// The configuration that the clients of all AWS services begin with.
pub(in crate::adapters) fn build_config(
    setting: &dyn Fn(&str) -> Option<String>,
    http: reqwest::Client,
) -> Result<SdkConfig, AwsSettingsError> {
    let set = |name: &str| setting(name).filter(|text| !text.is_empty());
    let mut faults = Vec::new();
    let mut needed = |name: &str| {
        let text = set(name);
        if text.is_none() {
            faults.push(format!("{name} is not set"));
        }
        text.unwrap_or_default()
    };
    let (region, id, key) = (needed("AWS_REGION"), needed("AWS_ACCESS_KEY_ID"), needed("AWS_SECRET_ACCESS_KEY"));
    let endpoint = set("AWS_ENDPOINT_URL");
    if endpoint.as_deref().is_some_and(|endpoint| !is_https_or_loopback(endpoint)) {
        faults.push("AWS_ENDPOINT_URL: must be https (http only for a loopback host)".to_owned());
    }
    if !faults.is_empty() {
        return Err(AwsSettingsError(faults));
    }
    let credentials = Credentials::new(id, key, set("AWS_SESSION_TOKEN"), None, "environment");
    let times =
        TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT_TIMEOUT).operation_timeout(OPERATION_TIMEOUT);
    let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(INITIAL_BACKOFF);
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        // They do not change while the process lives: nothing to keep in mind, nothing to refresh.
        .identity_cache(IdentityCache::no_cache())
        .http_client(ReqwestConnector(http))
        .timeout_config(times.build())
        .retry_config(retries)
        // Every attempt has a deadline, and a stalled one is over with it.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    config.set_endpoint_url(endpoint);
    Ok(config.build())
}

/// The SDK logs whole requests at its lowest level, contents of secrets included, whatever `RUST_LOG` is set to.
pub(in crate::adapters) async fn without_sdk_logs<F: Future>(call: F) -> F::Output {
    call.with_subscriber(NoSubscriber::new()).await
}

/// Secrets cross no wire in the clear but the one inside this machine.
fn is_https_or_loopback(endpoint: &str) -> bool {
    let Ok(url) = Url::parse(endpoint) else { return false };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || url.scheme() == "http" && loopback
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(pairs: &[(&str, &str)]) -> String {
        let setting = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let http = crate::adapters::http_client::build_client().unwrap();
        build_config(&setting, http).map_or_else(|faults| faults.to_string(), |_| String::new())
    }

    #[test]
    fn what_lambda_sets_suffices_and_all_faults_are_told_at_once() {
        let set = [("AWS_REGION", "eu-central-1"), ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")];
        assert_eq!(faults(&set), "");
        assert_eq!(
            faults(&[("AWS_ACCESS_KEY_ID", ""), ("AWS_ENDPOINT_URL", "http://moto.example")]),
            "AWS_REGION is not set; AWS_ACCESS_KEY_ID is not set; AWS_SECRET_ACCESS_KEY is not set; \
             AWS_ENDPOINT_URL: must be https (http only for a loopback host)"
        );
    }

    #[test]
    fn secrets_leave_in_the_clear_only_for_this_machine() {
        for safe in ["https://vpce-1.example", "http://127.0.0.1:5000", "http://[::1]:5000", "http://localhost:1"] {
            assert!(is_https_or_loopback(safe), "{safe}");
        }
        for unsafe_one in ["http://10.0.0.1", "http://localhost.example", "ftp://127.0.0.1", "127.0.0.1:5000", ""] {
            assert!(!is_https_or_loopback(unsafe_one), "{unsafe_one}");
        }
    }
}
