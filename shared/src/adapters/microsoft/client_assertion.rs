//! Client assertions: the signed JWT by which an app without a secret authenticates (`private_key_jwt`, RFC 7523 §2.2).
//!
//! Either the app's own key signs, whose certificate Entra has
//! ([certificate credentials](https://learn.microsoft.com/entra/identity-platform/certificate-credentials)), or our issuer
//! does, which the app trusts
//! ([workload identity federation](https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust)).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

use crate::adapters::microsoft::jwt_crypto::install_ring_provider;
use crate::domain::entra_app::{FEDERATION_AUDIENCE, FederatedSubject, KeyPair};
use crate::domain::issuer::IssuerKey;
use crate::types::base_url::BaseUrl;
use crate::types::clock::Timestamp;
use crate::types::ids::ClientId;
use crate::types::secret::{PrivateKey, Secret};

/// The value of `client_assertion_type`.
pub(super) const CLIENT_ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Its validity in seconds. Microsoft recommends 5 to 10 minutes; it is used at once.
const ASSERTION_TTL: i64 = 300;

/// The private key cannot sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot sign")]
pub(super) struct ClientAssertionError;

/// What an assertion is about.
struct Assertion<'a> {
    header: Header,
    issuer: &'a str,
    subject: &'a str,
    audience: &'a str,
}

#[derive(Serialize)]
struct AssertionClaims<'a> {
    aud: &'a str,
    iss: &'a str,
    sub: &'a str,
    jti: String,
    nbf: i64,
    iat: i64,
    exp: i64,
}

/// Signs an assertion for the token endpoint `audience` and no other. `id` must be new each time.
pub(super) fn sign_assertion(
    pair: &KeyPair,
    client_id: ClientId,
    audience: &str,
    id: [u8; 16],
    now: Timestamp,
) -> Result<String, ClientAssertionError> {
    let header = Header { x5t_s256: Some(pair.certificate.x5t_s256()), ..Header::new(Algorithm::PS256) };
    let client_id = client_id.to_string();
    sign(&Assertion { header, issuer: &client_id, subject: &client_id, audience }, &pair.private_key, id, now)
}

/// Signs an assertion of our issuer about a customer, as an app's federated credential expects it. `id` must be new each time.
pub(super) fn sign_federated_assertion(
    (issuer, key): (&BaseUrl, &IssuerKey),
    subject: &FederatedSubject,
    id: [u8; 16],
    now: Timestamp,
) -> Result<String, ClientAssertionError> {
    let header = Header { kid: Some(key.public.kid.clone()), ..Header::new(Algorithm::RS256) };
    let (issuer, subject) = (issuer.as_str(), subject.as_str());
    sign(&Assertion { header, issuer, subject, audience: FEDERATION_AUDIENCE }, &key.private_key, id, now)
}

fn sign(
    assertion: &Assertion<'_>,
    key: &PrivateKey,
    id: [u8; 16],
    now: Timestamp,
) -> Result<String, ClientAssertionError> {
    install_ring_provider();
    let key = STANDARD.decode(key.expose()).map_err(|_| ClientAssertionError)?;
    let now = now.as_second();
    let claims = AssertionClaims {
        aud: assertion.audience,
        iss: assertion.issuer,
        sub: assertion.subject,
        jti: uuid::Builder::from_random_bytes(id).into_uuid().to_string(),
        nbf: now,
        iat: now,
        exp: now + ASSERTION_TTL,
    };
    encode(&assertion.header, &claims, &EncodingKey::from_rsa_der(&key)).map_err(|_| ClientAssertionError)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use ring::rsa::{self, PublicKeyComponents};
    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256};
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::entra_app::Certificate;
    use crate::types::randomness::Randomness;

    const AUDIENCE: &str = "https://login.microsoftonline.com/6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60/oauth2/v2.0/token";
    const CLIENT: &str = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";

    fn part(text: &str, number: usize) -> Value {
        let part = text.split('.').nth(number).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    #[test]
    fn an_assertion_names_the_app_the_endpoint_and_five_minutes() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let pair =
            KeyPair::generate(("Teams Connect", &"kadry".parse().unwrap()), now, &Randomness::seeded(1)).unwrap();
        let text = sign_assertion(&pair, CLIENT.parse().unwrap(), AUDIENCE, [7; 16], now).unwrap();
        let header = json!({"typ": "JWT", "alg": "PS256", "x5t#S256": pair.certificate.x5t_s256()});
        assert_eq!(part(&text, 0), header);
        let mut claims = part(&text, 1);
        let id = claims["jti"].take();
        let now = now.as_second();
        let expected = json!({
            "aud": AUDIENCE, "iss": CLIENT, "sub": CLIENT, "jti": null, "nbf": now, "iat": now, "exp": now + 300,
        });
        assert_eq!((claims, id.as_str().map(str::len)), (expected, Some(36)));
    }

    #[test]
    fn an_assertion_of_our_issuer_is_about_the_customer_and_for_entra() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let key = IssuerKey::generate(&Randomness::seeded(1)).unwrap();
        let issuer = "https://teams.ats.example".parse().unwrap();
        let subject = "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap();
        let text = sign_federated_assertion((&issuer, &key), &subject, [7; 16], now).unwrap();
        assert_eq!(part(&text, 0), json!({"typ": "JWT", "alg": "RS256", "kid": key.public.kid}));
        let now = now.as_second();
        let expected = json!({
            "aud": "api://AzureADTokenExchange", "iss": "https://teams.ats.example", "sub": "AAAAAAAAAAAAAAAAAAAAAA",
            "jti": "07070707-0707-4707-8707-070707070707", "nbf": now, "iat": now, "exp": now + 300,
        });
        assert_eq!(part(&text, 1), expected);
        let (message, signature) = text.rsplit_once('.').unwrap();
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let public = PublicKeyComponents { n: decode(&key.public.n), e: decode(&key.public.e) };
        let signature = decode(signature);
        assert!(public.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature).is_ok());
    }

    #[test]
    fn an_assertion_is_signed_by_the_key_of_the_pair_and_by_no_other() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let pair = |seed| {
            KeyPair::generate(("Teams Connect", &"kadry".parse().unwrap()), now, &Randomness::seeded(seed)).unwrap()
        };
        let (ours, foreign) = (pair(1), pair(2));
        let text = sign_assertion(&ours, CLIENT.parse().unwrap(), AUDIENCE, [7; 16], now).unwrap();
        let (message, signature) = text.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let is_of = |pair: &KeyPair| {
            let key = STANDARD.decode(pair.private_key.expose()).unwrap();
            let public: PublicKeyComponents<Vec<u8>> = rsa::KeyPair::from_pkcs8(&key).unwrap().public().into();
            public.verify(&RSA_PSS_2048_8192_SHA256, message.as_bytes(), &signature).is_ok()
        };
        assert_eq!((is_of(&ours), is_of(&foreign)), (true, false));
    }

    #[test]
    fn an_invalid_key_signs_nothing() {
        let certificate = Certificate { der: vec![1], expires_on: "2028-11-24".parse().unwrap() };
        for text in ["", "*", "AAAA"] {
            let pair = KeyPair { private_key: PrivateKey::from(text.to_owned()), certificate: certificate.clone() };
            let signed = sign_assertion(&pair, CLIENT.parse().unwrap(), AUDIENCE, [7; 16], Timestamp::UNIX_EPOCH);
            assert_eq!(signed, Err(ClientAssertionError), "{text}");
        }
    }
}
