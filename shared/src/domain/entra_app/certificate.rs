//! Certificates in place of client secrets. We create one key pair for each customer. The customer's administrator
//! registers its certificate; the private key stays in the vault.

use std::num::TryFromIntError;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::civil::Date;
use pem::{EncodeConfig, LineEnding, Pem};
use rcgen::{CertificateParams, DnType, KeyUsagePurpose, PKCS_RSA_SHA256};
use ring::digest;

use crate::domain::entra_app::expiry::utc_date;
use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::ids::CustomerId;
use crate::types::randomness::Randomness;
use crate::types::rsa_key::{RsaKeyError, generate_rsa_key};
use crate::types::secret::PrivateKey;

/// Two years: the maximum that the portal allows for a client secret.
const CERTIFICATE_TTL: SignedDuration = SignedDuration::from_hours(24 * 730);

/// A certificate is valid from the day before, because clocks differ.
const NOT_BEFORE_OFFSET: SignedDuration = SignedDuration::from_hours(-24);

/// A private key and its certificate.
#[derive(Debug)]
pub struct KeyPair {
    pub private_key: PrivateKey,
    pub certificate: Certificate,
}

/// A certificate that an administrator registers on the app. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// X.509, DER.
    pub der: Vec<u8>,
    /// The last day on which it is valid.
    pub expires_on: Date,
}

/// Why no key pair was created.
#[derive(Debug, thiserror::Error)]
pub enum KeyPairError {
    /// No key was made.
    #[error(transparent)]
    Key(#[from] RsaKeyError),
    /// The certificate could not be created.
    #[error("no certificate was made")]
    Certificate(#[source] rcgen::Error),
    /// A date does not fit a certificate.
    #[error("there is no such day")]
    Day(#[from] TryFromIntError),
}

impl KeyPair {
    /// Creates a key pair. Its certificate has this name, tells the customer and is valid for two years. Takes 0.1 s of a whole processor,
    /// so call it on a thread that may block.
    ///
    /// # Errors
    /// [`KeyPairError`].
    pub fn generate(
        (name, customer): (&str, &CustomerId),
        now: Timestamp,
        randomness: &Randomness,
    ) -> Result<Self, KeyPairError> {
        let key = generate_rsa_key(randomness)?;
        let expires_on = utc_date(add_saturating(now, CERTIFICATE_TTL));
        let serial = randomness.bytes::<16>().map_err(|_| RsaKeyError)?;
        let validity = &Validity { from: utc_date(add_saturating(now, NOT_BEFORE_OFFSET)), until: expires_on };
        let der = self_signed((name, customer), key.as_bytes(), serial, validity)?;
        let private_key = PrivateKey::from(STANDARD.encode(key.as_bytes()));
        Ok(Self { private_key, certificate: Certificate { der, expires_on } })
    }
}

/// The days on which a certificate is valid.
struct Validity {
    from: Date,
    until: Date,
}

fn self_signed(
    (name, customer): (&str, &CustomerId),
    key: &[u8],
    serial: [u8; 16],
    validity: &Validity,
) -> Result<Vec<u8>, KeyPairError> {
    let key = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&key.into(), &PKCS_RSA_SHA256)
        .map_err(KeyPairError::Certificate)?;
    let mut certificate = CertificateParams::default();
    certificate.distinguished_name = rcgen::DistinguishedName::new();
    certificate.distinguished_name.push(DnType::CommonName, name);
    certificate.distinguished_name.push(DnType::OrganizationalUnitName, customer.as_str());
    certificate.serial_number = Some(serial.to_vec().into());
    certificate.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let day = |day: Date| -> Result<(i32, u8, u8), TryFromIntError> {
        Ok((day.year().into(), day.month().try_into()?, day.day().try_into()?))
    };
    let (from, until) = (day(validity.from)?, day(validity.until)?);
    certificate.not_before = rcgen::date_time_ymd(from.0, from.1, from.2);
    certificate.not_after = rcgen::date_time_ymd(until.0, until.1, until.2);
    let signed = certificate.self_signed(&key).map_err(KeyPairError::Certificate)?;
    Ok(signed.der().to_vec())
}

impl Certificate {
    /// The SHA-1 in capital hexadecimal digits, as the portal lists it. It tells certificates apart and protects nothing.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &self.der);
        hex::encode_upper(hash)
    }

    /// The header `x5t#S256` of what the key signs (RFC 7515 §4.1.8).
    #[must_use]
    pub fn x5t_s256(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &self.der))
    }

    /// The file to upload to the portal (RFC 7468 §5).
    #[must_use]
    pub fn pem(&self) -> String {
        let lines = EncodeConfig::new().set_line_ending(LineEnding::LF);
        pem::encode_config(&Pem::new("CERTIFICATE", self.der.clone()), lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_pair_is_the_customers_own_and_valid_for_two_years() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let create = |customer: &str, seed| {
            KeyPair::generate(("Kadry ATS", &customer.parse().unwrap()), now, &Randomness::seeded(seed))
                .unwrap()
                .certificate
        };
        let certificate = create("kadry", 1);
        assert_eq!(certificate.expires_on.to_string(), "2028-11-23");
        assert_eq!((certificate.thumbprint().len(), certificate.x5t_s256().len()), (40, 43));
        assert_ne!(create("kadry", 2).thumbprint(), certificate.thumbprint());
        let text = certificate.pem();
        assert_eq!(pem::parse(&text).unwrap().contents(), certificate.der);
        assert!(text.starts_with("-----BEGIN CERTIFICATE-----"), "{text}");
        for named in [b"kadry".as_slice(), b"Kadry ATS"] {
            assert!(certificate.der.windows(named.len()).any(|part| part == named), "it names customer and ATS");
        }
    }
}
