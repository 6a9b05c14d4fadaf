//! What tags tell about a customer's app, without reading its secret.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::types::clock::Timestamp;
use crate::types::ids::{ClientId, TenantId};

/// What tags tell about a customer's app, without reading its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSummary {
    /// When the customer's present tenure began. Records of an earlier tenure do not count.
    pub tenure: Timestamp,
    /// The tenant.
    pub tenant: TenantId,
    /// The app.
    pub client_id: ClientId,
    /// How the app authenticates.
    pub kind: CredentialKind,
    /// The day on which the credential expires, if it is known.
    pub expires_on: Option<Date>,
    /// Tells two credentials apart: `Credential::fingerprint`.
    pub fingerprint: Option<String>,
    /// When Entra last accepted the credential.
    pub verified_at: Option<Timestamp>,
    /// When these credentials were submitted. Links from before cannot be used.
    pub submitted_at: Timestamp,
    /// When the last app check ran.
    pub checked_at: Option<Timestamp>,
    /// The codes of its findings.
    pub findings: Vec<String>,
    /// The last admin consent, as a browser reported it.
    pub consent: Option<AdminConsent>,
    /// The last sign-in test.
    pub sign_in_test: Option<SignInTestResult>,
    /// The last reminder that was sent, in days before the expiry.
    pub reminded: Option<i32>,
    /// The customer's connections by state, as the schedule last counted them.
    pub connections: Option<ConnectionCounts>,
}

/// How an app authenticates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// With a secret that its administrator created.
    #[default]
    ClientSecret,
    /// With our key, whose certificate its administrator registered.
    Certificate,
}

impl CredentialKind {
    /// The kind's name in documents and tags.
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
    /// Connections that work.
    pub active: u32,
    /// Connections that Entra rejected once.
    pub suspect: u32,
    /// Connections that need a new sign-in.
    pub needs_reauth: u32,
}

/// The result of an admin consent. A browser reports it, so it is a hint and no proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminConsent {
    pub granted: bool,
    pub at: Timestamp,
}

/// The result of a sign-in test. The account that was used is not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInTestResult {
    pub at: Timestamp,
    /// The codes of the findings; empty if everything worked.
    pub findings: Vec<String>,
}

impl AppSummary {
    #[must_use]
    pub fn is_app(&self, tenant: TenantId, client_id: ClientId) -> bool {
        self.tenant == tenant && self.client_id == client_id
    }
}
