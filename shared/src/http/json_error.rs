//! What is wrong with a JSON body, for a developer: which member, what is allowed there, what was probably meant. Names of
//! members are quoted, and values never, because they may be secret.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Error, Segment};

use crate::http::problem::{FieldError, Problem, ProblemKind};

/// The path of the whole body.
pub(super) const WHOLE_BODY: &str = ".";

/// As many as the OpenAPI document promises at most.
const MAX_ERRORS: usize = 100;

/// What is wrong with a text that is not a `T`: where it is no JSON, or every member that does not fit.
pub(super) fn json_problem<T: DeserializeOwned>(text: &str, error: &Error<serde_json::Error>) -> Problem {
    let body = match serde_json::from_str::<Value>(text) {
        Ok(body) => body,
        Err(error) => return syntax_problem(&error),
    };
    let mut errors = member_errors::<T>(body);
    // A value has each member once, so only the parser of the text can find one that stands twice.
    let message = error.inner().to_string();
    if errors.is_empty() || message.starts_with("duplicate field") {
        errors.insert(0, field_error(&error.path().to_string(), &message));
    }
    Problem::from(ProblemKind::InvalidFields).with_fields(errors)
}

/// Every member that does not fit. The parser stops at the first, so that one is corrected and the body parsed again.
fn member_errors<T: DeserializeOwned>(mut body: Value) -> Vec<FieldError> {
    let mut errors = Vec::new();
    // A member of any type of ours can be one of these, but not every one can be both.
    let stand_ins = [Value::Null, Value::from("")];
    let mut tried = BTreeMap::<String, usize>::new();
    while errors.len() < MAX_ERRORS
        && let Err(error) = serde_path_to_error::deserialize::<_, T>(&body)
    {
        let found = field_error(&error.path().to_string(), &error.inner().to_string());
        let attempt = tried.entry(found.field.clone()).or_default();
        let stand_in = stand_ins.get(*attempt).cloned();
        *attempt += 1;
        let is_new = *attempt == 1;
        let is_corrected = correct(&mut body, &error, stand_in);
        if is_new {
            errors.push(found);
        }
        if !is_corrected {
            break;
        }
    }
    errors
}

/// Removes an unknown member, or puts a stand-in where a member is missing or does not fit. Returns whether it could.
fn correct(body: &mut Value, error: &Error<serde_json::Error>, stand_in: Option<Value>) -> bool {
    let message = error.inner().to_string();
    let unknown = message.strip_prefix("unknown field `").and_then(|rest| Some(rest.split_once("`, ")?.0));
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    // The path of an unknown or missing member may end with its name.
    let mut at = body;
    let own_name = unknown.or(missing);
    let mut path = error.path().iter().peekable();
    while let Some(segment) = path.next() {
        let is_last = path.peek().is_none();
        let next = match segment {
            Segment::Map { key } if is_last && own_name == Some(key) => break,
            Segment::Map { key } => at.get_mut(key),
            Segment::Seq { index } => at.get_mut(index),
            Segment::Enum { .. } | Segment::Unknown => break,
        };
        match next {
            Some(next) => at = next,
            None => return false,
        }
    }
    match (unknown, missing, stand_in) {
        (Some(name), ..) => at.as_object_mut().is_some_and(|members| members.remove(name).is_some()),
        (None, Some(name), Some(stand_in)) => {
            at.as_object_mut().is_some_and(|members| members.insert(name.to_owned(), stand_in).is_none())
        }
        (None, None, Some(stand_in)) => {
            *at = stand_in;
            true
        }
        (None, _, None) => false,
    }
}

/// Where a text is no JSON.
pub(super) fn syntax_problem(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let detail = format!("line {line}, column {column}: {}", without_place(&error.to_string()));
    Problem::from(ProblemKind::MalformedRequest).with_field(FieldError::new(WHOLE_BODY, &detail))
}

/// Serde's messages have a fixed form, and what it expected stands last; a value before that may have any form.
fn field_error(path: &str, message: &str) -> FieldError {
    let message = without_place(message);
    if let Some(name) = message.strip_prefix("missing field `") {
        return FieldError::new(&member_path(path, name.trim_end_matches('`')), "is missing");
    }
    if let Some(name) = message.strip_prefix("duplicate field `") {
        return FieldError::new(&member_path(path, name.trim_end_matches('`')), "stands twice");
    }
    let (found, expected) = message.rsplit_once(", expected ").unwrap_or((message, ""));
    if let Some(name) = found.strip_prefix("unknown field `") {
        let name = name.trim_end_matches('`');
        let known: Vec<_> = words(expected).collect();
        return unknown_name(&member_path(path, name), name, &known);
    }
    if let Some(value) = found.strip_prefix("unknown variant `") {
        let allowed: Vec<_> = words(expected).collect();
        let meant = nearest(value.trim_end_matches('`'), &allowed);
        let hint = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        return FieldError::new(path, &format!("is none of {}{hint}", list(&allowed)));
    }
    let detail = match found.split(':').next() {
        Some("invalid type") => format!("is of another type: expected {}", type_name(expected)),
        Some("invalid value") => format!("is out of range: expected {}", type_name(expected)),
        _ => "is not valid".to_owned(),
    };
    FieldError::new(path, &detail)
}

/// An unknown name, with what was probably meant.
pub(super) fn unknown_name(path: &str, name: &str, known: &[&str]) -> FieldError {
    let detail = match nearest(name, known) {
        Some(meant) => format!("is unknown; did you mean `{meant}`?"),
        None if known.is_empty() => "is unknown; none is known here".to_owned(),
        None => format!("is unknown; known are {}", list(known)),
    };
    FieldError::new(path, &detail)
}

/// The path of a member of what is at this path. The parser's path may lead to the member already.
fn member_path(path: &str, member: &str) -> String {
    let is_there = path.strip_suffix(member).is_some_and(|parent| parent.is_empty() || parent.ends_with('.'));
    match path {
        WHOLE_BODY => member.to_owned(),
        _ if is_there => path.to_owned(),
        _ => format!("{path}.{member}"),
    }
}

fn without_place(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(message, _)| message)
}

/// The words in backticks.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// What was probably meant: the same in another case, with a slip or two, or with more behind it.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let word: String = plain(word).chars().take(64).collect();
    let distance = |known: &&&str| strsim::osa_distance(&word, &plain(known));
    let closest = known.iter().min_by_key(distance)?;
    if distance(&closest) <= (word.len() / 3).min(2) {
        return Some(closest);
    }
    known
        .iter()
        .filter(|known| known.len() > 2 && word.starts_with(&plain(known)))
        .max_by_key(|known| known.len())
        .copied()
}

/// What serde calls a type, in words of JSON.
fn type_name(expected: &str) -> &str {
    match expected {
        "a sequence" => "a list",
        "a boolean" => "`true` or `false`",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not negative",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "a map" => "an object",
        _ if expected.starts_with("struct ") => "an object",
        // What the parser says of a number or an object where a word is expected.
        "string or map" | "map with a single key" | "unit variant" => "a string",
        _ if expected.starts_with("enum ") => "a string",
        _ => expected,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::Value;

    use super::*;
    use crate::types::language::Language;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only types matter")]
    struct Sample {
        start: String,
        lobby: Option<Word>,
        seconds: Option<u16>,
        people: Option<Vec<Person>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        Everyone,
        OnlyOrganizer,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only types matter")]
    struct Person {
        address: String,
    }

    fn all_told(text: &str) -> (ProblemKind, Vec<(String, String)>) {
        let mut parser = serde_json::Deserializer::from_str(text);
        let error = serde_path_to_error::deserialize::<_, Sample>(&mut parser).unwrap_err();
        let problem = json_problem::<Sample>(text, &error);
        let document = problem.document(Language::En, "", "");
        let word = |error: &Value, member: &str| error[member].as_str().map(str::to_owned).unwrap();
        let errors = document["errors"].as_array().unwrap().iter();
        (problem.kind(), errors.map(|error| (word(error, "field"), word(error, "detail"))).collect())
    }

    fn told(text: &str) -> (ProblemKind, String, String) {
        let (kind, mut errors) = all_told(text);
        let (field, detail) = errors.pop().unwrap();
        assert_eq!(errors, [], "{text}");
        (kind, field, detail)
    }

    #[test]
    fn a_member_is_named_with_what_is_wrong_and_what_was_meant() {
        for (text, field, detail) in [
            ("{}", "start", "is missing"),
            (r#"{"start":"x","people":[{}]}"#, "people[0].address", "is missing"),
            (r#"{"start":"x","start":"y"}"#, "start", "stands twice"),
            (r#"{"start":"x","strat":"x"}"#, "strat", "is unknown; did you mean `start`?"),
            (r#"{"start":"x","startTime":"x"}"#, "startTime", "is unknown; did you mean `start`?"),
            (r#"{"start":"x","colour":"x"}"#, "colour", "is unknown; known are `start`, `lobby`, `seconds`, `people`"),
            (
                r#"{"start":"x","people":[{"address":"x","Address":"x"}]}"#,
                "people[0].Address",
                "is unknown; did you mean `address`?",
            ),
            (
                r#"{"start":"x","lobby":"onlyOrganizer"}"#,
                "lobby",
                "is none of `everyone`, `only_organizer`; did you mean `only_organizer`?",
            ),
            (r#"{"start":"x","lobby":"canary"}"#, "lobby", "is none of `everyone`, `only_organizer`"),
            (r#"{"start":"x","lobby":1}"#, "lobby", "is of another type: expected a string"),
            (r#"{"start":1}"#, "start", "is of another type: expected a string"),
            (r#"{"start":null}"#, "start", "is of another type: expected a string"),
            (r#"{"start":"x","seconds":"1"}"#, "seconds", "is of another type: expected a whole number, not negative"),
            (r#"{"start":"x","seconds":70000}"#, "seconds", "is out of range: expected a whole number, not negative"),
            (r#"{"start":"x","people":"x"}"#, "people", "is of another type: expected a list"),
            (r#"{"start":"x","people":[1]}"#, "people[0]", "is of another type: expected an object"),
        ] {
            assert_eq!(told(text), (ProblemKind::InvalidFields, field.to_owned(), detail.to_owned()), "{text}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let fields = |text: &str| all_told(text).1.into_iter().map(|(field, _)| field).collect::<Vec<_>>();
        for (text, expected) in [
            (r#"{"colour":1,"Lobby":"x","seconds":"1"}"#, &["Lobby", "colour", "seconds", "start"][..]),
            (
                r#"{"start":1,"lobby":"x","people":[{"address":1},{"Address":"x"},{}]}"#,
                &["lobby", "people[0].address", "people[1].Address", "people[1].address", "people[2].address", "start"],
            ),
            (r#"{"start":"x","start":"y","colour":1}"#, &["start", "colour"]),
            (
                r#"{"start":"x","people":[{"address":"x","people":1},{"address":"x","people":1}]}"#,
                &["people[0].people", "people[1].people"],
            ),
            (r#"{"start":"x","a.b":1,"a`b":1,"c":1}"#, &["a.b", "a`b", "c"]),
        ] {
            assert_eq!(fields(text), expected, "{text}");
        }
        let many = format!("{{{}}}", (0..200).map(|n| format!("\"m{n}\":1")).collect::<Vec<_>>().join(","));
        assert_eq!(fields(&many).len(), MAX_ERRORS);
    }

    #[test]
    fn broken_json_is_told_with_its_place() {
        for (text, detail) in [
            ("{\n  \"start\": \"x\"\n  \"lobby\": 1\n}", "line 3, column 3: expected `,` or `}`"),
            (r#"{"start":"x",}"#, "line 1, column 14: trailing comma"),
            ("{", "line 1, column 1: EOF while parsing an object"),
            ("{'start'", "line 1, column 2: key must be a string"),
        ] {
            let expected = (ProblemKind::MalformedRequest, WHOLE_BODY.to_owned(), detail.to_owned());
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn no_value_is_quoted_whatever_it_looks_like() {
        for value in ["canary", "canary`, expected `canary", "canary at line 1 column 2", "missing field `canary`"] {
            let value = Value::from(value);
            for text in [
                format!(r#"{{"start":"x","lobby":{value}}}"#),
                format!(r#"{{"start":"x","seconds":{value}}}"#),
                format!(r#"{{"start":"x","people":{value}}}"#),
                format!(r#"{{"start":{{"x":{value}}}}}"#),
            ] {
                assert!(!told(&text).2.contains("canary"), "{text}: {:?}", told(&text));
            }
        }
    }
}
