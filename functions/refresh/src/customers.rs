//! Checks a customer's app, and lists customers.

use std::collections::BTreeSet;

use shared::adapters::vault::apps::CheckRecord;
use shared::adapters::vault::model::VaultError;
use shared::domain::api_key::Caller;
use shared::domain::entra_app::Consent;
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::types::ids::CustomerId;
use shared::use_cases::app_check::CheckReport;

use crate::app_claim::claim_if_accepted;
use crate::requests::CustomerListQuery;
use crate::responses::{CustomerListItem, CustomerListResponse};
use crate::state::Refresh;

/// Pages of a hundred secrets that one request lists: one or two seconds at Secrets Manager.
const MAX_SECRET_PAGES: usize = 10;

/// Customers in one page of the answer.
const PAGE_SIZE: usize = 100;

/// Checks the customer's app at Microsoft now, and records the result in the app's tags. Beside it, what is known of consent.
pub(crate) async fn check(refresh: &Refresh, customer: &CustomerId) -> Result<(CheckReport, Consent), Problem> {
    let app = refresh.apps.read(customer).await.map_err(|error| match error {
        VaultError::NotFound => Problem::from(ProblemKind::NotFound),
        VaultError::Deleted => ProblemKind::Offboarded.into(),
        error => error.into(),
    })?;
    let report = refresh.app_checker.check(&app.value).await?;
    let report = claim_if_accepted(refresh, customer, &app.value, report).await?;
    let record = CheckRecord::from_findings(report.verified_at.is_some(), &report.findings);
    refresh.app_status.record_check(customer, (&app.arn, &app.version), &record).await?;
    let consent = refresh.apps.summary(customer).await?.consent_state();
    Ok((report, consent))
}

/// Lists customers by their tags. The number of secrets that are looked at is bounded, not the number of matches, so a
/// page may be empty and not the last. A caller limited to some customers gets those only.
pub(crate) async fn list(
    refresh: &Refresh,
    caller: &Caller,
    query: &CustomerListQuery,
) -> Result<CustomerListResponse, Problem> {
    if let Some(customers) = caller.allowed_customers() {
        return list_allowed(refresh, customers, query).await;
    }
    let now = refresh.clock.now();
    let mut response = CustomerListResponse { customers: Vec::new(), next_page: query.page.clone() };
    for _ in 0..MAX_SECRET_PAGES {
        let page = refresh.secret_index.page(response.next_page.as_deref()).await.map_err(|error| match error {
            VaultError::Refused(_) => {
                let field = FieldError::new("page", "is no `next_page` of this list");
                Problem::from(ProblemKind::MalformedRequest).with_field(field).with_cause(error)
            }
            error => error.into(),
        })?;
        let items = page.apps.into_iter().map(|(customer, summary)| CustomerListItem::new(customer, &summary, now));
        response.customers.extend(items.filter(|item| query.matches(item.days_left)));
        response.next_page = page.next;
        if response.next_page.is_none() || response.customers.len() >= PAGE_SIZE {
            break;
        }
    }
    Ok(response)
}

async fn list_allowed(
    refresh: &Refresh,
    customers: &BTreeSet<CustomerId>,
    query: &CustomerListQuery,
) -> Result<CustomerListResponse, Problem> {
    let now = refresh.clock.now();
    let mut response = CustomerListResponse { customers: Vec::new(), next_page: None };
    for customer in customers {
        match refresh.apps.summary(customer).await {
            Ok(summary) => response.customers.push(CustomerListItem::new(customer.clone(), &summary, now)),
            Err(VaultError::NotFound | VaultError::Deleted) => {}
            Err(error) => return Err(error.into()),
        }
    }
    response.customers.retain(|item| query.matches(item.days_left));
    Ok(response)
}
