//! Every row of the security matrices and of the fault table names a test that exists, or says why there is none.

use architecture::document::{Row, quoted, table, table_in};
use architecture::proof::has_test;
use architecture::{tree, verdict};

const EXPLAINED: &str = "docs/security/requirements.md, 'Security requirements'";

/// The columns of each matrix.
const COLUMNS: [&str; 3] = ["row", "what", "proof"];

/// Each matrix: its page, its marker, the letter of its rows, and how many there are.
const MATRICES: [(&str, &str, &str, usize); 3] = [
    ("docs/security/requirements.md", "requirements", "A", 73),
    ("docs/security/incidents.md", "incidents", "B", 48),
    ("docs/faults.md", "faults", "F", 90),
];

/// What a row says instead of naming a test.
const NONE: &str = "none: ";

/// A reason with fewer letters is none.
const SHORTEST_REASON: usize = 30;

/// What is wrong with a matrix. `read` gives the text of a file.
fn faults(rows: &[Row], letter: &str, many: usize, read: impl Fn(&str) -> Result<String, String>) -> Vec<String> {
    let mut faults = Vec::new();
    let named: Vec<&str> = rows.iter().map(|row| row.cells[0].as_str()).collect();
    let expected: Vec<String> = (1..=many).map(|number| format!("{letter}{number}")).collect();
    if named != expected.iter().map(String::as_str).collect::<Vec<_>>() {
        faults.push(format!("the rows are {letter}1 to {letter}{many}, each once and in order"));
    }
    for row in rows {
        let (name, proof) = (&row.cells[0], &row.cells[2]);
        let tests: Vec<_> = quoted(proof).into_iter().filter_map(|test| test.split_once("::")).collect();
        let reason = proof.split(NONE).nth(1).unwrap_or_default();
        if tests.is_empty() && reason.chars().count() < SHORTEST_REASON {
            faults.push(format!("{name}: name a test as `path/of/file.rs::name`, or write `{NONE}` and why"));
        }
        for (path, test) in tests {
            match read(path).and_then(|text| has_test(path, &text, test)) {
                Ok(true) => {}
                Ok(false) => faults.push(format!("{name}: {path} has no test `{test}`")),
                Err(fault) => faults.push(format!("{name}: {path}: {fault}")),
            }
        }
    }
    faults
}

#[test]
fn every_row_names_a_test_that_exists_or_says_why_there_is_none() {
    let mut found = Vec::new();
    for (page, marker, letter, many) in MATRICES {
        match table(page, marker, &COLUMNS) {
            Ok(rows) => found.extend(faults(&rows, letter, many, tree::read)),
            Err(fault) => found.push(fault),
        }
    }
    verdict("A row of a matrix is proved, or excused", EXPLAINED, &found);
}

#[test]
fn a_row_that_is_missing_unproved_or_badly_excused_is_seen() {
    let read = |path: &str| match path {
        "a.rs" => Ok("#[test] fn holds() {}".to_owned()),
        "a.py" => Ok("def holds(template):\n    pass\n".to_owned()),
        _ => Err("cannot be read".to_owned()),
    };
    let judged = |rows: &str, many: usize| {
        let text = format!("<!-- x -->\n| row | what | proof |\n|---|---|---|\n{rows}<!-- /x -->");
        faults(&table_in(&text, "x", &COLUMNS).unwrap(), "A", many, read).len()
    };
    let good =
        "| A1 | it | `a.rs::holds` `a.py::holds` |\n| A2 | it | none: there is nothing here that could break |\n";
    assert_eq!(judged(good, 2), 0);
    assert_eq!(judged(good, 3), 1, "one is missing");
    assert_eq!(judged("| A1 | it | `a.rs::other` |\n", 1), 1);
    assert_eq!(judged("| A1 | it | `a.py::other` |\n", 1), 1);
    assert_eq!(judged("| A1 | it | `b.rs::holds` |\n", 1), 1);
    assert_eq!(judged("| A1 | it | none: no |\n", 1), 1);
    assert_eq!(judged("| A1 | it | |\n", 1), 1);
}
