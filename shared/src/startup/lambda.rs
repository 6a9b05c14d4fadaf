//! Start and serve a function on AWS Lambda.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use lambda_http::lambda_runtime::{self, LambdaEvent, service_fn};
use lambda_http::request::{LambdaRequest, RequestContext};
use lambda_http::tower::util::MapRequest;
use lambda_http::{Adapter, Context, Error, Request, RequestExt, Service};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::adapters::event_queue::sqs::SqsQueue;
use crate::adapters::http_client;
use crate::adapters::probe_function::ProbeFunction;
use crate::adapters::vault::Vault;
use crate::adapters::vault::backend::Backend;
use crate::adapters::vault::backend::secrets_manager::SecretsManagerBackend;
use crate::domain::event::EventPublisher;
use crate::http::client_network::ClientNetwork;
use crate::startup::dependencies::Dependencies;
use crate::startup::settings::{self, EnvSource, ProcessEnv, Settings};
use crate::startup::telemetry;
use crate::types::clock::Clock;
use crate::types::randomness::Randomness;

/// Why a function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// Settings are missing or not valid. Names all of them.
    #[error("{0}")]
    Settings(String),
    /// TLS could not be set up. Only a broken build can cause that.
    #[error("there is no HTTP client")]
    NoHttp(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Starts the log and builds the dependencies. Sends no request, so a cold start stays short.
///
/// # Errors
/// [`StartupError`]. It is logged.
pub fn load_dependencies() -> Result<Dependencies, StartupError> {
    load_dependencies_and_queue().map(|(dependencies, _)| dependencies)
}

/// The same, and the queue of events, if there is one.
///
/// # Errors
/// As [`load_dependencies`].
pub fn load_dependencies_and_queue() -> Result<(Dependencies, Option<SqsQueue>), StartupError> {
    telemetry::init_json(&ProcessEnv);
    build_dependencies(&ProcessEnv)
        .inspect(|(built, _)| tracing::info!(version = built.settings.version, "the function starts"))
        .inspect_err(|error| tracing::error!(error = error as &dyn std::error::Error, "the function cannot start"))
}

fn build_dependencies(env: &dyn EnvSource) -> Result<(Dependencies, Option<SqsQueue>), StartupError> {
    let http = http_client::build_client_named(&user_agent(env)).map_err(StartupError::NoHttp)?;
    let settings = Settings::read(env).map_err(|error| error.to_string());
    let opened = SecretsManagerBackend::open(&|name| env.get(name), http.clone()).map_err(|error| error.to_string());
    let queue = SqsQueue::open(&|name| env.get(name), http.clone());
    let (settings, secrets, queue) = match (settings, opened, queue) {
        (Ok(settings), Ok(secrets), Ok(queue)) => (settings, secrets, queue),
        // The queue has the settings of the secrets, and no faults of its own.
        (settings, opened, _) => {
            let errors: Vec<String> = [settings.err(), opened.err()].into_iter().flatten().collect();
            return Err(StartupError::Settings(errors.join("; ")));
        }
    };
    let (clock, randomness) = (Clock::system(), Randomness::system());
    let backend = Backend::SecretsManager(secrets);
    let vault = Vault::new(backend, settings.prefix.clone(), clock.clone(), randomness.clone())
        .with_routine_writes(settings.schedule.token_writes)
        .with_events(queue.clone().map(|queue| EventPublisher::new(Arc::new(queue))).unwrap_or_default());
    let probe_function = ProbeFunction::open(&|name| env.get(name), http.clone(), clock.clone());
    let probe_function = probe_function.map(|function| Arc::new(function) as _);
    Ok((Dependencies { settings, vault, http_transport: http.into(), clock, randomness, probe_function }, queue))
}

/// What Microsoft is told of the sender: `teams-connect/0.1.0+7 (tc-meetings)`.
fn user_agent(env: &dyn EnvSource) -> String {
    let product = format!("teams-connect/{}", settings::version(env));
    match env.get("AWS_LAMBDA_FUNCTION_NAME") {
        Some(function) => format!("{product} ({function})"),
        None => product,
    }
}

/// Answers HTTP requests until the runtime ends.
///
/// # Errors
/// The error of the runtime.
pub async fn run(routes: Router) -> Result<(), Error> {
    let answer = move |LambdaEvent { payload, context }: LambdaEvent<Box<RawValue>>| {
        let routes = routes.clone();
        async move { handle_event(routes, &payload, context).await }
    };
    lambda_runtime::run(service_fn(answer)).await
}

/// Answers the HTTP request in an event of
/// [an HTTP API, payload format 2.0](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
///
/// # Errors
/// The event is not an HTTP request of this format.
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

/// Protects against paths that `lambda_http` changes. An HTTP API passes paths decoded, and `lambda_http` parses them like an
/// address: `x/../kadry` would become `kadry`, and so would `kadry` with an encoded blank or question mark after it. An encoded
/// id must not become another id, so a changed path matches no route.
fn restore_raw_path(mut request: Request) -> Request {
    if percent_decode_str(request.uri().path()).decode_utf8().as_deref() != Ok(request.raw_http_path()) {
        *request.uri_mut() = Uri::from_static("/");
    }
    if let Some(source) = client_network(&request) {
        request.extensions_mut().insert(source);
    }
    request
}

/// The network of the address that API Gateway saw.
fn client_network(request: &Request) -> Option<ClientNetwork> {
    let RequestContext::ApiGatewayV2(context) = request.request_context_ref()? else { return None };
    let address: IpAddr = context.http.source_ip.as_deref()?.parse().ok()?;
    Some(address.into())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    use super::*;
    use crate::domain::entra_app::TenantRef;
    use crate::http::client_network;

    #[test]
    fn the_errors_of_all_settings_are_named_at_once() {
        let error =
            build_dependencies(&|name: &str| (name == "AWS_REGION").then(|| "eu-central-1".to_owned())).unwrap_err();
        let text = error.to_string();
        for name in ["PUBLIC_URL", "ATS_COMPLETION_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            assert!(text.contains(&format!("{name} is not set")), "{name}: {text}");
        }
    }

    /// What Lambda and the template set, and `more`.
    fn environment(more: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        let set = [
            ("PUBLIC_URL", "https://teams.ats.example"),
            ("ATS_COMPLETION_URL", "https://ats.example/done"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "canary"),
            ("AWS_SESSION_TOKEN", "canary"),
        ];
        let set: HashMap<_, _> =
            set.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        move |name| set.get(name).cloned()
    }

    #[test]
    fn the_settings_of_a_lambda_function_suffice() {
        let (dependencies, queue) = build_dependencies(&environment(&[])).unwrap();
        assert!(queue.is_none(), "nothing is told where no queue is named");
        assert!(!format!("{dependencies:?}").contains("canary"));
    }

    #[tokio::test]
    async fn microsoft_is_told_which_function_of_which_version_asks() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let login = format!("http://{}", listener.local_addr().unwrap());
        let more = [
            ("MICROSOFT_LOGIN_URL", login.as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "tc-meetings"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "7"),
        ];
        let entra = build_dependencies(&environment(&more)).unwrap().0.entra();
        let tenant = TenantRef::Domain("kadry.example".parse().unwrap());
        let asked = tokio::spawn(async move { entra.discover_tenant(&tenant).await });
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        asked.abort();
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let sender = format!("\r\nuser-agent: teams-connect/{}+7 (tc-meetings)\r\n", env!("CARGO_PKG_VERSION"));
        assert!(head.contains(&sender), "{head}");
    }

    #[tokio::test]
    async fn the_source_is_the_address_that_the_gateway_saw_and_not_what_a_header_says() {
        let answer =
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
        let routes = Router::new().route("/", axum::routing::get(answer));
        let response = handle_event(routes, &event, Context::default()).await.unwrap();
        assert_eq!(serde_json::to_value(response).unwrap()["body"], "Some(ClientNetwork(192.0.2.7))");
    }
}
