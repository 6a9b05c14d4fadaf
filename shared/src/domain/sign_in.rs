//! A recruiter's sign-in: from the connect link to the completion handle, which only the ATS can complete.
//!
//! Authorization code flow with PKCE (RFC 6749 §4.1, RFC 7636). The code waits in the vault and is redeemed only after the
//! ATS has said whose sign-in it was, so nothing is gained by forwarding a connect link (cross-user session fixation, IETF
//! draft `oauth-security-topics-update`).

mod authorization_response;
mod error_page;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde::{Deserialize, Serialize};

use crate::domain::connection::AccountRef;
use crate::domain::entra_app::AppInTenure;
use crate::types::clock::{SignedDuration, Timestamp, is_epoch};
use crate::types::ids::{ClientId, CustomerId, TenantId, UserId};
use crate::types::language::Language;
use crate::types::randomness::{Randomness, RandomnessError};
use crate::types::sealing::{Sealable, sealed_secret};
use crate::types::secret::{AuthorizationCode, PkceVerifier};

pub use authorization_response::{AuthorizationError, AuthorizationResponse, AuthorizationResponseError};
pub use error_page::parse_error_page;

/// How long a connect link works. A recruiter who reads the mail later asks for a new link.
pub const CONNECT_LINK_TTL: SignedDuration = SignedDuration::from_hours(24 * 7);

/// How long a browser may take from our redirect to its return. An authorization code of Entra is valid as long.
pub const SIGN_IN_TTL: SignedDuration = SignedDuration::from_mins(15);

/// How long the ATS may take to complete a sign-in: as long as Entra redeems its code.
pub const HANDLE_TTL: SignedDuration = SignedDuration::from_mins(10);

/// Sealed content of a connect link.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectLink {
    /// The customer.
    pub customer: CustomerId,
    /// The recruiter.
    pub user: UserId,
    /// The customer's tenure in which it was sealed. It counts in no other one.
    #[serde(default, skip_serializing_if = "is_epoch")]
    pub tenure: Timestamp,
    /// The account name to prefill at Microsoft.
    pub login_hint: Option<String>,
    /// The language of our pages.
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

/// Sealed content of a sign-in test link. It names no recruiter, because a test stores nothing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInTestLink {
    /// The customer.
    pub customer: CustomerId,
    /// The customer's tenure in which it was sealed. It counts in no other one.
    #[serde(default, skip_serializing_if = "is_epoch")]
    pub tenure: Timestamp,
    /// The tenant.
    pub tenant: TenantId,
    /// The app.
    pub client_id: ClientId,
}

impl SignInTestLink {
    /// What it was sealed for.
    #[must_use]
    pub fn app(&self) -> AppInTenure {
        AppInTenure { tenure: self.tenure, tenant: self.tenant, client_id: self.client_id }
    }
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
        /// When the link ends that it began with. Links that were made from one another end at the same time.
        #[serde(default, skip_serializing_if = "is_epoch")]
        link_ends_at: Timestamp,
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
    /// The customer's tenure in which it was sealed. It counts in no other one.
    #[serde(default, skip_serializing_if = "is_epoch")]
    pub tenure: Timestamp,
    /// The tenant. The code is redeemed there and nowhere else.
    pub tenant: TenantId,
    /// The app.
    pub client_id: ClientId,
    /// Comes back in the id_token (OpenID Connect Core §3.1.2.1).
    pub nonce: String,
    /// Proves when redeeming that we requested the code.
    #[serde(with = "sealed_secret")]
    pub verifier: PkceVerifier,
    /// When it began. It counts only where nothing was completed or ended since.
    #[serde(default, skip_serializing_if = "is_epoch")]
    pub started_at: Timestamp,
    /// The language of our pages, as in the connect link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// What the ATS wants at the end.
    #[serde(default, skip_serializing_if = "CompletionOptions::is_default")]
    pub completion: CompletionOptions,
}

impl Sealable for PendingSignIn {
    const PURPOSE: &'static str = "sign-in";
}

/// A sign-in from which the browser has returned. Waits in the vault until the ATS says whose it is.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReturnedSignIn {
    /// The started sign-in.
    pub sign_in: PendingSignIn,
    /// The code from Entra. Not redeemed yet.
    #[serde(with = "sealed_secret")]
    pub code: AuthorizationCode,
    /// The handle that the browser was given. It is given the same one again if it returns again.
    pub handle: String,
    /// From then on it cannot be completed.
    pub until: Timestamp,
}

/// Sealed content of a completion handle: which sign-in, and a mark of the recruiter whose link it was. It is short, because
/// it stands in an address beside the `state` of the ATS.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionHandle(String, String);

/// Tells a handle of another recruiter from one that is none. Nothing is decided by it, so 48 bits suffice.
const OWNER_MARK_LENGTH: usize = 8;

impl CompletionHandle {
    /// The handle of a sign-in for this recruiter.
    #[must_use]
    pub fn new(sign_in: &str, customer: &CustomerId, user: &UserId) -> Self {
        Self(sign_in.to_owned(), owner_mark(customer, user))
    }

    /// The id of the sign-in.
    #[must_use]
    pub fn sign_in(&self) -> &str {
        &self.0
    }

    /// Whether it is of a link for this recruiter.
    #[must_use]
    pub fn is_of(&self, customer: &CustomerId, user: &UserId) -> bool {
        self.1 == owner_mark(customer, user)
    }
}

fn owner_mark(customer: &CustomerId, user: &UserId) -> String {
    let hash = digest::digest(&digest::SHA256, format!("teams-connect/owner/{customer}/{user}").as_bytes());
    URL_SAFE_NO_PAD.encode(hash.as_ref()).chars().take(OWNER_MARK_LENGTH).collect()
}

impl Sealable for CompletionHandle {
    const PURPOSE: &'static str = "handle";
}

impl PendingSignIn {
    /// Starts a sign-in with a customer's app.
    ///
    /// # Errors
    /// [`RandomnessError`].
    pub fn start(
        customer: CustomerId,
        aim: SignInPurpose,
        AppInTenure { tenure, tenant, client_id }: AppInTenure,
        (started_at, randomness): (Timestamp, &Randomness),
    ) -> Result<Self, RandomnessError> {
        Ok(Self {
            id: randomness.id()?,
            customer,
            tenure,
            aim,
            tenant,
            client_id,
            nonce: randomness.token()?,
            verifier: PkceVerifier::from(randomness.token()?),
            started_at,
            language: None,
            completion: CompletionOptions::default(),
        })
    }

    /// The app that it was started with.
    #[must_use]
    pub fn app(&self) -> AppInTenure {
        AppInTenure { tenure: self.tenure, tenant: self.tenant, client_id: self.client_id }
    }
}

#[cfg(test)]
mod tests;
