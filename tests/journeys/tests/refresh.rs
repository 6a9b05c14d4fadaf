//! Tokens lapse and are renewed; sign-ins are lost and found again.

use futures_util::future::join_all;
use microsoft_simulator::demo::{ANNA, JAN, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT};
use microsoft_simulator::{DirectoryEvent, FaultEffect, FaultRule, Operation};
use refresh::{KeepAliveReport, Refresh, keep_alive};
use serde_json::json;
use shared::types::clock::SignedDuration;
use test_support::ats::connection;
use test_support::product::Product;

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

async fn state(product: &Product) -> String {
    product.ats().get(&connection("kadry", "anna")).await.expect(200).text("state").to_owned()
}

#[tokio::test]
async fn a_token_that_lapsed_is_renewed_when_a_meeting_needs_it() {
    let product = Product::with_anna().await;
    for round in 1..=3 {
        product.wait(HOUR + HOUR);
        product.ats().order("kadry", "anna", &format!("order-{round}")).await.expect(201);
        assert_eq!(product.asked("token:refresh_token"), round);
    }
    product.ats().order("kadry", "anna", "order-4").await.expect(201);
    assert_eq!(product.asked("token:refresh_token"), 3, "a token that counts is not renewed");
}

#[tokio::test]
async fn many_requests_at_once_ask_entra_once_and_one_connection_survives() {
    let product = Product::with_anna().await;
    product.wait(HOUR + HOUR);
    let ats = product.ats();
    let keys: Vec<_> = (0..8).map(|n| format!("order-{n}")).collect();
    let orders = keys.iter().map(|key| ats.order("kadry", "anna", key));
    for answer in join_all(orders).await {
        answer.expect(201);
    }
    assert_eq!(product.asked("token:refresh_token"), 1);
    assert_eq!(state(&product).await, "active");
}

#[tokio::test]
async fn of_two_processes_that_renew_at_once_both_serve_and_one_connection_survives() {
    let product = Product::with_anna().await;
    product.wait(HOUR + HOUR);
    // Two functions on AWS share the vault and nothing else; each has its own renewal.
    let (one, other) = (product.parts.token_refresher(), product.parts.token_refresher());
    let (customer, user) = ("kadry".parse().unwrap(), "anna".parse().unwrap());
    let (one, other) = tokio::join!(one.get_valid(&customer, &user), other.get_valid(&customer, &user));
    assert!(one.is_ok() && other.is_ok());
    product.ats().order("kadry", "anna", "k").await.expect(201);
    product.wait(HOUR + HOUR);
    product.ats().order("kadry", "anna", "l").await.expect(201);
}

#[tokio::test]
async fn a_lost_answer_of_entra_costs_nothing() {
    let product = Product::with_anna().await;
    product.wait(HOUR + HOUR);
    product.microsoft.faults().add(FaultRule::once(Operation::TokenRefreshToken, FaultEffect::LoseAnswer));
    product.ats().order("kadry", "anna", "k").await.expect(201);
}

#[tokio::test]
async fn a_sign_in_that_was_revoked_is_doubted_then_lost_then_found_by_connecting_again() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    product.microsoft.revoke_sessions(ANNA).unwrap();
    product.wait(HOUR + HOUR);

    let doubted = ats.order("kadry", "anna", "k").await.expect(409);
    assert_eq!((doubted.text("code"), doubted.text("actor")), ("reauth_required", "recruiter"));
    assert_eq!(
        (doubted.body["retryable"].as_bool(), doubted.headers["retry-after"].to_str().unwrap()),
        (Some(true), "60")
    );
    assert_eq!(state(&product).await, "suspect");
    let asked = product.asked("token:refresh_token");
    ats.order("kadry", "anna", "k").await.expect(409);
    assert_eq!(product.asked("token:refresh_token"), asked, "Entra is left alone for a minute");

    product.wait(MINUTE);
    let lost = ats.order("kadry", "anna", "k").await.expect(409);
    assert_eq!((lost.text("code"), lost.body["retryable"].as_bool()), ("reauth_required", Some(false)));
    assert_eq!(lost.body["findings"][0]["code"], "sign_in_expired");
    assert_eq!(state(&product).await, "needs_reauth");

    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert_eq!(state(&product).await, "active");
    ats.order("kadry", "anna", "k").await.expect(201);
}

#[tokio::test]
async fn a_doubt_that_does_not_come_true_is_forgotten() {
    let product = Product::with_anna().await;
    product.wait(HOUR + HOUR);
    let refusal = FaultEffect::entra_error("invalid_grant", 99_999_999);
    product.microsoft.faults().add(FaultRule::once(Operation::TokenRefreshToken, refusal));
    product.ats().order("kadry", "anna", "k").await.expect(409);
    product.wait(MINUTE);
    product.ats().order("kadry", "anna", "k").await.expect(201);
    assert_eq!(state(&product).await, "active");
}

#[tokio::test]
async fn a_number_that_nobody_knows_is_a_doubt_and_no_more_whatever_it_comes_with() {
    for error in ["interaction_required", "login_required", "access_denied"] {
        let product = Product::with_anna().await;
        product.wait(HOUR + HOUR);
        let refusal = FaultEffect::entra_error(error, 7_999_999);
        product.microsoft.faults().add(FaultRule::once(Operation::TokenRefreshToken, refusal));
        let doubted = product.ats().order("kadry", "anna", "k").await.expect(409);
        assert_eq!(doubted.body["retryable"], true, "{error}");
        assert_eq!(state(&product).await, "suspect", "{error}");
        product.wait(MINUTE);
        product.ats().order("kadry", "anna", "k").await.expect(201);
        assert_eq!(state(&product).await, "active", "{error}");
    }
}

#[tokio::test]
async fn a_credential_refused_by_a_number_that_nobody_knows_blocks_nobody() {
    let product = Product::with_anna().await;
    product.wait(HOUR + HOUR);
    let refusal = FaultEffect::entra_error("invalid_client", 7_999_999);
    product.microsoft.faults().add(FaultRule::once(Operation::TokenRefreshToken, refusal));
    let answer = product.ats().order("kadry", "anna", "k").await.expect(502);
    assert_eq!((answer.text("code"), answer.text("actor")), ("microsoft_protocol", "operator"));
    assert_eq!(state(&product).await, "active");
    product.ats().order("kadry", "anna", "k").await.expect(201);
}

#[tokio::test]
async fn a_directory_that_microsoft_blocked_is_the_customers_and_no_recruiters() {
    let product = Product::with_anna().await;
    let block = |blocked| {
        let event = DirectoryEvent::BlockTenant { tenant: KADRY_TENANT, blocked };
        product.microsoft.apply(event).unwrap();
    };
    block(true);
    product.wait(HOUR + HOUR);
    let answer = product.ats().order("kadry", "anna", "k").await.expect(409);
    assert_eq!((answer.text("code"), answer.text("actor")), ("directory_blocked", "customer_admin"));
    assert_eq!(answer.body["outcome"], "customer_blocked");
    assert!(answer.body.get("mend").is_none(), "no credential mends it");
    block(false);
    product.wait(MINUTE);
    product.ats().order("kadry", "anna", "k").await.expect(201);
    assert_eq!(state(&product).await, "active");
}

#[tokio::test]
async fn a_clock_of_ours_that_is_wrong_is_for_the_operator_and_blocks_nobody() {
    let product = Product::with_anna().await;
    product.wait(HOUR + HOUR);
    let refusal = FaultEffect::entra_error("invalid_client", 700_024);
    product.microsoft.faults().add(FaultRule::once(Operation::TokenRefreshToken, refusal));
    let answer = product.ats().order("kadry", "anna", "k").await.expect(502);
    assert_eq!((answer.text("actor"), answer.body["retryable"].as_bool()), ("operator", Some(true)));
    assert_eq!(answer.body["findings"][0]["code"], "clock_wrong");
    assert_eq!(state(&product).await, "active");
    product.ats().order("kadry", "anna", "k").await.expect(201);
}

#[tokio::test]
async fn throttling_in_the_guise_of_a_lost_grant_changes_nothing() {
    let product = Product::with_anna().await;
    product.wait(HOUR + HOUR);
    let throttled = FaultEffect::entra_error("invalid_grant", 50196);
    product.microsoft.faults().add(FaultRule::once(Operation::TokenRefreshToken, throttled));
    let answer = product.ats().order("kadry", "anna", "k").await.expect(503);
    assert_eq!((answer.text("code"), answer.headers["retry-after"].to_str().unwrap()), ("microsoft_unavailable", "60"));
    assert_eq!(state(&product).await, "active");
    product.ats().order("kadry", "anna", "k").await.expect(201);
}

#[tokio::test]
async fn when_the_administrators_secret_expires_the_ats_learns_who_must_act() {
    let product = Product::with_anna().await;
    let ats = product.ats();
    product.microsoft.expire_secret(KADRY_CLIENT_ID).unwrap();
    product.wait(HOUR + HOUR);
    let blocked = ats.order("kadry", "anna", "k").await.expect(409);
    assert_eq!((blocked.text("code"), blocked.text("actor")), ("secret_expired", "customer_admin"));
    assert_eq!(blocked.body["findings"][0]["evidence"]["aadsts"], 7_000_222);
    assert_eq!(blocked.body["retryable"], false);

    // The users' tokens outlive it: with a new secret nobody signs in again.
    product.microsoft.replace_secret(KADRY_CLIENT_ID, "new8Q~Secret.of-the_customer.0123456789ab").unwrap();
    let body = json!({
        "tenant": "kadry.example",
        "client_id": KADRY_CLIENT_ID.to_string(),
        "client_secret": "new8Q~Secret.of-the_customer.0123456789ab",
    });
    ats.call(reqwest::Method::PUT, "/v1/customers/kadry/credentials", Some(body), &[]).await.expect(200);
    ats.order("kadry", "anna", "k").await.expect(201);
}

#[tokio::test]
async fn a_connection_can_be_proven_to_work_now() {
    let product = Product::with_anna().await;
    let path = format!("{}/refresh", connection("kadry", "anna"));
    let renewed = product.ats().post(&path, json!(null)).await.expect(200);
    assert_eq!((renewed.text("state"), product.asked("token:refresh_token")), ("active", 1));
    product.microsoft.disable_user(ANNA).unwrap();
    let refused = product.ats().post(&path, json!(null)).await.expect(409);
    assert_eq!((refused.text("code"), refused.text("actor")), ("reauth_required", "customer_admin"));
    product.ats().post("/v1/customers/kadry/users/nobody/connection/refresh", json!(null)).await.expect(404);
}

#[tokio::test]
async fn the_schedule_uses_refresh_tokens_before_they_lapse() {
    let product = Product::with_anna().await;
    product.ats().connect("kadry", "jan", JAN).await.expect(200);
    let schedule = Refresh::new(&product.parts);
    let run = || keep_alive(&schedule, MINUTE);
    assert_eq!(run().await.unwrap(), KeepAliveReport { seen: 2, ..KeepAliveReport::default() });

    for _ in 0..4 {
        product.wait(SignedDuration::from_hours(24 * 30));
        assert_eq!(
            run().await.unwrap(),
            KeepAliveReport { seen: 2, renewed: 2, checked: 1, ..KeepAliveReport::default() }
        );
    }
    // 120 days after the sign-in, 30 more than an unused token lives.
    let spring = json!({"start": "2027-04-01T10:00:00+02:00", "end": "2027-04-01T11:00:00+02:00"});
    product.ats().order_with("kadry", "anna", "k", spring).await.expect(201);
}

#[tokio::test]
async fn one_connection_that_cannot_be_kept_alive_stops_none_of_the_others() {
    let product = Product::with_anna().await;
    product.ats().connect("kadry", "jan", JAN).await.expect(200);
    product.microsoft.apply(DirectoryEvent::RevokeSessions { upn: ANNA.to_owned() }).unwrap();
    product.wait(SignedDuration::from_hours(24 * 31));
    let report = keep_alive(&Refresh::new(&product.parts), MINUTE).await.unwrap();
    assert_eq!(report, KeepAliveReport { seen: 2, renewed: 1, checked: 1, failed: 1, ..KeepAliveReport::default() });
    assert_eq!(state(&product).await, "suspect");
}

#[tokio::test]
async fn a_token_that_still_counts_serves_while_the_sign_in_is_in_doubt() {
    let product = Product::with_anna().await;
    let refusal = FaultEffect::entra_error("invalid_grant", 50173);
    product.microsoft.faults().add(FaultRule::once(Operation::TokenRefreshToken, refusal));
    product.ats().post(&format!("{}/refresh", connection("kadry", "anna")), json!(null)).await.expect(409);
    assert_eq!(state(&product).await, "suspect");
    product.ats().order("kadry", "anna", "k").await.expect(201);
}

#[tokio::test]
async fn the_recruiters_of_an_offboarded_customer_are_disconnected_also_where_the_offboarding_was_cut_short() {
    let product = Product::with_anna().await;
    product.ats().delete("/v1/customers/kadry").await.expect(204);
    let connections = "teams-connect/customers/kadry/connections".parse().unwrap();
    product.memory.as_ref().unwrap().restore(&connections).await.unwrap();
    let report = keep_alive(&Refresh::new(&product.parts), MINUTE).await.unwrap();
    assert_eq!(report, KeepAliveReport { seen: 1, removed: 1, ..KeepAliveReport::default() });
    let refused = product.ats().order("kadry", "anna", "k").await.expect(409);
    assert_eq!(refused.text("outcome"), "customer_blocked");
}

#[tokio::test]
async fn a_power_cut_in_the_middle_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let product = Product::start_in(folder.path(), None).await;
    let ats = product.ats();
    ats.configure("kadry").await.expect(200);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    ats.order("kadry", "anna", "before").await.expect(201);
    let link = ats.connect_link("kadry", "jan").await;
    let path = link.rsplit_once("/connect/").unwrap().1.to_owned();

    // The process dies while Entra's answer with new tokens is on its way, and comes back on the same folder.
    product.wait(HOUR + HOUR);
    product.microsoft.faults().add(FaultRule::new(Operation::TokenRefreshToken, FaultEffect::LoseAnswer).times(2));
    ats.order("kadry", "anna", "during").await.expect(503);
    // What is on the disk at this moment is all that is left: nobody closes a file.
    let cut = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), cut.path().join(file.file_name())).unwrap();
    }
    let product = Product::start_in(cut.path(), Some(product.crash().await)).await;
    let ats = product.ats();
    assert_eq!(ats.order("kadry", "anna", "before").await.expect(200).text("outcome"), "existing");
    ats.order("kadry", "anna", "during").await.expect(201);
    let returned = product.browser().sign_in(&format!("{}/connect/{path}", product.base), JAN).await;
    let handle = test_support::browser::query_of(&returned, "handle");
    ats.complete("kadry", "jan", &handle).await.expect(200);
    assert!(
        !std::fs::read(folder.path().join("vault.redb"))
            .unwrap()
            .windows(40)
            .any(|bytes| bytes == KADRY_SECRET.as_bytes())
    );
}
