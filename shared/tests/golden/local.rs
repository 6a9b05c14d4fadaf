//! A vault in a folder that an earlier version made: `folder/vault.redb` and its key, as that version left them.
#![cfg(test)]

use std::fs;
use std::path::Path;

use shared::adapters::vault::Vault;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::local::LocalBackend;
use shared::adapters::vault::model::VaultError;
use shared::domain::entra_app::Credential;
use shared::domain::sign_in::ConnectLink;
use shared::types::clock::Clock;
use shared::types::randomness::Randomness;
use shared::types::secret::{ApiKey, Secret};
use tempfile::TempDir;

use crate::seen_from_below::{app_ids, at, customer};
use crate::{LINK_TOKEN, PASERK_OF_LINKS, room, vectors};

/// A copy of the folder: opening writes, and the original stays as it is.
fn copied() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/folder");
    for file in ["vault.redb", "vault.key"] {
        fs::copy(original.join(file), folder.path().join(file)).unwrap();
    }
    folder
}

fn a_day_later() -> Clock {
    Clock::frozen_at(at("2026-11-25T09:00:00Z"))
}

fn opened() -> (Vault, TempDir) {
    let (folder, clock, randomness) = (copied(), a_day_later(), Randomness::seeded(3));
    let local = LocalBackend::open(folder.path(), clock.clone(), randomness.clone()).unwrap();
    let vault = Vault::new(Backend::Local(local), "teams-connect".parse().unwrap(), clock, randomness);
    (vault, folder)
}

fn secret_of(credential: &Credential) -> &str {
    match credential {
        Credential::Secret(secret) => secret.expose(),
        Credential::Certificate(_) | Credential::Federated(_) => panic!("it was kept with a client secret"),
    }
}

#[tokio::test]
async fn the_apps_in_a_folder_of_an_earlier_version_are_read_and_written_over() {
    let (vault, _folder) = opened();
    let reader = vault.app_reader();
    let stored = reader.read(&customer()).await.unwrap();
    let app = &stored.value;
    assert_eq!(((app.tenant, app.client_id), secret_of(&app.credential)), (app_ids(), "qZ48Q~wartosc.2"));
    let former = reader.previous_version(&customer(), &stored).await.unwrap().unwrap();
    assert_eq!(secret_of(&former.credential), "abC8Q~former");
    let card = reader.summary(&customer()).await.unwrap();
    assert_eq!((card.submitted_at, card.expires_on), (at("2026-11-24T10:00:00Z"), app.expires_on));
    let offboarded = reader.read(&"kadry".parse().unwrap()).await;
    assert!(matches!(offboarded, Err(VaultError::Deleted)), "{offboarded:?}");

    let seen = vault.app_writer().snapshot(&customer()).await.unwrap();
    let diagnosed = shared::adapters::vault::apps::CheckRecord::from_findings(true, &[]);
    vault.app_writer().store(&customer(), &former, &diagnosed, seen.as_ref()).await.unwrap();
    let written = reader.read(&customer()).await.unwrap().value;
    assert_eq!(secret_of(&written.credential), "abC8Q~former");
}

#[tokio::test]
async fn the_keys_in_a_folder_of_an_earlier_version_open_what_they_opened() {
    let (vault, _folder) = opened();
    let caller = vault.api_keys().authenticate(&ApiKey::from("tc-key-of-the-ats".to_owned())).await.unwrap();
    assert_eq!(caller.unwrap().key_id, "ats");
    let token = vectors("connect-link")[0]["token"].as_str().unwrap().to_owned();
    let opened = vault.sign_in_keys().open::<ConnectLink>(&token, "", at("2025-11-25T09:00:00Z")).await.unwrap();
    assert_eq!(opened.unwrap().content.customer, customer());
    assert_eq!(vault.link_keys().open(LINK_TOKEN).await.unwrap(), Some(room()));
}

#[tokio::test]
async fn the_list_of_a_folder_of_an_earlier_version_names_its_customers() {
    let (vault, _folder) = opened();
    let page = vault.secret_index().page(None).await.unwrap();
    let customers: Vec<_> = page.apps.iter().map(|(customer, _)| customer.as_str()).collect();
    assert_eq!((customers, page.next), (vec!["praca-24"], None));
}

#[test]
fn another_key_opens_no_folder_of_an_earlier_version() {
    let folder = copied();
    fs::write(folder.path().join("vault.key"), PASERK_OF_LINKS).unwrap();
    let opened = LocalBackend::open(folder.path(), a_day_later(), Randomness::seeded(3));
    assert!(matches!(opened, Err(VaultError::Corrupt { .. })), "{opened:?}");
}
