//! The names of the secrets: the only place where they are spelled.

use crate::adapters::vault::model::SecretName;
use crate::types::ids::CustomerId;

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

/// A secret of the deployment itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeploymentSecret {
    /// The API keys, by their hashes.
    ApiKeys,
    /// The key that seals connect links, cookies and handles.
    SealingKey,
    /// The key that seals intake links.
    IntakeKey,
    /// The key that seals what an administrator does next: admin consent and sign-in tests.
    NextStepsKey,
    /// The key of the links to meetings.
    LinkKey,
    /// The key that signs webhooks.
    WebhookKey,
    /// The key that seals what refresh makes for itself: links to the page for support.
    SupportKey,
    /// The key of our issuer that signs.
    IssuerKey,
    /// The key of our issuer that signs next. No function reads it.
    IssuerNextKey,
    /// What is published of the issuer's keys.
    IssuerJwks,
}

impl DeploymentSecret {
    /// All that a template makes.
    pub const ALL: [Self; 10] = [
        Self::ApiKeys,
        Self::SealingKey,
        Self::IntakeKey,
        Self::NextStepsKey,
        Self::LinkKey,
        Self::WebhookKey,
        Self::SupportKey,
        Self::IssuerKey,
        Self::IssuerNextKey,
        Self::IssuerJwks,
    ];

    /// Those that hold one key, of the kind that seals or signs with a shared secret.
    pub const KEYS: [Self; 6] =
        [Self::SealingKey, Self::IntakeKey, Self::NextStepsKey, Self::LinkKey, Self::WebhookKey, Self::SupportKey];

    /// The end of its name, and what its content says it is.
    pub(in crate::adapters::vault) fn kind(self) -> &'static str {
        match self {
            Self::ApiKeys => "api-keys",
            Self::SealingKey => "sealing-key",
            Self::IntakeKey => "intake-key",
            Self::NextStepsKey => "next-steps-key",
            Self::LinkKey => "link-key",
            Self::WebhookKey => "webhook-key",
            Self::SupportKey => "support-key",
            Self::IssuerKey => "issuer-key",
            Self::IssuerNextKey => "issuer-next-key",
            Self::IssuerJwks => "issuer-jwks",
        }
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

    /// The root of the connections of a customer's recruiters.
    pub(super) fn connections(&self, customer: &CustomerId) -> SecretName {
        SecretName(format!("{}{customer}/connections", self.customers()))
    }

    /// The root of what a customer's recruiters handed to others.
    pub(super) fn hand_overs(&self, customer: &CustomerId) -> SecretName {
        SecretName(format!("{}{customer}/hand-overs", self.customers()))
    }

    /// A further node below a root.
    pub(super) fn child(root: &SecretName, node: &str) -> SecretName {
        SecretName(format!("{root}/{node}"))
    }

    /// Whether a tree of a customer's nodes begins with this one.
    pub(super) fn is_root(node: &SecretName) -> bool {
        ["/connections", "/hand-overs"].iter().any(|end| node.as_str().ends_with(end))
    }

    /// Who works with the apps whose hash begins with this byte. Not below [`SecretNames::customers`].
    pub(super) fn claims(&self, byte: u8) -> SecretName {
        SecretName(format!("{}/claims/{byte:02x}", self.prefix.0))
    }

    /// A secret of the deployment itself.
    pub(super) fn of_deployment(&self, secret: DeploymentSecret) -> SecretName {
        SecretName(format!("{}/{}", self.prefix.0, secret.kind()))
    }

    /// What the names of all secrets begin with.
    pub(super) fn all(&self) -> String {
        format!("{}/", self.prefix.0)
    }

    /// Whether a secret is one of the deployment itself.
    pub(super) fn is_of_deployment(&self, name: &SecretName) -> bool {
        DeploymentSecret::ALL.iter().any(|secret| self.of_deployment(*secret) == *name)
            || (0..=u8::MAX).any(|byte| self.claims(byte) == *name)
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
            [customer, "connections"] | [customer, "connections", _] => {
                Some(SecretOwner::Connections(customer.parse().ok()?))
            }
            [customer, "hand-overs"] | [customer, "hand-overs", _] => {
                Some(SecretOwner::HandOvers(customer.parse().ok()?))
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
    /// A node of the connections of its recruiters.
    Connections(CustomerId),
    /// A node of what its recruiters handed to others.
    HandOvers(CustomerId),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> SecretNames {
        SecretNames::new("teams-connect".parse().unwrap())
    }

    #[test]
    fn a_name_says_whose_secret_it_is() {
        let customer: CustomerId = "kadry".parse().unwrap();
        let (connections, hand_overs) = (layout().connections(&customer), layout().hand_overs(&customer));
        for (name, text, owner) in [
            (layout().app(&customer), "app", SecretOwner::App(customer.clone())),
            (layout().key_pair(&customer), "key-pair", SecretOwner::KeyPair(customer.clone())),
            (connections.clone(), "connections", SecretOwner::Connections(customer.clone())),
            (SecretNames::child(&connections, "01ab"), "connections/01ab", SecretOwner::Connections(customer.clone())),
            (hand_overs.clone(), "hand-overs", SecretOwner::HandOvers(customer.clone())),
            (SecretNames::child(&hand_overs, "01ab"), "hand-overs/01ab", SecretOwner::HandOvers(customer.clone())),
        ] {
            assert_eq!(name.as_str(), format!("teams-connect/customers/kadry/{text}"));
            assert_eq!(layout().owner_of(&name), Some(owner));
        }
        assert_eq!(layout().owner_of(&layout().of_deployment(DeploymentSecret::ApiKeys)), None);
        assert_eq!(layout().claims(7).as_str(), "teams-connect/claims/07");
        assert_eq!(layout().owner_of(&layout().claims(7)), None);
        let of_deployment = |name: &str| layout().is_of_deployment(&name.parse().unwrap());
        let keys =
            ["api-keys", "sealing-key", "intake-key", "next-steps-key", "link-key", "webhook-key", "support-key"];
        let of_issuer = ["issuer-key", "issuer-next-key", "issuer-jwks"];
        for own in keys.into_iter().chain(of_issuer).chain(["claims/00", "claims/ff"]) {
            assert!(of_deployment(&format!("{}{own}", layout().all())), "{own}");
        }
        for other in ["claims/7", "claims/100", "customers/kadry/app", "api-keys/x"] {
            assert!(!of_deployment(&format!("teams-connect/{other}")), "{other}");
        }
    }

    #[test]
    fn a_prefix_keeps_the_names_of_two_deployments_apart() {
        assert!("teams-connect/test".parse::<SecretPrefix>().is_ok());
        for text in ["", "/a", "a/", "a//b", "a b", "ą", &"a".repeat(65)] {
            assert!(text.parse::<SecretPrefix>().is_err(), "{text}");
        }
    }
}
