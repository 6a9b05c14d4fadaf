//! Forgeries of the header, the signature and the shape.

use ring::hmac;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
};

use crate::adapters::microsoft::id_token::tests::*;

/// The header with other parameters.
fn header_with(changes: &Value) -> Value {
    let mut header = header();
    header.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    header
}

/// Signed by the right key under a changed header.
fn under(changes: &Value) -> String {
    token(&header_with(changes), &claims())
}

fn named(algorithm: &str) -> String {
    message(&header_with(&json!({ "alg": algorithm })), claims().to_string())
}

fn signed_by_foreign_key(changes: &Value) -> String {
    let message = message(&header_with(changes), claims().to_string());
    let signature = signature(&FOREIGN, &RSA_PKCS1_SHA256, &message);
    message + "." + &encoded(signature)
}

fn hashed(secret: &[u8]) -> String {
    let message = named("HS256");
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    message + "." + &encoded(tag)
}

fn elliptic() -> String {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
    let message = named("ES256");
    let signature = pair.sign(&random, message.as_bytes()).unwrap();
    message + "." + &encoded(signature)
}

fn in_algorithm(name: &str, encoding: &'static dyn RsaEncoding) -> String {
    let message = named(name);
    let signature = signature(&OURS, encoding, &message);
    message + "." + &encoded(signature)
}

#[test]
fn only_rs256_is_a_signature() {
    use IdTokenError::Algorithm;
    assert_refused(vec![
        ("alg none, no signature", named("none") + ".", Algorithm),
        ("alg None, no signature", named("None") + ".", Algorithm),
        ("alg nOnE, no signature", named("nOnE") + ".", Algorithm),
        ("alg NONE under a right signature", under(&json!({ "alg": "NONE" })), Algorithm),
        ("alg empty", under(&json!({ "alg": "" })), Algorithm),
        ("alg null", under(&json!({ "alg": null })), Algorithm),
        ("alg a list with the right one", under(&json!({ "alg": ["RS256"] })), Algorithm),
        ("alg rs256", under(&json!({ "alg": "rs256" })), Algorithm),
        ("alg left out", token(&json!({ "typ": "JWT", "kid": KID }), &claims()), Algorithm),
        ("HS256 with the client secret", hashed(b"kPz8Q~Simulated.Secret_For-Kadry.Polska0"), Algorithm),
        ("HS256 with the public modulus", hashed(&public(&OURS).n), Algorithm),
        ("HS256 with the public key in DER", hashed(OURS.public().as_ref()), Algorithm),
        ("RS384 by the right key", in_algorithm("RS384", &RSA_PKCS1_SHA384), Algorithm),
        ("RS512 by the right key", in_algorithm("RS512", &RSA_PKCS1_SHA512), Algorithm),
        ("PS256 by the right key", in_algorithm("PS256", &RSA_PSS_SHA256), Algorithm),
        ("ES256 by a key of its own", elliptic(), Algorithm),
        ("RSA-OAEP, an encrypted token's", under(&json!({ "alg": "RSA-OAEP", "enc": "A128GCM" })), Algorithm),
    ]);
}

#[test]
fn a_signature_in_another_algorithm_does_not_count_under_the_name_of_rs256() {
    let message = message(&header(), claims().to_string());
    for encoding in [&RSA_PKCS1_SHA384 as &'static dyn RsaEncoding, &RSA_PKCS1_SHA512, &RSA_PSS_SHA256] {
        let token = format!("{message}.{}", encoded(signature(&OURS, encoding, &message)));
        assert_eq!(believe(&token), Err(IdTokenError::Signature));
    }
}

#[test]
fn a_key_is_only_ever_a_name_to_look_up() {
    use IdTokenError::UnknownKey;
    assert_refused(vec![
        ("no kid", token(&json!({ "typ": "JWT", "alg": "RS256" }), &claims()), UnknownKey),
        ("kid null", under(&json!({ "kid": null })), UnknownKey),
        ("kid empty", under(&json!({ "kid": "" })), UnknownKey),
        ("kid that nobody published", under(&json!({ "kid": "key-9" })), UnknownKey),
        ("kid in upper case", under(&json!({ "kid": "KEY-1" })), UnknownKey),
        ("kid of another key, which signed", signed_by_foreign_key(&json!({ "kid": "key-2" })), UnknownKey),
        ("kid that climbs out of a folder", under(&json!({ "kid": "../../x" })), UnknownKey),
        ("kid with a NUL behind the right one", under(&json!({ "kid": "key-1\0" })), UnknownKey),
        ("kid of 10 KiB", under(&json!({ "kid": "k".repeat(10 * 1024) })), UnknownKey),
    ]);
}

#[test]
fn keys_that_a_header_brings_along_are_ignored() {
    let (ours, foreign) = (public(&OURS), public(&FOREIGN));
    let jwk = |key: &PublicKeyComponents<Vec<u8>>| json!({ "jwk": { "kty": "RSA", "kid": KID, "n": encoded(&key.n), "e": encoded(&key.e) } });
    for (what, brought) in [
        ("jku", json!({ "jku": "https://evil.example/keys" })),
        ("x5u", json!({ "x5u": "https://evil.example/certificate" })),
        ("x5c", json!({ "x5c": ["MIIB"] })),
        ("x5t", json!({ "x5t": "c2hhLTE" })),
        ("jwk of the foreign key", jwk(&foreign)),
        ("jwk of the right key", jwk(&ours)),
    ] {
        assert_eq!(believe(&under(&brought)), Ok(anna()), "{what} beside a right signature");
        let forged = signed_by_foreign_key(&brought);
        assert_eq!(believe(&forged), Err(IdTokenError::Signature), "{what} beside a foreign signature");
    }
}

#[test]
fn a_header_may_not_demand_what_is_not_offered() {
    use IdTokenError::Header;
    assert_refused(vec![
        ("crit with an extension", under(&json!({ "crit": ["exp"], "exp": NOW })), Header),
        ("crit, empty", under(&json!({ "crit": [] })), Header),
        ("zip", under(&json!({ "zip": "DEF" })), Header),
        ("enc", under(&json!({ "enc": "A128GCM" })), Header),
        ("b64 false", under(&json!({ "b64": false })), Header),
        ("b64 true", under(&json!({ "b64": true })), Header),
    ]);
}

#[test]
fn nobody_looks_for_the_key_of_more_than_64_kib_nor_for_a_name_of_more_than_256_characters() {
    let beginning = encoded(header().to_string()) + ".";
    let of_length = |length| RawIdToken::from(format!("{beginning}{}.", "A".repeat(length - beginning.len() - 1)));
    assert_eq!(key_id(&of_length(65_536)), Ok(KID.to_owned()));
    assert_eq!(key_id(&of_length(65_537)), Err(IdTokenError::NotAJwt));

    let named = |kid: &str| key_id(&RawIdToken::from(under(&json!({ "kid": kid }))));
    assert_eq!(named(&"k".repeat(256)), Ok("k".repeat(256)));
    for kid in ["", &"k".repeat(257)] {
        assert_eq!(named(kid), Err(IdTokenError::UnknownKey), "{} characters", kid.len());
    }
}

/// The token with one bit of a decoded part flipped.
fn flipped(part: usize, byte: usize) -> String {
    let valid = valid();
    let mut parts: Vec<_> = valid.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
    parts[part][byte] ^= 1;
    parts.into_iter().map(encoded).collect::<Vec<_>>().join(".")
}

fn place(part: &Value, word: &str) -> usize {
    part.to_string().find(word).unwrap()
}

#[test]
fn a_token_has_the_signature_of_its_key() {
    use IdTokenError::Signature;
    let unsigned = message(&header(), claims().to_string());
    let jan = with(&json!({ "name": "Jan Kowalski" }));
    let (_, other) = jan.rsplit_once('.').unwrap();
    assert_refused(vec![
        ("no signature behind the second dot", format!("{unsigned}."), Signature),
        ("signature of one zero", format!("{unsigned}.AA"), Signature),
        ("signature of zeros", format!("{unsigned}.{}", encoded([0; 256])), Signature),
        ("signature of another token", format!("{unsigned}.{other}"), Signature),
        ("signature of another key", signed_by_foreign_key(&json!({})), Signature),
        ("a bit of the header is another", flipped(0, place(&header(), "JWT")), Signature),
        ("a bit of the payload is another", flipped(1, place(&claims(), "Anna")), Signature),
        ("a bit of the signature is another", flipped(2, 100), Signature),
    ]);
}

#[test]
fn a_token_is_three_parts_of_base64url() {
    use IdTokenError::{NotAJwt, Signature};
    let valid = valid();
    let [first, second, third] = valid.split('.').collect::<Vec<_>>()[..] else { panic!("not three parts") };
    let padded_payload = format!("{first}.{}==", encoded(claims().to_string() + " "));
    assert_refused(vec![
        ("nothing", String::new(), NotAJwt),
        ("one part", first.to_owned(), NotAJwt),
        ("two parts", format!("{first}.{second}"), NotAJwt),
        ("four parts", format!("{valid}.{third}"), NotAJwt),
        ("five parts, an encrypted token's", format!("{valid}.{third}.{third}"), NotAJwt),
        ("padding in the header", format!("{first}=.{second}.{third}"), NotAJwt),
        ("padding in the payload, which is signed", signed(padded_payload), NotAJwt),
        ("padding in the payload", format!("{first}.{second}=.{third}"), Signature),
        ("padding in the signature", format!("{valid}=="), NotAJwt),
        ("an asterisk in the header", format!("*{first}.{second}.{third}"), NotAJwt),
        ("an asterisk in the payload, which is signed", signed(format!("{first}.*{second}")), NotAJwt),
        ("an asterisk in the signature", format!("{first}.{second}.*{third}"), NotAJwt),
        ("a plus sign in the signature", format!("{first}.{second}.+{}", &third[1..]), NotAJwt),
        ("a blank before it", format!(" {valid}"), NotAJwt),
        ("a line break behind it", format!("{valid}\n"), NotAJwt),
        ("1 MiB", with(&json!({ "name": "x".repeat(1 << 20) })), NotAJwt),
    ]);
}

#[test]
fn a_header_that_is_no_json_object_is_no_jwt() {
    use IdTokenError::{Header, NotAJwt, UnknownKey};
    let raw = |header: &str| signed(format!("{}.{}", encoded(header), encoded(claims().to_string())));
    let deep = format!(r#"{{"alg":"RS256","kid":"{KID}","x":{}{}}}"#, "[".repeat(1_000), "]".repeat(1_000));
    assert_refused(vec![
        ("three parts of nothing", "..".to_owned(), NotAJwt),
        ("header of words", raw("RS256"), NotAJwt),
        ("header of bytes", signed(format!("{}.{}", encoded([0xff, 0xfe]), encoded("{}"))), NotAJwt),
        ("header a list", raw(r#"["JWT","RS256"]"#), NotAJwt),
        ("header null", raw("null"), NotAJwt),
        ("header 1,000 deep", raw(&deep), NotAJwt),
        ("kid a number", under(&json!({ "kid": 1 })), UnknownKey),
        ("kid a list with the right one", under(&json!({ "kid": [KID] })), UnknownKey),
        ("crit a string", under(&json!({ "crit": "exp" })), Header),
    ]);
}
