//! Invariants: each that the architecture page states names a test that exists.

use std::collections::BTreeSet;

use architecture::document::{Row, quoted, table, table_in};
use architecture::rust::{Attribute, Kind, Token, attribute, closing, tokens};
use architecture::{tree, verdict};

const EXPLAINED: &str = "ARCHITECTURE.md, 'Invariants'";

/// The columns of the table.
const COLUMNS: [&str; 2] = ["invariant", "test"];

/// A page with fewer has forgotten some.
const FEWEST: usize = 8;

/// The tests of a file: functions under `#[test]`, also inside macros, and the words given to a macro of the file
/// that makes one test of each. A promise of the vault, a function of a `Subject`, is a test of every backend.
fn tests(content: &str) -> Result<BTreeSet<String>, String> {
    let tokens = tokens(content)?;
    let mut tests = BTreeSet::new();
    let mut marked = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if let Some(attribute) = attribute(&tokens, at) {
            marked |= attribute.makes_a_test();
            at = attribute.end;
            continue;
        }
        match (token.text.as_str(), tokens.get(at + 1)) {
            ("fn", Some(name)) if name.kind == Kind::Word && (marked || is_promise(&tokens[at..])) => {
                tests.insert(name.text.clone());
                marked = false;
            }
            ("{" | "}" | ";", _) if token.kind == Kind::Mark => marked = false,
            ("macro_rules", _) => {
                let open = at + 3;
                let close = closing(&tokens, open);
                if makes_tests(&tokens[open..close]) {
                    tests.extend(given(&tokens, &tokens[at + 2].text));
                }
                at = close;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(tests)
}

/// Whether a function is `fn name(at: &Subject)`.
fn is_promise(function: &[Token]) -> bool {
    let parameters = function.get(2..7).unwrap_or_default();
    parameters.iter().map(|token| token.text.as_str()).eq(["(", "at", ":", "&", "Subject"])
}

/// Whether a macro has `#[test] fn $name` in it.
fn makes_tests(definition: &[Token]) -> bool {
    let attributes = (0..definition.len()).filter_map(|at| attribute(definition, at));
    attributes.filter(Attribute::makes_a_test).any(|attribute| {
        let after = definition.get(attribute.end..attribute.end + 4).unwrap_or_default();
        after.windows(2).any(|pair| pair[0].is_word("fn") && pair[1].is_mark("$"))
    })
}

/// The words given to a macro wherever it is used.
fn given(tokens: &[Token], name: &str) -> Vec<String> {
    let uses = (0..tokens.len()).filter(|at| tokens[*at].is_word(name) && tokens[at + 1].is_mark("!"));
    let words = uses.flat_map(|at| &tokens[at + 2..closing(tokens, at + 2)]).filter(|token| token.kind == Kind::Word);
    words.map(|token| token.text.clone()).collect()
}

/// Rows that name no test, or one that is not there. `read` gives the text of a file.
fn unproved(rows: &[Row], read: impl Fn(&str) -> Result<String, String>) -> Vec<String> {
    let mut faults = Vec::new();
    for row in rows {
        let named: Vec<_> = quoted(&row.cells[1]).into_iter().filter_map(|test| test.split_once("::")).collect();
        if named.is_empty() {
            faults.push(format!("line {}: name the test as `path/of/file.rs::name_of_the_test`", row.line));
        }
        for (path, test) in named {
            let test = test.rsplit("::").next().unwrap_or(test);
            match read(path).and_then(|text| tests(&text)) {
                Ok(tests) if tests.contains(test) => {}
                Ok(_) => faults.push(format!("line {}: {path} has no test `{test}`", row.line)),
                Err(fault) => faults.push(format!("line {}: {path}: {fault}", row.line)),
            }
        }
    }
    if rows.len() < FEWEST {
        faults.push(format!("there are {} invariants, and {FEWEST} at least", rows.len()));
    }
    faults
}

#[test]
fn every_invariant_is_proved_by_a_test_that_exists() {
    let faults = match table("ARCHITECTURE.md", "invariants", &COLUMNS) {
        Ok(rows) => unproved(&rows, tree::read),
        Err(fault) => vec![fault],
    };
    verdict("Every invariant names the test that proves it", EXPLAINED, &faults);
}

const FILE: &str = "
#[test] fn plain() {}
mod inner { #[tokio::test(flavor = \"multi_thread\")] #[should_panic] async fn later() {} }
proptest! { #[test] fn for_all(x in 0..9) {} }
macro_rules! promises { ($($p:ident)*) => { $(#[tokio::test] async fn $p() { super::$p().await })* }; }
promises! { kept_by_each }
macro_rules! others { ($p:ident) => { fn $p() {} }; }
others! { no_test }
#[test] const X: u8 = 1; fn after_something_else() {}
// #[test] fn in_a_comment() {}
async fn promised(at: &Subject) {}
fn not_promised(at: &Other) {}
fn no_attribute() { \"#[test] fn in_a_string() {}\"; }
";

#[test]
fn only_what_is_a_test_counts_as_one() {
    let expected = ["for_all", "kept_by_each", "later", "plain", "promised"].map(str::to_owned);
    assert_eq!(tests(FILE).unwrap(), BTreeSet::from(expected));
}

#[test]
fn an_invariant_without_its_test_is_seen() {
    let read = |path: &str| if path == "a.rs" { Ok(FILE.to_owned()) } else { Err("cannot be read".to_owned()) };
    let judged = |test: &str, rows: usize| {
        let rows = format!("| it holds | {test} |\n").repeat(rows);
        let sample = format!("<!-- invariants -->\n| invariant | test |\n|---|---|\n{rows}<!-- /invariants -->");
        unproved(&table_in(&sample, "invariants", &COLUMNS).unwrap(), read)
    };
    assert_eq!(judged("`a.rs::plain`", FEWEST), [""; 0]);
    assert_eq!(judged("`a.rs::inner::later`, `a.rs::for_all`", FEWEST), [""; 0]);
    assert_eq!(judged("`a.rs::plain`", FEWEST - 1).len(), 1);
    assert_eq!(judged("`a.rs::no_test`", FEWEST).len(), FEWEST);
    assert_eq!(judged("`b.rs::plain`", FEWEST).len(), FEWEST);
    assert_eq!(judged("plain", FEWEST).len(), FEWEST);
}
