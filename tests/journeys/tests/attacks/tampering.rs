//! The browser is not ours: what passes through it may be changed on the way (RFC 9700 §4.4, §4.5, §4.8).

use microsoft_simulator::DirectoryEvent;
use microsoft_simulator::demo::{ANNA, KADRY_CLIENT_ID, KADRY_TENANT, PRACA_ADMIN, PRACA_CLIENT_ID, PRACA_TENANT};
use reqwest::StatusCode;
use test_support::browser::query_of;
use url::Url;

use crate::{Scene, with};

/// Anna's link, and what her browser is sent on to Microsoft with.
async fn begun(scene: &Scene) -> Url {
    scene.anna.get(&scene.annas_link().await).await.location()
}

/// Anna signs in at an address that was tampered with, and the ATS completes what comes back.
async fn completed(scene: &Scene, authorize: &Url) -> StatusCode {
    let answer = [("user", ANNA), ("decision", "accept")];
    let back = scene.anna.submit(authorize.as_str(), &answer).await.location();
    let returned = scene.anna.get(back.as_str()).await.location();
    scene.ats.complete("kadry", "anna", &query_of(&returned, "handle")).await.status
}

#[tokio::test]
async fn every_sign_in_is_asked_for_with_pkce_state_and_nonce() {
    let scene = Scene::open().await;
    let (one, two) = (begun(&scene).await, begun(&scene).await);
    for name in ["code_challenge", "state", "nonce"] {
        assert_eq!(query_of(&one, name).len(), 43, "256 bits in base64url: {one}");
        assert_ne!(query_of(&one, name), query_of(&two, name), "{name}");
    }
    assert_eq!(query_of(&one, "code_challenge_method"), "S256");
    assert_eq!(query_of(&one, "response_type"), "code");
    assert_eq!(query_of(&one, "response_mode"), "query");
}

#[tokio::test]
async fn a_code_without_a_challenge_or_with_another_is_worth_nothing() {
    let scene = Scene::open().await;
    let authorize = begun(&scene).await;
    let bare = with(&with(&authorize, "code_challenge", None), "code_challenge_method", None);
    assert!(!completed(&scene, &bare).await.is_success());
    let authorize = begun(&scene).await;
    assert!(!completed(&scene, &with(&authorize, "code_challenge", Some(&"A".repeat(43)))).await.is_success());
    scene.assert_nobody_connected().await;
}

#[tokio::test]
async fn an_id_token_with_another_nonce_or_none_is_refused() {
    let scene = Scene::open().await;
    for nonce in [Some("made-up"), None] {
        let authorize = with(&begun(&scene).await, "nonce", nonce);
        assert_eq!(completed(&scene, &authorize).await, StatusCode::BAD_GATEWAY, "{nonce:?}");
    }
    assert_eq!(scene.redeemed(), 2);
    scene.assert_nobody_connected().await;
}

#[tokio::test]
async fn a_scope_that_was_taken_out_makes_no_connection() {
    let scene = Scene::open().await;
    // Whatever was granted comes back, asked for or not. So here nothing of it is granted.
    let microsoft = &scene.product.microsoft;
    microsoft.apply(DirectoryEvent::WithdrawConsent { client_id: KADRY_CLIENT_ID, upn: None }).unwrap();
    let scopes = ["openid", "profile", "offline_access"].map(str::to_owned).to_vec();
    microsoft.apply(DirectoryEvent::GrantConsent { client_id: KADRY_CLIENT_ID, upn: None, scopes }).unwrap();
    for scope in ["openid profile", "openid profile offline_access"] {
        let authorize = with(&begun(&scene).await, "scope", Some(scope));
        assert_eq!(completed(&scene, &authorize).await, StatusCode::CONFLICT, "{scope}");
    }
    scene.assert_nobody_connected().await;
}

#[tokio::test]
async fn an_answer_in_the_name_of_another_issuer_is_refused() {
    let scene = Scene::open().await;
    let login = scene.product.microsoft.login_url().to_owned();
    let own = format!("{login}/{KADRY_TENANT}/v2.0");
    let back = scene.anna.sign_in_at_microsoft(&scene.annas_link().await, ANNA).await;
    let (name, value) = scene.cookie_of(&scene.anna, &query_of(&back, "state"));
    let cookies = format!("{name}={value}");
    for iss in [
        format!("{login}/{PRACA_TENANT}/v2.0"),
        format!("{own}/"),
        own.to_uppercase(),
        own.replace("/v2.0", ""),
        format!("{login}/common/v2.0"),
        format!("https://sts.windows.net/{KADRY_TENANT}/"),
        format!("https://evil.example/{KADRY_TENANT}/v2.0"),
        "null".to_owned(),
    ] {
        assert_eq!(scene.bring(&with(&back, "iss", Some(&iss)), &cookies).await, StatusCode::BAD_REQUEST, "{iss}");
    }
    for twice in [format!("&iss={own}&iss={own}"), "&iss=".to_owned()] {
        let back = Url::parse(&format!("{back}{twice}").replace("#&", "&")).unwrap();
        assert_eq!(scene.bring(&back, &cookies).await, StatusCode::BAD_REQUEST, "{twice}");
    }
    scene.assert_nothing_gained().await;
    assert_eq!(scene.bring(&with(&back, "iss", Some(&own)), &cookies).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_account_of_another_tenant_is_not_connected() {
    let scene = Scene::open().await;
    // The whole sign-in is moved to the other customer's tenant and app, where the account is at home.
    let authorize = begun(&scene).await;
    let elsewhere = authorize.as_str().replace(&KADRY_TENANT.to_string(), &PRACA_TENANT.to_string());
    let elsewhere = Url::parse(&elsewhere).unwrap();
    let app = PRACA_CLIENT_ID.to_string();
    let answer = [("user", PRACA_ADMIN), ("decision", "accept")];
    let address = with(&elsewhere, "client_id", Some(&app));
    let back = scene.anna.submit(address.as_str(), &answer).await.location();
    let returned = scene.anna.get(back.as_str()).await.location();
    let refused = scene.ats.complete("kadry", "anna", &query_of(&returned, "handle")).await;
    assert!(!refused.status.is_success(), "{refused:?}");
    scene.assert_nobody_connected().await;
}
