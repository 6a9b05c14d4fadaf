use microsoft_simulator::{DirectoryEvent, demo};
use reqwest::StatusCode;

use crate::caller::{Caller, encoded, with};

const CLIENT_ID: uuid::Uuid = demo::KADRY_CLIENT_ID;
const TENANT: uuid::Uuid = demo::KADRY_TENANT;

#[tokio::test]
async fn a_tenant_of_another_cloud_is_described_here_and_served_there() {
    let caller = Caller::new().await;
    let login = "https://login.microsoftonline.us".to_owned();
    caller
        .simulator
        .apply(DirectoryEvent::MoveToCloud { tenant: TENANT, login: Some(login.clone()) })
        .expect("a tenant");
    let document = caller.get(&caller.login(&format!("{TENANT}/v2.0/.well-known/openid-configuration"))).await;
    assert_eq!(document.status, StatusCode::OK);
    for (name, place) in [("issuer", "v2.0"), ("token_endpoint", "oauth2/v2.0/token")] {
        assert_eq!(document.json()[name], format!("{login}/{TENANT}/{place}"));
    }
    let refused = caller.token(&TENANT.to_string(), &Caller::redemption("x")).await;
    assert_eq!(refused.refusal(), (400, "invalid_request".to_owned(), 90_038));
    caller.simulator.apply(DirectoryEvent::MoveToCloud { tenant: TENANT, login: None }).expect("a tenant");
    caller.signed_in(demo::ANNA).await;
}

#[tokio::test]
async fn what_came_to_a_single_page_application_is_redeemed_by_a_browser_alone() {
    let caller = Caller::new().await;
    let happen =
        |spa| caller.simulator.apply(DirectoryEvent::RegisterAsSpa { client_id: CLIENT_ID, spa }).expect("an app");
    happen(true);
    let code = caller.code(demo::ANNA).await;
    let refused = caller.redeem(&code).await;
    assert_eq!(refused.refusal(), (400, "invalid_request".to_owned(), 9_002_327));
    let url = caller.login(&format!("{TENANT}/oauth2/v2.0/token"));
    let form = encoded(&Caller::redemption(&caller.code(demo::ANNA).await));
    let sent = caller.http.post(url).header("content-type", "application/x-www-form-urlencoded");
    let sent = sent.header("origin", "http://localhost:8080").body(form).send().await.expect("an answer");
    assert_eq!(sent.status(), StatusCode::OK);
    happen(false);
    caller.signed_in(demo::ANNA).await;
}

#[tokio::test]
async fn where_graph_is_switched_off_no_token_opens_it() {
    let caller = Caller::new().await;
    let token = caller.refresh_token(demo::ANNA).await;
    caller.simulator.apply(DirectoryEvent::DisableGraph { tenant: TENANT, disabled: true }).expect("a tenant");
    for refused in [caller.redeem(&caller.code(demo::ANNA).await).await, caller.refresh(&token).await] {
        assert_eq!(refused.refusal(), (400, "invalid_resource".to_owned(), 500_014));
    }
    caller.simulator.apply(DirectoryEvent::DisableGraph { tenant: TENANT, disabled: false }).expect("a tenant");
    assert_eq!(caller.refresh(&token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_is_no_longer_assigned_is_not_refreshed() {
    let caller = Caller::new().await;
    let token = caller.refresh_token(demo::ANNA).await;
    caller.simulator.apply(DirectoryEvent::RequireAssignment { client_id: CLIENT_ID, required: true }).expect("an app");
    assert_eq!(caller.refresh(&token).await.refusal(), (400, "invalid_grant".to_owned(), 50_105));
    let anna = DirectoryEvent::AssignUser { client_id: CLIENT_ID, upn: demo::ANNA.to_owned(), assigned: true };
    caller.simulator.apply(anna).expect("an app and a user");
    assert_eq!(caller.refresh(&token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_journal_knows_the_correlation_id_that_a_refusal_told() {
    let caller = Caller::new().await;
    let told = caller.redeem("nothing").await.json();
    let page = caller
        .get(&caller.authorize_url(demo::KADRY_DOMAIN, &with(Caller::request(), "redirect_uri", "https://x.example/")))
        .await;
    let back =
        caller.decide(demo::KADRY_DOMAIN, &Caller::request(), &[("user", demo::ANNA), ("decision", "decline")]).await;
    let journal = caller.simulator.requests();
    let ids: Vec<_> = journal.iter().map(|request| request.correlation_id.clone().expect("an id")).collect();
    assert_eq!(told["correlation_id"], ids[0]);
    assert!(page.text.contains(&ids[1]) && back.parameter("error_description").expect("a text").contains(&ids[2]));
}
