//! A customer's app, the key pair that may become its credential, and who works with an app.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::adapters::vault::documents::json::{SCHEMA_VERSION, corrupt_document, from_json, to_json};
use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::{SecretName, VaultError};
use crate::domain::audit::{AuditAction, AuditActor, AuditEntry, OWNER_MISMATCH};
use crate::domain::entra_app::{Certificate, Credential, EntraApp, FederatedSubject, KeyPair, TenureState};
use crate::types::clock::Timestamp;
use crate::types::ids::{ClientId, CustomerId, TenantId};
use crate::types::secret::{ClientSecret, PrivateKey, Secret, SecretBody};

/// Who claimed an app, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::adapters::vault) struct ClaimEntry {
    /// The key that it lies under: the hash of the app's tenant and id.
    app: String,
    pub(in crate::adapters::vault) customer: CustomerId,
    pub(in crate::adapters::vault) claimed_at: Timestamp,
}

#[derive(Serialize)]
struct AppDocumentRef<'a> {
    schema: u32,
    kind: &'static str,
    customer: &'a CustomerId,
    tenure: Timestamp,
    tenant: TenantId,
    client_id: ClientId,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_pair: Option<KeyPairDocumentRef<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    federated_subject: Option<&'a FederatedSubject>,
    expires_on: Option<Date>,
}

#[derive(Deserialize)]
struct AppDocument {
    kind: String,
    customer: CustomerId,
    #[serde(default)]
    tenure: Timestamp,
    tenant: TenantId,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    key_pair: Option<KeyPairDocument>,
    federated_subject: Option<FederatedSubject>,
    expires_on: Option<Date>,
}

#[derive(Serialize)]
struct PendingKeyPairDocumentRef<'a> {
    schema: u32,
    kind: &'static str,
    customer: &'a CustomerId,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenure: Option<TenureState>,
    key_pair: Option<KeyPairDocumentRef<'a>>,
}

#[derive(Deserialize)]
struct PendingKeyPairDocument {
    kind: String,
    customer: CustomerId,
    tenure: Option<TenureState>,
    key_pair: Option<KeyPairDocument>,
}

#[derive(Serialize)]
struct KeyPairDocumentRef<'a> {
    private_key: &'a str,
    certificate: String,
    expires_on: Date,
}

#[derive(Deserialize)]
struct KeyPairDocument {
    private_key: PrivateKey,
    certificate: String,
    expires_on: Date,
}

impl<'a> KeyPairDocumentRef<'a> {
    fn of(pair: &'a KeyPair) -> Self {
        Self {
            private_key: pair.private_key.expose(),
            certificate: STANDARD.encode(&pair.certificate.der),
            expires_on: pair.certificate.expires_on,
        }
    }
}

impl KeyPairDocument {
    fn parse(self, name: &SecretName) -> Result<KeyPair, VaultError> {
        let Self { private_key, certificate, expires_on } = self;
        let der = STANDARD.decode(certificate).map_err(|_| corrupt_document(name, "its certificate is none"))?;
        Ok(KeyPair { private_key, certificate: Certificate { der, expires_on } })
    }
}

pub(in crate::adapters::vault) fn write_app(
    (customer, tenure): (&CustomerId, Timestamp),
    app: &EntraApp,
) -> Result<SecretBody, VaultError> {
    let (client_secret, key_pair, federated_subject) = match &app.credential {
        Credential::Secret(secret) => (Some(secret.expose()), None, None),
        Credential::Certificate(pair) => (None, Some(KeyPairDocumentRef::of(pair)), None),
        Credential::Federated(subject) => (None, None, Some(subject)),
    };
    to_json(&AppDocumentRef {
        schema: SCHEMA_VERSION,
        kind: "app",
        customer,
        tenure,
        tenant: app.tenant,
        client_id: app.client_id,
        client_secret,
        key_pair,
        federated_subject,
        expires_on: app.expires_on,
    })
}

pub(in crate::adapters::vault) fn read_app(
    name: &SecretName,
    customer: &CustomerId,
    body: &SecretBody,
) -> Result<(EntraApp, Timestamp), VaultError> {
    let app: AppDocument = from_json(name, body)?;
    if app.kind != "app" || app.customer != *customer {
        return Err(owner_mismatch(name, customer));
    }
    let credential = match (app.client_secret, app.key_pair, app.federated_subject) {
        (Some(secret), None, None) => Credential::Secret(secret),
        (None, Some(pair), None) => Credential::Certificate(pair.parse(name)?),
        (None, None, Some(subject)) => Credential::Federated(subject),
        _ => return Err(corrupt_document(name, "it holds no credential, or two")),
    };
    let AppDocument { tenant, client_id, expires_on, tenure, .. } = app;
    Ok((EntraApp { tenant, client_id, credential, expires_on }, tenure))
}

/// A key pair whose certificate waits for being registered, made in this tenure of the customer.
pub(in crate::adapters::vault) fn write_pending_key_pair(
    (customer, tenure): (&CustomerId, TenureState),
    pair: &KeyPair,
) -> Result<SecretBody, VaultError> {
    to_json(&PendingKeyPairDocumentRef {
        schema: SCHEMA_VERSION,
        kind: "key-pair",
        customer,
        tenure: Some(tenure),
        key_pair: Some(KeyPairDocumentRef::of(pair)),
    })
}

/// In its place, once it is an app's credential.
pub(in crate::adapters::vault) fn write_consumed_key_pair(customer: &CustomerId) -> Result<SecretBody, VaultError> {
    let spent =
        PendingKeyPairDocumentRef { schema: SCHEMA_VERSION, kind: "key-pair", customer, tenure: None, key_pair: None };
    to_json(&spent)
}

/// The pair, if one waits, and the tenure that it was made in. Earlier versions did not write that.
pub(in crate::adapters::vault) fn read_pending_key_pair(
    name: &SecretName,
    customer: &CustomerId,
    body: &SecretBody,
) -> Result<(Option<KeyPair>, Option<TenureState>), VaultError> {
    let read: PendingKeyPairDocument = from_json(name, body)?;
    if read.kind != "key-pair" || read.customer != *customer {
        return Err(owner_mismatch(name, customer));
    }
    Ok((read.key_pair.map(|pair| pair.parse(name)).transpose()?, read.tenure))
}

/// Whose an app is, and since when.
pub(in crate::adapters::vault) fn write_claim(
    key: &str,
    customer: &CustomerId,
    claimed_at: Timestamp,
) -> Result<EntryWrite, VaultError> {
    EntryWrite::new(key, &ClaimEntry { app: key.to_owned(), customer: customer.clone(), claimed_at }, None)
}

/// # Errors
/// `Corrupt` for what is no claim, or one of another app.
pub(in crate::adapters::vault) fn read_claim(node: &Node<'_>, key: &str) -> Result<Option<ClaimEntry>, VaultError> {
    let Some(entry) = node.entry(key) else { return Ok(None) };
    let claim: Option<ClaimEntry> = serde_json::from_str(entry.get()).ok();
    let what = "it is of another app, or has another shape";
    claim
        .filter(|claim| claim.app == key)
        .map(Some)
        .ok_or_else(|| VaultError::Corrupt { name: format!("the claim {key}"), what })
}

fn owner_mismatch(name: &SecretName, customer: &CustomerId) -> VaultError {
    AuditEntry::new(AuditAction::ReadSecret, AuditActor::Product).customer(customer).refused(OWNER_MISMATCH);
    corrupt_document(name, "it belongs to somebody else")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::secret_names::SecretNames;

    const TENANT: &str = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";
    const CLIENT: &str = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";

    fn layout() -> SecretNames {
        SecretNames::new("teams-connect".parse().unwrap())
    }

    fn app(credential: Credential) -> EntraApp {
        EntraApp { tenant: TENANT.parse().unwrap(), client_id: CLIENT.parse().unwrap(), credential, expires_on: None }
    }

    fn pair() -> KeyPair {
        let certificate = Certificate { der: vec![0x30, 0xff], expires_on: "2028-11-24".parse().unwrap() };
        KeyPair { private_key: PrivateKey::from("AAEC".to_owned()), certificate }
    }

    #[test]
    fn a_key_pair_comes_back_as_it_was_kept() {
        let (name, customer) = (layout().app(&"a".parse().unwrap()), "a".parse().unwrap());
        let body = write_app((&customer, Timestamp::UNIX_EPOCH), &app(Credential::Certificate(pair()))).unwrap();
        let Credential::Certificate(read) = read_app(&name, &customer, &body).unwrap().0.credential else {
            panic!("it was kept with a certificate")
        };
        assert_eq!((read.private_key.expose(), &read.certificate), ("AAEC", &pair().certificate));
        let name = layout().key_pair(&customer);
        let tenure = TenureState::Active(Timestamp::UNIX_EPOCH);
        let body = write_pending_key_pair((&customer, tenure), &pair()).unwrap();
        let (read, of) = read_pending_key_pair(&name, &customer, &body).unwrap();
        let read = read.unwrap();
        assert_eq!((read.private_key.expose(), &read.certificate), ("AAEC", &pair().certificate));
        assert_eq!(of, Some(tenure));
        let spent = write_consumed_key_pair(&customer).unwrap();
        assert!(read_pending_key_pair(&name, &customer, &spent).unwrap().0.is_none());
        assert!(read_pending_key_pair(&name, &"b".parse().unwrap(), &body).is_err(), "it is another customer's");
    }

    #[test]
    fn a_subject_comes_back_as_it_was_kept() {
        let (name, customer) = (layout().app(&"a".parse().unwrap()), "a".parse().unwrap());
        let kept: FederatedSubject = "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap();
        let body = write_app((&customer, Timestamp::UNIX_EPOCH), &app(Credential::Federated(kept.clone()))).unwrap();
        let read = read_app(&name, &customer, &body).unwrap().0.credential;
        assert!(matches!(read, Credential::Federated(subject) if subject == kept));
    }

    #[test]
    fn an_app_has_one_credential() {
        let (name, customer) = (layout().app(&"a".parse().unwrap()), "a".parse().unwrap());
        let pair = r#"{"private_key":"AAEC","certificate":"MP8=","expires_on":"2028-11-24"}"#;
        let read = |credentials: &str| {
            let body = format!(
                r#"{{"kind":"app","customer":"a","tenant":"{TENANT}","client_id":"{CLIENT}",{credentials}"expires_on":null}}"#
            );
            read_app(&name, &customer, &SecretBody::from(body))
        };
        assert!(read(r#""client_secret":"abC8Q~x","#).is_ok());
        assert!(read(&format!(r#""key_pair":{pair},"#)).is_ok());
        let subject = r#""federated_subject":"AAAAAAAAAAAAAAAAAAAAAA","#;
        assert!(read(subject).is_ok());
        for credentials in [
            "",
            r#""federated_subject":"kadry","#,
            &format!(r#""client_secret":"abC8Q~x","key_pair":{pair},"#),
            &format!(r#""client_secret":"abC8Q~x",{subject}"#),
        ] {
            assert!(matches!(read(credentials), Err(VaultError::Corrupt { .. })), "{credentials}");
        }
    }

    #[test]
    fn a_secret_of_somebody_else_is_not_taken_for_ones_own() {
        let name = layout().app(&"a".parse().unwrap());
        let app = app(Credential::Secret("abC8Q~x".to_owned().into()));
        let body = write_app((&"b".parse().unwrap(), Timestamp::UNIX_EPOCH), &app).unwrap();
        let error = read_app(&name, &"a".parse().unwrap(), &body).unwrap_err();
        assert!(matches!(error, VaultError::Corrupt { .. }));
        assert!(read_app(&name, &"b".parse().unwrap(), &body).is_ok());
    }

    #[test]
    fn what_a_later_version_of_this_software_writes_is_read_by_this_one() {
        let (name, customer) = (layout().app(&"a".parse().unwrap()), "a".parse().unwrap());
        let later = r#"{"schema":2,"kind":"app","customer":"a","tenant":"6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60",
            "client_id":"0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f","client_secret":"abC8Q~x","expires_on":null,
            "federated":{"later":[1]}}"#;
        let (read, _) = read_app(&name, &customer, &SecretBody::from(later.to_owned())).unwrap();
        assert!(matches!(read.credential, Credential::Secret(secret) if secret.expose() == "abC8Q~x"));
    }

    #[test]
    fn what_is_wrong_with_a_content_is_told_without_quoting_it() {
        let name = layout().app(&"a".parse().unwrap());
        let body = SecretBody::from(r#"{"kind":"app","client_secret":canary}"#.to_owned());
        let error = read_app(&name, &"a".parse().unwrap(), &body).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}
