//! RSA keys: made here, for certificates and for our issuer.

use ring::rsa::{KeyPair, PublicKeyComponents};
use rsa::PrivateKey;
use rsa::pkcs8::{EncodePrivateKey, SecretDocument};

use crate::types::randomness::Randomness;

/// Bits of the modulus. Entra accepts RS256 and PS256 with it
/// ([certificate credentials](https://learn.microsoft.com/entra/identity-platform/certificate-credentials)).
const MODULUS_BITS: usize = 2_048;

/// No randomness, or no primes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no key was made")]
pub struct RsaKeyError;

/// Makes a private key, as PKCS#8. Takes 0.1 s of a whole processor, so call it on a thread that may block.
///
/// # Errors
/// [`RsaKeyError`].
pub fn generate_rsa_key(randomness: &Randomness) -> Result<SecretDocument, RsaKeyError> {
    let mut rng = randomness.rng().map_err(|_| RsaKeyError)?;
    let key = PrivateKey::new(&mut rng, MODULUS_BITS).map_err(|_| RsaKeyError)?;
    key.to_pkcs8_der().map_err(|_| RsaKeyError)
}

/// The modulus and the exponent of a private key, big-endian.
///
/// # Errors
/// [`RsaKeyError`] for what is no such key.
pub fn public_parts(key: &SecretDocument) -> Result<PublicKeyComponents<Vec<u8>>, RsaKeyError> {
    Ok(KeyPair::from_pkcs8(key.as_bytes()).map_err(|_| RsaKeyError)?.public().into())
}
