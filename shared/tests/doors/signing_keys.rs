//! How often the keys that sign id tokens are asked for.

use microsoft_simulator::{FaultEffect, FaultRule, IdTokenForgery, Operation, demo};
use serde_json::json;
use shared::adapters::microsoft::entra::EntraError;
use shared::adapters::microsoft::id_token::IdTokenError;
use shared::types::clock::SignedDuration;

use crate::doors::Doors;

#[tokio::test]
async fn a_new_key_is_found_with_one_look() {
    let doors = Doors::open().await;
    doors.sign_in(demo::ANNA).await;
    doors.sign_in(demo::JAN).await;
    assert_eq!(doors.asked(Operation::Keys), 1, "two sign-ins ask once");
    doors.advance(SignedDuration::from_mins(6));
    doors.microsoft.rotate_signing_key();
    doors.sign_in(demo::ANNA).await;
    doors.sign_in(demo::JAN).await;
    assert_eq!(doors.asked(Operation::Keys), 2, "and once more for the new key");
    doors.advance(SignedDuration::from_hours(24));
    doors.sign_in(demo::ANNA).await;
    assert_eq!(doors.asked(Operation::Keys), 3, "and after a day, in case a key was withdrawn");
}

#[tokio::test]
async fn a_burst_of_sign_ins_asks_for_the_keys_once() {
    let doors = Doors::open().await;
    let (anna, jan, admin) =
        tokio::join!(doors.try_sign_in(demo::ANNA), doors.try_sign_in(demo::JAN), doors.try_sign_in(demo::ADMIN));
    assert_eq!([anna, jan, admin].map(|who| who.unwrap().account.upn), [demo::ANNA, demo::JAN, demo::ADMIN]);
    assert_eq!(doors.asked(Operation::Keys), 1);
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_once_in_five_minutes() {
    let doors = Doors::open().await;
    let unknown = IdTokenForgery { header: json!({ "kid": "nobody's" }), ..IdTokenForgery::default() };
    doors.microsoft.faults().add(FaultRule::new(Operation::TokenAuthorizationCode, FaultEffect::ForgeIdToken(unknown)));
    for _ in 0..3 {
        let error = doors.try_sign_in(demo::ANNA).await.unwrap_err();
        assert!(matches!(error, EntraError::IdToken(IdTokenError::UnknownKey)), "{error:?}");
        assert_eq!(doors.asked(Operation::Keys), 2, "once among the tenant's, once among the app's");
    }
    doors.advance(SignedDuration::from_mins(5));
    doors.try_sign_in(demo::ANNA).await.unwrap_err();
    assert_eq!(doors.asked(Operation::Keys), 4);
    doors.microsoft.faults().clear();
    doors.sign_in(demo::ANNA).await;
    assert_eq!(doors.asked(Operation::Keys), 4, "a known key needs no look");
}
