//! Forces a refresh of a recruiter's tokens.

use std::sync::Arc;

use shared::domain::connection::Connection;
use shared::http::problem::Problem;
use shared::types::ids::{CustomerId, UserId};

use crate::state::Refresh;

/// Refreshes the tokens at Microsoft now, whether they are due or not.
pub(crate) async fn force_refresh(
    refresh: &Refresh,
    customer: &CustomerId,
    user: &UserId,
) -> Result<Arc<Connection>, Problem> {
    let refreshed = refresh.token_refresher.force_refresh(customer, user).await;
    refreshed.map_err(|error| Problem::from(error).with_recovery(refresh.api_url.as_str(), customer, user))
}
