//! Reads the repository as it lies on disk: its files, Rust, manifests and the tables of its documents.
//!
//! What is read here is judged in `tests/`, one file for each part of the map. A rule is a function from text to
//! faults, so that it can be shown a broken sample as well as the repository.

pub mod document;
pub mod manifest;
pub mod module;
pub mod proof;
pub mod router;
pub mod rust;
pub mod tree;

/// Fails with every fault at once, the rule that they break, and the place where it is explained: `PAGE.md, 'Heading'`.
///
/// # Panics
/// If there is a fault, or no such heading.
pub fn verdict(rule: &str, explained: &str, faults: &[String]) {
    let (page, heading) = explained.split_once(", ").unwrap_or_default();
    let text = tree::read(page).unwrap_or_default();
    let is_heading =
        |line: &str| line.starts_with('#') && line.trim_start_matches(['#', ' ']) == heading.trim_matches('\'');
    let lost = (!text.lines().any(is_heading)).then(|| format!("{page} has no heading {heading} to explain it"));
    let faults: Vec<&str> = faults.iter().chain(&lost).map(String::as_str).collect();
    assert!(faults.is_empty(), "\n{rule} (see {explained}):\n  {}\n", faults.join("\n  "));
}
