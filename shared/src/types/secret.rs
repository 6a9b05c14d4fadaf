//! Values that must never be seen. A secret type cannot be printed, compared, cloned or serialized.
//!
//! The one way out is `expose`, allowed only where a value leaves for Microsoft, for the vault, or sealed: a test
//! reads the code for that word (`tests/architecture`). Memory is wiped when a value is dropped (`secrecy`).

use ring::digest;
use secrecy::{ExposeSecret, SecretString};

/// A value that must never be seen.
pub trait Secret: From<String> {
    /// The value itself. Only where it leaves for Microsoft, for the vault, or sealed.
    #[must_use]
    fn expose(&self) -> &str;
}

macro_rules! secret_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name(SecretString);

        impl Secret for $name {
            fn expose(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }

        // Held by the compiler: a secret cannot be printed, compared, copied, hashed or written out.
        #[cfg(test)]
        static_assertions::assert_not_impl_any!(
            $name: std::fmt::Display, std::fmt::LowerHex, Clone, Copy, PartialEq, PartialOrd, std::hash::Hash,
            serde::Serialize, std::ops::Deref, AsRef<str>, AsRef<[u8]>, std::borrow::Borrow<str>, Into<String>
        );

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    };
}

secret_type! {
    /// Proves the customer's app to Entra (RFC 6749 §2.3.1). The *value*, not the secret id.
    ClientSecret
}

secret_type! {
    /// Signs in the name of the customer's app (RFC 7523 §2.2): PKCS#8 in base64. Entra knows the other half.
    PrivateKey
}

secret_type! {
    /// Opens Graph for about an hour (RFC 6749 §1.4). Opaque to us.
    AccessToken
}

secret_type! {
    /// Buys the next access token (RFC 6749 §1.5). Entra may hand out a new one at each use: keep what came back.
    RefreshToken
}

secret_type! {
    /// What Entra's redirect carries; worth a connection to whoever redeems it (RFC 6749 §1.3.1).
    AuthorizationCode
}

secret_type! {
    /// Proves that the redeemer of a code is who asked for it (RFC 7636 §4.1).
    PkceVerifier
}

secret_type! {
    /// An id_token as it came off the wire: personal data, and unverified.
    RawIdToken
}

secret_type! {
    /// The content of one version of a secret in the vault.
    SecretBody
}

secret_type! {
    /// What the ATS shows to be let in. At rest only its SHA-256 is kept.
    ApiKey
}

secret_type! {
    /// A key that seals links, cookies and handles, in PASERK's `k4.local.` form.
    SealingKeyText
}

secret_type! {
    /// What Secrets Manager made up itself (`GenerateSecretString`): an API key, or what a sealing key is derived from.
    GeneratedText
}

/// How a pasted client secret shows that it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientSecretError {
    /// Nothing was pasted.
    Missing,
    /// A GUID: the *Secret ID* of the portal's list.
    SecretId,
    /// Ends in asterisks, as the portal shows a secret once it is known.
    Masked,
    /// Blanks, quotation marks, control or non-ASCII characters: never part of a secret of Entra's.
    StrangeCharacters,
    /// A key file, a token, a JSON document, an address, or far too long.
    SomethingElse,
}

impl ClientSecret {
    /// As much of the secret as the portal itself goes on showing: its first three characters.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.0.expose_secret().chars().take(3).collect()
    }

    /// The first 64 bits of its SHA-256, in hexadecimal: enough to tell two secrets apart, too little to test
    /// guesses of 40 random characters against. `printf %s "$SECRET" | sha256sum` begins with the same digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hash = digest::digest(&digest::SHA256, self.0.expose_secret().as_bytes());
        hex::encode(&hash.as_ref()[..8])
    }

    /// The secret without the blanks that copying left around it.
    ///
    /// # Errors
    /// A [`ClientSecretError`] where the text cannot be the value of a client secret.
    pub fn validated(self) -> Result<Self, ClientSecretError> {
        let text =
            self.0.expose_secret().trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}');
        if text.is_empty() {
            return Err(ClientSecretError::Missing);
        }
        if text.len() == 36 && uuid::Uuid::try_parse(text).is_ok() {
            return Err(ClientSecretError::SecretId);
        }
        if text.contains("***") || text.chars().all(|c| c == '*' || c == '•') {
            return Err(ClientSecretError::Masked);
        }
        if text.len() > 512
            || ["-----BEGIN", "eyJ", "{", "http://", "https://"].iter().any(|start| text.starts_with(start))
        {
            return Err(ClientSecretError::SomethingElse);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.contains(['"', '\'', '`']) {
            return Err(ClientSecretError::StrangeCharacters);
        }
        Ok(Self::from(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_client_secret_is_told_apart() {
        let fault = |text: &str| ClientSecret::from(text.to_owned()).validated().unwrap_err();
        assert_eq!(fault(" \n"), ClientSecretError::Missing);
        assert_eq!(fault("6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60"), ClientSecretError::SecretId);
        assert_eq!(fault("abc*********************"), ClientSecretError::Masked);
        assert_eq!(fault("•••••"), ClientSecretError::Masked);
        assert_eq!(fault("abc def"), ClientSecretError::StrangeCharacters);
        assert_eq!(fault("\"abc\""), ClientSecretError::StrangeCharacters);
        assert_eq!(fault("zażółć"), ClientSecretError::StrangeCharacters);
        assert_eq!(fault("abc\u{200b}def"), ClientSecretError::StrangeCharacters);
        assert_eq!(fault("-----BEGIN PRIVATE KEY-----"), ClientSecretError::SomethingElse);
        assert_eq!(fault(&"a".repeat(513)), ClientSecretError::SomethingElse);
    }

    #[test]
    fn a_fingerprint_is_what_sha256sum_begins_with() {
        let secret = ClientSecret::from("abC8Q~x.y_z-1".to_owned());
        assert_eq!((secret.prefix().as_str(), secret.fingerprint().as_str()), ("abC", "29d6c079c55ecc4f"));
    }

    #[test]
    fn blanks_around_a_client_secret_are_taken_off() {
        let tidied = ClientSecret::from("\u{feff} abC8Q~x.y_z-1\r\n".to_owned()).validated().unwrap();
        assert_eq!(tidied.expose(), "abC8Q~x.y_z-1");
        // As long as a GUID, and as long as any secret can be.
        for text in ["abC8Q~x.y_z-1abC8Q~x.y_z-1abC8Q~x.y_", &"a".repeat(512)] {
            assert_eq!(ClientSecret::from(text.to_owned()).validated().unwrap().expose(), text);
        }
    }

    #[test]
    fn a_secret_never_prints_itself() {
        let token = RefreshToken::from("0.AXoAcanary".to_owned());
        assert_eq!(format!("{token:?}"), "RefreshToken([redacted])");
        assert_eq!(format!("{:#?}", Some(token)), "Some(\n    RefreshToken([redacted]),\n)");
    }

    #[test]
    fn no_secret_can_be_printed_compared_copied_or_serialized() {
        // The macro asserts it of every type that it makes. A control shows that such an assertion can fail to hold.
        static_assertions::assert_impl_all!(String: std::fmt::Display, Clone, PartialEq, serde::Serialize);
        static_assertions::assert_not_impl_any!(
            RefreshToken: std::fmt::Display,
            Clone,
            PartialEq,
            serde::Serialize
        );
    }
}
