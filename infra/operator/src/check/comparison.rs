//! What was promised, beside what is there.

use serde_json::{Map, Value};

/// Lists of these are lists of entries with names, in no order.
const ENTRY_NAMES: [&str; 2] = ["Id", "Name"];

/// What is only there if the template says so.
const OPEN_SETS: [&str; 1] = ["Variables"];

/// Each setting that is not as promised. What AWS tells beyond that is its own.
pub(crate) fn differences(promised: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", promised, actual, &mut found);
    found
}

fn compare(path: &str, promised: &Value, actual: &Value, found: &mut Vec<String>) {
    match (promised, actual) {
        (Value::Object(fields), Value::Object(told)) => {
            for (name, field) in fields {
                compare(&below(path, name), field, field_of(told, name), found);
            }
            if OPEN_SETS.iter().any(|set| path.ends_with(set)) {
                for name in told.keys().filter(|name| !fields.contains_key(*name)) {
                    found.push(format!("{} is there, and the template does not have it", below(path, name)));
                }
            }
        }
        (Value::Array(wanted), Value::Array(told))
            if wanted.len() == told.len() && wanted.iter().any(Value::is_object) =>
        {
            for (at, one) in wanted.iter().enumerate() {
                let (name, other) = entry(one, at, told);
                compare(&below(path, &name), one, other, found);
            }
        }
        (Value::Array(wanted), Value::Array(told)) if sorted(wanted) == sorted(told) => {}
        _ if text(promised) == text(actual) || as_number(promised).is_some_and(|it| as_number(actual) == Some(it)) => {}
        _ => found.push(format!("{path} is {}, and the template says {}", text(actual), text(promised))),
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A field by the template's name. API Gateway's own names begin small.
fn field_of<'a>(told: &'a Map<String, Value>, name: &str) -> &'a Value {
    let mut letters = name.chars();
    let small: String = letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect();
    told.get(name).or_else(|| told.get(&small)).unwrap_or(&Value::Null)
}

/// The entry of a list that `wanted` is to be compared with, and what it is called.
fn entry<'a>(wanted: &Value, at: usize, told: &'a [Value]) -> (String, &'a Value) {
    let name = ENTRY_NAMES.iter().find_map(|key| Some((*key, wanted.get(*key)?.as_str()?)));
    let other = match name {
        Some((key, name)) => told.iter().find(|one| one[key] == name),
        None => told.get(at),
    };
    (name.map_or_else(|| at.to_string(), |(_, name)| name.to_owned()), other.unwrap_or(&Value::Null))
}

/// A list of words or numbers, in no order.
fn sorted(many: &[Value]) -> Vec<String> {
    let mut texts: Vec<String> = many.iter().map(text).collect();
    texts.sort();
    texts
}

/// Whether nothing is set.
pub(crate) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(fields) => fields.values().all(is_nothing),
        Value::Array(many) => many.is_empty(),
        _ => false,
    }
}

/// A value as it stands in a finding. Parameters are text where AWS has numbers, and the ARN of a log ends in `:*` or does not.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "not set".to_owned(),
        Value::String(text) if text.is_empty() => "empty".to_owned(),
        Value::String(text) => text.strip_suffix(":*").unwrap_or(text).to_owned(),
        other => other.to_string(),
    }
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_means_the_same_is_no_difference() {
        let promised = json!({
            "Threshold": 5, "Rate": "20", "Enabled": true, "Log": "arn:aws:logs:x:1:log-group:/a:*",
            "Dimensions": [{"Name": "a", "Value": "1"}, {"Name": "b", "Value": "2"}], "Architectures": ["arm64"],
            "Environment": {"Variables": {"A": "1"}}, "StageName": "$default"
        });
        let actual = json!({
            "Threshold": 5.0, "Rate": 20, "Enabled": "true", "Log": "arn:aws:logs:x:1:log-group:/a",
            "Dimensions": [{"Name": "b", "Value": "2"}, {"Name": "a", "Value": "1"}], "Architectures": ["arm64"],
            "Environment": {"Variables": {"A": "1"}}, "stageName": "$default", "CodeSize": 7
        });
        assert_eq!(differences(&promised, &actual), [""; 0]);
    }

    #[test]
    fn each_difference_is_named_with_both_values() {
        let promised = json!({
            "MemorySize": 256, "Architectures": ["arm64"], "Layers": [], "Environment": {"Variables": {"A": "1", "B": ""}},
            "Dimensions": [{"Name": "a", "Value": "1"}], "Target": {"Arn": "x"}
        });
        let actual = json!({
            "MemorySize": 128, "Architectures": ["x86_64"], "Layers": ["y"],
            "Environment": {"Variables": {"A": "2", "B": "", "C": "3"}}, "Dimensions": [{"Name": "b", "Value": "1"}]
        });
        let mut found = differences(&promised, &actual);
        found.sort();
        assert_eq!(
            found,
            [
                r#"Architectures is ["x86_64"], and the template says ["arm64"]"#,
                r#"Dimensions.a is not set, and the template says {"Name":"a","Value":"1"}"#,
                "Environment.Variables.A is 2, and the template says 1",
                "Environment.Variables.C is there, and the template does not have it",
                r#"Layers is ["y"], and the template says []"#,
                "MemorySize is 128, and the template says 256",
                r#"Target is not set, and the template says {"Arn":"x"}"#,
            ]
        );
    }

    #[test]
    fn a_setting_that_holds_nothing_is_none() {
        for nothing in [json!(null), json!({}), json!({"AdditionalVersionWeights": {}}), json!([])] {
            assert!(is_nothing(&nothing), "{nothing}");
        }
        assert!(!is_nothing(&json!({"AdditionalVersionWeights": {"8": 0.1}})) && !is_nothing(&json!(0)));
    }
}
