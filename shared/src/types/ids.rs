//! Identifiers: one type for each kind, each with its own error.
//!
//! A value of one of these types was parsed when it came in, so no other code checks it again.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The tenant of every personal Microsoft account
/// ([`tid`](https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference)).
const PERSONAL_ACCOUNTS: Uuid = Uuid::from_u128(0x9188_040d_6c67_4c5b_b112_36a3_04b6_6dad);

/// A text that cannot be an id of the ATS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to 64 characters of A-Z a-z 0-9 . _ @ - and begins with a letter or digit")]
pub struct AtsIdError;

/// Why a text is not a GUID that we accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GuidError {
    #[error("nothing was given")]
    Empty,
    /// Not 32 hexadecimal digits in the form 8-4-4-4-12.
    #[error("not a GUID")]
    NotAGuid,
    /// All zeros or all ones: a placeholder, not an identifier.
    #[error("a placeholder GUID")]
    Placeholder,
    /// `common` or `organizations`: Entra would accept any tenant.
    #[error("stands for every tenant, not for one")]
    EveryTenant,
    /// `consumers`, or the tenant of personal accounts.
    #[error("stands for personal accounts, not for a company")]
    PersonalAccounts,
}

/// An id of the ATS has 1 to 64 characters, all of them safe in a path and in the name of a secret.
fn parse_ats_id(text: &str) -> Result<String, AtsIdError> {
    let first_is_valid = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    let all_are_valid = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._@-".contains(&byte));
    if first_is_valid && all_are_valid && text.len() <= 64 { Ok(text.to_owned()) } else { Err(AtsIdError) }
}

/// Accepts only the canonical form 8-4-4-4-12. Braces, `urn:uuid:` and missing hyphens are other spellings.
fn parse_guid(text: &str) -> Result<Uuid, GuidError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(GuidError::Empty);
    }
    if text.len() != 36 || !text.is_ascii() {
        return Err(GuidError::NotAGuid);
    }
    let guid = Uuid::try_parse(text).map_err(|_| GuidError::NotAGuid)?;
    if guid.is_nil() || guid.is_max() { Err(GuidError::Placeholder) } else { Ok(guid) }
}

macro_rules! ats_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$"))]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = AtsIdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse_ats_id(text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = AtsIdError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

macro_rules! guid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl TryFrom<String> for $name {
            type Error = GuidError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.hyphenated().to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    };
}

ats_id! {
    /// A customer of the ATS: one company with one app registration.
    CustomerId
}

ats_id! {
    /// A recruiter, by the id that the ATS gave them.
    UserId
}

guid_id! {
    /// A customer's Entra tenant. Always the GUID: a domain name could change its owner, `common` would accept any tenant.
    TenantId
}

guid_id! {
    /// The application (client) id of the customer's app registration.
    ClientId
}

guid_id! {
    /// An account in a tenant: the `oid` claim, the same value as Graph's `id`. Together with the tenant it never changes.
    ObjectId
}

impl FromStr for TenantId {
    type Err = GuidError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if ["common", "organizations"].iter().any(|alias| text.trim().eq_ignore_ascii_case(alias)) {
            return Err(GuidError::EveryTenant);
        }
        if text.trim().eq_ignore_ascii_case("consumers") {
            return Err(GuidError::PersonalAccounts);
        }
        match parse_guid(text)? {
            PERSONAL_ACCOUNTS => Err(GuidError::PersonalAccounts),
            guid => Ok(Self(guid)),
        }
    }
}

impl FromStr for ClientId {
    type Err = GuidError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_guid(text).map(Self)
    }
}

impl FromStr for ObjectId {
    type Err = GuidError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_guid(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_of_the_ats_may_be_an_address() {
        assert_eq!("anna.nowak@kadry-1".parse::<UserId>().unwrap().as_str(), "anna.nowak@kadry-1");
    }

    #[test]
    fn an_id_that_could_leave_its_path_segment_is_refused() {
        for text in ["", ".", "..", "-a", "a/b", "a%2fb", "a b", "ą", "a\n", "arn:aws", "a+b", "a*", &"a".repeat(65)] {
            assert_eq!(text.parse::<CustomerId>(), Err(AtsIdError), "{text:?}");
        }
    }

    #[test]
    fn a_tenant_is_written_in_lower_case_whatever_was_pasted() {
        let pasted = " 6F1C3E0A-2B4D-4C5E-9F7A-1B2C3D4E5F60 ";
        assert_eq!(pasted.parse::<TenantId>().unwrap().to_string(), "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60");
    }

    #[test]
    fn a_name_that_stands_for_every_tenant_is_refused() {
        for text in ["common", "Organizations"] {
            assert_eq!(text.parse::<TenantId>(), Err(GuidError::EveryTenant), "{text}");
        }
        for text in ["consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"] {
            assert_eq!(text.parse::<TenantId>(), Err(GuidError::PersonalAccounts), "{text}");
        }
    }

    #[test]
    fn other_spellings_of_a_guid_are_refused() {
        for text in [
            "{6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60}",
            "urn:uuid:6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60",
            "6f1c3e0a2b4d4c5e9f7a1b2c3d4e5f60",
            "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f6",
            "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f6g",
            "６f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60",
        ] {
            assert_eq!(text.parse::<ClientId>(), Err(GuidError::NotAGuid), "{text}");
        }
        assert_eq!("00000000-0000-0000-0000-000000000000".parse::<ClientId>(), Err(GuidError::Placeholder));
    }

    proptest! {
        #[test]
        fn what_an_id_prints_parses_back(text in "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}") {
            prop_assert_eq!(text.parse::<UserId>().unwrap().to_string(), text);
        }

        #[test]
        fn what_a_guid_prints_parses_back(bits in 1..u128::MAX) {
            let id = ClientId(Uuid::from_u128(bits));
            prop_assert_eq!(id.to_string().parse::<ClientId>().unwrap(), id);
        }
    }
}
