//! The whole journey through the four binaries.

use lambda_journey::deployment::{Deployment, tomorrow};
use microsoft_simulator::demo::{ANNA, KADRY_CLIENT_ID, KADRY_DOMAIN, KADRY_SECRET};
use microsoft_simulator::{DirectoryEvent, SimulatedFederatedCredential};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::types::clock::Clock;
use test_support::ats::connection;
use test_support::browser::query_of;
use test_support::product::{API_KEY, COMPLETION_URL};

#[tokio::test]
async fn the_whole_journey_through_the_four_binaries_prints_a_join_link() {
    let deployment = Deployment::start().await;
    let ats = deployment.ats();

    let link = ats.post("/v1/customers/kadry/intake-links", json!({})).await.expect(201).text("url").to_owned();
    let administrator = deployment.browser();
    assert!(administrator.get(&link).await.text.contains(&format!("{}/oauth/callback", deployment.base)));
    let client_id = KADRY_CLIENT_ID.to_string();
    let fields = [("tenant", KADRY_DOMAIN), ("client_id", &*client_id), ("client_secret", KADRY_SECRET)];
    let page = administrator.submit(&link, &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(ats.get("/v1/customers/kadry").await.expect(200).text("client_id"), client_id);

    let link = ats.connect_link("kadry", "anna").await;
    let returned = deployment.browser().sign_in(&link, ANNA).await;
    assert!(returned.as_str().starts_with(COMPLETION_URL), "{returned}");
    let handle = query_of(&returned, "handle");
    assert_eq!(ats.complete("kadry", "anna", &handle).await.expect(200).body["account"]["upn"], ANNA);

    let times = tomorrow();
    let meeting = ats.order_with("kadry", "anna", "order-1", times.clone()).await.expect(201);
    println!("join link: {}", meeting.text("join_url"));
    let again = ats.order_with("kadry", "anna", "order-1", times.clone()).await.expect(200);
    assert_eq!(again.text("join_url"), meeting.text("join_url"));
    assert_eq!(deployment.microsoft.meetings().len(), 1);

    let refresh = format!("{}/refresh", connection("kadry", "anna"));
    assert_eq!(ats.post(&refresh, json!({})).await.expect(200).text("state"), "active");
    assert_eq!(ats.get(&connection("kadry", "anna")).await.expect(200).text("state"), "active");
    ats.delete(&connection("kadry", "anna")).await.expect(204);
    assert_eq!(ats.get(&connection("kadry", "anna")).await.expect(200).text("state"), "disconnected");

    // A function keeps a connection for a minute; another execution environment of it knows at once.
    deployment.function("meetings").cold().await;
    assert_eq!(ats.order_with("kadry", "anna", "order-2", times).await.expect(410).text("code"), "disconnected");
    assert_eq!(deployment.restarts(), 0);
}

#[tokio::test]
async fn an_app_without_a_secret_goes_the_same_way_and_intake_has_it_probed() {
    let deployment = Deployment::start().await;
    let ats = deployment.ats();
    let trust = ats.post("/v1/customers/kadry/federation", json!({})).await.expect(200);
    assert_eq!(trust.text("issuer"), deployment.base);
    deployment.microsoft.apply(DirectoryEvent::RemoveSecrets { client_id: KADRY_CLIENT_ID }).unwrap();
    let body = json!({"tenant": KADRY_DOMAIN, "client_id": KADRY_CLIENT_ID.to_string(), "kind": "federated"});
    let hand_over = async || ats.call(Method::PUT, "/v1/customers/kadry/credentials", Some(body.clone()), &[]).await;
    let refused = hand_over().await.expect(422);
    assert_eq!(refused.body["findings"][0]["code"], "federated_credential_missing");

    let credential = SimulatedFederatedCredential {
        name: "teams-connect".to_owned(),
        issuer: trust.text("issuer").to_owned(),
        subject: trust.text("subject").to_owned(),
        audiences: vec![trust.text("audience").to_owned()],
    };
    let event = DirectoryEvent::AddFederatedCredential { client_id: KADRY_CLIENT_ID, credential };
    deployment.microsoft.apply(event).unwrap();
    assert_eq!(hand_over().await.expect(200).text("kind"), "federated");
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    ats.order_with("kadry", "anna", "order-1", tomorrow()).await.expect(201);

    // The key that signs is withdrawn; execution environments that start now sign with the next one.
    let signing = deployment.issuer().issuer().await.unwrap().signing.unwrap();
    deployment.issuer().withdraw_issuer_key(&signing, Clock::system().now()).await.unwrap();
    deployment.function("refresh").cold().await;
    let refresh = format!("{}/refresh", connection("kadry", "anna"));
    assert_eq!(ats.post(&refresh, json!({})).await.expect(200).text("state"), "active");
    assert_eq!(deployment.restarts(), 0);
    for function in deployment.names() {
        assert!(!deployment.function(function).log().contains("eyJ"), "{function}: an assertion is in the log");
    }
}

#[tokio::test]
async fn no_secret_of_the_journey_is_in_a_log() {
    let deployment = Deployment::start().await;
    deployment.ats().configure("kadry").await.expect(200);
    let link = deployment.ats().connect_link("kadry", "anna").await;
    let returned = deployment.browser().sign_in(&link, ANNA).await;
    let handle = query_of(&returned, "handle");
    deployment.ats().complete("kadry", "anna", &handle).await.expect(200);
    deployment.ats().order_with("kadry", "anna", "order-1", tomorrow()).await.expect(201);
    let token = link.rsplit('/').next().unwrap();
    for function in deployment.names() {
        let log = deployment.function(function).log();
        for secret in [API_KEY, KADRY_SECRET, &handle, token, "eyJ", "v4.local."] {
            assert!(!log.contains(secret), "{function}: {secret}");
        }
    }
    assert!(
        deployment.function("meetings").log().contains("\"route\":\"/v1/customers/{customer}/users/{user}/meetings\"")
    );
}
