//! Values that must never be shown. A secret type cannot be printed, compared, cloned or serialized.
//!
//! The only way to the value is `expose`. It is allowed where a value leaves for Microsoft or the vault, or is sealed: a
//! test in `tests/architecture` searches the code for that word. `secrecy` wipes the memory when a value is dropped.

use ring::digest;
use secrecy::{ExposeSecret, SecretString};

use crate::types::pasted_text;

/// A value that must never be shown.
pub trait Secret: From<String> {
    /// The value. Only where it leaves for Microsoft or the vault, or is sealed.
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

        // The compiler proves that a secret cannot be printed, compared, copied, hashed or serialized.
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
    /// Client secret of the customer's app (RFC 6749 §2.3.1): its value, not its secret ID.
    ClientSecret
}

secret_type! {
    /// Private key of the customer's app (RFC 7523 §2.2): PKCS#8 in base64. Entra has the certificate.
    PrivateKey
}

secret_type! {
    /// Access token for Graph (RFC 6749 §1.4). Valid for about an hour; opaque to us.
    AccessToken
}

secret_type! {
    /// Refresh token (RFC 6749 §1.5). Entra may rotate it on every use: store the one from the response.
    RefreshToken
}

secret_type! {
    /// Authorization code from Entra's redirect (RFC 6749 §1.3.1). It is redeemed for tokens.
    AuthorizationCode
}

secret_type! {
    /// PKCE verifier: proves that whoever redeems a code also requested it (RFC 7636 §4.1).
    PkceVerifier
}

secret_type! {
    /// An id_token as received: not verified, and with personal data.
    RawIdToken
}

secret_type! {
    /// The content of one version of a secret in the vault.
    SecretBody
}

secret_type! {
    /// API key of the ATS. The vault stores only its SHA-256.
    ApiKey
}

secret_type! {
    /// A key that seals links, cookies and handles, in PASERK's `k4.local.` form.
    SealingKeyText
}

secret_type! {
    /// Text that Secrets Manager generated (`GenerateSecretString`): the input of a sealing key.
    GeneratedText
}

/// Why a pasted text is not the value of a client secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientSecretError {
    /// Empty.
    Missing,
    /// A GUID: the *Secret ID* from the portal's list.
    SecretId,
    /// Ends in asterisks, as the portal shows a secret after the first time.
    Masked,
    /// Has blanks, quotation marks, control or non-ASCII characters, which no secret of Entra has.
    StrangeCharacters,
    /// A key file, a token, a JSON document, an address, or far too long.
    SomethingElse,
}

impl ClientSecret {
    /// The first three characters, which the portal goes on showing too.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.0.expose_secret().chars().take(3).collect()
    }

    /// The first 64 bits of the SHA-256, in hexadecimal. They tell two secrets apart, but 40 random characters cannot be
    /// guessed from them. `printf %s "$SECRET" | sha256sum` begins with the same digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hash = digest::digest(&digest::SHA256, self.0.expose_secret().as_bytes());
        hex::encode(&hash.as_ref()[..8])
    }

    /// The secret without blanks around it.
    ///
    /// # Errors
    /// [`ClientSecretError`] if the text cannot be the value of a client secret.
    pub fn validated(self) -> Result<Self, ClientSecretError> {
        let text = self.0.expose_secret().trim_matches(|c: char| c.is_whitespace() || pasted_text::is_invisible(c));
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
        let error = |text: &str| ClientSecret::from(text.to_owned()).validated().unwrap_err();
        assert_eq!(error(" \n"), ClientSecretError::Missing);
        assert_eq!(error("6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60"), ClientSecretError::SecretId);
        assert_eq!(error("abc*********************"), ClientSecretError::Masked);
        assert_eq!(error("•••••"), ClientSecretError::Masked);
        assert_eq!(error("abc def"), ClientSecretError::StrangeCharacters);
        assert_eq!(error("\"abc\""), ClientSecretError::StrangeCharacters);
        assert_eq!(error("zażółć"), ClientSecretError::StrangeCharacters);
        assert_eq!(error("abc\u{200b}def"), ClientSecretError::StrangeCharacters);
        assert_eq!(error("-----BEGIN PRIVATE KEY-----"), ClientSecretError::SomethingElse);
        assert_eq!(error(&"a".repeat(513)), ClientSecretError::SomethingElse);
    }

    #[test]
    fn a_fingerprint_is_what_sha256sum_begins_with() {
        let secret = ClientSecret::from("abC8Q~x.y_z-1".to_owned());
        assert_eq!((secret.prefix().as_str(), secret.fingerprint().as_str()), ("abC", "29d6c079c55ecc4f"));
    }

    #[test]
    fn blanks_around_a_client_secret_are_taken_off() {
        for pasted in ["\u{feff} abC8Q~x.y_z-1\r\n", "\u{200e}abC8Q~x.y_z-1\u{2060}", "\u{2068}abC8Q~x.y_z-1\u{2069}"] {
            let validated = ClientSecret::from(pasted.to_owned()).validated().unwrap();
            assert_eq!(validated.expose(), "abC8Q~x.y_z-1", "{}", pasted.escape_unicode());
        }
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
        // The macro asserts this for every secret type. This shows that such an assertion can fail.
        static_assertions::assert_impl_all!(String: std::fmt::Display, Clone, PartialEq, serde::Serialize);
        static_assertions::assert_not_impl_any!(
            RefreshToken: std::fmt::Display,
            Clone,
            PartialEq,
            serde::Serialize
        );
    }
}
