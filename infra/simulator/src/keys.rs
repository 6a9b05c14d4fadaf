//! The RSA keys that sign id tokens, and what of them is published.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest;
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::RSA_PKCS1_SHA256;
use serde_json::{Value, json};

/// Fixtures made once with openssl; they protect nothing.
const ROTATION: [&str; 3] =
    [include_str!("../keys/1.pem"), include_str!("../keys/2.pem"), include_str!("../keys/3.pem")];
const STRAY: &str = include_str!("../keys/stray.pem");

struct SimulatorSigningKey {
    id: String,
    thumbprint: String,
    modulus: String,
    exponent: String,
    pair: KeyPair,
}

/// The keys of the login side.
///
/// At the start two are published and the first one signs: Entra always publishes
/// several and their order means nothing.
pub(crate) struct SimulatorKeySet {
    keys: Vec<SimulatorSigningKey>,
    stray: SimulatorSigningKey,
    signing: usize,
    published: Vec<usize>,
}

impl SimulatorKeySet {
    pub(crate) fn from_fixtures() -> io::Result<Self> {
        let keys = ROTATION.iter().map(|pem| SimulatorSigningKey::read(pem)).collect::<io::Result<Vec<_>>>()?;
        Ok(Self { keys, stray: SimulatorSigningKey::read(STRAY)?, signing: 0, published: vec![1, 0] })
    }

    /// Lets the next key sign; the old ones stay published.
    pub(crate) fn rotate(&mut self) {
        let next = (0..self.keys.len())
            .find(|index| !self.published.contains(index))
            .unwrap_or((self.signing + 1) % self.keys.len());
        self.signing = next;
        if !self.published.contains(&next) {
            self.published.push(next);
        }
    }

    /// Publishes nothing but the key that signs now.
    pub(crate) fn drop_old(&mut self) {
        self.published = vec![self.signing];
    }

    /// Signs with the current key; `None` when the signature could not be made.
    pub(crate) fn sign(&self, stray: bool, message: &[u8]) -> Option<Vec<u8>> {
        let key = self.key(stray)?;
        let mut signature = vec![0; key.pair.public().modulus_len()];
        key.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).ok()?;
        Some(signature)
    }

    /// The id of the key that signs.
    pub(crate) fn signing_id(&self) -> String {
        self.key(false).map_or_else(String::new, |key| key.id.clone())
    }

    fn key(&self, stray: bool) -> Option<&SimulatorSigningKey> {
        if stray { Some(&self.stray) } else { self.keys.get(self.signing) }
    }

    /// The published JWKS; each key names its issuer, as Entra's do.
    pub(crate) fn document(&self, issuer: &str) -> Value {
        let keys: Vec<Value> = self
            .published
            .iter()
            .filter_map(|index| self.keys.get(*index))
            .map(|key| {
                json!({
                    "kty": "RSA",
                    "use": "sig",
                    "kid": key.id,
                    "x5t": key.thumbprint,
                    "n": key.modulus,
                    "e": key.exponent,
                    "issuer": issuer,
                })
            })
            .collect();
        json!({ "keys": keys })
    }
}

impl SimulatorSigningKey {
    fn read(pem: &str) -> io::Result<Self> {
        let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = STANDARD.decode(base64).map_err(|_| io::Error::other("a key fixture is not base64"))?;
        let pair = KeyPair::from_pkcs8(&der).map_err(|_| io::Error::other("a key fixture is not a PKCS#8 RSA key"))?;
        let public: PublicKeyComponents<Vec<u8>> = pair.public().into();
        // Entra's kid is a SHA-1 thumbprint in base64url; no certificate exists here, so
        // it is taken over the public key and stays the same from run to run.
        let thumbprint =
            URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, pair.public().as_ref()).as_ref());
        Ok(Self {
            id: thumbprint.clone(),
            thumbprint,
            modulus: URL_SAFE_NO_PAD.encode(&public.n),
            exponent: URL_SAFE_NO_PAD.encode(&public.e),
            pair,
        })
    }
}
