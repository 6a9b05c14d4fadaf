//! Every page of Microsoft's that a comment of the product rests on is tried at Microsoft, or its place is in the list of what a
//! person must try (`tests/microsoft-contract`).

#![cfg(test)]

use std::collections::BTreeMap;

use architecture::tree;

const PAGES: &str = "https://learn.microsoft.com/";

/// The pages that the files cite, each with the file that does.
fn pages(under: &[&str]) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for path in tree::rust_files(under) {
        let text = tree::read(&path).unwrap();
        for (at, _) in text.match_indices(PAGES) {
            let rest = &text[at..];
            let end = rest.find(|c: char| c.is_whitespace() || "\"#?)>".contains(c)).unwrap_or(rest.len());
            pages.insert(rest[..end].to_owned(), path.clone());
        }
    }
    pages
}

#[test]
fn every_page_that_is_cited_is_the_source_of_a_belief() {
    let (cited, tried) = (pages(&["shared/src", "functions"]), pages(&["tests/microsoft-contract/src"]));
    assert!(cited.len() > 10, "{cited:?}");
    let untried: Vec<_> = cited.iter().filter(|(page, _)| !tried.contains_key(*page)).collect();
    assert!(untried.is_empty(), "no belief in table.rs or by_hand.rs rests on {untried:?}");
}
