//! Taking an offboarding back.

use crate::adapters::vault::apps::app_claims::ClaimOutcome;
use crate::adapters::vault::apps::{AppWriter, parse_app_tags};
use crate::adapters::vault::model::VaultError;
use crate::domain::entra_app::AppSummary;
use crate::types::ids::CustomerId;

/// Why an app was not brought back.
#[derive(Debug, thiserror::Error)]
pub enum RestoreAppError {
    /// Another customer took it over meanwhile.
    #[error("another customer works with this app by now")]
    Taken,
    /// The vault did not do it.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl AppWriter {
    /// What is known of an app, also of one that is marked for deletion, and whether it is.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where the window has ended.
    pub async fn find_marked(&self, customer: &CustomerId) -> Result<(AppSummary, bool), VaultError> {
        let seen = self.store.backend.describe(&self.store.names.app(customer)).await?;
        Ok((parse_app_tags(&seen)?, seen.deleted_at.is_some()))
    }

    /// Brings the app of a customer back who was offboarded, if nobody else works with it by now. It is claimed first, so
    /// that nobody begins to.
    ///
    /// # Errors
    /// [`RestoreAppError`].
    pub async fn restore(&self, customer: &CustomerId) -> Result<AppSummary, RestoreAppError> {
        let (app, marked) = self.find_marked(customer).await?;
        if marked {
            if self.claim(customer, (app.tenant, app.client_id)).await? == ClaimOutcome::Taken {
                return Err(RestoreAppError::Taken);
            }
            self.store.backend.restore(&self.store.names.app(customer)).await?;
        }
        Ok(app)
    }
}
