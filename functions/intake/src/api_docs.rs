//! The documentation: guides, the OpenAPI document and the same as a page, a search, and a page for every code.
//!
//! The pages load nothing from other hosts, so they can be read offline.

mod cached_document;
mod error_codes;
mod guides;
mod openapi_3_0;
mod openapi_document;
mod pages;
mod search;
mod translation;

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use askama::Template;
use serde_json::{Value, json};
use shared::http::branding::Branding;
use shared::http::html::{HtmlPage, PageFrame};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::base_url::BaseUrl;
use shared::types::language::Language;

pub(crate) use cached_document::CachedDocument;
pub use openapi_3_0::downgrade;

use openapi_document::OpenApiDocument;
use pages::{DOCS_STYLE, GuidePage, ReferencePage, SEARCH_SCRIPT, SearchPage, StartPage};

/// The OpenAPI document of all functions, written by `cargo run -p contract`.
pub(crate) const OPENAPI: &str = include_str!("../../openapi.json");

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";

/// The name of the page where the documentation begins: it has none in its address.
const START: &str = "";

/// The documents that were asked for, by what they are.
static MADE: LazyLock<Mutex<HashMap<String, Arc<CachedDocument>>>> = LazyLock::new(Mutex::default);

/// The pages in a language, by their names.
fn page_names(language: Language) -> impl Iterator<Item = &'static str> {
    guides::guides(language).into_iter().map(|guide| guide.name).chain([START, "reference", "search"])
}

/// The versions of OpenAPI in which the document is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum OpenApiVersion {
    /// 3.0
    Older,
    /// 3.1
    Current,
}

/// The OpenAPI document. `server` is where the ATS calls, if it is not where the document is read.
pub(crate) fn openapi(version: OpenApiVersion, server: Option<&BaseUrl>) -> Result<Arc<CachedDocument>, Problem> {
    // A process has one such address.
    let key = format!("{version:?} {}", server.map_or("", BaseUrl::as_str));
    get_or_make(key, || Ok(CachedDocument::new(JSON, openapi_text(version, server)?)?))
}

fn openapi_text(version: OpenApiVersion, server: Option<&BaseUrl>) -> Result<String, Box<dyn Error + Send + Sync>> {
    let mut document: Value = serde_json::from_str(OPENAPI)?;
    if let Some(server) = server {
        document["servers"] = json!([{ "url": server.as_str() }]);
    }
    if version == OpenApiVersion::Older {
        document = downgrade(&document);
    }
    Ok(serde_json::to_string_pretty(&document)?)
}

/// Where the documentation begins.
pub(crate) fn start_page(branding: &Branding, language: Language) -> Result<Arc<CachedDocument>, Problem> {
    page(START, branding, language)
}

/// A page of the documentation.
///
/// # Errors
/// [`ProblemKind::NotFound`] for a name that no page has.
pub(crate) fn page(name: &str, branding: &Branding, language: Language) -> Result<Arc<CachedDocument>, Problem> {
    if !page_names(language).any(|known| known == name) {
        return Err(ProblemKind::NotFound.into());
    }
    // A process has one branding, and tests have several.
    get_or_make(format!("{name} {} {branding:?}", language.bcp47()), || {
        let script = (name == "search").then_some(SEARCH_SCRIPT);
        let frame = PageFrame { style: &DOCS_STYLE, branding };
        let document = CachedDocument::new(HTML, render_page(name, frame, language)?)?;
        Ok(document.with_policy(frame.policy(script)))
    })
}

/// A document, made when it is first asked for.
fn get_or_make(
    key: String,
    make: impl FnOnce() -> Result<CachedDocument, Box<dyn Error + Send + Sync>>,
) -> Result<Arc<CachedDocument>, Problem> {
    let mut known = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(document) = known.get(&key) {
        return Ok(document.clone());
    }
    let document = make().map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error.to_string()))?;
    Ok(known.entry(key).or_insert(Arc::new(document)).clone())
}

fn render_page(name: &str, frame: PageFrame<'_>, language: Language) -> Result<String, Box<dyn Error + Send + Sync>> {
    Ok(match name {
        "reference" => ReferencePage::new(&openapi_in(language)?, frame, language).render()?,
        "search" => SearchPage::new(&openapi_in(language)?, frame, language).render()?,
        guide => match GuidePage::find(guide, frame, language) {
            Some(page) => page.render()?,
            None => StartPage::new(frame, language).render()?,
        },
    })
}

/// The OpenAPI document, to be read in a language.
fn openapi_in(language: Language) -> serde_json::Result<OpenApiDocument> {
    serde_json::from_value(translation::in_language(serde_json::from_str(OPENAPI)?, language)?)
}

/// Renders the page of a code.
///
/// # Errors
/// [`ProblemKind::NotFound`] for a code that the API never answers with.
pub(crate) fn render_explanation(code: &str, frame: PageFrame<'_>, language: Language) -> Result<HtmlPage, Problem> {
    let meanings = error_codes::meanings(code, language);
    if meanings.is_empty() {
        return Err(ProblemKind::NotFound.into());
    }
    frame.render(&pages::CodePage::new(code, meanings, frame, language), None)
}

#[cfg(test)]
mod tests {
    use shared::domain::finding;

    use std::collections::BTreeMap;

    use super::*;

    fn page_text(name: &str, language: Language) -> String {
        render_page(name, PageFrame { style: &DOCS_STYLE, branding: &Branding::default() }, language).unwrap()
    }

    fn explanation(code: &str, language: Language) -> Result<String, Problem> {
        render_explanation(code, PageFrame::plain(&Branding::default()), language).map(|(_, page)| page.0)
    }

    /// Every page with its name and language.
    fn all_pages() -> impl Iterator<Item = (&'static str, Language, String)> {
        let names =
            Language::ALL.into_iter().flat_map(|language| page_names(language).map(move |name| (name, language)));
        names.map(|(name, language)| (name, language, page_text(name, language)))
    }

    fn reference_text(language: Language) -> String {
        page_text("reference", language)
    }

    #[test]
    fn the_documents_name_the_address_for_calls_where_it_is_another_than_their_own() {
        let other: BaseUrl = "https://teams.ats.example".parse().unwrap();
        for version in [OpenApiVersion::Current, OpenApiVersion::Older] {
            let servers = |server| {
                let document: Value = serde_json::from_str(&openapi_text(version, server).unwrap()).unwrap();
                document["servers"].clone()
            };
            assert_eq!(servers(None), json!([{ "url": "/" }]));
            assert_eq!(servers(Some(&other)), json!([{ "url": "https://teams.ats.example" }]));
        }
        let document: Value = serde_json::from_str(&openapi_text(OpenApiVersion::Current, None).unwrap()).unwrap();
        assert_eq!(document, serde_json::from_str::<Value>(OPENAPI).unwrap());
    }

    #[test]
    fn every_code_has_a_page_in_every_language() {
        let problems = ProblemKind::ALL.iter().map(|kind| kind.code());
        for code in problems.chain(finding::FindingKind::ALL.iter().map(|kind| kind.code())) {
            let [polish, english] = Language::ALL.map(|language| explanation(code, language).unwrap());
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
            assert_eq!(explanation(code, Language::En).unwrap_err().kind(), ProblemKind::NotFound, "{code}");
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
    fn every_operation_that_an_ats_calls_has_a_call_beside_it() {
        let document: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
        let operations =
            document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
        let page = reference_text(Language::Pl);
        for operation in operations.filter(|operation| operation["tags"][0] != "Pages") {
            let id = operation["operationId"].as_str().unwrap();
            let section =
                page.split(&format!("<section id=\"{id}\"")).nth(1).unwrap().split("</section>").next().unwrap();
            for call in ["$TEAMS_CONNECT_URL/", "await client."] {
                assert!(section.contains(call), "{id}: {call}");
            }
        }
    }

    #[test]
    fn everything_can_be_found() {
        let [polish, english] = Language::ALL.map(|language| page_text("search", language));
        let count = |page: &str| page.matches("<li data-text=").count();
        assert!(count(&polish) == count(&english) && count(&english) > 150, "{} {}", count(&polish), count(&english));
        for found in ["#orderMeeting", "/problems/consent_missing?language=pl", "/docs/many-at-once?language=pl"] {
            assert!(polish.contains(found), "{found}");
        }
    }

    #[test]
    fn an_unknown_page_is_not_found() {
        let branding = Branding::default();
        for name in ["nothing", "Quickstart", "../docs", "integration"] {
            assert_eq!(page(name, &branding, Language::En).unwrap_err().kind(), ProblemKind::NotFound, "{name}");
        }
        assert!(page("quickstart", &branding, Language::Pl).is_ok() && start_page(&branding, Language::En).is_ok());
    }

    #[test]
    fn no_page_loads_anything_from_other_hosts() {
        for (name, _, page) in all_pages() {
            let texts = page
                .replace("<pre", "\0")
                .split('\0')
                .map(|part| part.rsplit("</pre>").next().unwrap_or_default().to_owned())
                .collect::<String>();
            for pattern in
                ["<img", " src=", "@import", "url(", " style=", " onclick=", "<link rel=\"stylesheet", "href=\"//"]
            {
                assert!(!texts.contains(pattern), "{name}: {pattern}");
            }
            assert_eq!(texts.contains("<script"), name == "search", "{name}");
        }
    }

    #[test]
    fn every_link_within_the_pages_has_a_target() {
        let rendered: BTreeMap<_, _> = all_pages()
            .map(|(name, language, page)| {
                let address = if name.is_empty() { "/docs".to_owned() } else { format!("/docs/{name}") };
                (format!("{address}?language={}", language.bcp47()), page)
            })
            .collect();
        let mut checked = 0;
        for (own, text) in &rendered {
            for link in text.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                let link = if link.starts_with('#') { format!("{own}{link}") } else { link.to_owned() };
                if !link.starts_with("/docs") {
                    continue;
                }
                let (page, anchor) = link.split_once('#').unwrap_or((&link, ""));
                let target = rendered.get(page).unwrap_or_else(|| panic!("{own}: {link}"));
                assert!(anchor.is_empty() || target.contains(&format!("id=\"{anchor}\"")), "{own}: {link}");
                checked += 1;
            }
        }
        assert!(checked > 500, "hardly any link was found: {checked}");
    }
}
