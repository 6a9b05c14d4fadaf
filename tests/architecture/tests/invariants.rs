//! Invariants: each that `docs/invariants.md` states names a test that exists.

use std::collections::BTreeSet;

use architecture::document::{Row, quoted, table, table_in};
use architecture::proof::tests;
use architecture::{tree, verdict};

const EXPLAINED: &str = "docs/invariants.md, 'Invariants'";

/// The columns of the table.
const COLUMNS: [&str; 2] = ["invariant", "test"];

/// A page with fewer has forgotten some.
const FEWEST: usize = 8;

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
    let faults = match table("docs/invariants.md", "invariants", &COLUMNS) {
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
