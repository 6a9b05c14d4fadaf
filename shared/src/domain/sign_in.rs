//! A recruiter's sign-in: from the link to the handle that only the ATS can complete.
//!
//! Authorization code flow with PKCE (RFC 6749 §4.1, RFC 7636), in the order that OAuth's best current practice asks
//! for: the code is redeemed only after the ATS has said whose sign-in it was, so a forwarded link is worth nothing
//! (cross-user session fixation, IETF draft `oauth-security-topics-update`).

mod authorization_response;
mod error_page;

use serde::{Deserialize, Serialize};

use crate::types::clock::SignedDuration;
use crate::types::ids::{ClientId, CustomerId, TenantId, UserId};
use crate::types::language::Language;
use crate::types::randomness::{Randomness, RandomnessError};
use crate::types::sealing::{Sealable, sealed_secret};
use crate::types::secret::{AuthorizationCode, PkceVerifier};

pub use authorization_response::{AuthorizationError, AuthorizationResponse, AuthorizationResponseError};
pub use error_page::parse_error_page;

/// How long a browser may take from our redirect to its return. A code of Entra's lives as long.
pub const SIGN_IN_TTL: SignedDuration = SignedDuration::from_mins(15);

/// How long the ATS may take to complete what came back.
pub const HANDLE_TTL: SignedDuration = SignedDuration::from_mins(5);

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
        })
    }

    /// Keeps the code until the ATS completes the sign-in.
    #[must_use]
    pub fn into_handle(self, code: AuthorizationCode) -> CompletionHandle {
        CompletionHandle { sign_in: self, code }
    }
}

#[cfg(test)]
mod tests;
