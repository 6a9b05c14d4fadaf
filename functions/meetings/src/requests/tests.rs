use axum::http::{HeaderName, HeaderValue};

use super::*;

fn headers(values: &[&str]) -> HeaderMap {
    let name = HeaderName::from_static("idempotency-key");
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(name.clone(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}

fn fields_in_error(problem: &Problem) -> Vec<String> {
    let document = problem.document(Language::En, "", "");
    let errors = document["errors"].as_array().unwrap();
    errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn exactly_one_key_of_visible_characters_is_accepted() {
    assert_eq!(parse_idempotency_key(&headers(&["order-1"])).unwrap().as_str(), "order-1");
    assert_eq!(parse_idempotency_key(&headers(&["\"order-1\""])).unwrap().as_str(), "order-1");
    let missing = parse_idempotency_key(&headers(&[])).unwrap_err();
    assert_eq!(missing.kind(), ProblemKind::IdempotencyKeyMissing);
    for (values, detail) in [
        (&[""][..], "is empty"),
        (&["a b"], "has a character that is not visible ASCII"),
        (&["ż"], "has a character that is not visible ASCII"),
        (&["a", "a"], "stands twice"),
        (&[&"x".repeat(256)], "is longer than 255 characters"),
        (&["\"a"], "begins with a quotation mark, but does not end with one"),
    ] {
        let problem = parse_idempotency_key(&headers(values)).unwrap_err();
        assert_eq!(problem.kind(), ProblemKind::IdempotencyKeyInvalid, "{values:?}");
        let errors = &problem.document(Language::En, "", "")["errors"];
        assert_eq!(*errors, serde_json::json!([{"field": "Idempotency-Key", "detail": detail}]), "{values:?}");
    }
}

#[test]
fn every_error_of_an_order_is_reported_at_once() {
    let body: CreateMeetingRequest = serde_json::from_str(
        r#"{"subject":" ","start":"2026-11-25","end":"2026-11-25T10:00:00Z","attendees":["a@b.example","x"],
            "presenter_addresses":["A@B.example"]}"#,
    )
    .unwrap();
    let problem = body.parse(Language::En, "2026-11-24T12:00:00Z".parse().unwrap()).unwrap_err();
    assert_eq!(fields_in_error(&problem), ["subject", "start", "attendees[1]", "presenter_addresses[0]"]);
}

#[test]
fn an_error_names_the_field_that_is_wrong() {
    let errors_of = |times: serde_json::Value| {
        let mut body =
            serde_json::json!({"subject": "x", "start": "2026-11-25T10:00:00", "end": "2026-11-25T11:00:00"});
        for (name, value) in times.as_object().unwrap() {
            body[name] = value.clone();
        }
        let body: CreateMeetingRequest = serde_json::from_str(&body.to_string()).unwrap();
        fields_in_error(&body.parse(Language::En, "2026-11-24T12:00:00Z".parse().unwrap()).unwrap_err())
    };
    assert_eq!(errors_of(serde_json::json!({"time_zone": "Mars/Phobos"})), ["time_zone"]);
    assert_eq!(errors_of(serde_json::json!({"time_zone": "Mars/Phobos", "end": "soon"})), ["time_zone", "end"]);
    let utc = |start: &str, end: &str| serde_json::json!({"start": start, "end": end});
    assert_eq!(errors_of(utc("2025-11-25T10:00:00Z", "2025-11-25T11:00:00Z")), ["start"]);
    assert_eq!(errors_of(utc("2036-11-25T10:00:00Z", "2036-11-25T11:00:00Z")), ["start"]);
    assert_eq!(errors_of(utc("2026-11-25T10:00:00Z", "2026-11-25T09:00:00Z")), ["end"]);
    assert_eq!(errors_of(utc("2026-11-25T10:00:00Z", "2026-11-27T10:00:00Z")), ["end"]);
}

#[test]
fn people_are_counted_over_all_roles() {
    let names: Vec<String> = (0..51).map(|n| format!("a{n}@x.example")).collect();
    let text = serde_json::json!({ "attendees": names[..25], "co_organizers": names[25..] }).to_string();
    let body: UpdateMeetingRequest = serde_json::from_str(&text).unwrap();
    assert_eq!(fields_in_error(&body.parse().unwrap_err()), ["attendees"]);
}

#[test]
fn presenters_are_a_word_and_addresses() {
    let presenters = |text: &str| {
        let body: UpdateMeetingRequest = serde_json::from_str(text).unwrap();
        let change = body.parse().map_err(|problem| fields_in_error(&problem))?;
        Ok((change.options.presenters, change.presenters.map(|named| named.len())))
    };
    let named = Some(Presenters::Named);
    let cases = [
        (r#"{"presenters":"organizer"}"#, Ok((Some(Presenters::Organizer), None))),
        (r#"{"presenters":"named","presenter_addresses":["a@x.example"]}"#, Ok((named, Some(1)))),
        (r#"{"presenter_addresses":["a@x.example"]}"#, Ok((named, Some(1)))),
        (r#"{"presenter_addresses":[]}"#, Ok((named, Some(0)))),
        (r#"{"presenters":"named"}"#, Ok((named, None))),
        (r#"{"presenters":"organizer","presenter_addresses":[]}"#, Ok((Some(Presenters::Organizer), Some(0)))),
        (r#"{"presenters":null,"presenter_addresses":null}"#, Ok((None, None))),
        ("{}", Ok((None, None))),
    ];
    for (text, expected) in cases {
        assert_eq!(presenters(text), expected, "{text}");
    }
    let both = r#"{"presenters":"everyone","presenter_addresses":["a@x.example"]}"#;
    assert_eq!(presenters(both), Err(vec!["presenter_addresses".to_owned()]));
    assert!(serde_json::from_str::<UpdateMeetingRequest>(r#"{"presenters":["a@x.example"]}"#).is_err());
}
