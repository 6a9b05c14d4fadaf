//! Why a deployment did not start.

use std::io;
use std::path::PathBuf;

use shared::adapters::vault::model::VaultError;
use shared::startup::settings::SettingsError;
use shared::types::randomness::RandomnessError;

use crate::error_chain::error_chain;

/// Why a deployment did not start. Every message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum DeploymentError {
    /// Another program listens on the port.
    #[error("port {0} is in use: end the program that listens there, or choose another with --port (PORT)")]
    PortTaken(u16),
    /// The operating system refuses the port for another reason.
    #[error("port {0} cannot be used: {1}; choose another with --port (PORT)")]
    Port(u16, #[source] io::Error),
    /// Settings are invalid. Lists all of them.
    #[error("{0}; `teams-connect --help` explains every setting")]
    Settings(#[from] SettingsError),
    /// The folder belongs to another user, or another process has it open.
    #[error(
        "the data folder {} cannot be opened: {error}; end the process that uses it, or choose another folder with \
         --data-dir (DATA_DIR)", folder.display()
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        error: VaultError,
    },
    /// The folder cannot be created, or it is not this user's alone.
    #[error("the data folder {} cannot be used: {error}; choose another folder with --data-dir (DATA_DIR)", folder.display())]
    UnsafeFolder {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        error: io::Error,
    },
    /// The content of the folder cannot be read or written.
    #[error(
        "the data folder {} cannot be used: {}; choose another folder with --data-dir (DATA_DIR), or restore this one \
         from a copy", folder.display(), error_chain(error)
    )]
    Vault {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        error: VaultError,
    },
    /// The API key's file cannot be read or written.
    #[error("the file api-key in {} cannot be used: {error}; delete it to get a new key, or set API_KEY", folder.display())]
    KeyFile {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        error: io::Error,
    },
    /// The simulator of Microsoft does not start.
    #[error(
        "the simulator of Microsoft does not start: {0}; choose other ports with --simulator-port (SIMULATOR_PORT)"
    )]
    Simulator(#[source] io::Error),
    /// The HTTP client cannot be built.
    #[error("the HTTP client cannot be built: {0}")]
    Client(Box<dyn std::error::Error + Send + Sync>),
    /// The operating system gives no random bytes.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
}
