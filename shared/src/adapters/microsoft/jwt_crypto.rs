//! Cryptography for the JWT library, by ring like everywhere else.
//!
//! Two algorithms: RS256 to verify what Entra signed and to sign for our issuer, PS256 to sign with the key of a certificate.
//! There is no other one, so no other name of an algorithm can be used.

use std::sync::Once;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, new_error};
use jsonwebtoken::{Algorithm, DecodingKeyKind};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::{self, RsaEncoding};

static RING: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| match algorithm {
        Algorithm::PS256 | Algorithm::RS256 => {
            let pair = KeyPair::from_pkcs8(key.as_bytes()).map_err(|_| new_error(ErrorKind::InvalidKeyFormat))?;
            Ok(Box::new(RsaSigner { pair, algorithm: *algorithm }))
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

/// Installs the provider. Call it before signing or verifying.
pub(super) fn install_ring_provider() {
    // It fails only if another crate of the process installed a provider before.
    INSTALLED.call_once(|| {
        let _already_installed = RING.install_default();
    });
}

/// RSASSA-PKCS1-v1_5 with SHA-256; moduli of 2048 to 8192 bits, exponents from 3 on.
struct Rs256 {
    n: Vec<u8>,
    e: Vec<u8>,
}

impl jsonwebtoken::signature::Verifier<Vec<u8>> for Rs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), jsonwebtoken::signature::Error> {
        // ring rejects leading zeros, which some providers write.
        let without_zeros = |number: &'_ [u8]| number.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<_>>();
        signature::RsaPublicKeyComponents { n: without_zeros(&self.n), e: without_zeros(&self.e) }
            .verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature)
            .map_err(|_| jsonwebtoken::signature::Error::new())
    }
}

impl JwtVerifier for Rs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

/// RSASSA-PSS with SHA-256 and a salt of 32 bytes (RFC 7518 §3.5), which ring generates; or RSASSA-PKCS1-v1_5 with SHA-256
/// (§3.3), the only algorithm by which Entra reads what a foreign issuer signed.
struct RsaSigner {
    pair: KeyPair,
    algorithm: Algorithm,
}

impl jsonwebtoken::signature::Signer<Vec<u8>> for RsaSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, jsonwebtoken::signature::Error> {
        let padding: &dyn RsaEncoding = match self.algorithm {
            Algorithm::PS256 => &signature::RSA_PSS_SHA256,
            _ => &signature::RSA_PKCS1_SHA256,
        };
        let mut signed = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(padding, &SystemRandom::new(), message, &mut signed)
            .map_err(|_| jsonwebtoken::signature::Error::new())?;
        Ok(signed)
    }
}

impl JwtSigner for RsaSigner {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
