//! Bodies and queries that come in.

use serde::Deserialize;

use shared::domain::connection::AccountRef;
use shared::domain::sign_in::{AuthorizationResponse, CompletionOptions};
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::http::urlencoded;
use shared::startup::settings::Settings;
use shared::types::language::Language;

/// The longest `state` of the ATS, in characters.
const MAX_STATE_CHARS: usize = 256;

/// The options of a link for a recruiter.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ConnectLinkOrder))]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateConnectLinkRequest {
    /// The account to suggest on Microsoft's sign-in page: a name or an address.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 256, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")
    )]
    login_hint: Option<String>,
    /// The language of our own pages along the way.
    language: Option<Language>,
    /// Returned unchanged to the completion page, beside `handle` or `error`. Use it to identify the ATS's own session.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 256, pattern = "^[ -~]*$"))]
    state: Option<String>,
    /// The ATS page that the browser returns to: one that the operator allows. Default: `ATS_COMPLETION_URL`.
    #[cfg_attr(feature = "openapi", schema(format = Uri, min_length = 1, max_length = 2048))]
    completion_url: Option<String>,
    /// Who must sign in: the object id in Entra or the user principal name. Anybody else is rejected.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 256, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")
    )]
    expected_account: Option<String>,
    /// Lets the recruiter choose an account, even if one is already signed in to Microsoft.
    select_account: Option<bool>,
}

/// What the ATS wants of a connect link, checked.
#[derive(Debug)]
pub(crate) struct ConnectLinkOptions {
    pub(crate) login_hint: Option<String>,
    pub(crate) language: Option<Language>,
    pub(crate) select_account: bool,
    pub(crate) completion: CompletionOptions,
}

impl CreateConnectLinkRequest {
    pub(crate) fn parse(self, settings: &Settings) -> Result<ConnectLinkOptions, Problem> {
        let mut errors = Vec::new();
        let login_hint = self.login_hint.filter(|hint| {
            let is_account = hint.parse::<AccountRef>().is_ok();
            check(is_account, "login_hint", "is not the name or address of an account", &mut errors)
        });
        let state = self.state.filter(|state| {
            check(is_state(state), "state", "must be 1 to 256 printable ASCII characters", &mut errors)
        });
        let url = self.completion_url.and_then(|address| {
            let url = settings.find_completion_url(&address);
            check(url.is_some(), "completion_url", "is not one that the operator allows", &mut errors);
            url.map(ToString::to_string)
        });
        let expected_account = parse_expected_account(self.expected_account.as_deref(), &mut errors);
        if !errors.is_empty() {
            return Err(Problem::from(ProblemKind::InvalidFields).with_fields(errors));
        }
        let completion = CompletionOptions { state, url, expected_account };
        let select_account = self.select_account.unwrap_or(false);
        Ok(ConnectLinkOptions { login_hint, language: self.language, select_account, completion })
    }
}

/// Notes the error of a field that is not valid. Returns whether it is.
fn check(is_valid: bool, field: &str, detail: &str, errors: &mut Vec<FieldError>) -> bool {
    if !is_valid {
        errors.push(FieldError::new(field, detail));
    }
    is_valid
}

/// Printable ASCII, as the `state` of RFC 6749 (appendix A.5).
fn is_state(text: &str) -> bool {
    let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    !text.is_empty() && text.len() <= MAX_STATE_CHARS && printable
}

fn parse_expected_account(text: Option<&str>, errors: &mut Vec<FieldError>) -> Option<AccountRef> {
    let parsed = text?.parse();
    check(parsed.is_ok(), "expected_account", "is not the name, address or object id of an account", errors);
    parsed.ok()
}

/// What the ATS sends to complete a sign-in.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Completion))]
#[serde(deny_unknown_fields)]
pub(crate) struct CompleteConnectionRequest {
    /// The handle that the browser brought to the ATS's completion page; valid once, for ten minutes.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    handle: String,
    /// Who must have signed in: the object id in Entra or the user principal name. Anybody else is rejected.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 256, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")
    )]
    expected_account: Option<String>,
    /// Accepts the account that signed in, even if another one is connected.
    replace_account: Option<bool>,
}

/// A completion, checked.
#[derive(Debug)]
pub(crate) struct Completion {
    pub(crate) handle: String,
    pub(crate) expected_account: Option<AccountRef>,
    pub(crate) replace_account: bool,
}

impl CompleteConnectionRequest {
    pub(crate) fn parse(self) -> Result<Completion, Problem> {
        let mut errors = Vec::new();
        let expected_account = parse_expected_account(self.expected_account.as_deref(), &mut errors);
        if !errors.is_empty() {
            return Err(Problem::from(ProblemKind::InvalidFields).with_fields(errors));
        }
        Ok(Completion { handle: self.handle, expected_account, replace_account: self.replace_account.unwrap_or(false) })
    }
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
    let [meeting] = urlencoded::parse_known(query, ["meeting"])?;
    match meeting.as_deref() {
        None => Ok(false),
        Some("yes") => Ok(true),
        Some(_) => {
            let error = FieldError::new("meeting", "is not `yes`");
            Err(Problem::from(ProblemKind::MalformedRequest).with_field(error))
        }
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
