//! What comes in and what goes out, in the words of the contract.

use serde::Serialize;

use shared::domain::connection::{Connection, ConnectionState};
use shared::domain::entra_app::{AppSummary, days_left};
use shared::http::problem::{FieldError, FindingDocument, Problem, ProblemKind};
use shared::http::urlencoded;
use shared::types::clock::Timestamp;
use shared::types::ids::CustomerId;
use shared::types::language::Language;
use shared::use_cases::app_check::CheckReport;

/// A connection that works.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = WorkingConnection))]
pub(crate) struct RefreshResponse {
    state: ConnectionState,
    /// When the state began.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    since: Timestamp,
    /// When Microsoft gave the tokens.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    renewed_at: Timestamp,
    /// When the access token ends; it is renewed by itself.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    access_expires_at: Timestamp,
}

impl From<&Connection> for RefreshResponse {
    fn from(connection: &Connection) -> Self {
        Self {
            state: connection.life.standing.connection_state(),
            since: connection.life.since,
            renewed_at: connection.obtained_at,
            access_expires_at: connection.access_expires_at,
        }
    }
}

/// What the doctor found.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CheckedCustomer))]
pub(crate) struct CheckResponse {
    /// The customer, by the ATS's own id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    customer: CustomerId,
    /// Whether Microsoft accepted the credential.
    verified: bool,
    /// Everything that was found.
    findings: Vec<FindingDocument>,
}

impl CheckResponse {
    pub(crate) fn new(customer: CustomerId, diagnosis: &CheckReport, language: Language) -> Self {
        let findings = diagnosis.findings.iter().map(|finding| FindingDocument::new(finding, language));
        Self { customer, verified: diagnosis.verified_at.is_some(), findings: findings.collect() }
    }
}

/// A customer in a list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ListedCustomer))]
pub(crate) struct CustomerListItem {
    /// The customer, by the ATS's own id.
    #[serde(rename = "customer")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    id: CustomerId,
    /// Directory (tenant) id.
    #[cfg_attr(feature = "openapi", schema(format = Uuid))]
    tenant: String,
    /// Application (client) id.
    #[cfg_attr(feature = "openapi", schema(format = Uuid))]
    client_id: String,
    /// The day on which the secret ends, where it was told.
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    expires_on: Option<String>,
    /// How many days that are; negative once it is over.
    days_left: Option<i32>,
    /// When Microsoft last accepted the credentials.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    verified_at: Option<Timestamp>,
    /// The codes of what was found last.
    findings: Vec<String>,
}

/// A page of them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CustomerPage))]
pub(crate) struct CustomerListResponse {
    /// Those that were asked for, as far as this page goes; it may be empty and not the last.
    pub(crate) customers: Vec<CustomerListItem>,
    /// What to send as `page` for the next; none after the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub(crate) next_page: Option<String>,
}

impl CustomerListItem {
    pub(crate) fn new(customer: CustomerId, card: &AppSummary, now: Timestamp) -> Self {
        Self {
            id: customer,
            tenant: card.tenant.to_string(),
            client_id: card.client_id.to_string(),
            expires_on: card.expires_on.map(|date| date.to_string()),
            days_left: days_left(card.expires_on, now),
            verified_at: card.verified_at,
            findings: card.findings.clone(),
        }
    }
}

/// Which customers are asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CustomerListQuery {
    /// Only those whose credential ends within so many days, or has ended.
    expiring_within: Option<i32>,
    pub(crate) page: Option<String>,
}

/// No credential that is worth asking for ends later than in three years.
const FARTHEST_END: i32 = 1_100;

impl CustomerListQuery {
    /// `expiring_within=30d`, `page=…`, both of which may be left out.
    pub(crate) fn parse(query: &str) -> Result<Self, Problem> {
        let [expiring_within, page] = urlencoded::parse_known(query, ["expiring_within", "page"])
            .map_err(|error| Problem::from(ProblemKind::MalformedRequest).with_cause(error))?;
        let expiring_within = expiring_within.map(|text| parse_days(&text).ok_or(text)).transpose().map_err(|_| {
            let fault = FieldError::new("expiring_within", "is not a number of days from 1d to 1100d");
            Problem::from(ProblemKind::InvalidFields).with_field(fault)
        })?;
        Ok(Self { expiring_within, page })
    }

    pub(crate) fn matches(&self, customer: &CustomerListItem) -> bool {
        self.expiring_within.is_none_or(|most| customer.days_left.is_some_and(|days| days <= most))
    }
}

fn parse_days(text: &str) -> Option<i32> {
    let digits = text.strip_suffix('d').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok().filter(|days| (1..=FARTHEST_END).contains(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_days_is_asked_for_in_one_spelling() {
        let wish = |query: &str| CustomerListQuery::parse(query).map(|wish| wish.expiring_within);
        assert_eq!(wish("").unwrap(), None);
        assert_eq!(wish("expiring_within=30d").unwrap(), Some(30));
        for query in [
            "expiring_within=30",
            "expiring_within=0d",
            "expiring_within=-1d",
            "expiring_within=1e3d",
            "a=b",
            "expiring_within=",
            "expiring_within=9999999999d",
            "expiring_within=1d&expiring_within=2d",
        ] {
            assert!(wish(query).is_err(), "{query}");
        }
    }
}
