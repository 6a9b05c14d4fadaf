//! The API documentation: the OpenAPI document, the same as a page, and a page for every code.
//!
//! The pages load nothing from other hosts, so they can be read offline.

mod cached_document;
mod error_codes;
mod openapi_3_0;
mod openapi_document;
mod pages;

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use askama::Template;
use axum::response::Html;
use serde_json::{Value, json};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::base_url::BaseUrl;
use shared::types::language::Language;

pub(crate) use cached_document::CachedDocument;
pub use openapi_3_0::downgrade;

use crate::pages::render::render;

/// The OpenAPI document of all functions, written by `cargo run -p contract`.
pub(crate) const OPENAPI: &str = include_str!("../../openapi.json");

/// Documents, by what they are and by the address for calls that they name. A process has one such address.
type MadeDocuments = HashMap<(ApiDocument, Option<String>), Arc<CachedDocument>>;

/// The documents that were asked for.
static MADE: LazyLock<Mutex<MadeDocuments>> = LazyLock::new(Mutex::default);

/// What is served of the documentation of the whole API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ApiDocument {
    OpenApi,
    /// The same in OpenAPI 3.0.
    OlderOpenApi,
    /// The same as a page.
    Reference(Language),
}

impl ApiDocument {
    /// The document. `server` is where the ATS calls, if it is not where the document is read.
    pub(crate) fn get(self, server: Option<&BaseUrl>) -> Result<Arc<CachedDocument>, Problem> {
        let key = (self, server.map(|server| server.as_str().to_owned()));
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(&key) {
            return Ok(known.clone());
        }
        let document =
            self.make(server).map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error.to_string()))?;
        Ok(made.entry(key).or_insert(Arc::new(document)).clone())
    }

    fn make(self, server: Option<&BaseUrl>) -> Result<CachedDocument, Box<dyn Error + Send + Sync>> {
        let media_type =
            if matches!(self, Self::Reference(_)) { "text/html; charset=utf-8" } else { "application/json" };
        Ok(CachedDocument::new(media_type, self.text(server)?)?)
    }

    fn text(self, server: Option<&BaseUrl>) -> Result<String, Box<dyn Error + Send + Sync>> {
        if let Self::Reference(language) = self {
            return Ok(pages::ReferencePage::new(&serde_json::from_str(OPENAPI)?, language).render()?);
        }
        let mut document: Value = serde_json::from_str(OPENAPI)?;
        if let Some(server) = server {
            document["servers"] = json!([{ "url": server.as_str() }]);
        }
        if self == Self::OlderOpenApi {
            document = downgrade(&document);
        }
        Ok(serde_json::to_string_pretty(&document)?)
    }
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

    fn reference_text(language: Language) -> String {
        ApiDocument::Reference(language).text(None).unwrap()
    }

    #[test]
    fn the_documents_name_the_address_for_calls_where_it_is_another_than_their_own() {
        let other: BaseUrl = "https://teams.ats.example".parse().unwrap();
        for document in [ApiDocument::OpenApi, ApiDocument::OlderOpenApi] {
            let servers = |server| {
                let document: Value = serde_json::from_str(&document.text(server).unwrap()).unwrap();
                document["servers"].clone()
            };
            assert_eq!(servers(None), json!([{ "url": "/" }]));
            assert_eq!(servers(Some(&other)), json!([{ "url": "https://teams.ats.example" }]));
        }
        let document: Value = serde_json::from_str(&ApiDocument::OpenApi.text(None).unwrap()).unwrap();
        assert_eq!(document, serde_json::from_str::<Value>(OPENAPI).unwrap());
    }

    #[test]
    fn every_code_has_a_page_in_every_language() {
        let problems = ProblemKind::ALL.iter().map(|kind| kind.code());
        for code in problems.chain(finding::FindingKind::ALL.iter().map(|kind| kind.code())) {
            let [polish, english] = Language::ALL.map(|language| render_explanation(code, language).unwrap().0);
            for page in [&polish, &english] {
                assert!(page.contains(&format!("<code>{code}</code>")), "{code}");
            }
            assert!(polish.contains("Kto powinien to naprawić") && english.contains("Who should fix it"), "{code}");
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
        let [polish, english] = Language::ALL.map(reference_text);
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
        let page = reference_text(Language::En);
        for pattern in
            ["<script", "<img", "src=", "href=\"http", "href=\"//", "@import", "url(", " style=", " onclick="]
        {
            assert!(!page.contains(pattern), "{pattern}");
        }
    }

    #[test]
    fn every_link_within_the_page_has_a_target() {
        let page = reference_text(Language::Pl);
        let links: Vec<_> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(links.len() > 50, "hardly any link was found: the test does not read the page");
        for link in links {
            assert!(page.contains(&format!("id=\"{link}\"")), "{link}");
        }
    }
}
