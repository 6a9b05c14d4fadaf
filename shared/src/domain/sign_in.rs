//! A recruiter's sign-in: from the connect link to the completion handle, which only the ATS can complete.
//!
//! Authorization code flow with PKCE (RFC 6749 §4.1, RFC 7636). The code is redeemed only after the ATS has said whose sign-in
//! it was, so nothing is gained by forwarding a connect link (cross-user session fixation, IETF draft
//! `oauth-security-topics-update`).

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

/// How long a browser may take from our redirect to its return. An authorization code of Entra is valid as long.
pub const SIGN_IN_TTL: SignedDuration = SignedDuration::from_mins(15);

/// How long the ATS may take to complete a sign-in.
pub const HANDLE_TTL: SignedDuration = SignedDuration::from_mins(5);

/// Sealed content of a connect link.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectLink {
    /// The customer.
    pub customer: CustomerId,
    /// The recruiter.
    pub user: UserId,
    /// The account name to prefill at Microsoft.
    pub login_hint: Option<String>,
    /// The language of our pages.
    pub language: Option<Language>,
}

impl Sealable for ConnectLink {
    const PURPOSE: &'static str = "connect-link";
}

/// Sealed content of a sign-in test link. It names no recruiter, because a test stores nothing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInTestLink {
    /// The customer.
    pub customer: CustomerId,
    /// The tenant.
    pub tenant: TenantId,
    /// The app.
    pub client_id: ClientId,
}

impl Sealable for SignInTestLink {
    const PURPOSE: &'static str = "sign-in-test-link";
}

/// What a sign-in is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInPurpose {
    /// A recruiter's connection. The ATS completes it.
    Connection(UserId),
    /// A sign-in test: the browser shows the result, and nothing is stored.
    Test {
        /// Whether to create and delete a meeting.
        meeting: bool,
    },
}

/// A started sign-in. Sealed in a cookie of the browser that started it, and bound to its `state`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingSignIn {
    /// Names this sign-in in the log and in the connection.
    pub id: String,
    /// The customer.
    pub customer: CustomerId,
    /// What it is for.
    pub aim: SignInPurpose,
    /// The tenant. The code is redeemed there and nowhere else.
    pub tenant: TenantId,
    /// The app.
    pub client_id: ClientId,
    /// Comes back in the id_token (OpenID Connect Core §3.1.2.1).
    pub nonce: String,
    /// Proves when redeeming that we requested the code.
    #[serde(with = "sealed_secret")]
    pub verifier: PkceVerifier,
}

impl Sealable for PendingSignIn {
    const PURPOSE: &'static str = "sign-in";
}

/// An authorization code that waits until the ATS says whose it is. Not redeemed yet.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompletionHandle {
    /// The started sign-in.
    pub sign_in: PendingSignIn,
    /// The code from Entra.
    #[serde(with = "sealed_secret")]
    pub code: AuthorizationCode,
}

impl Sealable for CompletionHandle {
    const PURPOSE: &'static str = "handle";
}

impl PendingSignIn {
    /// Starts a sign-in.
    ///
    /// # Errors
    /// [`RandomnessError`].
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

    /// The completion handle for this sign-in and its code.
    #[must_use]
    pub fn into_handle(self, code: AuthorizationCode) -> CompletionHandle {
        CompletionHandle { sign_in: self, code }
    }
}

#[cfg(test)]
mod tests;
