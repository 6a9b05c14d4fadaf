//! The issuer's keys: the one that signs, the next one, and what is published of them.

use serde::{Deserialize, Serialize};

use crate::adapters::vault::documents::json::{SCHEMA_VERSION, corrupt_document, from_json, to_json};
use crate::adapters::vault::model::{SecretName, VaultError};
use crate::adapters::vault::secret_names::DeploymentSecret;
use crate::domain::issuer::{IssuerKey, PublicIssuerKey, PublishedKey};
use crate::types::secret::{PrivateKey, Secret, SecretBody};

#[derive(Serialize)]
struct IssuerKeyDocumentRef<'a> {
    schema: u32,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<KeyDocumentRef<'a>>,
}

#[derive(Serialize)]
struct KeyDocumentRef<'a> {
    private_key: &'a str,
    #[serde(flatten)]
    public: &'a PublicIssuerKey,
}

/// A new deployment begins without a key.
#[derive(Deserialize)]
struct IssuerKeyDocument {
    kind: String,
    key: Option<KeyDocument>,
}

#[derive(Deserialize)]
struct KeyDocument {
    private_key: PrivateKey,
    #[serde(flatten)]
    public: PublicIssuerKey,
}

#[derive(Serialize)]
struct PublishedKeysDocumentRef<'a> {
    schema: u32,
    kind: &'static str,
    keys: &'a [PublishedKey],
}

#[derive(Deserialize)]
struct PublishedKeysDocument {
    kind: String,
    keys: Vec<PublishedKey>,
}

pub(in crate::adapters::vault) fn write_issuer_key(
    secret: DeploymentSecret,
    key: Option<&IssuerKey>,
) -> Result<SecretBody, VaultError> {
    let key = key.map(|key| KeyDocumentRef { private_key: key.private_key.expose(), public: &key.public });
    to_json(&IssuerKeyDocumentRef { schema: SCHEMA_VERSION, kind: secret.kind(), key })
}

/// The next key is not taken for the one that signs, though both look the same.
pub(in crate::adapters::vault) fn read_issuer_key(
    secret: DeploymentSecret,
    name: &SecretName,
    body: &SecretBody,
) -> Result<Option<IssuerKey>, VaultError> {
    let IssuerKeyDocument { kind, key } = from_json(name, body)?;
    if kind != secret.kind() {
        return Err(corrupt_document(name, "it holds no key of this kind"));
    }
    Ok(key.map(|KeyDocument { private_key, public }| IssuerKey { private_key, public }))
}

pub(in crate::adapters::vault) fn write_published_keys(keys: &[PublishedKey]) -> Result<SecretBody, VaultError> {
    to_json(&PublishedKeysDocumentRef { schema: SCHEMA_VERSION, kind: DeploymentSecret::IssuerJwks.kind(), keys })
}

pub(in crate::adapters::vault) fn read_published_keys(
    name: &SecretName,
    body: &SecretBody,
) -> Result<Vec<PublishedKey>, VaultError> {
    let PublishedKeysDocument { kind, keys } = from_json(name, body)?;
    if kind != DeploymentSecret::IssuerJwks.kind() {
        return Err(corrupt_document(name, "it holds no published keys"));
    }
    Ok(keys)
}
