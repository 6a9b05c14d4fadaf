//! The answers that are problems: by status, each code with the very document that callers read.

use std::collections::BTreeMap;

use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};

use super::header;
use crate::language::Language;
use crate::web::problem::{self, Kind};

pub use crate::web::problem::Document as Problem;

/// The kinds by their status.
pub(super) fn by_status(kinds: &[Kind]) -> BTreeMap<u16, Vec<Kind>> {
    let mut by_status: BTreeMap<u16, Vec<Kind>> = BTreeMap::new();
    for kind in kinds {
        by_status.entry(kind.status().as_u16()).or_default().push(*kind);
    }
    by_status
}

/// As machines read them (RFC 9457).
pub(super) fn documents(kinds: &[Kind]) -> ResponseBuilder {
    let examples =
        kinds.iter().map(|kind| (kind.code(), RefOr::Ref(Ref::new(format!("#/components/examples/{}", kind.code())))));
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).examples_from_iter(examples).build();
    told(kinds).content("application/problem+json", content).header_ref("Content-Language", header("Content-Language"))
}

/// Every problem as callers read it, by its code.
#[must_use]
pub fn examples() -> Vec<(&'static str, Example)> {
    let example = |kind: Kind| {
        let problem = problem::Problem::from(kind);
        let document = problem.document(Language::En, "https://teams.ats.example", "6kq0Q2zWm1hU0a7cT5dXyA");
        (kind.code(), ExampleBuilder::new().summary(problem.words(Language::En).0).value(Some(document)).build())
    };
    Kind::ALL.iter().copied().map(example).collect()
}

/// As people read them.
pub(super) fn pages(kinds: &[Kind]) -> ResponseBuilder {
    let page = ObjectBuilder::new().schema_type(Type::String).build();
    told(kinds).content("text/html", ContentBuilder::new().schema(Some(page)).build())
}

fn told(kinds: &[Kind]) -> ResponseBuilder {
    let lines: Vec<String> = kinds.iter().map(|kind| line(*kind)).collect();
    let response = ResponseBuilder::new().description(lines.join("\n"));
    let response = response.header_ref("X-Request-Id", header("X-Request-Id"));
    let waits = kinds.iter().any(|kind| kind.is_retryable() || *kind == Kind::ReauthRequired);
    let response = if waits { response.header_ref("Retry-After", header("Retry-After")) } else { response };
    if kinds.contains(&Kind::Unauthorized) {
        return response.header_ref("WWW-Authenticate", header("WWW-Authenticate"));
    }
    response
}

/// A code and its title; where a finding may stand in its place, that is said.
fn line(kind: Kind) -> String {
    let title = problem::Problem::from(kind).words(Language::En).0;
    let code = kind.code();
    match kind {
        Kind::CustomerBlocked | Kind::SignInRefused => format!("- the code of a finding, or `{code}`: {title}"),
        _ => format!("- `{code}`: {title}"),
    }
}
