//! Operations for the OpenAPI document.

mod webhooks;

use axum::http::StatusCode;
use serde_json::json;

use shared::http::openapi::OperationSpec;
use shared::http::problem::ProblemKind;
use shared::http::routes;

use crate::responses::{CheckResponse, CustomerListResponse, RefreshResponse};

pub use webhooks::webhooks;

/// The routes of this function.
#[must_use]
pub fn operations() -> Vec<OperationSpec> {
    vec![refresh_connection(), check_customer(), list_customers()]
}

fn refresh_connection() -> OperationSpec {
    let working = json!({
        "state": "active",
        "since": "2026-11-24T12:00:00Z",
        "renewed_at": "2026-11-25T09:30:00Z",
        "access_expires_at": "2026-11-25T10:42:11Z"
    });
    OperationSpec::of(routes::REFRESH_CONNECTION, "refreshConnection")
        .describe(
            "Connections",
            "Prove that a connection works",
            "Renews the recruiter's tokens at Microsoft now. Nothing needs it: tokens are renewed whenever they are \
             needed. It serves support, to see whether a connection works at this very moment.",
        )
        .require_api_key()
        .json_response::<RefreshResponse>(StatusCode::OK, "It works.", working)
        .requires_connection()
}

fn check_customer() -> OperationSpec {
    let checked = json!({
        "customer": "kadry",
        "verified": false,
        "consent": {"state": "granted", "at": "2026-11-25T09:30:00Z"},
        "findings": [{
            "code": "secret_expired",
            "severity": "error",
            "actor": "customer_admin",
            "what": "The client secret has expired.",
            "remedy": "Certificates & secrets → New client secret; hand over the new “Value”.",
            "field": "client_secret",
            "evidence": {"aadsts": 7_000_222}
        }]
    });
    OperationSpec::of(routes::CHECK_CUSTOMER, "checkCustomer")
        .describe(
            "Customers",
            "Check a customer's app now",
            "Tenant, credential and redirect URI are looked at, at Microsoft, as when they were handed over. What is found is \
             answered, and kept as what is known of the customer.",
        )
        .require_api_key()
        .json_response::<CheckResponse>(StatusCode::OK, "What was found.", checked)
        .may_fail_at_microsoft()
        .problems([ProblemKind::Offboarded])
}

fn list_customers() -> OperationSpec {
    let page = json!({
        "customers": [{
            "customer": "kadry",
            "tenant": "6f1c2a9e-4b7d-4c3a-9d52-1e8b7a4c5d60",
            "client_id": "3d9a7c51-2e84-4f6b-8a17-c0b5d2e96f34",
            "expires_on": "2026-12-24",
            "days_left": 30,
            "verified_at": "2026-11-24T09:30:00Z",
            "findings": ["expires_soon"]
        }]
    });
    OperationSpec::of(routes::LIST_CUSTOMERS, "listCustomers")
        .describe(
            "Customers",
            "List customers, and whose credentials end soon",
            "Made for a poll a day: no secret is read, and each page looks at a bounded number of them, so a page may be \
             empty and not the last. Go on while there is a `next_page`.",
        )
        .require_api_key()
        .optional_query_matching("expiring_within", "^0*([1-9][0-9]{0,2}|10[0-9]{2}|1100)d$", "Only customers whose credential ends within so many days, `1d` to `1100d`, or has ended.")
        .optional_query_matching("page", "^.+$", "The `next_page` of the page before.")
        .json_response::<CustomerListResponse>(StatusCode::OK, "The page.", page)
        .problems([ProblemKind::InvalidFields])
}
