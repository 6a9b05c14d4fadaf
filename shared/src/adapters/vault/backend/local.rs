//! A vault in a folder, for the deployment on one machine: a database whose values are sealed, and the key beside it.
//!
//! Every operation is one transaction of [redb](https://docs.rs/redb), on the disk before it is answered. Names, tags
//! and times lie open; each content is sealed under the ARN and version that it belongs to, so that one that was
//! edited, cut short or put in another's place is found out when it is read. The key protects copies of the database
//! and nothing else: who reads the whole folder reads the secrets.

use std::fmt;
use std::fs::DirBuilder;
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::{Database, ReadableDatabase, ReadableTable, Table, TableDefinition};

use crate::adapters::private_file::private_file;
use crate::adapters::vault::backend::secret_record;
use crate::adapters::vault::backend::secret_record::SecretRecord;
use crate::adapters::vault::model::{
    Arn, SecretMetadata, SecretName, SecretPage, SecretValue, Tags, VaultError, VersionId, VersionStage,
};
use crate::types::clock::{Clock, Timestamp};
use crate::types::randomness::Randomness;
use crate::types::secret::SecretBody;

mod encryption;
mod errors;

use encryption::StorageKey;
use errors::{DATABASE_FILE, corrupt, database_error, disk_error, unavailable};

/// An [`SecretRecord`] as JSON, by the name of its secret.
const SECRETS: TableDefinition<&str, &[u8]> = TableDefinition::new("secrets");
/// A sealed content, by ARN and version.
const VERSIONS: TableDefinition<(&str, &str), &str> = TableDefinition::new("versions");

/// A vault in a folder. Its clones share it; another process cannot open it meanwhile.
#[derive(Clone)]
pub struct LocalBackend(Arc<OpenDatabase>);

struct OpenDatabase {
    folder: PathBuf,
    database: Database,
    key: StorageKey,
    clock: Clock,
    randomness: Randomness,
}

impl fmt::Debug for LocalBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Local({})", self.0.folder.display())
    }
}

impl LocalBackend {
    /// Opens the vault in `folder`, or makes one there.
    ///
    /// # Errors
    /// [`VaultError::Corrupt`] when the database is damaged, or its key is missing or another's: a new key would only
    /// hide that. [`VaultError::Denied`] when another process has it open, or the folder is not ours.
    pub fn open(folder: &Path, clock: Clock, randomness: Randomness) -> Result<Self, VaultError> {
        make_folder(folder).map_err(disk_error)?;
        let path = folder.join(DATABASE_FILE);
        match private_file().create_new(true).open(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(disk_error(error)),
            _ => {}
        }
        let database = Database::create(path).map_err(database_error)?;
        let key = StorageKey::load_or_create(&database, folder, &randomness)?;
        let opened = OpenDatabase { folder: folder.to_owned(), database, key, clock, randomness };
        opened.write(purge_expired)?;
        Ok(Self(Arc::new(opened)))
    }

    /// `CreateSecret`.
    ///
    /// # Errors
    /// As `Backend::create`.
    pub async fn create(
        &self,
        name: &SecretName,
        first: &VersionId,
        body: SecretBody,
        tags: &Tags,
    ) -> Result<Arn, VaultError> {
        let (name, first, tags) = (name.clone(), first.clone(), tags.clone());
        let act = move |vault: &OpenDatabase| {
            secret_record::validate_body(&body)?;
            secret_record::validate_tags(&tags)?;
            vault.write(|tables, now| {
                match find_record(&tables.secrets, name.as_str(), now) {
                    Ok(held) => {
                        held.ensure_not_deleted()?;
                        let repeats = held.has_version(&first) && tables.is_same_write(&held, &first, &body)?;
                        return if repeats { Ok(held.arn()) } else { Err(VaultError::Stale) };
                    }
                    Err(VaultError::NotFound) => tables.delete(name.as_str())?,
                    Err(error) => return Err(error),
                }
                let made = SecretRecord::new(&name, &first, &tags, now, &vault.randomness)?;
                tables.put_record(name.as_str(), &made)?;
                tables.put_version(&made.arn(), &first, body)?;
                Ok(made.arn())
            })
        };
        self.run_blocking(act).await
    }

    /// `PutSecretValue`.
    ///
    /// # Errors
    /// As `Backend::put`.
    pub async fn put(&self, arn: &Arn, base: &VersionId, body: SecretBody) -> Result<VersionId, VaultError> {
        let (arn, version) = (arn.clone(), base.successor());
        let act = move |vault: &OpenDatabase| {
            secret_record::validate_body(&body)?;
            vault.write(|tables, now| {
                let (name, mut held) = tables.find_by_arn(&arn, now)?;
                held.ensure_not_deleted()?;
                if held.has_version(&version) {
                    let repeats = tables.is_same_write(&held, &version, &body)?;
                    return if repeats { Ok(version) } else { Err(VaultError::Stale) };
                }
                for purged in held.push_version(&version, now) {
                    tables.versions.remove((arn.as_str(), purged.as_str())).map_err(database_error)?;
                }
                tables.put_record(name, &held)?;
                tables.put_version(&arn, &version, body)?;
                Ok(version)
            })
        };
        self.run_blocking(act).await
    }

    /// `GetSecretValue`.
    ///
    /// # Errors
    /// As `Backend::read`.
    pub async fn read(&self, name: &SecretName, stage: VersionStage) -> Result<SecretValue, VaultError> {
        let name = name.clone();
        let act = move |vault: &OpenDatabase| {
            let reading = vault.database.begin_read().map_err(database_error)?;
            let secrets = reading.open_table(SECRETS).map_err(database_error)?;
            let versions = reading.open_table(VERSIONS).map_err(database_error)?;
            let held = find_record(&secrets, name.as_str(), vault.clock.now())?;
            held.ensure_not_deleted()?;
            let (arn, version) = (held.arn(), held.version_at_stage(stage)?);
            let body = read_version(&versions, &vault.key, &arn, &version)?;
            Ok(SecretValue { arn, version, body })
        };
        self.run_blocking(act).await
    }

    /// `DescribeSecret`.
    ///
    /// # Errors
    /// As `Backend::describe`.
    pub async fn describe(&self, name: &SecretName) -> Result<SecretMetadata, VaultError> {
        let name = name.clone();
        let act = move |vault: &OpenDatabase| {
            let reading = vault.database.begin_read().map_err(database_error)?;
            let secrets = reading.open_table(SECRETS).map_err(database_error)?;
            find_record(&secrets, name.as_str(), vault.clock.now())?.describe(name.as_str())
        };
        self.run_blocking(act).await
    }

    /// `TagResource`.
    ///
    /// # Errors
    /// As `Backend::tag`.
    pub async fn tag(&self, arn: &Arn, tags: &Tags) -> Result<(), VaultError> {
        let (arn, tags) = (arn.clone(), tags.clone());
        let act = move |vault: &OpenDatabase| {
            secret_record::validate_tags(&tags)?;
            vault.write(|tables, now| {
                let (name, mut held) = tables.find_by_arn(&arn, now)?;
                held.ensure_not_deleted()?;
                held.tag(&tags, now)?;
                tables.put_record(name, &held)
            })
        };
        self.run_blocking(act).await
    }

    /// `DeleteSecret`. Whatever was marked long enough ago is erased on the way.
    ///
    /// # Errors
    /// As `Backend::delete`.
    pub async fn delete(&self, arn: &Arn) -> Result<(), VaultError> {
        let arn = arn.clone();
        let act = move |vault: &OpenDatabase| {
            vault.write(|tables, now| {
                let (name, mut held) = tables.find_by_arn(&arn, now)?;
                held.schedule_deletion(now);
                tables.put_record(name, &held)?;
                purge_expired(tables, now)
            })
        };
        self.run_blocking(act).await
    }

    /// `RestoreSecret`.
    ///
    /// # Errors
    /// As `Backend::restore`.
    pub async fn restore(&self, name: &SecretName) -> Result<(), VaultError> {
        let name = name.clone();
        let act = move |vault: &OpenDatabase| {
            vault.write(|tables, now| {
                let mut held = find_record(&tables.secrets, name.as_str(), now)?;
                held.restore();
                tables.put_record(name.as_str(), &held)
            })
        };
        self.run_blocking(act).await
    }

    /// `ListSecrets`.
    ///
    /// # Errors
    /// As `Backend::list`.
    pub async fn list(
        &self,
        prefix: &str,
        tag: Option<(&str, &str)>,
        page: Option<&str>,
        limit: usize,
    ) -> Result<SecretPage, VaultError> {
        let start = secret_record::page_start(prefix, page)?;
        let prefix = prefix.to_owned();
        let tag = tag.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let act = move |vault: &OpenDatabase| {
            let tag = tag.as_ref().map(|(key, value)| (key.as_str(), value.as_str()));
            let reading = vault.database.begin_read().map_err(database_error)?;
            let secrets = reading.open_table(SECRETS).map_err(database_error)?;
            let start = start.as_ref().map(String::as_str);
            let rows = secrets.range::<&str>((start, Bound::Unbounded)).map_err(database_error)?;
            let held = rows.map(|row| {
                let (name, record) = row.map_err(database_error)?;
                Ok((name.value().to_owned(), parse_record(name.value(), record.value())?))
            });
            let held = held
                .take_while(|row| row.as_ref().map_or(true, |(name, _)| name.starts_with(&prefix)))
                .filter(|row| {
                    row.as_ref().map_or(true, |(_, held)| !held.is_scheduled_for_deletion() && held.bears(tag))
                })
                .map(|row| row.and_then(|(name, held): (String, SecretRecord)| held.describe(&name)));
            secret_record::page_of(held, limit)
        };
        self.run_blocking(act).await
    }

    /// A disk may take its time: no request that has nothing to do with it should wait for it.
    async fn run_blocking<T: Send + 'static>(
        &self,
        act: impl FnOnce(&OpenDatabase) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let opened = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || act(&opened)).await.map_err(unavailable)?
    }
}

impl OpenDatabase {
    /// One transaction: on the disk when `act` succeeds, without a trace when it fails.
    fn write<T>(
        &self,
        act: impl FnOnce(&mut WriteTransaction<'_>, Timestamp) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let writing = self.database.begin_write().map_err(database_error)?;
        let answer = {
            let secrets = writing.open_table(SECRETS).map_err(database_error)?;
            let versions = writing.open_table(VERSIONS).map_err(database_error)?;
            act(&mut WriteTransaction { secrets, versions, key: &self.key }, self.clock.now())?
        };
        writing.commit().map_err(database_error)?;
        Ok(answer)
    }
}

/// What one transaction may change.
struct WriteTransaction<'a> {
    secrets: Table<'a, &'static str, &'static [u8]>,
    versions: Table<'a, (&'static str, &'static str), &'static str>,
    key: &'a StorageKey,
}

impl WriteTransaction<'_> {
    fn find_by_arn<'n>(&self, arn: &'n Arn, now: Timestamp) -> Result<(&'n str, SecretRecord), VaultError> {
        let name = secret_record::name_from_arn(arn)?;
        let held = find_record(&self.secrets, name, now)?;
        if held.has_arn(arn) { Ok((name, held)) } else { Err(VaultError::NotFound) }
    }

    fn put_record(&mut self, name: &str, held: &SecretRecord) -> Result<(), VaultError> {
        let record = serde_json::to_vec(held).map_err(unavailable)?;
        self.secrets.insert(name, record.as_slice()).map_err(database_error)?;
        Ok(())
    }

    fn put_version(&mut self, arn: &Arn, version: &VersionId, body: SecretBody) -> Result<(), VaultError> {
        let sealed = self.key.seal(body, arn, version)?;
        self.versions.insert((arn.as_str(), version.as_str()), sealed.as_str()).map_err(database_error)?;
        Ok(())
    }

    fn is_same_write(&self, held: &SecretRecord, version: &VersionId, body: &SecretBody) -> Result<bool, VaultError> {
        let before = read_version(&self.versions, self.key, &held.arn(), version)?;
        Ok(secret_record::is_same_content(&before, body))
    }

    fn delete(&mut self, name: &str) -> Result<(), VaultError> {
        let record =
            self.secrets.remove(name).map_err(database_error)?.map(|record| parse_record(name, record.value()));
        let Some(held) = record.transpose()? else { return Ok(()) };
        for version in held.versions() {
            self.versions.remove((held.arn().as_str(), version.as_str())).map_err(database_error)?;
        }
        Ok(())
    }
}

/// Erases every secret whose recovery window is over. A damaged record stays: whoever reads it is told.
fn purge_expired(tables: &mut WriteTransaction<'_>, now: Timestamp) -> Result<(), VaultError> {
    let mut gone = Vec::new();
    for row in tables.secrets.iter().map_err(database_error)? {
        let (name, record) = row.map_err(database_error)?;
        if parse_record(name.value(), record.value()).is_ok_and(|held| held.is_past_recovery(now)) {
            gone.push(name.value().to_owned());
        }
    }
    gone.iter().try_for_each(|name| tables.delete(name))
}

fn find_record(
    secrets: &impl ReadableTable<&'static str, &'static [u8]>,
    name: &str,
    now: Timestamp,
) -> Result<SecretRecord, VaultError> {
    let record = secrets.get(name).map_err(database_error)?.ok_or(VaultError::NotFound)?;
    let held = parse_record(name, record.value())?;
    if held.is_past_recovery(now) { Err(VaultError::NotFound) } else { Ok(held) }
}

fn parse_record(name: &str, record: &[u8]) -> Result<SecretRecord, VaultError> {
    let held = serde_json::from_slice::<SecretRecord>(record).ok();
    held.filter(|held| secret_record::name_from_arn(&held.arn()).is_ok_and(|own| own == name))
        .ok_or_else(|| corrupt(name, "its record is damaged or another's"))
}

fn read_version(
    versions: &impl ReadableTable<(&'static str, &'static str), &'static str>,
    key: &StorageKey,
    arn: &Arn,
    version: &VersionId,
) -> Result<SecretBody, VaultError> {
    let name = secret_record::name_from_arn(arn)?;
    let sealed = versions.get((arn.as_str(), version.as_str())).map_err(database_error)?;
    let sealed = sealed.ok_or_else(|| corrupt(name, "a version is missing"))?;
    key.open(sealed.value(), arn, version).map_err(|_| corrupt(name, "its seal is broken"))
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}
