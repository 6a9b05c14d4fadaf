//! Customers cannot meet: what a key, a customer or a secret is not meant for, it does not open.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

mod swapped;

use microsoft_simulator::demo::ANNA;
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::adapters::vault::backend::memory::VaultOperation;
use shared::domain::api_key::{ApiKeyLimits, ApiKeyRecord, ApiScope};
use shared::types::clock::SignedDuration;
use shared::types::secret::ApiKey;
use test_support::ats::{TestAts, connection};
use test_support::contract::{ForeignCaller, RouteAnswer, routes, routes_of_a_customer};
use test_support::product::{API_KEY, Product};

/// As many keys as customers, each key for two of them.
const CUSTOMERS: usize = 25;

fn customer(number: usize) -> String {
    format!("customer-{}", number % CUSTOMERS)
}

fn secret_of(key: &str) -> String {
    format!("tc_{key}_0123456789abcdef0123456789abcdef")
}

fn limited<S: AsRef<str>>(key: &str, customers: Option<&[S]>, scopes: Option<&[ApiScope]>) -> ApiKeyRecord {
    let customers = customers.map(|ids| ids.iter().map(|id| id.as_ref().parse().unwrap()).collect());
    let scopes = scopes.map(|scopes| scopes.iter().copied().collect());
    ApiKeyRecord::from_key(key, &ApiKey::from(secret_of(key))).with_limits(ApiKeyLimits {
        customers,
        scopes,
        per_minute: None,
    })
}

/// Puts these keys in force beside the one that opens everything.
async fn issue(product: &Product, mut keys: Vec<ApiKeyRecord>) {
    keys.push(ApiKeyRecord::from_key("journey", &ApiKey::from(API_KEY.to_owned())));
    product.parts.vault.put_api_keys(keys).await.unwrap();
    product.wait(SignedDuration::from_mins(1));
}

/// Every function has read its keys after this; what was answered last.
async fn known_keys(stranger: &ForeignCaller<'_>, key: &str) -> RouteAnswer {
    let mut last = None;
    for route in routes_of_a_customer() {
        last = Some(stranger.ask_as(key, &route, "nobody", "nobody").await);
    }
    last.unwrap()
}

#[tokio::test]
async fn a_foreign_customer_is_answered_as_one_whom_nobody_knows_on_every_route() {
    let product = Product::start().await;
    // Some customers are there, with an app and a recruiter, and some are not.
    for number in 0..3 {
        product.ats().configure_app(&customer(number), product.another_app()).await.expect(200);
        product.ats().connect(&customer(number), "anna", ANNA).await.expect(200);
    }
    let key = |number: usize| format!("key-{number}");
    let own = |number: usize| [customer(number), customer(number + 1)];
    issue(&product, (0..CUSTOMERS).map(|number| limited(&key(number), Some(&own(number)), None)).collect()).await;
    let stranger = ForeignCaller::at(&product);
    let unknown = known_keys(&stranger, &secret_of(&key(0))).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);

    let (calls, asked) = (product.vault_calls(), product.microsoft.requests().len());
    for route in routes_of_a_customer() {
        for number in 0..CUSTOMERS {
            for foreign in (0..CUSTOMERS).map(customer).filter(|id| !own(number).contains(id)) {
                let answer = stranger.ask_as(&secret_of(&key(number)), &route, &foreign, "anna").await;
                assert_eq!(answer, unknown, "{} {}", route.method, route.of(&foreign, "anna"));
            }
        }
    }
    assert_eq!(product.vault_calls(), calls, "nothing was looked up");
    assert_eq!(product.microsoft.requests().len(), asked, "Microsoft was not asked");
}

#[tokio::test]
async fn an_id_that_is_none_is_answered_as_one_whom_nobody_knows() {
    let product = Product::start().await;
    issue(&product, vec![limited("kadry", Some(&["kadry"]), None)]).await;
    let stranger = ForeignCaller::at(&product);
    for route in routes_of_a_customer() {
        let unknown = stranger.ask_as(&secret_of("kadry"), &route, "nobody", "anna").await;
        for id in ["a%2fb", "%6badry%00", "kadry%20", "KADRY", "kadry-AbCdEf", "-kadry", "arn:aws:x", &"k".repeat(65)] {
            let answer = stranger.ask_as(&secret_of("kadry"), &route, id, "anna").await;
            assert_eq!(answer, unknown, "{} {}", route.method, route.of(id, "anna"));
        }
    }
}

#[tokio::test]
async fn a_key_opens_its_own_part_of_the_contract_and_no_other() {
    let product = Product::start().await;
    let scopes = [("m", ApiScope::Meetings), ("c", ApiScope::Connections), ("a", ApiScope::Administration)];
    issue(&product, scopes.iter().map(|(key, scope)| limited::<&str>(key, None, Some(&[*scope]))).collect()).await;
    let stranger = ForeignCaller::at(&product);
    known_keys(&stranger, &secret_of("m")).await;
    for route in routes() {
        for (key, scope) in scopes {
            let calls = product.vault_calls();
            let answer = stranger.ask_as(&secret_of(key), &route, "nobody", "anna").await;
            let place = format!("{key} {} {}: {answer:?}", route.method, route.of("nobody", "anna"));
            if scope == route.scope {
                assert_ne!(answer.status, StatusCode::FORBIDDEN, "{place}");
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{place}");
                assert!(answer.body.contains("\"code\":\"insufficient_scope\""), "{place}");
                assert_eq!(
                    answer.headers["www-authenticate"],
                    r#"Bearer realm="Teams Connect", error="insufficient_scope""#
                );
                assert_eq!(product.vault_calls(), calls, "{place}");
            }
        }
    }
}

#[tokio::test]
async fn a_limited_key_walks_its_customers_whole_journey() {
    let product = Product::start().await;
    issue(&product, vec![limited("kadry", Some(&["kadry"]), None)]).await;
    let ats = TestAts::new(&product.base, &secret_of("kadry"));
    ats.configure("kadry").await.expect(200);
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    ats.order("kadry", "anna", "order").await.expect(201);
    assert_eq!(ats.configure("praca").await.expect(404).text("code"), "not_found");
}

#[tokio::test]
async fn a_limited_key_is_told_of_its_own_customers_and_nothing_is_listed_for_it() {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    issue(&product, vec![limited("praca", Some(&["praca", "kadry-2"]), None)]).await;
    let ats = TestAts::new(&product.base, &secret_of("praca"));
    let listed = product.vault_calls().get(&VaultOperation::List).copied();
    assert_eq!(ats.get("/v1/customers").await.expect(200).body, json!({"customers": []}));
    assert_eq!(product.vault_calls().get(&VaultOperation::List).copied(), listed);
    assert_eq!(product.ats().get("/v1/customers").await.expect(200).body["customers"][0]["customer"], "kadry");
}

#[tokio::test]
async fn every_wrong_credential_gets_the_same_401_on_every_route() {
    let product = Product::start().await;
    issue(&product, vec![limited::<&str>("meetings", None, Some(&[ApiScope::Meetings]))]).await;
    let stranger = ForeignCaller::at(&product);
    let (key, sha256) = (API_KEY, ApiKeyRecord::from_key("", &ApiKey::from(API_KEY.to_owned())).sha256);
    let wrong = [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer  {key}"),
        format!("Basic {key}"),
        key.to_owned(),
        format!("Bearer {}", &key[..key.len() - 1]),
        format!("Bearer {key}x"),
        format!("Bearer x{}", &key[1..]),
        format!("Bearer {}", key.to_uppercase()),
        format!("Bearer {sha256}"),
        format!("Bearer {key},"),
        format!("Bearer {key} {key}"),
        format!("Bearer \"{key}\""),
        format!("Bearer {key}%00"),
        format!("Bearer {}", "k".repeat(4096)),
        "Bearer eyJhbGciOiJub25lIn0.e30.".to_owned(),
    ];
    let mut seen = std::collections::BTreeMap::new();
    for route in routes() {
        // Or the number of tries would be answered, not the credential.
        product.wait(SignedDuration::from_mins(1));
        let path = route.of("kadry", "anna");
        let mut answers = vec![
            stranger.ask(&route.method, &path, &[]).await,
            stranger.ask(&route.method, &path, &[("cookie", key), ("x-api-key", key)]).await,
            stranger.ask(&route.method, &format!("{path}?api_key={key}&access_token={key}"), &[]).await,
            stranger
                .ask(
                    &route.method,
                    &path,
                    &[("authorization", &format!("Bearer {key}")), ("authorization", "Bearer x")],
                )
                .await,
        ];
        for value in &wrong {
            answers.push(stranger.ask(&route.method, &path, &[("authorization", value)]).await);
        }
        for answer in answers {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
            // Only whether a key was sent makes a difference (RFC 6750 §3.1).
            let challenge = answer.headers["www-authenticate"].to_str().unwrap().to_owned();
            assert_eq!(answer, *seen.entry(challenge).or_insert_with(|| answer.clone()), "{} {path}", route.method);
        }
    }
    let expected = ["", r#", error="invalid_token""#].map(|error| format!(r#"Bearer realm="Teams Connect"{error}"#));
    assert_eq!(seen.into_keys().collect::<Vec<_>>(), expected);
    let lower = format!("bearer {key}");
    let admitted = stranger.ask(&Method::GET, &connection("kadry", "anna"), &[("authorization", &lower)]).await;
    assert_eq!(admitted.status, StatusCode::NOT_FOUND, "the scheme has no case (RFC 7235 §2.1)");
}
