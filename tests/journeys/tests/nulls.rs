//! Whatever may be left out of a body may be `null`: clients that were generated send that.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

use microsoft_simulator::demo::{ANNA, KADRY_CLIENT_ID, KADRY_SECRET, KADRY_TENANT};
use reqwest::Method;
use serde_json::{Map, Value, json};
use test_support::product::Product;

/// The members of a body that need not be there, each `null`, beside these.
fn with_nulls(schema: &str, members: &Value) -> Value {
    let document: Value = serde_json::from_str(include_str!("../../../functions/openapi.json")).unwrap();
    let schema = &document["components"]["schemas"][schema];
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let optional = schema["properties"].as_object().unwrap().keys().filter(|name| !required.contains(&json!(name)));
    let mut body: Map<_, _> = optional.map(|name| (name.clone(), Value::Null)).collect();
    assert!(body.len() > 1, "hardly any member of {schema} may be left out: the test sends nothing");
    body.extend(members.as_object().unwrap().clone());
    Value::Object(body)
}

#[tokio::test]
async fn null_is_the_same_as_left_out() {
    let product = Product::start().await;
    let ats = product.ats();
    let known = json!({"tenant": KADRY_TENANT, "client_id": KADRY_CLIENT_ID, "client_secret": KADRY_SECRET});
    let credentials = with_nulls("Credentials", &known);
    ats.call(Method::PUT, "/v1/customers/kadry/credentials", Some(credentials), &[]).await.expect(200);
    for order in [Value::Null, with_nulls("IntakeLinkOrder", &json!({}))] {
        ats.post("/v1/customers/kadry/intake-links", order).await.expect(201);
    }
    for order in [Value::Null, with_nulls("ConnectLinkOrder", &json!({}))] {
        ats.post("/v1/customers/kadry/users/anna/connect-links", order).await.expect(201);
    }
    ats.connect("kadry", "anna", ANNA).await.expect(200);
    let made = ats.order_with("kadry", "anna", "order-1", with_nulls("MeetingOrder", &json!({}))).await.expect(201);
    let plain = ats.order_with("kadry", "anna", "order-1", json!({})).await.expect(200);
    assert_eq!(made.body["settings"], plain.body["settings"]);
    let change = with_nulls("MeetingChange", &json!({"subject": "Rozmowa: Jan Nowak"}));
    let path = format!("/v1/customers/kadry/users/anna/meetings/{}", made.text("id"));
    let changed = ats.call(Method::PATCH, &path, Some(change), &[]).await.expect(200);
    assert_eq!((changed.text("subject"), &changed.body["start"]), ("Rozmowa: Jan Nowak", &made.body["start"]));
}
