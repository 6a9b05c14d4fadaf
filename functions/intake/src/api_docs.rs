//! The reference for developers: the OpenAPI document, the same as a page, and what every code means. Nothing of it
//! comes from elsewhere, so it can be read offline.

mod error_codes;
mod openapi_document;
mod pages;

use axum::response::Html;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::language::Language;

/// The OpenAPI document, which `cargo run -p contract` makes of what all functions say of their routes.
pub(crate) const OPENAPI: &str = include_str!("../../openapi.json");

/// The document as a page.
pub(crate) fn render_reference(language: Language) -> Result<Html<String>, Problem> {
    let document =
        serde_json::from_str(OPENAPI).map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))?;
    crate::pages::form::render(&pages::ReferencePage::new(&document, language))
}

/// The page about a code; `not_found` for a code that nobody answers.
pub(crate) fn render_explanation(code: &str, language: Language) -> Result<Html<String>, Problem> {
    let meanings = error_codes::meanings(code, language);
    if meanings.is_empty() {
        return Err(ProblemKind::NotFound.into());
    }
    crate::pages::form::render(&pages::CodePage::new(code, meanings, language))
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
    fn a_code_that_nobody_answers_has_no_page() {
        for code in ["", "nothing", "NOT_FOUND", "<script>"] {
            assert_eq!(render_explanation(code, Language::En).unwrap_err().kind(), ProblemKind::NotFound, "{code}");
        }
    }

    #[test]
    fn the_page_shows_every_operation_and_every_shape_of_the_document() {
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
            for shape in document["components"]["schemas"].as_object().unwrap().keys() {
                assert!(page.contains(&format!("id=\"shape-{shape}\"")), "{shape}");
            }
        }
    }

    #[test]
    fn the_page_needs_nothing_from_elsewhere() {
        let page = render_reference(Language::En).unwrap().0;
        for way in ["<script", "<img", "src=", "href=\"http", "href=\"//", "@import", "url(", " style=", " onclick="] {
            assert!(!page.contains(way), "{way}");
        }
    }

    #[test]
    fn every_link_within_the_page_leads_somewhere() {
        let page = render_reference(Language::Pl).unwrap().0;
        let links: Vec<_> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(links.len() > 50, "hardly any link was found: the test reads nothing");
        for link in links {
            assert!(page.contains(&format!("id=\"{link}\"")), "{link}");
        }
    }
}
