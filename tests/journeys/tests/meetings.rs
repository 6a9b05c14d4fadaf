//! One order, one meeting, one link.

use microsoft_simulator::demo::JAN;
use microsoft_simulator::{FaultEffect, FaultRule, Operation};
use reqwest::Method;
use serde_json::{Value, json};
use test_support::ats::TestAts;
use test_support::product::{API_KEY, Product};

const MEETINGS: &str = "/v1/customers/kadry/users/anna/meetings";

#[tokio::test]
async fn the_same_order_twice_is_one_meeting() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let first = ats.order("kadry", "anna", "order-1").await.expect(201);
    let again = ats.order("kadry", "anna", "order-1").await.expect(200);
    assert_eq!((first.text("outcome"), again.text("outcome")), ("created", "existing"));
    assert_eq!(first.headers["idempotency-replayed"], "false");
    assert_eq!(again.headers["idempotency-replayed"], "true");
    for member in ["id", "join_url", "subject", "start", "end"] {
        assert_eq!(first.text(member), again.text(member));
    }
    assert_eq!(product.microsoft.meetings().len(), 1);
}

#[tokio::test]
async fn what_a_clock_left_behind_the_second_makes_no_other_order() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let times = |fraction: &str| {
        let [start, end] = ["10:00:00", "10:45:00"].map(|time| format!("2026-11-25T{time}{fraction}+01:00"));
        json!({ "start": start, "end": end })
    };
    let first = ats.order_with("kadry", "anna", "order-1", times(".7654321")).await.expect(201);
    assert_eq!((first.text("start"), first.text("end")), ("2026-11-25T09:00:00Z", "2026-11-25T09:45:00Z"));
    ats.order_with("kadry", "anna", "order-1", times("")).await.expect(200);
    assert_eq!(product.microsoft.meetings().len(), 1);
}

#[tokio::test]
async fn a_key_that_was_used_for_another_order_is_refused() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    ats.order("kadry", "anna", "order-1").await.expect(201);
    for other in [
        json!({"subject": "Another"}),
        json!({"start": "2026-11-25T09:00:00+01:00"}),
        json!({"end": "2026-11-25T11:00:00+01:00"}),
    ] {
        let refused = ats.order_with("kadry", "anna", "order-1", other).await.expect(422);
        assert_eq!(refused.text("code"), "idempotency_key_reused");
    }
    assert_eq!(product.microsoft.meetings().len(), 1);
}

#[tokio::test]
async fn the_same_key_of_another_recruiter_is_another_order() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    ats.connect("kadry", "jan", JAN).await.expect(200);
    let one = ats.order("kadry", "anna", "order-1").await.expect(201);
    let other = ats.order("kadry", "jan", "order-1").await.expect(201);
    assert_ne!(one.text("join_url"), other.text("join_url"));
}

#[tokio::test]
async fn a_lost_answer_of_graph_is_still_one_meeting() {
    let product = Product::with_anna().await;
    product.microsoft.faults().add(FaultRule::once(Operation::GraphCreateOrGet, FaultEffect::LoseAnswer));
    let answer = product.ats().order("kadry", "anna", "order-1").await.expect(200);
    assert!(answer.text("join_url").starts_with("https://"));
    assert_eq!(product.microsoft.meetings().len(), 1);
}

#[tokio::test]
async fn options_follow_the_creation_and_are_told_as_they_are_in_force() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let wish = json!({
        "attendees": ["kandydat@example.com"], "co_organizers": [JAN], "lobby": "organizer", "recording": "off",
        "presenters": "organizer", "chat": "disabled", "language": "pl",
    });
    let made = ats.order_with("kadry", "anna", "order-1", wish.clone()).await.expect(201);
    for option in ["lobby", "recording", "presenters", "chat"] {
        assert_eq!(made.body["settings"][option], wish[option], "{option}");
    }
    assert_eq!((&made.body["attendees"], &made.body["co_organizers"]), (&wish["attendees"], &wish["co_organizers"]));
    assert_eq!(made.body["dropped"], json!([]));
    assert_eq!(product.asked("graph:update"), 1);
    ats.order_with("kadry", "anna", "order-1", wish).await.expect(200);
    assert_eq!(product.asked("graph:update"), 1, "what is in force is not asked for again");
}

#[tokio::test]
async fn a_failure_between_creation_and_options_is_mended_by_the_next_try() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let broken = FaultEffect::GraphError {
        status: 500,
        code: "InternalServerError".into(),
        message: String::new(),
        retry_after: None,
    };
    product.microsoft.faults().add(FaultRule::new(Operation::GraphUpdate, broken).times(2));
    let wish = json!({"lobby": "organizer"});
    let failed = ats.order_with("kadry", "anna", "order-1", wish.clone()).await.expect(503);
    assert_eq!((failed.text("code"), failed.body["retryable"].as_bool()), ("microsoft_unavailable", Some(true)));
    let mended = ats.order_with("kadry", "anna", "order-1", wish).await.expect(200);
    assert_eq!(mended.body["settings"]["lobby"], "organizer");
    assert_eq!(product.microsoft.meetings().len(), 1);
}

#[tokio::test]
async fn local_times_mean_what_the_clocks_of_the_zone_show() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let local = json!({"start": "2027-03-27T10:00:00", "end": "2027-03-27T10:30:00", "time_zone": "Europe/Warsaw"});
    assert_eq!(
        ats.order_with("kadry", "anna", "winter", local).await.expect(201).text("start"),
        "2027-03-27T09:00:00Z"
    );
    let local = json!({"start": "2027-03-29T10:00:00", "end": "2027-03-29T10:30:00", "time_zone": "Europe/Warsaw"});
    assert_eq!(
        ats.order_with("kadry", "anna", "summer", local).await.expect(201).text("start"),
        "2027-03-29T08:00:00Z"
    );
    let skipped = json!({"start": "2027-03-28T02:30:00", "end": "2027-03-28T03:30:00", "time_zone": "Europe/Warsaw"});
    let refused = ats.order_with("kadry", "anna", "gap", skipped).await.expect(422);
    assert_eq!(refused.body["errors"][0]["field"], "start");
}

#[tokio::test]
async fn no_success_without_a_link_to_join() {
    let product = Product::with_anna().await;
    for join_url in [json!(null), json!("javascript:alert(1)"), json!("http://teams.microsoft.com/x"), json!("")] {
        let body = json!({
            "id": "x", "subject": "Rozmowa: Anna Nowak", "startDateTime": "2026-11-25T09:00:00Z",
            "endDateTime": "2026-11-25T09:45:00Z", "joinWebUrl": join_url,
        });
        product
            .microsoft
            .faults()
            .add(FaultRule::once(Operation::GraphCreateOrGet, answer(201, "application/json", &body)));
        let refused = product.ats().order("kadry", "anna", "order-1").await.expect(502);
        assert_eq!(refused.text("code"), "microsoft_protocol");
    }
}

#[tokio::test]
async fn a_rejected_token_is_renewed_once() {
    let product = Product::with_anna().await;
    let rejected = || FaultEffect::GraphError {
        status: 401,
        code: "InvalidAuthenticationToken".into(),
        message: String::new(),
        retry_after: None,
    };
    product.microsoft.faults().add(FaultRule::once(Operation::GraphCreateOrGet, rejected()));
    product.ats().order("kadry", "anna", "order-1").await.expect(201);
    assert_eq!(product.asked("token:refresh_token"), 1);
    product.microsoft.faults().add(FaultRule::new(Operation::GraphCreateOrGet, rejected()));
    product.ats().order("kadry", "anna", "order-2").await.expect(409);
    assert_eq!(product.asked("token:refresh_token"), 2);
}

#[tokio::test]
async fn tokens_of_another_process_that_were_revoked_as_well_do_not_end_in_a_new_sign_in() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    ats.order("kadry", "anna", "order-1").await.expect(201);
    // Another process renews; this one still has the former token at hand, and Graph takes neither any more.
    product.wait(shared::types::clock::SignedDuration::from_secs(1));
    product.cold().await.post("/v1/customers/kadry/users/anna/connection/refresh", json!(null)).await.expect(200);
    let rejected = FaultEffect::GraphError {
        status: 401,
        code: "InvalidAuthenticationToken".into(),
        message: String::new(),
        retry_after: None,
    };
    product.microsoft.faults().add(FaultRule::new(Operation::GraphCreateOrGet, rejected).times(2));
    ats.order("kadry", "anna", "order-2").await.expect(201);
    assert_eq!(product.asked("token:refresh_token"), 2, "one by the other process, one by this");
}

#[tokio::test]
async fn throttling_is_waited_out_when_short_and_passed_on_when_long() {
    let product = Product::with_anna().await;
    let throttled = |seconds| FaultEffect::GraphError {
        status: 429,
        code: "TooManyRequests".into(),
        message: String::new(),
        retry_after: Some(seconds),
    };
    product.microsoft.faults().add(FaultRule::once(Operation::GraphCreateOrGet, throttled(0)));
    product.ats().order("kadry", "anna", "order-1").await.expect(201);
    product.microsoft.faults().add(FaultRule::once(Operation::GraphCreateOrGet, throttled(41)));
    let answer = product.ats().order("kadry", "anna", "order-2").await.expect(503);
    assert_eq!(
        (answer.headers["retry-after"].to_str().unwrap(), answer.body["retryable"].as_bool()),
        ("41", Some(true))
    );
}

#[tokio::test]
async fn nothing_is_asked_of_microsoft_for_an_order_that_is_none() {
    let product = Product::with_anna().await;
    product.microsoft.clear_requests();
    let ats = product.ats();
    let good = json!({"subject": "x", "start": "2026-11-25T10:00:00Z", "end": "2026-11-25T11:00:00Z"});
    ats.post(MEETINGS, good.clone()).await.expect(400);
    for (member, value) in [
        ("subject", json!("")),
        ("subject", json!(1)),
        ("start", json!("tomorrow")),
        ("end", json!("2026-11-25T09:00:00Z")),
        ("attendees", json!(["x"])),
        ("attendees", json!("a@b.example")),
        ("lobby", json!("open")),
        ("unknown", json!(1)),
        ("time_zone", json!("CEST")),
        ("language", json!("de")),
    ] {
        let mut body = good.clone();
        body[member] = value;
        let headers = [("idempotency-key", "k")];
        let refused = ats.call(Method::POST, MEETINGS, Some(body), &headers).await;
        assert_eq!((refused.status.as_u16(), refused.text("code")), (422, "invalid_fields"), "{member}");
    }
    assert_eq!(product.microsoft.requests().len(), 0);
}

#[tokio::test]
async fn strangers_and_the_unconnected_learn_nothing() {
    let product = Product::with_anna().await;
    for key in ["", "x", &API_KEY[1..], &API_KEY.to_uppercase()] {
        let answer = TestAts::new(&product.base, key).order("kadry", "anna", "k").await.expect(401);
        let error = if key.is_empty() { "" } else { r#", error="invalid_token""# };
        assert_eq!(answer.headers["www-authenticate"], format!(r#"Bearer realm="Teams Connect"{error}"#));
    }
    let unconnected = product.ats().order("kadry", "nobody", "k").await.expect(404);
    assert_eq!((unconnected.text("code"), unconnected.text("outcome")), ("not_connected", "pending_reauth"));
}

#[tokio::test]
async fn a_customer_who_is_not_configured_is_sent_an_intake_link_and_not_a_connect_link() {
    let product = Product::start().await;
    let ats = product.ats();
    let user = "/v1/customers/nobody/users/anna";
    let refused = [
        ats.order("nobody", "anna", "k").await.expect(409),
        ats.post(&format!("{user}/connect-links"), json!({})).await.expect(409),
        ats.post(&format!("{user}/connection/refresh"), Value::Null).await.expect(409),
    ];
    for refused in refused {
        assert_eq!((refused.text("code"), refused.text("outcome")), ("not_configured", "customer_blocked"));
        let mend = refused.body["mend"]["url"].as_str().unwrap();
        let path = mend.split_once("/v1/").unwrap().1;
        assert_eq!(path, "customers/nobody/intake-links");
        ats.post(&format!("/v1/{path}"), json!({})).await.expect(201);
    }
}

#[tokio::test]
async fn what_was_made_tells_where_it_is() {
    let product = Product::with_anna().await;
    let made = product.ats().order("kadry", "anna", "k").await.expect(201);
    let location = made.headers["location"].to_str().unwrap().to_owned();
    let path = format!("{MEETINGS}/{}", made.text("id"));
    assert!(location.starts_with("http") && location.ends_with(&path), "{location}");
    let read = product.ats().get(&path).await.expect(200);
    assert_eq!(read.text("id"), made.text("id"));
    let again = product.ats().order("kadry", "anna", "k").await.expect(200);
    assert!(!again.headers.contains_key("location"));
}

fn answer(status: u16, content_type: &str, body: &Value) -> FaultEffect {
    let headers = [("content-type".to_owned(), content_type.to_owned())].into();
    FaultEffect::Answer { status, headers, body: body.to_string() }
}

/// Graph does what it is asked, and its answer says something else.
fn answers_otherwise(product: &Product, operation: Operation, patch: Value) {
    product.microsoft.faults().add(FaultRule::new(operation, FaultEffect::PatchGraphAnswer(patch)));
}

#[tokio::test]
async fn no_success_has_other_times_than_those_that_were_ordered() {
    let year_one = json!({"startDateTime": "0001-01-01T00:00:00Z", "endDateTime": "0001-01-01T00:00:00Z"});
    let an_hour_late = json!({"startDateTime": "2026-11-25T10:00:00Z", "endDateTime": "2026-11-25T10:45:00Z"});
    for wrong in [year_one.clone(), an_hour_late] {
        let product = Product::with_anna().await;
        let ats = product.ats();
        answers_otherwise(&product, Operation::GraphCreateOrGet, wrong.clone());
        let mended = ats.order("kadry", "anna", "order-1").await.expect(201);
        assert_eq!((mended.text("start"), mended.text("end")), ("2026-11-25T09:00:00Z", "2026-11-25T09:45:00Z"));
        assert_eq!(product.asked("graph:update"), 1, "sent again");

        answers_otherwise(&product, Operation::GraphUpdate, wrong);
        let unmended = ats.order("kadry", "anna", "order-2").await.expect(503);
        assert_eq!((unmended.text("outcome"), unmended.body["retryable"].as_bool()), ("retry_later", Some(true)));
        product.microsoft.faults().clear();
        let found = ats.order("kadry", "anna", "order-2").await.expect(200);
        assert_eq!(found.text("start"), "2026-11-25T09:00:00Z");
    }
    let product = Product::with_anna().await;
    let made = product.ats().order("kadry", "anna", "order-1").await.expect(201);
    answers_otherwise(&product, Operation::GraphRead, year_one);
    for path in [format!("{MEETINGS}/{}", made.text("id")), format!("{MEETINGS}/{}/invitation.ics", made.text("id"))] {
        assert_eq!(product.ats().get(&path).await.expect(503).text("outcome"), "retry_later", "{path}");
    }
}

#[tokio::test]
async fn whatever_was_ordered_and_is_not_there_is_named() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let wish = json!({"attendees": ["kandydat@example.com"], "co_organizers": [JAN], "cameras": false});
    let nobody = json!({"participants": {"attendees": []}, "subject": "Teams"});
    answers_otherwise(&product, Operation::GraphCreateOrGet, nobody.clone());
    let mended = ats.order_with("kadry", "anna", "order-1", wish.clone()).await.expect(201);
    assert_eq!((&mended.body["attendees"], &mended.body["dropped"]), (&wish["attendees"], &json!([])));

    answers_otherwise(&product, Operation::GraphUpdate, nobody);
    let dropped = ats.order_with("kadry", "anna", "order-2", wish.clone()).await.expect(201);
    assert_eq!(dropped.body["attendees"], json!([]));
    assert_eq!(dropped.body["dropped"], json!(["attendees", "co_organizers", "subject"]));
    let path = format!("{MEETINGS}/{}", dropped.text("id"));
    let change = json!({"attendees": ["inny@example.com"], "subject": "Rozmowa II", "cameras": true});
    let changed = ats.call(Method::PATCH, &path, Some(change), &[]).await.expect(200);
    assert_eq!(changed.body["dropped"], json!(["attendees", "subject"]));
}

#[tokio::test]
async fn a_creation_that_graph_answers_with_not_found_is_about_the_recruiter() {
    let product = Product::with_anna().await;
    let missing =
        FaultEffect::GraphError { status: 404, code: "itemNotFound".into(), message: String::new(), retry_after: None };
    product.microsoft.faults().add(FaultRule::once(Operation::GraphCreateOrGet, missing.clone()));
    let refused = product.ats().order("kadry", "anna", "order-1").await.expect(409);
    assert_eq!((refused.text("code"), refused.text("actor")), ("teams_not_available", "customer_admin"));
    product.microsoft.faults().add(FaultRule::once(Operation::GraphUpdate, missing));
    let soon = product.ats().order_with("kadry", "anna", "order-2", json!({"cameras": false})).await.expect(503);
    assert_eq!(soon.text("outcome"), "retry_later", "the meeting was there a moment ago");
}

#[tokio::test]
async fn an_option_that_graph_refuses_is_dropped_and_the_meeting_is_told() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    for (key, status) in [("order-1", 400), ("order-2", 403)] {
        let refused =
            FaultEffect::GraphError { status, code: "BadRequest".into(), message: String::new(), retry_after: None };
        // All together, then the first by itself.
        product.microsoft.faults().add(FaultRule::new(Operation::GraphUpdate, refused).times(2));
        let wish = json!({"lobby": "invited", "cameras": false, "presenter_addresses": ["extern@example.com"]});
        let made = ats.order_with("kadry", "anna", key, wish).await.expect(201);
        assert_eq!(made.body["dropped"], json!(["lobby"]));
        assert_eq!(
            (&made.body["settings"]["cameras"], &made.body["presenter_addresses"]),
            (&json!(false), &json!(["extern@example.com"]))
        );
    }
    assert_eq!(product.microsoft.meetings().len(), 2);
}

#[tokio::test]
async fn a_repeated_order_is_refused_only_if_it_certainly_was_another() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let wish = json!({"lobby": "invited"});
    let made = ats.order_with("kadry", "anna", "order-1", wish.clone()).await.expect(201);
    let path = format!("{MEETINGS}/{}", made.text("id"));
    ats.call(Method::PATCH, &path, Some(json!({"lobby": "organizer"})), &[]).await.expect(200);
    // The recruiter moves the meeting in Teams, which keeps no fraction of a second.
    let moved = json!({"startDateTime": "2026-11-27T12:00:00Z", "endDateTime": "2026-11-27T12:45:00Z"});
    answers_otherwise(&product, Operation::GraphCreateOrGet, moved);
    product.wait(shared::types::clock::SignedDuration::from_hours(2));
    let again = ats.order_with("kadry", "anna", "order-1", wish).await.expect(200);
    assert_eq!((again.text("outcome"), again.text("start")), ("existing", "2026-11-27T12:00:00Z"));
    assert_eq!(again.body["settings"]["lobby"], "organizer", "a later change stays");
}
