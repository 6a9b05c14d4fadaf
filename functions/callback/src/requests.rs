//! Bodies and queries that come in.

use serde::Deserialize;

use shared::domain::sign_in::AuthorizationResponse;
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::http::urlencoded;
use shared::types::language::Language;
use shared::types::single_line::is_single_line;

/// Bytes; no mail address is longer (RFC 5321 §4.5.3.1.3).
const MAX_LOGIN_HINT_BYTES: usize = 256;

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

/// What the ATS wants of a connect link, checked.
#[derive(Debug)]
pub(crate) struct ConnectLinkOptions {
    pub(crate) login_hint: Option<String>,
    pub(crate) language: Option<Language>,
}

impl CreateConnectLinkRequest {
    pub(crate) fn parse(self) -> Result<ConnectLinkOptions, Problem> {
        let fits =
            |hint: &String| !hint.trim().is_empty() && hint.len() <= MAX_LOGIN_HINT_BYTES && is_single_line(hint);
        if self.login_hint.as_ref().is_some_and(|hint| !fits(hint)) {
            let error = FieldError::new("login_hint", "is not the name or address of an account");
            return Err(Problem::from(ProblemKind::InvalidFields).with_field(error));
        }
        Ok(ConnectLinkOptions { login_hint: self.login_hint, language: self.language })
    }
}

/// What the ATS brings to complete a sign-in.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Completion))]
#[serde(deny_unknown_fields)]
pub(crate) struct CompleteConnectionRequest {
    /// What the browser brought to the ATS's completion page; good for five minutes, once.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub(crate) handle: String,
}

/// Parses the query of Microsoft's redirect. Every query that is none has the same problem.
pub(crate) fn parse_authorization_response(query: &str) -> Result<AuthorizationResponse, Problem> {
    let parameters =
        urlencoded::parse(query).map_err(|error| Problem::from(ProblemKind::SignInNotFound).with_cause(error))?;
    AuthorizationResponse::parse(&parameters)
        .map_err(|error| Problem::from(ProblemKind::SignInNotFound).with_cause(error))
}

/// Parses the query of a sign-in test: whether to test a meeting too (`meeting=yes`).
pub(crate) fn parse_sign_in_test_query(query: &str) -> Result<bool, Problem> {
    let [meeting] = urlencoded::parse_known(query, ["meeting"])
        .map_err(|error| Problem::from(ProblemKind::MalformedRequest).with_cause(error))?;
    match meeting.as_deref() {
        None => Ok(false),
        Some("yes") => Ok(true),
        Some(_) => Err(ProblemKind::MalformedRequest.into()),
    }
}

/// The query of the help page.
#[derive(Debug, Default)]
pub(crate) struct HelpQuery {
    /// What was typed or pasted; empty if nothing was.
    pub(crate) typed: String,
    /// The language chosen on the page.
    pub(crate) language: Option<Language>,
}

/// Parses the query of the help page. Never fails: what cannot be parsed counts as absent, because a recruiter who is stuck
/// must get the page.
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
    fn every_query_of_the_help_page_is_parsed() {
        let parsed = |query: &str| {
            let HelpQuery { typed, language } = parse_help_query(query);
            (typed, language)
        };
        assert_eq!(parsed("code=+50011+&language=pl"), ("50011".to_owned(), Some(Language::Pl)));
        assert_eq!(parsed("code=AADSTS50011%3A%20x&code=2&utm=3"), ("AADSTS50011: x".to_owned(), None));
        for query in ["", "code", "code=%", "code=%ff&language=pl", "language=de", &"a&".repeat(100)] {
            assert_eq!(parsed(query), (String::new(), None), "{query}");
        }
    }
}
