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
            "Create a link for a recruiter",
            "The recruiter opens it within a week, signs in to Microsoft and returns to the ATS's completion page \
             with `handle` or `error` in the query, and with `state` if you set one. The link can be opened several \
             times. Show `help_url` beside it: after some errors Microsoft does not send the browser back. Microsoft \
             is told which account to suggest: `login_hint`, otherwise `expected_account`, otherwise the connected \
             one.",
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
            "Withdraw a recruiter's connect links",
            "All connect links created for this recruiter so far stop working, and sign-ins started with them cannot \
             be completed. The connection stays: to end it, disconnect the recruiter. Links created later work.",
        )
        .require_api_key()
        .empty_response(StatusCode::NO_CONTENT, "The links have been withdrawn, even if there were none.")
        .problems([ProblemKind::NotConfigured, ProblemKind::Offboarded])
}

fn start_sign_in() -> OperationSpec {
    OperationSpec::of(routes::START_SIGN_IN, "openConnectLink")
        .describe(
            "Pages",
            "Start a sign-in",
            "The recruiter's browser opens this, gets a cookie and is redirected to Microsoft.",
        )
        .responds_with_html()
        .redirect_response("Redirects to Microsoft's sign-in page.")
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
            "Explain an error on Microsoft's page",
            "For the recruiter's browser: Microsoft's AADSTS numbers, what to do, who must do it, and a message to \
             forward. Opening it consumes nothing and calls nobody. A link that does not work gets the same page, \
             with nothing about the customer.",
        )
        .responds_with_html()
        .optional_query("code", "The number, with or without `AADSTS`, or the full text of Microsoft's page.")
        .optional_query("language", "`pl` or `en`, if the reader chose a language on the page.")
        .page_response(StatusCode::OK, "The page.")
}

fn start_sign_in_test() -> OperationSpec {
    OperationSpec::of(routes::START_SIGN_IN_TEST, "openSignInTest")
        .describe(
            "Pages",
            "Start a sign-in test",
            "Anybody in the customer's tenant can open this in a browser. After signing in they see the result, and \
             nothing but that result is stored.",
        )
        .responds_with_html()
        .optional_query_matching("meeting", "^yes$", "`yes`: a meeting is also created and deleted again.")
        .redirect_response("Redirects to Microsoft's sign-in page.")
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
            "Return from Microsoft",
            "Microsoft sends the browser back with a code, which waits for ten minutes and is not redeemed yet: the ATS must \
             first say whose sign-in it was. The handle that goes to the ATS is short and holds no code.",
        )
        .responds_with_html()
        .optional_query("code", "Waits until the ATS completes the sign-in.")
        .optional_query("state", "Identifies the sign-in of this browser. Not the `state` of the ATS.")
        .optional_query("session_state", "Not used here.")
        .optional_query("iss", "The issuer (RFC 9207); if present, it must be the tenant's.")
        .optional_query("admin_consent", "`True` if an administrator granted consent.")
        .optional_query("tenant", "The tenant where consent was granted.")
        .optional_query("error", "Why the sign-in failed (RFC 6749 §4.1.2.1).")
        .optional_query("error_description", "Microsoft's error number and description.")
        .redirect_response("Redirects to the ATS's completion page with `handle` or `error` in the query.")
        .page_response(StatusCode::OK, "The result of a sign-in test or of a consent request.")
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
            "Complete a sign-in",
            "In a logged-in session of its own, the ATS posts the handle for that session's user. Only then is the \
             code redeemed. After a 503, sending the same request again finishes the sign-in. A handle from another \
             user's link is rejected, so forwarding a link gains nothing. If the account is not the connected or \
             expected one, nothing is stored and `accounts` names both; the request in `mend` creates a link that \
             lets the recruiter choose the account. An account that was deleted and created again at Microsoft is a \
             different account: complete its next sign-in with `replace_account`.",
        )
        .require_api_key()
        .json_body::<CompleteConnectionRequest>(
            json!({"handle": "v4.local.AAAA", "expected_account": "anna.nowak@kadry.example"}),
        )
        .json_response::<ConnectionResponse>(StatusCode::OK, "The recruiter has been connected.", connection)
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
            "Get connection state",
            "Its state, since when, and why. No secret is read and Microsoft is not called.",
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
            "The tokens are marked for deletion. Existing meetings stay as they are.",
        )
        .require_api_key()
        .empty_response(StatusCode::NO_CONTENT, "The recruiter has been disconnected.")
        .problems([ProblemKind::NotConnected, ProblemKind::Disconnected])
}
