//! What Microsoft's redirect says (RFC 6749 §4.1.2).

use crate::domain::finding::{Evidence, FindingKind, parse_aadsts};
use crate::types::secret::AuthorizationCode;

/// The longest code that is taken. Entra's have one or two thousand characters.
const MAX_CODE: usize = 6 * 1024;

/// What Entra's redirect says.
#[derive(Debug)]
pub enum AuthorizationResponse {
    /// The user signed in and agreed (RFC 6749 §4.1.2).
    Code {
        /// Returned as it was sent.
        state: String,
        /// To be redeemed once.
        code: AuthorizationCode,
        /// RFC 9207. Entra sends none; a provider that does must name itself.
        iss: Option<String>,
    },
    /// It did not come to that (RFC 6749 §4.1.2.1).
    Error {
        /// Returned as it was sent.
        state: String,
        /// Why.
        refusal: AuthorizationError,
        /// As above.
        iss: Option<String>,
    },
    /// An administrator consented for everybody
    /// ([admin consent](https://learn.microsoft.com/entra/identity-platform/v2-admin-consent)). Microsoft repeats the flag
    /// on a refusal; then there is an `error` beside it.
    AdminConsent {
        /// Returned as it was sent.
        state: String,
    },
}

impl AuthorizationResponse {
    /// The `state`, as it was sent.
    #[must_use]
    pub fn state(&self) -> &str {
        let (Self::Code { state, .. } | Self::Error { state, .. } | Self::AdminConsent { state }) = self;
        state
    }
}

/// Why a sign-in did not come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationError {
    /// The stable code that the ATS is told.
    pub code: &'static str,
    /// The finding, where one is known.
    pub finding: Option<FindingKind>,
    /// What Microsoft said.
    pub evidence: Evidence,
}

/// The redirect is not an answer to anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationResponseError {
    /// A parameter stands twice, or is empty.
    #[error("the parameter {0} is empty or stands twice")]
    Parameter(&'static str),
    /// No `state`.
    #[error("there is no state")]
    NoState,
    /// Neither `code` nor `error`, or both.
    #[error("there is neither a code nor an error, or both")]
    Neither,
    /// Longer than any code, or with characters that no code has.
    #[error("the code is not a code")]
    NotACode,
}

impl AuthorizationResponse {
    /// Reads the parameters of the redirect, decoded once. Unknown ones are Microsoft's own and are passed over.
    ///
    /// # Errors
    /// [`AuthorizationResponseError`] for what no authorization server sends.
    pub fn parse(parameters: &[(String, String)]) -> Result<Self, AuthorizationResponseError> {
        let one = |name: &'static str| single_parameter(parameters, name);
        let (code, error, iss) = (one("code")?, one("error")?, one("iss")?.map(str::to_owned));
        let (description, subcode) = (one("error_description")?, one("error_subcode")?);
        let state = one("state")?.ok_or(AuthorizationResponseError::NoState)?.to_owned();
        match (code, error) {
            (Some(code), None) => {
                // RFC 6749 appendix A.11: a code is visible ASCII.
                if code.len() > MAX_CODE || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
                    return Err(AuthorizationResponseError::NotACode);
                }
                Ok(Self::Code { state, code: AuthorizationCode::from(code.to_owned()), iss })
            }
            (None, Some(error)) => {
                let refusal = AuthorizationError::from_parameters(error, description.unwrap_or_default(), subcode);
                Ok(Self::Error { state, refusal, iss })
            }
            (None, None) if one("admin_consent")?.is_some_and(|flag| flag.eq_ignore_ascii_case("true")) => {
                Ok(Self::AdminConsent { state })
            }
            _ => Err(AuthorizationResponseError::Neither),
        }
    }
}

fn single_parameter<'a>(
    parameters: &'a [(String, String)],
    name: &'static str,
) -> Result<Option<&'a str>, AuthorizationResponseError> {
    let mut values = parameters.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) if !value.is_empty() => Ok(Some(value)),
        // An empty description is what some policies leave; it decides nothing.
        (Some(_), None) if name == "error_description" => Ok(None),
        _ => Err(AuthorizationResponseError::Parameter(name)),
    }
}

impl AuthorizationError {
    pub(super) fn from_parameters(error: &str, description: &str, subcode: Option<&str>) -> Self {
        let aadsts = parse_aadsts(description);
        let finding = match error {
            "access_denied" => aadsts.and_then(FindingKind::from_aadsts).or(Some(FindingKind::SignInDeclined)),
            "consent_required" => aadsts.and_then(FindingKind::from_aadsts).or(Some(FindingKind::ConsentMissing)),
            "temporarily_unavailable" | "server_error" => None,
            _ if subcode == Some("cancel") => Some(FindingKind::SignInDeclined),
            _ => aadsts.and_then(FindingKind::from_aadsts),
        };
        let code = match (finding, error) {
            (Some(kind), _) => kind.code(),
            (None, "temporarily_unavailable" | "server_error") => "microsoft_unavailable",
            (None, _) => "sign_in_failed",
        };
        let told = |label: &str| text_after_label(description, label);
        let evidence = Evidence::sanitized(aadsts, told("Correlation ID: "), told("Trace ID: "), told("Timestamp: "));
        Self { code, finding, evidence }
    }
}

/// What stands behind a label in a description, up to the end of its line or to the next label.
fn text_after_label(description: &str, label: &str) -> Option<String> {
    let rest = description.split_once(label)?.1;
    let end = [" Trace ID: ", " Correlation ID: ", " Timestamp: "].iter().filter_map(|next| rest.find(next)).min();
    let line = rest[..end.unwrap_or(rest.len())].lines().next()?;
    Some(line.trim().to_owned())
}
