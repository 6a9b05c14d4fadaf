//! The parameters that several routes have in common, and their schemas.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr, Required};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::meeting::{IdempotencyKey, MeetingId};
use crate::http::openapi::problems;
use crate::http::problem::Code;
use crate::types::ids::{CustomerId, UserId};

/// Schemas by name.
pub type SchemaMap = BTreeMap<String, RefOr<Schema>>;

/// The sealed part of a link: a PASETO token (RFC 4648 §5, with dots).
#[derive(ToSchema)]
#[schema(pattern = "^[A-Za-z0-9._-]+$")]
pub struct SealedLink(#[expect(dead_code, reason = "only its schema is used")] String);

/// The file name of a setup script.
#[derive(ToSchema)]
#[schema(pattern = r"^teams-connect\.(sh|ps1|tf)$")]
pub struct SetupScriptName(#[expect(dead_code, reason = "only its schema is used")] String);

/// The name of a page of the documentation.
#[derive(ToSchema)]
#[schema(pattern = "^[a-z]+(-[a-z]+)*$")]
pub(super) struct DocsPageName(#[expect(dead_code, reason = "only its schema is used")] String);

/// An OpenAPI document.
#[derive(ToSchema)]
#[schema(as = OpenApiDocument)]
pub struct OpenApiFile {
    /// The version of OpenAPI.
    #[expect(dead_code, reason = "only its schema is used")]
    openapi: String,
}

/// The names of the parameters, and those by which the document knows them. The latter differ from the names of schemas,
/// because some generators make types of both.
const NAMES: [(&str, &str); 10] = [
    ("customer", "CustomerParameter"),
    ("user", "UserParameter"),
    ("id", "MeetingParameter"),
    ("link", "LinkParameter"),
    ("file", "FileParameter"),
    ("code", "CodeParameter"),
    ("page", "PageParameter"),
    ("Idempotency-Key", "IdempotencyKeyHeader"),
    ("If-Match", "IfMatchHeader"),
    ("Accept-Language", "AcceptLanguageHeader"),
];

/// The examples of the parameters that calls need.
const EXAMPLES: [(&str, &str); 8] = [
    ("customer", "kadry"),
    ("user", "anna"),
    ("id", "MSoxMWE1YzBkZS0wMDAxLTRhMDEtODAwMQ"),
    ("link", "v4.local.AAAA"),
    ("file", "teams-connect.sh"),
    ("code", "reauth_required"),
    ("page", "quickstart"),
    ("Idempotency-Key", "interview-4711"),
];

/// The example of a parameter that a call needs.
pub(super) fn example_of(name: &str) -> &'static str {
    EXAMPLES.iter().find(|(known, _)| *known == name).map_or("", |(_, example)| example)
}

/// Refers to a parameter by its own name.
pub(super) fn reference(name: &str) -> Ref {
    let known = NAMES.iter().find(|(parameter, _)| *parameter == name).map_or(name, |(_, known)| known);
    Ref::new(format!("#/components/parameters/{known}"))
}

/// All of them, by the names by which the document knows them.
#[must_use]
pub fn parameters() -> Vec<(&'static str, Parameter)> {
    let parameters = [
        in_path::<CustomerId>("customer", "The customer, by the ATS's own id."),
        in_path::<UserId>("user", "The recruiter, by the ATS's own id."),
        in_path::<MeetingId>("id", "The meeting, by the `id` from a response."),
        in_path::<SealedLink>("link", "The sealed part of a link created earlier."),
        in_path::<SetupScriptName>("file", "The script."),
        in_path::<Code>("code", "The code of a problem or a finding."),
        in_path::<DocsPageName>("page", "The page."),
        in_header(
            "Idempotency-Key",
            Ref::from_schema_name(IdempotencyKey::name()),
            "Names the order, so that a repeated one makes nothing new (IETF draft httpapi-idempotency-key-header): 1 \
             to 255 visible ASCII characters. In quotation marks it is a string of RFC 8941, in which `\\\"` and \
             `\\\\` stand for `\"` and `\\`; without them it is taken to the letter, and does not begin with one.",
            Required::True,
            example_of("Idempotency-Key"),
        ),
        in_header(
            "If-Match",
            text(None),
            "The `ETag` of the state you know, or several separated by commas, or `*`. If the meeting is in a \
             different state, nothing is changed (RFC 9110 §13.1.1).",
            Required::False,
            "\"0f343b0931126a20f133d67c2b018a3b\"",
        ),
        in_header(
            "Accept-Language",
            text(None),
            "The language of texts for people: Polish for `pl`, otherwise English.",
            Required::False,
            "pl",
        ),
    ];
    NAMES.into_iter().map(|(_, known)| known).zip(parameters).collect()
}

/// The schemas of the parameters.
#[must_use]
pub fn parameter_schemas() -> SchemaMap {
    fn named<T: ToSchema>() -> (String, RefOr<Schema>) {
        (T::name().into_owned(), T::schema())
    }
    SchemaMap::from([
        named::<CustomerId>(),
        named::<UserId>(),
        named::<MeetingId>(),
        named::<SealedLink>(),
        named::<SetupScriptName>(),
        named::<DocsPageName>(),
        (Code::name().into_owned(), code_schema()),
        named::<IdempotencyKey>(),
    ])
}

/// What a code may be, with all that there are. It is no enum, because generated clients refuse a word that is not among
/// those of an enum.
fn code_schema() -> RefOr<Schema> {
    match Code::schema() {
        RefOr::T(Schema::Object(mut object)) => {
            object.extensions = Some(ExtensionsBuilder::new().add("x-codes", problems::catalogue()).build());
            Schema::Object(object).into()
        }
        other => other,
    }
}

fn text(pattern: Option<&str>) -> Object {
    ObjectBuilder::new().schema_type(Type::String).pattern(pattern).build()
}

fn in_path<T: ToSchema>(name: &str, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(Ref::from_schema_name(T::name())))
        .example(Some(Value::from(example_of(name))))
        .build()
}

pub(super) fn in_query(name: &str, pattern: Option<&str>, description: &str) -> Parameter {
    query(name, text(pattern), description)
}

pub(super) fn query(name: &str, schema: impl Into<RefOr<Schema>>, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

fn in_header(
    name: &str,
    schema: impl Into<RefOr<Schema>>,
    description: &str,
    required: Required,
    example: &str,
) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(schema))
        .example(Some(json!(example)))
        .build()
}
