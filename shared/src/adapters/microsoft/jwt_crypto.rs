//! What the JOSE library leaves to others: cryptography, here that of ring, as everywhere else.
//!
//! It knows two algorithms, one for each direction: RS256 for what Entra signed, PS256 for what we sign. Whatever another
//! algorithm's name may be worth, there is nothing behind it.

use std::sync::Once;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, new_error};
use jsonwebtoken::{Algorithm, DecodingKeyKind};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature;

static RING: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| match algorithm {
        Algorithm::PS256 => {
            let pair = KeyPair::from_pkcs8(key.as_bytes()).map_err(|_| new_error(ErrorKind::InvalidKeyFormat))?;
            Ok(Box::new(Ps256(pair)))
        }
        _ => Err(new_error(ErrorKind::InvalidAlgorithm)),
    },
    verifier_factory: |algorithm, key| match (algorithm, key.kind()) {
        (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            Ok(Box::new(Rs256 { n: n.clone(), e: e.clone() }))
        }
        _ => Err(new_error(ErrorKind::InvalidAlgorithm)),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

static INSTALLED: Once = Once::new();

/// To be called before anything is signed or verified.
pub(super) fn install_ring_provider() {
    // Somebody else's provider would be found in its place only if another crate of the process installed one first.
    INSTALLED.call_once(|| {
        let _installed_before = RING.install_default();
    });
}

/// RSASSA-PKCS1-v1_5 with SHA-256; moduli of 2048 to 8192 bits, exponents from 3 on.
struct Rs256 {
    n: Vec<u8>,
    e: Vec<u8>,
}

impl jsonwebtoken::signature::Verifier<Vec<u8>> for Rs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), jsonwebtoken::signature::Error> {
        // ring refuses numbers with leading zeros, which base64url of some providers begins with.
        let bare = |number: &'_ [u8]| number.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<_>>();
        signature::RsaPublicKeyComponents { n: bare(&self.n), e: bare(&self.e) }
            .verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature)
            .map_err(|_| jsonwebtoken::signature::Error::new())
    }
}

impl JwtVerifier for Rs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

/// RSASSA-PSS with SHA-256 and a salt of 32 bytes (RFC 7518 §3.5), which ring draws itself.
struct Ps256(KeyPair);

impl jsonwebtoken::signature::Signer<Vec<u8>> for Ps256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, jsonwebtoken::signature::Error> {
        let mut signed = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&signature::RSA_PSS_SHA256, &SystemRandom::new(), message, &mut signed)
            .map_err(|_| jsonwebtoken::signature::Error::new())?;
        Ok(signed)
    }
}

impl JwtSigner for Ps256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::PS256
    }
}
