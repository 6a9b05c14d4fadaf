//! The pages: where the documentation begins, a guide, the API reference, the search, and the page of a code.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use askama::Template;
use serde_json::Value;
use shared::http::html::{PageFrame, STYLE};
use shared::types::language::Language;

use crate::api_docs::error_codes::{CodeKind, CodeMeaning, all_codes};
use crate::api_docs::guides::{Guide, guides};
use crate::api_docs::openapi_document::{
    OpenApiDocument, OpenApiMediaType, OpenApiOperation, OpenApiParameter, OpenApiResponse, OpenApiSchema, OpenApiTag,
};
use crate::api_docs::search::{self, SearchEntry};

/// The script of the search.
pub(super) const SEARCH_SCRIPT: &str = include_str!("../../pages/search.js");

/// The stylesheet of all pages, and what only these need.
pub(super) static DOCS_STYLE: LazyLock<String> =
    LazyLock::new(|| format!("{STYLE}{}", include_str!("../../pages/docs.css")));

/// Where the documentation begins.
#[derive(Template)]
#[template(path = "docs.html")]
pub(super) struct StartPage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    guides: Vec<&'static Guide>,
}

/// A guide.
#[derive(Template)]
#[template(path = "docs_guide.html")]
pub(super) struct GuidePage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    guide: &'static Guide,
    before: Option<&'static Guide>,
    after: Option<&'static Guide>,
}

/// The search.
#[derive(Template)]
#[template(path = "search.html")]
pub(super) struct SearchPage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    script: &'static str,
    entries: Vec<SearchEntry>,
}

/// The API reference.
#[derive(Template)]
#[template(path = "reference.html")]
pub(super) struct ReferencePage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    document: &'a OpenApiDocument,
    groups: Vec<OperationGroup<'a>>,
    codes: Vec<(&'static str, &'static str)>,
}

/// The operations of one tag.
struct OperationGroup<'a> {
    tag: &'a OpenApiTag,
    operations: Vec<OperationView<'a>>,
}

/// An operation with the parameters that it refers to.
struct OperationView<'a> {
    method: String,
    path: &'a str,
    operation: &'a OpenApiOperation,
    parameters: Vec<&'a OpenApiParameter>,
    body: Option<BodyView<'a>>,
    responses: Vec<ResponseView<'a>>,
}

/// A request or response body.
struct BodyView<'a> {
    media_type: &'a str,
    schema: Option<&'a OpenApiSchema>,
    example: Option<String>,
}

struct ResponseView<'a> {
    status: &'a str,
    /// Empty if it is only a list of codes.
    description: &'a str,
    headers: Vec<&'a str>,
    body: Option<BodyView<'a>>,
    /// Codes of problems with their titles.
    codes: Vec<(&'a str, &'a str)>,
}

/// A piece of a text.
struct TextSegment<'a> {
    text: &'a str,
    is_code: bool,
}

impl<'a> StartPage<'a> {
    pub(super) fn new(frame: PageFrame<'a>, language: Language) -> Self {
        Self { language, frame, guides: guides(language) }
    }

    fn say(&self, polish: &'static str, english: &'static str) -> &'static str {
        self.language.choose(polish, english)
    }
}

impl<'a> GuidePage<'a> {
    /// The guide with this name, if there is one.
    pub(super) fn find(name: &str, frame: PageFrame<'a>, language: Language) -> Option<Self> {
        let guides = guides(language);
        let at = guides.iter().position(|guide| guide.name == name)?;
        let before = at.checked_sub(1).map(|before| guides[before]);
        Some(Self { language, frame, guide: guides[at], before, after: guides.get(at + 1).copied() })
    }

    fn say(&self, polish: &'static str, english: &'static str) -> &'static str {
        self.language.choose(polish, english)
    }
}

impl<'a> SearchPage<'a> {
    pub(super) fn new(document: &OpenApiDocument, frame: PageFrame<'a>, language: Language) -> Self {
        Self { language, frame, script: SEARCH_SCRIPT, entries: search::entries(document, language) }
    }

    fn say(&self, polish: &'static str, english: &'static str) -> &'static str {
        self.language.choose(polish, english)
    }
}

impl<'a> ReferencePage<'a> {
    pub(super) fn new(document: &'a OpenApiDocument, frame: PageFrame<'a>, language: Language) -> Self {
        let codes = all_codes(language);
        let titles = codes.iter().copied().collect();
        let group = |tag: &'a OpenApiTag| OperationGroup { tag, operations: operations(document, &tag.name, &titles) };
        let groups = document.tags.iter().map(group).collect();
        Self { language, frame, document, groups, codes }
    }

    fn say(&self, polish: &'static str, english: &'static str) -> &'static str {
        self.language.choose(polish, english)
    }

    /// The name of a group of operations.
    fn group_name<'t>(&self, tag: &'t str) -> &'t str {
        match tag {
            "Meetings" => self.say("Spotkania", "Meetings"),
            "Connections" => self.say("Połączenia", "Connections"),
            "Customers" => self.say("Klienci", "Customers"),
            "Events" => self.say("Zdarzenia", "Events"),
            "Reference" => self.say("Dokument i stan", "Reference"),
            "Pages" => self.say("Strony", "Pages"),
            other => other,
        }
    }

    /// Splits a text: what stands between backticks is code.
    #[expect(clippy::unused_self, reason = "a template can call only methods of its page")]
    fn segments<'t>(&self, text: &'t str) -> impl Iterator<Item = TextSegment<'t>> {
        text.split('`').enumerate().map(|(at, text)| TextSegment { text, is_code: at % 2 == 1 })
    }
}

/// The titles of codes in the language of the page.
type CodeTitles = BTreeMap<&'static str, &'static str>;

/// The operations of a tag. Those that need an API key come first.
fn operations<'a>(document: &'a OpenApiDocument, tag: &str, titles: &CodeTitles) -> Vec<OperationView<'a>> {
    let own = document.operations().filter(|(_, _, operation)| operation.tags.iter().any(|own| own == tag));
    let mut views: Vec<_> = own
        .map(|(path, method, operation)| OperationView {
            method: method.to_uppercase(),
            path,
            operation,
            parameters: operation.parameters.iter().map(|one| document.components.parameter(one)).collect(),
            body: operation.request_body.as_ref().and_then(|body| body_view(&body.content)),
            responses: operation
                .responses
                .iter()
                .map(|(status, response)| response_view(status, response, titles))
                .collect(),
        })
        .collect();
    views.sort_by_key(|view| view.operation.security.is_some());
    views
}

fn response_view<'a>(status: &'a str, response: &'a OpenApiResponse, titles: &CodeTitles) -> ResponseView<'a> {
    let codes: Vec<_> = codes(&response.description)
        .into_iter()
        .map(|(code, title)| (code, titles.get(code).copied().unwrap_or(title)))
        .collect();
    ResponseView {
        status,
        description: if codes.is_empty() { &response.description } else { "" },
        headers: response.headers.keys().map(String::as_str).collect(),
        body: body_view(&response.content),
        codes,
    }
}

/// The codes and titles in a description that lists problems.
fn codes(description: &str) -> Vec<(&str, &str)> {
    let lines = description.lines().filter_map(|line| line.strip_prefix("- ")?.split_once("`: "));
    lines.filter_map(|(code, title)| Some((code.rsplit('`').next()?, title))).collect()
}

/// The first media type of a body. No route has several for one status.
fn body_view(content: &BTreeMap<String, OpenApiMediaType>) -> Option<BodyView<'_>> {
    let (media_type, content) = content.iter().next()?;
    let pretty = |example: &Value| serde_json::to_string_pretty(example).ok();
    Some(BodyView { media_type, schema: content.schema.as_ref(), example: content.example.as_ref().and_then(pretty) })
}

/// The page of a code.
#[derive(Template)]
#[template(path = "explanation.html")]
pub(super) struct CodePage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    code: &'a str,
    meanings: Vec<CodeMeaning>,
}

impl<'a> CodePage<'a> {
    pub(super) fn new(code: &'a str, meanings: Vec<CodeMeaning>, frame: PageFrame<'a>, language: Language) -> Self {
        Self { language, frame, code, meanings }
    }

    fn say(&self, polish: &'static str, english: &'static str) -> &'static str {
        self.language.choose(polish, english)
    }
}
