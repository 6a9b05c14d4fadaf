//! Answers of Graph's that are no meeting, and refusals; and what is said of them.

use super::doors::{all_of, json_answer};
use super::*;

#[tokio::test]
async fn a_meeting_that_nobody_could_join_is_no_success() {
    assert_eq!(made_under(json_answer(201, &a_meeting(&json!({})))).await.unwrap(), CreateOutcome::Created);
    for change in [
        json!({ "joinWebUrl": "javascript:alert(1)" }),
        json!({ "joinWebUrl": "JavaScript:alert(1)" }),
        json!({ "joinWebUrl": "data:text/html,x" }),
        json!({ "joinWebUrl": "http://teams.microsoft.com/l/x" }),
        json!({ "joinWebUrl": "https://teams.microsoft.com@evil.example/" }),
        json!({ "joinWebUrl": "https://teams.microsoft.com/\r\nSet-Cookie: x" }),
        json!({ "joinWebUrl": "/l/meetup-join/x" }),
        json!({ "joinWebUrl": "" }),
        json!({ "joinWebUrl": null }),
        json!({ "joinWebUrl": 7 }),
        json!({ "joinWebUrl": format!("https://teams.microsoft.com/{}", "x".repeat(5_000)) }),
        json!({ "id": null }),
        json!({ "id": "" }),
        json!({ "id": "a b" }),
        json!({ "startDateTime": null }),
        json!({ "endDateTime": "2026-12-01T10:00:00" }),
        json!({ "endDateTime": "tomorrow" }),
    ] {
        let error = made_under(json_answer(201, &a_meeting(&change))).await.unwrap_err();
        assert!(matches!(error, GraphError::Protocol(_)), "{change}: {error:?}");
    }
}

#[tokio::test]
async fn members_that_microsoft_adds_later_are_passed_over() {
    let (doors, graph, access) = signed_in(demo::ANNA).await;
    let later = json!({
        "lobbyBypassSettings": { "scope": "unknownFutureValue", "new": {} },
        "allowedPresenters": "roleIsLater",
        "allowMeetingChat": "sometimes",
        "audioConferencing": { "conferenceId": null },
        "brandNew": [1],
    });
    doors.once(MAKE, json_answer(200, &a_meeting(&later)));
    let (made, meeting) = graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap();
    assert_eq!((made, meeting.options, meeting.dial_in), (CreateOutcome::Existing, MeetingOptions::default(), None));
}

#[tokio::test]
async fn an_answer_that_is_no_meeting_is_a_breach_of_protocol() {
    let json = [("content-type", "application/json")];
    for (what, effect) in [
        ("a page", answer(200, &[("content-type", "text/html")], "<html>")),
        ("a meeting without a media type", answer(200, &[], a_meeting(&json!({})).to_string())),
        ("a page that says it is JSON", answer(200, &json, "<html>")),
        ("nothing", answer(200, &json, "")),
        ("no content", answer(204, &[], "")),
        ("cut short", answer(201, &json, r#"{"id":"MSo1"#)),
        ("a list", answer(200, &json, "[]")),
        ("too deep", answer(200, &json, "[".repeat(10_000))),
        ("accepted", json_answer(202, &a_meeting(&json!({})))),
        ("a redirect", answer(302, &[("location", "/stolen")], "")),
    ] {
        let error = made_under(effect).await.unwrap_err();
        assert!(matches!(error, GraphError::Protocol(_)), "{what}: {error:?}");
    }
    let error = made_under(answer(200, &json, "x".repeat(2 << 20))).await.unwrap_err();
    assert!(matches!(error, GraphError::Unavailable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_refusal_carries_graphs_code_and_never_its_message() {
    let canary = "canary: anna.nowak@kadry.example";
    let refused = |code: &str, status| FaultEffect::GraphError {
        status,
        code: code.to_owned(),
        message: canary.to_owned(),
        retry_after: None,
    };
    let long = "x".repeat(65);
    for (code, expected) in [
        ("BadRequest", "BadRequest"),
        ("Request_BadRequest.sub-1", "Request_BadRequest.sub-1"),
        (canary, "400"),
        ("", "400"),
        (&long, "400"),
        ("<b>", "400"),
        ("a\r\nb", "400"),
    ] {
        let error = made_under(refused(code, 400)).await.unwrap_err();
        assert!(matches!(&error, GraphError::Refused(given) if given == expected), "{code}: {error:?}");
        assert!(!all_of(&error).contains("canary"), "{error:?}");
    }
    for status in [400, 401, 403, 404, 409, 429, 500, 503] {
        // A wait beyond patience keeps the door from asking twice.
        let headers = [("retry-after", "60"), ("content-type", "application/json")];
        let body = json!({ "error": { "code": canary, "message": canary } }).to_string();
        let error = made_under(answer(status, &headers, body)).await.unwrap_err();
        assert!(!all_of(&error).contains("canary"), "{status}: {error:?}");
    }
    let error = made_under(answer(415, &[], "<html>")).await.unwrap_err();
    assert!(matches!(&error, GraphError::Refused(code) if code == "415"), "{error:?}");
}
