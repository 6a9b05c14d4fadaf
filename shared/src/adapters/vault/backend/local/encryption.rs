//! The key of a vault in a folder, and what it seals.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use redb::{Database, ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};

use crate::adapters::private_file::private_file;
use crate::adapters::vault::backend::local::errors::{corrupt, database_error, disk_error, unavailable};
use crate::adapters::vault::model::{Arn, VaultError, VersionId};
use crate::types::clock::Timestamp;
use crate::types::randomness::Randomness;
use crate::types::sealing;
use crate::types::sealing::{SealError, Sealable, SealingKey};
use crate::types::secret::{SealingKeyText, Secret, SecretBody};

const KEY_FILE: &str = "vault.key";

/// One sealed word, by which the right key is known before anything is sealed with a wrong one.
const KEY_CHECK: TableDefinition<&str, &str> = TableDefinition::new("proof");
const PROOF_PLACE: &str = "proof";

/// At rest, time plays no part: what was sealed by a clock that ran ahead, or is opened by one that was set back, must
/// be readable all the same. The end is 9999-12-30T00:00:00Z: `Timestamp::MAX` in milliseconds is beyond what jiff
/// takes back.
const NO_EXPIRY: (Timestamp, Timestamp) = (Timestamp::UNIX_EPOCH, Timestamp::constant(253_402_128_000, 0));

#[derive(Serialize, Deserialize)]
struct SealedAtRest {
    #[serde(with = "crate::types::sealing::sealed_secret")]
    body: SecretBody,
}

impl Sealable for SealedAtRest {
    const PURPOSE: &'static str = "at-rest";
}

/// Seals each content to its place: it opens nowhere else.
pub(super) struct StorageKey(SealingKey);

impl StorageKey {
    /// The key beside this database; a new one, if the database is new too. Holding the database keeps other processes
    /// from making a key at the same time.
    pub(super) fn load_or_create(
        database: &Database,
        folder: &Path,
        randomness: &Randomness,
    ) -> Result<Self, VaultError> {
        let path = folder.join(KEY_FILE);
        let writing = database.begin_write().map_err(database_error)?;
        let key = {
            let mut proofs = writing.open_table(KEY_CHECK).map_err(database_error)?;
            let proof = proofs.get(PROOF_PLACE).map_err(database_error)?.map(|proof| proof.value().to_owned());
            if let Some(proof) = proof {
                let key = Self::read(&path)?
                    .ok_or_else(|| corrupt(KEY_FILE, "the key is missing; only it opens this vault"))?;
                key.open_at(&proof, PROOF_PLACE).map_err(|_| corrupt(KEY_FILE, "this is not the key of this vault"))?;
                key
            } else {
                let key = match Self::read(&path)? {
                    // Made at a first start that went no further.
                    Some(key) => key,
                    None => Self::create(&path, folder, randomness)?,
                };
                let proof = key.seal_at(SecretBody::from(String::new()), PROOF_PLACE)?;
                proofs.insert(PROOF_PLACE, proof.as_str()).map_err(database_error)?;
                key
            }
        };
        writing.commit().map_err(database_error)?;
        Ok(key)
    }

    pub(super) fn seal(&self, body: SecretBody, arn: &Arn, version: &VersionId) -> Result<String, VaultError> {
        self.seal_at(body, &location(arn, version))
    }

    pub(super) fn open(&self, sealed: &str, arn: &Arn, version: &VersionId) -> Result<SecretBody, SealError> {
        self.open_at(sealed, &location(arn, version))
    }

    fn seal_at(&self, body: SecretBody, place: &str) -> Result<String, VaultError> {
        let (from, until) = NO_EXPIRY;
        self.0.seal(&SealedAtRest { body }, place, from, until).map_err(unavailable)
    }

    fn open_at(&self, sealed: &str, place: &str) -> Result<SecretBody, SealError> {
        let (now, _) = NO_EXPIRY;
        Ok(self.0.open::<SealedAtRest>(sealed, place, now)?.content.body)
    }

    fn read(path: &Path) -> Result<Option<Self>, VaultError> {
        match fs::read_to_string(path) {
            Ok(mut text) => {
                text.truncate(text.trim_end().len());
                Self::parse(&text.into()).map(Some)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(corrupt(KEY_FILE, NO_KEY)),
            Err(error) => Err(disk_error(error)),
        }
    }

    /// On the disk before anything is sealed with it, the entry in its folder included.
    fn create(path: &Path, folder: &Path, randomness: &Randomness) -> Result<Self, VaultError> {
        let text = sealing::generate_key(randomness).map_err(unavailable)?;
        let key = Self::parse(&text)?;
        let mut file = private_file().create_new(true).open(path).map_err(disk_error)?;
        file.write_all(text.expose().as_bytes()).and_then(|()| file.sync_all()).map_err(disk_error)?;
        if cfg!(unix) {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk_error)?;
        }
        Ok(key)
    }

    fn parse(text: &SealingKeyText) -> Result<Self, VaultError> {
        SealingKey::new(text).map(Self).map_err(|_| corrupt(KEY_FILE, NO_KEY))
    }
}

const NO_KEY: &str = "there is no key in this file";

fn location(arn: &Arn, version: &VersionId) -> String {
    format!("{}/{}", arn.as_str(), version.as_str())
}

#[cfg(test)]
mod tests {
    use redb::{ReadableDatabase, ReadableTableMetadata};
    use tempfile::{TempDir, tempdir};

    use super::*;
    use crate::adapters::vault::backend::local::errors::DATABASE_FILE;
    use crate::adapters::vault::backend::local::{LocalBackend, SECRETS, VERSIONS};
    use crate::adapters::vault::model::{RECOVERY_WINDOW_DAYS, SecretName, Tags, VersionStage};
    use crate::types::clock::{Clock, SignedDuration};

    const CANARY: &str = "canary-0.AXoA-never-in-clear";

    fn open(folder: &TempDir, seed: u64, now: Timestamp) -> Result<LocalBackend, VaultError> {
        LocalBackend::open(folder.path(), Clock::frozen_at(now), Randomness::seeded(seed))
    }

    fn name(text: &str) -> SecretName {
        text.parse().unwrap()
    }

    async fn create(vault: &LocalBackend, of: &str) -> (Arn, VersionId) {
        let first = VersionId::random(&Randomness::system()).unwrap();
        let body = SecretBody::from(format!("{CANARY} of {of}"));
        (vault.create(&name(of), &first, body, &Tags::new()).await.unwrap(), first)
    }

    async fn content(vault: &LocalBackend, of: &str, stage: VersionStage) -> Result<String, VaultError> {
        Ok(vault.read(&name(of), stage).await?.body.expose().to_owned())
    }

    /// What the database holds in this place is replaced by what `forge` makes of it.
    fn forge(folder: &TempDir, place: (&Arn, &VersionId), forge: impl FnOnce(&str) -> String) {
        let database = Database::open(folder.path().join(DATABASE_FILE)).unwrap();
        let writing = database.begin_write().unwrap();
        {
            let mut versions = writing.open_table(VERSIONS).unwrap();
            let place = (place.0.as_str(), place.1.as_str());
            let forged = forge(versions.get(place).unwrap().unwrap().value());
            versions.insert(place, forged.as_str()).unwrap();
        }
        writing.commit().unwrap();
    }

    fn sealed(folder: &TempDir, place: (&Arn, &VersionId)) -> String {
        let mut found = String::new();
        forge(folder, place, |sealed| {
            sealed.clone_into(&mut found);
            sealed.to_owned()
        });
        found
    }

    #[tokio::test]
    async fn secrets_survive_a_restart_even_with_a_clock_that_was_set_back() {
        let folder = tempdir().unwrap();
        let vault = open(&folder, 1, Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24)).unwrap();
        let (arn, first) = create(&vault, "a").await;
        vault.put(&arn, &first, "second".to_owned().into()).await.unwrap();
        let before = vault.describe(&name("a")).await.unwrap();
        drop(vault);
        let vault = open(&folder, 2, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(vault.describe(&name("a")).await.unwrap(), before);
        assert_eq!(content(&vault, "a", VersionStage::Current).await.unwrap(), "second");
        assert_eq!(content(&vault, "a", VersionStage::Previous).await.unwrap(), format!("{CANARY} of a"));
        assert!(matches!(vault.put(&arn, &first, "late".to_owned().into()).await, Err(VaultError::Stale)));
    }

    #[tokio::test]
    async fn no_content_lies_on_the_disk_in_clear() {
        let folder = tempdir().unwrap();
        let vault = open(&folder, 1, Timestamp::UNIX_EPOCH).unwrap();
        create(&vault, "a-name-in-clear").await;
        drop(vault);
        let seen = |file: &str, text: &str| {
            let bytes = fs::read(folder.path().join(file)).unwrap();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        };
        assert!(seen(DATABASE_FILE, "a-name-in-clear"));
        assert!(!seen(DATABASE_FILE, CANARY) && !seen(KEY_FILE, CANARY));
        assert!(!seen(DATABASE_FILE, "k4.local."));
    }

    #[tokio::test]
    async fn a_content_that_was_swapped_cut_short_or_edited_is_corrupt() {
        let folder = tempdir().unwrap();
        let vault = open(&folder, 1, Timestamp::UNIX_EPOCH).unwrap();
        let ((arn, first), (other, theirs)) = (create(&vault, "a").await, create(&vault, "b").await);
        let second = vault.put(&arn, &first, "second".to_owned().into()).await.unwrap();
        drop(vault);
        let (mine, own_older) = (sealed(&folder, (&arn, &second)), sealed(&folder, (&arn, &first)));
        let foreign = sealed(&folder, (&other, &theirs));
        let cut = mine[..mine.len() - 20].to_owned();
        let edited = mine.replace("v4.local.", "v4.local.A");
        for forged in [foreign, own_older, cut, edited, String::new()] {
            forge(&folder, (&arn, &second), |_| forged);
            let vault = open(&folder, 1, Timestamp::UNIX_EPOCH).unwrap();
            let answer = content(&vault, "a", VersionStage::Current).await;
            assert!(matches!(answer, Err(VaultError::Corrupt { name, .. }) if name == "a"));
            assert!(content(&vault, "a", VersionStage::Previous).await.is_ok());
            assert!(content(&vault, "b", VersionStage::Current).await.is_ok());
        }
        forge(&folder, (&arn, &second), |_| mine);
        let vault = open(&folder, 1, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(content(&vault, "a", VersionStage::Current).await.unwrap(), "second");
    }

    #[tokio::test]
    async fn a_missing_or_foreign_key_is_reported_and_never_replaced() {
        let folder = tempdir().unwrap();
        create(&open(&folder, 1, Timestamp::UNIX_EPOCH).unwrap(), "a").await;
        let path = folder.path().join(KEY_FILE);
        let ours = fs::read_to_string(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(matches!(open(&folder, 1, Timestamp::UNIX_EPOCH), Err(VaultError::Corrupt { .. })));
        assert!(!path.exists());
        let foreign = sealing::generate_key(&Randomness::seeded(9)).unwrap().expose().to_owned();
        for wrong in [foreign.as_str(), "", "k4.local.short", "no key"] {
            fs::write(&path, wrong).unwrap();
            assert!(matches!(open(&folder, 1, Timestamp::UNIX_EPOCH), Err(VaultError::Corrupt { .. })), "{wrong}");
            assert_eq!(fs::read_to_string(&path).unwrap(), wrong);
        }
        fs::write(&path, ours + "\n").unwrap();
        assert!(content(&open(&folder, 1, Timestamp::UNIX_EPOCH).unwrap(), "a", VersionStage::Current).await.is_ok());
    }

    #[tokio::test]
    async fn a_folder_is_open_once_at_a_time() {
        let folder = tempdir().unwrap();
        let vault = open(&folder, 1, Timestamp::UNIX_EPOCH).unwrap();
        create(&vault, "a").await;
        assert!(matches!(open(&folder, 1, Timestamp::UNIX_EPOCH), Err(VaultError::Denied(_))));
        assert!(content(&vault, "a", VersionStage::Current).await.is_ok());
        drop(vault);
        assert!(open(&folder, 1, Timestamp::UNIX_EPOCH).is_ok());
    }

    #[tokio::test]
    async fn after_the_recovery_window_nothing_of_a_secret_is_left() {
        let folder = tempdir().unwrap();
        let vault = open(&folder, 1, Timestamp::UNIX_EPOCH).unwrap();
        let (arn, _) = create(&vault, "a").await;
        vault.delete(&arn).await.unwrap();
        drop(vault);
        let left = |days| {
            drop(open(&folder, 1, Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * days)).unwrap());
            let database = Database::open(folder.path().join(DATABASE_FILE)).unwrap();
            let versions = database.begin_read().unwrap().open_table(VERSIONS).unwrap();
            versions.len().unwrap()
        };
        assert_eq!(left(i64::from(RECOVERY_WINDOW_DAYS) - 1), 1);
        assert_eq!(left(i64::from(RECOVERY_WINDOW_DAYS)), 0);
    }

    #[tokio::test]
    async fn a_new_incarnation_takes_the_place_of_the_old_ones_contents() {
        let folder = tempdir().unwrap();
        let clock = Clock::frozen_at(Timestamp::UNIX_EPOCH);
        let vault = LocalBackend::open(folder.path(), clock.clone(), Randomness::seeded(1)).unwrap();
        let (old, _) = create(&vault, "a").await;
        vault.delete(&old).await.unwrap();
        clock.advance(SignedDuration::from_hours(24 * i64::from(RECOVERY_WINDOW_DAYS)));
        let (new, _) = create(&vault, "a").await;
        drop(vault);
        let database = Database::open(folder.path().join(DATABASE_FILE)).unwrap();
        let versions = database.begin_read().unwrap().open_table(VERSIONS).unwrap();
        let arns: Vec<_> = versions.iter().unwrap().map(|row| row.unwrap().0.value().0.to_owned()).collect();
        assert_eq!(arns, [new.as_str()]);
    }

    #[tokio::test]
    async fn the_record_of_one_secret_under_the_name_of_another_is_corrupt() {
        let folder = tempdir().unwrap();
        let vault = open(&folder, 1, Timestamp::UNIX_EPOCH).unwrap();
        create(&vault, "a").await;
        create(&vault, "b").await;
        drop(vault);
        let database = Database::open(folder.path().join(DATABASE_FILE)).unwrap();
        let writing = database.begin_write().unwrap();
        {
            let mut secrets = writing.open_table(SECRETS).unwrap();
            let foreign = secrets.get("b").unwrap().unwrap().value().to_owned();
            secrets.insert("a", foreign.as_slice()).unwrap();
        }
        writing.commit().unwrap();
        drop(database);
        let vault = open(&folder, 1, Timestamp::UNIX_EPOCH).unwrap();
        assert!(matches!(content(&vault, "a", VersionStage::Current).await, Err(VaultError::Corrupt { .. })));
        assert!(content(&vault, "b", VersionStage::Current).await.is_ok());
    }

    #[test]
    fn a_file_that_is_no_database_is_reported_and_left_alone() {
        let folder = tempdir().unwrap();
        let path = folder.path().join(DATABASE_FILE);
        fs::write(&path, "not a database").unwrap();
        assert!(matches!(open(&folder, 1, Timestamp::UNIX_EPOCH), Err(VaultError::Corrupt { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "not a database");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_on_the_machine_can_read_the_folder_the_database_or_the_key() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempdir().unwrap();
        let folder = parent.path().join("new/vault");
        let clock = Clock::frozen_at(Timestamp::UNIX_EPOCH);
        let _vault = LocalBackend::open(&folder, clock, Randomness::seeded(1)).unwrap();
        for (path, mode) in [("", 0o700), (DATABASE_FILE, 0o600), (KEY_FILE, 0o600)] {
            let permissions = fs::metadata(folder.join(path)).unwrap().permissions();
            assert_eq!(permissions.mode() & 0o777, mode, "{path}");
        }
    }
}
