//! The parameters and headers that several routes have in common.

use serde_json::{Value, json};
use utoipa::openapi::Required;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::http::openapi::text_header;

/// An id of the ATS, as `shared::ids` reads it.
const ATS_ID: &str = "^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$";

/// An idempotency key, as `shared::meeting` reads it: to the letter, or as a string of RFC 8941.
const KEY: &str = r#"^(?:[!#-~][!-~]{0,254}|"(?:[!#-\[\]-~]|\\["\\]){1,255}")$"#;

/// A sealed token in a path: what PASETO writes (RFC 4648 §5), with its dots.
const SEALED: &str = "^[A-Za-z0-9._-]+$";

/// All of them, by name.
#[must_use]
pub fn parameters() -> Vec<(&'static str, Parameter)> {
    vec![
        ("customer", in_path("customer", ATS_ID, "The customer, by the ATS's own id.", "kadry")),
        ("user", in_path("user", ATS_ID, "The recruiter, by the ATS's own id.", "anna")),
        (
            "id",
            in_path(
                "id",
                "^[A-Za-z0-9_-]+$",
                "The meeting, by the `id` of an answer.",
                "MSoxMWE1YzBkZS0wMDAxLTRhMDEtODAwMQ",
            ),
        ),
        ("link", in_path("link", SEALED, "The sealed part of a link that was ordered before.", "v4.local.AAAA")),
        ("file", in_path("file", r"^teams-connect\.(sh|ps1|tf)$", "The script.", "teams-connect.sh")),
        ("code", in_path("code", "^[a-z0-9_]+$", "The code of a problem or a finding.", "reauth_required")),
        (
            "Idempotency-Key",
            in_header(
                "Idempotency-Key",
                text(Some(KEY)),
                "Names the order, so that a repeated one makes nothing new (IETF draft httpapi-idempotency-key-header): 1 \
                 to 255 visible ASCII characters. In quotation marks it is a string of RFC 8941, in which `\\\"` and \
                 `\\\\` stand for `\"` and `\\`; without them it is taken to the letter, and does not begin with one.",
                Required::True,
                "interview-4711",
            ),
        ),
        (
            "Accept-Language",
            in_header(
                "Accept-Language",
                text(None),
                "The language of texts for people: Polish for `pl`, English for everybody else.",
                Required::False,
                "pl",
            ),
        ),
    ]
}

/// The headers of answers, by name.
#[must_use]
pub fn headers() -> Vec<(&'static str, Header)> {
    let flag = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["true", "false"]));
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1.0));
    vec![
        ("X-Request-Id", text_header("Names the request in the log; a problem has it as `trace_id`.").build()),
        ("Content-Language", text_header("The language of the texts in the answer.").build()),
        ("WWW-Authenticate", text_header("`Bearer` (RFC 6750 §3).").build()),
        ("Set-Cookie", text_header("The cookie of this browser's sign-in, set or taken away.").build()),
        ("Location", text_header("Where the browser goes on.").build()),
        (
            "Idempotency-Replayed",
            HeaderBuilder::new()
                .schema(Some(flag.build()))
                .description(Some("`true` where an earlier order with the same key had made it."))
                .build(),
        ),
        (
            "Retry-After",
            HeaderBuilder::new()
                .schema(Some(seconds.build()))
                .description(Some("Seconds after which the same request makes sense again (RFC 9110 §10.2.3)."))
                .build(),
        ),
    ]
}

fn text(pattern: Option<&str>) -> Object {
    ObjectBuilder::new().schema_type(Type::String).pattern(pattern).build()
}

fn in_path(name: &str, pattern: &str, description: &str, example: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(text(Some(pattern))))
        .example(Some(Value::from(example)))
        .build()
}

pub(super) fn in_query(name: &str, pattern: Option<&str>, description: &str) -> Parameter {
    query(name, text(pattern), description)
}

pub(super) fn choice(name: &str, words: &[&str], description: &str) -> Parameter {
    let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied()));
    query(name, words.build(), description)
}

fn query(name: &str, schema: Object, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

fn in_header(name: &str, schema: Object, description: &str, required: Required, example: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(schema))
        .example(Some(json!(example)))
        .build()
}
