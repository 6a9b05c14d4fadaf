//! Who calls: an API key is known by its SHA-256 alone, and compared in constant time.

use ring::digest;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::secret::{ApiKey, Secret};

/// The ATS, as it was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The name of the key; not the key.
    pub key_id: String,
}

/// A key as it lies in the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashedKey {
    /// Its name, for the log.
    pub id: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

impl HashedKey {
    /// What is kept of a key.
    #[must_use]
    pub fn of(id: &str, key: &ApiKey) -> Self {
        Self { id: id.to_owned(), sha256: hash(key) }
    }
}

/// The keys in force.
#[derive(Debug, Clone, Default)]
pub struct KeyRing(Vec<HashedKey>);

impl KeyRing {
    /// The current keys and those before, which stay good until the next rotation.
    #[must_use]
    pub fn new(keys: Vec<HashedKey>) -> Self {
        Self(keys)
    }

    /// Lets the holder of a key in. Takes the same time whichever key it is, and for none.
    #[must_use]
    pub fn admit(&self, presented: &ApiKey) -> Option<Caller> {
        let presented = hash(presented);
        let mut admitted = None;
        for key in &self.0 {
            if bool::from(key.sha256.as_bytes().ct_eq(presented.as_bytes())) {
                admitted = Some(Caller { key_id: key.id.clone() });
            }
        }
        admitted
    }
}

fn hash(key: &ApiKey) -> String {
    hex::encode(digest::digest(&digest::SHA256, key.expose().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> ApiKey {
        text.to_owned().into()
    }

    #[test]
    fn only_the_holder_of_a_key_is_let_in() {
        let ring = KeyRing::new(vec![HashedKey::of("old", &key("alpha")), HashedKey::of("new", &key("beta"))]);
        assert_eq!(ring.admit(&key("beta")).unwrap().key_id, "new");
        assert_eq!(ring.admit(&key("alpha")).unwrap().key_id, "old");
        for wrong in ["", "alph", "alpha ", "ALPHA", &HashedKey::of("", &key("alpha")).sha256] {
            assert_eq!(ring.admit(&key(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn an_empty_ring_lets_nobody_in() {
        assert_eq!(KeyRing::default().admit(&key("")), None);
    }
}
