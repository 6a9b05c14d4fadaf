//! One valid token, and everything that somebody could make of it.
//!
//! The tokens are signed with ring here; the keys in `tests/fixtures` were made once with openssl and protect nothing.

use std::sync::LazyLock;

use proptest::prelude::*;
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::{RSA_PKCS1_SHA256, RsaEncoding};
use serde_json::{Value, json};

use super::*;

mod claims;
mod headers;

const TENANT: &str = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";
const OTHER_TENANT: &str = "a90b3e57-d8c1-4e26-8f7a-52c6d1b0e483";
const CLIENT: &str = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";
const OTHER_CLIENT: &str = "51f8d0b6-7c3e-4a95-92e4-d6a80b1c7f2e";
const OID: &str = "11a5c0de-0001-4a01-8001-a1b2c3d4e501";
const UPN: &str = "anna.nowak@kadry.example";
const KID: &str = "key-1";
const NONCE: &str = "n-0S6_WzA2Mj";
const ACCESS: &str = "EwB-an-access-token";

/// 2026-11-24T12:00:00Z.
const NOW: i64 = 1_795_521_600;

/// The key of the tenant, and one of somebody else.
static OURS: LazyLock<KeyPair> = LazyLock::new(|| key_pair(include_str!("../../../../tests/fixtures/one.pem")));
static FOREIGN: LazyLock<KeyPair> = LazyLock::new(|| key_pair(include_str!("../../../../tests/fixtures/two.pem")));

/// What was done to the token, the token, and why it must prove nothing.
type Forgery = (&'static str, String, IdTokenError);

fn key_pair(pem: &str) -> KeyPair {
    let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = base64::engine::general_purpose::STANDARD.decode(base64).unwrap();
    KeyPair::from_pkcs8(&der).unwrap()
}

fn public(pair: &KeyPair) -> PublicKeyComponents<Vec<u8>> {
    pair.public().into()
}

fn published(pair: &KeyPair) -> SigningKey {
    let PublicKeyComponents { n, e } = public(pair);
    SigningKey { kid: KID.to_owned(), key: DecodingKey::from_rsa_raw_components(&n, &e) }
}

fn header() -> Value {
    json!({ "typ": "JWT", "alg": "RS256", "kid": KID })
}

fn claims() -> Value {
    json!({
        "iss": format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
        "aud": CLIENT,
        "exp": NOW + 3_600,
        "iat": NOW - 10,
        "nbf": NOW - 10,
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
        "nonce": NONCE,
        "tid": TENANT,
        "oid": OID,
        "ver": "2.0",
        "name": "Anna Nowak",
        "preferred_username": UPN,
    })
}

fn encoded(part: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

/// Header and payload, as the signature covers them.
fn message(header: &Value, payload: impl AsRef<[u8]>) -> String {
    format!("{}.{}", encoded(header.to_string()), encoded(payload))
}

fn signature(pair: &KeyPair, encoding: &'static dyn RsaEncoding, message: &str) -> Vec<u8> {
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(encoding, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    signature
}

/// What is signed is taken as it stands, well formed or not.
fn signed(message: String) -> String {
    let signature = signature(&OURS, &RSA_PKCS1_SHA256, &message);
    message + "." + &encoded(signature)
}

fn token(header: &Value, claims: &Value) -> String {
    signed(message(header, claims.to_string()))
}

fn valid() -> String {
    token(&header(), &claims())
}

/// The valid token with other claims; `null` stands for itself.
fn with(changes: &Value) -> String {
    let mut claims = claims();
    claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    token(&header(), &claims)
}

fn without(claim: &str) -> String {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(claim).unwrap();
    token(&header(), &claims)
}

fn identify(key: &SigningKey, token: &str) -> Result<VerifiedIdentity, IdTokenError> {
    let expected = ExpectedClaims {
        issuer: format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
        tenant: TENANT.parse().unwrap(),
        client_id: CLIENT.parse().unwrap(),
        nonce: NONCE.to_owned(),
    };
    let access = AccessToken::from(ACCESS.to_owned());
    verify(&RawIdToken::from(token.to_owned()), key, &expected, &access, Timestamp::from_second(NOW).unwrap())
}

fn believe_with(key: &SigningKey, token: &str) -> Result<Account, IdTokenError> {
    identify(key, token).map(|identity| identity.account)
}

fn believe(token: &str) -> Result<Account, IdTokenError> {
    believe_with(&published(&OURS), token)
}

/// All rows are judged before any of them fails the test.
fn assert_refused(forgeries: Vec<Forgery>) {
    let odd = forgeries.into_iter().filter_map(|(what, token, reason)| {
        let verdict = believe(&token);
        (verdict != Err(reason)).then(|| format!("{what}: expected {reason:?}, got {verdict:?}"))
    });
    let odd: Vec<_> = odd.collect();
    assert!(odd.is_empty(), "{odd:#?}");
}

fn anna() -> Account {
    Account { oid: OID.parse().unwrap(), name: "Anna Nowak".to_owned(), upn: UPN.to_owned() }
}

#[test]
fn the_valid_token_says_who_signed_in() {
    assert_eq!(key_id(&RawIdToken::from(valid())), Ok(KID.to_owned()));
    assert_eq!(believe(&valid()), Ok(anna()));
}

#[test]
fn not_one_bit_of_a_token_may_change() {
    let valid = valid();
    for position in 0..valid.len() {
        // The eighth bit would make it no text at all.
        for bit in 0..7 {
            let mut bytes = valid.clone().into_bytes();
            bytes[position] ^= 1 << bit;
            let forged = String::from_utf8(bytes).unwrap();
            assert!(believe(&forged).is_err(), "bit {bit} of character {position}");
        }
    }
}

#[test]
fn a_key_of_1024_bits_signs_for_nobody() {
    // ring signs with no such key, so openssl did: openssl dgst -sha256 -sign small.pem
    let token = include_str!("../../../../tests/fixtures/small.jwt");
    let n = URL_SAFE_NO_PAD.decode(include_str!("../../../../tests/fixtures/small.modulus")).unwrap();
    let key = SigningKey { kid: KID.to_owned(), key: DecodingKey::from_rsa_raw_components(&n, &[1, 0, 1]) };
    assert_eq!(believe_with(&key, token), Err(IdTokenError::Signature));

    // It is the size that is refused: signature and claims are right.
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    ring::signature::RsaPublicKeyComponents { n, e: vec![1, 0, 1] }
        .verify(&ring::signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, message.as_bytes(), &signature)
        .unwrap();
    let payload = URL_SAFE_NO_PAD.decode(message.split_once('.').unwrap().1).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&payload).unwrap(), claims());
}

#[test]
fn an_exponent_of_one_makes_no_signature_out_of_a_hash() {
    // With e = 1 the padded hash is its own signature, and anybody can pad a hash (RFC 8017 §9.2).
    const SHA256_INFO: [u8; 19] = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ];
    let message = message(&header(), claims().to_string());
    let hash = digest::digest(&digest::SHA256, message.as_bytes());
    let n = public(&OURS).n;
    let mut padded = vec![0xff; n.len()];
    padded[..2].copy_from_slice(&[0, 1]);
    let tail = [&[0], &SHA256_INFO[..], hash.as_ref()].concat();
    let start = padded.len() - tail.len();
    padded[start..].copy_from_slice(&tail);
    let token = format!("{message}.{}", encoded(padded));
    for e in [&[1][..], &[0, 1], &[]] {
        let key = SigningKey { kid: KID.to_owned(), key: DecodingKey::from_rsa_raw_components(&n, e) };
        assert_eq!(believe_with(&key, &token), Err(IdTokenError::Signature), "{e:?}");
    }
}

#[test]
fn zeros_before_the_numbers_of_a_key_change_nothing() {
    let PublicKeyComponents { n, e } = public(&OURS);
    let (n, e) = ([vec![0, 0], n].concat(), [vec![0], e].concat());
    let key = SigningKey { kid: KID.to_owned(), key: DecodingKey::from_rsa_raw_components(&n, &e) };
    assert_eq!(believe_with(&key, &valid()), Ok(anna()));
}

/// JSON of any shape, as deep as the JSON reader goes and a little deeper.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-z]{1,6}", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC*(\\.\\PC*){0,4}") {
        let _ = key_id(&RawIdToken::from(text.clone()));
        prop_assert!(believe(&text).is_err());
    }

    #[test]
    fn no_json_in_the_three_parts_makes_the_reader_panic(header in any_json(), claims in any_json(), tail in ".{0,9}") {
        let text = format!("{}.{}", message(&header, claims.to_string()), encoded(tail));
        let _ = key_id(&RawIdToken::from(text.clone()));
        prop_assert!(believe(&text).is_err());
    }

    #[test]
    fn a_signed_claim_of_any_shape_is_judged_without_panic(
        claim in prop::sample::select(vec![
            "iss", "aud", "exp", "iat", "nbf", "sub", "nonce", "tid", "oid", "ver", "azp", "at_hash", "name", "other",
        ]),
        value in any_json(),
    ) {
        // Only what is for display may say anything else than the valid token does.
        let verdict = believe(&with(&json!({ claim: value })));
        let harmless = ["name", "other"].contains(&claim) || claims().get(claim) == Some(&value);
        let in_time = ["exp", "iat", "nbf"].contains(&claim) && value.is_i64();
        let some_subject = claim == "sub" && value.is_string();
        prop_assert!(verdict.is_err() || harmless || in_time || some_subject, "{claim}: {verdict:?}");
    }

    #[test]
    fn a_header_parameter_of_any_shape_is_judged_without_panic(
        name in prop::sample::select(vec![
            "typ", "alg", "kid", "jku", "jwk", "x5u", "x5c", "x5t", "crit", "zip", "enc", "b64", "other",
        ]),
        value in any_json(),
    ) {
        let mut header = header();
        header[name] = value;
        let _ = believe(&token(&header, &claims()));
    }
}
