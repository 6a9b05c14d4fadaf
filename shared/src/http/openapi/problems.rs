//! The answers that are problems: by status, each code with the very document that callers read.

use std::collections::BTreeMap;

use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};

use crate::http::openapi::headers;
use crate::http::problem;
use crate::http::problem::ProblemKind;
use crate::types::language::Language;

pub use crate::http::problem::ProblemDocument as Problem;

/// The kinds by their status.
pub(super) fn group_by_status(kinds: &[ProblemKind]) -> BTreeMap<u16, Vec<ProblemKind>> {
    let mut by_status: BTreeMap<u16, Vec<ProblemKind>> = BTreeMap::new();
    for kind in kinds {
        by_status.entry(kind.status().as_u16()).or_default().push(*kind);
    }
    by_status
}

/// As machines read them (RFC 9457).
pub(super) fn problem_responses(kinds: &[ProblemKind]) -> ResponseBuilder {
    let examples =
        kinds.iter().map(|kind| (kind.code(), RefOr::Ref(Ref::new(format!("#/components/examples/{}", kind.code())))));
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).examples_from_iter(examples).build();
    base_response(kinds)
        .content("application/problem+json", content)
        .header_ref("Content-Language", headers::reference("Content-Language"))
}

/// These problems as callers read them, by their codes.
#[must_use]
pub fn examples(kinds: &[ProblemKind]) -> Vec<(&'static str, Example)> {
    let example = |kind: ProblemKind| {
        let problem = problem::Problem::from(kind);
        let document = problem.document(Language::En, "https://teams.ats.example", "6kq0Q2zWm1hU0a7cT5dXyA");
        (kind.code(), ExampleBuilder::new().summary(problem.message(Language::En).title).value(Some(document)).build())
    };
    kinds.iter().copied().map(example).collect()
}

/// As people read them.
pub(super) fn html_responses(kinds: &[ProblemKind]) -> ResponseBuilder {
    let page = ObjectBuilder::new().schema_type(Type::String).build();
    base_response(kinds).content("text/html", ContentBuilder::new().schema(Some(page)).build())
}

fn base_response(kinds: &[ProblemKind]) -> ResponseBuilder {
    let lines: Vec<String> = kinds.iter().map(|kind| description_line(*kind)).collect();
    let response = ResponseBuilder::new().description(lines.join("\n"));
    let response = response.header_ref("X-Request-Id", headers::reference("X-Request-Id"));
    let waits = kinds.iter().any(|kind| kind.is_retryable() || *kind == ProblemKind::ReauthRequired);
    let response = if waits { response.header_ref("Retry-After", headers::reference("Retry-After")) } else { response };
    if kinds.contains(&ProblemKind::Unauthorized) {
        return response.header_ref("WWW-Authenticate", headers::reference("WWW-Authenticate"));
    }
    response
}

/// A code and its title; where a finding may stand in its place, that is said.
fn description_line(kind: ProblemKind) -> String {
    let title = problem::Problem::from(kind).message(Language::En).title;
    let code = kind.code();
    match kind {
        ProblemKind::CustomerBlocked | ProblemKind::SignInRefused => {
            format!("- the code of a finding, or `{code}`: {title}")
        }
        _ => format!("- `{code}`: {title}"),
    }
}
