//! Operations for the OpenAPI document.

mod webhooks;

use axum::http::StatusCode;
use serde_json::json;

use shared::domain::connection::ConnectionState;
use shared::domain::entra_app::{ConsentState, CustomerState};
use shared::domain::finding::Actor;
use shared::http::openapi::OperationSpec;
use shared::http::problem::ProblemKind;
use shared::http::routes;

use crate::list_page::ListResponse;
use crate::requests::{CreateSupportLinkRequest, CustomerOrder, UnknownExpiry};
use crate::responses::{CheckResponse, CustomerListResponse, RefreshResponse, SupportLinkResponse, UserListResponse};

pub use webhooks::webhooks;

/// The routes of this function.
#[must_use]
pub fn operations() -> Vec<OperationSpec> {
    vec![
        refresh_connection(),
        check_customer(),
        list_customers(),
        list_users(),
        create_support_link(),
        show_support_page(),
        show_support_customer(),
        create_intake_link(),
    ]
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
            "Verify that a connection works",
            "Refreshes the recruiter's tokens at Microsoft now. You never need this for normal use: tokens are \
             refreshed whenever they are needed. It helps support see whether a connection works at this very \
             moment.",
        )
        .require_api_key()
        .json_response::<RefreshResponse>(StatusCode::OK, "The connection works.", working)
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
            "Checks the tenant, credential and redirect URI with Microsoft, in the same way as when they were \
             submitted. The result is returned and stored with the customer.",
        )
        .require_api_key()
        .json_response::<CheckResponse>(StatusCode::OK, "The findings.", checked)
        .may_fail_at_microsoft()
        .problems([ProblemKind::Offboarded])
}

const LIMIT: &str = "^0*([1-9][0-9]?|1[0-9]{2}|200)$";

fn list_customers() -> OperationSpec {
    let page = json!({
        "customers": [{
            "customer": "kadry",
            "state": "ready",
            "since": "2026-11-20T08:15:00Z",
            "actor": "customer_admin",
            "finding": "expires_soon",
            "tenant": "6f1c2a9e-4b7d-4c3a-9d52-1e8b7a4c5d60",
            "client_id": "3d9a7c51-2e84-4f6b-8a17-c0b5d2e96f34",
            "expires_on": "2026-12-24",
            "kind": "client_secret",
            "days_left": 30,
            "verified_at": "2026-11-24T09:30:00Z",
            "findings": ["expires_soon"],
            "consent": "granted",
            "sign_in_test_passed": true,
            "sign_in_test_at": "2026-11-20T08:15:00Z",
            "needs_reauth": 0
        }]
    });
    OperationSpec::of(routes::LIST_CUSTOMERS, "listCustomers")
        .describe(
            "Customers",
            "List customers",
            "Shows the state of each customer, who must act, and whose credentials expire soon. No secret is read. \
             Each filter leaves out customers that do not match. Continue while there is a `next_page`: customers \
             added or removed in the meantime do not shift the pages. With `Accept: text/csv` the same page comes as \
             CSV (RFC 4180), and the `Link` header leads to the next one.",
        )
        .require_api_key()
        .optional_query_matching(
            "expiring_within",
            "^0*([1-9][0-9]{0,2}|10[0-9]{2}|1100)d$",
            "Only customers whose credential expires within this many days, `1d` to `1100d`, or has already \
             expired.",
        )
        .optional_query_matching("page", "^.+$", "The `next_page` of the previous page, with the same `sort`.")
        .optional_query_enum::<UnknownExpiry>(
            "unknown_expiry",
            "With `expiring_within`: whether customers without a given expiry date \
             are listed too.",
        )
        .optional_query_enum::<CustomerState>("state", "Only customers in this state.")
        .optional_query_enum::<Actor>("actor", "Only customers for whom this actor must act.")
        .optional_query_enum::<ConsentState>("consent", "Only customers with this consent state.")
        .optional_query_enum::<CustomerOrder>(
            "sort",
            "By id (the default); by the credential's expiry date, unknown ones last; or by how long \
             the state has lasted, the longest first.",
        )
        .optional_query_matching("limit", LIMIT, "Entries of a page, 1 to 200; 100 is the default.")
        .list_response::<CustomerListResponse>(CustomerListResponse::COLUMNS, page)
}

fn list_users() -> OperationSpec {
    let page = json!({
        "users": [{
            "user": "anna",
            "state": "needs_reauth",
            "since": "2026-11-24T12:00:00Z",
            "reason": "sign_in_expired",
            "connected_at": "2026-06-01T07:45:00Z",
            "renewed_at": "2026-11-20T03:10:00Z",
            "account": {"name": "Anna Nowak", "upn": "anna.nowak@kadry.example"}
        }]
    });
    OperationSpec::of(routes::LIST_USERS, "listUsers")
        .describe(
            "Connections",
            "List a customer's recruiters",
            "Everybody who has connected and, for a month, everybody who was disconnected, by id. Continue while \
             there is a `next_page`. With `Accept: text/csv` the same page comes as CSV (RFC 4180), and the `Link` \
             header leads to the next one.",
        )
        .require_api_key()
        .optional_query_enum::<ConnectionState>("state", "Only recruiters whose connection is in this state.")
        .optional_query_matching("limit", LIMIT, "Entries of a page, 1 to 200; 100 is the default.")
        .optional_query_matching("page", "^.+$", "The `next_page` of the previous page.")
        .list_response::<UserListResponse>(UserListResponse::COLUMNS, page)
        .problems([ProblemKind::Offboarded])
}

fn create_support_link() -> OperationSpec {
    let link = json!({
        "url": "https://teams.ats.example/support/v4.local.AAAA",
        "expires_at": "2026-11-24T13:00:00Z"
    });
    OperationSpec::of(routes::CREATE_SUPPORT_LINK, "orderSupportLink")
        .describe(
            "Customers",
            "Create a link to the support page",
            "For support staff: who must act, what expires, which recruiters must sign in, a search, and a page for \
             each customer. It shows the customers that this API key may see, creates intake links for them, and \
             expires by itself or with the key. Each view and each intake link is recorded in the audit log.",
        )
        .require_api_key()
        .optional_json_body::<CreateSupportLinkRequest>(json!({"expires_in": 3600}))
        .json_response::<SupportLinkResponse>(StatusCode::CREATED, "The link.", link)
}

const LANGUAGE: &str = "The language of the page: `pl` or `en`. Otherwise the browser's.";

fn show_support_page() -> OperationSpec {
    OperationSpec::of(routes::SHOW_SUPPORT_PAGE, "showSupportPage")
        .describe("Pages", "Support page", "For the browsers of support staff. Opening it consumes nothing.")
        .responds_with_html()
        .optional_query("q", "What to look for: an id, an AADSTS number, or the text of a Microsoft error.")
        .optional_query("language", LANGUAGE)
        .page_response(StatusCode::OK, "The page.")
        .problems([ProblemKind::LinkUnusable, ProblemKind::VaultUnavailable])
}

fn show_support_customer() -> OperationSpec {
    OperationSpec::of(routes::SHOW_SUPPORT_CUSTOMER, "showSupportCustomer")
        .describe(
            "Pages",
            "A customer's support page",
            "For the browsers of support staff. Opening it consumes nothing.",
        )
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .page_response(StatusCode::OK, "The page.")
        .problems([
            ProblemKind::LinkUnusable,
            ProblemKind::NotFound,
            ProblemKind::Offboarded,
            ProblemKind::VaultUnavailable,
        ])
}

fn create_intake_link() -> OperationSpec {
    OperationSpec::of(routes::CREATE_INTAKE_LINK_FOR_SUPPORT, "makeIntakeLinkForSupport")
        .describe(
            "Pages",
            "Create an intake link on the support page",
            "For the browsers of support staff: a link for the customer's administrator that works for a week, and a \
             message to send with it, in both languages.",
        )
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .page_response(StatusCode::OK, "The page with the link.")
        .problems([
            ProblemKind::LinkUnusable,
            ProblemKind::CrossSite,
            ProblemKind::NotFound,
            ProblemKind::Offboarded,
            ProblemKind::VaultUnavailable,
        ])
}
