//! An offboarding taken back: app, connections and hand-overs are there again, and no link of before works.

use crate::adapters::vault::apps::{AppReader, AppWriter, ClaimOutcome, has_ended, parse_app_tags};
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::secret_index::SecretIndex;
use crate::domain::entra_app::AppSummary;
use crate::types::clock::{SignedDuration, add_saturating};
use crate::types::ids::CustomerId;

/// Takes offboardings back. It reads and writes whatever a customer has, so no function holds it.
#[derive(Clone, Debug)]
pub struct CustomerRestorer {
    pub(in crate::adapters::vault) apps: AppReader,
    pub(in crate::adapters::vault) writer: AppWriter,
    pub(in crate::adapters::vault) index: SecretIndex,
}

/// Why a customer was not brought back.
#[derive(Debug, thiserror::Error)]
pub enum RestoreCustomerError {
    /// Another customer took the app over meanwhile.
    #[error("another customer works with this app by now")]
    Taken,
    /// The vault did not do it.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl CustomerRestorer {
    /// What is known of an app, also of one that was offboarded, and whether it was.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where the window has ended.
    pub async fn find(&self, customer: &CustomerId) -> Result<(AppSummary, bool), VaultError> {
        let seen = self.apps.store.backend.describe(&self.apps.store.names.app(customer)).await?;
        Ok((parse_app_tags(&seen)?, has_ended(&seen)))
    }

    /// Brings a customer back who was offboarded, if nobody else works with the app by now; it is claimed first, so that
    /// nobody begins to. Whether there were connections or hand-overs that were marked.
    ///
    /// The customer begins a new tenure, so that nothing counts that was sealed before. What is in the vault is carried over
    /// into it, the app last: until then the customer is offboarded, and whoever gave up begins again. The new tenure
    /// follows from the former one, so that it is the same for both.
    ///
    /// # Errors
    /// [`RestoreCustomerError`].
    pub async fn restore(&self, customer: &CustomerId) -> Result<bool, RestoreCustomerError> {
        let (app, marked) = self.find(customer).await?;
        if !marked {
            return Ok(self.index.restore(customer, app.tenure).await?);
        }
        let claim = self.writer.claims.claim(customer, (app.tenant, app.client_id)).await?;
        if claim == ClaimOutcome::Taken {
            return Err(RestoreCustomerError::Taken);
        }
        let next = add_saturating(app.tenure, SignedDuration::from_millis(1));
        let restored = self.index.carry_over(customer, (app.tenure, next)).await?;
        self.apps.restore(customer, next).await?;
        Ok(restored)
    }
}
