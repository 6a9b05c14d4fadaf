//! OpenAPI 3.0 of what is said in OpenAPI 3.1: for generators that do not read 3.1 yet.

use serde_json::{Map, Value, json};

const SCHEMAS: &str = "#/components/schemas/";

/// The same document in OpenAPI 3.0.3.
#[must_use]
pub fn downgrade(document: &Value) -> Value {
    let mut older = rewrite(document, document);
    older["openapi"] = json!("3.0.3");
    // 3.0 has no webhooks; tools look for them under this name.
    if let Some(webhooks) = older.as_object_mut().and_then(|older| older.remove("webhooks")) {
        older["x-webhooks"] = webhooks;
    }
    older
}

fn rewrite(value: &Value, document: &Value) -> Value {
    match value {
        Value::Array(values) => values.iter().map(|value| rewrite(value, document)).collect(),
        Value::Object(members) => rewrite_object(members, document).into(),
        _ => value.clone(),
    }
}

fn rewrite_object(members: &Map<String, Value>, document: &Value) -> Map<String, Value> {
    if let Some(target) = nullable_reference(members) {
        return nullable(members, target, document);
    }
    let mut older: Map<_, _> = members.iter().map(|(name, value)| (name.clone(), rewrite(value, document))).collect();
    // `"type": ["string", "null"]`
    if let Some(kinds) = members.get("type").and_then(Value::as_array)
        && let Some(kind) = kinds.iter().find(|kind| *kind != "null")
    {
        older.insert("type".to_owned(), kind.clone());
        older.insert("nullable".to_owned(), json!(true));
    }
    // Beside a reference, 3.0 overlooks everything else.
    let reference = older.get("$ref").and_then(Value::as_str).filter(|target| target.starts_with(SCHEMAS));
    if let Some(target) = reference.filter(|_| members.len() > 1).map(str::to_owned) {
        older.remove("$ref");
        older.insert("allOf".to_owned(), json!([{ "$ref": target }]));
    }
    older
}

/// The target of `"oneOf": [{"$ref": …}, {"type": "null"}]`, with what is said beside the reference.
fn nullable_reference(members: &Map<String, Value>) -> Option<&Map<String, Value>> {
    let choices = members.get("oneOf")?.as_array()?;
    choices.iter().find(|choice| choice["type"] == "null")?;
    choices.iter().find_map(|choice| choice.as_object().filter(|choice| choice.contains_key("$ref")))
}

/// `nullable` needs a type beside it, and a reference in `oneOf`: of one in `allOf`, `NSwag` makes a type of its own.
fn nullable(members: &Map<String, Value>, target: &Map<String, Value>, document: &Value) -> Map<String, Value> {
    let reference = target["$ref"].as_str().unwrap_or_default();
    let kind = document.pointer(&reference[1..]).and_then(|schema| schema.get("type")).cloned();
    let beside = target.iter().filter(|(name, _)| *name != "$ref");
    let mut older: Map<_, _> =
        members.iter().chain(beside).map(|(name, value)| (name.clone(), value.clone())).collect();
    older.insert("type".to_owned(), kind.unwrap_or_else(|| json!("object")));
    older.insert("nullable".to_owned(), json!(true));
    older.insert("oneOf".to_owned(), json!([{ "$ref": reference }]));
    older
}
