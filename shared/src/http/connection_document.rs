//! How a connection is, and who signed in, as two functions report it.

use serde::Serialize;

use crate::adapters::vault::connections::ConnectionSummary;
use crate::domain::connection::{Account, ConnectionState};
use crate::domain::entra_app::AppSummary;
use crate::domain::finding::{Severity, first_of};
use crate::http::problem::ProblemKind;
use crate::types::clock::Timestamp;
use crate::types::ids::{ClientId, TenantId};

/// The state of a connection.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KnownConnection))]
pub struct ConnectionDocument {
    pub state: ConnectionState,
    /// Since when the connection has been in this state.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub since: Timestamp,
    /// The code of the finding or problem that led to this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the recruiter signed in.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub connected_at: Timestamp,
    /// When Microsoft last issued tokens.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub renewed_at: Timestamp,
}

/// The account that signed in.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Account))]
pub struct AccountDocument {
    /// The display name.
    pub name: String,
    /// The user principal name.
    pub upn: String,
}

impl From<Account> for AccountDocument {
    fn from(account: Account) -> Self {
        Self { name: account.name, upn: account.upn }
    }
}

impl ConnectionDocument {
    /// A connection of a customer whose app is this one; `None` for one of an earlier tenure, which counts no more. A
    /// finding about the app hides the state, and so does another app than the one of the sign-in. Without an app nothing
    /// works.
    #[must_use]
    pub fn new(summary: ConnectionSummary, app: Option<&AppSummary>) -> Option<Self> {
        let ConnectionSummary { tenure, state, since, reason, connected_at, renewed_at, app: signed_in_to } = summary;
        let mut document = Self { state, since, reason, connected_at, renewed_at };
        let is_past = app.is_some_and(|app| app.tenure > tenure);
        if state == ConnectionState::Disconnected {
            return Some(document);
        }
        match app {
            Some(_) if is_past => return None,
            Some(app) => document.apply(app, signed_in_to),
            None => document.mark_blocked(ProblemKind::NotConfigured.code()),
        }
        Some(document)
    }

    fn apply(&mut self, app: &AppSummary, signed_in_to: Option<(TenantId, ClientId)>) {
        if signed_in_to.is_some_and(|(tenant, client_id)| !app.is_app(tenant, client_id)) {
            let reason = ProblemKind::ReauthRequired.code().to_owned();
            (self.state, self.since, self.reason) = (ConnectionState::NeedsReauth, app.submitted_at, Some(reason));
        }
        if let Some(kind) = first_of(&app.findings, Severity::Error) {
            self.mark_blocked(kind.code());
        }
    }

    /// Says that the customer's app does not work, which hides the state of the connection.
    fn mark_blocked(&mut self, reason: &str) {
        let blocked = self.state.when_app_blocked();
        if blocked != self.state {
            (self.state, self.reason) = (blocked, Some(reason.to_owned()));
        }
    }
}
