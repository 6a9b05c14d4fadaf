//! A customer's credential that ends: said once for each of the days on which it is worth saying, in the log, where it
//! becomes a metric. The ATS asks with `GET /v1/customers?expiring_within=…`.

use shared::adapters::vault::apps::AppStatusUpdate;
use shared::adapters::vault::model::VaultError;
use shared::types::ids::{ClientId, CustomerId, TenantId};

use crate::Refresh;
use crate::keep_alive::report::TaskOutcome;

impl Refresh {
    /// Notes the reminder first: one that could not be noted is given by the next run, and none is given twice.
    pub(super) async fn send_reminder(
        &self,
        customer: &CustomerId,
        of: (TenantId, ClientId),
        days_left: i32,
        reminder: i32,
    ) -> TaskOutcome {
        let done = self.record_status(customer, of, AppStatusUpdate::ReminderSent(reminder)).await;
        if done == TaskOutcome::Noted {
            tracing::warn!(%customer, tenant = %of.0, client_id = %of.1, days_left, reminder, "a credential ends");
        }
        done
    }

    /// Notes something beside an app.
    pub(super) async fn record_status(
        &self,
        customer: &CustomerId,
        of: (TenantId, ClientId),
        note: AppStatusUpdate,
    ) -> TaskOutcome {
        match self.notes.record(customer, of, note).await {
            Ok(()) => TaskOutcome::Noted,
            // Offboarded, or another app by now.
            Err(VaultError::NotFound | VaultError::Deleted | VaultError::Stale) => TaskOutcome::NotDue,
            Err(error) => TaskOutcome::failed(customer, None, &error),
        }
    }
}
