//! Sealed tokens for links, cookies and handles: only we can read and create them.
//!
//! PASETO v4.local (XChaCha20 with a keyed BLAKE2b tag). The footer names the key. The implicit assertion binds purpose and
//! context, which are not in the token. The payload has the times of issue and expiry. A token of another purpose is
//! rejected, and outside nobody can tell why a token was rejected.

pub mod deterministic;
pub mod webhook_key;

use pasetors::Local;
use pasetors::keys::SymmetricKey;
use pasetors::paserk::{FormatAsPaserk, Id};
use pasetors::token::UntrustedToken;
use pasetors::version4::{LocalToken, V4};
use ring::hkdf;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::types::clock::Timestamp;
use crate::types::randomness::{Randomness, RandomnessError};
use crate::types::secret::{GeneratedText, SealingKeyText, Secret};

/// Content that can be sealed. The purpose prevents that a connect link is taken for an intake link.
pub trait Sealable: Serialize + DeserializeOwned {
    /// A name, different for each type.
    const PURPOSE: &'static str;
}

/// Why sealing or opening failed. For the log only: every caller outside gets the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not our token, of another purpose or context, or changed.
    #[error("the seal is broken or was never ours")]
    Broken,
    /// Sealed with another key.
    #[error("sealed with another key")]
    UnknownKey,
    /// Expired.
    #[error("expired")]
    Expired,
    /// Issued further in the future than clocks may differ.
    #[error("issued in the future")]
    NotYetValid,
    /// The content could not be sealed.
    #[error("the content could not be sealed")]
    NotSealed,
}

/// An opened token.
#[derive(Debug)]
pub struct OpenedToken<T> {
    /// What was sealed.
    pub content: T,
    /// The time of sealing.
    pub issued_at: Timestamp,
    /// The end of its validity.
    pub expires_at: Timestamp,
}

#[derive(Serialize)]
struct PayloadRef<'a, T> {
    iat: i64,
    exp: i64,
    content: &'a T,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload<T> {
    iat: i64,
    exp: i64,
    content: T,
}

/// How far the clocks of two of our machines may differ.
const CLOCK_SKEW_MS: i64 = 120_000;

/// A key, and the short id by which tokens refer to it.
#[derive(Clone)]
pub struct SealingKey {
    id: String,
    key: SymmetricKey<V4>,
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealingKey({})", self.id)
    }
}

/// A text that is not a sealing key in PASERK's form `k4.local.`.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("not a sealing key of the form k4.local.…")]
pub struct SealingKeyError;

/// Generates a key to store in the vault.
///
/// # Errors
/// [`RandomnessError`].
pub fn generate_key(randomness: &Randomness) -> Result<SealingKeyText, RandomnessError> {
    let key = SymmetricKey::<V4>::from(&randomness.bytes::<32>()?).map_err(|_| RandomnessError)?;
    let mut text = String::new();
    key.fmt(&mut text).map_err(|_| RandomnessError)?;
    Ok(text.into())
}

/// The minimal length of a generated text: 43 letters and digits have 256 bits.
const MIN_GENERATED_LENGTH: usize = 43;

/// Derives a key from a generated text by HKDF-SHA-256 (RFC 5869): Secrets Manager generates characters, a sealing key
/// has 32 bytes.
///
/// # Errors
/// [`SealingKeyError`] if the text is too short.
pub fn derive_key(generated: &GeneratedText) -> Result<SealingKeyText, SealingKeyError> {
    let text = generated.expose();
    if text.len() < MIN_GENERATED_LENGTH {
        return Err(SealingKeyError);
    }
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"teams-connect");
    let extracted = salt.extract(text.as_bytes());
    let expanded = extracted.expand(&[b"sealing-key"], hkdf::HKDF_SHA256).map_err(|_| SealingKeyError)?;
    let mut bytes = [0; 32];
    expanded.fill(&mut bytes).map_err(|_| SealingKeyError)?;
    let key = SymmetricKey::<V4>::from(&bytes).map_err(|_| SealingKeyError)?;
    let mut text = String::new();
    key.fmt(&mut text).map_err(|_| SealingKeyError)?;
    Ok(text.into())
}

impl SealingKey {
    /// Reads a key as the vault stores it.
    ///
    /// # Errors
    /// [`SealingKeyError`].
    pub fn new(text: &SealingKeyText) -> Result<Self, SealingKeyError> {
        let key = SymmetricKey::<V4>::try_from(text.expose()).map_err(|_| SealingKeyError)?;
        let mut id = String::new();
        Id::from(&key).fmt(&mut id).map_err(|_| SealingKeyError)?;
        // The standard id (`k4.lid.…`) would make links long. Its first characters tell keys apart too.
        let id = id.trim_start_matches("k4.lid.").chars().take(8).collect();
        Ok(Self { id, key })
    }

    /// Seals `value` until `expires_at`. `context` is not in the token: opening needs the same.
    ///
    /// # Errors
    /// [`SealError::NotSealed`].
    pub fn seal<T: Sealable>(
        &self,
        value: &T,
        context: &str,
        issued_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<String, SealError> {
        let times = (issued_at.as_millisecond(), expires_at.as_millisecond());
        let payload = serde_json::to_vec(&PayloadRef { iat: times.0, exp: times.1, content: value })
            .map_err(|_| SealError::NotSealed)?;
        let footer = Some(self.id.as_bytes());
        let assertion = implicit_assertion::<T>(context);
        LocalToken::encrypt(&self.key, &payload, footer, Some(assertion.as_bytes())).map_err(|_| SealError::NotSealed)
    }

    /// Opens a token that [`SealingKey::seal`] sealed for the same purpose and context.
    ///
    /// # Errors
    /// Every [`SealError`] except `NotSealed`.
    pub fn open<T: Sealable>(&self, token: &str, context: &str, now: Timestamp) -> Result<OpenedToken<T>, SealError> {
        let untrusted = UntrustedToken::<Local, V4>::try_from(token).map_err(|_| SealError::Broken)?;
        if untrusted.untrusted_footer() != self.id.as_bytes() {
            return Err(SealError::UnknownKey);
        }
        let assertion = implicit_assertion::<T>(context);
        let footer = Some(self.id.as_bytes());
        let trusted = LocalToken::decrypt(&self.key, &untrusted, footer, Some(assertion.as_bytes()))
            .map_err(|_| SealError::Broken)?;
        let payload: Payload<T> = serde_json::from_str(trusted.payload()).map_err(|_| SealError::Broken)?;
        let now = now.as_millisecond();
        if payload.exp <= now {
            return Err(SealError::Expired);
        }
        if payload.iat > now.saturating_add(CLOCK_SKEW_MS) {
            return Err(SealError::NotYetValid);
        }
        let issued_at = Timestamp::from_millisecond(payload.iat).map_err(|_| SealError::Broken)?;
        // The last possible times cannot be written in milliseconds; they count as never.
        let expires_at = Timestamp::from_millisecond(payload.exp).unwrap_or(Timestamp::MAX);
        Ok(OpenedToken { content: payload.content, issued_at, expires_at })
    }
}

fn implicit_assertion<T: Sealable>(context: &str) -> String {
    format!("teams-connect/{}/{context}", T::PURPOSE)
}

/// Serializes fields of sealed content that are secrets: `#[serde(with = "crate::types::sealing::sealed_secret")]`.
pub mod sealed_secret {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::types::secret::Secret;

    /// Writes a secret into content to seal.
    ///
    /// # Errors
    /// The error of the serializer.
    pub fn serialize<T: Secret, S: Serializer>(secret: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(secret.expose())
    }

    /// Reads a secret from opened content.
    ///
    /// # Errors
    /// The error of the deserializer.
    pub fn deserialize<'de, T: Secret, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        String::deserialize(deserializer).map(T::from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::clock::SignedDuration;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Letter(String);
    impl Sealable for Letter {
        const PURPOSE: &'static str = "letter";
    }

    #[derive(Debug, Serialize, Deserialize)]
    struct Parcel(String);
    impl Sealable for Parcel {
        const PURPOSE: &'static str = "parcel";
    }

    fn seal(seed: u64) -> SealingKey {
        SealingKey::new(&generate_key(&Randomness::seeded(seed)).unwrap()).unwrap()
    }

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn in_ten_minutes() -> Timestamp {
        NOW + SignedDuration::from_mins(10)
    }

    fn a_token() -> String {
        seal(1).seal(&Letter("hello".into()), "here", NOW, in_ten_minutes()).unwrap()
    }

    #[test]
    fn what_was_sealed_is_read_back() {
        let opened = seal(1).open::<Letter>(&a_token(), "here", NOW).unwrap();
        assert_eq!(opened.content, Letter("hello".into()));
        assert_eq!((opened.issued_at, opened.expires_at), (NOW, in_ten_minutes()));
    }

    #[test]
    fn another_purpose_context_or_key_opens_nothing() {
        assert_eq!(seal(1).open::<Parcel>(&a_token(), "here", NOW).unwrap_err(), SealError::Broken);
        assert_eq!(seal(1).open::<Letter>(&a_token(), "there", NOW).unwrap_err(), SealError::Broken);
        assert_eq!(seal(2).open::<Letter>(&a_token(), "here", NOW).unwrap_err(), SealError::UnknownKey);
    }

    #[test]
    fn a_token_is_worth_nothing_from_its_expiry_on() {
        assert_eq!(seal(1).open::<Letter>(&a_token(), "here", in_ten_minutes()).unwrap_err(), SealError::Expired);
    }

    #[test]
    fn a_token_from_the_future_is_refused_beyond_two_minutes_of_skew() {
        let later = |seconds| NOW + SignedDuration::from_secs(seconds);
        let token = |issued| seal(1).seal(&Letter(String::new()), "", issued, later(9_999)).unwrap();
        assert!(seal(1).open::<Letter>(&token(later(120)), "", NOW).is_ok());
        assert_eq!(seal(1).open::<Letter>(&token(later(121)), "", NOW).unwrap_err(), SealError::NotYetValid);
    }

    #[test]
    fn a_generated_text_stands_for_one_key_and_a_short_one_for_none() {
        let generated = |character: &str| GeneratedText::from(character.repeat(64));
        let key = |character: &str| derive_key(&generated(character)).unwrap();
        assert_eq!(key("a").expose(), key("a").expose());
        assert_ne!(key("a").expose(), key("b").expose());
        assert!(SealingKey::new(&key("a")).is_ok());
        assert!(derive_key(&GeneratedText::from("a".repeat(42))).is_err());
        assert!(derive_key(&GeneratedText::from("a".repeat(43))).is_ok());
    }

    #[test]
    fn what_never_expires_opens_at_any_time() {
        let token = seal(1).seal(&Letter(String::new()), "", NOW, Timestamp::MAX).unwrap();
        assert!(seal(1).open::<Letter>(&token, "", NOW + SignedDuration::from_hours(24 * 365 * 1_000)).is_ok());
    }

    #[test]
    fn every_flipped_bit_breaks_the_seal() {
        let token = a_token().into_bytes();
        for at in 0..token.len() {
            for bit in 0..7 {
                let mut forged = token.clone();
                forged[at] ^= 1 << bit;
                let opened = String::from_utf8(forged).map(|text| seal(1).open::<Letter>(&text, "here", NOW));
                assert!(!matches!(opened, Ok(Ok(_))), "byte {at}, bit {bit}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_opening_panic(text in ".*") {
            prop_assert!(seal(1).open::<Letter>(&text, "", NOW).is_err());
            prop_assert!(seal(1).open::<Letter>(&(String::from("v4.local.") + &text), "", NOW).is_err());
        }
    }
}
