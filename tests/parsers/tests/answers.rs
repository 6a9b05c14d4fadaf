//! Answers of Microsoft and of the vault: whatever is damaged is a refusal of our own kind, never a panic, and no error
//! says what was in it.
#![cfg(test)]

use std::fmt::Debug;
use std::sync::OnceLock;

use parsers::{config, damaged};
use proptest::prelude::*;
use shared::clock::{Clock, Timestamp};
use shared::entra_app::{Credential, EntraApp, TenantName};
use shared::language::Language;
use shared::meeting::MeetingId;
use shared::microsoft::Endpoints;
use shared::microsoft::entra::Entra;
use shared::microsoft::graph::Graph;
use shared::microsoft::http::client;
use shared::microsoft::http::line::Line;
use shared::randomness::Randomness;
use shared::secret::{AccessToken, ClientSecret, RefreshToken, Secret};
use shared::vault::Vault;
use shared::vault::backend::Backend;
use shared::vault::memory::Memory;
use shared::vault::terms::{MAX_BODY_BYTES, Tags, VersionId};

const NOW: &str = "2026-11-24T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A line on which everything is answered with this.
fn answering(status: u16, media_type: &'static str, retry_after: Option<Vec<u8>>, body: Vec<u8>) -> Line {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    let client = CLIENT.get_or_init(|| client().unwrap()).clone();
    Line::to_peer(client, move |_| {
        // The peer's content is text; what is no text is written as the nearest that is.
        let body = String::from_utf8_lossy(&body).into_owned();
        let mut answer = http::Response::builder().status(status).header("content-type", media_type);
        if let Some(value) = retry_after.as_deref().and_then(|bytes| http::HeaderValue::from_bytes(bytes).ok()) {
            answer = answer.header("retry-after", value);
        }
        Box::pin(async move { Ok(answer.body(body).unwrap()) })
    })
}

fn played<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(work)
}

fn says_nothing(error: &impl Debug) -> Result<(), TestCaseError> {
    let said = format!("{error:?}");
    // Graph's own word for what is wrong is passed on; a piece of another text that was cut to a word may look like one.
    for secret in ["canary-", "canary, said", "EwB-", "0.AX-"] {
        prop_assert!(!said.contains(secret), "{said}");
    }
    Ok(())
}

fn app() -> EntraApp {
    EntraApp {
        tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
        client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
        credential: Credential::Secret(ClientSecret::from("abC8Q~canary".to_owned())),
        expires_on: None,
    }
}

fn status() -> impl Strategy<Value = u16> {
    prop::sample::select(vec![200_u16, 200, 200, 201, 204, 302, 400, 400, 401, 403, 404, 409, 410, 418, 429, 500, 503])
}

fn media_type() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "application/json",
        "application/json",
        "application/json; charset=utf-8",
        "text/html",
        "",
    ])
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_answer_of_entras_gives_tokens_that_can_be_sent_or_an_error_that_says_nothing(
        status in status(),
        media_type in media_type(),
        retry_after in prop::option::of(damaged(include_str!("../corpus/headers.txt"))),
        body in damaged(include_str!("../corpus/entra.txt")),
    ) {
        let clock = Clock::stopped_at(now());
        let redirect = "https://connect.example/oauth/callback".parse().unwrap();
        let line = answering(status, media_type, retry_after, body);
        let entra = Entra::new(line, Endpoints::global().unwrap(), redirect, clock, Randomness::seeded(1));
        let refresh = RefreshToken::from("0.AX-canary".to_owned());
        let (renewed, probed, tenant) = played(async {
            (
                entra.renew(&app(), &refresh).await,
                entra.probe(&app()).await,
                entra.discover(&TenantName::Domain("kadry.example".parse().unwrap())).await,
            )
        });
        match renewed {
            Ok(tokens) => {
                let access = tokens.access.expose();
                prop_assert!(!access.is_empty() && access.bytes().all(|byte| byte.is_ascii_graphic()));
                let life = now().duration_until(tokens.expires_at).as_secs();
                prop_assert!((1..=28 * 3_600).contains(&life), "{life}");
            }
            Err(error) => says_nothing(&error)?,
        }
        if let Err(error) = probed {
            says_nothing(&error)?;
        }
        if let Err(error) = tenant {
            says_nothing(&error)?;
        }
    }

    #[test]
    fn an_answer_of_graphs_is_a_meeting_that_can_be_joined_or_an_error_that_says_nothing(
        status in status(),
        media_type in media_type(),
        retry_after in prop::option::of(damaged(include_str!("../corpus/headers.txt"))),
        body in damaged(include_str!("../corpus/graph.txt")),
    ) {
        let endpoints = Endpoints::global().unwrap();
        let line = answering(status, media_type, retry_after, body);
        let graph = Graph::new(line, endpoints.graph, Clock::stopped_at(now()));
        let (access, id) = (AccessToken::from("EwB-canary".to_owned()), MeetingId::parse("MSo1N2Y5").unwrap());
        let (read, deleted, licensed) = played(async {
            (
                graph.read(&access, &id, Language::default()).await,
                graph.delete(&access, &id).await,
                graph.has_teams(&access).await,
            )
        });
        match read {
            Ok(meeting) => {
                prop_assert!(meeting.join_url.as_str().starts_with("https://"), "{meeting:?}");
                prop_assert!(status < 300);
            }
            Err(error) => says_nothing(&error)?,
        }
        if let Err(error) = deleted {
            says_nothing(&error)?;
        }
        if let Err(error) = licensed {
            says_nothing(&error)?;
        }
    }

    #[test]
    fn a_secret_that_was_tampered_with_is_nobodys_or_the_owners(body in damaged(include_str!("../corpus/vault.txt"))) {
        let (clock, randomness) = (Clock::stopped_at(now()), Randomness::seeded(1));
        let memory = Memory::new(clock.clone(), randomness.clone());
        let vault = Vault::new(Backend::Memory(memory.clone()), "t".parse().unwrap(), clock, randomness.clone());
        let body = String::from_utf8_lossy(&body).into_owned();
        let (customer, user) = ("kadry".parse().unwrap(), "anna".parse().unwrap());
        let fits = body.len() <= MAX_BODY_BYTES;
        played(async {
            for name in ["t/customers/kadry/users/anna/connection", "t/customers/kadry/app", "t/api-keys", "t/sealing-key"] {
                let first = VersionId::first(&randomness).unwrap();
                let created = memory.create(&name.parse().unwrap(), &first, body.clone().into(), &Tags::new()).await;
                prop_assert_eq!(created.is_ok(), fits);
            }
            match vault.connections().read(&customer, &user).await {
                Ok(held) => {
                    prop_assert_eq!(&held.value.customer, &customer);
                    prop_assert_eq!(&held.value.user, &user);
                }
                Err(error) => says_nothing(&error)?,
            }
            if let Err(error) = vault.app_reader().read(&customer).await {
                says_nothing(&error)?;
            }
            if let Err(error) = vault.api_keys().admit(&"canary".to_owned().into()).await {
                says_nothing(&error)?;
            }
            if let Err(error) = vault.sealing_keys().seal().await {
                says_nothing(&error)?;
            }
            Ok(())
        })?;
    }
}
