//! Bodies that go out.

use serde::Serialize;

use shared::domain::connection::{Connection, ConnectionState};
use shared::domain::entra_app::{
    AppSummary, Consent, ConsentState, CredentialKind, CustomerStanding, CustomerState, days_left,
};
use shared::domain::finding::Actor;
use shared::http::connection_document::{AccountDocument, ConnectionDocument};
use shared::http::consent_document::ConsentDocument;
use shared::http::problem::FindingDocument;
use shared::types::clock::Timestamp;
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;
use shared::use_cases::app_check::CheckReport;

use crate::list_page::ListResponse;

/// A connection that works.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = WorkingConnection))]
pub(crate) struct RefreshResponse {
    state: ConnectionState,
    /// Since when the connection has been in this state.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    since: Timestamp,
    /// When Microsoft issued the tokens.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    renewed_at: Timestamp,
    /// When the access token expires; it is refreshed automatically.
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
    /// All findings.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    findings: Vec<FindingDocument>,
    /// What is known about consent to the app's permissions, which only a sign-in can show.
    consent: ConsentDocument,
}

impl CheckResponse {
    pub(crate) fn new(customer: CustomerId, report: &CheckReport, consent: Consent, language: Language) -> Self {
        let findings = report.findings.iter().map(|finding| FindingDocument::new(finding, language));
        Self { customer, verified: report.verified_at.is_some(), findings: findings.collect(), consent: consent.into() }
    }
}

/// A link to the support page and when it expires.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SupportLink))]
pub(crate) struct SupportLinkResponse {
    /// The full address. Its last segment is sealed and as confidential as the link itself.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    pub(crate) url: String,
    /// When the link expires.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub(crate) expires_at: Timestamp,
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
    /// How the app authenticates to Microsoft.
    kind: CredentialKind,
    /// The day the credential expires, if it was given.
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    expires_on: Option<String>,
    /// How many days are left; negative once it has expired.
    days_left: Option<i32>,
    /// When Microsoft last accepted the credentials.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    verified_at: Option<Timestamp>,
    /// The codes of the latest findings.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    findings: Vec<String>,
    /// `ready`: recruiters can sign in and create meetings. `incomplete`: consent is missing, or the last sign-in test
    /// failed. `blocked`: the app does not work.
    state: CustomerState,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    since: Timestamp,
    /// Who must act, if anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<Actor>,
    /// The code of what should be solved first.
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<String>,
    /// What is known about consent to the app's permissions.
    consent: ConsentState,
    /// Whether the last sign-in test passed, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_in_test_passed: Option<bool>,
    /// When the last sign-in test took place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    sign_in_test_at: Option<Timestamp>,
    /// How many recruiters must sign in again, as last counted by the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_reauth: Option<u32>,
}

/// A page of customers.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CustomerPage))]
pub(crate) struct CustomerListResponse {
    /// The matching entries on this page.
    #[cfg_attr(feature = "openapi", schema(max_items = 200))]
    pub(crate) customers: Vec<CustomerListItem>,
    /// What to send as `page` to get the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_page: Option<String>,
}

impl CustomerListItem {
    pub(crate) fn new(customer: CustomerId, summary: &AppSummary, now: Timestamp) -> Self {
        let CustomerStanding { state, since, finding, actor } = summary.standing();
        Self {
            id: customer,
            tenant: summary.tenant.to_string(),
            client_id: summary.client_id.to_string(),
            kind: summary.kind,
            expires_on: summary.expires_on.map(|date| date.to_string()),
            days_left: days_left(summary.expires_on, now),
            verified_at: summary.verified_at,
            findings: summary.findings.clone(),
            state,
            since,
            actor,
            finding: finding.map(|kind| kind.code().to_owned()),
            consent: summary.consent_state().state,
            sign_in_test_passed: summary.sign_in_test.as_ref().map(|test| test.findings.is_empty()),
            sign_in_test_at: summary.sign_in_test.as_ref().map(|test| test.at),
            needs_reauth: summary.connections.map(|counts| counts.needs_reauth),
        }
    }
}

impl ListResponse for CustomerListResponse {
    type Entry = CustomerListItem;
    const COLUMNS: &'static [&'static str] = &[
        "customer",
        "state",
        "since",
        "actor",
        "finding",
        "expires_on",
        "days_left",
        "consent",
        "sign_in_test_passed",
        "sign_in_test_at",
        "needs_reauth",
        "verified_at",
        "findings",
        "tenant",
        "client_id",
        "kind",
    ];
    fn entries(&self) -> &[CustomerListItem] {
        &self.customers
    }
    fn next_page(&self) -> Option<&str> {
        self.next_page.as_deref()
    }
}

/// A recruiter in a list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ListedUser))]
pub(crate) struct UserListItem {
    /// The recruiter, by the ATS's own id.
    pub(crate) user: UserId,
    #[serde(flatten)]
    pub(crate) connection: ConnectionDocument,
    /// The account that signed in; empty once the recruiter has been disconnected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<AccountDocument>,
}

/// A page of recruiters.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = UserPage))]
pub(crate) struct UserListResponse {
    /// The matching entries on this page.
    #[cfg_attr(feature = "openapi", schema(max_items = 200))]
    pub(crate) users: Vec<UserListItem>,
    /// What to send as `page` to get the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_page: Option<String>,
}

impl ListResponse for UserListResponse {
    type Entry = UserListItem;
    const COLUMNS: &'static [&'static str] =
        &["user", "state", "since", "reason", "connected_at", "renewed_at", "account.name", "account.upn"];
    fn entries(&self) -> &[UserListItem] {
        &self.users
    }
    fn next_page(&self) -> Option<&str> {
        self.next_page.as_deref()
    }
}
