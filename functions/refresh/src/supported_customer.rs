//! What support sees of a customer beyond its app: the recruiters, and how far an administrator came with an intake link.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use shared::adapters::vault::model::VaultError;
use shared::domain::api_key::Caller;
use shared::domain::connection::ConnectionState;
use shared::domain::entra_app::{AppSummary, IntakeProgress};
use shared::http::problem::Problem;
use shared::types::ids::CustomerId;

use crate::responses::UserListItem;
use crate::state::Refresh;
use crate::users;

/// So many customers are shown with the recruiters who must sign in: each costs a read.
const CUSTOMERS_WITH_NAMES: usize = 10;

/// A customer as support sees it.
#[derive(Debug)]
pub(crate) struct SupportedCustomer {
    /// Nothing as long as no credentials were stored.
    pub(crate) app: Option<AppSummary>,
    /// How far an administrator came since.
    pub(crate) progress: Option<IntakeProgress>,
}

/// Finds a customer who has an app, or whose administrator opened an intake link.
///
/// # Errors
/// `NotFound` for a customer of whom nothing is known, `Offboarded` for one who was offboarded.
pub(crate) async fn find(refresh: &Refresh, customer: &CustomerId) -> Result<SupportedCustomer, Problem> {
    let app = match refresh.apps.summary(customer).await {
        Ok(app) => Some(app),
        Err(VaultError::NotFound) => None,
        Err(error) => return Err(Problem::of_app(error)),
    };
    let progress = refresh.app_claims.intake_progress(customer).await?;
    let progress = match &app {
        Some(app) => progress.since(app.submitted_at),
        None => Some(progress).filter(|progress| progress.opened_at.is_some()),
    };
    if app.is_none() && progress.is_none() {
        return Err(Problem::of_app(VaultError::NotFound));
    }
    Ok(SupportedCustomer { app, progress })
}

/// How far the administrator of a customer came who has no app yet, if the text is that customer's id.
pub(crate) async fn find_without_app(
    refresh: &Refresh,
    caller: &Caller,
    apps: &[(CustomerId, AppSummary)],
    text: &str,
) -> Result<Option<(CustomerId, IntakeProgress)>, Problem> {
    let Ok(customer) = text.parse::<CustomerId>() else { return Ok(None) };
    if !caller.may_access(&customer) || apps.iter().any(|(known, _)| *known == customer) {
        return Ok(None);
    }
    match refresh.apps.summary(&customer).await {
        // Not listed yet, or offboarded.
        Ok(_) | Err(VaultError::Deleted) => return Ok(None),
        Err(VaultError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    let progress = refresh.app_claims.intake_progress(&customer).await?;
    Ok(progress.opened_at.is_some().then_some((customer, progress)))
}

/// The recruiters who must sign in, of the customers with most of them.
pub(crate) async fn must_sign_in(
    refresh: &Refresh,
    apps: &[(CustomerId, AppSummary)],
) -> BTreeMap<CustomerId, Vec<UserListItem>> {
    let number = |app: &AppSummary| app.connections.map_or(0, |counts| counts.needs_reauth);
    let mut affected: Vec<_> = apps.iter().filter(|(_, app)| number(app) > 0).collect();
    affected.sort_by_key(|(_, app)| Reverse(number(app)));
    let mut found = BTreeMap::new();
    for (customer, app) in affected.into_iter().take(CUSTOMERS_WITH_NAMES) {
        match users::of_app(refresh, customer, app, true).await {
            Ok(users) => {
                let must = |item: &UserListItem| item.connection.state == ConnectionState::NeedsReauth;
                found.insert(customer.clone(), users.into_iter().filter(must).collect());
            }
            Err(error) => tracing::warn!(%customer, error = %error, "recruiters are shown without their names"),
        }
    }
    found
}
