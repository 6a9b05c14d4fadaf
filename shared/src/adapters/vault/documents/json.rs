//! How every content of a secret is written and read.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::adapters::vault::model::{SecretName, VaultError};
use crate::types::secret::{Secret, SecretBody};

/// Each content names the layout it was written in.
pub(super) const SCHEMA_VERSION: u32 = 1;

pub(super) fn to_json(content: &impl Serialize) -> Result<SecretBody, VaultError> {
    serde_json::to_string(content)
        .map(SecretBody::from)
        .map_err(|_| VaultError::Refused("it cannot be written as JSON"))
}

pub(super) fn from_json<T: DeserializeOwned>(name: &SecretName, body: &SecretBody) -> Result<T, VaultError> {
    // The parser's own message could quote the content, so it is not kept.
    serde_json::from_str(body.expose()).map_err(|_| corrupt_document(name, "it has another shape"))
}

pub(in crate::adapters::vault) fn corrupt_document(name: &SecretName, what: &'static str) -> VaultError {
    VaultError::Corrupt { name: name.to_string(), what }
}
