//! A customer's credential that ends: said once for each of the days on which it is worth saying, in the log, where it
//! becomes a metric. The ATS asks with `GET /v1/customers?expiring_within=…`.

use shared::ids::{ClientId, CustomerId, TenantId};
use shared::vault::apps::Note;
use shared::vault::terms::VaultError;

use super::report::Done;
use crate::Refresh;

impl Refresh {
    /// Notes the reminder first: one that could not be noted is given by the next run, and none is given twice.
    pub(super) async fn remind(
        &self,
        customer: &CustomerId,
        of: (TenantId, ClientId),
        days_left: i32,
        reminder: i32,
    ) -> Done {
        let done = self.jot(customer, of, Note::Reminded(reminder)).await;
        if done == Done::Noted {
            tracing::warn!(%customer, tenant = %of.0, client_id = %of.1, days_left, reminder, "a credential ends");
        }
        done
    }

    /// Notes something beside an app.
    pub(super) async fn jot(&self, customer: &CustomerId, of: (TenantId, ClientId), note: Note) -> Done {
        match self.notes.write(customer, of, note).await {
            Ok(()) => Done::Noted,
            // Offboarded, or another app by now.
            Err(VaultError::NotFound | VaultError::Deleted | VaultError::Stale) => Done::Nothing,
            Err(error) => Done::failed(customer, None, &error),
        }
    }
}
