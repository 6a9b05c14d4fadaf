//! Errors of the disk and of the database as the vault's own.

use std::io;

use crate::adapters::vault::model::VaultError;

pub(super) const DATABASE_FILE: &str = "vault.redb";

pub(super) fn disk_error(error: io::Error) -> VaultError {
    match error.kind() {
        io::ErrorKind::PermissionDenied => VaultError::Denied(error.to_string()),
        _ => unavailable(error),
    }
}

pub(super) fn database_error(error: impl Into<redb::Error>) -> VaultError {
    match error.into() {
        redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => {
            VaultError::Denied("another process has this folder open".to_owned())
        }
        redb::Error::Io(error) if error.kind() != io::ErrorKind::InvalidData => disk_error(error),
        redb::Error::Io(_) | redb::Error::Corrupted(_) | redb::Error::UpgradeRequired(_) => {
            corrupt(DATABASE_FILE, "the database is damaged, or none of ours")
        }
        other => unavailable(other),
    }
}

pub(super) fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> VaultError {
    VaultError::Unavailable(Box::new(error))
}

pub(super) fn corrupt(name: &str, what: &'static str) -> VaultError {
    VaultError::Corrupt { name: name.to_owned(), what }
}
