//! A link that stays right, and an interview that goes to a colleague.

#![cfg(test)]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use microsoft_simulator::demo::{JAN, UNLICENSED};
use microsoft_simulator::{FaultEffect, FaultRule, Operation};
use refresh::{Refresh, keep_alive};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::adapters::http_client;
use shared::domain::meeting::{HandOver, JoinUrl, MeetingDigest, MeetingId};
use shared::types::clock::SignedDuration;
use test_support::ats::{AtsAnswer, TestAts, meeting_path};
use test_support::browser::{PageResponse, TestBrowser};
use test_support::product::{API_KEY, Product, led};

async fn hand_over(ats: &TestAts, meeting: &AtsAnswer, to: &str) -> AtsAnswer {
    ats.post(&format!("{}/hand-over", meeting_path(meeting)), json!({ "to_user": to })).await
}

async fn open(product: &Product, link: &str) -> PageResponse {
    product.browser().get(link).await
}

#[tokio::test]
async fn a_link_leads_to_the_meeting_says_nothing_and_is_always_the_same() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    let link = made.text("link");
    assert_eq!(led(&product, link).await, made.text("join_url"));
    let token = link.strip_prefix(&format!("{}/m/", product.base)).unwrap();
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{token}");
    let sealed = URL_SAFE_NO_PAD.decode(token).unwrap();
    for part in ["kadry", "anna"] {
        assert!(!sealed.windows(part.len()).any(|bytes| bytes == part.as_bytes()), "{part} can be read in it");
    }
    for again in [ats.order("kadry", "anna", "order-1").await, product.cold().await.get(&meeting_path(&made)).await] {
        assert_eq!(again.expect(200).text("link").rsplit('/').next(), Some(token));
    }
    let other = ats.order("kadry", "anna", "order-2").await.expect(201);
    assert_ne!(other.text("link"), link);
    for guess in ["", "x", &token[1..], &format!("{token}A"), &token.to_lowercase()] {
        let page = open(&product, &format!("{}/m/{guess}", product.base)).await;
        assert!(matches!(page.status, StatusCode::GONE | StatusCode::NOT_FOUND), "{guess}: {page:?}");
    }
}

#[tokio::test]
async fn beyond_a_hundred_hand_overs_that_are_to_come_the_next_is_refused_and_nothing_is_lost() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let (customer, anna) = ("kadry".parse().unwrap(), "anna".parse().unwrap());
    let (hand_overs, now) = (product.parts.vault.hand_overs(), product.parts.clock.now());
    let former = |number: usize| MeetingId::parse(&format!("former-{number}")).unwrap();
    for number in 0..99 {
        let noted = HandOver {
            from: MeetingDigest::from(&former(number)),
            to: "jan".parse().unwrap(),
            id: MeetingId::parse(&"x".repeat(200)).unwrap(),
            join_url: JoinUrl::parse(&format!("https://teams.microsoft.com/l/meetup-join/{}", "x".repeat(200)))
                .unwrap(),
            until: HandOver::retention_end(now + SignedDuration::from_hours(48)),
        };
        hand_overs.record(&customer, &anna, noted, now).await.unwrap();
    }
    let (hundredth, beyond) = (ats.order("kadry", "anna", "100").await, ats.order("kadry", "anna", "101").await);
    let taken = hand_over(&ats, &hundredth, "jan").await.expect(201);
    assert_eq!(led(&product, hundredth.text("link")).await, taken.text("join_url"));

    let left = || product.microsoft.meetings().into_iter().filter(|meeting| !meeting.deleted).count();
    let before = left();
    for _ in 0..2 {
        let refused = hand_over(&ats, &beyond, "jan").await.expect(409);
        assert_eq!((refused.text("code"), refused.text("outcome")), ("too_many_hand_overs", "rejected"));
    }
    assert_eq!(left(), before, "the colleague's was made in vain, and is gone");
    assert_eq!(led(&product, beyond.text("link")).await, beyond.text("join_url"));
    assert_eq!(led(&product, hundredth.text("link")).await, taken.text("join_url"));
    for number in 0..99 {
        assert!(hand_overs.find(&customer, &anna, &former(number)).await.unwrap().is_some(), "{number}");
    }
    assert_eq!(hand_over(&ats, &hundredth, "jan").await.expect(200).text("id"), taken.text("id"), "and again");

    // Once the interviews are over there is room again.
    product.wait(SignedDuration::from_hours(72));
    let start = json!({"start": "2026-12-01T10:00:00Z", "end": "2026-12-01T10:45:00Z"});
    let later = ats.order_with("kadry", "anna", "102", start).await.expect(201);
    hand_over(&ats, &later, "jan").await.expect(201);
}

#[tokio::test]
async fn a_link_stays_right_while_the_interview_is_moved_and_microsoft_changes_its_own() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    let wish = json!({"start": "2026-12-01T10:00:00Z"});
    let moved = ats.call(Method::PATCH, &meeting_path(&made), Some(wish), &[]).await.expect(200);
    assert_eq!(moved.text("link"), made.text("link"));
    assert_eq!(led(&product, made.text("link")).await, made.text("join_url"));
    let new = json!({
        "id": "x", "subject": "x", "startDateTime": "2026-12-01T10:00:00Z", "endDateTime": "2026-12-01T10:45:00Z",
        "joinWebUrl": "https://teams.cloud.microsoft/meet/3811?p=abc",
    });
    let headers = [("content-type".to_owned(), "application/json".to_owned())].into();
    let effect = FaultEffect::Answer { status: 200, headers, body: new.to_string() };
    product.microsoft.faults().add(FaultRule::once(Operation::GraphRead, effect));
    assert_eq!(led(&product, made.text("link")).await, "https://teams.cloud.microsoft/meet/3811?p=abc");
}

#[tokio::test]
async fn after_a_cancellation_the_link_says_so_in_the_candidates_language() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    ats.delete(&meeting_path(&made)).await.expect(204);
    for (language, words) in [("pl", "Ta rozmowa została odwołana"), ("en", "This interview was cancelled")] {
        let page = TestBrowser::new(language).get(made.text("link")).await;
        assert_eq!(page.status, StatusCode::GONE, "{page:?}");
        assert!(page.text.contains(words), "{page:?}");
    }
}

#[tokio::test]
async fn a_candidate_gets_in_when_neither_graph_nor_the_recruiters_sign_in_works() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    let broken = FaultEffect::Answer { status: 503, headers: [].into(), body: String::new() };
    product.microsoft.faults().add(FaultRule::new(Operation::GraphRead, broken).times(2));
    assert_eq!(led(&product, made.text("link")).await, made.text("join_url"));
    ats.delete("/v1/customers/kadry/users/anna/connection").await.expect(204);
    product.wait(SignedDuration::from_hours(1));
    assert_eq!(led(&product, made.text("link")).await, made.text("join_url"));
}

#[tokio::test]
async fn an_interview_that_was_handed_over_is_one_meeting_and_its_link_leads_on() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let wish =
        json!({"attendees": ["kandydat@example.com"], "co_organizers": [JAN], "lobby": "invited", "cameras": false});
    let made = ats.order_with("kadry", "anna", "order-1", wish).await.expect(201);
    let taken = hand_over(&ats, &made, "jan").await.expect(201);
    assert_eq!((taken.text("outcome"), taken.text("user")), ("created", "jan"));
    for member in ["subject", "start", "end"] {
        assert_eq!(taken.text(member), made.text(member));
    }
    assert_eq!((&taken.body["attendees"], &taken.body["co_organizers"]), (&made.body["attendees"], &json!([])));
    assert_eq!(taken.body["settings"], made.body["settings"]);
    let left: Vec<_> = product.microsoft.meetings().into_iter().filter(|meeting| !meeting.deleted).collect();
    assert_eq!((left.len(), left[0].organizer.as_str()), (1, JAN));
    assert_eq!(led(&product, made.text("link")).await, taken.text("join_url"));
    assert_eq!(led(&product, taken.text("link")).await, taken.text("join_url"));
    // The recruiter who handed over leaves the company; the link leads on.
    ats.delete("/v1/customers/kadry/users/anna/connection").await.expect(204);
    product.wait(SignedDuration::from_mins(2));
    assert_eq!(led(&product, made.text("link")).await, taken.text("join_url"));
    assert_eq!(hand_over(&ats, &made, "jan").await.expect(200).text("id"), taken.text("id"), "the same request again");
    ats.delete(&meeting_path(&taken)).await.expect(204);
    assert_eq!(open(&product, made.text("link")).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn an_interview_goes_through_several_hands_and_back() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    let mut there = hand_over(&ats, &made, "jan").await.expect(201);
    for to in ["anna", "jan", "anna"] {
        there = hand_over(&ats, &there, to).await.expect(201);
        assert_eq!(there.text("user"), to);
        assert_eq!(led(&product, made.text("link")).await, there.text("join_url"));
    }
}

#[tokio::test]
async fn nobody_takes_over_who_cannot_hold_a_meeting_and_nothing_is_lost() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    ats.connect("kadry", "piotr", UNLICENSED).await.expect(200);
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    let unconnected = hand_over(&ats, &made, "ewa").await.expect(404);
    assert_eq!(unconnected.text("outcome"), "pending_reauth");
    assert!(unconnected.body["mend"]["url"].as_str().unwrap().ends_with("/users/ewa/connect-links"));
    assert_eq!(hand_over(&ats, &made, "piotr").await.expect(409).text("code"), "teams_not_available");
    assert_eq!(hand_over(&ats, &made, "anna").await.expect(422).text("code"), "invalid_fields");
    assert_eq!(led(&product, made.text("link")).await, made.text("join_url"));
    hand_over(&ats, &made, "jan").await.expect(201);
    ats.connect("kadry", "ewa", microsoft_simulator::demo::SERVICE_ACCOUNT).await.expect(200);
    assert_eq!(hand_over(&ats, &made, "ewa").await.expect(404).text("code"), "meeting_gone");
}

#[tokio::test]
async fn of_two_who_are_handed_the_same_interview_at_once_one_has_it() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    ats.connect("kadry", "ewa", microsoft_simulator::demo::SERVICE_ACCOUNT).await.expect(200);
    for turn in 0..8 {
        let made = ats.order("kadry", "anna", &format!("order-{turn}")).await.expect(201);
        let (jan, ewa) = tokio::join!(hand_over(&ats, &made, "jan"), hand_over(&ats, &made, "ewa"));
        let winners: Vec<_> = [&jan, &ewa].into_iter().filter(|answer| answer.status.is_success()).collect();
        assert_eq!(winners.len(), 1, "{jan:?} {ewa:?}");
        assert_eq!(led(&product, made.text("link")).await, winners[0].text("join_url"));
        let left = product.microsoft.meetings().into_iter().filter(|meeting| !meeting.deleted).count();
        assert_eq!(left, turn + 1, "one meeting for each interview");
    }
}

#[tokio::test]
async fn after_a_customer_was_offboarded_nobody_knows_where_interviews_went() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let made = ats.order("kadry", "anna", "order-1").await.expect(201);
    hand_over(&ats, &made, "jan").await.expect(201);
    ats.delete("/v1/customers/kadry").await.expect(204);
    let report = keep_alive(&Refresh::new(&product.parts), SignedDuration::from_mins(1)).await.unwrap();
    assert_eq!(report.removed, 1, "what was handed over; the connections went with the customer: {report:?}");
}

#[tokio::test]
async fn a_link_of_a_former_tenure_leads_to_its_meeting_once_a_later_customer_of_the_name_has_recruiters() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let (kept, cancelled) = (
        ats.order("kadry", "anna", "kept").await.expect(201),
        ats.order("kadry", "anna", "cancelled").await.expect(201),
    );
    ats.delete(&meeting_path(&cancelled)).await.expect(204);
    ats.delete("/v1/customers/kadry").await.expect(204);
    product.wait(SignedDuration::from_mins(1));
    for made in [&kept, &cancelled] {
        assert_eq!(open(&product, made.text("link")).await.status, StatusCode::GONE, "while nobody has the name");
    }
    ats.configure("kadry").await.expect(200);
    ats.connect("kadry", "jan", JAN).await.expect(200);
    product.wait(SignedDuration::from_mins(1));
    assert_eq!(led(&product, kept.text("link")).await, kept.text("join_url"), "Teams decides");
    ats.connect("kadry", "anna", microsoft_simulator::demo::ANNA).await.expect(200);
    product.wait(SignedDuration::from_mins(1));
    assert_eq!(led(&product, kept.text("link")).await, kept.text("join_url"));
    assert_eq!(open(&product, cancelled.text("link")).await.status, StatusCode::GONE, "Graph says so");
}

#[tokio::test]
async fn whoever_opens_a_link_does_not_wait_for_a_graph_that_hangs() {
    let product = Product::with_anna_and_jan().await;
    let made = product.ats().order("kadry", "anna", "order-1").await.expect(201);
    product.microsoft.delete_meeting(&product.microsoft.meetings()[0].id);
    // Graph would say in the end that the meeting is gone. Nobody waits for that: Teams decides.
    product.microsoft.faults().add(FaultRule::new(Operation::GraphRead, FaultEffect::Delay { milliseconds: 5_000 }));
    assert_eq!(led(&product, made.text("link")).await, made.text("join_url"));
}

#[tokio::test]
async fn a_link_is_short_and_what_a_mail_program_adds_does_no_harm() {
    let product = Product::with_anna_and_jan().await;
    let made = product.ats().order("kadry", "anna", "order-1").await.expect(201);
    let token = made.text("link").rsplit('/').next().unwrap();
    assert!(format!("https://teams.ats.example/m/{token}").len() < 160, "{token}");
    for behind in [".", ")", "%3E", "%22", "?utm_source=mail", "/", "/.", "/%3E", "/a/b"] {
        assert_eq!(led(&product, &format!("{}{behind}", made.text("link"))).await, made.text("join_url"), "{behind}");
    }
}

#[tokio::test]
async fn a_scanner_reads_the_link_from_its_qr_code() {
    let product = Product::with_anna_and_jan().await;
    let made = product.ats().order("kadry", "anna", "order-1").await.expect(201);
    let http = http_client::build_client().unwrap();
    let url = format!("{}{}/qr.svg", product.base, meeting_path(&made));
    let answer = http.get(url).bearer_auth(API_KEY).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/svg+xml");
    let svg = answer.text().await.unwrap();
    let (width, dark) = modules(&svg);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, width, |x, y| {
        if dark.iter().any(|(left, top, size)| (*left..left + size).contains(&x) && (*top..top + size).contains(&y)) {
            0
        } else {
            255
        }
    });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "{svg}");
    assert_eq!(grids[0].decode().unwrap().1, made.text("link"));
    let gone = product.ats().get(&format!("{}x/qr.svg", meeting_path(&made))).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

/// The width of an SVG, and its dark squares: left, top, size. Its path draws each as `M8 8h4v4H8V8`.
fn modules(svg: &str) -> (usize, Vec<(usize, usize, usize)>) {
    let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap();
    let width = number(svg.split_once("width=\"").unwrap().1);
    let drawn = svg.rsplit_once(" d=\"").unwrap().1.split_once('"').unwrap().0;
    let squares = drawn.split('M').skip(1).map(|square| {
        let (left, rest) = square.split_once(' ').unwrap();
        let (top, rest) = rest.split_once('h').unwrap();
        (number(left), number(top), number(rest))
    });
    (width, squares.collect())
}
