//! The secrets of the deployment itself: API keys, and the keys that seal.

use serde::{Deserialize, Serialize};

use crate::adapters::vault::documents::json::{SCHEMA_VERSION, corrupt_document, from_json, to_json};
use crate::adapters::vault::model::{SecretName, VaultError};
use crate::adapters::vault::secret_names::DeploymentSecret;
use crate::domain::api_key::ApiKeyRecord;
use crate::types::sealing::derive_key;
use crate::types::secret::{GeneratedText, SealingKeyText, Secret, SecretBody};

#[derive(Serialize)]
struct ApiKeysDocumentRef {
    schema: u32,
    kind: &'static str,
    keys: Vec<ApiKeyRecord>,
}

/// Keys by their hashes. A new deployment begins without any.
#[derive(Deserialize)]
struct ApiKeysDocument {
    kind: String,
    keys: Vec<ApiKeyRecord>,
}

#[derive(Serialize)]
struct SealingKeyDocumentRef<'a> {
    schema: u32,
    kind: &'static str,
    key: &'a str,
}

/// The key itself, or a text that Secrets Manager made up and that it is derived from.
#[derive(Deserialize)]
struct SealingKeyDocument {
    kind: String,
    key: Option<SealingKeyText>,
    generated: Option<GeneratedText>,
}

pub(in crate::adapters::vault) fn write_api_keys(keys: Vec<ApiKeyRecord>) -> Result<SecretBody, VaultError> {
    to_json(&ApiKeysDocumentRef { schema: SCHEMA_VERSION, kind: "api-keys", keys })
}

pub(in crate::adapters::vault) fn read_api_keys(
    name: &SecretName,
    body: &SecretBody,
) -> Result<Vec<ApiKeyRecord>, VaultError> {
    let read: ApiKeysDocument = from_json(name, body)?;
    if read.kind != "api-keys" {
        return Err(corrupt_document(name, "it holds no API keys"));
    }
    for key in read.keys.iter().filter(|key| key.limits.denies_all()) {
        tracing::error!(key = key.id, "an API key opens nothing: see how the guide writes limits");
    }
    Ok(read.keys)
}

pub(in crate::adapters::vault) fn write_key(
    secret: DeploymentSecret,
    key: &SealingKeyText,
) -> Result<SecretBody, VaultError> {
    to_json(&SealingKeyDocumentRef { schema: SCHEMA_VERSION, kind: secret.kind(), key: key.expose() })
}

/// One kind of key is not taken for another, though all look the same.
pub(in crate::adapters::vault) fn read_key(
    secret: DeploymentSecret,
    name: &SecretName,
    body: &SecretBody,
) -> Result<SealingKeyText, VaultError> {
    let expected = secret.kind();
    let wrong = || corrupt_document(name, "it holds no key of this kind");
    match from_json(name, body)? {
        SealingKeyDocument { kind, key: Some(key), generated: None } if kind == expected => Ok(key),
        SealingKeyDocument { kind, key: None, generated: Some(generated) } if kind == expected => {
            derive_key(&generated).map_err(|_| wrong())
        }
        SealingKeyDocument { .. } => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::secret_names::SecretNames;

    fn layout() -> SecretNames {
        SecretNames::new("teams-connect".parse().unwrap())
    }

    #[test]
    fn a_key_serves_for_what_it_is_and_for_nothing_else() {
        let text = "k4.local.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo8";
        for written in DeploymentSecret::KEYS {
            let body = write_key(written, &SealingKeyText::from(text.to_owned())).unwrap();
            for read in DeploymentSecret::KEYS {
                let key = read_key(read, &layout().of_deployment(read), &body);
                match key {
                    Ok(key) => assert_eq!((read, key.expose()), (written, text)),
                    Err(VaultError::Corrupt { .. }) => assert_ne!(read, written),
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }

    #[test]
    fn api_keys_are_a_list_and_nothing_beside_it_lets_anybody_in() {
        let read = |text: &str| {
            read_api_keys(&layout().of_deployment(DeploymentSecret::ApiKeys), &SecretBody::from(text.to_owned()))
        };
        let made_up = format!(r#"{{"schema":1,"kind":"api-keys","keys":[],"generated":"{}"}}"#, "x".repeat(48));
        for empty in [r#"{"schema":1,"kind":"api-keys","keys":[]}"#, &made_up] {
            assert_eq!(read(empty).unwrap(), [], "{empty}");
        }
        assert!(matches!(read(r#"{"schema":1,"kind":"api-keys"}"#), Err(VaultError::Corrupt { .. })), "no list");
    }

    #[test]
    fn what_secrets_manager_made_up_serves_as_key() {
        let body = |text: &str| SecretBody::from(text.to_owned());
        let generated = "x".repeat(64);
        let name = layout().of_deployment(DeploymentSecret::SealingKey);
        let read = |secret, body: &SecretBody| read_key(secret, &name, body);
        let sealing = body(&format!(r#"{{"schema":1,"kind":"sealing-key","generated":"{generated}"}}"#));
        assert!(read(DeploymentSecret::SealingKey, &sealing).unwrap().expose().starts_with("k4.local."));
        assert!(read(DeploymentSecret::LinkKey, &sealing).is_err(), "a key of another kind");
        for wrong in [r#"{"kind":"sealing-key"}"#, r#"{"kind":"sealing-key","generated":"short"}"#, r#"{"kind":"x"}"#] {
            assert!(read(DeploymentSecret::SealingKey, &body(wrong)).is_err(), "{wrong}");
        }
    }
}
