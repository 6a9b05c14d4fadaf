//! An interview for a calendar.

#![cfg(test)]

use microsoft_simulator::demo::ANNA;
use microsoft_simulator::{FaultEffect, FaultRule, Operation};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use shared::adapters::http_client;
use shared::types::clock::SignedDuration;
use test_support::ats::{AtsAnswer, meeting_path};
use test_support::product::{API_KEY, Product};

/// What the ATS gets for a mail.
struct Message {
    status: u16,
    media_type: String,
    text: String,
}

impl Message {
    fn sequence(&self) -> u32 {
        self.line("SEQUENCE:")["SEQUENCE:".len()..].parse().unwrap()
    }

    fn line(&self, begin: &str) -> String {
        let unfolded = self.text.replace("\r\n ", "");
        let line = unfolded.split("\r\n").find(|line| line.starts_with(begin)).map(str::to_owned);
        line.unwrap_or_else(|| panic!("no {begin}: {unfolded}"))
    }
}

struct Calendar {
    product: Product,
    http: Client,
}

impl Calendar {
    async fn open() -> Self {
        let product = Product::start().await;
        product.ats().configure("kadry").await.expect(200);
        product.ats().connect("kadry", "anna", ANNA).await.expect(200);
        Self { product, http: http_client::build_client().unwrap() }
    }

    /// Graph's answers to these calls are changed.
    fn changes(&self, operation: Operation, patch: Value) {
        self.product.microsoft.faults().add(FaultRule::new(operation, FaultEffect::PatchGraphAnswer(patch)));
    }

    async fn message(&self, meeting: &AtsAnswer, query: &str, language: &str) -> Message {
        let url = format!("{}{}/invitation.ics{query}", self.product.base, meeting_path(meeting));
        let request = self.http.get(url).bearer_auth(API_KEY).header("accept-language", language);
        let response = request.send().await.unwrap();
        let (status, media_type) =
            (response.status().as_u16(), response.headers()["content-type"].to_str().unwrap().to_owned());
        Message { status, media_type, text: response.text().await.unwrap() }
    }
}

#[tokio::test]
async fn an_invitation_follows_the_interview() {
    let calendar = Calendar::open().await;
    let ats = calendar.product.ats();
    let made =
        ats.order_with("kadry", "anna", "order-1", json!({"attendees": ["kandydat@example.com"]})).await.expect(201);
    let first = calendar.message(&made, "?time_zone=Europe/Warsaw", "pl").await;
    assert_eq!((first.status, first.media_type.as_str()), (200, "text/calendar; charset=utf-8; method=REQUEST"));
    assert_eq!(first.line("DTSTART;TZID"), "DTSTART;TZID=Europe/Warsaw:20261125T100000");
    assert_eq!(first.line("ORGANIZER"), format!("ORGANIZER;CN=\"Anna Nowak\":mailto:{ANNA}"));
    let description = first.line("DESCRIPTION");
    for words in [made.text("link"), "Dołącz do rozmowy", "Identyfikator konferencji"] {
        assert!(description.contains(words), "{description}");
    }
    calendar.product.wait(SignedDuration::from_secs(1));
    let wish = json!({"start": "2026-11-26T10:00:00+01:00"});
    ats.call(Method::PATCH, &meeting_path(&made), Some(wish), &[]).await.expect(200);
    let moved = calendar.message(&made, "?language=en", "pl").await;
    assert_eq!(moved.line("UID"), first.line("UID"));
    assert!(moved.sequence() > first.sequence());
    // The recruiter moves the meeting in Teams, which keeps no fraction of a second.
    calendar.product.wait(SignedDuration::from_secs(1));
    let teams = json!({"startDateTime": "2026-11-27T12:00:00Z", "endDateTime": "2026-11-27T12:45:00Z"});
    calendar.changes(Operation::GraphRead, teams);
    let moved_again = calendar.message(&made, "", "pl").await;
    assert_eq!(moved_again.line("DTSTART"), "DTSTART:20261127T120000Z");
    assert!(moved_again.sequence() > moved.sequence());
    assert_eq!(moved.line("DTSTART"), "DTSTART:20261126T090000Z", "in UTC, where no zone is asked for");
    assert!(moved.line("DESCRIPTION").contains("Join the interview"));
}

#[tokio::test]
async fn a_cancellation_can_be_sent_before_and_after_it() {
    let calendar = Calendar::open().await;
    let ats = calendar.product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    let invited = calendar.message(&made, "", "en").await;
    let before = calendar.message(&made, "?method=cancel", "en").await;
    ats.delete(&meeting_path(&made)).await.expect(204);
    let after = calendar.message(&made, "?method=cancel", "en").await;
    for message in [&before, &after] {
        assert_eq!((message.status, message.media_type.as_str()), (200, "text/calendar; charset=utf-8; method=CANCEL"));
        assert_eq!(message.line("UID"), invited.line("UID"));
        assert_eq!(
            (message.line("METHOD"), message.line("STATUS")),
            ("METHOD:CANCEL".into(), "STATUS:CANCELLED".into())
        );
    }
    assert_eq!(before.line("DTSTART"), invited.line("DTSTART"));
    let gone = calendar.message(&made, "", "en").await;
    assert_eq!(gone.status, 404);
    assert!(gone.text.contains("meeting_gone"));
}

#[tokio::test]
async fn what_is_asked_for_in_vain_is_refused() {
    let calendar = Calendar::open().await;
    let made = calendar.product.ats().order("kadry", "anna", "order-1").await.expect(201);
    for (query, status) in [
        ("?method=reply", 422),
        ("?language=de", 422),
        ("?time_zone=CEST", 422),
        ("?time_zone=", 422),
        ("?timezone=Europe/Warsaw", 400),
        ("?method=cancel&method=cancel", 400),
        ("?method=%", 400),
    ] {
        assert_eq!(calendar.message(&made, query, "en").await.status, status, "{query}");
    }
}

#[tokio::test]
async fn an_invitation_needs_somebody_to_invite_and_a_mailbox_for_answers() {
    let calendar = Calendar::open().await;
    let ats = calendar.product.ats();
    let alone = ats.order("kadry", "anna", "order-1").await.expect(201);
    let invited = json!({"attendees": ["kandydat@example.com"]});
    let invited = ats.order_with("kadry", "anna", "order-2", invited).await.expect(201);
    let published = "text/calendar; charset=utf-8; method=PUBLISH";
    for (meeting, query) in [(&alone, ""), (&invited, "?method=publish")] {
        let message = calendar.message(meeting, query, "pl").await;
        assert_eq!((message.media_type.as_str(), message.line("METHOD")), (published, "METHOD:PUBLISH".to_owned()));
        assert!(!message.text.contains("ATTENDEE"));
    }
    let mailbox = calendar.message(&invited, "?alarm=15", "pl").await;
    assert_eq!(mailbox.media_type, "text/calendar; charset=utf-8; method=REQUEST");
    assert_eq!(mailbox.line("TRIGGER"), "TRIGGER:-PT15M");
    assert!(mailbox.line("X-MICROSOFT-SKYPETEAMSMEETINGURL").ends_with(invited.text("join_url")));

    calendar.changes(Operation::GraphMe, json!({"mail": "anna.nowak@poczta.example"}));
    let other = calendar.message(&invited, "", "pl").await;
    assert_eq!(other.line("ORGANIZER"), "ORGANIZER;CN=\"Anna Nowak\":mailto:anna.nowak@poczta.example");
    calendar.product.microsoft.faults().clear();
    calendar.changes(Operation::GraphMe, json!({"mail": null}));
    for (query, status) in [("", "STATUS:CONFIRMED"), ("?method=cancel", "STATUS:CANCELLED")] {
        let message = calendar.message(&invited, query, "pl").await;
        assert_eq!((message.media_type.as_str(), message.line("STATUS").as_str()), (published, status));
        assert!(!message.text.contains("ORGANIZER"));
    }
}

#[tokio::test]
async fn who_is_taken_off_gets_a_cancellation_and_may_be_invited_again() {
    let calendar = Calendar::open().await;
    let wish = json!({"attendees": ["kandydat@example.com"]});
    let made = calendar.product.ats().order_with("kadry", "anna", "order-1", wish).await.expect(201);
    let removed = calendar.message(&made, "?method=cancel&attendee=inny%40example.com", "en").await;
    assert_eq!(
        (removed.line("METHOD"), removed.line("ATTENDEE")),
        ("METHOD:CANCEL".into(), "ATTENDEE:mailto:inny@example.com".into())
    );
    assert!(!removed.text.contains("STATUS:CANCELLED"), "the interview goes on");
    calendar.product.wait(SignedDuration::from_secs(1));
    assert!(calendar.message(&made, "", "en").await.sequence() > removed.sequence());
    assert_eq!(calendar.message(&made, "?attendee=inny%40example.com", "en").await.status, 422);
}
