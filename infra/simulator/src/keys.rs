//! The RSA keys that sign id tokens, and the published key set.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest;
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::RSA_PKCS1_SHA256;
use serde_json::{Value, json};

/// Fixtures created with openssl. They protect nothing.
const ROTATION: [&str; 3] =
    [include_str!("../keys/1.pem"), include_str!("../keys/2.pem"), include_str!("../keys/3.pem")];
const UNPUBLISHED_KEY: &str = include_str!("../keys/stray.pem");
const APP: &str = include_str!("../keys/app.pem");

/// Which key signs an id token.
#[derive(Clone, Copy)]
pub(crate) enum IdTokenSigner {
    /// The tenant's current key.
    Tenant,
    /// The key of an app with claims mapping, published for that app only.
    App,
    /// A key that is published nowhere.
    Unpublished,
}

struct SimulatorSigningKey {
    id: String,
    thumbprint: String,
    modulus: String,
    exponent: String,
    pair: KeyPair,
}

/// The keys of the login side.
///
/// Two keys are published at the start and the first one signs. Entra always publishes
/// several, in no particular order.
pub(crate) struct SimulatorKeySet {
    keys: Vec<SimulatorSigningKey>,
    unpublished: SimulatorSigningKey,
    app: SimulatorSigningKey,
    signing: usize,
    published: Vec<usize>,
}

impl SimulatorKeySet {
    pub(crate) fn from_fixtures() -> io::Result<Self> {
        let keys = ROTATION.iter().map(|pem| SimulatorSigningKey::read(pem)).collect::<io::Result<Vec<_>>>()?;
        let (unpublished, app) = (SimulatorSigningKey::read(UNPUBLISHED_KEY)?, SimulatorSigningKey::read(APP)?);
        Ok(Self { keys, unpublished, app, signing: 0, published: vec![1, 0] })
    }

    /// Signs with the next key. The old keys stay published.
    pub(crate) fn rotate(&mut self) {
        let next = (0..self.keys.len())
            .find(|index| !self.published.contains(index))
            .unwrap_or((self.signing + 1) % self.keys.len());
        self.signing = next;
        if !self.published.contains(&next) {
            self.published.push(next);
        }
    }

    /// Publishes only the key that signs.
    pub(crate) fn drop_old(&mut self) {
        self.published = vec![self.signing];
    }

    /// Signs with this key; `None` when the signature could not be made.
    pub(crate) fn sign(&self, signer: IdTokenSigner, message: &[u8]) -> Option<Vec<u8>> {
        let key = self.key(signer)?;
        let mut signature = vec![0; key.pair.public().modulus_len()];
        key.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).ok()?;
        Some(signature)
    }

    /// The id of this key.
    pub(crate) fn id(&self, signer: IdTokenSigner) -> String {
        self.key(signer).map_or_else(String::new, |key| key.id.clone())
    }

    fn key(&self, signer: IdTokenSigner) -> Option<&SimulatorSigningKey> {
        match signer {
            IdTokenSigner::Tenant => self.keys.get(self.signing),
            IdTokenSigner::App => Some(&self.app),
            IdTokenSigner::Unpublished => Some(&self.unpublished),
        }
    }

    /// The JWKS of a tenant; each key names its issuer, as Entra's do.
    pub(crate) fn document(&self, issuer: &str) -> Value {
        Self::jwks(self.published.iter().filter_map(|index| self.keys.get(*index)), issuer)
    }

    /// The JWKS of an app with claims mapping: its own key.
    pub(crate) fn app_document(&self, issuer: &str) -> Value {
        Self::jwks(std::iter::once(&self.app), issuer)
    }

    fn jwks<'a>(keys: impl Iterator<Item = &'a SimulatorSigningKey>, issuer: &str) -> Value {
        let keys: Vec<Value> = keys
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
        // Entra's kid is the SHA-1 thumbprint of a certificate in base64url. There is no
        // certificate here, so it is the thumbprint of the public key.
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
