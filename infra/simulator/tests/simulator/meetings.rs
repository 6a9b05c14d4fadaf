use microsoft_simulator::demo;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Caller, Got, interview};

const MEETINGS: &str = "/me/onlineMeetings";
const CREATE_OR_GET: &str = "/me/onlineMeetings/createOrGet";

fn path(id: &Value) -> String {
    let id: String = form_urlencoded::byte_serialize(id.as_str().expect("an id").as_bytes()).collect();
    format!("{MEETINGS}/{id}")
}

#[tokio::test]
async fn one_external_id_of_one_organizer_is_one_meeting() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let first = caller.graph(Method::POST, CREATE_OR_GET, &token, &interview("a")).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let mut other = interview("a");
    other["subject"] = json!("Inny temat");
    let second = caller.graph(Method::POST, CREATE_OR_GET, &token, &other).await;
    assert_eq!(second.status, StatusCode::OK);
    assert_eq!(second.json()["id"], first.json()["id"]);
    assert_eq!(second.json()["subject"], "Rozmowa rekrutacyjna");
    let jan = caller.access_token(demo::JAN).await;
    let third = caller.graph(Method::POST, CREATE_OR_GET, &jan, &interview("a")).await;
    assert_eq!(third.status, StatusCode::CREATED);
    assert_ne!(third.json()["id"], first.json()["id"]);
    assert_eq!(caller.simulator.meetings().len(), 2);
}

#[tokio::test]
async fn the_answer_has_every_property_of_the_type_and_times_in_utc() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let got = caller.graph(Method::POST, CREATE_OR_GET, &token, &interview("a")).await;
    let body = got.json();
    for property in microsoft_simulator::contract::ONLINE_MEETING.properties {
        assert!(body.get(property.name).is_some(), "{}", property.name);
    }
    assert_eq!(body["startDateTime"], "2026-12-01T09:00:00.0000000Z");
    assert_eq!(body["endDateTime"], "2026-12-01T10:00:00.0000000Z");
    let link = body["joinWebUrl"].as_str().expect("a link");
    assert!(link.starts_with("https://teams.microsoft.com/l/meetup-join/19%3ameeting_"));
    assert_eq!(body["participants"]["organizer"]["upn"], demo::ANNA);
    assert!(
        got.headers["content-type"].to_str().expect("ASCII").starts_with("application/json;odata.metadata=minimal")
    );
}

#[tokio::test]
async fn options_are_ignored_by_create_or_get_and_recorded() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let mut body = interview("a");
    body["recordAutomatically"] = json!(true);
    let got = caller.graph(Method::POST, CREATE_OR_GET, &token, &body).await;
    assert_eq!(got.json()["recordAutomatically"], false);
    let requests = caller.simulator.requests();
    let last = requests.last().expect("a request");
    assert_eq!(last.notes, ["ignored:recordAutomatically"]);
    assert_eq!(last.upn.as_deref(), Some(demo::ANNA));
}

#[tokio::test]
async fn bodies_that_break_the_contract_are_refused() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let with = |name: &str, value: Value| {
        let mut body = interview("a");
        body[name] = value;
        body
    };
    let without = |name: &str| {
        let mut body = interview("a");
        body.as_object_mut().expect("an object").remove(name);
        body
    };
    for body in [
        with("colour", json!("red")),
        with("subject", json!(7)),
        with("allowRecording", json!("yes")),
        with("allowedPresenters", json!("nobody")),
        with("allowedPresenters", json!("unknownFutureValue")),
        with("lobbyBypassSettings", json!({ "scope": "everyone", "mood": "good" })),
        with("participants", json!({ "attendees": null })),
        with("participants", json!({ "attendees": [{ "role": "guest" }] })),
        with("startDateTime", json!("2026-12-01T10:00:00")),
        with("startDateTime", json!("2026-12-01T12:00:00+01:00")),
        with("endDateTime", json!("2026-12-01T10:00:00+01:00")),
        with("externalId", Value::Null),
        with("externalId", json!("")),
        without("externalId"),
        without("startDateTime"),
        json!([]),
    ] {
        let got = caller.graph(Method::POST, CREATE_OR_GET, &token, &body).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(got.json()["error"]["code"], "BadRequest");
    }
    assert!(caller.simulator.meetings().is_empty());
}

#[tokio::test]
async fn a_plain_create_takes_options_but_no_external_id() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let got = caller.graph(Method::POST, MEETINGS, &token, &interview("a")).await;
    assert_eq!(got.status, StatusCode::BAD_REQUEST);
    let body = json!({
        "subject": "Rozmowa",
        "joinMeetingIdSettings": { "isPasscodeRequired": true },
        "lobbyBypassSettings": { "scope": "organizer" },
    });
    let got = caller.graph(Method::POST, MEETINGS, &token, &body).await;
    assert_eq!(got.status, StatusCode::CREATED);
    let made = got.json();
    assert!(made["joinMeetingIdSettings"]["passcode"].is_string());
    assert_eq!(made["lobbyBypassSettings"]["isDialInBypassEnabled"], false);
    assert_eq!(made["externalId"], Value::Null);
}

#[tokio::test]
async fn an_update_keeps_the_link_and_needs_both_times() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let made = caller.graph(Method::POST, CREATE_OR_GET, &token, &interview("a")).await.json();
    let path = path(&made["id"]);
    for body in [
        json!({ "startDateTime": "2026-12-02T10:00:00Z" }),
        json!({ "endDateTime": "2026-12-02T10:00:00Z" }),
        json!({ "startDateTime": "2026-12-02T10:00:00Z", "endDateTime": null }),
        json!({ "externalId": "b" }),
        json!({ "joinMeetingIdSettings": { "isPasscodeRequired": true } }),
        json!({ "joinWebUrl": "https://elsewhere.example" }),
    ] {
        let got = caller.graph(Method::PATCH, &path, &token, &body).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{body}");
    }
    let change = json!({
        "subject": "Nowy temat",
        "startDateTime": "2026-12-02T10:00:00Z",
        "endDateTime": "2026-12-02T11:00:00Z",
        "lobbyBypassSettings": { "isDialInBypassEnabled": true },
        "participants": { "attendees": [{ "upn": demo::JAN, "role": "coorganizer" }] },
    });
    let got = caller.graph(Method::PATCH, &path, &token, &change).await;
    assert_eq!(got.status, StatusCode::OK);
    let changed = got.json();
    assert_eq!(changed["joinWebUrl"], made["joinWebUrl"]);
    assert_eq!(changed["subject"], "Nowy temat");
    assert_eq!(changed["lobbyBypassSettings"]["scope"], "organization");
    assert_eq!(changed["lobbyBypassSettings"]["isDialInBypassEnabled"], true);
    assert_eq!(changed["participants"]["attendees"][0]["role"], "unknownFutureValue");
}

#[tokio::test]
async fn newer_members_of_enumerations_are_told_to_those_who_ask() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let mut body = interview("a");
    body["participants"] = json!({ "attendees": [{ "upn": demo::JAN, "role": "coorganizer" }] });
    let url = format!("{}/v1.0{CREATE_OR_GET}", caller.simulator.graph_url());
    let request = caller.http.post(url).bearer_auth(&token).json(&body);
    let sent = request.header("prefer", "include-unknown-enum-members").send().await;
    let got = Got::of(sent.expect("an answer")).await;
    assert_eq!(got.json()["participants"]["attendees"][0]["role"], "coorganizer");
}

#[tokio::test]
async fn the_invited_may_read_and_only_the_organizer_may_change() {
    let caller = Caller::new().await;
    let anna = caller.access_token(demo::ANNA).await;
    let jan = caller.access_token(demo::JAN).await;
    let service = caller.access_token(demo::SERVICE_ACCOUNT).await;
    let mut body = interview("a");
    body["participants"] = json!({ "attendees": [{ "upn": demo::JAN }] });
    let made = caller.graph(Method::POST, CREATE_OR_GET, &anna, &body).await.json();
    let path = path(&made["id"]);
    let status = async |method, token: &str, body: &Value| caller.graph(method, &path, token, body).await.status;
    assert_eq!(status(Method::GET, &jan, &Value::Null).await, StatusCode::OK);
    let change = json!({ "subject": "x" });
    assert_eq!(status(Method::PATCH, &jan, &change).await, StatusCode::FORBIDDEN);
    assert_eq!(status(Method::GET, &service, &Value::Null).await, StatusCode::NOT_FOUND);
    assert_eq!(status(Method::DELETE, &service, &Value::Null).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_deleted_meeting_is_gone_and_its_external_id_makes_a_new_one() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let made = caller.graph(Method::POST, CREATE_OR_GET, &token, &interview("a")).await.json();
    let path = path(&made["id"]);
    let got = caller.graph(Method::DELETE, &path, &token, &Value::Null).await;
    assert_eq!((got.status, got.text.as_str()), (StatusCode::NO_CONTENT, ""));
    for method in [Method::GET, Method::DELETE] {
        let got = caller.graph(method, &path, &token, &Value::Null).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND);
        assert_eq!(got.json()["error"]["code"], "itemNotFound");
    }
    let again = caller.graph(Method::POST, CREATE_OR_GET, &token, &interview("a")).await;
    assert_eq!(again.status, StatusCode::CREATED);
    let all = caller.simulator.meetings();
    assert_eq!(all.iter().map(|own| own.deleted).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn a_meeting_is_found_by_its_link_and_none_are_listed_without_a_filter() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let made = caller.graph(Method::POST, CREATE_OR_GET, &token, &interview("a")).await.json();
    let find = async |filter: String| {
        let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let path = format!("{MEETINGS}?$filter={filter}");
        caller.graph(Method::GET, &path, &token, &Value::Null).await
    };
    let link = made["joinWebUrl"].as_str().expect("a link");
    let found = find(format!("JoinWebUrl eq '{link}'")).await.json();
    assert_eq!(found["value"][0]["id"], made["id"]);
    let id = made["joinMeetingIdSettings"]["joinMeetingId"].as_str().expect("an id");
    let found = find(format!("joinMeetingIdSettings/joinMeetingId eq '{id}'")).await.json();
    assert_eq!(found["value"][0]["id"], made["id"]);
    let none = find("JoinWebUrl eq 'https://teams.microsoft.com/'".to_owned()).await.json();
    assert_eq!(none["value"], json!([]));
    let got = caller.graph(Method::GET, MEETINGS, &token, &Value::Null).await;
    assert_eq!(got.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_unlicensed_organizer_and_a_guest_are_forbidden_without_a_word() {
    let caller = Caller::new().await;
    for upn in [demo::UNLICENSED, demo::GUEST] {
        let token = caller.access_token(upn).await;
        let got = caller.graph(Method::POST, CREATE_OR_GET, &token, &interview("a")).await;
        assert_eq!(got.status, StatusCode::FORBIDDEN);
        let error = got.json()["error"].clone();
        assert_eq!((error["code"].as_str(), error["message"].as_str()), (Some("Forbidden"), Some("")));
    }
}

#[tokio::test]
async fn the_invitation_text_speaks_the_language_asked_for() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let made = caller.graph(Method::POST, CREATE_OR_GET, &token, &interview("a")).await.json();
    let english = made["joinInformation"]["content"].as_str().expect("a text");
    assert!(english.starts_with("data:text/html,") && english.contains("Join+the+meeting"));
    let url = format!("{}/v1.0{}", caller.simulator.graph_url(), path(&made["id"]));
    let request = caller.http.get(url).bearer_auth(&token).header("accept-language", "pl");
    let got = Got::of(request.send().await.expect("an answer")).await;
    let polish = got.json()["joinInformation"]["content"].clone();
    assert!(polish.as_str().expect("a text").contains("spotkania"));
}
