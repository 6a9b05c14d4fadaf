//! The door to Graph, knocked at over HTTP against Microsoft's stand-in, with tokens that the door to Entra gave.
#![cfg(test)]

mod doors;
#[path = "doors/graph_answers.rs"]
mod graph_answers;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use microsoft_simulator::{FaultEffect, FaultRule, Operation, demo};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use shared::adapters::http_client::build_client;
use shared::adapters::microsoft::entra::SignInResult;
use shared::adapters::microsoft::graph::{CreateOutcome, GraphClient, GraphError};
use shared::domain::connection::Account;
use shared::domain::meeting::{
    Chat, ExternalId, Lobby, LobbyAdmitters, Meeting, MeetingId, MeetingOptions, MeetingOrder, MeetingPatch,
    Participant, ParticipantRole, Presenters, Recording,
};
use shared::types::clock::{Clock, SignedDuration, Timestamp};
use shared::types::language::Language;
use shared::types::secret::AccessToken;

use doors::{Doors, answer};

const MAKE: Operation = Operation::GraphCreateOrGet;
const CHANGE: Operation = Operation::GraphUpdate;

/// 10 to 11 o'clock in Warsaw.
fn interview() -> MeetingOrder {
    MeetingOrder {
        subject: "Rozmowa: zażółć <gęślą> & jaźń".parse().unwrap(),
        start: "2026-12-01T10:00:00+01:00".parse().unwrap(),
        end: "2026-12-01T11:00:00+01:00".parse().unwrap(),
        people: Vec::new(),
        options: MeetingOptions::default(),
        language: Language::Pl,
    }
}

fn order_number(number: u32) -> ExternalId {
    let key = format!("order-{number}").parse().unwrap();
    ExternalId::for_order(&key, &"kadry".parse().unwrap(), &"anna".parse().unwrap())
}

fn graph_at(address: &str, clock: Clock) -> GraphClient {
    GraphClient::new(build_client().unwrap(), address.parse().unwrap(), clock)
}

/// Puts these options in force.
async fn set(
    graph: &GraphClient,
    access: &AccessToken,
    id: &MeetingId,
    options: MeetingOptions,
) -> Result<Meeting, GraphError> {
    let revision = MeetingPatch { options, ..MeetingPatch::default() };
    graph.update_meeting(access, id, &revision, Language::Pl).await
}

fn person(address: &str, role: ParticipantRole) -> Participant {
    Participant { address: address.parse().unwrap(), role }
}

async fn signed_in(upn: &str) -> (Doors, GraphClient, AccessToken) {
    let doors = Doors::open().await;
    let graph = graph_at(doors.microsoft.graph_url(), doors.clock.clone());
    let access = doors.sign_in(upn).await.tokens.access;
    doors.microsoft.clear_requests();
    (doors, graph, access)
}

/// What comes of the order when Graph answers like this, once.
async fn made_under(effect: FaultEffect) -> Result<CreateOutcome, GraphError> {
    let (doors, graph, access) = signed_in(demo::ANNA).await;
    doors.once(MAKE, effect);
    graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.map(|(made, _)| made)
}

#[tokio::test]
async fn the_same_order_twice_is_one_meeting() {
    let (doors, graph, access) = signed_in(demo::ANNA).await;
    let (made, first) = graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap();
    assert_eq!(made, CreateOutcome::Created);
    assert!(!interview().contradicts(&first), "{first:?}");
    assert!(first.dial_in.is_some(), "the tenant has audio conferencing");
    let (made, second) = graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap();
    assert_eq!((made, &second), (CreateOutcome::Existing, &first));
    let (made, third) = graph.create_or_get(&access, &order_number(2), &interview().create_meeting()).await.unwrap();
    assert_eq!(made, CreateOutcome::Created);
    assert_ne!(third.join_url, first.join_url);
    let meetings = doors.microsoft.meetings();
    assert_eq!(meetings.len(), 2);
    assert_eq!(meetings[0].join_web_url, first.join_url.as_str());
    assert_eq!(meetings[0].external_id.as_deref(), Some(order_number(1).as_str()));
    assert_eq!(meetings[0].subject.as_deref(), Some(interview().subject.as_str()));
}

#[tokio::test]
async fn every_option_is_put_in_force_and_comes_back() {
    let (_doors, graph, access) = signed_in(demo::ANNA).await;
    let (_, meeting) = graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap();
    let none = MeetingOptions::default;
    let lobby = |lobby| MeetingOptions { lobby: Some(lobby), ..none() };
    let recording = |recording| MeetingOptions { recording: Some(recording), ..none() };
    let presenters = |presenters| MeetingOptions { presenters: Some(presenters), ..none() };
    let chat = |chat| MeetingOptions { chat: Some(chat), ..none() };
    let wishes = [
        lobby(Lobby::Organizer),
        lobby(Lobby::Organization),
        lobby(Lobby::OrganizationWithoutGuests),
        lobby(Lobby::OrganizationAndFederated),
        lobby(Lobby::Invited),
        lobby(Lobby::Everyone),
        MeetingOptions { dial_in_skips_lobby: Some(true), ..none() },
        MeetingOptions { lobby_admitters: Some(LobbyAdmitters::Organizers), ..none() },
        MeetingOptions { lobby_admitters: Some(LobbyAdmitters::Presenters), ..none() },
        recording(Recording::Automatic),
        recording(Recording::Off),
        recording(Recording::Allowed),
        MeetingOptions { transcription: Some(false), ..none() },
        presenters(Presenters::Organization),
        presenters(Presenters::Organizer),
        presenters(Presenters::Everyone),
        chat(Chat::Disabled),
        chat(Chat::Limited),
        chat(Chat::Enabled),
        MeetingOptions { announce_entry: Some(false), microphones: Some(false), cameras: Some(false), ..none() },
    ];
    let mut before = meeting.options;
    for wish in wishes {
        let changed = set(&graph, &access, &meeting.id, wish.clone()).await.unwrap();
        assert!(wish.not_in_force(&changed.options).is_empty(), "{wish:?}: {:?}", changed.options);
        // What was not wished for stays as it was.
        assert_eq!(changed.options, wish.or_else(before));
        before = changed.options;
    }
    let (made, again) = graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap();
    assert_eq!((made, again.options), (CreateOutcome::Existing, before));
}

#[tokio::test]
async fn everybody_arrives_in_the_role_that_was_ordered() {
    let (doors, graph, access) = signed_in(demo::ANNA).await;
    let order = MeetingOrder {
        people: vec![
            person("kandydat@poczta.example", ParticipantRole::Attendee),
            person("o'hara+1@poczta.example", ParticipantRole::Presenter),
            person(demo::JAN, ParticipantRole::CoOrganizer),
        ],
        ..interview()
    };
    let (_, meeting) = graph.create_or_get(&access, &order_number(1), &order.create_meeting()).await.unwrap();
    let attendees = &doors.microsoft.meetings()[0].properties["participants"]["attendees"];
    let roles: Vec<_> = attendees.as_array().unwrap().iter().map(|who| (&who["upn"], &who["role"])).collect();
    assert_eq!(
        json!(roles),
        json!([
            ["kandydat@poczta.example", "attendee"],
            ["o'hara+1@poczta.example", "attendee"],
            [demo::JAN, "coorganizer"],
        ]),
        "presenters are named once presenting is for those who are"
    );
    let revision = MeetingPatch {
        people: Some(order.people.clone()),
        options: MeetingOptions { presenters: Some(Presenters::Named), ..MeetingOptions::default() },
        ..MeetingPatch::default()
    };
    let changed = graph.update_meeting(&access, &meeting.id, &revision, Language::Pl).await.unwrap();
    assert_eq!((changed.people, changed.options.presenters), (order.people, Some(Presenters::Named)));
}

#[tokio::test]
async fn a_meeting_is_read_changed_and_deleted() {
    let (doors, graph, access) = signed_in(demo::ANNA).await;
    let (_, made) = graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap();
    assert_eq!(graph.get_meeting(&access, &made.id, Language::Pl).await.unwrap(), made);
    let (start, end) = ("2026-12-02T09:00:00Z".parse().unwrap(), "2026-12-02T10:00:00Z".parse().unwrap());
    let times = made.times.rescheduled(start, end);
    let revision = MeetingPatch { times: Some(times), ..MeetingPatch::default() };
    let moved = graph.update_meeting(&access, &made.id, &revision, Language::Pl).await.unwrap();
    assert_eq!((moved.times, &moved.join_url), (times, &made.join_url));
    assert!(!interview().contradicts(&moved), "its order is still known after it was moved");
    graph.delete_meeting(&access, &made.id).await.unwrap();
    for gone in [
        graph.delete_meeting(&access, &made.id).await,
        graph.get_meeting(&access, &made.id, Language::Pl).await.map(drop),
    ] {
        assert!(matches!(gone, Err(GraphError::NotFound)), "{gone:?}");
    }
    doors.once(Operation::GraphDelete, answer(403, &[], ""));
    assert!(matches!(graph.delete_meeting(&access, &made.id).await, Err(GraphError::NotAllowed(_))));
}

#[tokio::test]
async fn microsofts_text_comes_in_the_language_that_was_asked_for() {
    let (_doors, graph, access) = signed_in(demo::ANNA).await;
    let (_, made) = graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap();
    assert!(made.join_text.as_deref().unwrap().contains("Dołącz do spotkania"), "{:?}", made.join_text);
    let english = graph.get_meeting(&access, &made.id, Language::En).await.unwrap().join_text.unwrap();
    assert!(english.starts_with("<div") && english.contains("Join the meeting now"), "{english}");
}

#[tokio::test]
async fn graph_says_who_has_a_licence() {
    for (account, licensed) in [(demo::ANNA, true), (demo::UNLICENSED, false)] {
        let doors = Doors::open().await;
        let graph = graph_at(doors.microsoft.graph_url(), doors.clock.clone());
        let SignInResult { account: Account { oid, upn, .. }, tokens, .. } = doors.sign_in(account).await;
        assert_eq!(graph.has_teams_license(&tokens.access, oid).await.unwrap(), Some(licensed), "{upn}");
    }
}

type Heard = (Uri, HeaderMap, Value);

/// A listener that remembers what it was sent, and answers with a meeting.
async fn ear() -> (String, Arc<Mutex<Vec<Heard>>>) {
    let heard: Arc<Mutex<Vec<Heard>>> = Arc::default();
    let notes = heard.clone();
    let router = axum::Router::new().fallback(move |uri: Uri, headers: HeaderMap, body: Bytes| async move {
        notes.lock().unwrap().push((uri, headers, serde_json::from_slice(&body).unwrap()));
        (StatusCode::CREATED, axum::Json(a_meeting(&json!({}))))
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, heard)
}

#[tokio::test]
async fn times_are_sent_in_utc_and_nothing_is_sent_that_was_not_ordered() {
    let (address, heard) = ear().await;
    let graph = graph_at(&address, Clock::frozen_at(Timestamp::UNIX_EPOCH));
    let access = AccessToken::from("EwB-token".to_owned());
    graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap();
    let id = MeetingId::parse("MSo1N2Y5/+==").unwrap();
    let wish = MeetingOptions { recording: Some(Recording::Off), ..MeetingOptions::default() };
    set(&graph, &access, &id, wish.clone()).await.unwrap();
    let heard = heard.lock().unwrap();
    let [(_, headers, made), (_, _, changed)] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!(
        *made,
        json!({
            "externalId": order_number(1).as_str(),
            "subject": interview().subject.as_str(),
            "startDateTime": "2026-12-01T09:00:00Z",
            "endDateTime": interview().create_meeting().times.encode().1.to_string(),
        })
    );
    assert_eq!(*changed, json!({ "allowRecording": false, "recordAutomatically": false }));
    let header = |name: &str| headers[name].to_str().unwrap();
    assert_eq!(header("authorization"), "Bearer EwB-token");
    assert_eq!(header("accept-language"), "pl");
    assert_eq!(header("prefer"), "include-unknown-enum-members");
    assert_eq!(header("content-type"), "application/json");
}

#[tokio::test]
async fn no_id_leads_anywhere_but_to_a_meeting() {
    let (address, heard) = ear().await;
    let graph = graph_at(&address, Clock::frozen_at(Timestamp::UNIX_EPOCH));
    let access = AccessToken::from("EwB-token".to_owned());
    let wish = MeetingOptions { chat: Some(Chat::Disabled), ..MeetingOptions::default() };
    for text in ["MSo1N2Y5/+==", "../../users", "%2e%2e", "%2f", "a?b", "a#b", "a\\b", "a;b", "...", ".", ".."] {
        // An id that no address can carry is none: `.` and `..` mean the same in every encoding (WHATWG URL).
        let Ok(id) = MeetingId::parse(text) else { continue };
        set(&graph, &access, &id, wish.clone()).await.unwrap();
        let (uri, ..) = heard.lock().unwrap().pop().unwrap();
        let segments: Vec<_> = uri.path().split('/').map(|part| percent_decode_str(part).decode_utf8_lossy()).collect();
        assert_eq!(segments, ["", "v1.0", "me", "onlineMeetings", text], "{uri}");
        assert_eq!(uri.query(), None, "{uri}");
    }
}

#[tokio::test]
async fn an_answer_that_was_lost_leaves_one_meeting() {
    for effect in [FaultEffect::LoseAnswer, FaultEffect::DropConnection, answer(503, &[], ""), answer(504, &[], "x")] {
        let (doors, graph, access) = signed_in(demo::ANNA).await;
        doors.once(MAKE, effect.clone());
        let (_, meeting) = graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap();
        assert_eq!(doors.asked(MAKE), 2, "{effect:?}");
        let made = doors.microsoft.meetings();
        assert_eq!(made.len(), 1, "{effect:?}");
        assert_eq!(made[0].join_web_url, meeting.join_url.as_str());
        doors.once(CHANGE, effect.clone());
        let wish = MeetingOptions { chat: Some(Chat::Disabled), ..MeetingOptions::default() };
        let changed = set(&graph, &access, &meeting.id, wish.clone()).await.unwrap();
        assert_eq!(changed.options.chat, wish.chat, "{effect:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_none_or_has_ended_is_rejected() {
    let (doors, graph, access) = signed_in(demo::ANNA).await;
    let nobody = AccessToken::from("EwB-nobody".to_owned());
    let error = graph.create_or_get(&nobody, &order_number(1), &interview().create_meeting()).await.unwrap_err();
    assert!(matches!(error, GraphError::TokenRejected), "{error:?}");
    doors.advance(SignedDuration::from_hours(2));
    let error = graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap_err();
    assert!(matches!(error, GraphError::TokenRejected), "{error:?}");
    assert_eq!(doors.asked(MAKE), 2, "whoever asked renews the token; the door does not knock again");
}

#[tokio::test]
async fn nobody_makes_meetings_without_a_licence() {
    let (doors, graph, access) = signed_in(demo::UNLICENSED).await;
    let error = graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap_err();
    assert!(matches!(&error, GraphError::NotAllowed(code) if code == "Forbidden"), "{error:?}");
    assert_eq!(doors.asked(MAKE), 1);
}

#[tokio::test]
async fn a_meeting_that_is_gone_has_no_options() {
    let (doors, graph, access) = signed_in(demo::ANNA).await;
    let (_, meeting) = graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap();
    let wish = MeetingOptions { chat: Some(Chat::Disabled), ..MeetingOptions::default() };
    let gone = MeetingId::parse("MSo1N2Y5/+==").unwrap();
    let error = set(&graph, &access, &gone, wish.clone()).await.unwrap_err();
    assert!(matches!(error, GraphError::NotFound), "{error:?}");
    doors.once(CHANGE, answer(410, &[], ""));
    let error = set(&graph, &access, &meeting.id, wish.clone()).await.unwrap_err();
    assert!(matches!(error, GraphError::NotFound), "{error:?}");
}

#[tokio::test]
async fn a_short_wait_is_waited_and_a_long_one_is_passed_on() {
    let throttled = |retry_after| FaultEffect::GraphError {
        status: 429,
        code: "TooManyRequests".to_owned(),
        message: String::new(),
        retry_after,
    };
    assert_eq!(made_under(throttled(Some(1))).await.unwrap(), CreateOutcome::Created);
    for (effect, expected) in [
        (throttled(Some(60)), Some(60)),
        (throttled(Some(86_400)), Some(300)),
        (throttled(None), None),
        (answer(503, &[("retry-after", "60")], ""), Some(60)),
        (answer(409, &[], ""), Some(1)),
        (answer(423, &[], ""), Some(1)),
    ] {
        let error = made_under(effect.clone()).await.unwrap_err();
        let GraphError::Unavailable { retry_after, .. } = error else { panic!("{effect:?}: {error:?}") };
        assert_eq!(retry_after, expected.map(Duration::from_secs), "{effect:?}");
    }
}

#[tokio::test]
async fn graph_out_of_service_is_asked_twice_and_not_for_ever() {
    let (doors, graph, access) = signed_in(demo::ANNA).await;
    doors.microsoft.faults().add(FaultRule::new(MAKE, answer(502, &[], "<html>")));
    let error = graph.create_or_get(&access, &order_number(1), &interview().create_meeting()).await.unwrap_err();
    assert!(matches!(error, GraphError::Unavailable { retry_after: None, .. }), "{error:?}");
    assert_eq!(doors.asked(MAKE), 2);
}

/// A meeting as Graph answers it, with this of it changed; `null` takes away.
fn a_meeting(change: &Value) -> Value {
    let mut meeting = json!({
        "id": "MSo1N2Y5",
        "joinWebUrl": "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0",
        "subject": "Rozmowa",
        "startDateTime": "2026-12-01T09:00:00Z",
        "endDateTime": "2026-12-01T10:00:00Z",
    });
    meeting.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    meeting.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    meeting
}
