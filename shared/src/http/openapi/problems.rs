//! Responses that are problems: one for each status, with an example for each code.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};

use crate::domain::finding::FindingKind;
use crate::http::openapi::headers;
use crate::http::problem;
use crate::http::problem::ProblemKind;
use crate::types::language::Language;

pub use crate::http::problem::ProblemDocument as Problem;

/// Groups kinds by status.
pub(super) fn group_by_status(kinds: &[ProblemKind]) -> BTreeMap<u16, Vec<ProblemKind>> {
    let mut by_status: BTreeMap<u16, Vec<ProblemKind>> = BTreeMap::new();
    for kind in kinds {
        by_status.entry(kind.status().as_u16()).or_default().push(*kind);
    }
    by_status
}

/// The response in JSON (RFC 9457).
pub(super) fn problem_responses(kinds: &[ProblemKind]) -> ResponseBuilder {
    let examples =
        kinds.iter().map(|kind| (kind.code(), RefOr::Ref(Ref::new(format!("#/components/examples/{}", kind.code())))));
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).examples_from_iter(examples).build();
    base_response(kinds)
        .content("application/problem+json", content)
        .header_ref("Content-Language", headers::reference("Content-Language"))
}

/// An example of each of these problems, by code.
#[must_use]
pub fn examples(kinds: &[ProblemKind]) -> Vec<(&'static str, Example)> {
    let example = |kind: ProblemKind| {
        let problem = problem::Problem::from(kind);
        let document = problem.document(Language::En, "https://teams.ats.example", "6kq0Q2zWm1hU0a7cT5dXyA");
        (kind.code(), ExampleBuilder::new().summary(problem.message(Language::En).title).value(Some(document)).build())
    };
    kinds.iter().copied().map(example).collect()
}

/// All codes: who must act, and whether it is a problem, a finding or both.
pub(super) fn catalogue() -> Value {
    let mut codes = Map::new();
    for kind in ProblemKind::ALL {
        let problem = json!({"status": kind.status().as_u16(), "retryable": kind.is_retryable()});
        let title = problem::Problem::from(*kind).message(Language::En).title;
        codes.insert(kind.code().to_owned(), json!({"title": title, "actor": kind.actor(), "problem": problem}));
    }
    for kind in FindingKind::ALL {
        let title = kind.message(Language::En).title;
        let code = codes.entry(kind.code()).or_insert_with(|| json!({"title": title, "actor": kind.actor()}));
        code["finding"] = json!({"severity": kind.severity()});
    }
    codes.into()
}

/// The response as a page.
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

/// A code and its title, and whether the code of a finding may be in its place.
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
