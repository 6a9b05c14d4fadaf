//! Deterministic sealing: the same content always gives the same token, valid as long as the key.
//!
//! ChaCha20-Poly1305 (RFC 8439) with a nonce that is an HMAC-SHA-256 of purpose and content, as in SIV modes (RFC 5297
//! §1.3). Two different contents have the same nonce only by a collision of 96 bits. Both keys are derived from one secret
//! by HKDF-SHA-256 (RFC 5869).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::{hkdf, hmac};
use subtle::ConstantTimeEq;

/// The longest token that is opened.
const MAX_TOKEN_LENGTH: usize = 8_192;

/// The length of the IV of a short token.
const SYNTHETIC_IV_LEN: usize = 16;

/// A key for deterministic sealing.
pub struct DeterministicSealingKey {
    nonces: hmac::Key,
    key: LessSafeKey,
    short_ivs: hmac::Key,
    short_key: LessSafeKey,
}

impl std::fmt::Debug for DeterministicSealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeterministicSealingKey([redacted])")
    }
}

/// A key could not be derived, or content could not be sealed. Neither happens with keys and contents of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it could not be sealed")]
pub struct DeterministicSealError;

impl DeterministicSealingKey {
    /// Derives the key from a secret of at least 256 bits.
    ///
    /// # Errors
    /// [`DeterministicSealError`].
    pub fn derive(secret: &[u8]) -> Result<Self, DeterministicSealError> {
        let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, b"teams-connect/steady-seal").extract(secret);
        let derive = |name: &[u8]| {
            let mut bytes = [0; 32];
            let name = [name];
            let expanded = extracted.expand(&name, hkdf::HKDF_SHA256).map_err(|_| DeterministicSealError)?;
            expanded.fill(&mut bytes).map_err(|_| DeterministicSealError)?;
            Ok(bytes)
        };
        let key = |name: &[u8]| -> Result<LessSafeKey, DeterministicSealError> {
            let key = UnboundKey::new(&CHACHA20_POLY1305, &derive(name)?).map_err(|_| DeterministicSealError)?;
            Ok(LessSafeKey::new(key))
        };
        Ok(Self {
            nonces: hmac::Key::new(hmac::HMAC_SHA256, &derive(b"nonces")?),
            key: key(b"key")?,
            short_ivs: hmac::Key::new(hmac::HMAC_SHA256, &derive(b"short ivs")?),
            short_key: key(b"short key")?,
        })
    }

    /// Seals `content` in 16 bytes more than it has: a synthetic IV authenticates the content and encrypts it
    /// (RFC 5297 §2.6), so no other tag is needed. A token of one purpose is rejected for every other.
    ///
    /// # Errors
    /// [`DeterministicSealError`].
    pub fn seal_short(&self, purpose: &str, content: &[u8]) -> Result<String, DeterministicSealError> {
        let iv = self.synthetic_iv(purpose, content);
        let mut sealed = content.to_vec();
        self.apply_keystream(&iv, &mut sealed)?;
        Ok(URL_SAFE_NO_PAD.encode([&iv[..], &sealed].concat()))
    }

    /// Opens what [`DeterministicSealingKey::seal_short`] sealed for the same purpose; `None` for everything else.
    #[must_use]
    pub fn open_short(&self, purpose: &str, token: &str) -> Option<Vec<u8>> {
        if token.len() > MAX_TOKEN_LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (iv, sealed) = bytes.split_first_chunk::<SYNTHETIC_IV_LEN>()?;
        let mut content = sealed.to_vec();
        self.apply_keystream(iv, &mut content).ok()?;
        let expected = self.synthetic_iv(purpose, &content);
        bool::from(expected[..].ct_eq(&iv[..])).then_some(content)
    }

    fn synthetic_iv(&self, purpose: &str, content: &[u8]) -> [u8; SYNTHETIC_IV_LEN] {
        let tag = hmac::sign(&self.short_ivs, &[purpose.as_bytes(), &[0], content].concat());
        let mut iv = [0; SYNTHETIC_IV_LEN];
        iv.copy_from_slice(&tag.as_ref()[..SYNTHETIC_IV_LEN]);
        iv
    }

    /// `ChaCha20` is its own inverse. The tag beside it is not used: the synthetic IV is checked instead.
    fn apply_keystream(&self, iv: &[u8; SYNTHETIC_IV_LEN], bytes: &mut [u8]) -> Result<(), DeterministicSealError> {
        let nonce: [u8; NONCE_LEN] = iv[..NONCE_LEN].try_into().map_err(|_| DeterministicSealError)?;
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.short_key.seal_in_place_separate_tag(nonce, Aad::empty(), bytes);
        tag.map(drop).map_err(|_| DeterministicSealError)
    }

    /// Seals `content`. The token opens for the same purpose only.
    ///
    /// # Errors
    /// [`DeterministicSealError`].
    pub fn seal(&self, purpose: &str, content: &str) -> Result<String, DeterministicSealError> {
        let tag = hmac::sign(&self.nonces, format!("{purpose}\0{content}").as_bytes());
        let nonce: [u8; NONCE_LEN] = tag.as_ref()[..NONCE_LEN].try_into().map_err(|_| DeterministicSealError)?;
        let mut sealed = content.as_bytes().to_vec();
        let aad = Aad::from(purpose.as_bytes());
        let nonce_used = Nonce::assume_unique_for_key(nonce);
        self.key.seal_in_place_append_tag(nonce_used, aad, &mut sealed).map_err(|_| DeterministicSealError)?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens a token that [`DeterministicSealingKey::seal`] sealed for the same purpose; `None` for any other.
    #[must_use]
    pub fn open(&self, purpose: &str, token: &str) -> Option<String> {
        if token.len() > MAX_TOKEN_LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let content = self.key.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut sealed).ok()?;
        String::from_utf8(content.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(secret: &str) -> DeterministicSealingKey {
        DeterministicSealingKey::derive(secret.as_bytes()).unwrap()
    }

    #[test]
    fn the_same_content_is_always_the_same_token_and_another_content_another() {
        let token = seal("a").seal("letter", "hello").unwrap();
        assert_eq!(seal("a").seal("letter", "hello").unwrap(), token);
        assert_eq!(seal("a").open("letter", &token).as_deref(), Some("hello"));
        for other in [
            seal("a").seal("letter", "hello!").unwrap(),
            seal("a").seal("parcel", "hello").unwrap(),
            seal("b").seal("letter", "hello").unwrap(),
        ] {
            assert_ne!(other[..16], token[..16], "not even the nonce is shared");
        }
    }

    #[test]
    fn a_token_that_is_longer_than_any_link_is_not_looked_at() {
        let of_length = |length| seal("a").seal("letter", &"x".repeat(length)).unwrap();
        let (longest, longer) = (of_length(6_116), of_length(6_117));
        assert_eq!((longest.len(), longer.len()), (8_192, 8_194));
        assert!(seal("a").open("letter", &longest).is_some());
        assert_eq!(seal("a").open("letter", &longer), None);
        let of_length = |length| seal("a").seal_short("letter", &vec![b'x'; length]).unwrap();
        let (longest, longer) = (of_length(6_128), of_length(6_129));
        assert_eq!((longest.len(), longer.len()), (8_192, 8_194));
        assert!(seal("a").open_short("letter", &longest).is_some());
        assert_eq!(seal("a").open_short("letter", &longer), None);
    }

    #[test]
    fn whatever_was_changed_opens_nothing() {
        let token = seal("a").seal("letter", "hello").unwrap();
        assert_eq!(seal("b").open("letter", &token), None);
        assert_eq!(seal("a").open("parcel", &token), None);
        for at in 0..token.len() {
            let other = if &token[at..=at] == "A" { "B" } else { "A" };
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            assert_eq!(seal("a").open("letter", &changed), None, "{at}");
        }
        for text in ["", "AAAA", "ą", &token[1..], &"A".repeat(9_000)] {
            assert_eq!(seal("a").open("letter", text), None, "{text}");
        }
    }

    #[test]
    fn a_short_token_is_sixteen_bytes_longer_than_its_content_and_opens_only_unchanged() {
        let token = seal("a").seal_short("letter", b"hello").unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        assert!(bytes.len() == 16 + 5 && bytes[16..] != *b"hello", "what it holds cannot be read in it");
        assert_eq!(seal("a").seal_short("letter", b"hello").unwrap(), token);
        assert_eq!(seal("a").open_short("letter", &token).as_deref(), Some(&b"hello"[..]));
        assert_eq!(seal("b").open_short("letter", &token), None);
        assert_eq!(seal("a").open_short("parcel", &token), None);
        assert_ne!(seal("a").seal_short("letter", b"hello!").unwrap()[..16], token[..16]);
        for at in 0..token.len() {
            let other = if &token[at..=at] == "A" { "B" } else { "A" };
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            assert_eq!(seal("a").open_short("letter", &changed), None, "{at}");
        }
        for text in ["", "AAAA", "ą", &token[..22], &"A".repeat(9_000)] {
            assert_eq!(seal("a").open_short("letter", text), None, "{text}");
        }
    }
}
