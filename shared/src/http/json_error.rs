//! What is wrong with a JSON body, for a developer: which member, what is allowed there, what was probably meant. Names of
//! members are quoted, and values never, because they may be secret.

use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::http::problem::{FieldError, Problem, ProblemKind};

/// The path of the whole body.
const WHOLE_BODY: &str = ".";

/// What the parser found, as a problem.
pub(super) fn json_problem(text: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    // The parser also reports a number in place of a word as a syntax error, although it is JSON.
    let syntax = match error.inner().classify() {
        Category::Data => None,
        Category::Io | Category::Syntax | Category::Eof => serde_json::from_str::<IgnoredAny>(text).err(),
    };
    match syntax {
        Some(error) => syntax_problem(&error),
        None => Problem::from(ProblemKind::InvalidFields)
            .with_field(field_error(&error.path().to_string(), &error.inner().to_string())),
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
        let hint = match nearest(name, &known) {
            Some(meant) => format!("is unknown; did you mean `{meant}`?"),
            None => format!("is unknown; known are {}", list(&known)),
        };
        return FieldError::new(&member_path(path, name), &hint);
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
        // What the parser says of a number or a list where a word is expected.
        Some("expected value") => "is of another type: expected a string".to_owned(),
        _ => "is not valid".to_owned(),
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

    fn told(text: &str) -> (ProblemKind, String, String) {
        let mut parser = serde_json::Deserializer::from_str(text);
        let error = serde_path_to_error::deserialize::<_, Sample>(&mut parser).unwrap_err();
        let problem = json_problem(text, &error);
        let document = problem.document(Language::En, "", "");
        let word = |member: &str| document["errors"][0][member].as_str().map(str::to_owned).unwrap();
        assert_eq!(document["errors"].as_array().map(Vec::len), Some(1));
        (problem.kind(), word("field"), word("detail"))
    }

    #[test]
    fn a_member_is_named_with_what_is_wrong_and_what_was_meant() {
        for (text, field, detail) in [
            ("{}", "start", "is missing"),
            (r#"{"start":"x","people":[{}]}"#, "people[0].address", "is missing"),
            (r#"{"start":"x","start":"y"}"#, "start", "stands twice"),
            (r#"{"strat":"x"}"#, "strat", "is unknown; did you mean `start`?"),
            (r#"{"startTime":"x"}"#, "startTime", "is unknown; did you mean `start`?"),
            (r#"{"colour":"x"}"#, "colour", "is unknown; known are `start`, `lobby`, `seconds`, `people`"),
            (r#"{"start":"x","people":[{"Address":"x"}]}"#, "people[0].Address", "is unknown; did you mean `address`?"),
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
    fn broken_json_is_told_with_its_place() {
        for (text, detail) in [
            ("{\n  \"start\": \"x\"\n  \"lobby\": 1\n}", "line 3, column 3: expected `,` or `}`"),
            (r#"{"start":"x",}"#, "line 1, column 14: key must be a string"),
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
