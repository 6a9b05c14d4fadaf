//! The trust of an application in a foreign issuer (Microsoft's *federated identity credential*).

use serde::{Deserialize, Serialize};

/// Microsoft's limits
/// ([considerations](https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations)).
const MAX_OF_AN_APP: usize = 20;
const MAX_VALUE_CHARS: usize = 600;
const NAME_CHARS: std::ops::RangeInclusive<usize> = 3..=120;

/// A federated identity credential, with the member names of Graph.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimulatedFederatedCredential {
    /// Unique in the application.
    pub name: String,
    /// The claim `iss` of the assertions, and the address of the issuer's discovery document.
    pub issuer: String,
    /// The claim `sub` of the assertions.
    pub subject: String,
    /// The claim `aud` of the assertions: exactly one value.
    pub audiences: Vec<String>,
}

impl SimulatedFederatedCredential {
    /// Adds it to those of an application; the error is Graph's reason to reject it.
    pub(crate) fn add_to(self, others: &mut Vec<Self>) -> Result<(), String> {
        let [audience] = self.audiences.as_slice() else {
            return Err("Federated identity credentials must have exactly one audience.".to_owned());
        };
        let values = [&self.issuer, &self.subject, audience];
        if values.iter().any(|value| value.is_empty()) {
            return Err("Federated Identity Credential from HTTP body has empty properties".to_owned());
        }
        if values.iter().any(|value| value.chars().count() > MAX_VALUE_CHARS) {
            return Err(format!(
                "A property of the federated identity credential has over {MAX_VALUE_CHARS} characters."
            ));
        }
        let friendly = self.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        let begins = self.name.starts_with(|first: char| first.is_ascii_alphanumeric());
        if !friendly || !begins || !NAME_CHARS.contains(&self.name.len()) {
            return Err(format!("Federated Identity Credential name '{}' is invalid.", self.name));
        }
        if others.iter().any(|other| other.name == self.name) {
            return Err("FederatedIdentityCredential with the same name already exists.".to_owned());
        }
        if others.iter().any(|other| other.issuer == self.issuer && other.subject == self.subject) {
            return Err("Issuer and subject combination already exists for this application.".to_owned());
        }
        if others.len() >= MAX_OF_AN_APP {
            return Err(format!("An application has at most {MAX_OF_AN_APP} federated identity credentials."));
        }
        others.push(self);
        Ok(())
    }
}
