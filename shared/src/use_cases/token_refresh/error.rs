//! Why there is no working connection.

use std::time::Duration;

use crate::adapters::microsoft::entra::EntraError;
use crate::adapters::vault::apps::AppReader;
use crate::adapters::vault::model::VaultError;
use crate::domain::finding::Finding;
use crate::types::ids::CustomerId;

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

/// The connection, or why there is none: nobody can connect before the customer has an app.
pub(super) async fn found<T>(
    connection: Result<T, VaultError>,
    apps: &AppReader,
    customer: &CustomerId,
) -> Result<T, TokenRefreshError> {
    let error = match connection {
        Ok(connection) => return Ok(connection),
        Err(error @ (VaultError::NotFound | VaultError::Deleted)) => error,
        Err(error) => return Err(not_connected(error)),
    };
    match apps.read(customer).await {
        Err(VaultError::NotFound | VaultError::Deleted) => Err(TokenRefreshError::NotConfigured),
        _ => Err(not_connected(error)),
    }
}
