//! Tokens of pages, which an ATS may keep between two requests: a list goes on under another version.
#![cfg(test)]

use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::memory::MemoryBackend;
use shared::adapters::vault::model::{Tags, VersionId};
use shared::types::clock::Clock;
use shared::types::randomness::Randomness;
use shared::types::secret::SecretBody;

use crate::seen_from_below::at;

const PREFIX: &str = "teams-connect/customers/";

/// `teams-connect/customers/a/app` in base64url.
const AFTER_THE_FIRST: &str = "dGVhbXMtY29ubmVjdC9jdXN0b21lcnMvYS9hcHA";

async fn go_on(backend: &Backend) {
    let randomness = Randomness::seeded(1);
    for customer in ["a", "b"] {
        let (name, first) =
            (format!("{PREFIX}{customer}/app").parse().unwrap(), VersionId::random(&randomness).unwrap());
        backend.create(&name, &first, SecretBody::from("x".to_owned()), &Tags::new()).await.unwrap();
    }
    let page = backend.list(PREFIX, None, None, 1).await.unwrap();
    assert_eq!(page.next.as_deref(), Some(AFTER_THE_FIRST));
    let rest = backend.list(PREFIX, None, Some(AFTER_THE_FIRST), 1).await.unwrap();
    let names: Vec<_> = rest.secrets.iter().map(|secret| secret.name.as_str()).collect();
    assert_eq!((names, rest.next), (vec!["teams-connect/customers/b/app"], None));
}

fn noon() -> Clock {
    Clock::frozen_at(at("2026-11-24T12:00:00Z"))
}

#[tokio::test]
async fn a_list_of_a_vault_in_memory_goes_on_where_an_earlier_version_ended() {
    go_on(&Backend::Memory(MemoryBackend::new(noon(), Randomness::seeded(1)))).await;
}

#[cfg(feature = "local")]
#[tokio::test]
async fn a_list_of_a_vault_in_a_folder_goes_on_where_an_earlier_version_ended() {
    let folder = tempfile::tempdir().unwrap();
    let local =
        shared::adapters::vault::backend::local::LocalBackend::open(folder.path(), noon(), Randomness::seeded(1))
            .unwrap();
    go_on(&Backend::Local(local)).await;
}

/// Secrets Manager's own token `AAQ+/=` behind the prefix and a line end, in base64url.
#[cfg(feature = "aws")]
const ON_AWS: &str = "dGVhbXMtY29ubmVjdC9jdXN0b21lcnMvCkFBUSsvPQ";

#[cfg(feature = "aws")]
#[tokio::test]
async fn a_list_of_secrets_manager_goes_on_where_an_earlier_version_ended() {
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use shared::adapters::vault::backend::secrets_manager::SecretsManagerBackend;

    let asked = Arc::new(Mutex::new(Vec::<Value>::new()));
    let kept = Arc::clone(&asked);
    let answer = move |body: String| async move {
        kept.lock().unwrap().push(serde_json::from_str(&body).unwrap());
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amzn-requestid", "request-1")];
        (headers, json!({"SecretList": [], "NextToken": "AAQ+/="}).to_string())
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await });
    let setting = |name: &str| match name {
        "AWS_REGION" => Some("eu-central-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        "AWS_ENDPOINT_URL" => Some(endpoint.clone()),
        _ => None,
    };
    let aws = SecretsManagerBackend::open(&setting, shared::adapters::http_client::build_client().unwrap()).unwrap();
    let backend = Backend::SecretsManager(aws);
    assert_eq!(backend.list(PREFIX, None, None, 1).await.unwrap().next.as_deref(), Some(ON_AWS));
    backend.list(PREFIX, None, Some(ON_AWS), 1).await.unwrap();
    assert_eq!(asked.lock().unwrap()[1]["NextToken"], "AAQ+/=");
}
