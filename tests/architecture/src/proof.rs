//! The tests that a document names: they must exist.

use std::collections::BTreeSet;
use std::path::Path;

use crate::rust::{Attribute, Kind, Token, attribute, closing, tokens};

/// The tests of a file: functions under `#[test]`, also inside macros, and the words given to a macro of the file
/// that makes one test of each. A promise of the vault, a function of a `Subject`, is a test of every backend.
/// # Errors
/// Where the file is not Rust.
pub fn tests(content: &str) -> Result<BTreeSet<String>, String> {
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

/// Whether a file has a test of this name: for Rust as in [`tests`], for Python a function.
///
/// # Errors
/// Where the file is not what its name says.
pub fn has_test(path: &str, content: &str, name: &str) -> Result<bool, String> {
    if Path::new(path).extension().is_some_and(|extension| extension == "py") {
        return Ok(content.lines().any(|line| line.starts_with(&format!("def {name}("))));
    }
    Ok(tests(content)?.contains(name))
}
