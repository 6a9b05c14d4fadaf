//! What the routes take and answer, for the OpenAPI document.

use axum::http::StatusCode;
use serde_json::json;

use shared::web::contract::Route;
use shared::web::problem::Kind;

use crate::parse::{Completed, CompletionBody, ConnectLinkBody, ConnectionState, Invitation};

const TAG: &str = "Connections";
const CONNECTION: &str = "/v1/customers/{customer}/users/{user}/connection";

/// The routes of this function.
#[must_use]
pub fn contract() -> Vec<Route> {
    vec![
        invite(),
        connect(),
        help(),
        test(),
        returned("/oauth/callback", "return_from_microsoft"),
        returned("/Integrations/BusinessIntegration/Microsoft/OAuth2.aspx", "return_from_microsoft_as_before"),
        complete(),
        state(),
        disconnect(),
    ]
}

fn invite() -> Route {
    let link = json!({
        "url": "https://teams.ats.example/connect/v4.local.AAAA",
        "help_url": "https://teams.ats.example/connect/v4.local.AAAA/help",
        "expires_at": "2026-12-02T09:30:00Z"
    });
    Route::post("/v1/customers/{customer}/users/{user}/connect-links", "order_connect_link")
        .says(
            TAG,
            "Order a link for a recruiter",
            "The recruiter opens it within a week, signs in at Microsoft, and comes back to the ATS's completion page with \
             `handle` or `error` in the query. It may be opened several times. Show `help_url` beside it: after some errors \
             Microsoft sends nobody back.",
        )
        .for_callers()
        .may_take::<ConnectLinkBody>(json!({"login_hint": "anna.nowak@kadry.example", "language": "pl"}))
        .answers::<Invitation>(StatusCode::CREATED, "The link.", link)
        .refuses([Kind::NotConfigured, Kind::Offboarded])
}

fn connect() -> Route {
    Route::get("/connect/{link}", "open_connect_link")
        .says(TAG, "Begin a sign-in", "The recruiter's browser comes here. It gets a cookie and goes on to Microsoft.")
        .for_people()
        .sends_on("On to Microsoft's sign-in page.")
        .with_header(StatusCode::SEE_OTHER, "Set-Cookie")
        .refuses([Kind::LinkUnusable, Kind::NotConfigured, Kind::Offboarded, Kind::VaultUnavailable])
}

fn help() -> Route {
    Route::get("/connect/{link}/help", "explain_sign_in_error")
        .says(
            TAG,
            "What an error on Microsoft's page means",
            "For the recruiter's browser: Microsoft's AADSTS numbers with what to do, who must, and a message to forward. It \
             consumes nothing and asks nobody. A link that does not work gets the same page, without a word of the customer.",
        )
        .for_people()
        .may_ask("code", "The number, with or without `AADSTS`, or all the text of Microsoft's page.")
        .may_ask("language", "`pl` or `en`, where the reader chose one on the page.")
        .answers_text(StatusCode::OK, "text/html", "The page.")
}

fn test() -> Route {
    Route::get("/sign-in-test/{link}", "open_sign_in_test")
        .says(
            "Customers",
            "Begin the test of a sign-in",
            "Anybody of the customer's tenant comes here with a browser. Whoever signs in is shown how it went, and nothing is \
             kept but that.",
        )
        .for_people()
        .may_ask_like("meeting", "^yes$", "`yes`: a meeting is made and deleted again.")
        .sends_on("On to Microsoft's sign-in page.")
        .with_header(StatusCode::SEE_OTHER, "Set-Cookie")
        .refuses([
            Kind::MalformedRequest,
            Kind::LinkUnusable,
            Kind::NotConfigured,
            Kind::Offboarded,
            Kind::VaultUnavailable,
        ])
}

/// One handler on two paths: the second is what customers of long ago have registered.
fn returned(path: &'static str, id: &str) -> Route {
    Route::get(path, id)
        .says(
            TAG,
            "Come back from Microsoft",
            "Microsoft sends the browser back with a code, which is sealed into a handle of five minutes and not redeemed \
             yet: the ATS must first say whose sign-in it was.",
        )
        .for_people()
        .may_ask("code", "What the handle is made of.")
        .may_ask("state", "Names the sign-in of this browser.")
        .may_ask("session_state", "Of no meaning here.")
        .may_ask("iss", "Who answers (RFC 9207); where it is sent, it must be the tenant's.")
        .may_ask("admin_consent", "`True` where an administrator granted consent.")
        .may_ask("tenant", "Where that was.")
        .may_ask("error", "Why the sign-in did not come about (RFC 6749 §4.1.2.1).")
        .may_ask("error_description", "Microsoft's number and words for it.")
        .sends_on("On to the ATS's completion page, with `handle` or `error` in the query.")
        .answers_text(StatusCode::OK, "text/html", "How a test of a sign-in, or a request for consent, ended.")
        .asks_microsoft()
        .with_header(StatusCode::SEE_OTHER, "Set-Cookie")
        .refuses([Kind::SignInNotFound, Kind::LinkUnusable, Kind::HandleUnusable, Kind::NotConfigured, Kind::Offboarded, Kind::VaultUnavailable])
}

fn complete() -> Route {
    let connection = json!({
        "state": "active",
        "since": "2026-11-25T09:30:00Z",
        "account": {"name": "Anna Nowak", "upn": "anna.nowak@kadry.example"}
    });
    Route::post(CONNECTION, "complete_connection")
        .says(
            TAG,
            "Say whose sign-in it was",
            "Inside its own logged-in session the ATS posts the handle for the user of that session. Only now is the code \
             redeemed. A handle that came from the link of another user is refused, so a forwarded link gains nothing.",
        )
        .for_callers()
        .takes::<CompletionBody>(json!({"handle": "v4.local.AAAA"}))
        .answers::<Completed>(StatusCode::OK, "The recruiter is connected.", connection)
        .asks_microsoft()
        .refuses([
            Kind::WrongUser,
            Kind::HandleUnusable,
            Kind::HandleUsed,
            Kind::SignInRefused,
            Kind::DifferentAccount,
            Kind::Conflict,
            Kind::NotConfigured,
            Kind::CustomerBlocked,
            Kind::Offboarded,
        ])
}

fn state() -> Route {
    let state = json!({
        "state": "active",
        "since": "2026-11-25T09:30:00Z",
        "connected_at": "2026-11-25T09:30:00Z",
        "renewed_at": "2026-11-25T09:30:00Z"
    });
    Route::get(CONNECTION, "show_connection")
        .says(
            TAG,
            "How a connection is",
            "Its state, since when, and why. No secret is read, and Microsoft is not asked.",
        )
        .for_callers()
        .answers::<ConnectionState>(StatusCode::OK, "The connection.", state)
        .refuses([Kind::NotConnected, Kind::Disconnected])
}

fn disconnect() -> Route {
    Route::delete(CONNECTION, "disconnect")
        .says(
            TAG,
            "Disconnect a recruiter",
            "Her tokens are marked for deletion. Meetings that were made stay as they are.",
        )
        .for_callers()
        .answers_nothing("She is disconnected.")
        .refuses([Kind::NotConnected, Kind::Disconnected])
}
