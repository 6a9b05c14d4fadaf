//! Bodies, redirects and pages that go out.

use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use url::Url;

use shared::domain::connection::{Connection, ConnectionHealth, ConnectionState};
use shared::http::connection_document::AccountDocument;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::clock::Timestamp;

/// A link for a recruiter and when it expires.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ConnectLink))]
pub(crate) struct ConnectLinkResponse {
    /// The full address. Its last segment is sealed and as confidential as the link itself.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    url: String,
    /// A page to show beside the link: it explains the error numbers on Microsoft's pages, which do not send the
    /// browser back.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    help_url: String,
    /// When the link expires; the help page keeps working.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    expires_at: Timestamp,
}

impl ConnectLinkResponse {
    pub(crate) fn new(url: String, expires_at: Timestamp) -> Self {
        Self { help_url: format!("{url}/help"), url, expires_at }
    }
}

/// A new connection.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Connection))]
pub(crate) struct ConnectionResponse {
    state: ConnectionState,
    /// Since when the connection has been in this state.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    since: Timestamp,
    /// The account that signed in.
    account: AccountDocument,
}

impl From<Connection> for ConnectionResponse {
    fn from(connection: Connection) -> Self {
        let ConnectionHealth { standing, since, .. } = connection.life;
        Self { state: standing.connection_state(), since, account: connection.account.into() }
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
