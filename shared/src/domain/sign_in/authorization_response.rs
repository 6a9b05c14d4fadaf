//! What Microsoft's redirect says (RFC 6749 §4.1.2).

use crate::domain::finding::{Evidence, FindingKind, parse_aadsts};
use crate::types::ids::TenantId;
use crate::types::secret::AuthorizationCode;

/// The longest code that is accepted. Entra's have one or two thousand characters.
const MAX_CODE_LENGTH: usize = 6 * 1024;

/// The query of Microsoft's redirect.
#[derive(Debug)]
pub enum AuthorizationResponse {
    /// The user signed in and consented (RFC 6749 §4.1.2).
    Code {
        /// The `state`, as we sent it.
        state: String,
        /// The authorization code.
        code: AuthorizationCode,
        /// The issuer (RFC 9207). Entra sends none; a provider that sends one must name itself.
        iss: Option<String>,
    },
    /// The sign-in failed (RFC 6749 §4.1.2.1).
    Error {
        /// The `state`, as we sent it.
        state: String,
        /// Why.
        refusal: AuthorizationError,
        /// The issuer, as above.
        iss: Option<String>,
        /// The directory that was asked for admin consent. A sign-in has none.
        tenant: Option<String>,
    },
    /// An administrator granted admin consent
    /// ([admin consent](https://learn.microsoft.com/entra/identity-platform/v2-admin-consent)). Microsoft also sends the flag
    /// with a refusal; then there is an `error` too.
    AdminConsent {
        /// The `state`, as we sent it.
        state: String,
        /// The directory whose administrator granted it.
        tenant: TenantId,
    },
}

impl AuthorizationResponse {
    /// The `state`, as we sent it.
    #[must_use]
    pub fn state(&self) -> &str {
        let (Self::Code { state, .. } | Self::Error { state, .. } | Self::AdminConsent { state, .. }) = self;
        state
    }
}

/// Why a sign-in failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationError {
    /// The stable code for the ATS.
    pub code: &'static str,
    /// The finding, if one is known.
    pub finding: Option<FindingKind>,
    /// What Microsoft said.
    pub evidence: Evidence,
}

/// Why a query is not an authorization response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationResponseError {
    /// A parameter occurs twice or is empty.
    #[error("the parameter {0} is empty or stands twice")]
    Parameter(&'static str),
    /// No `state`.
    #[error("there is no state")]
    NoState,
    /// Admin consent of no directory that has an id.
    #[error("it is not said whose admin consent it is")]
    NoTenant,
    /// Neither `code` nor `error`, or both.
    #[error("there is neither a code nor an error, or both")]
    Neither,
    /// The code is too long or has characters that no code has.
    #[error("the code is not a code")]
    NotACode,
}

impl AuthorizationResponse {
    /// Parses the decoded parameters of the redirect. Ignores unknown ones, which Microsoft adds.
    ///
    /// # Errors
    /// [`AuthorizationResponseError`] for a query that no authorization server sends.
    pub fn parse(parameters: &[(String, String)]) -> Result<Self, AuthorizationResponseError> {
        let one = |name: &'static str| single_parameter(parameters, name);
        let (code, error, iss) = (one("code")?, one("error")?, one("iss")?.map(str::to_owned));
        let (description, subcode) = (one("error_description")?, one("error_subcode")?);
        let state = one("state")?.ok_or(AuthorizationResponseError::NoState)?.to_owned();
        match (code, error) {
            (Some(code), None) => {
                // RFC 6749 appendix A.11: a code is visible ASCII.
                if code.len() > MAX_CODE_LENGTH || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
                    return Err(AuthorizationResponseError::NotACode);
                }
                Ok(Self::Code { state, code: AuthorizationCode::from(code.to_owned()), iss })
            }
            (None, Some(error)) => {
                let refusal = AuthorizationError::from_parameters(error, description.unwrap_or_default(), subcode);
                Ok(Self::Error { state, refusal, iss, tenant: one("tenant")?.map(str::to_owned) })
            }
            (None, None) if one("admin_consent")?.is_some_and(|flag| flag.eq_ignore_ascii_case("true")) => {
                let tenant = one("tenant")?.and_then(|tenant| tenant.parse().ok());
                tenant.map(|tenant| Self::AdminConsent { state, tenant }).ok_or(AuthorizationResponseError::NoTenant)
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
        // Some policies leave an empty description. Nothing depends on it.
        (Some(_), None) if name == "error_description" => Ok(None),
        _ => Err(AuthorizationResponseError::Parameter(name)),
    }
}

impl AuthorizationError {
    pub(super) fn from_parameters(error: &str, description: &str, subcode: Option<&str>) -> Self {
        let aadsts = parse_aadsts(description);
        let finding = match (aadsts.and_then(FindingKind::from_aadsts), error) {
            (_, "temporarily_unavailable" | "server_error") => Some(FindingKind::MicrosoftUnavailable),
            (Some(kind), _) => Some(kind),
            _ if subcode == Some("cancel") => Some(FindingKind::SignInDeclined),
            // A number that nobody knows decides nothing.
            _ if aadsts.is_some() => None,
            (None, "access_denied") => Some(FindingKind::SignInDeclined),
            (None, "consent_required") => Some(FindingKind::ConsentMissing),
            (None, _) => None,
        };
        let code = finding.map_or(FindingKind::SignInFailed.code(), FindingKind::code);
        let after = |label: &str| text_after_label(description, label);
        let evidence =
            Evidence::sanitized(aadsts, after("Correlation ID: "), after("Trace ID: "), after("Timestamp: "));
        Self { code, finding, evidence }
    }
}

/// The text after a label in a description, up to the end of the line or the next label.
fn text_after_label(description: &str, label: &str) -> Option<String> {
    let rest = description.split_once(label)?.1;
    let end = [" Trace ID: ", " Correlation ID: ", " Timestamp: "].iter().filter_map(|next| rest.find(next)).min();
    let line = rest[..end.unwrap_or(rest.len())].lines().next()?;
    Some(line.trim().to_owned())
}
