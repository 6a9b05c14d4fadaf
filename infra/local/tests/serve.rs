//! The deployment on one machine, as `main` starts it.

#![expect(clippy::unwrap_used, reason = "a deployment that does not come up should say where")]

use std::path::Path;

use local::deployment::{Deployment, DeploymentError, DeploymentOptions, MicrosoftMode};
use microsoft_simulator::demo;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use shared::adapters::http_client;

async fn start(folder: &Path) -> Deployment {
    Deployment::start(DeploymentOptions::for_tests(folder)).await.unwrap()
}

fn client() -> Client {
    http_client::build_client().unwrap()
}

async fn call(deployment: &Deployment, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    let url = format!("{}{path}", deployment.base_url());
    let mut request = client().request(method, url).bearer_auth(deployment.api_key());
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap_or(Value::Null))
}

#[tokio::test]
async fn it_answers_on_both_names_of_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let deployment = start(folder.path()).await;
    for base in [deployment.base_url(), deployment.public_url()] {
        let response = client().get(format!("{base}/healthz")).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{base}");
    }
    deployment.stop().await;
}

/// The cookie of a browser in which the printed address was opened.
async fn session(deployment: &Deployment) -> String {
    let opened = client().get(deployment.console_url().unwrap()).send().await.unwrap();
    assert_eq!((opened.status(), &opened.headers()["location"]), (StatusCode::SEE_OTHER, &"/console".parse().unwrap()));
    opened.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn another_user_of_this_machine_does_not_get_into_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let deployment = start(folder.path()).await;
    for path in ["/console", "/console?token=", "/console?token=guessed", "/console/completed?handle=h"] {
        let shown = client().get(format!("{}{path}", deployment.public_url())).send().await.unwrap();
        assert_eq!(shown.status(), StatusCode::FORBIDDEN, "{path}");
        assert!(shown.headers().get("set-cookie").is_none(), "{path}");
        assert!(shown.text().await.unwrap().contains("printed address"), "{path}");
    }
    deployment.stop().await;
}

#[tokio::test]
async fn the_console_is_in_polish_and_english_and_never_shows_the_api_key() {
    let folder = tempfile::tempdir().unwrap();
    let deployment = start(folder.path()).await;
    let console = format!("{}/console", deployment.public_url());
    let cookie = session(&deployment).await;
    for (language, word) in
        [("pl-PL,pl;q=0.9", "Utwórz link dla administratora"), ("en-GB", "Create a link for the administrator")]
    {
        let request = client().get(&console).header("accept-language", language).header("cookie", &cookie);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
        let page = response.text().await.unwrap();
        assert!(page.contains(word), "{language}");
        assert!(!page.contains(deployment.api_key()), "{language}");
    }
    deployment.stop().await;
}

#[tokio::test]
async fn a_button_shows_its_request_and_response_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let deployment = start(folder.path()).await;
    let console = format!("{}/console", deployment.public_url());
    let cookie = session(&deployment).await;
    let press = |site: &'static str, cookie: String| {
        let form = client().post(format!("{console}/intake-link")).header("cookie", cookie);
        form.header("sec-fetch-site", site).header("content-type", "application/x-www-form-urlencoded").send()
    };

    let foreign = press("cross-site", cookie.clone()).await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    let without_session = press("same-origin", "tc-console=guessed".to_owned()).await.unwrap();
    assert_eq!(without_session.headers()["location"], "/console", "nothing was done");
    let pressed = press("same-origin", cookie.clone()).await.unwrap();
    assert_eq!(
        (pressed.status(), &pressed.headers()["location"]),
        (StatusCode::SEE_OTHER, &"/console#intake".parse().unwrap())
    );

    let shown = client().get(&console).header("cookie", cookie).send().await.unwrap().text().await.unwrap();
    assert!(shown.contains("POST /v1/customers/kadry-polska/intake-links") && shown.contains("201 Created"));
    assert!(!shown.contains(deployment.api_key()));
    assert_eq!(shown.matches("v4.local.").count(), 3, "the link to open, and its beginning twice");
    deployment.stop().await;
}

#[tokio::test]
async fn a_foreign_host_name_reaches_no_console() {
    let folder = tempfile::tempdir().unwrap();
    let deployment = start(folder.path()).await;
    let show = |host: &str| client().get(format!("{}/console", deployment.base_url())).header("host", host).send();
    assert_eq!(show("evil.example").await.unwrap().status(), StatusCode::FORBIDDEN);
    let port = deployment.base_url().rsplit(':').next().unwrap().to_owned();
    let other_name = show(&format!("127.0.0.1:{port}")).await.unwrap();
    assert_eq!(other_name.headers()["location"], format!("{}/console", deployment.public_url()));
    deployment.stop().await;
}

#[tokio::test]
async fn a_restart_on_the_same_folder_keeps_customers_and_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path()).await;
    let credentials = json!({
        "tenant": demo::KADRY_TENANT.to_string(),
        "client_id": demo::KADRY_CLIENT_ID.to_string(),
        "client_secret": demo::KADRY_SECRET,
    });
    let (stored, _) = call(&first, Method::PUT, "/v1/customers/kadry-polska/credentials", Some(credentials)).await;
    assert_eq!(stored, StatusCode::OK);
    let key = first.api_key().to_owned();
    first.stop().await;

    let second = start(folder.path()).await;
    assert_eq!(second.api_key(), key);
    let (known, customer) = call(&second, Method::GET, "/v1/customers/kadry-polska", None).await;
    assert_eq!((known, customer["tenant"].as_str()), (StatusCode::OK, Some(demo::KADRY_TENANT.to_string().as_str())));
    second.stop().await;
}

#[tokio::test]
async fn an_api_key_that_another_took_the_place_of_is_rejected_from_the_next_start_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut former = Vec::new();
    for key in ["leaked", "second", "leaked"] {
        let options = DeploymentOptions::for_tests(folder.path());
        let deployment = Deployment::start(DeploymentOptions { api_key: Some(key.parse().unwrap()), ..options });
        let deployment = deployment.await.unwrap();
        let url = format!("{}/v1/customers/nobody", deployment.base_url());
        let status = async |key| client().get(&url).bearer_auth(key).send().await.unwrap().status();
        for before in former {
            assert_eq!(status(before).await, StatusCode::UNAUTHORIZED, "{before} once {key} is the key");
        }
        assert_eq!(status(key).await, StatusCode::NOT_FOUND);
        former = vec![key];
        deployment.stop().await;
    }
}

#[tokio::test]
async fn a_folder_or_port_in_use_is_reported_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path()).await;
    let locked = Deployment::start(DeploymentOptions::for_tests(folder.path())).await.err().unwrap();
    assert!(matches!(locked, DeploymentError::Folder { .. }), "{locked}");
    assert!(locked.to_string().contains("another process has this folder open"), "{locked}");
    assert!(locked.to_string().contains("--data-dir"), "{locked}");

    let port = first.base_url().rsplit(':').next().unwrap().parse().unwrap();
    let other_folder = tempfile::tempdir().unwrap();
    let taken = DeploymentOptions { port, ..DeploymentOptions::for_tests(other_folder.path()) };
    let taken = Deployment::start(taken).await.err().unwrap();
    assert!(
        taken.to_string().contains(&format!("port {port} is in use")) && taken.to_string().contains("--port"),
        "{taken}"
    );
    first.stop().await;
}

#[tokio::test]
async fn all_invalid_settings_are_reported_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [("PUBLIC_URL", "http://teams.ats.example"), ("SECRET_PREFIX", "/"), ("MICROSOFT_GRAPH_URL", "x")];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let options = DeploymentOptions { settings, ..DeploymentOptions::for_tests(folder.path()) };
    let error = Deployment::start(options).await.err().unwrap().to_string();
    for name in ["PUBLIC_URL", "SECRET_PREFIX", "MICROSOFT_GRAPH_URL"] {
        assert!(error.contains(name), "{name}: {error}");
    }
    assert!(!error.contains("ATS_COMPLETION_URL"), "it has a default: {error}");
}

#[tokio::test]
async fn a_public_deployment_has_no_console() {
    let folder = tempfile::tempdir().unwrap();
    let settings =
        [("PUBLIC_URL", "https://teams.ats.example"), ("ATS_COMPLETION_URL", "https://ats.example/connected")];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let options =
        DeploymentOptions { microsoft: MicrosoftMode::Real, settings, ..DeploymentOptions::for_tests(folder.path()) };
    let deployment = Deployment::start(options).await.unwrap();
    assert!(deployment.console_url().is_none() && deployment.simulator().is_none());
    let response = client().get(format!("{}/console", deployment.base_url())).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    deployment.stop().await;
}
