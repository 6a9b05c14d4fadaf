//! A vault in memory with what lies in it, seen from below: raw contents and tags, as Secrets Manager would keep them.
#![cfg(test)]

use std::collections::BTreeMap;

use shared::adapters::vault::Vault;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::memory::MemoryBackend;
use shared::adapters::vault::model::{SecretName, VersionId};
use shared::types::clock::{Clock, Timestamp};
use shared::types::ids::{ClientId, CustomerId, TenantId, UserId};
use shared::types::randomness::Randomness;
use shared::types::secret::{Secret, SecretBody};

pub(crate) const APP: &str = "teams-connect/customers/praca-24/app";

pub(crate) fn customer() -> CustomerId {
    "praca-24".parse().unwrap()
}

pub(crate) fn recruiter() -> UserId {
    "ewa.wilk@praca".parse().unwrap()
}

pub(crate) fn app_ids() -> (TenantId, ClientId) {
    ("3b7e2c11-5d40-4a6f-8c9b-0e1f2a3b4c5d".parse().unwrap(), "7d1f9a20-64be-4c3d-9e8f-112233445566".parse().unwrap())
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An empty vault at nine o'clock.
pub(crate) struct SeenFromBelow {
    pub(crate) vault: Vault,
    pub(crate) clock: Clock,
    memory: MemoryBackend,
}

impl SeenFromBelow {
    pub(crate) fn empty() -> Self {
        let (clock, randomness) = (Clock::frozen_at(at("2026-11-24T09:00:00Z")), Randomness::seeded(11));
        let memory = MemoryBackend::new(clock.clone(), randomness.clone());
        let backend = Backend::Memory(memory.clone());
        let vault = Vault::new(backend, "teams-connect".parse().unwrap(), clock.clone(), randomness);
        Self { vault, clock, memory }
    }

    /// A vault in which one secret of an earlier version lies.
    pub(crate) async fn with(name: &str, content: &str, tags: &str) -> Self {
        Self::with_version(name, content, tags, None).await
    }

    /// The same, with a tag that names the version that lies there.
    pub(crate) async fn with_version(name: &str, content: &str, tags: &str, names_version: Option<&str>) -> Self {
        let below = Self::empty();
        let first = VersionId::random(&Randomness::seeded(12)).unwrap();
        let mut tags: BTreeMap<String, String> = serde_json::from_str(tags).unwrap();
        tags.extend(names_version.map(|tag| (tag.to_owned(), first.as_str().to_owned())));
        let body = SecretBody::from(content.trim_end().to_owned());
        below.memory.create(&name.parse().unwrap(), &first, body, &tags).await.unwrap();
        below
    }

    /// The content under a name with a line end, as the files of golden contents have it.
    pub(crate) fn content(&self, name: &str) -> String {
        let lying = self.memory.stored(name).unwrap_or_else(|| panic!("nothing lies under {name}"));
        format!("{}\n", lying.body.expose())
    }

    /// The tags under a name as a file has them. The id of a version is random: where a tag names the present one, it is
    /// left out, and `names_version` says which tag must.
    pub(crate) async fn tags(&self, name: &str, names_version: Option<&str>) -> String {
        let name: SecretName = name.parse().unwrap();
        let seen = self.memory.describe(&name).await.unwrap();
        let mut tags = seen.tags;
        if let Some(named) = names_version {
            assert_eq!(tags.remove(named).as_deref(), Some(seen.current.as_str()), "{named} of {name}");
        }
        format!("{}\n", serde_json::to_string_pretty(&tags).unwrap())
    }
}
