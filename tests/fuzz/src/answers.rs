//! Answers of Microsoft and of the vault: whatever is damaged is a refusal of our own kind, never a panic. Each property
//! returns what the errors said, which must be nothing of what was in the answer.

use std::fmt::Debug;
use std::sync::OnceLock;

use shared::adapters::http_client::build_client;
use shared::adapters::http_client::transport::HttpTransport;
use shared::adapters::microsoft::Endpoints;
use shared::adapters::microsoft::entra::EntraClient;
use shared::adapters::microsoft::graph::GraphClient;
use shared::adapters::vault::Vault;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::memory::MemoryBackend;
use shared::adapters::vault::deployment_secrets::DeploymentSecret;
use shared::adapters::vault::model::{MAX_BODY_BYTES, Tags, VersionId, VersionStage};
use shared::domain::entra_app::{Credential, EntraApp, TenantRef};
use shared::domain::meeting::MeetingId;
use shared::types::clock::{Clock, Timestamp};
use shared::types::language::Language;
use shared::types::randomness::Randomness;
use shared::types::secret::{AccessToken, ClientSecret, RefreshToken, Secret};

/// What is answered.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// One of [`STATUSES`].
    pub status: u16,
    /// One of [`MEDIA_TYPES`].
    pub media_type: &'static str,
    /// When to try again.
    pub retry_after: Option<&'a [u8]>,
    /// What is in it.
    pub body: &'a [u8],
}

/// Statuses that Microsoft and what stands before it answer with.
pub const STATUSES: [u16; 17] = [200, 200, 200, 201, 204, 302, 400, 400, 401, 403, 404, 409, 410, 418, 429, 500, 503];

/// What bodies are said to be.
pub const MEDIA_TYPES: [&str; 5] =
    ["application/json", "application/json", "application/json; charset=utf-8", "text/html", ""];

impl<'a> Answer<'a> {
    /// An answer whose status and media type are chosen by the first two bytes.
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let [status, media_type, body @ ..] = bytes else { return None };
        Some(Self {
            status: STATUSES[usize::from(*status) % STATUSES.len()],
            media_type: MEDIA_TYPES[usize::from(*media_type) % MEDIA_TYPES.len()],
            retry_after: None,
            body,
        })
    }
}

const NOW: &str = "2026-11-24T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A line on which everything is answered with this.
fn answering(answer: &Answer<'_>) -> HttpTransport {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    let client = CLIENT.get_or_init(|| build_client().unwrap()).clone();
    // The peer's content is text; what is no text is written as the nearest that is.
    let body = String::from_utf8_lossy(answer.body).into_owned();
    let (status, media_type) = (answer.status, answer.media_type);
    let retry_after = answer.retry_after.and_then(|bytes| http::HeaderValue::from_bytes(bytes).ok());
    HttpTransport::with_fake_peer(client, move |_| {
        let mut answer = http::Response::builder().status(status).header("content-type", media_type);
        if let Some(value) = retry_after.clone() {
            answer = answer.header("retry-after", value);
        }
        let body = body.clone();
        Box::pin(async move { Ok(answer.body(body).unwrap()) })
    })
}

fn played<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(work)
}

/// What an error says of itself.
fn said(error: &impl Debug) -> String {
    format!("{error:?}")
}

fn app() -> EntraApp {
    EntraApp {
        tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
        client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
        credential: Credential::Secret(ClientSecret::from("abC8Q~canary".to_owned())),
        expires_on: None,
    }
}

/// An answer of Entra's gives tokens that can be sent, or an error.
#[must_use]
pub fn entra(answer: &Answer<'_>) -> Vec<String> {
    let mut errors = Vec::new();
    let clock = Clock::frozen_at(now());
    let redirect = "https://connect.example/oauth/callback".parse().unwrap();
    let line = answering(answer);
    let entra = EntraClient::new(line, Endpoints::global().unwrap(), redirect, clock, Randomness::seeded(1));
    let refresh = RefreshToken::from("0.AX-canary".to_owned());
    let (renewed, probed, tenant) = played(async {
        (
            entra.refresh(&app(), &refresh).await,
            entra.probe_credential(&app()).await,
            entra.discover_tenant(&TenantRef::Domain("kadry.example".parse().unwrap())).await,
        )
    });
    match renewed {
        Ok(tokens) => {
            let access = tokens.access.expose();
            assert!(!access.is_empty() && access.bytes().all(|byte| byte.is_ascii_graphic()));
            let seconds = now().duration_until(tokens.expires_at).as_secs();
            assert!((1..=28 * 3_600).contains(&seconds), "{seconds}");
        }
        Err(error) => errors.push(said(&error)),
    }
    if let Err(error) = probed {
        errors.push(said(&error));
    }
    if let Err(error) = tenant {
        errors.push(said(&error));
    }
    errors
}

/// An answer of Graph's is a meeting that can be joined, or an error.
#[must_use]
pub fn graph(answer: &Answer<'_>) -> Vec<String> {
    let mut errors = Vec::new();
    let endpoints = Endpoints::global().unwrap();
    let line = answering(answer);
    let graph = GraphClient::new(line, endpoints.graph, Clock::frozen_at(now()));
    let (access, id) = (AccessToken::from("EwB-canary".to_owned()), MeetingId::parse("MSo1N2Y5").unwrap());
    let oid = "11a5c0de-0001-4a01-8001-a1b2c3d4e501".parse().unwrap();
    let (read, deleted, licensed) = played(async {
        (
            graph.get_meeting(&access, &id, Language::default()).await,
            graph.delete_meeting(&access, &id).await,
            graph.has_teams_license(&access, oid).await,
        )
    });
    match read {
        Ok(meeting) => {
            assert!(meeting.join_url.as_str().starts_with("https://"), "{meeting:?}");
            assert!(answer.status < 300);
        }
        Err(error) => errors.push(said(&error)),
    }
    if let Err(error) = deleted {
        errors.push(said(&error));
    }
    if let Err(error) = licensed {
        errors.push(said(&error));
    }
    errors
}

/// A secret that was tampered with is nobody's, or the owner's.
#[must_use]
pub fn vault(bytes: &[u8]) -> Vec<String> {
    let mut errors = Vec::new();
    let (clock, randomness) = (Clock::frozen_at(now()), Randomness::seeded(1));
    let memory = MemoryBackend::new(clock.clone(), randomness.clone());
    let vault = Vault::new(Backend::Memory(memory.clone()), "t".parse().unwrap(), clock, randomness.clone());
    let body = String::from_utf8_lossy(bytes).into_owned();
    let (customer, user) = ("kadry".parse().unwrap(), "anna".parse().unwrap());
    let fits = body.len() <= MAX_BODY_BYTES;
    played(async {
        for name in ["t/customers/kadry/connections", "t/customers/kadry/app", "t/api-keys", "t/sealing-key"] {
            let first = VersionId::random(&randomness).unwrap();
            let created = memory.create(&name.parse().unwrap(), &first, body.clone().into(), &Tags::new()).await;
            assert_eq!(created.is_ok(), fits);
        }
        match vault.connections().get(&customer, &user).await {
            Ok(held) => {
                assert_eq!(&held.connection.customer, &customer);
                assert_eq!(&held.connection.user, &user);
            }
            Err(error) => errors.push(said(&error)),
        }
        if let Err(error) = vault.app_reader().read(&customer).await {
            errors.push(said(&error));
        }
        if let Err(error) = vault.api_keys().authenticate(&"canary".to_owned().into()).await {
            errors.push(said(&error));
        }
        for key in DeploymentSecret::KEYS {
            if let Err(error) = vault.deployment_secrets().validate(key, VersionStage::Current).await {
                errors.push(said(&error));
            }
        }
    });
    errors
}
