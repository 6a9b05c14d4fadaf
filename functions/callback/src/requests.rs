//! What comes in and what goes out, in the words of the contract.

use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use url::Url;

use shared::adapters::vault::connections::ConnectionSummary;
use shared::domain::connection::{Connection, ConnectionState};
use shared::domain::sign_in::AuthorizationResponse;
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::http::urlencoded;
use shared::types::clock::Timestamp;
use shared::types::language::Language;
use shared::types::single_line::is_single_line;

/// Longer than any address (RFC 5321 §4.5.3.1.3).
const LONGEST_HINT: usize = 256;

/// What the ATS wishes of a link for a recruiter.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ConnectLinkOrder))]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateConnectLinkRequest {
    /// The account to offer at Microsoft's sign-in page: a name or an address.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 256, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")
    )]
    login_hint: Option<String>,
    /// The language of our own pages on the way.
    language: Option<Language>,
}

#[derive(Debug)]
pub(crate) struct ConnectLinkOptions {
    pub(crate) login_hint: Option<String>,
    pub(crate) language: Option<Language>,
}

impl CreateConnectLinkRequest {
    pub(crate) fn parse(self) -> Result<ConnectLinkOptions, Problem> {
        let fits = |hint: &String| !hint.trim().is_empty() && hint.len() <= LONGEST_HINT && is_single_line(hint);
        if self.login_hint.as_ref().is_some_and(|hint| !fits(hint)) {
            let fault = FieldError::new("login_hint", "is not the name or address of an account");
            return Err(Problem::from(ProblemKind::InvalidFields).with_field(fault));
        }
        Ok(ConnectLinkOptions { login_hint: self.login_hint, language: self.language })
    }
}

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

/// What the ATS brings to complete a sign-in.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Completion))]
#[serde(deny_unknown_fields)]
pub(crate) struct CompleteConnectionRequest {
    /// What the browser brought to the ATS's completion page; good for five minutes, once.
    pub(crate) handle: String,
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ConnectionState))]
pub(crate) struct ConnectionStateResponse {
    pub(crate) state: ConnectionState,
    /// When the state began.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub(crate) since: Timestamp,
    /// The code of the finding, or of the problem, that led there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub(crate) reason: Option<String>,
    /// When the recruiter signed in.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub(crate) connected_at: Timestamp,
    /// When Microsoft last gave tokens.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub(crate) renewed_at: Timestamp,
}

impl From<ConnectionSummary> for ConnectionStateResponse {
    fn from(card: ConnectionSummary) -> Self {
        let ConnectionSummary { state, since, reason, connected_at, renewed_at } = card;
        Self { state, since, reason, connected_at, renewed_at }
    }
}

impl ConnectionStateResponse {
    /// The customer's app does not work, which hides what would work otherwise.
    pub(crate) fn mark_blocked(&mut self, reason: String) {
        let blocked = self.state.when_app_blocked();
        if blocked != self.state {
            (self.state, self.reason) = (blocked, Some(reason));
        }
    }
}

/// The browser goes on to another address, always by 303: the method becomes GET and no form is sent on (RFC 9700 §4.12).
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

/// The browser stays: a page of ours, and the cookie of the sign-in is taken away.
#[derive(Debug)]
pub(crate) struct PageWithCookie {
    pub(crate) page: Html<String>,
    pub(crate) cookie: Option<HeaderValue>,
}

/// What becomes of a browser that Microsoft sent back.
#[derive(Debug)]
pub(crate) enum CallbackResponse {
    Redirect(RedirectWithCookies),
    Page(PageWithCookie),
}

impl IntoResponse for CallbackResponse {
    fn into_response(self) -> Response {
        match self {
            Self::Redirect(onward) => onward.into_response(),
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

/// The browser can go nowhere: a page, and the cookie of the sign-in is taken away.
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

/// What Entra's redirect says; every way of saying nothing has the same answer.
pub(crate) fn parse_authorization_response(query: &str) -> Result<AuthorizationResponse, Problem> {
    let parameters =
        urlencoded::parse(query).map_err(|error| Problem::from(ProblemKind::SignInNotFound).with_cause(error))?;
    AuthorizationResponse::parse(&parameters)
        .map_err(|error| Problem::from(ProblemKind::SignInNotFound).with_cause(error))
}

/// The one thing that can be wished of a test: `meeting=yes`.
pub(crate) fn parse_sign_in_test_query(query: &str) -> Result<bool, Problem> {
    let [meeting] = urlencoded::parse_known(query, ["meeting"])
        .map_err(|error| Problem::from(ProblemKind::MalformedRequest).with_cause(error))?;
    match meeting.as_deref() {
        None => Ok(false),
        Some("yes") => Ok(true),
        Some(_) => Err(ProblemKind::MalformedRequest.into()),
    }
}

/// What somebody asks of the help page.
#[derive(Debug, Default)]
pub(crate) struct HelpQuery {
    /// What was typed or pasted; empty where nothing was.
    pub(crate) typed: String,
    /// The language that was chosen on the page.
    pub(crate) language: Option<Language>,
}

/// Reads a question. Whoever is stranded gets a page whatever the query is: what cannot be read was not asked.
pub(crate) fn parse_help_query(query: &str) -> HelpQuery {
    let parameters = urlencoded::parse(query).unwrap_or_default();
    let first = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    HelpQuery {
        typed: first("code").unwrap_or_default().to_owned(),
        language: first("language").and_then(Language::from_bcp47),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_asked_of_the_help_page_is_a_question() {
        let asked = |query: &str| {
            let HelpQuery { typed, language } = parse_help_query(query);
            (typed, language)
        };
        assert_eq!(asked("code=+50011+&language=pl"), ("50011".to_owned(), Some(Language::Pl)));
        assert_eq!(asked("code=AADSTS50011%3A%20x&code=2&utm=3"), ("AADSTS50011: x".to_owned(), None));
        for query in ["", "code", "code=%", "code=%ff&language=pl", "language=de", &"a&".repeat(100)] {
            assert_eq!(asked(query), (String::new(), None), "{query}");
        }
    }
}
