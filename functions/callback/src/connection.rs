//! A stored connection: its state, and disconnecting.

use shared::adapters::vault::model::VaultError;
use shared::domain::connection::ConnectionState;
use shared::domain::entra_app::AppSummary;
use shared::domain::finding::{FindingKind, Severity};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::{CustomerId, UserId};

use crate::problems::{app_problem, connection_problem};
use crate::responses::ConnectionStateResponse;
use crate::state::Callback;

/// The state of a connection, without its tokens. A finding about the customer's app hides the state of the connection.
pub(crate) async fn state(
    callback: &Callback,
    customer: &CustomerId,
    user: &UserId,
) -> Result<ConnectionStateResponse, Problem> {
    let summary = callback.connections.summary(customer, user).await.map_err(connection_problem)?;
    let (tenure, signed_in_to) = (summary.tenure, summary.app);
    let mut state = ConnectionStateResponse::from(summary);
    if state.state == ConnectionState::Disconnected {
        return Ok(state);
    }
    match callback.apps.summary(customer).await {
        // The customer left and began anew: nobody has connected since.
        Ok(app) if app.tenure > tenure => return Err(ProblemKind::NotConnected.into()),
        Ok(app) => {
            if signed_in_to.is_some_and(|(tenant, client_id)| !app.is_app(tenant, client_id)) {
                state.mark_app_changed(app.submitted_at);
            }
            if let Some(code) = app.findings.into_iter().find(|code| is_error_code(code)) {
                state.mark_blocked(code);
            }
        }
        Err(VaultError::NotFound | VaultError::Deleted) => {
            state.mark_blocked(ProblemKind::NotConfigured.code().to_owned());
        }
        Err(error) => return Err(error.into()),
    }
    Ok(state)
}

/// Disconnects a recruiter. Succeeds if the recruiter is disconnected already.
pub(crate) async fn disconnect(callback: &Callback, customer: &CustomerId, user: &UserId) -> Result<(), Problem> {
    callback.connections.disconnect(customer, user).await.map_err(connection_problem)
}

/// The customer's app, from tags.
pub(crate) async fn app_summary(callback: &Callback, customer: &CustomerId) -> Result<AppSummary, Problem> {
    callback.apps.summary(customer).await.map_err(app_problem)
}

/// Whether this is the code of a finding that blocks the customer.
fn is_error_code(code: &str) -> bool {
    FindingKind::ALL.iter().any(|kind| kind.code() == code && kind.severity() == Severity::Error)
}
