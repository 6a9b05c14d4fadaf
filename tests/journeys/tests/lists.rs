//! Lists: who must act, whose credentials end, which recruiters a customer has; by pages, and as CSV.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use microsoft_simulator::demo::{ANNA, JAN, KADRY_CLIENT_ID};
use refresh::{Refresh, keep_alive};
use reqwest::Method;
use serde_json::{Value, json};
use shared::adapters::vault::backend::memory::VaultOperation;
use shared::types::clock::SignedDuration;
use test_support::ats::{AtsAnswer, connection};
use test_support::product::Product;

const CSV: [(&str, &str); 1] = [("accept", "text/csv")];

/// Three customers: one ends soon, one ends late, and of one it is not known.
async fn three_customers() -> Product {
    let product = Product::start().await;
    product.ats().configure_until("kadry", KADRY_CLIENT_ID, Some("2026-12-24")).await.expect(200);
    product.ats().configure_until("late", product.another_app(), Some("2028-11-24")).await.expect(200);
    product.ats().configure_until("unknown", product.another_app(), None).await.expect(200);
    product
}

async fn listed(product: &Product, query: &str) -> AtsAnswer {
    product.ats().get(&format!("/v1/customers{query}")).await
}

fn names<'a>(answer: &'a AtsAnswer, list: &str, member: &str) -> Vec<&'a str> {
    answer.body[list].as_array().unwrap().iter().map(|entry| entry[member].as_str().unwrap()).collect()
}

async fn customers(product: &Product, query: &str) -> Vec<String> {
    let answer = listed(product, query).await.expect(200);
    names(&answer, "customers", "customer").into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn an_end_that_nobody_knows_is_listed_where_it_is_asked_for() {
    let product = three_customers().await;
    assert_eq!(customers(&product, "?expiring_within=30d").await, ["kadry"]);
    assert_eq!(customers(&product, "?expiring_within=30d&unknown_expiry=include").await, ["kadry", "unknown"]);
    assert_eq!(customers(&product, "?sort=expires_on").await, ["kadry", "late", "unknown"]);
    assert_eq!(customers(&product, "?unknown_expiry=exclude").await, ["kadry", "late", "unknown"]);
}

#[tokio::test]
async fn each_customer_says_how_it_stands_who_must_act_and_why() {
    let product = three_customers().await;
    let before = product.vault_calls();
    let answer = listed(&product, "").await.expect(200);
    let kadry = &answer.body["customers"][0];
    assert_eq!((&kadry["customer"], &kadry["state"]), (&json!("kadry"), &json!("incomplete")));
    assert_eq!((&kadry["actor"], &kadry["finding"]), (&json!("customer_admin"), &json!("consent_missing")));
    assert_eq!((&kadry["consent"], &kadry["sign_in_test_passed"]), (&json!("unknown"), &Value::Null));
    let read = |calls: &BTreeMap<VaultOperation, usize>| calls.get(&VaultOperation::Read).copied().unwrap_or_default();
    assert!(read(&product.vault_calls()) <= read(&before) + 1, "only the API keys are read");

    product.ats().connect("kadry", "anna", ANNA).await.expect(200);
    let kadry = listed(&product, "?consent=granted").await.expect(200);
    assert_eq!(names(&kadry, "customers", "customer"), ["kadry"]);
    let kadry = &kadry.body["customers"][0];
    assert_eq!((&kadry["state"], &kadry["finding"]), (&json!("ready"), &json!("expires_soon")), "{kadry}");

    product.microsoft.expire_secret(KADRY_CLIENT_ID).unwrap();
    product.ats().call(Method::POST, "/v1/customers/kadry/check", None, &[]).await.expect(200);
    let blocked = listed(&product, "?state=blocked&actor=customer_admin").await.expect(200);
    assert_eq!(names(&blocked, "customers", "finding"), ["secret_expired"]);
    assert_eq!(customers(&product, "?state=ready").await, [""; 0]);
    assert_eq!(customers(&product, "?actor=recruiter").await, [""; 0]);
    assert_eq!(customers(&product, "?state=incomplete").await, ["late", "unknown"]);
}

#[tokio::test]
async fn pages_show_every_customer_once_while_others_come_and_go() {
    let product = three_customers().await;
    for name in ["a", "b"] {
        product.ats().configure_until(name, product.another_app(), None).await.expect(200);
    }
    for sort in ["customer", "expires_on", "since"] {
        let (mut seen, mut query) = (Vec::new(), format!("?limit=2&sort={sort}"));
        loop {
            let answer = listed(&product, &query).await.expect(200);
            seen.extend(names(&answer, "customers", "customer").into_iter().map(str::to_owned));
            let Some(next) = answer.body["next_page"].as_str() else { break };
            // What is sent by `Link` leads to the same page.
            assert!(answer.headers["link"].to_str().unwrap().contains(&format!("page={next}>; rel=\"next\"")));
            query = format!("?limit=2&sort={sort}&page={next}");
        }
        assert_eq!(seen.len(), 5, "{sort}: {seen:?}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 5, "{sort}: {seen:?}");
    }
    let first = listed(&product, "?limit=2").await.expect(200);
    assert_eq!(names(&first, "customers", "customer"), ["a", "b"]);
    product.ats().delete("/v1/customers/a").await.expect(204);
    let second = format!("?limit=2&page={}", first.text("next_page"));
    assert_eq!(customers(&product, &second).await, ["kadry", "late"]);
    let other_order = listed(&product, &format!("{second}&sort=since")).await.expect(422);
    assert_eq!(other_order.body["errors"][0]["field"], "page");
}

#[tokio::test]
async fn every_fault_of_a_query_is_named() {
    let product = Product::start().await;
    let answer = listed(&product, "?state=broken&sort=name&limit=0").await.expect(422);
    assert_eq!(names(&answer, "errors", "field"), ["state", "sort", "limit"]);
    assert_eq!(listed(&product, "?status=blocked&limit=1&limit=2").await.expect(400).text("code"), "malformed_request");
    product.ats().configure_until("kadry", KADRY_CLIENT_ID, None).await.expect(200);
    let answer = product.ats().get("/v1/customers/kadry/users?state=ready&page=x").await.expect(422);
    assert_eq!(names(&answer, "errors", "field"), ["state", "page"]);
}

#[tokio::test]
async fn the_recruiters_of_a_customer_are_listed_with_state_and_account_and_no_token() {
    let product = Product::with_anna_and_jan().await;
    let ats = product.ats();
    let users = async |query: &str| ats.get(&format!("/v1/customers/kadry/users{query}")).await;
    let all = users("").await.expect(200);
    assert_eq!(names(&all, "users", "user"), ["anna", "jan"]);
    let anna = &all.body["users"][0];
    assert_eq!((&anna["state"], &anna["account"]["upn"]), (&json!("active"), &json!(ANNA)));
    let own = ats.get(&connection("kadry", "anna")).await.expect(200).body;
    for member in ["state", "since", "connected_at", "renewed_at"] {
        assert_eq!(anna[member], own[member], "{member}");
    }

    let first = users("?limit=1").await.expect(200);
    assert_eq!(names(&first, "users", "user"), ["anna"]);
    let reads = product.vault_calls()[&VaultOperation::Read];
    let second = users(&format!("?limit=1&page={}", first.text("next_page"))).await.expect(200);
    assert_eq!((names(&second, "users", "user"), &second.body["next_page"]), (vec!["jan"], &Value::Null));
    assert_eq!(product.vault_calls()[&VaultOperation::Read], reads, "a next page is of what was read for the first");

    ats.delete(&connection("kadry", "jan")).await.expect(204);
    let ended = users("?state=disconnected").await.expect(200);
    assert_eq!((names(&ended, "users", "user"), &ended.body["users"][0]["account"]), (vec!["jan"], &Value::Null));
    let another_app = product.another_app();
    product.microsoft.expire_secret(KADRY_CLIENT_ID).unwrap();
    ats.call(Method::POST, "/v1/customers/kadry/check", None, &[]).await.expect(200);
    let blocked = users("?state=customer_blocked").await.expect(200);
    assert_eq!(names(&blocked, "users", "reason"), ["secret_expired"]);

    assert_eq!(ats.get("/v1/customers/nobody/users").await.expect(404).text("code"), "not_found");
    ats.delete("/v1/customers/kadry").await.expect(204);
    assert_eq!(users("").await.expect(410).text("code"), "offboarded");
    product.ats().configure_until("kadry", another_app, None).await.expect(200);
    assert_eq!(users("").await.expect(200).body["users"], json!([]), "whoever begins anew has nobody");
}

#[tokio::test]
async fn a_list_opens_in_a_spreadsheet_and_runs_no_formula() {
    let product = three_customers().await;
    let ats = product.ats();
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    ats.connect("kadry", "jan", JAN).await.expect(200);
    keep_alive(&Refresh::new(&product.parts), SignedDuration::from_mins(5)).await.unwrap();
    let answer = ats.call(Method::GET, "/v1/customers?limit=1", None, &CSV).await.expect(200);
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8; header=present");
    assert!(answer.headers["link"].to_str().unwrap().starts_with("<?limit=1&page="));
    let json = listed(&product, "?limit=1").await.expect(200).body;
    let text = answer.body.as_str().unwrap();
    let lines: Vec<_> = text.split("\r\n").collect();
    let columns: BTreeSet<_> = lines[0].split(',').collect();
    let members: BTreeSet<_> = json["customers"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert!(members.is_subset(&columns), "{columns:?} has not all of {members:?}");
    assert!(lines[1].starts_with("kadry,ready,"), "{text}");
    assert_eq!(lines.len(), 3, "a header, a row, and nothing behind the last line break");

    let answer = ats.call(Method::GET, "/v1/customers/kadry/users", None, &CSV).await.expect(200);
    let rows: Vec<_> = answer.body.as_str().unwrap().split("\r\n").map(str::to_owned).collect();
    assert!(rows[1].starts_with("anna,active,") && rows[1].ends_with(ANNA), "{rows:?}");
    let refused = ats.call(Method::GET, "/v1/customers/kadry/users?limit=x", None, &CSV).await.expect(422);
    assert_eq!(refused.text("code"), "invalid_fields", "a problem stays JSON");
}
