//! Why there is no working connection.

use std::time::Duration;

use crate::adapters::microsoft::entra::EntraError;
use crate::adapters::vault::model::VaultError;
use crate::domain::finding::Finding;

/// Why there is no connection with a valid token.
#[derive(Debug, thiserror::Error)]
pub enum TokenRefreshError {
    /// The recruiter never connected.
    #[error("the recruiter is not connected")]
    NotConnected,
    /// The recruiter was disconnected.
    #[error("the recruiter was disconnected")]
    Disconnected,
    /// The customer has no app.
    #[error("the customer has no app")]
    NotConfigured,
    /// The recruiter signed in to another app than the customer's current one.
    #[error("the customer's app is another now")]
    AppChanged,
    /// Entra rejected the refresh token.
    #[error("the sign-in is not accepted")]
    SignInRejected {
        /// Why.
        finding: Option<Finding>,
        /// When a second attempt makes sense, if it does.
        retry_after: Option<Duration>,
    },
    /// Entra did not answer, or rejected the customer's app.
    #[error(transparent)]
    Entra(EntraError),
    /// An error of the vault.
    #[error(transparent)]
    Vault(VaultError),
}

impl TokenRefreshError {
    /// The code in the audit log.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::NotConnected => "not_connected",
            Self::Disconnected => "disconnected",
            Self::NotConfigured => "not_configured",
            Self::AppChanged => "reconfigured",
            Self::SignInRejected { finding: Some(finding), .. }
            | Self::Entra(EntraError::AppRejected(finding) | EntraError::SignInRejected { finding, .. }) => {
                finding.kind.code()
            }
            Self::SignInRejected { finding: None, .. } => "reauth_required",
            Self::Entra(EntraError::Unavailable { .. }) => "microsoft_unavailable",
            Self::Entra(_) => "microsoft_protocol",
            Self::Vault(_) => "vault_unavailable",
        }
    }
}

pub(super) fn not_connected(error: VaultError) -> TokenRefreshError {
    match error {
        VaultError::NotFound => TokenRefreshError::NotConnected,
        VaultError::Deleted => TokenRefreshError::Disconnected,
        error => TokenRefreshError::Vault(error),
    }
}
