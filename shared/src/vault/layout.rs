//! The names of the secrets and the shape of their contents: the only place where either is spelled.
//!
//! Every content says what it is and whose, and both are compared after it was read: a secret that was swapped for
//! another is `Corrupt`, not somebody else's meeting. Unknown fields are passed over, so that a version of this
//! software can read what its successor wrote.

mod connection;
mod deployment;
mod hand_overs;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::audit::{BELONGS_TO_ANOTHER, By, Deed, Entry};
use crate::entra_app::EntraApp;
use crate::ids::{ClientId, CustomerId, TenantId, UserId};
use crate::secret::{ClientSecret, Secret, SecretBody};
use crate::vault::terms::{SecretName, VaultError};

pub(super) use connection::{Ended, read_connection, write_connection, write_end};
pub(super) use deployment::{
    read_api_keys, read_link_key, read_sealing_key, write_api_keys, write_link_key, write_sealing_key,
};
pub(super) use hand_overs::{read_hand_overs, write_hand_overs};

/// Each content names the layout it was written in.
const SCHEMA: u32 = 1;

/// What the names of all secrets of one deployment begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(String);

/// The text cannot begin a secret's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a prefix has 1 to 64 letters, digits, hyphens or slashes, and neither begins nor ends with a slash")]
pub struct PrefixFault;

impl std::str::FromStr for Prefix {
    type Err = PrefixFault;
    fn from_str(text: &str) -> Result<Self, PrefixFault> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-/".contains(&byte))
            && text.split('/').all(|part| !part.is_empty());
        if fits { Ok(Self(text.to_owned())) } else { Err(PrefixFault) }
    }
}

/// The names. None ends in a hyphen and six characters, which Secrets Manager could take for the end of an ARN.
#[derive(Debug, Clone)]
pub struct Layout {
    prefix: Prefix,
}

impl Layout {
    pub(super) fn new(prefix: Prefix) -> Self {
        Self { prefix }
    }

    pub(super) fn app(&self, customer: &CustomerId) -> SecretName {
        SecretName(format!("{}{customer}/app", self.customers()))
    }

    pub(super) fn connection(&self, customer: &CustomerId, user: &UserId) -> SecretName {
        SecretName(format!("{}{customer}/users/{user}/connection", self.customers()))
    }

    /// Who works with an app. Ends in a GUID's twelve characters, and is not below [`Layout::customers`].
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
    pub(super) fn owner_of(&self, name: &SecretName) -> Option<Owned> {
        let parts: Vec<_> = name.as_str().strip_prefix(&self.customers())?.split('/').collect();
        match parts.as_slice() {
            [customer, "app"] => Some(Owned::App(customer.parse().ok()?)),
            [customer, "users", user, "connection"] => {
                Some(Owned::Connection(customer.parse().ok()?, user.parse().ok()?))
            }
            [customer, "users", user, "hand-overs"] => {
                Some(Owned::HandOvers(customer.parse().ok()?, user.parse().ok()?))
            }
            _ => None,
        }
    }
}

/// What a secret of a customer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owned {
    /// The customer's app.
    App(CustomerId),
    /// A recruiter's connection.
    Connection(CustomerId, UserId),
    /// What a recruiter handed to others.
    HandOvers(CustomerId, UserId),
}

#[derive(Serialize)]
struct ClaimOut<'a> {
    schema: u32,
    kind: &'static str,
    customer: &'a CustomerId,
}

#[derive(Serialize)]
struct AppOut<'a> {
    schema: u32,
    kind: &'static str,
    customer: &'a CustomerId,
    tenant: TenantId,
    client_id: ClientId,
    client_secret: &'a str,
    expires_on: Option<Date>,
}

#[derive(Deserialize)]
struct AppIn {
    kind: String,
    customer: CustomerId,
    tenant: TenantId,
    client_id: ClientId,
    client_secret: ClientSecret,
    expires_on: Option<Date>,
}

pub(super) fn write_app(customer: &CustomerId, app: &EntraApp) -> Result<SecretBody, VaultError> {
    write(&AppOut {
        schema: SCHEMA,
        kind: "app",
        customer,
        tenant: app.tenant,
        client_id: app.client_id,
        client_secret: app.client_secret.expose(),
        expires_on: app.expires_on,
    })
}

/// What a claim holds is told by its name and tags; its content makes each version its owner's own.
pub(super) fn write_claim(customer: &CustomerId) -> Result<SecretBody, VaultError> {
    write(&ClaimOut { schema: SCHEMA, kind: "claim", customer })
}

pub(super) fn read_app(name: &SecretName, customer: &CustomerId, body: &SecretBody) -> Result<EntraApp, VaultError> {
    let app: AppIn = read(name, body)?;
    if app.kind != "app" || app.customer != *customer {
        Entry::new(Deed::ReadSecret, By::Product).customer(customer).refused(BELONGS_TO_ANOTHER);
        return Err(corrupt(name, "it belongs to somebody else"));
    }
    Ok(EntraApp {
        tenant: app.tenant,
        client_id: app.client_id,
        client_secret: app.client_secret,
        expires_on: app.expires_on,
    })
}

fn write(content: &impl Serialize) -> Result<SecretBody, VaultError> {
    serde_json::to_string(content)
        .map(SecretBody::from)
        .map_err(|_| VaultError::Refused("it cannot be written as JSON"))
}

fn read<T: DeserializeOwned>(name: &SecretName, body: &SecretBody) -> Result<T, VaultError> {
    // The parser's own message could quote the content, so it is not kept.
    serde_json::from_str(body.expose()).map_err(|_| corrupt(name, "it has another shape"))
}

pub(super) fn corrupt(name: &SecretName, what: &'static str) -> VaultError {
    VaultError::Corrupt { name: name.to_string(), what }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        Layout::new("teams-connect".parse().unwrap())
    }

    #[test]
    fn a_name_says_whose_secret_it_is() {
        let (customer, user): (CustomerId, UserId) = ("kadry".parse().unwrap(), "anna@kadry".parse().unwrap());
        let names = [layout().app(&customer), layout().connection(&customer, &user)];
        assert_eq!(names[0].as_str(), "teams-connect/customers/kadry/app");
        assert_eq!(names[1].as_str(), "teams-connect/customers/kadry/users/anna@kadry/connection");
        assert_eq!(layout().owner_of(&names[0]), Some(Owned::App(customer.clone())));
        assert_eq!(layout().owner_of(&names[1]), Some(Owned::Connection(customer, user)));
        assert_eq!(layout().owner_of(&layout().api_keys()), None);
    }

    #[test]
    fn a_secret_of_somebody_else_is_not_taken_for_ones_own() {
        let name = layout().app(&"a".parse().unwrap());
        let app = EntraApp {
            tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
            client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
            client_secret: "abC8Q~x".to_owned().into(),
            expires_on: None,
        };
        let body = write_app(&"b".parse().unwrap(), &app).unwrap();
        let error = read_app(&name, &"a".parse().unwrap(), &body).unwrap_err();
        assert!(matches!(error, VaultError::Corrupt { .. }));
        assert!(read_app(&name, &"b".parse().unwrap(), &body).is_ok());
    }

    #[test]
    fn what_a_later_version_of_this_software_writes_is_read_by_this_one() {
        let (name, customer) = (layout().app(&"a".parse().unwrap()), "a".parse().unwrap());
        let later = r#"{"schema":2,"kind":"app","customer":"a","tenant":"6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60",
            "client_id":"0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f","client_secret":"abC8Q~x","expires_on":null,
            "certificate":{"later":[1]}}"#;
        let read = read_app(&name, &customer, &SecretBody::from(later.to_owned())).unwrap();
        assert_eq!(read.client_secret.expose(), "abC8Q~x");
    }

    #[test]
    fn what_is_wrong_with_a_content_is_told_without_quoting_it() {
        let name = layout().app(&"a".parse().unwrap());
        let body = SecretBody::from(r#"{"kind":"app","client_secret":canary}"#.to_owned());
        let error = read_app(&name, &"a".parse().unwrap(), &body).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"));
    }

    #[test]
    fn a_prefix_keeps_the_names_of_two_deployments_apart() {
        assert!("teams-connect/test".parse::<Prefix>().is_ok());
        for text in ["", "/a", "a/", "a//b", "a b", "ą", &"a".repeat(65)] {
            assert!(text.parse::<Prefix>().is_err(), "{text}");
        }
    }
}
