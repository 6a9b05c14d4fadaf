use std::time::Duration;

use microsoft_simulator::{DirectoryEvent, MfaChallenge, demo};
use reqwest::StatusCode;
use serde_json::Value;

use crate::caller::{Caller, pairs};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn every_use_gives_a_new_token_and_the_old_one_keeps_working() {
    let caller = Caller::new().await;
    let first = caller.refresh_token(demo::ANNA).await;
    let answer = caller.refresh(&first).await.json();
    let second = answer["refresh_token"].as_str().expect("a token").to_owned();
    assert_ne!(first, second);
    assert!(answer["id_token"].is_string());
    let expires = answer["expires_in"].as_u64().expect("seconds");
    assert!((3_600..5_400).contains(&expires));
    assert_eq!(caller.refresh(&first).await.status, StatusCode::OK);
    assert_eq!(caller.refresh(&second).await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_offline_access_and_openid_neither_token_comes() {
    let caller = Caller::new().await;
    let request = crate::caller::with(Caller::request(), "scope", "User.Read");
    let form = [("user", demo::ANNA), ("decision", "accept")];
    let got = caller.decide(demo::KADRY_DOMAIN, &request, &form).await;
    let answer = caller.redeem(&got.parameter("code").expect("a code")).await.json();
    assert_eq!(answer["refresh_token"], Value::Null);
    assert_eq!(answer["id_token"], Value::Null);
}

#[tokio::test]
async fn ninety_days_without_use_end_it_and_a_use_starts_them_anew() {
    let caller = Caller::new().await;
    let first = caller.refresh_token(demo::ANNA).await;
    caller.simulator.advance(DAY * 89);
    let answer = caller.refresh(&first).await.json();
    let second = answer["refresh_token"].as_str().expect("a token").to_owned();
    caller.simulator.advance(DAY * 2);
    let got = caller.refresh(&first).await;
    assert_eq!(got.refusal(), (400, "invalid_grant".to_owned(), 700_082));
    assert_eq!(caller.refresh(&second).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_happens_to_the_account_is_told_by_its_own_number() {
    let upn = || demo::ANNA.to_owned();
    let client_id = demo::KADRY_CLIENT_ID;
    for (event, error, number, suberror) in [
        (DirectoryEvent::RevokeSessions { upn: upn() }, "invalid_grant", 50_173, Some("bad_token")),
        (DirectoryEvent::DisableUser { upn: upn() }, "invalid_grant", 50_057, None),
        (DirectoryEvent::RemoveUser { upn: upn() }, "invalid_grant", 50_034, None),
        (
            DirectoryEvent::WithdrawConsent { client_id, upn: Some(upn()) },
            "invalid_grant",
            65_001,
            Some("consent_required"),
        ),
        (
            DirectoryEvent::RequireMfa { upn: upn(), demand: MfaChallenge::InteractionRequired },
            "interaction_required",
            50_076,
            Some("basic_action"),
        ),
        (
            DirectoryEvent::RequireMfa { upn: upn(), demand: MfaChallenge::InvalidGrant },
            "invalid_grant",
            50_076,
            Some("basic_action"),
        ),
        (DirectoryEvent::LimitSignIn { upn: upn(), seconds: Some(0) }, "invalid_grant", 70_043, Some("token_expired")),
    ] {
        let caller = Caller::new().await;
        let token = caller.refresh_token(demo::ANNA).await;
        caller.simulator.apply(event).expect("a subject");
        let got = caller.refresh(&token).await;
        assert_eq!(got.refusal(), (400, error.to_owned(), number));
        assert_eq!(got.json()["suberror"].as_str(), suberror, "{number}");
    }
}

#[tokio::test]
async fn a_new_sign_in_mends_a_revocation_and_a_missing_second_factor() {
    let caller = Caller::new().await;
    caller.simulator.revoke_sessions(demo::ANNA).expect("a user");
    let demand = MfaChallenge::InvalidGrant;
    let upn = demo::ANNA.to_owned();
    caller.simulator.apply(DirectoryEvent::RequireMfa { upn, demand }).expect("a user");
    let token = caller.refresh_token(demo::ANNA).await;
    assert_eq!(caller.refresh(&token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_is_bound_to_its_application() {
    let caller = Caller::new().await;
    let token = caller.refresh_token(demo::ANNA).await;
    let form = pairs(&[
        ("client_id", &demo::PRACA_CLIENT_ID.to_string()),
        ("client_secret", demo::PRACA_SECRET),
        ("grant_type", "refresh_token"),
        ("refresh_token", &token),
    ]);
    let got = caller.token("praca.example", &form).await;
    assert_eq!(got.refusal(), (400, "invalid_grant".to_owned(), 70_000));
}

#[tokio::test]
async fn a_loop_of_equal_refreshes_is_refused_when_looked_for() {
    let caller = Caller::new().await;
    let token = caller.refresh_token(demo::ANNA).await;
    for _ in 0..16 {
        assert_eq!(caller.refresh(&token).await.status, StatusCode::OK);
    }
    caller.simulator.apply(DirectoryEvent::DetectLoops { on: true }).expect("a switch");
    let got = caller.refresh(&token).await;
    assert_eq!(got.refusal(), (400, "invalid_grant".to_owned(), 50_196));
    caller.simulator.advance(Duration::from_mins(5));
    assert_eq!(caller.refresh(&token).await.status, StatusCode::OK);
}
