//! Client assertions: the signed JWT by which an app with a certificate authenticates (`private_key_jwt`, RFC 7523 §2.2,
//! [certificate credentials](https://learn.microsoft.com/entra/identity-platform/certificate-credentials)).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

use crate::adapters::microsoft::jwt_crypto::install_ring_provider;
use crate::domain::entra_app::KeyPair;
use crate::types::clock::Timestamp;
use crate::types::ids::ClientId;
use crate::types::secret::Secret;

/// The value of `client_assertion_type`.
pub(super) const CLIENT_ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Its validity in seconds. Microsoft recommends 5 to 10 minutes; it is used at once.
const ASSERTION_TTL: i64 = 300;

/// The private key cannot sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot sign")]
pub(super) struct ClientAssertionError;

#[derive(Serialize)]
struct AssertionClaims<'a> {
    aud: &'a str,
    iss: String,
    sub: String,
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
    install_ring_provider();
    let key = STANDARD.decode(pair.private_key.expose()).map_err(|_| ClientAssertionError)?;
    let now = now.as_second();
    let claims = AssertionClaims {
        aud: audience,
        iss: client_id.to_string(),
        sub: client_id.to_string(),
        jti: uuid::Builder::from_random_bytes(id).into_uuid().to_string(),
        nbf: now,
        iat: now,
        exp: now + ASSERTION_TTL,
    };
    let header = Header { x5t_s256: Some(pair.certificate.x5t_s256()), ..Header::new(Algorithm::PS256) };
    encode(&header, &claims, &EncodingKey::from_rsa_der(&key)).map_err(|_| ClientAssertionError)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use ring::rsa::{self, PublicKeyComponents};
    use ring::signature::RSA_PSS_2048_8192_SHA256;
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::entra_app::Certificate;
    use crate::types::randomness::Randomness;
    use crate::types::secret::PrivateKey;

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
