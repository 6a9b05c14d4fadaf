//! The key that signs webhooks, as [Standard Webhooks](https://www.standardwebhooks.com) says: HMAC-SHA-256 over the id, the
//! time and the body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pasetors::keys::SymmetricKey;
use pasetors::version4::V4;
use ring::hmac;

use crate::types::clock::Timestamp;
use crate::types::sealing::SealingKeyError;

/// Signs webhooks.
pub struct WebhookKey(SymmetricKey<V4>);

impl std::fmt::Debug for WebhookKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookKey([redacted])")
    }
}

impl WebhookKey {
    /// The key of this text.
    ///
    /// # Errors
    /// [`SealingKeyError`] where the text is no key.
    pub fn new(text: &str) -> Result<Self, SealingKeyError> {
        SymmetricKey::try_from(text).map(Self).map_err(|_| SealingKeyError)
    }

    /// What stands in the header `webhook-signature`.
    #[must_use]
    pub fn sign(&self, id: &str, at: Timestamp, body: &str) -> String {
        let content = format!("{id}.{}.{body}", at.as_second());
        format!("v1,{}", STANDARD.encode(hmac::sign(&self.hmac_key(), content.as_bytes())))
    }

    /// Whether one of the signatures in a header is by this key.
    #[must_use]
    pub fn verify(&self, (id, at, body): (&str, Timestamp, &str), signatures: &str) -> bool {
        let content = format!("{id}.{}.{body}", at.as_second());
        let tags = signatures.split(' ').filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok());
        tags.into_iter().any(|tag| hmac::verify(&self.hmac_key(), content.as_bytes(), &tag).is_ok())
    }

    /// The secret that the receiver verifies with: `whsec_` and the key in base64. It is for the operator, who hands it to the
    /// ATS.
    #[must_use]
    pub fn receiver_secret(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0.as_bytes()))
    }

    fn hmac_key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "k4.local.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Receivers hold the secret, so it may not change with the software. Another implementation made the signature:
    /// `standardwebhooks` of `PyPI`.
    #[test]
    fn a_signature_is_the_one_of_the_standards_library() {
        let key = WebhookKey::new(TEXT).unwrap();
        assert_eq!(key.receiver_secret(), "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        assert_eq!(key.sign("evt_1", at(1_795_510_800), "{}"), "v1,Y6u18RIxGWEes2+ahKJ5EVdE3VXtwKHU7Z7H0E4DRlk=");
        assert!(WebhookKey::new("k4.local.AA").is_err());
    }

    #[test]
    fn only_what_was_signed_with_the_key_is_verified() {
        let key = WebhookKey::new(TEXT).unwrap();
        let signature = key.sign("evt_1", at(1), "{}");
        assert!(key.verify(("evt_1", at(1), "{}"), &signature));
        assert!(key.verify(("evt_1", at(1), "{}"), &format!("v1,AAAA v2,x {signature}")), "two keys sign for a while");
        for (id, second, body) in [("evt_2", 1, "{}"), ("evt_1", 2, "{}"), ("evt_1", 1, "{ }")] {
            assert!(!key.verify((id, at(second), body), &signature));
        }
        assert!(!key.verify(("evt_1", at(1), "{}"), ""));
        let other = WebhookKey::new("k4.local.AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").unwrap();
        assert!(!other.verify(("evt_1", at(1), "{}"), &signature));
    }
}
