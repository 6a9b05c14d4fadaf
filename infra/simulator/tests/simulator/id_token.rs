use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use microsoft_simulator::{FaultEffect, FaultRule, IdTokenForgery, Operation, demo};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::{Value, json};

use crate::caller::{Caller, opened};

async fn verifies(caller: &Caller, jwt: &str) -> bool {
    let url = caller.login("kadry.example/discovery/v2.0/keys");
    let document = caller.get(&url).await.json();
    let (header, _) = opened(jwt);
    let keys = document["keys"].as_array().expect("keys").clone();
    let Some(key) = keys.iter().find(|key| key["kid"] == header["kid"]) else {
        return false;
    };
    let part = |name: &str| {
        let text = key[name].as_str().expect("a number");
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    };
    let (signed, signature) = jwt.rsplit_once('.').expect("three parts");
    let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    RsaPublicKeyComponents { n: part("n"), e: part("e") }
        .verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
        .is_ok()
}

#[tokio::test]
async fn it_verifies_with_the_published_key_and_carries_the_claims() {
    let caller = Caller::new().await;
    let answer = caller.signed_in(demo::ANNA).await;
    let jwt = answer["id_token"].as_str().expect("a token");
    assert!(verifies(&caller, jwt).await);
    let (header, claims) = opened(jwt);
    assert_eq!(header["alg"], "RS256");
    assert_eq!(header["typ"], "JWT");
    assert_eq!(claims["aud"], demo::KADRY_CLIENT_ID.to_string());
    assert_eq!(claims["tid"], demo::KADRY_TENANT.to_string());
    assert_eq!(claims["nonce"], "nonce-1");
    assert_eq!(claims["ver"], "2.0");
    assert_eq!(claims["preferred_username"], demo::ANNA);
    assert_eq!(claims["idp"], Value::Null);
    let time = |name: &str| claims[name].as_i64().expect("seconds");
    assert_eq!(time("exp") - time("iat"), 3_900);
    assert_eq!(time("nbf"), time("iat"));
}

#[tokio::test]
async fn it_still_verifies_after_the_key_was_rotated_and_fails_after_the_drop() {
    let caller = Caller::new().await;
    let old = caller.signed_in(demo::ANNA).await["id_token"].clone();
    caller.simulator.rotate_signing_key();
    let new = caller.signed_in(demo::ANNA).await["id_token"].clone();
    assert_ne!(opened(old.as_str().expect("a token")).0, opened(new.as_str().expect("a token")).0);
    assert!(verifies(&caller, old.as_str().expect("a token")).await);
    assert!(verifies(&caller, new.as_str().expect("a token")).await);
    caller.simulator.drop_old_keys();
    assert!(!verifies(&caller, old.as_str().expect("a token")).await);
}

#[tokio::test]
async fn a_guest_comes_with_the_provider_of_the_home() {
    let caller = Caller::new().await;
    let answer = caller.signed_in(demo::GUEST).await;
    let (_, claims) = opened(answer["id_token"].as_str().expect("a token"));
    assert!(claims["idp"].as_str().is_some_and(|idp| idp.starts_with("https://sts.windows.net/")));
}

#[tokio::test]
async fn it_can_be_forged_in_claims_key_and_whole() {
    let caller = Caller::new().await;
    let forge = |forgery| FaultRule::once(Operation::TokenAuthorizationCode, FaultEffect::ForgeIdToken(forgery));
    caller.simulator.faults().add(forge(IdTokenForgery {
        claims: json!({ "tid": demo::PRACA_TENANT, "nonce": null }),
        ..IdTokenForgery::default()
    }));
    let forged = caller.signed_in(demo::ANNA).await["id_token"].clone();
    let (_, claims) = opened(forged.as_str().expect("a token"));
    assert_eq!(claims["tid"], demo::PRACA_TENANT.to_string());
    assert_eq!(claims["nonce"], Value::Null);
    assert!(verifies(&caller, forged.as_str().expect("a token")).await);

    caller.simulator.faults().add(forge(IdTokenForgery { unpublished_key: true, ..IdTokenForgery::default() }));
    let stray = caller.signed_in(demo::ANNA).await["id_token"].clone();
    assert!(!verifies(&caller, stray.as_str().expect("a token")).await);

    caller
        .simulator
        .faults()
        .add(forge(IdTokenForgery { raw: Some("nonsense".to_owned()), ..IdTokenForgery::default() }));
    assert_eq!(caller.signed_in(demo::ANNA).await["id_token"], "nonsense");
}
