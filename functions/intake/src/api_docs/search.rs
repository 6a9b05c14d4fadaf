//! The search: a page with everything that can be found, which a script filters by what is typed.

use shared::types::language::Language;

use crate::api_docs::error_codes::all_codes;
use crate::api_docs::guides::guides;
use crate::api_docs::openapi_document::OpenApiDocument;

/// Something that can be found.
#[derive(Debug)]
pub(super) struct SearchEntry {
    pub(super) address: String,
    pub(super) title: String,
    /// The guide, or the kind of thing.
    pub(super) place: &'static str,
    /// What is searched beside the title.
    pub(super) text: String,
}

/// Everything that can be found: sections of the guides, operations, codes.
pub(super) fn entries(document: &OpenApiDocument, language: Language) -> Vec<SearchEntry> {
    let tag = language.bcp47();
    let sections = guides(language).into_iter().flat_map(|guide| {
        guide.sections.iter().map(move |section| {
            let (is_start, address) = (section.anchor.is_empty(), format!("/docs/{}?language={tag}", guide.name));
            SearchEntry {
                address: if is_start { address } else { format!("{address}#{}", section.anchor) },
                title: if is_start { guide.title } else { section.title }.to_owned(),
                place: if is_start { "" } else { guide.title },
                text: section.text.to_owned(),
            }
        })
    });
    let operations = document.operations().map(|(path, method, operation)| SearchEntry {
        address: format!("/docs/reference?language={tag}#{}", operation.id),
        title: format!("{} {path}", method.to_uppercase()),
        place: language.choose("Operacja", "Operation"),
        text: format!("{} {} {}", operation.id, operation.summary, operation.description),
    });
    let codes = all_codes(language).into_iter().map(|(code, title)| SearchEntry {
        address: format!("/problems/{code}?language={tag}"),
        title: code.to_owned(),
        place: language.choose("Kod", "Code"),
        text: title.to_owned(),
    });
    sections.chain(operations).chain(codes).collect()
}
