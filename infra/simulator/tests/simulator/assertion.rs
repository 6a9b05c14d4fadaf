use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use microsoft_simulator::{DirectoryEvent, SimulatedCertificate, demo};
use reqwest::StatusCode;
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding};
use serde_json::{Value, json};

use crate::caller::{Caller, pairs, with};

const THUMBPRINT: &str = "c2ltdWxhdGVkLXRodW1icHJpbnQtb2YtYS1jZXJ0LTE";

fn key() -> KeyPair {
    let pem = include_str!("../../keys/stray.pem");
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    KeyPair::from_pkcs8(&STANDARD.decode(base64).expect("base64")).expect("a key")
}

fn assertion(alg: &str, claims: &Value) -> String {
    let header = json!({ "alg": alg, "typ": "JWT", "x5t#S256": THUMBPRINT });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(claims));
    let pss: &dyn RsaEncoding = &RSA_PSS_SHA256;
    let encoding = if alg == "PS256" { pss } else { &RSA_PKCS1_SHA256 };
    let key = key();
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(encoding, &SystemRandom::new(), signed.as_bytes(), &mut signature).expect("a signature");
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[tokio::test]
async fn a_registered_certificate_signs_in_place_of_the_secret() {
    let caller = Caller::new().await;
    let endpoint = caller.login(&format!("{}/oauth2/v2.0/token", demo::KADRY_TENANT));
    let now = caller.simulator.now().as_second();
    let claims = json!({
        "aud": endpoint,
        "iss": demo::KADRY_CLIENT_ID,
        "sub": demo::KADRY_CLIENT_ID,
        "jti": "11111111-2222-4333-8444-555555555555",
        "nbf": now,
        "exp": now + 600,
    });
    let form = |jwt: &str| {
        pairs(&[
            ("client_id", &demo::KADRY_CLIENT_ID.to_string()),
            ("grant_type", "client_credentials"),
            ("scope", "https://graph.microsoft.com/.default"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", jwt),
        ])
    };
    let ps256 = form(&assertion("PS256", &claims));
    let unregistered = caller.token("kadry.example", &ps256).await;
    assert_eq!(unregistered.refusal(), (401, "invalid_client".to_owned(), 700_027));
    caller.simulator.directory(|directory| {
        let app = directory.app_mut(demo::KADRY_CLIENT_ID).expect("an application");
        let (thumbprint, public_key) = (THUMBPRINT.to_owned(), key().public().as_ref().to_vec());
        app.certificates.push(SimulatedCertificate { thumbprint, public_key, expires: Timestamp::MAX, revoked: false });
    });
    for alg in ["PS256", "RS256"] {
        let got = caller.token("kadry.example", &form(&assertion(alg, &claims))).await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.text);
    }
    let untyped = with(ps256.clone(), "client_assertion_type", "");
    assert_eq!(caller.token("kadry.example", &untyped).await.refusal().2, 900_144);
    for (name, value, number) in [
        ("aud", json!("https://elsewhere.example"), 50_027),
        ("sub", json!(demo::PRACA_CLIENT_ID), 50_027),
        ("exp", json!(now - 1), 700_024),
        ("nbf", json!(now + 3_600), 700_024),
        ("jti", Value::Null, 50_027),
    ] {
        let mut wrong = claims.clone();
        wrong[name] = value;
        let got = caller.token("kadry.example", &form(&assertion("PS256", &wrong))).await;
        assert_eq!(got.refusal(), (401, "invalid_client".to_owned(), number), "{name}");
    }
    let signed = assertion("PS256", &claims);
    let (signed, _) = signed.rsplit_once('.').expect("a signature");
    let forged = form(&format!("{signed}.AAAA"));
    assert_eq!(caller.token("kadry.example", &forged).await.refusal().2, 7_000_274);
    caller.simulator.apply(DirectoryEvent::RevokeCertificates { client_id: demo::KADRY_CLIENT_ID }).expect("an app");
    assert_eq!(caller.token("kadry.example", &ps256).await.refusal().2, 7_000_214);
    caller.simulator.directory(|directory| {
        let app = directory.app_mut(demo::KADRY_CLIENT_ID).expect("an application");
        for certificate in &mut app.certificates {
            (certificate.revoked, certificate.expires) = (false, Timestamp::UNIX_EPOCH);
        }
    });
    assert_eq!(caller.token("kadry.example", &ps256).await.refusal().2, 1_000_502);
}
