//! A recruiter's sign-in: from the link to the handle that only the ATS can complete.
//!
//! Authorization code flow with PKCE (RFC 6749 §4.1, RFC 7636), in the order that OAuth's best current practice asks
//! for: the code is redeemed only after the ATS has said whose sign-in it was, so a forwarded link is worth nothing
//! (cross-user session fixation, IETF draft `oauth-security-topics-update`).

mod error_page;

use serde::{Deserialize, Serialize};

use crate::domain::connection::AccountRef;
use crate::domain::finding::{Evidence, FindingKind};
use crate::types::clock::SignedDuration;
use crate::types::ids::{ClientId, CustomerId, TenantId, UserId};
use crate::types::language::Language;
use crate::types::randomness::{Randomness, RandomnessError};
use crate::types::sealing::{Sealable, sealed_secret};
use crate::types::secret::{AuthorizationCode, PkceVerifier};

pub use error_page::parse_error_page;

/// How long a browser may take from our redirect to its return. A code of Entra's lives as long.
pub const SIGN_IN_TTL: SignedDuration = SignedDuration::from_mins(15);

/// How long the ATS may take to complete what came back.
pub const HANDLE_TTL: SignedDuration = SignedDuration::from_mins(5);

/// The longest code that is taken. Entra's have one or two thousand characters.
const MAX_CODE: usize = 6 * 1024;

/// What a link for the recruiter carries, sealed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectLink {
    /// Whose customer.
    pub customer: CustomerId,
    /// Which recruiter.
    pub user: UserId,
    /// The address to prefill at Microsoft.
    pub login_hint: Option<String>,
    /// The language of our own pages.
    pub language: Option<Language>,
    /// Whether the recruiter chooses the account, even if one is signed in already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub select_account: bool,
    /// What the ATS wants at the end.
    #[serde(default, skip_serializing_if = "CompletionOptions::is_default")]
    pub completion: CompletionOptions,
}

/// What the ATS wants at the end of a sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompletionOptions {
    /// Returned to the ATS as it was ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The page of the ATS to which the browser returns; `None` for the default one. Checked against the settings at the
    /// return too, because the operator may have withdrawn it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who must sign in; `None` for anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_account: Option<AccountRef>,
}

impl CompletionOptions {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Sealable for ConnectLink {
    const PURPOSE: &'static str = "connect-link";
}

/// What a link for the test of a sign-in carries, sealed. It names no recruiter, for nothing is kept of the test.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInTestLink {
    /// Whose customer.
    pub customer: CustomerId,
    /// At which tenant.
    pub tenant: TenantId,
    /// With which app.
    pub client_id: ClientId,
}

impl Sealable for SignInTestLink {
    const PURPOSE: &'static str = "sign-in-test-link";
}

/// What a sign-in is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInPurpose {
    /// The connection of a recruiter; the ATS completes it.
    Connection(UserId),
    /// A test: whoever signed in is shown how it went, and nothing is kept.
    Test {
        /// Whether a meeting is made and deleted again.
        meeting: bool,
    },
}

/// A sign-in that was begun: kept sealed in the cookie of the browser that began it, bound to its `state`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingSignIn {
    /// Names this sign-in in the log and in what it leads to.
    pub id: String,
    /// For which customer.
    pub customer: CustomerId,
    /// What for.
    pub aim: SignInPurpose,
    /// At which tenant: the code is redeemed there and nowhere else.
    pub tenant: TenantId,
    /// With which app.
    pub client_id: ClientId,
    /// Comes back inside the id_token (OpenID Connect Core §3.1.2.1).
    pub nonce: String,
    /// Proves at redemption that the code was asked for by us.
    #[serde(with = "sealed_secret")]
    pub verifier: PkceVerifier,
    /// What the ATS wants at the end.
    #[serde(default, skip_serializing_if = "CompletionOptions::is_default")]
    pub completion: CompletionOptions,
}

impl Sealable for PendingSignIn {
    const PURPOSE: &'static str = "sign-in";
}

/// A code that waits for the ATS to say whose it is. Not redeemed yet.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompletionHandle {
    /// What was begun.
    pub sign_in: PendingSignIn,
    /// What Entra answered.
    #[serde(with = "sealed_secret")]
    pub code: AuthorizationCode,
}

impl Sealable for CompletionHandle {
    const PURPOSE: &'static str = "handle";
}

impl PendingSignIn {
    /// Begins a sign-in.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn start(
        customer: CustomerId,
        aim: SignInPurpose,
        (tenant, client_id): (TenantId, ClientId),
        randomness: &Randomness,
    ) -> Result<Self, RandomnessError> {
        Ok(Self {
            id: randomness.token()?,
            customer,
            aim,
            tenant,
            client_id,
            nonce: randomness.token()?,
            verifier: PkceVerifier::from(randomness.token()?),
            completion: CompletionOptions::default(),
        })
    }

    /// Keeps the code until the ATS completes the sign-in.
    #[must_use]
    pub fn into_handle(self, code: AuthorizationCode) -> CompletionHandle {
        // State and page are used up at the return; a handle without them is shorter.
        let completion = CompletionOptions { state: None, url: None, ..self.completion };
        CompletionHandle { sign_in: Self { completion, ..self }, code }
    }
}

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
    fn from_parameters(error: &str, description: &str, subcode: Option<&str>) -> Self {
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

/// The number in `AADSTS65004: …`.
#[must_use]
pub fn parse_aadsts(description: &str) -> Option<u32> {
    leading_number(description.split_once("AADSTS")?.1)
}

/// The number that a text begins with.
fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests;
