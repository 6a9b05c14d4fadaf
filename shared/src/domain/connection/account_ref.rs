//! An account as the ATS names it.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::connection::account::Account;
use crate::types::ids::ObjectId;
use crate::types::single_line::is_single_line;

/// Bytes; no mail address is longer (RFC 5321 §4.5.3.1.3).
const MAX_NAME_BYTES: usize = 256;

/// An account as the ATS names it: by object id, or by the name that it signs in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountRef {
    /// The object id. It stays when an account is renamed, and changes when it is created again.
    Oid(ObjectId),
    /// The user principal name, which looks like a mail address.
    Upn(String),
}

/// The text names no account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not the name, address or object id of an account")]
pub struct AccountRefError;

impl FromStr for AccountRef {
    type Err = AccountRefError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().is_empty() || text.len() > MAX_NAME_BYTES || !is_single_line(text) {
            return Err(AccountRefError);
        }
        Ok(text.parse().map_or_else(|_| Self::Upn(text.trim().to_owned()), Self::Oid))
    }
}

impl Display for AccountRef {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Oid(oid) => oid.fmt(f),
            Self::Upn(upn) => upn.fmt(f),
        }
    }
}

impl AccountRef {
    /// Whether it names this account. Entra compares user principal names without regard to case.
    #[must_use]
    pub fn matches(&self, account: &Account) -> bool {
        match self {
            Self::Oid(oid) => *oid == account.oid,
            Self::Upn(upn) => upn.to_lowercase() == account.upn.to_lowercase(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_by_object_id_or_by_its_name_in_any_case() {
        let account = Account {
            oid: "11111111-2222-4333-8444-555555555555".parse().unwrap(),
            name: "Anna Żak".to_owned(),
            upn: "Anna.Żak@kadry.example".to_owned(),
        };
        let matches = |text: &str| text.parse::<AccountRef>().unwrap().matches(&account);
        for right in ["11111111-2222-4333-8444-555555555555", "anna.żak@KADRY.example", " Anna.Żak@kadry.example "] {
            assert!(matches(right), "{right}");
        }
        for wrong in ["11111111-2222-4333-8444-555555555556", "jan@kadry.example", "Anna Żak", "anna.zak@kadry.example"]
        {
            assert!(!matches(wrong), "{wrong}");
        }
        assert!("x".repeat(256).parse::<AccountRef>().is_ok());
        for none in ["", "  ", "a\nb", "a\u{202e}b", &"x".repeat(257)] {
            assert_eq!(none.parse::<AccountRef>(), Err(AccountRefError), "{none:?}");
        }
    }
}
