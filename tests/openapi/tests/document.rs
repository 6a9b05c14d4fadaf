//! The document that the product serves says what the code says, and can be followed.

use std::collections::BTreeSet;
use std::path::Path;

use contract::{PLACE, document, text};
use serde_json::Value;

#[test]
fn the_document_that_is_served_is_what_the_code_says() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PLACE);
    let kept = std::fs::read_to_string(place).unwrap();
    assert!(kept == text().unwrap(), "{PLACE} is out of date: `cargo run -p contract` writes it anew");
}

/// Every `$ref`, wherever it stands.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = serde_json::to_value(document()).unwrap();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 50, "hardly any reference was found: the test reads nothing");
    let lost: Vec<_> = found.iter().filter(|to| document.pointer(&to[1..]).is_none()).collect();
    assert_eq!(lost, [""; 0]);
}

#[test]
fn every_operation_has_a_name_of_its_own_and_a_sentence() {
    let document = serde_json::to_value(document()).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations: Vec<_> = paths.flat_map(|path| path.as_object().unwrap().values()).collect();
    let names: BTreeSet<_> = operations.iter().map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.len(), operations.len());
    for operation in operations {
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{operation}");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{operation}");
    }
}

#[test]
fn every_route_for_callers_says_what_happens_without_a_key() {
    let document = serde_json::to_value(document()).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let guarded = !operation["security"].is_null();
            assert_eq!(guarded, path.starts_with("/v1/"), "{method} {path}");
            assert_eq!(guarded, !operation["responses"]["401"].is_null(), "{method} {path}");
        }
    }
}
