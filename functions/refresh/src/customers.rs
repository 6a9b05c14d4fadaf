//! Checks a customer's app, and lists customers.

use std::collections::BTreeSet;

use shared::adapters::vault::apps::CheckRecord;
use shared::adapters::vault::model::VaultError;
use shared::domain::api_key::Caller;
use shared::domain::entra_app::{AppSummary, Consent};
use shared::http::problem::Problem;
use shared::types::ids::CustomerId;
use shared::use_cases::app_check::CheckReport;

use crate::app_claim::claim_if_accepted;
use crate::list_page::{self, ListPosition};
use crate::requests::CustomerListQuery;
use crate::responses::{CustomerListItem, CustomerListResponse};
use crate::state::Refresh;

/// Checks the customer's app at Microsoft now, and records the result in the app's tags. Beside it, what is known of consent.
pub(crate) async fn check(refresh: &Refresh, customer: &CustomerId) -> Result<(CheckReport, Consent), Problem> {
    let app = refresh.apps.read(customer).await.map_err(Problem::of_app)?;
    let report = refresh.app_checker.check(&app.value).await?;
    let report = claim_if_accepted(refresh, customer, &app.value, report).await?;
    let record = CheckRecord::from_findings(report.verified_at.is_some(), &report.findings);
    refresh.app_status.record_check(customer, (&app.arn, &app.version), &record).await?;
    let consent = refresh.apps.summary(customer).await?.consent_state();
    Ok((report, consent))
}

/// A customer's app by its tags.
pub(crate) async fn summary(refresh: &Refresh, customer: &CustomerId) -> Result<AppSummary, Problem> {
    refresh.apps.summary(customer).await.map_err(Problem::of_app)
}

/// Lists customers by their tags. All of them are looked at for every page: a call of the vault for each hundred. A caller
/// limited to some customers gets those only.
pub(crate) async fn list(
    refresh: &Refresh,
    caller: &Caller,
    query: &CustomerListQuery,
) -> Result<CustomerListResponse, Problem> {
    let apps = apps_of(refresh, caller).await?;
    let now = refresh.clock.now();
    let found = apps.into_iter().filter(|(_, app)| query.matches(app, now)).map(|(customer, app)| {
        let position = ListPosition { key: query.order.key(&app), id: customer.to_string() };
        (position, CustomerListItem::new(customer, &app, now))
    });
    let (customers, next) = list_page::cut(found.collect(), query.page.after.as_ref(), query.page.limit);
    let next_page = next.map(|position| position.to_cursor(query.order.as_str()));
    Ok(CustomerListResponse { customers, next_page })
}

/// The apps of all customers that a caller may see, by their tags.
pub(crate) async fn apps_of(refresh: &Refresh, caller: &Caller) -> Result<Vec<(CustomerId, AppSummary)>, VaultError> {
    match caller.allowed_customers() {
        Some(customers) => summaries(refresh, customers).await,
        None => refresh.secret_index.apps().await,
    }
}

async fn summaries(
    refresh: &Refresh,
    customers: &BTreeSet<CustomerId>,
) -> Result<Vec<(CustomerId, AppSummary)>, VaultError> {
    let mut found = Vec::new();
    for customer in customers {
        match refresh.apps.summary(customer).await {
            Ok(summary) => found.push((customer.clone(), summary)),
            Err(VaultError::NotFound | VaultError::Deleted) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}
