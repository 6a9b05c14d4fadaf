//! A customer's app registration and its credential.

use jiff::civil::Date;

use crate::domain::entra_app::certificate::KeyPair;
use crate::domain::entra_app::federation::FederatedSubject;
use crate::domain::entra_app::summary::CredentialKind;
use crate::types::ids::{ClientId, TenantId};
use crate::types::secret::ClientSecret;

/// A customer's app registration, as the vault stores it. Each customer has one.
#[derive(Debug)]
pub struct EntraApp {
    pub tenant: TenantId,
    pub client_id: ClientId,
    pub credential: Credential,
    /// The day on which the credential expires, if it is known.
    pub expires_on: Option<Date>,
}

/// How an app authenticates to Entra.
#[derive(Debug)]
pub enum Credential {
    /// With a secret that its administrator created (RFC 6749 §2.3.1).
    Secret(ClientSecret),
    /// With assertions that our key signs (RFC 7523 §2.2).
    Certificate(KeyPair),
    /// With assertions of our issuer about this subject, which the app trusts (RFC 7523 §2.2). Nothing of it is secret.
    Federated(FederatedSubject),
}

impl Credential {
    #[must_use]
    pub fn kind(&self) -> CredentialKind {
        match self {
            Self::Secret(_) => CredentialKind::ClientSecret,
            Self::Certificate(_) => CredentialKind::Certificate,
            Self::Federated(_) => CredentialKind::Federated,
        }
    }

    /// Tells two credentials of a kind apart: the beginning of a secret's SHA-256, or a certificate's thumbprint as the
    /// portal shows it, or the subject.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        match self {
            Self::Secret(secret) => secret.fingerprint(),
            Self::Certificate(pair) => pair.certificate.thumbprint(),
            Self::Federated(subject) => subject.to_string(),
        }
    }
}
