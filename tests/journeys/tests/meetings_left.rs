//! The recruiter has left: the interview goes on with a colleague.

#![cfg(test)]

use microsoft_simulator::demo::{ANNA, JAN};
use reqwest::Client;
use serde_json::{Value, json};
use shared::adapters::http_client;
use shared::types::clock::SignedDuration;
use test_support::ats::meeting_path;
use test_support::product::{API_KEY, Product, led};

fn order() -> Value {
    json!({
        "to_user": "jan", "subject": "Rozmowa: Anna Nowak", "start": "2026-11-25T10:00:00+01:00",
        "end": "2026-11-25T10:45:00+01:00", "attendees": ["kandydat@example.com"], "lobby": "invited",
    })
}

/// Anna's account is removed at Microsoft, and everybody has noticed.
async fn anna_leaves(product: &Product) {
    product.microsoft.disable_user(ANNA).unwrap();
    for _ in 0..2 {
        product.wait(SignedDuration::from_hours(2));
        product.ats().order("kadry", "anna", "order-of-nobody").await.expect(409);
    }
}

#[tokio::test]
async fn a_colleague_takes_over_from_a_recruiter_who_has_left_and_the_link_leads_on() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let start = json!({"start": "2026-11-25T10:00:00+01:00", "end": "2026-11-25T10:45:00+01:00"});
    let made = ats.order_with("kadry", "anna", "order-1", start).await.expect(201);
    anna_leaves(&product).await;
    let hand_over = format!("{}/hand-over", meeting_path(&made));
    let unknown = ats.post(&hand_over, json!({"to_user": "jan"})).await.expect(409);
    let fields: Vec<_> =
        unknown.body["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!((unknown.text("code"), fields), ("reauth_required", vec!["subject", "start", "end"]));

    let taken = ats.post(&hand_over, order()).await.expect(201);
    assert_eq!((taken.text("user"), taken.body["previous_cancelled"].as_bool()), ("jan", Some(false)));
    assert_eq!(taken.body["attendees"], json!(["kandydat@example.com"]));
    assert_eq!(taken.body["settings"]["lobby"], "invited");
    assert_eq!(led(&product, made.text("link")).await, taken.text("join_url"));
    let again = ats.post(&hand_over, json!({"to_user": "jan"})).await.expect(200);
    assert_eq!((again.text("id"), again.body["previous_cancelled"].as_bool()), (taken.text("id"), Some(false)));
    assert_eq!(product.microsoft.meetings().len(), 2);
}

#[tokio::test]
async fn a_recruiter_who_comes_back_gets_no_meeting_back_that_was_handed_over() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    ats.delete("/v1/customers/kadry/users/anna/connection").await.expect(204);
    product.wait(SignedDuration::from_mins(2));
    let hand_over = format!("{}/hand-over", meeting_path(&made));
    let taken = ats.post(&hand_over, order()).await.expect(201);
    assert_eq!(taken.body["previous_cancelled"], false);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert_eq!(led(&product, made.text("link")).await, taken.text("join_url"));
    assert_eq!(ats.get(&meeting_path(&made)).await.expect(404).text("code"), "meeting_gone");
    let again = ats.post(&hand_over, json!({"to_user": "jan"})).await.expect(200);
    assert_eq!(again.body["previous_cancelled"], true, "now Microsoft can be told");
    let left: Vec<_> = product.microsoft.meetings().into_iter().filter(|meeting| !meeting.deleted).collect();
    assert_eq!((left.len(), left[0].organizer.as_str()), (1, JAN));
}

#[tokio::test]
async fn a_cancellation_can_be_written_without_the_recruiter() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let wish = json!({"attendees": ["kandydat@example.com"]});
    let made = ats.order_with("kadry", "anna", "order-1", wish).await.expect(201);
    let http: Client = http_client::build_client().unwrap();
    let message = async |query: &str| {
        let url = format!("{}{}/invitation.ics{query}", product.base, meeting_path(&made));
        let answer = http.get(url).bearer_auth(API_KEY).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap().replace("\r\n ", ""))
    };
    let uid = |text: &str| text.split("\r\n").find(|line| line.starts_with("UID:")).map(str::to_owned);
    let (_, invitation) = message("").await;
    ats.delete("/v1/customers/kadry/users/anna/connection").await.expect(204);
    product.wait(SignedDuration::from_mins(2));
    let (status, cancellation) = message(&format!("?method=cancel&organizer={ANNA}")).await;
    assert_eq!((status, uid(&cancellation)), (200, uid(&invitation)));
    for line in ["METHOD:CANCEL", "STATUS:CANCELLED", &format!("ORGANIZER:mailto:{ANNA}")] {
        assert!(cancellation.contains(&format!("{line}\r\n")), "{line}: {cancellation}");
    }
    let (status, published) = message("?method=cancel").await;
    assert!(status == 200 && published.contains("METHOD:PUBLISH") && published.contains("STATUS:CANCELLED"));
    assert_eq!(message("").await.0, 410, "nobody is invited in the name of somebody who has left");
}
