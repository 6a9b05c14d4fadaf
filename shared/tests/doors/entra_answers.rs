//! Answers of the token endpoint that are none, come late or not at all; and what is said of them.

use super::doors::all_of;
use super::*;

/// Token answers that are none.
fn strange_answers() -> Vec<(&'static str, FaultEffect)> {
    let json = [("content-type", "application/json")];
    vec![
        ("token_type mac", patched(json!({ "token_type": "mac" }))),
        ("token_type of nobody", patched(json!({ "token_type": "Bearer2" }))),
        ("no token_type", patched(json!({ "token_type": null }))),
        ("no access token", patched(json!({ "access_token": null }))),
        ("an empty access token", patched(json!({ "access_token": "" }))),
        ("an access token with a line break", patched(json!({ "access_token": "EwB\r\nHost: evil" }))),
        ("an access token that is a number", patched(json!({ "access_token": 7 }))),
        ("a page", answer(200, &[("content-type", "text/html")], "<html>Sign in</html>")),
        ("a page that says it is JSON", answer(200, &json, "<html>Sign in</html>")),
        ("no media type and no JSON", answer(200, &[], "ok")),
        ("nothing", answer(200, &json, "")),
        ("a redirect", answer(302, &[("location", "/stolen")], "")),
        ("a redirect with a body", answer(307, &[("location", "/stolen")], "Moved")),
        ("no content", answer(204, &[], "")),
        ("created", answer(201, &json, "{}")),
        ("JSON cut short", answer(200, &json, r#"{"token_type":"Bearer","access_token":"EwB"#)),
        ("a list", answer(200, &json, "[]")),
        ("null", answer(200, &json, "null")),
        ("bytes that are no text", answer(200, &json, "{\"access_token\":\"\u{0}\"}")),
        ("JSON too deep", answer(200, &json, "[".repeat(10_000))),
        ("a refusal without JSON", answer(400, &[("content-type", "text/html")], "<html>Bad request</html>")),
        ("a refusal without anything", answer(400, &[], "")),
        ("a refusal that names no error", json_answer(400, &json!({ "error_description": "AADSTS50173" }))),
        ("a refusal with numbers as text", json_answer(400, &json!({ "error": "x", "error_codes": ["50173"] }))),
    ]
}

#[tokio::test]
async fn a_strange_answer_is_no_token_and_no_verdict_on_anybody() {
    let (doors, refresh) = connected().await;
    for (what, effect) in strange_answers() {
        doors.once(REFRESH, effect.clone());
        let error = doors.entra.refresh(&kadry(), &refresh).await.unwrap_err();
        assert!(matches!(error, EntraError::Protocol(_)), "{what}: {error:?}");
        doors.once(CODE, effect);
        let error = doors.try_sign_in(demo::ANNA).await.unwrap_err();
        assert!(matches!(error, EntraError::Protocol(_)), "{what}: {error:?}");
    }
    assert_eq!(doors.asked(Operation::LoginOther), 0, "no redirect is followed");
    doors.once(CODE, patched(json!({ "id_token": null })));
    let error = doors.try_sign_in(demo::ANNA).await.unwrap_err();
    assert!(matches!(error, EntraError::Protocol("without an id_token")), "{error:?}");
}

#[tokio::test]
async fn an_answer_of_two_mebibytes_is_not_read() {
    let (doors, refresh) = connected().await;
    doors.once(REFRESH, answer(200, &[("content-type", "application/json")], "x".repeat(2 << 20)));
    let error = doors.entra.refresh(&kadry(), &refresh).await.unwrap_err();
    assert!(matches!(error, EntraError::Unavailable { retry_after: None, .. }), "{error:?}");
    assert_eq!(doors.asked(REFRESH), 1);
}

#[tokio::test]
async fn a_renewal_is_tried_again_and_a_redemption_is_not() {
    for effect in [answer(503, &[], ""), answer(500, &[], "x"), FaultEffect::LoseAnswer, FaultEffect::DropConnection] {
        let (doors, refresh) = connected().await;
        doors.once(REFRESH, effect.clone());
        doors.entra.refresh(&kadry(), &refresh).await.unwrap();
        assert_eq!(doors.asked(REFRESH), 2, "{effect:?}");
        // The code may have arrived, and Entra takes a second use for theft.
        doors.once(CODE, effect.clone());
        let error = doors.try_sign_in(demo::ANNA).await.unwrap_err();
        assert!(matches!(error, EntraError::Unavailable { .. }), "{effect:?}: {error:?}");
        assert_eq!(doors.asked(CODE), 1, "{effect:?}");
    }
}

#[tokio::test]
async fn a_renewal_is_tried_twice_and_not_for_ever() {
    let (doors, refresh) = connected().await;
    doors.microsoft.faults().add(FaultRule::new(REFRESH, answer(503, &[], "")));
    let error = doors.entra.refresh(&kadry(), &refresh).await.unwrap_err();
    assert!(matches!(error, EntraError::Unavailable { retry_after: None, .. }), "{error:?}");
    assert_eq!(doors.asked(REFRESH), 2);
}

#[tokio::test]
async fn a_short_wait_is_waited_and_a_long_one_is_passed_on() {
    let (doors, refresh) = connected().await;
    let throttled = |after| entra_error("temporarily_unavailable", 90055, 429, after);
    doors.once(REFRESH, throttled(Some(1)));
    doors.entra.refresh(&kadry(), &refresh).await.unwrap();
    assert_eq!(doors.asked(REFRESH), 2);
    for (effect, expected) in [
        (throttled(Some(60)), Some(60)),
        (throttled(Some(86_400)), Some(300)),
        (throttled(None), None),
        (answer(503, &[("retry-after", "60")], ""), Some(60)),
    ] {
        doors.microsoft.clear_requests();
        doors.once(REFRESH, effect);
        let error = doors.entra.refresh(&kadry(), &refresh).await.unwrap_err();
        let EntraError::Unavailable { retry_after, .. } = error else { panic!("{error:?}") };
        assert_eq!(retry_after, expected.map(Duration::from_secs));
        assert_eq!(doors.asked(REFRESH), 1);
    }
}

#[tokio::test]
async fn an_error_never_prints_what_came_or_went() {
    let (doors, refresh) = connected().await;
    let canary = "EwB-canary";
    let json = [("content-type", "application/json")];
    for effect in [
        answer(200, &json, format!(r#"{{"token_type":"Bearer","access_token":"{canary}"#)),
        answer(200, &json, format!(r#"{{"token_type":"Bearer","access_token":["{canary}"]}}"#)),
        answer(200, &[("content-type", canary)], canary),
        patched(json!({ "expires_in": canary })),
        patched(json!({ "token_type": canary })),
        patched(json!({ "access_token": format!("{canary}\n") })),
        answer(200, &json, canary.repeat(1 << 18)),
        json_answer(400, &json!({ "error": "invalid_grant", "error_description": canary })),
        json_answer(400, &json!({ "error": canary })),
        json_answer(400, &json!({ "error": [canary] })),
        answer(503, &[("retry-after", "60")], canary),
        answer(302, &[("location", &format!("/{canary}"))], canary),
    ] {
        doors.once(REFRESH, effect.clone());
        let error = doors.entra.refresh(&kadry(), &refresh).await.unwrap_err();
        let printed = all_of(&error);
        for secret in [canary, refresh.expose(), demo::KADRY_SECRET] {
            assert!(!printed.contains(secret), "{effect:?}: {printed}");
        }
    }
    let unreachable = entra_at_a_closed_port();
    let printed = all_of(&unreachable.refresh(&kadry(), &refresh).await.unwrap_err());
    assert!(!printed.contains(refresh.expose()) && !printed.contains(demo::KADRY_SECRET), "{printed}");
}

/// Port 9 is reserved for discarding; on this machine nobody listens there.
fn entra_at_a_closed_port() -> shared::adapters::microsoft::entra::EntraClient {
    let base = "http://127.0.0.1:9";
    let endpoints =
        shared::adapters::microsoft::Endpoints { login: base.parse().unwrap(), graph: base.parse().unwrap() };
    let http = shared::adapters::http_client::build_client().unwrap();
    let clock = shared::types::clock::Clock::frozen_at(shared::types::clock::Timestamp::UNIX_EPOCH);
    shared::adapters::microsoft::entra::EntraClient::new(
        http,
        endpoints,
        REDIRECT_URI.parse().unwrap(),
        clock,
        Randomness::seeded(2),
    )
}
