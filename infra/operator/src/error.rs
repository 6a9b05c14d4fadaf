//! Why a command did not do what was asked, and the exit code for it.

use std::io;

use shared::adapters::vault::customer_restorer::RestoreCustomerError;
use shared::adapters::vault::model::VaultError;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OperatorError {
    /// The command line or a setting is wrong. Nothing was tried.
    #[error("{0}")]
    Usage(String),
    /// It cannot be done as things are. Nothing was changed.
    #[error("{0}")]
    Refused(String),
    /// Something was found that is not as it should be; it was told.
    #[error("{0} findings")]
    Findings(usize),
    /// The vault did not do it.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A file or the terminal did not.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl OperatorError {
    /// 1 for a failure, 2 for a command line or setting that is wrong.
    pub(crate) fn exit_code(&self) -> u8 {
        if matches!(self, Self::Usage(_)) { 2 } else { 1 }
    }
}

impl From<RestoreCustomerError> for OperatorError {
    fn from(error: RestoreCustomerError) -> Self {
        match error {
            RestoreCustomerError::Taken => Self::Refused(error.to_string()),
            RestoreCustomerError::Vault(error) => Self::Vault(error),
        }
    }
}
