//! Bodies, redirects and pages that go out.

use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use url::Url;

use shared::adapters::vault::connections::ConnectionSummary;
use shared::domain::connection::{Connection, ConnectionState};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::clock::Timestamp;

/// A link for a recruiter, and until when it works.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ConnectLink))]
pub(crate) struct ConnectLinkResponse {
    /// The whole address. Its last segment is sealed, and worth what the link is worth.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    url: String,
    /// A page to show beside the link: it explains the error numbers of Microsoft's pages, from which nobody is sent back.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    help_url: String,
    /// From then on the link answers that it no longer works; the page goes on explaining.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    expires_at: Timestamp,
}

impl ConnectLinkResponse {
    pub(crate) fn new(url: String, expires_at: Timestamp) -> Self {
        Self { help_url: format!("{url}/help"), url, expires_at }
    }
}

/// A connection that was just made.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Connection))]
pub(crate) struct ConnectionResponse {
    state: ConnectionState,
    /// When the state began.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    since: Timestamp,
    /// Who signed in.
    account: AccountResponse,
}

/// Who signed in.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Account))]
struct AccountResponse {
    /// The display name.
    name: String,
    /// The user principal name.
    upn: String,
}

impl From<Connection> for ConnectionResponse {
    fn from(connection: Connection) -> Self {
        let account = AccountResponse { name: connection.account.name, upn: connection.account.upn };
        Self { state: connection.life.standing.connection_state(), since: connection.life.since, account }
    }
}

/// How a connection is.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KnownConnection))]
pub(crate) struct ConnectionStateResponse {
    pub(crate) state: ConnectionState,
    /// When the state began.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub(crate) since: Timestamp,
    /// The code of the finding, or of the problem, that led there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// When the recruiter signed in.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub(crate) connected_at: Timestamp,
    /// When Microsoft last gave tokens.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub(crate) renewed_at: Timestamp,
}

impl From<ConnectionSummary> for ConnectionStateResponse {
    fn from(summary: ConnectionSummary) -> Self {
        let ConnectionSummary { state, since, reason, connected_at, renewed_at, .. } = summary;
        Self { state, since, reason, connected_at, renewed_at }
    }
}

impl ConnectionStateResponse {
    /// Says that the recruiter signed in to another app than the customer's present one, which was stored then.
    pub(crate) fn mark_app_changed(&mut self, at: Timestamp) {
        let reason = ProblemKind::ReauthRequired.code().to_owned();
        (self.state, self.since, self.reason) = (ConnectionState::NeedsReauth, at, Some(reason));
    }

    /// Says that the customer's app does not work, which hides the state of the connection.
    pub(crate) fn mark_blocked(&mut self, reason: String) {
        let blocked = self.state.when_app_blocked();
        if blocked != self.state {
            (self.state, self.reason) = (blocked, Some(reason));
        }
    }
}

/// A redirect that sets cookies. Always 303, so that the method becomes GET and no form is sent on (RFC 9700 §4.12).
#[derive(Debug)]
pub(crate) struct RedirectWithCookies {
    pub(crate) to: Url,
    pub(crate) cookies: Vec<HeaderValue>,
}

impl IntoResponse for RedirectWithCookies {
    fn into_response(self) -> Response {
        let mut headers: HeaderMap = self.cookies.into_iter().map(|cookie| (SET_COOKIE, cookie)).collect();
        match HeaderValue::from_str(self.to.as_str()) {
            Ok(location) => drop(headers.insert(LOCATION, location)),
            Err(error) => return Problem::from(ProblemKind::Internal).with_cause(error).into_response(),
        }
        (StatusCode::SEE_OTHER, headers).into_response()
    }
}

/// A page of ours that deletes the cookie of the sign-in.
#[derive(Debug)]
pub(crate) struct PageWithCookie {
    pub(crate) page: Html<String>,
    pub(crate) cookie: Option<HeaderValue>,
}

/// The answer to Microsoft's redirect.
#[derive(Debug)]
pub(crate) enum CallbackResponse {
    Redirect(RedirectWithCookies),
    Page(PageWithCookie),
}

impl IntoResponse for CallbackResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Redirect(redirect) => redirect.into_response(),
            Self::Page(PageWithCookie { page, cookie }) => {
                let mut response = page.into_response();
                if let Some(cookie) = cookie {
                    response.headers_mut().append(SET_COOKIE, cookie);
                }
                response
            }
        }
    }
}

/// A problem that deletes the cookie of the sign-in.
#[derive(Debug)]
pub(crate) struct CallbackError {
    pub(crate) problem: Problem,
    pub(crate) cookie: Option<HeaderValue>,
}

impl From<Problem> for CallbackError {
    fn from(problem: Problem) -> Self {
        Self { problem, cookie: None }
    }
}

impl IntoResponse for CallbackError {
    fn into_response(self) -> Response {
        let mut response = self.problem.into_response();
        if let Some(cookie) = self.cookie {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}
