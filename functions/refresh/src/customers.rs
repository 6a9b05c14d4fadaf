//! The calls that the handlers make. The schedule's is in [`crate::keep_alive`].

use std::collections::BTreeSet;
use std::sync::Arc;

use shared::adapters::vault::apps::CheckRecord;
use shared::adapters::vault::model::VaultError;
use shared::domain::api_key::Caller;
use shared::domain::connection::Connection;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::{CustomerId, UserId};
use shared::use_cases::app_check::CheckReport;

use crate::Refresh;
use crate::responses::{CustomerListItem, CustomerListQuery, CustomerListResponse};

/// Pages of a hundred secrets that one request looks at: a second or two of Secrets Manager's time.
const MAX_SECRET_PAGES: usize = 10;

/// As many customers make a page.
const PAGE_SIZE: usize = 100;

impl Refresh {
    pub(crate) async fn renew(&self, customer: &CustomerId, user: &UserId) -> Result<Arc<Connection>, Problem> {
        Ok(self.renewal.force_refresh(customer, user).await?)
    }

    /// Has the doctor look at the customer's app now, and notes beside it what was found.
    pub(crate) async fn check_now(&self, customer: &CustomerId) -> Result<CheckReport, Problem> {
        let app = self.apps.read(customer).await.map_err(|error| match error {
            VaultError::NotFound => Problem::from(ProblemKind::NotFound),
            VaultError::Deleted => ProblemKind::Offboarded.into(),
            error => error.into(),
        })?;
        let diagnosis = self.doctor.check(&app.value).await?;
        let diagnosed = CheckRecord::from_findings(diagnosis.verified_at.is_some(), &diagnosis.findings);
        self.notes.record_check(&app, &diagnosed).await?;
        Ok(diagnosis)
    }

    /// Customers whose credentials end soon, as their tags say. A page is bounded by the secrets that are looked at, not
    /// by what is found among them, so it may be empty and yet not the last. A key that was given for some customers is
    /// told of those, by name, and learns of no other.
    pub(crate) async fn customers(
        &self,
        caller: &Caller,
        wish: &CustomerListQuery,
    ) -> Result<CustomerListResponse, Problem> {
        if let Some(customers) = caller.allowed_customers() {
            return self.named(customers, wish).await;
        }
        let now = self.clock.now();
        let mut listed = CustomerListResponse { customers: Vec::new(), next_page: wish.page.clone() };
        for _ in 0..MAX_SECRET_PAGES {
            let page = self.list.page(listed.next_page.as_deref()).await.map_err(|error| match error {
                VaultError::Refused(_) => Problem::from(ProblemKind::MalformedRequest).with_cause(error),
                error => error.into(),
            })?;
            let customers = page.apps.into_iter().map(|(customer, card)| CustomerListItem::new(customer, &card, now));
            listed.customers.extend(customers.filter(|customer| wish.matches(customer)));
            listed.next_page = page.next;
            if listed.next_page.is_none() || listed.customers.len() >= PAGE_SIZE {
                break;
            }
        }
        Ok(listed)
    }

    async fn named(
        &self,
        customers: &BTreeSet<CustomerId>,
        wish: &CustomerListQuery,
    ) -> Result<CustomerListResponse, Problem> {
        let now = self.clock.now();
        let mut listed = CustomerListResponse { customers: Vec::new(), next_page: None };
        for customer in customers {
            match self.apps.summary(customer).await {
                Ok(card) => listed.customers.push(CustomerListItem::new(customer.clone(), &card, now)),
                Err(VaultError::NotFound | VaultError::Deleted) => {}
                Err(error) => return Err(error.into()),
            }
        }
        listed.customers.retain(|customer| wish.matches(customer));
        Ok(listed)
    }
}
