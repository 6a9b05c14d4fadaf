//! An app without a secret: it trusts our issuer, for one subject
//! ([federated identity credential](https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust)).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::types::randomness::{Randomness, RandomnessError};

/// Whom an assertion is for: the token endpoint of Entra, the same for every app.
pub const FEDERATION_AUDIENCE: &str = "api://AzureADTokenExchange";

/// The characters of a subject: 128 bits in base64url.
const SUBJECT_LENGTH: usize = 22;

/// What our issuer calls a customer. It is random, so it says nothing, and no other customer ever has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FederatedSubject(String);

/// The text is no subject of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a subject is 22 characters of base64url")]
pub struct FederatedSubjectError;

/// What an app must trust. Entra compares all three values to the byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FederatedTrust {
    /// The address of our issuer.
    pub issuer: String,
    pub subject: FederatedSubject,
}

impl FederatedSubject {
    /// One that nobody had before.
    ///
    /// # Errors
    /// [`RandomnessError`].
    pub fn generate(randomness: &Randomness) -> Result<Self, RandomnessError> {
        randomness.id().map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FederatedSubject {
    type Err = FederatedSubjectError;
    fn from_str(text: &str) -> Result<Self, FederatedSubjectError> {
        let fits = text.len() == SUBJECT_LENGTH
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if fits { Ok(Self(text.to_owned())) } else { Err(FederatedSubjectError) }
    }
}

impl TryFrom<String> for FederatedSubject {
    type Error = FederatedSubjectError;
    fn try_from(text: String) -> Result<Self, FederatedSubjectError> {
        text.parse()
    }
}

impl From<FederatedSubject> for String {
    fn from(subject: FederatedSubject) -> Self {
        subject.0
    }
}

impl fmt::Display for FederatedSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FederatedTrust {
    #[must_use]
    pub fn audience(&self) -> &'static str {
        FEDERATION_AUDIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_subjects_differ_and_each_reads_back() {
        let randomness = Randomness::seeded(1);
        let [one, other] = [(); 2].map(|()| FederatedSubject::generate(&randomness).unwrap());
        assert_ne!(one, other);
        assert_eq!(one.to_string().parse(), Ok(one));
        for text in ["", "kadry", "AAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(text.parse::<FederatedSubject>(), Err(FederatedSubjectError), "{text}");
        }
    }
}
