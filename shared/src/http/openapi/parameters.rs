//! Parameters that several routes share.

use serde_json::{Value, json};
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// An id of the ATS, as `types::ids` parses it.
const ATS_ID: &str = "^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$";

/// An idempotency key, as `domain::meeting` parses it: the key itself, or a string of RFC 8941.
const IDEMPOTENCY_KEY: &str = r#"^(?:[!#-~][!-~]{0,254}|"(?:[!#-\[\]-~]|\\["\\]){1,255}")$"#;

/// A sealed token in a path: base64url (RFC 4648 §5) and dots.
const SEALED: &str = "^[A-Za-z0-9._-]+$";

/// All shared parameters, by name.
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
                text(Some(IDEMPOTENCY_KEY)),
                "Names the order, so that a repeated one makes nothing new (IETF draft httpapi-idempotency-key-header): 1 \
                 to 255 visible ASCII characters. In quotation marks it is a string of RFC 8941, in which `\\\"` and \
                 `\\\\` stand for `\"` and `\\`; without them it is taken to the letter, and does not begin with one.",
                Required::True,
                "interview-4711",
            ),
        ),
        (
            "If-Match",
            in_header(
                "If-Match",
                text(None),
                "The `ETag` of the state that the caller knows, or several with commas between them, or `*`. If the meeting \
                 is in another state, nothing is done (RFC 9110 §13.1.1).",
                Required::False,
                "\"0f343b0931126a20f133d67c2b018a3b\"",
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

pub(super) fn choice(name: &str, values: &[&str], description: &str) -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values.iter().copied()));
    query(name, schema.build(), description)
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
