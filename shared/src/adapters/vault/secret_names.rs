//! The names of the secrets: the only place where they are spelled.

use crate::adapters::vault::model::SecretName;
use crate::types::ids::{ClientId, CustomerId, TenantId, UserId};

/// What the names of all secrets of one deployment begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretPrefix(String);

/// The text cannot begin a secret's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a prefix has 1 to 64 letters, digits, hyphens or slashes, and neither begins nor ends with a slash")]
pub struct SecretPrefixError;

impl std::str::FromStr for SecretPrefix {
    type Err = SecretPrefixError;
    fn from_str(text: &str) -> Result<Self, SecretPrefixError> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-/".contains(&byte))
            && text.split('/').all(|part| !part.is_empty());
        if fits { Ok(Self(text.to_owned())) } else { Err(SecretPrefixError) }
    }
}

/// The names. None ends in a hyphen and six characters, which Secrets Manager could take for the end of an ARN.
#[derive(Debug, Clone)]
pub struct SecretNames {
    prefix: SecretPrefix,
}

impl SecretNames {
    pub(super) fn new(prefix: SecretPrefix) -> Self {
        Self { prefix }
    }

    pub(super) fn app(&self, customer: &CustomerId) -> SecretName {
        SecretName(format!("{}{customer}/app", self.customers()))
    }

    /// The key pair whose certificate waits for being registered.
    pub(super) fn key_pair(&self, customer: &CustomerId) -> SecretName {
        SecretName(format!("{}{customer}/key-pair", self.customers()))
    }

    pub(super) fn connection(&self, customer: &CustomerId, user: &UserId) -> SecretName {
        SecretName(format!("{}{customer}/users/{user}/connection", self.customers()))
    }

    /// Who works with an app. Ends in a GUID's twelve characters, and is not below [`SecretNames::customers`].
    pub(super) fn claim(&self, tenant: TenantId, client_id: ClientId) -> SecretName {
        SecretName(format!("{}/claims/{tenant}.{client_id}", self.prefix.0))
    }

    pub(super) fn api_keys(&self) -> SecretName {
        SecretName(format!("{}/api-keys", self.prefix.0))
    }

    pub(super) fn sealing_key(&self) -> SecretName {
        SecretName(format!("{}/sealing-key", self.prefix.0))
    }

    pub(super) fn link_key(&self) -> SecretName {
        SecretName(format!("{}/link-key", self.prefix.0))
    }

    pub(super) fn hand_overs(&self, customer: &CustomerId, user: &UserId) -> SecretName {
        SecretName(format!("{}{customer}/users/{user}/hand-overs", self.customers()))
    }

    /// What the names of all secrets of customers begin with.
    pub(super) fn customers(&self) -> String {
        format!("{}/customers/", self.prefix.0)
    }

    /// Whose secret it is, read back from its name.
    pub(super) fn owner_of(&self, name: &SecretName) -> Option<SecretOwner> {
        let parts: Vec<_> = name.as_str().strip_prefix(&self.customers())?.split('/').collect();
        match parts.as_slice() {
            [customer, "app"] => Some(SecretOwner::App(customer.parse().ok()?)),
            [customer, "key-pair"] => Some(SecretOwner::KeyPair(customer.parse().ok()?)),
            [customer, "users", user, "connection"] => {
                Some(SecretOwner::Connection(customer.parse().ok()?, user.parse().ok()?))
            }
            [customer, "users", user, "hand-overs"] => {
                Some(SecretOwner::HandOvers(customer.parse().ok()?, user.parse().ok()?))
            }
            _ => None,
        }
    }
}

/// What a secret of a customer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretOwner {
    /// The customer's app.
    App(CustomerId),
    /// The key pair that waits for its certificate to be registered.
    KeyPair(CustomerId),
    /// A recruiter's connection.
    Connection(CustomerId, UserId),
    /// What a recruiter handed to others.
    HandOvers(CustomerId, UserId),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> SecretNames {
        SecretNames::new("teams-connect".parse().unwrap())
    }

    #[test]
    fn a_name_says_whose_secret_it_is() {
        let (customer, user): (CustomerId, UserId) = ("kadry".parse().unwrap(), "anna@kadry".parse().unwrap());
        let names = [
            layout().app(&customer),
            layout().connection(&customer, &user),
            layout().key_pair(&customer),
            layout().hand_overs(&customer, &user),
        ];
        assert_eq!(names[0].as_str(), "teams-connect/customers/kadry/app");
        assert_eq!(names[1].as_str(), "teams-connect/customers/kadry/users/anna@kadry/connection");
        assert_eq!(names[2].as_str(), "teams-connect/customers/kadry/key-pair");
        assert_eq!(names[3].as_str(), "teams-connect/customers/kadry/users/anna@kadry/hand-overs");
        assert_eq!(layout().owner_of(&names[0]), Some(SecretOwner::App(customer.clone())));
        assert_eq!(layout().owner_of(&names[1]), Some(SecretOwner::Connection(customer.clone(), user.clone())));
        assert_eq!(layout().owner_of(&names[2]), Some(SecretOwner::KeyPair(customer.clone())));
        assert_eq!(layout().owner_of(&names[3]), Some(SecretOwner::HandOvers(customer, user)));
        assert_eq!(layout().owner_of(&layout().api_keys()), None);
    }

    #[test]
    fn a_prefix_keeps_the_names_of_two_deployments_apart() {
        assert!("teams-connect/test".parse::<SecretPrefix>().is_ok());
        for text in ["", "/a", "a/", "a//b", "a b", "ą", &"a".repeat(65)] {
            assert!(text.parse::<SecretPrefix>().is_err(), "{text}");
        }
    }
}
