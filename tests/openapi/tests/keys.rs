//! What the document says of `Idempotency-Key` is what the code takes.

#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

use contract::document;
use regex_lite::Regex;
use shared::domain::meeting::IdempotencyKey;

/// What a header says, and the key that it names, if it names one.
const SAMPLES: [(&str, Option<&str>); 20] = [
    ("order-1", Some("order-1")),
    (r#""order-1""#, Some("order-1")),
    ("8e03978e-40d5-43dd-bc93-6894a57f9324", Some("8e03978e-40d5-43dd-bc93-6894a57f9324")),
    (r#""a\"b\\c""#, Some(r#"a"b\c"#)),
    (r#"a"b\c"#, Some(r#"a"b\c"#)),
    (r#"a\"b\\c"#, Some(r#"a\"b\\c"#)),
    (r#"order-1""#, Some(r#"order-1""#)),
    ("!#$%&'()*+,-./:;<=>?@[]^_`{|}~", Some("!#$%&'()*+,-./:;<=>?@[]^_`{|}~")),
    ("", None),
    (r#"""#, None),
    (r#""""#, None),
    (r#""order-1"#, None),
    (r#""a"b""#, None),
    (r#""a\b""#, None),
    (r#""a\""#, None),
    (r#""a";version=1"#, None),
    ("a b", None),
    (r#""a b""#, None),
    ("\u{7f}", None),
    ("ż", None),
];

fn pattern() -> Regex {
    let document = document().unwrap();
    let pattern = document["components"]["schemas"]["IdempotencyKey"]["pattern"].as_str().unwrap();
    Regex::new(pattern).unwrap()
}

#[test]
fn the_samples_are_read_as_they_should_be_and_the_document_knows_which_are_keys() {
    let pattern = pattern();
    for (header, key) in SAMPLES {
        let read = IdempotencyKey::from_header(header).ok();
        assert_eq!(read.as_ref().map(IdempotencyKey::as_str), key, "{header}");
        assert_eq!(pattern.is_match(header), key.is_some(), "{header}");
    }
}

/// Every text of up to six of these characters: what decides in a key, and what does not.
#[test]
fn the_document_takes_every_short_text_that_the_code_takes_and_no_other() {
    let pattern = pattern();
    let (mut texts, mut taken) = (vec![String::new()], 0);
    for _ in 0..6 {
        texts = texts.iter().flat_map(|text| ['a', '"', '\\', ' ', 'ż'].map(|next| format!("{text}{next}"))).collect();
        for text in &texts {
            let is_key = IdempotencyKey::from_header(text).is_ok();
            assert_eq!(pattern.is_match(text), is_key, "{text}");
            taken += usize::from(is_key);
        }
    }
    assert!(taken > 700 && taken < texts.len(), "{taken}");
}

#[test]
fn the_longest_key_has_255_characters_however_it_is_written() {
    let pattern = pattern();
    for (one, written) in [("a", "a"), ("a", "\"a"), ("\\", "\"\\\\"), ("\"", "\"\\\"")] {
        let (begin, unit) = written.strip_prefix('"').map_or(("", written), |unit| ("\"", unit));
        let header = |many: usize| format!("{begin}{}{begin}", unit.repeat(many));
        assert_eq!(IdempotencyKey::from_header(&header(255)).unwrap().as_str(), one.repeat(255));
        assert!(pattern.is_match(&header(255)), "{written}");
        assert!(IdempotencyKey::from_header(&header(256)).is_err() && !pattern.is_match(&header(256)), "{written}");
    }
}
