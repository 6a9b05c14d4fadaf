//! A customer's app registration and its credential.

use jiff::civil::Date;

use crate::domain::entra_app::certificate::KeyPair;
use crate::domain::entra_app::summary::CredentialKind;
use crate::types::ids::{ClientId, TenantId};
use crate::types::secret::ClientSecret;

/// A customer's app registration: what is kept in the vault, one for each customer.
#[derive(Debug)]
pub struct EntraApp {
    /// The tenant.
    pub tenant: TenantId,
    /// The app.
    pub client_id: ClientId,
    /// How it proves itself.
    pub credential: Credential,
    /// The day on which the credential ends, if it was told.
    pub expires_on: Option<Date>,
}

/// How an app proves itself to Entra.
#[derive(Debug)]
pub enum Credential {
    /// By a secret that its administrator made (RFC 6749 §2.3.1).
    Secret(ClientSecret),
    /// By what a key of ours signs (RFC 7523 §2.2).
    Certificate(KeyPair),
}

impl Credential {
    /// Which of the two.
    #[must_use]
    pub fn kind(&self) -> CredentialKind {
        match self {
            Self::Secret(_) => CredentialKind::ClientSecret,
            Self::Certificate(_) => CredentialKind::Certificate,
        }
    }

    /// By what two of a kind can be told apart: the beginning of a secret's SHA-256, or the certificate's thumbprint as
    /// the portal shows it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        match self {
            Self::Secret(secret) => secret.fingerprint(),
            Self::Certificate(pair) => pair.certificate.thumbprint(),
        }
    }
}
