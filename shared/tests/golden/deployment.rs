//! The secrets of the deployment itself: API keys, the sealing key and the key of the links to meetings.
#![cfg(test)]

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use shared::adapters::vault::deployment_secrets::DeploymentSecret;
use shared::domain::api_key::{ApiKeyLimits, ApiKeyRecord, ApiScope, Caller};
use shared::domain::sign_in::ConnectLink;
use shared::types::secret::{ApiKey, SealingKeyText};

use crate::seen_from_below::{SeenFromBelow, at, customer};
use crate::{LINK_TOKEN, PASERK, PASERK_OF_LINKS, room, vectors};

const API_KEYS: &str = "teams-connect/api-keys";
const SEALING_KEY: &str = "teams-connect/sealing-key";
const LINK_KEY: &str = "teams-connect/link-key";

fn limits() -> ApiKeyLimits {
    ApiKeyLimits {
        customers: Some(BTreeSet::from(["kadry".parse().unwrap(), customer()])),
        scopes: Some(BTreeSet::from([ApiScope::Meetings, ApiScope::Connections])),
        per_minute: NonZeroU32::new(120),
    }
}

fn key(text: &str) -> ApiKey {
    text.to_owned().into()
}

async fn admitted(content: &str, presented: &str) -> Option<Caller> {
    let below = SeenFromBelow::with(API_KEYS, content, "{}").await;
    below.vault.api_keys().authenticate(&key(presented)).await.unwrap()
}

#[tokio::test]
async fn api_keys_with_their_limits_are_kept_as_by_earlier_versions() {
    let below = SeenFromBelow::empty();
    let administration =
        ApiKeyLimits { scopes: Some(BTreeSet::from([ApiScope::Administration])), ..ApiKeyLimits::default() };
    let keys = vec![
        ApiKeyRecord::from_key("ats", &key("tc-key-of-the-ats")),
        ApiKeyRecord::from_key("limited", &key("tc-key-of-a-part")).with_limits(limits()),
        ApiKeyRecord::from_key("administration", &key("tc-key-of-the-desk")).with_limits(administration),
    ];
    below.vault.put_api_keys(keys).await.unwrap();
    assert_eq!(below.content(API_KEYS), include_str!("secrets/api-keys.json"));
}

#[tokio::test]
async fn api_keys_that_an_earlier_version_kept_open_what_they_opened() {
    let keys = include_str!("secrets/api-keys.json");
    let ats = admitted(keys, "tc-key-of-the-ats").await.unwrap();
    assert_eq!((ats.key_id.as_str(), ats.allowed_customers(), ats.rate_limit()), ("ats", None, None));
    let limited = admitted(keys, "tc-key-of-a-part").await.unwrap();
    assert_eq!(limited.key_id, "limited");
    assert_eq!(
        (limited.allowed_customers(), limited.rate_limit()),
        (limits().customers.as_ref(), NonZeroU32::new(120))
    );
    let opens = |caller: &Caller| {
        [ApiScope::Meetings, ApiScope::Connections, ApiScope::Administration].map(|s| caller.has_scope(s))
    };
    assert_eq!((opens(&ats), opens(&limited)), ([true; 3], [true, true, false]));
    let administration = admitted(keys, "tc-key-of-the-desk").await.unwrap();
    assert_eq!(opens(&administration), [false, false, true]);
    assert_eq!(admitted(keys, "tc-key-of-nobody").await, None);
}

#[tokio::test]
async fn the_keys_of_seals_and_links_are_kept_as_by_earlier_versions() {
    let below = SeenFromBelow::empty();
    for (secret, text) in [(DeploymentSecret::SealingKey, PASERK), (DeploymentSecret::LinkKey, PASERK_OF_LINKS)] {
        below.vault.create_key(secret, &SealingKeyText::from(text.to_owned())).await.unwrap();
    }
    assert_eq!(below.content(SEALING_KEY), include_str!("secrets/sealing-key.json"));
    assert_eq!(below.content(LINK_KEY), include_str!("secrets/link-key.json"));
    for (secret, kind) in [
        (DeploymentSecret::IntakeKey, "intake-key"),
        (DeploymentSecret::NextStepsKey, "next-steps-key"),
        (DeploymentSecret::SupportKey, "support-key"),
    ] {
        below.vault.create_key(secret, &SealingKeyText::from(PASERK.to_owned())).await.unwrap();
        let expected = include_str!("secrets/sealing-key.json").replace("sealing-key", kind);
        assert_eq!(below.content(&format!("teams-connect/{kind}")), expected);
    }
}

#[tokio::test]
async fn a_sealing_key_of_an_earlier_version_opens_what_it_sealed() {
    let vector = &vectors("connect-link")[0];
    let token = vector["token"].as_str().unwrap();
    for content in [include_str!("secrets/sealing-key.json"), include_str!("secrets/sealing-key-generated.json")] {
        let keys = SeenFromBelow::with(SEALING_KEY, content, "{}").await.vault.sign_in_keys();
        let opened = keys.open::<ConnectLink>(token, "", at("2025-11-25T09:00:00Z")).await.unwrap();
        assert_eq!(serde_json::to_value(opened.unwrap().content).unwrap(), vector["content"], "{content}");
    }
}

#[tokio::test]
async fn a_link_key_of_an_earlier_version_leads_to_the_meetings_of_its_links() {
    for (content, token) in [
        (include_str!("secrets/link-key.json"), LINK_TOKEN),
        (
            include_str!("secrets/link-key-generated.json"),
            "WJFNIWlXgKrls4L0N6Tmw9hBGYHcDVkaTV0mtdAeKeildAsKfWBSfj_73rUzjOfAEN6yiB7ZdTSOg8HoyrdHf6TGy-dwgu4QAeGoOYi_-m\
             qI9fVHItSlljuYG3f6u0KvVH3MEik8N45fkcQKFQoHRox4JPJueYjHQw",
        ),
    ] {
        let keys = SeenFromBelow::with(LINK_KEY, content, "{}").await.vault.link_keys();
        assert_eq!(keys.open(token).await.unwrap(), Some(room()), "{content}");
    }
}
