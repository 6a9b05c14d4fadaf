//! The two accounts of a sign-in that was rejected for its account.

use serde::Serialize;

use crate::domain::connection::{Account, AccountRef};

/// The account that was expected and the one that signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountMismatch {
    /// The connected account, or the one that the ATS expects.
    pub expected: AccountDetails,
    /// The account that signed in.
    pub signed_in: AccountDetails,
}

/// What is known about an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountDetails {
    /// The object id in Entra.
    #[serde(skip_serializing_if = "Option::is_none")]
    oid: Option<String>,
    /// The display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The user principal name.
    #[serde(skip_serializing_if = "Option::is_none")]
    upn: Option<String>,
}

impl From<&Account> for AccountDetails {
    fn from(account: &Account) -> Self {
        Self { oid: Some(account.oid.to_string()), name: Some(account.name.clone()), upn: Some(account.upn.clone()) }
    }
}

impl From<&AccountRef> for AccountDetails {
    fn from(account: &AccountRef) -> Self {
        match account {
            AccountRef::Oid(oid) => Self { oid: Some(oid.to_string()), ..Self::default() },
            AccountRef::Upn(upn) => Self { upn: Some(upn.clone()), ..Self::default() },
        }
    }
}
