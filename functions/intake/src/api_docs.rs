//! The API documentation: the OpenAPI document, the same as a page, and a page for every code.
//!
//! The pages load nothing from other hosts, so they can be read offline.

mod error_codes;
mod openapi_document;
mod pages;

use axum::response::Html;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::language::Language;

use crate::pages::render::render;

/// The OpenAPI document of all functions, written by `cargo run -p contract`.
pub(crate) const OPENAPI: &str = include_str!("../../openapi.json");

/// The same document in OpenAPI 3.0.
pub(crate) const OLDER_OPENAPI: &str = include_str!("../../openapi-3.0.json");

/// Renders the document as a page.
pub(crate) fn render_reference(language: Language) -> Result<Html<String>, Problem> {
    let document =
        serde_json::from_str(OPENAPI).map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))?;
    render(&pages::ReferencePage::new(&document, language))
}

/// Renders the page of a code.
///
/// # Errors
/// [`ProblemKind::NotFound`] for a code that the API never answers with.
pub(crate) fn render_explanation(code: &str, language: Language) -> Result<Html<String>, Problem> {
    let meanings = error_codes::meanings(code, language);
    if meanings.is_empty() {
        return Err(ProblemKind::NotFound.into());
    }
    render(&pages::CodePage::new(code, meanings, language))
}

#[cfg(test)]
mod tests {
    use shared::domain::finding;

    use super::*;

    #[test]
    fn every_code_has_a_page_in_every_language() {
        let problems = ProblemKind::ALL.iter().map(|kind| kind.code());
        for code in problems.chain(finding::FindingKind::ALL.iter().map(|kind| kind.code())) {
            let [polish, english] = Language::ALL.map(|language| render_explanation(code, language).unwrap().0);
            for page in [&polish, &english] {
                assert!(page.contains(&format!("<code>{code}</code>")), "{code}");
            }
            assert!(polish.contains("Kto musi działać") && english.contains("Who must act"), "{code}");
        }
    }

    #[test]
    fn a_code_that_is_a_problem_and_a_finding_is_explained_as_both() {
        assert_eq!(error_codes::meanings("teams_not_available", Language::En).len(), 2);
        assert_eq!(error_codes::meanings("secret_expired", Language::En).len(), 1);
    }

    #[test]
    fn an_unknown_code_has_no_page() {
        for code in ["", "nothing", "NOT_FOUND", "<script>"] {
            assert_eq!(render_explanation(code, Language::En).unwrap_err().kind(), ProblemKind::NotFound, "{code}");
        }
    }

    #[test]
    fn the_page_shows_every_operation_and_every_schema_of_the_document() {
        let document: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
        let [polish, english] = Language::ALL.map(|language| render_reference(language).unwrap().0);
        assert_ne!(polish, english);
        for page in [polish, english] {
            let paths = document["paths"].as_object().unwrap().values();
            for operation in paths.flat_map(|path| path.as_object().unwrap().values()) {
                assert!(
                    page.contains(&format!("id=\"{}\"", operation["operationId"].as_str().unwrap())),
                    "{operation}"
                );
            }
            for schema in document["components"]["schemas"].as_object().unwrap().keys() {
                assert!(page.contains(&format!("id=\"shape-{schema}\"")), "{schema}");
            }
        }
    }

    #[test]
    fn the_page_loads_nothing_from_other_hosts() {
        let page = render_reference(Language::En).unwrap().0;
        for pattern in
            ["<script", "<img", "src=", "href=\"http", "href=\"//", "@import", "url(", " style=", " onclick="]
        {
            assert!(!page.contains(pattern), "{pattern}");
        }
    }

    #[test]
    fn every_link_within_the_page_has_a_target() {
        let page = render_reference(Language::Pl).unwrap().0;
        let links: Vec<_> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(links.len() > 50, "hardly any link was found: the test does not read the page");
        for link in links {
            assert!(page.contains(&format!("id=\"{link}\"")), "{link}");
        }
    }
}
