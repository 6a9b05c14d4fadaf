//! What is known about a customer's app without reading its secret.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::types::clock::Timestamp;
use crate::types::ids::{ClientId, TenantId};

/// What is known about a customer's app without reading its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSummary {
    /// The tenant.
    pub tenant: TenantId,
    /// The app.
    pub client_id: ClientId,
    /// How the app proves itself.
    pub kind: CredentialKind,
    /// The day on which the credential ends, if it was told.
    pub expires_on: Option<Date>,
    /// By what two credentials can be told apart ([`crate::domain::entra_app::app::Credential::fingerprint`]).
    pub fingerprint: Option<String>,
    /// When Entra last accepted the credential.
    pub verified_at: Option<Timestamp>,
    /// When these credentials were handed over; links from before are spent.
    pub submitted_at: Timestamp,
    /// When the doctor last looked.
    pub checked_at: Option<Timestamp>,
    /// The codes of what was found last.
    pub findings: Vec<String>,
    /// How the administrator answered the request for consent, as the browser reported it.
    pub consent: Option<AdminConsent>,
    /// How the last test of a sign-in ended.
    pub sign_in_test: Option<SignInTestResult>,
    /// The last reminder that was given, in days before the end.
    pub reminded: Option<i32>,
    /// The customer's connections by state, as the schedule last counted them.
    pub connections: Option<ConnectionCounts>,
}

/// How an app proves itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// By a secret that its administrator made.
    #[default]
    ClientSecret,
    /// By a key of ours whose certificate its administrator registered.
    Certificate,
}

impl CredentialKind {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecret => "client_secret",
            Self::Certificate => "certificate",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::ClientSecret, Self::Certificate].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A customer's connections by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConnectionCounts {
    /// They work.
    pub active: u32,
    /// Entra refused them once.
    pub suspect: u32,
    /// Only a new sign-in helps.
    pub needs_reauth: u32,
}

/// How an administrator answered the request for consent. Reported by a browser, so a hint and no proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminConsent {
    /// Whether it was granted.
    pub granted: bool,
    /// When.
    pub at: Timestamp,
}

/// How a test of a sign-in ended. It names nobody: whose account was used is told to whoever used it, and not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInTestResult {
    /// When.
    pub at: Timestamp,
    /// The codes of what was found; empty when everything worked.
    pub findings: Vec<String>,
}

impl AppSummary {
    /// Whether it is this app.
    #[must_use]
    pub fn is_app(&self, tenant: TenantId, client_id: ClientId) -> bool {
        self.tenant == tenant && self.client_id == client_id
    }
}
