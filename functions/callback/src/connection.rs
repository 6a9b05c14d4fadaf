//! A stored connection: its state, and disconnecting.

use shared::adapters::vault::model::VaultError;
use shared::domain::entra_app::AppSummary;
use shared::http::connection_document::ConnectionDocument;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::{CustomerId, UserId};

use crate::problems::{app_problem, connection_problem};
use crate::state::Callback;

/// The state of a connection, without its tokens. A finding about the customer's app hides the state of the connection.
pub(crate) async fn state(
    callback: &Callback,
    customer: &CustomerId,
    user: &UserId,
) -> Result<ConnectionDocument, Problem> {
    let summary = callback.connections.summary(customer, user).await.map_err(connection_problem)?;
    let app = match callback.apps.summary(customer).await {
        Ok(app) => Some(app),
        Err(VaultError::NotFound | VaultError::Deleted) => None,
        Err(error) => return Err(error.into()),
    };
    // The customer left and began anew: nobody has connected since.
    ConnectionDocument::new(summary, app.as_ref()).ok_or_else(|| ProblemKind::NotConnected.into())
}

/// Disconnects a recruiter. Succeeds if the recruiter is disconnected already. A sign-in under way ends, also a first one.
pub(crate) async fn disconnect(callback: &Callback, customer: &CustomerId, user: &UserId) -> Result<(), Problem> {
    let tenure = match callback.apps.summary(customer).await {
        Ok(app) => Some(app.tenure),
        // Nobody can sign in.
        Err(VaultError::NotFound | VaultError::Deleted) => None,
        Err(error) => return Err(error.into()),
    };
    callback.connections.disconnect(tenure, (customer, user)).await.map_err(connection_problem)
}

/// The customer's app, from tags.
pub(crate) async fn app_summary(callback: &Callback, customer: &CustomerId) -> Result<AppSummary, Problem> {
    callback.apps.summary(customer).await.map_err(app_problem)
}
