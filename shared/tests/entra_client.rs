//! The Entra client over HTTP, against the simulator.
#![cfg(test)]
mod doors;
#[path = "doors/entra_answers.rs"]
mod entra_answers;
#[path = "doors/signing_keys.rs"]
mod signing_keys;

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use microsoft_simulator::{DirectoryEvent, FaultEffect, FaultRule, IdTokenForgery, Operation, demo};
use ring::digest;
use serde_json::{Value, json};
use shared::adapters::microsoft::entra::{AccountHints, EntraError, RedirectUriCheck, TenantDiscovery};
use shared::adapters::microsoft::id_token::IdTokenError;
use shared::domain::entra_app::{Credential, CredentialProbe, EntraApp, KeyPair, TenantRef};
use shared::domain::finding::{Evidence, FindingKind};
use shared::domain::sign_in::PendingSignIn;
use shared::types::clock::SignedDuration;
use shared::types::randomness::Randomness;
use shared::types::secret::{ClientSecret, RefreshToken, Secret};

use doors::{Doors, REDIRECT_URI, answer, json_answer, kadry};

const CODE: Operation = Operation::TokenAuthorizationCode;
const REFRESH: Operation = Operation::TokenRefreshToken;
const PROBE: Operation = Operation::TokenClientCredentials;

/// The number with which Entra refused a sign-in.
fn refused_with(error: &EntraError) -> Option<u32> {
    match error {
        EntraError::SignInRejected { finding, .. } => finding.evidence.as_ref()?.aadsts,
        _ => None,
    }
}

fn entra_error(error: &str, code: u32, status: u16, retry_after: Option<u64>) -> FaultEffect {
    FaultEffect::EntraError { error: error.to_owned(), code, suberror: None, claims: None, status, retry_after }
}

fn patched(change: Value) -> FaultEffect {
    FaultEffect::PatchTokenAnswer(change)
}

/// A refresh token that is good for as many renewals as a test wants: Entra does not revoke it on use.
async fn connected() -> (Doors, RefreshToken) {
    let doors = Doors::open().await;
    let refresh = doors.sign_in(demo::ANNA).await.tokens.refresh.unwrap();
    doors.microsoft.clear_requests();
    (doors, refresh)
}

#[tokio::test]
async fn a_code_is_redeemed_and_the_account_is_who_signed_in() {
    let doors = Doors::open().await;
    let signed_in = doors.sign_in(demo::ANNA).await;
    assert_eq!((&*signed_in.account.upn, &*signed_in.account.name), (demo::ANNA, "Anna Nowak"));
    assert_eq!(signed_in.account.oid.to_string(), "11a5c0de-0001-4a01-8001-a1b2c3d4e501");
    assert!(signed_in.tokens.has_required_scopes(), "{}", signed_in.tokens.scope);
    assert_eq!(signed_in.tokens.obtained_at, doors.clock.now());
    let life = doors.clock.now().duration_until(signed_in.tokens.expires_at);
    assert!((60..=90).contains(&life.as_mins()), "{life}");
    assert!(signed_in.tokens.refresh.is_some());
    let notes: Vec<_> = doors.microsoft.requests().into_iter().flat_map(|request| request.notes).collect();
    assert!(notes.is_empty(), "a careful caller leaves nothing to remark: {notes:?}");
}

#[tokio::test]
async fn the_browser_is_sent_with_these_parameters_and_no_others() {
    let doors = Doors::open().await;
    let sign_in = doors.begin();
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, sign_in.verifier.expose().as_bytes()));
    let client_id = demo::KADRY_CLIENT_ID.to_string();
    let scope = "openid profile offline_access https://graph.microsoft.com/OnlineMeetings.ReadWrite \
                 https://graph.microsoft.com/User.Read";
    for hint in [None, Some(demo::ANNA)] {
        let hints = AccountHints { login_hint: hint, select_account: hint.is_some() };
        let url = doors.entra.authorize_url(&sign_in, "v4.local.state", hints).unwrap();
        let sent: Vec<_> = url.query_pairs().into_owned().collect();
        let mut expected = BTreeMap::from([
            ("response_type", "code"),
            ("response_mode", "query"),
            ("client_id", &client_id),
            ("redirect_uri", REDIRECT_URI),
            ("scope", scope),
            ("state", "v4.local.state"),
            ("nonce", &sign_in.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        expected.extend(hint.into_iter().flat_map(|hint| [("login_hint", hint), ("prompt", "select_account")]));
        let as_map: BTreeMap<_, _> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(as_map, expected);
        assert_eq!(sent.len(), expected.len(), "no parameter twice");
        let page = format!("{}/{}/oauth2/v2.0/authorize?", doors.microsoft.login_url(), demo::KADRY_TENANT);
        assert!(url.as_str().starts_with(&page), "{url}");
    }
}

#[tokio::test]
async fn the_longest_state_and_hint_still_fit_into_an_address() {
    let doors = Doors::open().await;
    let hint = format!("{}@{}.example", "a".repeat(64), "b".repeat(63));
    let hints = AccountHints { login_hint: Some(&hint), select_account: true };
    let url = doors.entra.authorize_url(&doors.begin(), &"s".repeat(512), hints).unwrap();
    assert!(url.as_str().len() < 2_048, "{} characters", url.as_str().len());
}

#[tokio::test]
async fn a_code_is_redeemed_once() {
    let doors = Doors::open().await;
    let sign_in = doors.begin();
    let code = doors.granted(&sign_in, demo::ANNA).await;
    doors.entra.redeem_code(&kadry(), &sign_in, &code).await.unwrap();
    let error = doors.entra.redeem_code(&kadry(), &sign_in, &code).await.unwrap_err();
    assert_eq!(refused_with(&error), Some(54005), "{error:?}");
}

#[tokio::test]
async fn a_code_whose_key_is_not_to_be_had_at_once_is_not_redeemed_again() {
    let doors = Doors::open().await;
    doors.sign_in(demo::JAN).await;
    doors.advance(SignedDuration::from_mins(6));
    doors.microsoft.rotate_signing_key();
    let sign_in = doors.begin();
    let code = doors.granted(&sign_in, demo::ANNA).await;
    doors.microsoft.faults().add(FaultRule::new(Operation::Keys, answer(503, &[], "")));
    let error = doors.entra.redeem_code(&kadry(), &sign_in, &code).await.unwrap_err();
    assert!(matches!(error, EntraError::Unavailable { .. }), "{error:?}");
    doors.microsoft.faults().clear();
    let redeemed = doors.asked(CODE);
    let signed_in = doors.entra.redeem_code(&kadry(), &sign_in, &code).await.unwrap();
    assert_eq!((signed_in.account.upn.as_str(), doors.asked(CODE)), (demo::ANNA, redeemed));
}

#[tokio::test]
async fn a_code_is_worth_nothing_with_another_verifier() {
    let doors = Doors::open().await;
    let sign_in = doors.begin();
    let code = doors.granted(&sign_in, demo::ANNA).await;
    let sign_in = PendingSignIn { verifier: doors.begin().verifier, ..sign_in };
    let error = doors.entra.redeem_code(&kadry(), &sign_in, &code).await.unwrap_err();
    assert_eq!(refused_with(&error), Some(501_481), "{error:?}");
}

#[tokio::test]
async fn an_id_token_of_another_sign_in_is_refused() {
    let doors = Doors::open().await;
    let sign_in = doors.begin();
    let code = doors.granted(&sign_in, demo::ANNA).await;
    let sign_in = PendingSignIn { nonce: doors.begin().nonce, ..sign_in };
    let error = doors.entra.redeem_code(&kadry(), &sign_in, &code).await.unwrap_err();
    assert!(matches!(error, EntraError::IdToken(IdTokenError::Nonce)), "{error:?}");
}

#[tokio::test]
async fn a_forged_id_token_gives_no_account() {
    let forged = |claims: Value| IdTokenForgery { claims, ..IdTokenForgery::default() };
    let other = format!("https://login.microsoftonline.com/{}/v2.0", demo::PRACA_TENANT);
    for (forgery, reason) in [
        (IdTokenForgery { unpublished_key: true, ..IdTokenForgery::default() }, IdTokenError::Signature),
        (IdTokenForgery { header: json!({ "alg": "none" }), ..IdTokenForgery::default() }, IdTokenError::Algorithm),
        (IdTokenForgery { raw: Some("x".to_owned()), ..IdTokenForgery::default() }, IdTokenError::NotAJwt),
        (forged(json!({ "iss": other })), IdTokenError::Issuer),
        (forged(json!({ "aud": demo::PRACA_CLIENT_ID })), IdTokenError::Audience),
        (forged(json!({ "tid": demo::PRACA_TENANT })), IdTokenError::Tenant),
        (forged(json!({ "at_hash": "77QmUPtjPfzWtF2AnpK9RQ" })), IdTokenError::AccessToken),
        (forged(json!({ "oid": null })), IdTokenError::Claims),
    ] {
        let doors = Doors::open().await;
        doors.once(CODE, FaultEffect::ForgeIdToken(forgery));
        let error = doors.try_sign_in(demo::ANNA).await.unwrap_err();
        assert!(matches!(error, EntraError::IdToken(given) if given == reason), "{reason:?}: {error:?}");
    }
}

#[tokio::test]
async fn tokens_are_renewed_and_the_refresh_token_rotates() {
    let doors = Doors::open().await;
    let first = doors.sign_in(demo::ANNA).await.tokens;
    doors.advance(SignedDuration::from_hours(1));
    let refresh = first.refresh.unwrap();
    let second = doors.entra.refresh(&kadry(), &refresh).await.unwrap();
    assert_ne!(second.access.expose(), first.access.expose());
    assert_eq!(second.obtained_at, doors.clock.now());
    assert!(second.has_required_scopes(), "{}", second.scope);
    let rotated = second.refresh.unwrap();
    assert_ne!(rotated.expose(), refresh.expose());
    doors.entra.refresh(&kadry(), &rotated).await.unwrap();
}

#[tokio::test]
async fn no_new_refresh_token_means_to_keep_the_old_one() {
    let (doors, refresh) = connected().await;
    doors.once(REFRESH, patched(json!({ "refresh_token": null })));
    assert!(doors.entra.refresh(&kadry(), &refresh).await.unwrap().refresh.is_none());
}

#[tokio::test]
async fn a_life_is_a_number_or_a_text_and_never_nonsense() {
    let (doors, refresh) = connected().await;
    for (expires_in, seconds) in [
        (json!(4_000), 4_000),
        (json!("4000"), 4_000),
        (json!(0), 60),
        (json!(-1), 60),
        (json!("-9223372036854775808"), 60),
        (json!(1_000_000_000_000_i64), 28 * 3_600),
        (json!(i64::MAX), 28 * 3_600),
        (json!(null), 60),
    ] {
        doors.once(REFRESH, patched(json!({ "expires_in": expires_in })));
        let tokens = doors.entra.refresh(&kadry(), &refresh).await.unwrap();
        let life = tokens.obtained_at.duration_until(tokens.expires_at);
        assert_eq!(life, SignedDuration::from_secs(seconds), "{expires_in}");
    }
    for expires_in in [json!("soon"), json!(""), json!(1e12), json!(3600.5), json!([3600]), json!(true)] {
        doors.once(REFRESH, patched(json!({ "expires_in": expires_in })));
        let error = doors.entra.refresh(&kadry(), &refresh).await.unwrap_err();
        assert!(matches!(error, EntraError::Protocol(_)), "{expires_in}: {error:?}");
    }
}

#[tokio::test]
async fn the_type_of_a_token_is_bearer_in_whatever_case() {
    // RFC 6749 §5.1: the value is case insensitive.
    let (doors, refresh) = connected().await;
    for token_type in ["Bearer", "bearer", "BEARER"] {
        doors.once(REFRESH, patched(json!({ "token_type": token_type })));
        let renewed = doors.entra.refresh(&kadry(), &refresh).await;
        assert!(renewed.is_ok(), "{token_type}: {renewed:?}");
    }
}

/// What a probe came to: the finding, or nothing learned.
fn learned(probe: &CredentialProbe) -> Option<FindingKind> {
    match probe {
        CredentialProbe::Rejected(finding) => Some(finding.kind),
        CredentialProbe::Accepted | CredentialProbe::Inconclusive(_) => None,
    }
}

#[tokio::test]
async fn a_probe_tells_what_is_wrong_with_a_credential() {
    let client_id = demo::KADRY_CLIENT_ID;
    let doors = Doors::open().await;
    let probe = doors.entra.probe_credential(&kadry()).await.unwrap();
    assert!(matches!(probe, CredentialProbe::Accepted), "{probe:?}");
    let mut app = kadry();
    app.credential = Credential::Secret(ClientSecret::from("wrong".to_owned()));
    assert_eq!(learned(&doors.entra.probe_credential(&app).await.unwrap()), Some(FindingKind::SecretWrong));
    let mut app = kadry();
    app.tenant = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap();
    assert_eq!(learned(&doors.entra.probe_credential(&app).await.unwrap()), Some(FindingKind::TenantNotFound));
    for (event, kind) in [
        (DirectoryEvent::ExpireSecret { client_id }, FindingKind::SecretExpired),
        (DirectoryEvent::SetPublicClient { client_id, public: true }, FindingKind::AppIsPublicClient),
        (DirectoryEvent::DisableApp { client_id }, FindingKind::AppDisabled),
        (DirectoryEvent::RemoveApp { client_id }, FindingKind::AppNotFound),
    ] {
        doors.microsoft.apply(event).unwrap();
        let probe = doors.entra.probe_credential(&kadry()).await.unwrap();
        assert_eq!(learned(&probe), Some(kind), "{probe:?}");
    }
}

#[tokio::test]
async fn a_certificate_of_ours_proves_the_app_wherever_a_secret_would() {
    let client_id = demo::KADRY_CLIENT_ID;
    let doors = Doors::open().await;
    doors.microsoft.apply(DirectoryEvent::RemoveSecrets { client_id }).unwrap();
    let pair = |seed| {
        KeyPair::generate(("Teams Connect", &"kadry".parse().unwrap()), doors.clock.now(), &Randomness::seeded(seed))
            .unwrap()
    };
    let with = |seed| EntraApp { credential: Credential::Certificate(pair(seed)), ..kadry() };
    let probe = doors.entra.probe_credential(&with(1)).await.unwrap();
    assert_eq!(learned(&probe), Some(FindingKind::CertificateNotRegistered));

    let file = pair(1).certificate.pem();
    doors.microsoft.apply(DirectoryEvent::RegisterCertificate { client_id, file }).unwrap();
    let probe = doors.entra.probe_credential(&with(1)).await.unwrap();
    assert!(matches!(probe, CredentialProbe::Accepted), "{probe:?}");
    let probe = doors.entra.probe_credential(&with(2)).await.unwrap();
    assert_eq!(learned(&probe), Some(FindingKind::CertificateNotRegistered), "it is another certificate");

    let sign_in = doors.begin();
    let code = doors.granted(&sign_in, demo::ANNA).await;
    let signed_in = doors.entra.redeem_code(&with(1), &sign_in, &code).await.unwrap();
    let refresh = signed_in.tokens.refresh.unwrap();
    assert!(doors.entra.refresh(&with(1), &refresh).await.is_ok());
    let refused = doors.entra.refresh(&kadry(), &refresh).await.unwrap_err();
    assert!(matches!(refused, EntraError::AppRejected(_)), "the secret is gone: {refused:?}");

    doors.advance(SignedDuration::from_hours(24 * 731));
    let probe = doors.entra.probe_credential(&with(1)).await.unwrap();
    assert_eq!(learned(&probe), Some(FindingKind::CertificateNotRegistered), "it has ended");
}

#[tokio::test]
async fn a_probe_that_proves_nothing_says_so() {
    let doors = Doors::open().await;
    for (error, code) in [
        ("unsupported_grant_type", 70003),
        ("invalid_request", 900_144),
        ("invalid_grant", 53003),
        ("access_denied", 53003),
        ("interaction_required", 53003),
        ("unauthorized_client", 53003),
        ("invalid_client", 53003),
        ("invalid_client", 700_024),
        // The app may only lack this grant; to call it unknown would send the administrator looking for a mistake.
        ("unauthorized_client", 123_456_789),
        ("invalid_client", 123_456_789),
        ("invalid_grant", 65001),
        ("brand_new", 1),
    ] {
        doors.once(PROBE, entra_error(error, code, 400, None));
        let probe = doors.entra.probe_credential(&kadry()).await.unwrap();
        let CredentialProbe::Inconclusive(Evidence { aadsts, .. }) = probe else { panic!("{error} {code}: {probe:?}") };
        assert_eq!(aadsts, Some(code));
    }
    doors.once(PROBE, json_answer(400, &json!({ "error": "unauthorized_client" })));
    let probe = doors.entra.probe_credential(&kadry()).await.unwrap();
    assert!(matches!(probe, CredentialProbe::Inconclusive(_)), "{probe:?}");
    doors.once(PROBE, entra_error("invalid_grant", 50196, 400, None));
    let error = doors.entra.probe_credential(&kadry()).await.unwrap_err();
    assert!(matches!(error, EntraError::Unavailable { retry_after: Some(_), .. }), "{error:?}");
}

#[tokio::test]
async fn a_domain_leads_to_its_tenant() {
    let doors = Doors::open().await;
    let found = async |domain: &str| doors.entra.discover_tenant(&TenantRef::Domain(domain.parse().unwrap())).await;
    assert_eq!(found(demo::KADRY_DOMAIN).await.unwrap(), TenantDiscovery::Tenant(kadry().tenant));
    let TenantDiscovery::Unknown(nobody) = found("nobody.example").await.unwrap() else { panic!() };
    assert!(nobody.correlation_id.is_some() && nobody.timestamp.is_some() && nobody.aadsts == Some(90002));
    let nowhere = || TenantDiscovery::Unknown(Evidence::default());
    for (cloud, issuer) in [
        (TenantDiscovery::InChina, format!("https://login.partner.microsoftonline.cn/{}/v2.0", demo::KADRY_TENANT)),
        (TenantDiscovery::InAnotherCloud, format!("https://login.microsoftonline.us/{}/v2.0", demo::KADRY_TENANT)),
        (nowhere(), format!("{}/{{tenantid}}/v2.0", doors.microsoft.login_url())),
        (nowhere(), format!("{}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", doors.microsoft.login_url())),
    ] {
        doors.once(Operation::Discovery, json_answer(200, &json!({ "issuer": issuer })));
        assert_eq!(found(demo::KADRY_DOMAIN).await.unwrap(), cloud, "{issuer}");
    }
    doors.once(Operation::Discovery, answer(200, &[("content-type", "text/html")], "<html>"));
    let error = found(demo::KADRY_DOMAIN).await.unwrap_err();
    assert!(matches!(error, EntraError::Protocol(_)), "{error:?}");
}

#[tokio::test]
async fn a_redirect_uri_is_registered_not_registered_or_could_not_be_looked_at() {
    let doors = Doors::open().await;
    let app = kadry();
    let look = async || doors.entra.check_redirect_uri(app.tenant, app.client_id).await;
    assert_eq!(look().await, RedirectUriCheck::Yes);
    doors.once(Operation::Authorize, answer(200, &[("content-type", "text/html")], "<html>Sign in</html>"));
    assert_eq!(look().await, RedirectUriCheck::Unknown);
    doors.once(Operation::Authorize, answer(302, &[("location", "https://elsewhere.example/")], ""));
    assert_eq!(look().await, RedirectUriCheck::Unknown);
    doors.microsoft.set_redirect_uris(&["https://ats.example/oauth/callback/".to_owned()]);
    assert!(matches!(
        look().await,
        RedirectUriCheck::No(Evidence { aadsts: Some(50011), correlation_id: Some(_), .. })
    ));
    doors.microsoft.set_redirect_uris(&[]);
    assert!(matches!(look().await, RedirectUriCheck::No(Evidence { aadsts: Some(500_113), .. })));
}
