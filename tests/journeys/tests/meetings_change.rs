//! An interview is moved, looked at, called off.

use microsoft_simulator::demo::{JAN, UNLICENSED};
use microsoft_simulator::{FaultEffect, FaultRule, Operation};
use reqwest::Method;
use serde_json::{Value, json};
use test_support::ats::{AtsAnswer, TestAts, meeting_path};
use test_support::product::Product;

async fn change(ats: &TestAts, meeting: &AtsAnswer, wish: Value) -> AtsAnswer {
    ats.call(Method::PATCH, &meeting_path(meeting), Some(wish), &[]).await
}

fn refused(status: u16, code: &str) -> FaultEffect {
    FaultEffect::GraphError { status, code: code.into(), message: String::new(), retry_after: None }
}

#[tokio::test]
async fn a_moved_interview_keeps_its_link_and_its_order() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    let wish = json!({"start": "2026-11-26T14:00:00", "time_zone": "Europe/Warsaw", "subject": "Rozmowa II"});
    let moved = change(&ats, &made, wish).await.expect(200);
    assert_eq!(moved.text("outcome"), "updated");
    assert_eq!((moved.text("start"), moved.text("end")), ("2026-11-26T13:00:00Z", "2026-11-26T13:45:00Z"));
    for member in ["id", "join_url"] {
        assert_eq!(made.text(member), moved.text(member));
    }
    let read = ats.get(&meeting_path(&made)).await.expect(200);
    assert_eq!((read.text("outcome"), read.text("subject")), ("existing", "Rozmowa II"));
    let again = ats.order("kadry", "anna", "order-1").await.expect(200);
    assert_eq!((again.text("outcome"), again.text("start")), ("existing", "2026-11-26T13:00:00Z"));
    let other = ats.order_with("kadry", "anna", "order-1", json!({"subject": "Rozmowa II"})).await.expect(422);
    assert_eq!(other.text("code"), "idempotency_key_reused");
    assert_eq!(product.microsoft.meetings().len(), 1);
}

#[tokio::test]
async fn an_order_that_differs_in_an_option_alone_is_another_order() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    ats.order_with("kadry", "anna", "order-1", json!({"lobby": "invited"})).await.expect(201);
    for other in [json!({"lobby": "everyone"}), json!({}), json!({"lobby": "invited", "attendees": [JAN]})] {
        ats.order_with("kadry", "anna", "order-1", other).await.expect(422);
    }
}

#[tokio::test]
async fn a_repeated_order_does_not_undo_a_later_change() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let wish = json!({"lobby": "invited"});
    let made = ats.order_with("kadry", "anna", "order-1", wish.clone()).await.expect(201);
    change(&ats, &made, json!({"lobby": "organizer"})).await.expect(200);
    let again = ats.order_with("kadry", "anna", "order-1", wish).await.expect(200);
    assert_eq!(again.body["settings"]["lobby"], "organizer");
}

#[tokio::test]
async fn people_change_by_role_and_whoever_is_named_may_present() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let wish = json!({"attendees": ["kandydat@example.com"], "presenter_addresses": [JAN]});
    let made = ats.order_with("kadry", "anna", "order-1", wish).await.expect(201);
    let presenters = (&made.body["presenter_addresses"], &made.body["settings"]["presenters"]);
    assert_eq!(presenters, (&json!([JAN]), &json!("named")));
    let changed = change(&ats, &made, json!({"co_organizers": [JAN], "presenters": "organizer"})).await.expect(200);
    assert_eq!(changed.body["attendees"], json!(["kandydat@example.com"]));
    assert_eq!((&changed.body["co_organizers"], &changed.body["presenter_addresses"]), (&json!([JAN]), &json!([])));
}

#[tokio::test]
async fn a_change_that_is_none_is_not_sent_and_one_that_makes_no_sense_is_refused() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    for nothing in [json!({}), json!({"subject": made.text("subject")}), json!({"end": made.text("end")})] {
        assert_eq!(change(&ats, &made, nothing).await.expect(200).text("outcome"), "updated");
    }
    for (wish, field) in [
        (json!({"end": "2026-11-25T10:00:00+01:00"}), "end"),
        (json!({"start": "2026-03-29T02:30:00", "time_zone": "Europe/Warsaw"}), "start"),
        (json!({"attendees": ["x"]}), "attendees[0]"),
    ] {
        let answer = change(&ats, &made, wish).await.expect(422);
        assert_eq!((answer.text("outcome"), &answer.body["errors"][0]["field"]), ("rejected", &json!(field)));
    }
    assert_eq!(product.asked("graph:update"), 0);
}

#[tokio::test]
async fn what_the_tenant_drops_silently_is_told() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made =
        ats.order_with("kadry", "anna", "order-1", json!({"passcode": true, "cameras": false})).await.expect(201);
    assert_eq!(made.body["dropped"], json!(["passcode"]), "Graph takes it only where an order can be made twice");
    assert_eq!(made.body["settings"]["cameras"], false);
    // A policy that lets nobody record: Graph says yes and does not.
    let deaf = json!({
        "id": "x", "subject": "Rozmowa: Anna Nowak", "startDateTime": "2026-11-25T09:00:00Z",
        "endDateTime": "2026-11-25T09:45:00Z", "joinWebUrl": "https://teams.microsoft.com/x", "allowRecording": false,
    });
    let headers = [("content-type".to_owned(), "application/json".to_owned())].into();
    let effect = FaultEffect::Answer { status: 200, headers, body: deaf.to_string() };
    product.microsoft.faults().add(FaultRule::once(Operation::GraphUpdate, effect));
    let changed = change(&ats, &made, json!({"recording": "automatic"})).await.expect(200);
    assert_eq!(
        (&changed.body["dropped"], &changed.body["settings"]["recording"]),
        (&json!(["recording"]), &json!("off"))
    );
}

#[tokio::test]
async fn a_meeting_is_cancelled_once_and_for_all() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    ats.delete(&meeting_path(&made)).await.expect(204);
    let left = &product.microsoft.meetings()[0];
    assert!(left.deleted);
    assert_eq!(left.properties["lobbyBypassSettings"]["scope"], "organizer", "an old link leads into the lobby");
    ats.delete(&meeting_path(&made)).await.expect(204);
    for gone in [ats.get(&meeting_path(&made)).await, change(&ats, &made, json!({"subject": "x"})).await] {
        let gone = gone.expect(404);
        assert_eq!((gone.text("code"), gone.text("outcome")), ("meeting_gone", "rejected"));
    }
}

#[tokio::test]
async fn a_lobby_that_may_not_be_shut_does_not_keep_a_meeting_alive() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    for (key, status) in [("order-1", 403), ("order-2", 400)] {
        let made = ats.order("kadry", "anna", key).await.expect(201);
        product.microsoft.faults().add(FaultRule::once(Operation::GraphUpdate, refused(status, "Forbidden")));
        ats.delete(&meeting_path(&made)).await.expect(204);
    }
    assert!(product.microsoft.meetings().iter().all(|meeting| meeting.deleted));
}

#[tokio::test]
async fn a_meeting_of_somebody_else_is_none() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    ats.connect("kadry", "jan", JAN).await.expect(200);
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    let path = meeting_path(&made).replace("/anna/", "/jan/");
    ats.get(&path).await.expect(404);
    ats.delete(&path).await.expect(204);
    assert!(!product.microsoft.meetings()[0].deleted);
    for nonsense in ["x", "TVN=", "..", "%2e%2e", "Li4"] {
        let path = format!("/v1/customers/kadry/users/anna/meetings/{nonsense}");
        assert_eq!(ats.get(&path).await.expect(404).text("code"), "not_found", "{nonsense}");
    }
}

#[tokio::test]
async fn whoever_must_act_is_named_with_the_way_to_the_link_that_mends_it() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let unconnected = ats.order("kadry", "jan", "k").await.expect(404);
    assert_eq!((unconnected.text("outcome"), unconnected.text("actor")), ("pending_reauth", "recruiter"));
    let mend = &unconnected.body["mend"];
    let way = mend["url"].as_str().unwrap().strip_prefix(&product.base).unwrap();
    let method = Method::from_bytes(mend["method"].as_str().unwrap().as_bytes()).unwrap();
    let link = ats.call(method, way, None, &[]).await.expect(201);
    assert!(link.text("url").starts_with(&format!("{}/connect/", product.base)));

    product.microsoft.expire_secret(microsoft_simulator::demo::KADRY_CLIENT_ID).unwrap();
    product.wait(shared::types::clock::SignedDuration::from_hours(2));
    let blocked = ats.order("kadry", "anna", "k").await.expect(409);
    assert_eq!((blocked.text("outcome"), blocked.text("code")), ("customer_blocked", "secret_expired"));
    assert!(blocked.body["mend"]["url"].as_str().unwrap().ends_with("/v1/customers/kadry/intake-links"));
}

#[tokio::test]
async fn a_refusal_of_graphs_is_told_apart_as_far_as_graph_tells() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    ats.connect("kadry", "piotr", UNLICENSED).await.expect(200);
    let unlicensed = ats.order("kadry", "piotr", "k").await.expect(409);
    assert_eq!((unlicensed.text("outcome"), unlicensed.text("code")), ("customer_blocked", "teams_not_available"));
    assert_eq!(unlicensed.body["findings"][0]["code"], "teams_licence_missing");
    product.microsoft.faults().add(FaultRule::once(Operation::GraphCreateOrGet, refused(403, "Forbidden")));
    let policy = ats.order("kadry", "anna", "k").await.expect(409);
    assert_eq!((policy.text("outcome"), policy.text("actor")), ("customer_blocked", "customer_admin"));
    assert_eq!(policy.body["findings"][0]["code"], "teams_not_available");
    let throttled = FaultEffect::GraphError {
        status: 429,
        code: "TooManyRequests".into(),
        message: String::new(),
        retry_after: Some(60),
    };
    product.microsoft.faults().add(FaultRule::once(Operation::GraphRead, throttled));
    let made = ats.order("kadry", "anna", "k").await.expect(201);
    assert_eq!(ats.get(&meeting_path(&made)).await.expect(503).text("outcome"), "retry_later");
}

#[tokio::test]
async fn of_two_who_change_the_same_state_the_second_is_told() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    let known = made.headers["etag"].to_str().unwrap().to_owned();
    let read = ats.get(&meeting_path(&made)).await.expect(200);
    assert_eq!(read.headers["etag"], known.as_str());
    let change = |subject: &'static str, tag: String| {
        let (ats, path) = (product.ats(), meeting_path(&made));
        async move { ats.call(Method::PATCH, &path, Some(json!({"subject": subject})), &[("if-match", &tag)]).await }
    };
    let first = change("Rozmowa II", known.clone()).await.expect(200);
    let second = change("Rozmowa III", known.clone()).await.expect(412);
    assert_eq!((second.text("code"), second.text("outcome")), ("precondition_failed", "rejected"));
    assert_eq!(ats.get(&meeting_path(&made)).await.expect(200).text("subject"), "Rozmowa II");
    let cancelled = ats.call(Method::DELETE, &meeting_path(&made), None, &[("if-match", &known)]).await.expect(412);
    assert_eq!(cancelled.text("code"), "precondition_failed");
    let current = first.headers["etag"].to_str().unwrap().to_owned();
    change("Rozmowa IV", format!("\"other\", {current}")).await.expect(200);
    change("Rozmowa V", "*".to_owned()).await.expect(200);
    change("Rozmowa VI", "nonsense".to_owned()).await.expect(400);
    ats.call(Method::DELETE, &meeting_path(&made), None, &[("if-match", "*")]).await.expect(204);
    ats.call(Method::DELETE, &meeting_path(&made), None, &[("if-match", "*")]).await.expect(204);
}
