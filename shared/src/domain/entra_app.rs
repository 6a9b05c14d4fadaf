//! A customer's app registration: how its administrator hands it over, and what is known about it.

mod certificate;
mod expiry;
mod submission;
mod summary;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::types::ids::{ClientId, CustomerId, TenantId};
use crate::types::language::Language;
use crate::types::sealing::Sealable;
use crate::types::secret::ClientSecret;

pub use certificate::{Certificate, KeyPair, KeyPairError};
pub use expiry::{REMINDER_DAYS, days_left, due_reminder, expiry_finding, utc_date};
pub use submission::{AppCandidate, CredentialsSubmission, SubmittedCredential};
pub use summary::{AdminConsent, AppSummary, ConnectionCounts, CredentialKind, SignInTestResult};

/// What a link for the administrator carries, sealed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeLink {
    /// Whose credentials are asked for.
    pub customer: CustomerId,
    /// The language to begin in, if the ATS knows it.
    pub language: Option<Language>,
    /// The tenant must be the one of this domain.
    pub expected_domain: Option<DomainName>,
    /// Where the page offers to go afterwards.
    pub return_url: Option<url::Url>,
}

impl Sealable for IntakeLink {
    const PURPOSE: &'static str = "intake-link";
}

/// What comes back in the `state` of an administrator's consent, sealed. The redirect itself proves nothing: Microsoft
/// warns that its `tenant` may be anybody's
/// ([admin consent](https://learn.microsoft.com/entra/identity-platform/v2-admin-consent)).
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdminConsentRequest {
    /// Whose administrator was asked.
    pub customer: CustomerId,
    /// At which tenant.
    pub tenant: TenantId,
    /// For which app.
    pub client_id: ClientId,
}

impl Sealable for AdminConsentRequest {
    const PURPOSE: &'static str = "admin-consent";
}

/// A domain name of a tenant, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct DomainName(String);

impl DomainName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not a domain name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a domain name")]
pub struct DomainNameError;

impl std::str::FromStr for DomainName {
    type Err = DomainNameError;

    /// Letters, digits and hyphens in at least two labels (RFC 1123 §2.1), the last of which begins with a letter.
    fn from_str(text: &str) -> Result<Self, DomainNameError> {
        let text = text.trim().to_ascii_lowercase();
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let top_level = text.rsplit('.').next().unwrap_or_default();
        let named = top_level.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
        if text.len() <= 253 && text.contains('.') && text.split('.').all(label) && named {
            Ok(Self(text))
        } else {
            Err(DomainNameError)
        }
    }
}

impl TryFrom<String> for DomainName {
    type Error = DomainNameError;
    fn try_from(text: String) -> Result<Self, DomainNameError> {
        text.parse()
    }
}

/// How the administrator named the tenant. A domain is turned into the GUID once, by discovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantRef {
    /// By its id.
    Id(TenantId),
    /// By one of its verified domains.
    Domain(DomainName),
}

impl std::fmt::Display for TenantRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Domain(domain) => f.write_str(domain.as_str()),
        }
    }
}

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
