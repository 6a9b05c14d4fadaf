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

use crate::clock::{Clock, Timestamp};
use crate::randomness::Randomness;
use crate::secret::SecretBody;
use crate::vault::backend::{self, Incarnation};
use crate::vault::terms::{Arn, Description, Page, Read, SecretName, Stage, Tags, VaultError, VersionId};

mod key;

use key::{Key, on_disk, private_file};

const DATABASE_FILE: &str = "vault.redb";

/// An [`Incarnation`] as JSON, by the name of its secret.
const SECRETS: TableDefinition<&str, &[u8]> = TableDefinition::new("secrets");
/// A sealed content, by ARN and version.
const VERSIONS: TableDefinition<(&str, &str), &str> = TableDefinition::new("versions");

/// A vault in a folder. Its clones share it; another process cannot open it meanwhile.
#[derive(Clone)]
pub struct Local(Arc<Opened>);

struct Opened {
    folder: PathBuf,
    database: Database,
    key: Key,
    clock: Clock,
    randomness: Randomness,
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Local({})", self.0.folder.display())
    }
}

impl Local {
    /// Opens the vault in `folder`, or makes one there.
    ///
    /// # Errors
    /// [`VaultError::Corrupt`] when the database is damaged, or its key is missing or another's: a new key would only
    /// hide that. [`VaultError::Denied`] when another process has it open, or the folder is not ours.
    pub fn open(folder: &Path, clock: Clock, randomness: Randomness) -> Result<Self, VaultError> {
        make_folder(folder).map_err(on_disk)?;
        let path = folder.join(DATABASE_FILE);
        match private_file().create_new(true).open(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(on_disk(error)),
            _ => {}
        }
        let database = Database::create(path).map_err(in_database)?;
        let key = Key::beside(&database, folder, &randomness)?;
        let opened = Opened { folder: folder.to_owned(), database, key, clock, randomness };
        opened.change(forget_gone)?;
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
        let act = move |vault: &Opened| {
            backend::check_body(&body)?;
            backend::check_tags(&tags)?;
            vault.change(|tables, now| {
                match find(&tables.secrets, name.as_str(), now) {
                    Ok(held) => {
                        held.unmarked()?;
                        let repeats = held.holds(&first) && tables.repeats(&held, &first, &body)?;
                        return if repeats { Ok(held.arn()) } else { Err(VaultError::Stale) };
                    }
                    Err(VaultError::NotFound) => tables.forget(name.as_str())?,
                    Err(error) => return Err(error),
                }
                let made = Incarnation::begin(&name, &first, &tags, now, &vault.randomness)?;
                tables.keep(name.as_str(), &made)?;
                tables.lay_down(&made.arn(), &first, body)?;
                Ok(made.arn())
            })
        };
        self.off_the_reactor(act).await
    }

    /// `PutSecretValue`.
    ///
    /// # Errors
    /// As `Backend::put`.
    pub async fn put(&self, arn: &Arn, base: &VersionId, body: SecretBody) -> Result<VersionId, VaultError> {
        let (arn, version) = (arn.clone(), base.successor());
        let act = move |vault: &Opened| {
            backend::check_body(&body)?;
            vault.change(|tables, now| {
                let (name, mut held) = tables.under(&arn, now)?;
                held.unmarked()?;
                if held.holds(&version) {
                    let repeats = tables.repeats(&held, &version, &body)?;
                    return if repeats { Ok(version) } else { Err(VaultError::Stale) };
                }
                for purged in held.advance(&version, now) {
                    tables.versions.remove((arn.as_str(), purged.as_str())).map_err(in_database)?;
                }
                tables.keep(name, &held)?;
                tables.lay_down(&arn, &version, body)?;
                Ok(version)
            })
        };
        self.off_the_reactor(act).await
    }

    /// `GetSecretValue`.
    ///
    /// # Errors
    /// As `Backend::read`.
    pub async fn read(&self, name: &SecretName, stage: Stage) -> Result<Read, VaultError> {
        let name = name.clone();
        let act = move |vault: &Opened| {
            let reading = vault.database.begin_read().map_err(in_database)?;
            let secrets = reading.open_table(SECRETS).map_err(in_database)?;
            let versions = reading.open_table(VERSIONS).map_err(in_database)?;
            let held = find(&secrets, name.as_str(), vault.clock.now())?;
            held.unmarked()?;
            let (arn, version) = (held.arn(), held.labelled(stage)?);
            let body = content(&versions, &vault.key, &arn, &version)?;
            Ok(Read { arn, version, body })
        };
        self.off_the_reactor(act).await
    }

    /// `DescribeSecret`.
    ///
    /// # Errors
    /// As `Backend::describe`.
    pub async fn describe(&self, name: &SecretName) -> Result<Description, VaultError> {
        let name = name.clone();
        let act = move |vault: &Opened| {
            let reading = vault.database.begin_read().map_err(in_database)?;
            let secrets = reading.open_table(SECRETS).map_err(in_database)?;
            find(&secrets, name.as_str(), vault.clock.now())?.describe(name.as_str())
        };
        self.off_the_reactor(act).await
    }

    /// `TagResource`.
    ///
    /// # Errors
    /// As `Backend::tag`.
    pub async fn tag(&self, arn: &Arn, tags: &Tags) -> Result<(), VaultError> {
        let (arn, tags) = (arn.clone(), tags.clone());
        let act = move |vault: &Opened| {
            backend::check_tags(&tags)?;
            vault.change(|tables, now| {
                let (name, mut held) = tables.under(&arn, now)?;
                held.unmarked()?;
                held.tag(&tags, now)?;
                tables.keep(name, &held)
            })
        };
        self.off_the_reactor(act).await
    }

    /// `DeleteSecret`. Whatever was marked long enough ago is erased on the way.
    ///
    /// # Errors
    /// As `Backend::delete`.
    pub async fn delete(&self, arn: &Arn) -> Result<(), VaultError> {
        let arn = arn.clone();
        let act = move |vault: &Opened| {
            vault.change(|tables, now| {
                let (name, mut held) = tables.under(&arn, now)?;
                held.mark(now);
                tables.keep(name, &held)?;
                forget_gone(tables, now)
            })
        };
        self.off_the_reactor(act).await
    }

    /// `RestoreSecret`.
    ///
    /// # Errors
    /// As `Backend::restore`.
    pub async fn restore(&self, name: &SecretName) -> Result<(), VaultError> {
        let name = name.clone();
        let act = move |vault: &Opened| {
            vault.change(|tables, now| {
                let mut held = find(&tables.secrets, name.as_str(), now)?;
                held.restore();
                tables.keep(name.as_str(), &held)
            })
        };
        self.off_the_reactor(act).await
    }

    /// `ListSecrets`.
    ///
    /// # Errors
    /// As `Backend::list`.
    pub async fn list(&self, prefix: &str, page: Option<&str>, limit: usize) -> Result<Page, VaultError> {
        let start = backend::list_start(prefix, page)?;
        let prefix = prefix.to_owned();
        let act = move |vault: &Opened| {
            let reading = vault.database.begin_read().map_err(in_database)?;
            let secrets = reading.open_table(SECRETS).map_err(in_database)?;
            let start = start.as_ref().map(String::as_str);
            let rows = secrets.range::<&str>((start, Bound::Unbounded)).map_err(in_database)?;
            let held = rows.map(|row| {
                let (name, record) = row.map_err(in_database)?;
                Ok((name.value().to_owned(), parse(name.value(), record.value())?))
            });
            let held = held
                .take_while(|row| row.as_ref().map_or(true, |(name, _)| name.starts_with(&prefix)))
                .filter(|row| row.as_ref().map_or(true, |(_, held)| !held.is_marked()))
                .map(|row| row.and_then(|(name, held): (String, Incarnation)| held.describe(&name)));
            backend::list_page(held, limit)
        };
        self.off_the_reactor(act).await
    }

    /// A disk may take its time: no request that has nothing to do with it should wait for it.
    async fn off_the_reactor<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Opened) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let opened = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || act(&opened)).await.map_err(unavailable)?
    }
}

impl Opened {
    /// One transaction: on the disk when `act` succeeds, without a trace when it fails.
    fn change<T>(
        &self,
        act: impl FnOnce(&mut Tables<'_>, Timestamp) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let writing = self.database.begin_write().map_err(in_database)?;
        let answer = {
            let secrets = writing.open_table(SECRETS).map_err(in_database)?;
            let versions = writing.open_table(VERSIONS).map_err(in_database)?;
            act(&mut Tables { secrets, versions, key: &self.key }, self.clock.now())?
        };
        writing.commit().map_err(in_database)?;
        Ok(answer)
    }
}

/// What one transaction may change.
struct Tables<'a> {
    secrets: Table<'a, &'static str, &'static [u8]>,
    versions: Table<'a, (&'static str, &'static str), &'static str>,
    key: &'a Key,
}

impl Tables<'_> {
    fn under<'n>(&self, arn: &'n Arn, now: Timestamp) -> Result<(&'n str, Incarnation), VaultError> {
        let name = backend::name_in(arn)?;
        let held = find(&self.secrets, name, now)?;
        if held.is(arn) { Ok((name, held)) } else { Err(VaultError::NotFound) }
    }

    fn keep(&mut self, name: &str, held: &Incarnation) -> Result<(), VaultError> {
        let record = serde_json::to_vec(held).map_err(unavailable)?;
        self.secrets.insert(name, record.as_slice()).map_err(in_database)?;
        Ok(())
    }

    fn lay_down(&mut self, arn: &Arn, version: &VersionId, body: SecretBody) -> Result<(), VaultError> {
        let sealed = self.key.close(body, arn, version)?;
        self.versions.insert((arn.as_str(), version.as_str()), sealed.as_str()).map_err(in_database)?;
        Ok(())
    }

    fn repeats(&self, held: &Incarnation, version: &VersionId, body: &SecretBody) -> Result<bool, VaultError> {
        let before = content(&self.versions, self.key, &held.arn(), version)?;
        Ok(backend::same_content(&before, body))
    }

    fn forget(&mut self, name: &str) -> Result<(), VaultError> {
        let record = self.secrets.remove(name).map_err(in_database)?.map(|record| parse(name, record.value()));
        let Some(held) = record.transpose()? else { return Ok(()) };
        for version in held.versions() {
            self.versions.remove((held.arn().as_str(), version.as_str())).map_err(in_database)?;
        }
        Ok(())
    }
}

/// Erases every secret whose recovery window is over. A damaged record stays: whoever reads it is told.
fn forget_gone(tables: &mut Tables<'_>, now: Timestamp) -> Result<(), VaultError> {
    let mut gone = Vec::new();
    for row in tables.secrets.iter().map_err(in_database)? {
        let (name, record) = row.map_err(in_database)?;
        if parse(name.value(), record.value()).is_ok_and(|held| held.is_gone(now)) {
            gone.push(name.value().to_owned());
        }
    }
    gone.iter().try_for_each(|name| tables.forget(name))
}

fn find(
    secrets: &impl ReadableTable<&'static str, &'static [u8]>,
    name: &str,
    now: Timestamp,
) -> Result<Incarnation, VaultError> {
    let record = secrets.get(name).map_err(in_database)?.ok_or(VaultError::NotFound)?;
    let held = parse(name, record.value())?;
    if held.is_gone(now) { Err(VaultError::NotFound) } else { Ok(held) }
}

fn parse(name: &str, record: &[u8]) -> Result<Incarnation, VaultError> {
    let held = serde_json::from_slice::<Incarnation>(record).ok();
    held.filter(|held| backend::name_in(&held.arn()).is_ok_and(|own| own == name))
        .ok_or_else(|| corrupt(name, "its record is damaged or another's"))
}

fn content(
    versions: &impl ReadableTable<(&'static str, &'static str), &'static str>,
    key: &Key,
    arn: &Arn,
    version: &VersionId,
) -> Result<SecretBody, VaultError> {
    let name = backend::name_in(arn)?;
    let sealed = versions.get((arn.as_str(), version.as_str())).map_err(in_database)?;
    let sealed = sealed.ok_or_else(|| corrupt(name, "a version is missing"))?;
    key.open(sealed.value(), arn, version).map_err(|_| corrupt(name, "its seal is broken"))
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

fn in_database(error: impl Into<redb::Error>) -> VaultError {
    match error.into() {
        redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => {
            VaultError::Denied("another process has this folder open".to_owned())
        }
        redb::Error::Io(error) if error.kind() != io::ErrorKind::InvalidData => on_disk(error),
        redb::Error::Io(_) | redb::Error::Corrupted(_) | redb::Error::UpgradeRequired(_) => {
            corrupt(DATABASE_FILE, "the database is damaged, or none of ours")
        }
        other => unavailable(other),
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> VaultError {
    VaultError::Unavailable(Box::new(error))
}

fn corrupt(name: &str, what: &'static str) -> VaultError {
    VaultError::Corrupt { name: name.to_owned(), what }
}
