//! What the ATS says of a sign-in: its own state, its page, which account it expects, and which it replaces.

use microsoft_simulator::demo::{ANNA, JAN};
use serde_json::{Value, json};
use test_support::ats::connection;
use test_support::browser::query_of;
use test_support::product::{COMPLETION_URL, OTHER_COMPLETION_URL, Product};
use uuid::Uuid;

async fn configured() -> Product {
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    product
}

/// Where the browser of somebody who signs in with `account` is sent at the end.
async fn returned(product: &Product, options: Value, account: &str) -> url::Url {
    let link = product.ats().connect_link_with("kadry", "anna", options).await.expect(201);
    product.browser().sign_in(link.text("url"), account).await
}

/// The account that the link sends to Microsoft, and the prompt.
async fn asked_of_microsoft(product: &Product, options: Value) -> (Option<String>, Option<String>) {
    let link = product.ats().connect_link_with("kadry", "anna", options).await.expect(201);
    let authorize = product.browser().get(link.text("url")).await.location();
    let parameter =
        |name: &str| authorize.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    (parameter("login_hint"), parameter("prompt"))
}

#[tokio::test]
async fn the_state_of_the_ats_comes_back_beside_the_handle_and_beside_an_error() {
    let product = configured().await;
    for state in ["s", "a b&c=d#e%20+/?\"'", &"x".repeat(256)] {
        let page = returned(&product, json!({ "state": state }), ANNA).await;
        assert!(page.as_str().starts_with(COMPLETION_URL), "{page}");
        assert_eq!(query_of(&page, "state"), state);
        product.ats().complete("kadry", "anna", &query_of(&page, "handle")).await.expect(200);
    }
    let link = product.ats().connect_link_with("kadry", "anna", json!({ "state": "s-1" })).await.expect(201);
    let browser = product.browser();
    let declined = [("user", ANNA), ("decision", "decline")];
    let back = browser.answer_microsoft(link.text("url"), &declined).await;
    let page = browser.get(back.as_str()).await.location();
    assert_eq!(page.as_str(), format!("{COMPLETION_URL}?error=sign_in_declined&state=s-1"));
    for wrong in ["", "ą", "a\nb", &"x".repeat(257)] {
        let refused = product.ats().connect_link_with("kadry", "anna", json!({ "state": wrong })).await.expect(422);
        assert_eq!(refused.body["errors"][0]["field"], "state", "{wrong:?}");
    }
}

#[tokio::test]
async fn a_sign_in_returns_to_the_page_that_the_ats_named_if_the_operator_allows_it() {
    let product = configured().await;
    for (url, expected) in [(OTHER_COMPLETION_URL, OTHER_COMPLETION_URL), (COMPLETION_URL, COMPLETION_URL)] {
        let page = returned(&product, json!({ "completion_url": url }), ANNA).await;
        assert!(page.as_str().starts_with(expected), "{page}");
        product.ats().complete("kadry", "anna", &query_of(&page, "handle")).await.expect(200);
    }
    for wrong in ["https://evil.example/", "", "x", "http://localhost:9/", "http://localhost:9/recruiting/done"] {
        let options = json!({ "completion_url": wrong });
        let refused = product.ats().connect_link_with("kadry", "anna", options).await.expect(422);
        assert_eq!(refused.body["errors"][0]["field"], "completion_url", "{wrong:?}");
    }
}

#[tokio::test]
async fn another_account_than_the_expected_one_is_rejected_before_anything_is_stored() {
    let product = configured().await;
    let ats = product.ats();
    let jan = product.microsoft.directory(|directory| directory.user(JAN).unwrap().1.oid);
    let expected_at_link = |account: &str| json!({ "expected_account": account });
    // At the link, by address and by object id; at the completion.
    for (at_link, at_completion) in [
        (expected_at_link(JAN), json!({})),
        (expected_at_link(&jan.to_string()), json!({})),
        (json!({}), expected_at_link(JAN)),
        (expected_at_link(ANNA), expected_at_link(JAN)),
    ] {
        let page = returned(&product, at_link.clone(), ANNA).await;
        let handle = query_of(&page, "handle");
        let refused = ats.complete_with("kadry", "anna", &handle, at_completion).await.expect(409);
        assert_eq!(refused.text("code"), "different_account", "{at_link}");
        assert_eq!(refused.body["accounts"]["signed_in"]["upn"], ANNA, "{at_link}");
        ats.get(&connection("kadry", "anna")).await.expect(404);
    }
    for right in [ANNA.to_uppercase(), ANNA.to_owned()] {
        let page = returned(&product, expected_at_link(&right), ANNA).await;
        let handle = query_of(&page, "handle");
        ats.complete_with("kadry", "anna", &handle, expected_at_link(ANNA)).await.expect(200);
    }
    for wrong in ["", " ", "a\nb", &"x".repeat(257)] {
        let refused = ats.connect_link_with("kadry", "anna", expected_at_link(wrong)).await.expect(422);
        assert_eq!(refused.body["errors"][0]["field"], "expected_account", "{wrong:?}");
        let refused = ats.complete_with("kadry", "anna", "x", expected_at_link(wrong)).await.expect(422);
        assert_eq!(refused.body["errors"][0]["field"], "expected_account", "{wrong:?}");
    }
}

#[tokio::test]
async fn the_link_that_mends_another_account_has_what_the_first_one_had() {
    let product = configured().await;
    let ats = product.ats();
    let first = json!({
        "language": "pl", "state": "session-7", "completion_url": OTHER_COMPLETION_URL, "expected_account": JAN,
    });
    let page = returned(&product, first.clone(), ANNA).await;
    let refused = ats.complete("kadry", "anna", &query_of(&page, "handle")).await.expect(409);
    let mut expected = first;
    expected["select_account"] = json!(true);
    let mend = &refused.body["mend"];
    assert_eq!(mend["body"], expected);
    let link = ats.post("/v1/customers/kadry/users/anna/connect-links", mend["body"].clone()).await.expect(201);
    let page = product.browser().sign_in(link.text("url"), JAN).await;
    assert_eq!(query_of(&page, "state"), "session-7");
    ats.complete("kadry", "anna", &query_of(&page, "handle")).await.expect(200);
    // Whom the completion expected is expected of the next link too.
    let expected = json!({ "expected_account": JAN, "replace_account": true });
    let handle = query_of(&returned(&product, json!({}), ANNA).await, "handle");
    let refused = ats.complete_with("kadry", "anna", &handle, expected).await.expect(409);
    assert_eq!(refused.body["mend"]["body"], json!({ "select_account": true, "expected_account": JAN }));
}

#[tokio::test]
async fn an_account_that_was_created_again_takes_its_place_when_the_ats_says_so() {
    let product = configured().await;
    let ats = product.ats();
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    let before = product.microsoft.directory(|directory| {
        let user = directory.user_mut(ANNA).unwrap();
        std::mem::replace(&mut user.oid, Uuid::from_u128(0x11a5_c0de_0001_4a01_8001_a1b2_c3d4_e5ff))
    });
    let refused = ats.connect("kadry", "anna", ANNA).await.expect(409);
    assert_eq!((refused.text("code"), refused.text("actor")), ("different_account", "recruiter"));
    assert_eq!(refused.body["accounts"]["expected"]["oid"], before.to_string());
    assert_eq!(refused.body["accounts"]["expected"]["upn"], ANNA);
    assert_eq!(refused.body["accounts"]["signed_in"]["oid"], "11a5c0de-0001-4a01-8001-a1b2c3d4e5ff");

    let handle = query_of(&returned(&product, json!({}), ANNA).await, "handle");
    let replaced = ats.complete_with("kadry", "anna", &handle, json!({ "replace_account": true })).await.expect(200);
    assert_eq!(replaced.text("state"), "active");
    ats.order("kadry", "anna", "order-1").await.expect(201);
    // Now it is the connected account, and again no other takes its place unasked.
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    ats.connect("kadry", "anna", JAN).await.expect(409);
}

#[tokio::test]
async fn microsoft_is_told_which_account_to_offer() {
    let product = configured().await;
    let ats = product.ats();
    assert_eq!(asked_of_microsoft(&product, json!({})).await, (None, None));
    let expected = json!({ "expected_account": JAN });
    assert_eq!(asked_of_microsoft(&product, expected).await, (Some(JAN.to_owned()), None));
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    assert_eq!(asked_of_microsoft(&product, json!({})).await, (Some(ANNA.to_owned()), None));
    let hint = json!({ "login_hint": JAN });
    assert_eq!(asked_of_microsoft(&product, hint).await, (Some(JAN.to_owned()), None));

    // Single sign-on chose another account: the answer says how the recruiter gets to choose.
    let refused = ats.connect("kadry", "anna", JAN).await.expect(409);
    let mend = &refused.body["mend"];
    assert_eq!(mend["url"], format!("{}/v1/customers/kadry/users/anna/connect-links", product.base));
    let chosen = (Some(ANNA.to_owned()), Some("select_account".to_owned()));
    assert_eq!(asked_of_microsoft(&product, mend["body"].clone()).await, chosen);
}
