//! The function that probes for another one: Lambda's `Invoke`
//! ([API](https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html)).

use std::fmt;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::adapters::http_client::aws_signer::AwsSigner;
use crate::domain::entra_app::{CredentialProbe, FederatedApp, ProbeError, ProbeFederatedApps, ProbeOutcome};
use crate::types::clock::Clock;

/// The time for an answer: Entra's 8 seconds, and a start of the function.
const INVOCATION_TIMEOUT: Duration = Duration::from_secs(12);

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// The event that asks for a probe.
#[derive(Debug, Serialize, Deserialize)]
pub struct ProbeEvent {
    /// The app. No other event has this member.
    pub probe_federated_app: FederatedApp,
}

/// Asks a function of Lambda. Clones share the connections.
#[derive(Clone)]
pub struct ProbeFunction {
    http: reqwest::Client,
    signer: AwsSigner,
    /// Where it is invoked.
    url: String,
    clock: Clock,
}

impl fmt::Debug for ProbeFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProbeFunction({})", self.url)
    }
}

impl ProbeFunction {
    /// The function that `PROBE_FUNCTION` names, as `{name}:{alias}`, if it is set, with the settings of the other clients of
    /// AWS. Nothing is sent yet.
    #[must_use]
    pub fn open(setting: &dyn Fn(&str) -> Option<String>, http: reqwest::Client, clock: Clock) -> Option<Self> {
        let set = |name: &str| setting(name).filter(|text| !text.is_empty());
        let function = set("PROBE_FUNCTION")?;
        let signer = AwsSigner::from_settings(setting);
        let host = set("AWS_ENDPOINT_URL_LAMBDA").or_else(|| set("AWS_ENDPOINT_URL"));
        let host = host.unwrap_or_else(|| signer.address("lambda"));
        let (name, alias) = function.split_once(':').unwrap_or((&function, "$LATEST"));
        let host = host.trim_end_matches('/');
        let url = format!("{host}/2015-03-31/functions/{name}/invocations?Qualifier={alias}");
        Some(Self { http, signer, url, clock })
    }

    async fn invoke(&self, app: FederatedApp) -> Result<ProbeOutcome, AnyError> {
        let body = serde_json::to_vec(&ProbeEvent { probe_federated_app: app })?;
        let request = http::Request::post(&self.url).header("content-type", "application/json").body(body)?;
        let mut request = self.signer.sign("lambda", request, self.clock.now())?;
        *request.timeout_mut() = Some(INVOCATION_TIMEOUT);
        let answer = self.http.execute(request).await?.error_for_status()?;
        // An exception in the function is a 200 with this header.
        if answer.headers().contains_key("x-amz-function-error") {
            return Err("the function failed".into());
        }
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    }
}

impl ProbeFederatedApps for ProbeFunction {
    fn probe(&self, app: FederatedApp) -> BoxFuture<'_, Result<CredentialProbe, ProbeError>> {
        async move {
            let outcome = self.invoke(app).await;
            outcome.map_err(|error| ProbeError { retry_after: None, source: Some(error) })?.into()
        }
        .boxed()
    }
}
