//! The document that the product serves says what the code says, and can be followed.

use std::collections::BTreeSet;
use std::path::Path;

use contract::{PLACE, document, older_text, text};
use serde_json::Value;
use shared::domain::finding::FindingKind;
use shared::http::problem::ProblemKind;

#[test]
fn the_document_that_is_served_is_what_the_code_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let kept = std::fs::read_to_string(root.join(PLACE)).unwrap();
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
    let document = document().unwrap();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 50, "hardly any reference was found: the test reads nothing");
    let lost: Vec<_> = found.iter().filter(|to| document.pointer(&to[1..]).is_none()).collect();
    assert_eq!(lost, [""; 0]);
}

#[test]
fn every_operation_has_a_name_of_its_own_and_a_sentence() {
    let document = document().unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations: Vec<_> = paths.flat_map(|path| path.as_object().unwrap().values()).collect();
    let names: BTreeSet<_> = operations.iter().map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.len(), operations.len());
    for operation in operations {
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{operation}");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{operation}");
    }
}

/// The members of every schema: where it stands, whether it is required, what it is.
fn members(document: &Value) -> Vec<(String, bool, Value)> {
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let parts = schemas.flat_map(|(name, schema)| {
        let all_of = schema["allOf"].as_array().cloned().unwrap_or_default();
        [schema.clone()].into_iter().chain(all_of).map(move |part| (name, part))
    });
    let members = parts.flat_map(|(name, part)| {
        let required = part["required"].as_array().cloned().unwrap_or_default();
        let members = part["properties"].as_object().cloned().unwrap_or_default();
        members
            .into_iter()
            .map(move |(member, schema)| (format!("{name}.{member}"), required.contains(&Value::from(member)), schema))
    });
    members.collect()
}

fn may_be_null(schema: &Value) -> bool {
    schema["type"].as_array().is_some_and(|kinds| kinds.contains(&"null".into()))
        || schema["oneOf"].as_array().is_some_and(|choices| choices.iter().any(may_be_null))
        || schema["type"] == "null"
}

/// A generator of C# makes a value of what cannot be null, and sends its first word where nothing was said.
#[test]
fn what_may_be_left_out_may_be_null() {
    let document = document().unwrap();
    let members = members(&document);
    assert!(members.len() > 150, "hardly any member was found: the test reads nothing");
    // A form has no way to write `null`: what was sent would be the word.
    let (of_forms, of_json): (Vec<_>, Vec<_>) =
        members.iter().partition(|(member, ..)| member.starts_with("CredentialsForm."));
    let wrong: Vec<_> = of_json.into_iter().filter(|(_, required, schema)| *required == may_be_null(schema)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(of_forms.len() == 6 && of_forms.iter().all(|(_, _, schema)| !may_be_null(schema)), "{of_forms:?}");
}

/// Generators make a type of their own of each choice, and few of them compile.
#[test]
fn a_member_is_of_one_kind() {
    let document = document().unwrap();
    for (member, _, schema) in members(&document) {
        let kinds =
            schema["oneOf"].as_array().map_or(1, |choices| choices.iter().filter(|one| one["type"] != "null").count());
        assert_eq!(kinds, 1, "{member}");
        assert_eq!(schema["default"], Value::Null, "{member}");
        assert!(schema.as_object().is_some_and(|schema| !schema.contains_key("default")), "{member}");
        let is_list = schema["type"] == "array" || schema["type"][0] == "array";
        assert!(!is_list || schema["maxItems"].is_u64(), "{member} is a list without an end");
    }
}

/// Generators split names at an underscore, and write classes with a capital letter.
#[test]
fn names_are_good_in_every_language() {
    let document = document().unwrap();
    let is_camel_case = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.chars().all(|next| next.is_ascii_alphanumeric())
    };
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(is_camel_case(name), "{name}");
            for parameter in operation["parameters"].as_array().unwrap() {
                assert!(
                    parameter["schema"]["enum"].is_null(),
                    "{method} {path}: a closed set needs a name: {parameter}"
                );
            }
        }
    }
    let schemas: Vec<_> = document["components"]["schemas"].as_object().unwrap().keys().collect();
    let parameters: Vec<_> = document["components"]["parameters"].as_object().unwrap().keys().collect();
    for parameter in parameters {
        assert!(!schemas.iter().any(|schema| schema.eq_ignore_ascii_case(parameter)), "{parameter} names two things");
    }
    for (member, ..) in members(&document) {
        let (schema, member) = member.split_once('.').unwrap();
        assert!(
            !schema.eq_ignore_ascii_case(&member.replace('_', "")),
            "a class {schema} cannot have a member {member}"
        );
    }
}

#[test]
fn what_is_no_json_and_no_page_is_a_file() {
    let document = document().unwrap();
    let mut files = 0;
    for operation in document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values())
    {
        for response in operation["responses"].as_object().unwrap().values() {
            for (media_type, content) in response["content"].as_object().into_iter().flatten() {
                if !media_type.ends_with("json") && media_type != "text/html" {
                    assert_eq!(content["schema"]["format"], "binary", "{media_type}");
                    files += 1;
                }
            }
        }
    }
    assert!(files >= 3, "hardly any file was found: the test reads nothing");
}

#[test]
fn every_example_is_referred_to() {
    let document = document().unwrap();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for code in document["components"]["examples"].as_object().unwrap().keys() {
        assert!(found.contains(&format!("#/components/examples/{code}")), "{code}");
    }
}

#[test]
fn the_document_in_openapi_3_0_says_nothing_in_3_1() {
    let older: Value = serde_json::from_str(&older_text().unwrap()).unwrap();
    assert_eq!(older["openapi"], "3.0.3");
    let mut found = BTreeSet::new();
    references(&older, &mut found);
    assert!(found.iter().all(|to| older.pointer(&to[1..]).is_some()));
    let mut open = vec![&older];
    while let Some(value) = open.pop() {
        if let Value::Object(members) = value {
            assert!(!members.get("type").is_some_and(|kind| kind.is_array() || kind == "null"), "{value}");
            let is_schema = members.get("$ref").and_then(Value::as_str).is_some_and(|to| to.contains("/schemas/"));
            assert!(!is_schema || members.len() == 1, "beside a reference nothing counts: {value}");
            assert!(!members.contains_key("nullable") || members.contains_key("type"), "{value}");
        }
        open.extend(value.as_object().into_iter().flat_map(|members| members.values()));
        open.extend(value.as_array().into_iter().flatten());
    }
}

#[test]
fn every_route_for_callers_says_what_happens_without_a_key() {
    let document = document().unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            // Where an operation says nothing, the document asks for a key.
            let guarded = operation["security"].is_null();
            assert!(guarded || operation["security"].as_array().is_some_and(Vec::is_empty), "{method} {path}");
            assert_eq!(guarded, path.starts_with("/v1/"), "{method} {path}");
            assert_eq!(guarded, !operation["responses"]["401"].is_null(), "{method} {path}");
        }
    }
}

/// Generated clients refuse a word that is not in an enum, so what may grow is none.
#[test]
fn every_code_is_in_the_document_and_codes_may_grow() {
    let document = document().unwrap();
    let code = &document["components"]["schemas"]["Code"];
    assert!(code["enum"].is_null());
    let problems = ProblemKind::ALL.iter().map(|kind| (kind.code(), "problem"));
    let findings = FindingKind::ALL.iter().map(|kind| (kind.code(), "finding"));
    for (name, kind) in problems.chain(findings) {
        let known = &code["x-codes"][name];
        assert!(known[kind].is_object() && known["title"].is_string() && known["actor"].is_string(), "{name}: {known}");
    }
}

#[test]
fn what_was_made_tells_where_it_is() {
    let document = document().unwrap();
    let mut made = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            let created = &operation["responses"]["201"];
            // A link is worth a sign-in, and headers are logged more often than bodies.
            if !created.is_null() && !path.ends_with("-links") {
                assert!(created["headers"]["Location"].is_object(), "{path}");
                made.push(path);
            }
        }
    }
    assert_eq!(made.len(), 2, "{made:?}");
}
