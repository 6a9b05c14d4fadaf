//! The operations of this function in the OpenAPI document.

use axum::http::StatusCode;
use serde_json::json;

use shared::http::connection_document::ConnectionDocument;
use shared::http::openapi::OperationSpec;
use shared::http::problem::ProblemKind;
use shared::http::routes::{self, Route};

use crate::requests::{CompleteConnectionRequest, CreateConnectLinkRequest};
use crate::responses::{ConnectLinkResponse, ConnectionResponse};

const TAG: &str = "Connections";

/// The operations of this function.
#[must_use]
pub fn operations() -> Vec<OperationSpec> {
    vec![
        create_connect_link(),
        withdraw_connect_links(),
        start_sign_in(),
        help(),
        start_sign_in_test(),
        authorization_response(routes::RETURN_FROM_MICROSOFT, "returnFromMicrosoft"),
        authorization_response(routes::RETURN_FROM_MICROSOFT_LEGACY, "returnFromMicrosoftAsBefore"),
        complete_connection(),
        connection_state(),
        disconnect(),
    ]
}

fn create_connect_link() -> OperationSpec {
    let link = json!({
        "url": "https://teams.ats.example/connect/v4.local.AAAA",
        "help_url": "https://teams.ats.example/connect/v4.local.AAAA/help",
        "expires_at": "2026-12-02T09:30:00Z"
    });
    OperationSpec::of(routes::CREATE_CONNECT_LINK, "orderConnectLink")
        .describe(
            TAG,
            "Order a link for a recruiter",
            "The recruiter opens it within a week, signs in at Microsoft, and comes back to the ATS's completion page with \
             `handle` or `error` in the query, and with `state` if the order has one. It may be opened several times. Show \
             `help_url` beside it: after some errors Microsoft sends nobody back. Microsoft is told which account to offer: \
             `login_hint`, else `expected_account`, else the one that is connected.",
        )
        .require_api_key()
        .optional_json_body::<CreateConnectLinkRequest>(json!({
            "language": "pl",
            "state": "session-4711",
            "expected_account": "anna.nowak@kadry.example"
        }))
        .json_response::<ConnectLinkResponse>(StatusCode::CREATED, "The link.", link)
        .problems([ProblemKind::NotConfigured, ProblemKind::Offboarded])
}

fn withdraw_connect_links() -> OperationSpec {
    OperationSpec::of(routes::WITHDRAW_CONNECT_LINKS, "withdrawConnectLinks")
        .describe(
            TAG,
            "Withdraw the links of a recruiter",
            "No connect link that was ordered for this recruiter until now works any more, and sign-ins that were begun with one \
             cannot be completed. The connection stays: to end it, disconnect the recruiter. A link that is ordered later works.",
        )
        .require_api_key()
        .empty_response(StatusCode::NO_CONTENT, "The links are withdrawn; also if there was none.")
        .problems([ProblemKind::NotConfigured, ProblemKind::Offboarded])
}

fn start_sign_in() -> OperationSpec {
    OperationSpec::of(routes::START_SIGN_IN, "openConnectLink")
        .describe(
            "Pages",
            "Begin a sign-in",
            "The recruiter's browser comes here. It gets a cookie and goes on to Microsoft.",
        )
        .responds_with_html()
        .redirect_response("On to Microsoft's sign-in page.")
        .with_header(StatusCode::SEE_OTHER, "Set-Cookie")
        .problems([
            ProblemKind::LinkUnusable,
            ProblemKind::NotConfigured,
            ProblemKind::Offboarded,
            ProblemKind::VaultUnavailable,
        ])
}

fn help() -> OperationSpec {
    OperationSpec::of(routes::SIGN_IN_HELP, "explainSignInError")
        .describe(
            "Pages",
            "What an error on Microsoft's page means",
            "For the recruiter's browser: Microsoft's AADSTS numbers with what to do, who must, and a message to forward. It \
             consumes nothing and asks nobody. A link that does not work gets the same page, without a word of the customer.",
        )
        .responds_with_html()
        .optional_query("code", "The number, with or without `AADSTS`, or all the text of Microsoft's page.")
        .optional_query("language", "`pl` or `en`, where the reader chose one on the page.")
        .page_response(StatusCode::OK, "The page.")
}

fn start_sign_in_test() -> OperationSpec {
    OperationSpec::of(routes::START_SIGN_IN_TEST, "openSignInTest")
        .describe(
            "Pages",
            "Begin the test of a sign-in",
            "Anybody of the customer's tenant comes here with a browser. Whoever signs in is shown how it went, and nothing is \
             kept but that.",
        )
        .responds_with_html()
        .optional_query_matching("meeting", "^yes$", "`yes`: a meeting is made and deleted again.")
        .redirect_response("On to Microsoft's sign-in page.")
        .with_header(StatusCode::SEE_OTHER, "Set-Cookie")
        .problems([
            ProblemKind::MalformedRequest,
            ProblemKind::LinkUnusable,
            ProblemKind::NotConfigured,
            ProblemKind::Offboarded,
            ProblemKind::VaultUnavailable,
        ])
}

/// One handler on two paths. Customers of the former connector have registered the second.
fn authorization_response(route: Route, id: &str) -> OperationSpec {
    OperationSpec::of(route, id)
        .describe(
            "Pages",
            "Come back from Microsoft",
            "Microsoft sends the browser back with a code, which waits for ten minutes and is not redeemed yet: the ATS must \
             first say whose sign-in it was. The handle that goes to the ATS is short and holds no code.",
        )
        .responds_with_html()
        .optional_query("code", "Waits until the ATS completes the sign-in.")
        .optional_query("state", "Identifies the sign-in of this browser. Not the `state` of the ATS.")
        .optional_query("session_state", "Of no meaning here.")
        .optional_query("iss", "Who answers (RFC 9207); where it is sent, it must be the tenant's.")
        .optional_query("admin_consent", "`True` where an administrator granted consent.")
        .optional_query("tenant", "Where that was.")
        .optional_query("error", "Why the sign-in did not come about (RFC 6749 §4.1.2.1).")
        .optional_query("error_description", "Microsoft's number and words for it.")
        .redirect_response("On to the ATS's completion page, with `handle` or `error` in the query.")
        .page_response(StatusCode::OK, "How a test of a sign-in, or a request for consent, ended.")
        .may_fail_at_microsoft()
        .with_header(StatusCode::SEE_OTHER, "Set-Cookie")
        .problems([ProblemKind::SignInNotFound, ProblemKind::LinkUnusable, ProblemKind::HandleUnusable, ProblemKind::NotConfigured, ProblemKind::Offboarded, ProblemKind::Conflict, ProblemKind::TooManyRequests, ProblemKind::VaultUnavailable])
}

fn complete_connection() -> OperationSpec {
    let connection = json!({
        "state": "active",
        "since": "2026-11-25T09:30:00Z",
        "account": {"name": "Anna Nowak", "upn": "anna.nowak@kadry.example"}
    });
    OperationSpec::of(routes::COMPLETE_CONNECTION, "completeConnection")
        .describe(
            TAG,
            "Say whose sign-in it was",
            "Inside its own logged-in session the ATS posts the handle for the user of that session. Only now is the code \
             redeemed. After a 503 the same request again finishes the sign-in. A handle that came from the link of another user is refused, so a forwarded link gains nothing. If \
             another account signed in than the connected or expected one, nothing is stored, and `accounts` names both; \
             the request in `mend` orders a link with which the recruiter chooses the account. An account that was deleted \
             and created again at Microsoft is another one: complete its next sign-in with `replace_account`.",
        )
        .require_api_key()
        .json_body::<CompleteConnectionRequest>(json!({"handle": "v4.local.AAAA", "expected_account": "anna.nowak@kadry.example"}))
        .json_response::<ConnectionResponse>(StatusCode::OK, "The recruiter is connected.", connection)
        .may_fail_at_microsoft()
        .problems([
            ProblemKind::WrongUser,
            ProblemKind::HandleUnusable,
            ProblemKind::HandleUsed,
            ProblemKind::SignInRefused,
            ProblemKind::DifferentAccount,
            ProblemKind::Conflict,
            ProblemKind::NotConfigured,
            ProblemKind::CustomerBlocked,
            ProblemKind::Offboarded,
        ])
}

fn connection_state() -> OperationSpec {
    let state = json!({
        "state": "active",
        "since": "2026-11-25T09:30:00Z",
        "connected_at": "2026-11-25T09:30:00Z",
        "renewed_at": "2026-11-25T09:30:00Z"
    });
    OperationSpec::of(routes::GET_CONNECTION, "showConnection")
        .describe(
            TAG,
            "How a connection is",
            "Its state, since when, and why. No secret is read, and Microsoft is not asked.",
        )
        .require_api_key()
        .json_response::<ConnectionDocument>(StatusCode::OK, "The connection.", state)
        .problems([ProblemKind::NotConnected, ProblemKind::Disconnected])
}

fn disconnect() -> OperationSpec {
    OperationSpec::of(routes::DISCONNECT, "disconnect")
        .describe(
            TAG,
            "Disconnect a recruiter",
            "The tokens are marked for deletion. Meetings that were made stay as they are.",
        )
        .require_api_key()
        .empty_response(StatusCode::NO_CONTENT, "The recruiter is disconnected.")
        .problems([ProblemKind::NotConnected, ProblemKind::Disconnected])
}
