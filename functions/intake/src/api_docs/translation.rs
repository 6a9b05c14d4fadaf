//! The OpenAPI document in Polish, to be read. The document that is served is in English, as its names are.

use std::collections::HashMap;

use serde_json::Value;
use shared::types::language::Language;

/// The texts of the document, each with its translation.
const POLISH: &str = include_str!("../../../../docs/pl/reference.json");

/// The document with its texts in a language. A text without a translation stays as it is.
///
/// # Errors
/// If the list of translations cannot be read.
pub(super) fn in_language(mut document: Value, language: Language) -> serde_json::Result<Value> {
    if language == Language::Pl {
        translate(&mut document, &serde_json::from_str(POLISH)?);
    }
    Ok(document)
}

fn translate(value: &mut Value, texts: &HashMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let text = member.as_str().filter(|_| matches!(name.as_str(), "description" | "summary"));
                match text.and_then(|text| texts.get(text.trim())) {
                    Some(translation) => *member = Value::from(translation.as_str()),
                    None => translate(member, texts),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| translate(item, texts)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::api_docs::OPENAPI;

    /// The texts that the page shows: not those of headers and examples, and not lists of codes.
    fn texts(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match member.as_str() {
                        Some(text) if matches!(name.as_str(), "description" | "summary") => {
                            found.extend((!text.starts_with("- `")).then(|| text.trim().to_owned()));
                        }
                        _ if matches!(name.as_str(), "headers" | "examples" | "example" | "securitySchemes") => {}
                        _ => texts(member, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
            _ => {}
        }
    }

    /// What stands in backticks, in any order.
    fn code(text: &str) -> Vec<&str> {
        let mut spans: Vec<_> = text.split('`').skip(1).step_by(2).collect();
        spans.sort_unstable();
        spans
    }

    #[test]
    fn every_text_of_the_document_is_translated() {
        let mut english = BTreeSet::new();
        texts(&serde_json::from_str(OPENAPI).unwrap(), &mut english);
        let polish: HashMap<String, String> = serde_json::from_str(POLISH).unwrap();
        let translated: BTreeSet<String> = polish.keys().cloned().collect();
        let (missing, unused): (Vec<_>, Vec<_>) =
            (english.difference(&translated).collect(), translated.difference(&english).collect());
        assert!(
            missing.is_empty() && unused.is_empty(),
            "docs/pl/reference.json: missing {missing:#?}, unused {unused:#?}"
        );
        for (english, polish) in &polish {
            assert_eq!(code(english), code(polish), "{english}");
        }
        let document = in_language(serde_json::from_str(OPENAPI).unwrap(), Language::Pl).unwrap();
        assert_eq!(document["paths"]["/healthz"]["get"]["summary"], "Sprawdzenie działania");
    }
}
