use microsoft_simulator::{DirectoryEvent, demo};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::caller::Caller;

async fn accept(caller: &Caller, upn: &str) -> crate::caller::Got {
    let form = [("user", upn), ("decision", "accept")];
    caller.decide(demo::KADRY_DOMAIN, &Caller::request(), &form).await
}

#[tokio::test]
async fn people_who_may_not_sign_in_are_told_so_on_a_page() {
    let caller = Caller::new().await;
    for (upn, number) in [(demo::DISABLED, 50_057), (demo::PRACA_RECRUITER, 50_020), ("nobody@kadry.example", 50_034)] {
        let got = accept(&caller, upn).await;
        assert_eq!(got.status, StatusCode::OK);
        assert!(got.location.is_none());
        assert!(got.text.contains(&format!("AADSTS{number}")), "{upn}");
    }
}

#[tokio::test]
async fn only_assigned_people_sign_in_where_assignment_is_required() {
    let caller = Caller::new().await;
    let client_id = demo::KADRY_CLIENT_ID;
    let happen = |event| caller.simulator.apply(event).expect("a subject");
    happen(DirectoryEvent::RequireAssignment { client_id, required: true });
    assert!(accept(&caller, demo::ANNA).await.text.contains("AADSTS50105"));
    happen(DirectoryEvent::AssignUser { client_id, upn: demo::ANNA.to_owned(), assigned: true });
    assert!(accept(&caller, demo::ANNA).await.parameter("code").is_some());
}

#[tokio::test]
async fn me_shows_the_default_properties_or_the_selected_ones() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let me = caller.graph(Method::GET, "/me", &token, &Value::Null).await;
    let body = me.json();
    assert_eq!(body["userPrincipalName"], demo::ANNA);
    assert_eq!(body.as_object().expect("an object").len(), 12);
    assert!(me.headers.contains_key("request-id"));
    let some = caller.graph(Method::GET, "/me?$select=id,mail", &token, &Value::Null).await.json();
    assert_eq!(some.as_object().expect("an object").len(), 3);
    let wrong = caller.graph(Method::GET, "/me?$select=shoeSize", &token, &Value::Null).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_licence_is_told_of_oneself_only() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let path = |who: &str| format!("/users/{who}/licenseDetails/getTeamsLicensingDetails");
    let me = caller.graph(Method::GET, "/me", &token, &Value::Null).await.json();
    let own = path(me["id"].as_str().expect("an id"));
    let licence = caller.graph(Method::GET, &own, &token, &Value::Null).await;
    assert_eq!(licence.json()["hasTeamsLicense"], true);
    caller.simulator.remove_licence(demo::ANNA).expect("a user");
    let licence = caller.graph(Method::GET, &own, &token, &Value::Null).await;
    assert_eq!(licence.json()["hasTeamsLicense"], false);
    // Graph documents the path with an id alone.
    let me = caller.graph(Method::GET, "/me/licenseDetails/getTeamsLicensingDetails", &token, &Value::Null).await;
    assert_eq!(me.status, StatusCode::BAD_REQUEST);
    let other = path("11a5c0de-0002-4a02-8002-a1b2c3d4e502");
    let got = caller.graph(Method::GET, &other, &token, &Value::Null).await;
    assert_eq!(got.status, StatusCode::FORBIDDEN);
    assert_eq!(got.json()["error"]["code"], "Authorization_RequestDenied");
}

#[tokio::test]
async fn the_organisation_is_named_and_the_rest_is_null() {
    let caller = Caller::new().await;
    let token = caller.access_token(demo::ANNA).await;
    let path = "/organization?$select=id,displayName,verifiedDomains,technicalNotificationMails";
    let body = caller.graph(Method::GET, path, &token, &Value::Null).await.json();
    let one = &body["value"][0];
    assert_eq!(one["id"], demo::KADRY_TENANT.to_string());
    assert_eq!(one["displayName"], "Kadry Polska");
    assert_eq!(one["verifiedDomains"][0]["name"], demo::KADRY_DOMAIN);
    assert_eq!(one["technicalNotificationMails"], Value::Null);
}

#[tokio::test]
async fn graph_refuses_missing_foreign_expired_and_narrow_tokens() {
    let caller = Caller::new().await;
    let ask = async |token: &str| caller.graph(Method::GET, "/me", token, &Value::Null).await;
    for (token, message) in
        [("", "Access token is empty."), ("foreign", "Access token validation failure. Invalid audience.")]
    {
        let got = ask(token).await;
        assert_eq!(got.status, StatusCode::UNAUTHORIZED);
        assert!(got.headers.contains_key("www-authenticate"));
        let error = got.json()["error"].clone();
        assert_eq!(error["code"], "InvalidAuthenticationToken");
        assert_eq!(error["message"], message);
        assert!(error["innerError"]["request-id"].is_string());
    }
    let token = caller.access_token(demo::ANNA).await;
    caller.simulator.advance(std::time::Duration::from_mins(90));
    assert_eq!(ask(&token).await.status, StatusCode::UNAUTHORIZED);

    let narrow = crate::caller::with(Caller::request(), "scope", "openid offline_access User.Read");
    let form = [("user", demo::JAN), ("decision", "accept")];
    let got = caller.decide(demo::KADRY_DOMAIN, &narrow, &form).await;
    let answer = caller.redeem(&got.parameter("code").expect("a code")).await.json();
    assert_eq!(answer["scope"], "https://graph.microsoft.com/User.Read openid");
    let token = answer["access_token"].as_str().expect("a token");
    assert_eq!(ask(token).await.status, StatusCode::OK);
    let meeting = crate::caller::interview("x");
    let got = caller.graph(Method::POST, "/me/onlineMeetings/createOrGet", token, &meeting).await;
    assert_eq!(got.status, StatusCode::FORBIDDEN);
    assert_eq!(got.json()["error"]["code"], "Forbidden");
}
