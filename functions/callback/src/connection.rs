//! The state of a connection, and its end.

use shared::adapters::vault::model::VaultError;
use shared::domain::connection::ConnectionState;
use shared::domain::entra_app::AppSummary;
use shared::domain::finding::{FindingKind, Severity};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::{CustomerId, UserId};

use crate::problems::{app_problem, connection_problem};
use crate::responses::ConnectionStateResponse;
use crate::state::Callback;

pub(crate) async fn state(
    callback: &Callback,
    customer: &CustomerId,
    user: &UserId,
) -> Result<ConnectionStateResponse, Problem> {
    let card = callback.connections.summary(customer, user).await.map_err(connection_problem)?;
    let mut state = ConnectionStateResponse::from(card);
    if state.state == ConnectionState::Disconnected {
        return Ok(state);
    }
    match callback.apps.summary(customer).await {
        Ok(app) => {
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

pub(crate) async fn disconnect(callback: &Callback, customer: &CustomerId, user: &UserId) -> Result<(), Problem> {
    callback.connections.disconnect(customer, user).await.map_err(connection_problem)
}

pub(crate) async fn app_summary(callback: &Callback, customer: &CustomerId) -> Result<AppSummary, Problem> {
    callback.apps.summary(customer).await.map_err(app_problem)
}

fn is_error_code(code: &str) -> bool {
    FindingKind::ALL.iter().any(|kind| kind.code() == code && kind.severity() == Severity::Error)
}
