//! Reminds of a credential that expires: once for each day of [`shared::domain::entra_app::due_reminder`], in the log,
//! where a metric counts it. The ATS asks with `GET /v1/customers?expiring_within=…`.

use shared::adapters::vault::apps::AppStatusUpdate;
use shared::adapters::vault::model::VaultError;
use shared::domain::entra_app::AppInTenure;
use shared::types::ids::CustomerId;

use crate::keep_alive::report::TaskOutcome;
use crate::state::Refresh;

/// Records the reminder, then logs it: a reminder that could not be recorded is sent by the next run, and none twice.
pub(super) async fn send_reminder(
    refresh: &Refresh,
    customer: &CustomerId,
    of: AppInTenure,
    days_left: i32,
    reminder: i32,
) -> TaskOutcome {
    let outcome = record_status(refresh, customer, of, AppStatusUpdate::ReminderSent(reminder)).await;
    if outcome == TaskOutcome::Recorded {
        tracing::warn!(%customer, tenant = %of.tenant, client_id = %of.client_id, days_left, reminder, "a credential ends");
    }
    outcome
}

/// Records something in an app's tags.
pub(super) async fn record_status(
    refresh: &Refresh,
    customer: &CustomerId,
    of: AppInTenure,
    update: AppStatusUpdate,
) -> TaskOutcome {
    match refresh.app_status.record(customer, of, update).await {
        Ok(()) => TaskOutcome::Recorded,
        // Offboarded, or the customer has another app by now.
        Err(VaultError::NotFound | VaultError::Deleted | VaultError::Stale) => TaskOutcome::NotDue,
        Err(error) => TaskOutcome::failed(customer, None, &error),
    }
}
