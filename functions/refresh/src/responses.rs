//! Bodies that go out.

use serde::Serialize;

use shared::domain::connection::{Connection, ConnectionState};
use shared::domain::entra_app::{AppSummary, Consent, days_left};
use shared::http::consent_document::ConsentDocument;
use shared::http::problem::FindingDocument;
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

/// The result of an app check.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CheckedCustomer))]
pub(crate) struct CheckResponse {
    /// The customer, by the ATS's own id.
    customer: CustomerId,
    /// Whether Microsoft accepted the credential.
    verified: bool,
    /// Everything that was found.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    findings: Vec<FindingDocument>,
    /// What is known of the consent to the app's permissions, which only a sign-in shows.
    consent: ConsentDocument,
}

impl CheckResponse {
    pub(crate) fn new(customer: CustomerId, report: &CheckReport, consent: Consent, language: Language) -> Self {
        let findings = report.findings.iter().map(|finding| FindingDocument::new(finding, language));
        Self { customer, verified: report.verified_at.is_some(), findings: findings.collect(), consent: consent.into() }
    }
}

/// A customer in a list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ListedCustomer))]
pub(crate) struct CustomerListItem {
    /// The customer, by the ATS's own id.
    #[serde(rename = "customer")]
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
    pub(crate) days_left: Option<i32>,
    /// When Microsoft last accepted the credentials.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    verified_at: Option<Timestamp>,
    /// The codes of what was found last.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    findings: Vec<String>,
}

/// A page of them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CustomerPage))]
pub(crate) struct CustomerListResponse {
    /// Those that were asked for, as far as this page goes; it may be empty and not the last.
    #[cfg_attr(feature = "openapi", schema(max_items = 200))]
    pub(crate) customers: Vec<CustomerListItem>,
    /// What to send as `page` for the next; none after the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_page: Option<String>,
}

impl CustomerListItem {
    pub(crate) fn new(customer: CustomerId, summary: &AppSummary, now: Timestamp) -> Self {
        Self {
            id: customer,
            tenant: summary.tenant.to_string(),
            client_id: summary.client_id.to_string(),
            expires_on: summary.expires_on.map(|date| date.to_string()),
            days_left: days_left(summary.expires_on, now),
            verified_at: summary.verified_at,
            findings: summary.findings.clone(),
        }
    }
}
