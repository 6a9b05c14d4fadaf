//! Every number of Entra's that anything here mentions is one that the table of findings knows
//! (`shared/src/domain/finding/aadsts.rs`), or is known not to come here.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use architecture::tree;
use proc_macro2::{TokenStream, TokenTree};

/// The list that the table is held to.
const LIST: &str = "shared/tests/fixtures/aadsts.txt";

/// Numbers that nobody knows, for tests of what follows then.
const MADE_UP: [u32; 5] = [12_345, 99_123, 99_999, 7_999_999, 123_456_789];

/// Endings of files that hold pictures, locks and the like.
const NO_TEXT: [&str; 6] = ["svg", "lock", "png", "pem", "zip", "ico"];

fn listed() -> BTreeSet<u32> {
    let list = tree::read(LIST).unwrap();
    let numbers = list.lines().filter_map(|line| line.split(' ').next()?.parse().ok());
    numbers.collect()
}

/// The numbers that stand behind a mark, with at most one blank between.
fn behind(text: &str, mark: &str) -> Vec<u32> {
    let rests = text.match_indices(mark).map(|(at, _)| &text[at + mark.len()..]);
    let digits =
        rests.filter_map(|rest| rest.strip_prefix(' ').unwrap_or(rest).split(|c: char| !c.is_ascii_digit()).next());
    digits.filter(|digits| digits.len() >= 5).filter_map(|digits| digits.parse().ok()).collect()
}

/// The numbers that the simulator can answer.
fn literals(tokens: TokenStream) -> Vec<u32> {
    let numbers = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => literals(group.stream()),
        TokenTree::Literal(literal) => literal.to_string().replace('_', "").parse().into_iter().collect(),
        _ => Vec::new(),
    });
    numbers.filter(|number| *number > 16_000).collect()
}

fn mentioned() -> BTreeMap<u32, String> {
    let mut mentioned = BTreeMap::new();
    for path in tree::everything() {
        let ending = path.rsplit('.').next().unwrap_or_default();
        if path == LIST || NO_TEXT.contains(&ending) {
            continue;
        }
        let Ok(text) = tree::read(&path) else { continue };
        let mut numbers: Vec<u32> =
            ["AADSTS", "aadsts =", "\"code\":"].iter().flat_map(|mark| behind(&text, mark)).collect();
        if path.starts_with("infra/simulator/src/entra/") {
            numbers.extend(literals(text.parse().unwrap()));
        }
        mentioned.extend(numbers.into_iter().map(|number| (number, path.clone())));
    }
    mentioned
}

#[test]
fn every_number_that_is_mentioned_anywhere_is_known() {
    let (listed, mentioned) = (listed(), mentioned());
    for number in [50_011, 65_004, 7_000_215, 9_000_411, 5_000_225] {
        assert!(mentioned.contains_key(&number), "{number} is mentioned, and was not found");
    }
    let unknown: Vec<_> =
        mentioned.iter().filter(|(number, _)| !listed.contains(number) && !MADE_UP.contains(number)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert!(MADE_UP.iter().all(|number| !listed.contains(number)), "what is made up is not listed");
}
