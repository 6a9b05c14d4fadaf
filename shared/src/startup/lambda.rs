//! Start-up of a function on AWS Lambda.

use std::net::IpAddr;

use axum::Router;
use axum::http::Uri;
use lambda_http::lambda_runtime::{self, LambdaEvent, service_fn};
use lambda_http::request::{LambdaRequest, RequestContext};
use lambda_http::tower::util::MapRequest;
use lambda_http::{Adapter, Context, Error, Request, RequestExt, Service};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::adapters::http_client;
use crate::adapters::vault::Vault;
use crate::adapters::vault::backend::Backend;
use crate::adapters::vault::backend::secrets_manager::SecretsManagerBackend;
use crate::http::client_network::ClientNetwork;
use crate::startup::dependencies::Dependencies;
use crate::startup::settings::{EnvSource, ProcessEnv, Settings};
use crate::startup::telemetry;
use crate::types::clock::Clock;
use crate::types::randomness::Randomness;

/// Why a function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// Settings are missing or wrong; all of them are named.
    #[error("{0}")]
    Settings(String),
    /// TLS could not be set up, which only a broken build can cause.
    #[error("there is no HTTP client")]
    NoHttp(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Begins to log, and makes everything that a function takes its parts from. Nothing is sent yet: what a request does
/// not need, no start pays for.
///
/// # Errors
/// [`StartupError`], which is logged.
pub fn load_dependencies() -> Result<Dependencies, StartupError> {
    telemetry::init_json(&ProcessEnv);
    build_dependencies(&ProcessEnv)
        .inspect_err(|fault| tracing::error!(error = fault as &dyn std::error::Error, "the function cannot start"))
}

fn build_dependencies(strings: &dyn EnvSource) -> Result<Dependencies, StartupError> {
    let http = http_client::build_client().map_err(StartupError::NoHttp)?;
    let settings = Settings::read(strings).map_err(|faults| faults.to_string());
    let opened =
        SecretsManagerBackend::open(&|name| strings.get(name), http.clone()).map_err(|faults| faults.to_string());
    let (settings, secrets) = match (settings, opened) {
        (Ok(settings), Ok(secrets)) => (settings, secrets),
        (settings, opened) => {
            let faults: Vec<String> = [settings.err(), opened.err()].into_iter().flatten().collect();
            return Err(StartupError::Settings(faults.join("; ")));
        }
    };
    let (clock, randomness) = (Clock::system(), Randomness::system());
    let backend = Backend::SecretsManager(secrets);
    let vault = Vault::new(backend, settings.prefix.clone(), clock.clone(), randomness.clone())
        .with_routine_writes(settings.schedule.token_writes);
    Ok(Dependencies { settings, vault, http_transport: http.into(), clock, randomness })
}

/// Answers requests, as a function that takes nothing else.
///
/// # Errors
/// When the runtime ends.
pub async fn run(routes: Router) -> Result<(), Error> {
    let answer = move |LambdaEvent { payload, context }: LambdaEvent<Box<RawValue>>| {
        let routes = routes.clone();
        async move { handle_event(routes, &payload, context).await }
    };
    lambda_runtime::run(service_fn(answer)).await
}

/// Answers the request in an event of
/// [an HTTP API, payload format 2.0](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
///
/// # Errors
/// When there is none in it.
pub async fn handle_event(routes: Router, event: &RawValue, context: Context) -> Result<impl Serialize + use<>, Error> {
    let PayloadVersion { version } = serde_json::from_str(event.get())?;
    if version != "2.0" {
        return Err("the event is not of payload format 2.0".into());
    }
    let request: LambdaRequest = serde_json::from_str(event.get())?;
    Ok(Adapter::from(MapRequest::new(routes, restore_raw_path)).call(LambdaEvent::new(request, context)).await?)
}

#[derive(Deserialize)]
struct PayloadVersion {
    version: String,
}

/// An HTTP API hands paths over decoded, and `lambda_http` reads them as a browser reads an address: `x/../kadry` would be
/// `kadry`, and so would `kadry` with a blank or a question mark behind it. Whoever encodes a strange id must not get
/// somebody else's, so a path that is read as another leads to none of the routes.
fn restore_raw_path(mut request: Request) -> Request {
    if percent_decode_str(request.uri().path()).decode_utf8().as_deref() != Ok(request.raw_http_path()) {
        *request.uri_mut() = Uri::from_static("/");
    }
    if let Some(source) = client_network(&request) {
        request.extensions_mut().insert(source);
    }
    request
}

/// The address that API Gateway saw.
fn client_network(request: &Request) -> Option<ClientNetwork> {
    let RequestContext::ApiGatewayV2(context) = request.request_context_ref()? else { return None };
    let address: IpAddr = context.http.source_ip.as_deref()?.parse().ok()?;
    Some(address.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::client_network;

    #[test]
    fn the_faults_of_all_settings_are_told_at_once() {
        let fault =
            build_dependencies(&|name: &str| (name == "AWS_REGION").then(|| "eu-central-1".to_owned())).unwrap_err();
        let text = fault.to_string();
        for name in ["PUBLIC_URL", "ATS_COMPLETION_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            assert!(text.contains(&format!("{name} is not set")), "{name}: {text}");
        }
    }

    #[test]
    fn the_settings_of_a_lambda_function_suffice() {
        let set = [
            ("PUBLIC_URL", "https://teams.ats.example"),
            ("ATS_COMPLETION_URL", "https://ats.example/done"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "canary"),
            ("AWS_SESSION_TOKEN", "canary"),
        ];
        let find = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let parts = build_dependencies(&find).unwrap();
        assert!(!format!("{parts:?}").contains("canary"));
    }

    #[tokio::test]
    async fn the_source_is_the_address_that_the_gateway_saw_and_not_what_a_header_says() {
        let told =
            |request: axum::extract::Request| async move { format!("{:?}", client_network::from_request(&request)) };
        let event = serde_json::json!({
            "version": "2.0",
            "routeKey": "GET /",
            "rawPath": "/",
            "rawQueryString": "",
            "headers": {"host": "teams.ats.example", "x-forwarded-for": "198.51.100.1", "x-real-ip": "198.51.100.2"},
            "requestContext": {
                "accountId": "000000000000",
                "apiId": "api",
                "domainName": "teams.ats.example",
                "domainPrefix": "teams",
                "http": {
                    "method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.7", "userAgent": "x"
                },
                "requestId": "id",
                "routeKey": "GET /",
                "stage": "$default",
                "time": "24/Nov/2026:09:00:00 +0000",
                "timeEpoch": 1_795_510_800_000_u64
            },
            "isBase64Encoded": false
        });
        let event = RawValue::from_string(event.to_string()).unwrap();
        let routes = Router::new().route("/", axum::routing::get(told));
        let answer = handle_event(routes, &event, Context::default()).await.unwrap();
        assert_eq!(serde_json::to_value(answer).unwrap()["body"], "Some(ClientNetwork(192.0.2.7))");
    }
}
