//! Somebody begins, somebody else finishes: cross-user session fixation and login CSRF (RFC 9700 §4.7, and the IETF draft
//! `oauth-security-topics-update`). The sign-in may be completed only for the user whom the ATS has before it.

use microsoft_simulator::demo::{ANNA, JAN};
use reqwest::StatusCode;
use shared::domain::api_key::{ApiKeyLimits, ApiKeyRecord, ApiScope};
use shared::types::clock::SignedDuration;
use shared::types::secret::ApiKey;
use test_support::ats::{TestAts, connection};
use test_support::browser::query_of;
use test_support::product::API_KEY;

use crate::Scene;

#[tokio::test]
async fn a_link_that_was_forwarded_gives_the_forwarder_nothing() {
    let scene = Scene::open().await;
    // Anna follows Jan's link; her browser comes to the ATS, where she is logged in as herself.
    let returned = scene.anna.sign_in(&scene.jans_link().await, ANNA).await;
    let refused = scene.ats.complete("kadry", "anna", &query_of(&returned, "handle")).await.expect(403);
    assert_eq!(refused.text("code"), "wrong_user");
    scene.assert_nothing_gained().await;
}

#[tokio::test]
async fn an_address_at_microsoft_that_was_forwarded_leads_back_to_nothing() {
    let scene = Scene::open().await;
    // Jan begins in his own browser, and forwards what he was redirected to: his cookie is not in her browser.
    let authorize = scene.jan.get(&scene.jans_link().await).await.location();
    let answer = [("user", ANNA), ("decision", "accept")];
    let back = scene.anna.submit(authorize.as_str(), &answer).await.location();
    assert_eq!(scene.anna.get(back.as_str()).await.status, StatusCode::BAD_REQUEST);
    scene.assert_nothing_gained().await;
}

#[tokio::test]
async fn a_cookie_that_was_planted_gives_the_planter_nothing() {
    let scene = Scene::open().await;
    // Worse than `__Host-` allows: Jan's cookie is in Anna's browser, and she follows his address at Microsoft.
    let authorize = scene.jan.get(&scene.jans_link().await).await.location();
    let planted = scene.jan.cookies_of(&scene.host());
    let answer = [("user", ANNA), ("decision", "accept")];
    let back = scene.anna.submit(authorize.as_str(), &answer).await.location();
    let page = scene.anna.send(reqwest::Method::GET, back.as_str(), None, &[("cookie", &planted)]).await;
    let handle = query_of(&page.location(), "handle");
    // The browser is Anna's, so the ATS completes for Anna; and Jan's sign-in is not hers.
    scene.ats.complete("kadry", "anna", &handle).await.expect(403);
    scene.assert_nothing_gained().await;
}

#[tokio::test]
async fn an_answer_of_microsofts_that_was_stolen_opens_nothing_elsewhere() {
    let scene = Scene::open().await;
    let back = scene.anna.sign_in_at_microsoft(&scene.annas_link().await, ANNA).await;
    // Jan has a sign-in of his own under way, and its cookie does not serve.
    scene.jan.get(&scene.jans_link().await).await;
    assert_eq!(scene.jan.get(back.as_str()).await.status, StatusCode::BAD_REQUEST);
    scene.assert_nothing_gained().await;
    // Anna is none the worse for it.
    let returned = scene.anna.get(back.as_str()).await.location();
    scene.ats.complete("kadry", "anna", &query_of(&returned, "handle")).await.expect(200);
}

#[tokio::test]
async fn nobody_is_connected_to_an_account_that_another_signed_in() {
    let scene = Scene::open().await;
    // Login CSRF: Jan signs in himself, and gets Anna's browser to carry his answer, or his handle.
    let back = scene.jan.sign_in_at_microsoft(&scene.jans_link().await, JAN).await;
    assert_eq!(scene.anna.get(back.as_str()).await.status, StatusCode::BAD_REQUEST);
    let handle = query_of(&scene.jan.get(back.as_str()).await.location(), "handle");
    scene.ats.complete("kadry", "anna", &handle).await.expect(403);
    scene.assert_nothing_gained().await;
}

#[tokio::test]
async fn a_handle_is_good_for_its_own_customer_and_user_alone() {
    let scene = Scene::open().await;
    let returned = scene.anna.sign_in(&scene.annas_link().await, ANNA).await;
    let handle = query_of(&returned, "handle");
    for (customer, user) in [("kadry", "jan"), ("praca", "anna"), ("kadry", "Anna"), ("nobody", "anna")] {
        let refused = scene.ats.complete(customer, user, &handle).await.expect(403);
        assert_eq!(refused.text("code"), "wrong_user", "{customer}/{user}");
    }
    scene.assert_nothing_gained().await;
}

#[tokio::test]
async fn a_handle_needs_a_key_that_may_complete_it() {
    let scene = Scene::open().await;
    let handle = query_of(&scene.anna.sign_in(&scene.annas_link().await, ANNA).await, "handle");
    let key = |id: &str| ApiKey::from(format!("tc_{id}_0123456789abcdef"));
    let praca = ApiKeyLimits { customers: Some([("praca".parse().unwrap())].into()), ..ApiKeyLimits::default() };
    let meetings = ApiKeyLimits { scopes: Some([ApiScope::Meetings].into()), ..ApiKeyLimits::default() };
    let keys = vec![
        ApiKeyRecord::from_key("journey", &ApiKey::from(API_KEY.to_owned())),
        ApiKeyRecord::from_key("praca", &key("praca")).with_limits(praca),
        ApiKeyRecord::from_key("meetings", &key("meetings")).with_limits(meetings),
    ];
    scene.product.parts.vault.put_api_keys(keys).await.unwrap();
    scene.product.wait(SignedDuration::from_mins(1));
    for (id, status) in [("praca", 404), ("meetings", 403), ("unknown", 401)] {
        let ats = TestAts::new(&scene.product.base, &format!("tc_{id}_0123456789abcdef"));
        ats.complete("kadry", "anna", &handle).await.expect(status);
    }
    scene.assert_nothing_gained().await;
    scene.ats.complete("kadry", "anna", &handle).await.expect(200);
}

#[tokio::test]
async fn of_two_that_complete_one_handle_at_once_one_succeeds() {
    let scene = Scene::open().await;
    let handle = query_of(&scene.anna.sign_in(&scene.annas_link().await, ANNA).await, "handle");
    let other = scene.product.cold().await;
    let (one, two, foreign) = tokio::join!(
        scene.ats.complete("kadry", "anna", &handle),
        other.complete("kadry", "anna", &handle),
        other.complete("kadry", "jan", &handle),
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!((statuses, foreign.status.as_u16()), ([200, 409], 403), "{one:?} {two:?}");
    assert_eq!(scene.ats.get(&connection("kadry", "anna")).await.expect(200).text("state"), "active");
    scene.ats.order("kadry", "anna", "order").await.expect(201);
}

#[tokio::test]
async fn an_old_handle_changes_nothing_after_a_newer_sign_in() {
    let scene = Scene::open().await;
    let first = query_of(&scene.anna.sign_in(&scene.annas_link().await, ANNA).await, "handle");
    scene.ats.complete("kadry", "anna", &first).await.expect(200);
    let second = query_of(&scene.anna.sign_in(&scene.annas_link().await, ANNA).await, "handle");
    let connected = scene.ats.complete("kadry", "anna", &second).await.expect(200);
    // The connection has forgotten the first sign-in by now, and nothing waits for its handle.
    assert_eq!(scene.ats.complete("kadry", "anna", &first).await.expect(410).text("code"), "handle_unusable");
    let state = scene.ats.get(&connection("kadry", "anna")).await.expect(200);
    assert_eq!((state.text("state"), state.text("since")), ("active", connected.text("since")));
}

#[tokio::test]
async fn a_handle_dies_with_the_credentials_and_the_customer_it_was_made_for() {
    let scene = Scene::open().await;
    let handle = query_of(&scene.anna.sign_in(&scene.annas_link().await, ANNA).await, "handle");
    scene.ats.delete("/v1/customers/praca").await.expect(204);
    scene.hand_over_pracas_app("kadry").await;
    assert_eq!(scene.ats.complete("kadry", "anna", &handle).await.expect(410).text("code"), "handle_unusable");
    scene.ats.delete("/v1/customers/kadry").await.expect(204);
    assert_eq!(scene.ats.complete("kadry", "anna", &handle).await.expect(410).text("code"), "offboarded");
    assert_eq!(scene.redeemed(), 0);
}

#[tokio::test]
async fn nothing_that_we_seal_passes_for_anything_else_that_we_seal() {
    let scene = Scene::open().await;
    let link = scene.annas_link().await;
    let sealed_link = link.rsplit('/').next().unwrap().to_owned();
    let intake = scene.ats.post("/v1/customers/kadry/intake-links", serde_json::json!({})).await.expect(201);
    let sealed_intake = intake.text("url").rsplit('/').next().unwrap().to_owned();
    let back = scene.anna.sign_in_at_microsoft(&link, ANNA).await;
    let (_, sealed_cookie) = scene.cookie_of(&scene.anna, &query_of(&back, "state"));
    let handle = query_of(&scene.anna.get(back.as_str()).await.location(), "handle");
    for sealed in [&sealed_link, &sealed_intake, &sealed_cookie] {
        scene.ats.complete("kadry", "anna", sealed).await.expect(410);
    }
    for sealed in [&sealed_intake, &sealed_cookie, &handle] {
        let page = scene.jan.get(&format!("{}/connect/{sealed}", scene.product.base)).await;
        assert_eq!(page.status, StatusCode::GONE);
    }
    for sealed in [&sealed_link, &sealed_cookie, &handle] {
        let page = scene.jan.get(&format!("{}/intake/{sealed}", scene.product.base)).await;
        assert_eq!(page.status, StatusCode::GONE);
    }
    scene.assert_nothing_gained().await;
}
