use microsoft_simulator::{DirectoryEvent, demo};
use reqwest::StatusCode;

use crate::caller::{Caller, Got, REDIRECT_URI, encoded, pairs};

fn admin_url(caller: &Caller) -> String {
    let query = pairs(&[
        ("client_id", &demo::PRACA_CLIENT_ID.to_string()),
        ("redirect_uri", REDIRECT_URI),
        ("state", "state-2"),
        ("scope", "https://graph.microsoft.com/.default"),
    ]);
    caller.login(&format!("praca.example/v2.0/adminconsent?{}", encoded(&query)))
}

async fn recruiter(caller: &Caller) -> Got {
    let form = [("user", demo::PRACA_RECRUITER), ("decision", "accept")];
    caller.decide("praca.example", &Caller::praca_request(), &form).await
}

#[tokio::test]
async fn a_recruiter_is_stopped_where_only_administrators_consent() {
    let caller = Caller::new().await;
    let got = recruiter(&caller).await;
    assert_eq!(got.status, StatusCode::OK);
    assert!(got.text.contains("AADSTS90094"));
    assert!(got.text.contains("Back to the application"));
    let requests = caller.simulator.requests();
    assert_eq!(requests[0].code.as_deref(), Some("AADSTS90094"));
    caller
        .simulator
        .apply(DirectoryEvent::OfferWayBack { tenant: demo::PRACA_TENANT, offered: false })
        .expect("a tenant");
    assert!(!recruiter(&caller).await.text.contains("Back to the application"));
}

#[tokio::test]
async fn an_administrator_approves_on_the_page_and_the_recruiter_goes_on() {
    let caller = Caller::new().await;
    let form =
        [("user", demo::PRACA_RECRUITER), ("approver", demo::PRACA_ADMIN), ("decision", "accept_for_organization")];
    let got = caller.decide("praca.example", &Caller::praca_request(), &form).await;
    assert!(got.parameter("code").is_some());
    assert!(recruiter(&caller).await.parameter("code").is_some());
}

#[tokio::test]
async fn somebody_else_cannot_consent_for_the_organisation() {
    let caller = Caller::new().await;
    let form = [("user", demo::PRACA_RECRUITER), ("decision", "accept_for_organization")];
    let got = caller.decide("praca.example", &Caller::praca_request(), &form).await;
    assert!(got.text.contains("AADSTS90093"));
}

#[tokio::test]
async fn admin_consent_comes_back_with_tenant_state_and_scope() {
    let caller = Caller::new().await;
    let url = admin_url(&caller);
    let page = caller.get(&url).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains(demo::PRACA_ADMIN));
    let form = [("user", demo::PRACA_ADMIN), ("decision", "accept")];
    let sent = caller.http.post(&url).form(&form).send().await;
    let got = Got::of(sent.expect("an answer")).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER);
    assert_eq!(got.parameter("admin_consent").as_deref(), Some("True"));
    assert_eq!(got.parameter("tenant"), Some(demo::PRACA_TENANT.to_string()));
    assert_eq!(got.parameter("state").as_deref(), Some("state-2"));
    assert!(got.parameter("scope").is_some_and(|scope| scope.contains("OnlineMeetings.ReadWrite")));
    assert!(got.parameter("code").is_none());
    assert!(recruiter(&caller).await.parameter("code").is_some());
}

#[tokio::test]
async fn declined_admin_consent_comes_back_as_an_error() {
    let caller = Caller::new().await;
    let form = [("user", demo::PRACA_ADMIN), ("decision", "decline")];
    let sent = caller.http.post(admin_url(&caller)).form(&form).send().await;
    let got = Got::of(sent.expect("an answer")).await;
    assert_eq!(got.parameter("error").as_deref(), Some("consent_required"));
    assert_eq!(got.parameter("state").as_deref(), Some("state-2"));
    let form = [("user", demo::PRACA_RECRUITER), ("decision", "accept")];
    let sent = caller.http.post(admin_url(&caller)).form(&form).send().await;
    assert!(Got::of(sent.expect("an answer")).await.text.contains("AADSTS90093"));
}

#[tokio::test]
async fn consent_can_be_given_beforehand() {
    let caller = Caller::new().await;
    let scopes = ["openid", "profile", "offline_access", "User.Read", "OnlineMeetings.ReadWrite"];
    caller
        .simulator
        .apply(DirectoryEvent::GrantConsent {
            client_id: demo::PRACA_CLIENT_ID,
            upn: None,
            scopes: scopes.map(str::to_owned).to_vec(),
        })
        .expect("an application");
    assert!(recruiter(&caller).await.parameter("code").is_some());
}

#[tokio::test]
async fn by_default_no_recruiter_consents_for_herself() {
    let directory = microsoft_simulator::Directory::demo(&[]);
    assert!(directory.tenants.iter().all(|tenant| tenant.require_admin_consent));
    let consented = directory.consented();
    for app in consented.tenants.iter().flat_map(|tenant| &tenant.apps) {
        assert!(app.organisation_consent.contains("OnlineMeetings.ReadWrite"));
    }
}
