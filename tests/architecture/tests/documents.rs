//! Documents: root pages stay short, every link and path leads somewhere, and the index of decisions is the folder.

use std::collections::BTreeSet;

use architecture::{tree, verdict};

const EXPLAINED: &str = "CONTRIBUTING.md, 'Style'";

/// What a root page may measure: its name, in which unit, how much.
const SIZES: [(&str, Unit, usize); 4] = [
    ("README.md", Unit::Lines, 200),
    ("ARCHITECTURE.md", Unit::Bytes, 12_000),
    ("SECURITY.md", Unit::Bytes, 8_000),
    ("CONTRIBUTING.md", Unit::Bytes, 6_000),
];

#[derive(Debug, Clone, Copy)]
enum Unit {
    Lines,
    Bytes,
}

/// The folder of the decisions, and its index.
const DECISIONS: &str = "docs/decisions/";
const INDEX: &str = "docs/decisions/README.md";

/// The parts of a decision, in order.
const SECTIONS: [&str; 4] = ["## Context", "## Decision", "## Consequences", "## Alternatives rejected"];

/// Lines of a decision.
const DECISION_LINES: std::ops::RangeInclusive<usize> = 15..=40;

/// Metaphors that the glossary replaced by the terms of the field.
const PRIVATE_WORDS: [&str; 9] = ["seat", "seats", "deed", "deeds", "door", "doors", "stranger", "strangers", "doctor"];

/// A page is too long.
fn too_long(page: &str, text: &str, unit: Unit, most: usize) -> Option<String> {
    let (size, unit) = match unit {
        Unit::Lines => (text.lines().count(), "lines"),
        Unit::Bytes => (text.len(), "bytes"),
    };
    (size > most).then(|| format!("{page}: {size} {unit}, {most} at most"))
}

/// The lines of a page that are prose, with their numbers: not those of a block of code.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut code = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        (!code && !fence).then_some((at + 1, line))
    })
}

/// What stands in backticks in a line.
fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// What stands outside of backticks in a line.
fn words_only(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

/// The targets of the links and pictures of a line.
fn targets(line: &str) -> Vec<&str> {
    let ends = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    ends.filter(|target| !target.contains("://") && !target.starts_with("mailto:")).collect()
}

/// The path from the root of what a page links to.
fn resolved(page: &str, target: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A heading as a link names it: lower case, hyphens for blanks, no punctuation.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().chars().filter_map(|c| match c {
        ' ' | '-' => Some('-'),
        '_' => Some('_'),
        c if c.is_alphanumeric() => Some(c.to_ascii_lowercase()),
        _ => None,
    });
    kept.collect()
}

/// A path of this repository, named in backticks; the name of a test behind it is left out.
fn path_in(span: &str) -> Option<&str> {
    let path = span.split_whitespace().next()?.split("::").next()?.trim_start_matches("./").trim_end_matches('/');
    let ours = ["docs/", "functions/", "infra/", "shared/", "tests/", ".github/", ".cargo/"];
    let whole = !path.contains(['{', '*', '<', '…', '$', '|']);
    (whole && ours.iter().any(|folder| path.starts_with(folder))).then_some(path)
}

/// Links and paths that lead nowhere. `read` gives the text of a page.
fn dead_ends(page: &str, text: &str, paths: &BTreeSet<String>, read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in prose(text) {
        for target in targets(line) {
            let (file, heading) = target.split_once('#').map_or((target, None), |(file, name)| (file, Some(name)));
            let file = if file.is_empty() { page.to_owned() } else { resolved(page, file) };
            if !paths.contains(&file) {
                faults.push(format!("{page}:{number}: there is no {file}"));
                continue;
            }
            let has =
                |text: &str, name: &str| prose(text).any(|(_, line)| line.starts_with('#') && anchor(line) == name);
            if let Some(name) = heading.filter(|name| !read(&file).is_some_and(|text| has(&text, name))) {
                faults.push(format!("{page}:{number}: {file} has no heading #{name}"));
            }
        }
        for path in code_spans(line).filter_map(path_in).filter(|path| !paths.contains(*path)) {
            faults.push(format!("{page}:{number}: there is no {path}"));
        }
    }
    faults
}

/// Words of our own that the glossary replaced, outside of backticks.
fn private_words(page: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in prose(text) {
        let words = words_only(line).to_lowercase();
        let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| PRIVATE_WORDS.contains(word));
        faults.extend(words.map(|word| format!("{page}:{number}: `{word}`: take the word of docs/glossary.md")));
    }
    faults
}

/// What is wrong with the index of decisions. `files` are the decisions with their texts.
fn index_faults(index: &str, files: &[(String, String)]) -> Vec<String> {
    let rows = index.lines().filter(|line| line.starts_with("| ["));
    let listed: Vec<(String, String)> = rows
        .filter_map(|row| {
            let file = targets(row).first().copied()?.to_owned();
            Some((file, row.split('|').nth(2)?.trim().to_owned()))
        })
        .collect();
    let mut faults = Vec::new();
    let names = |list: &[(String, String)]| list.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    if names(&listed) != names(files) {
        faults.push(format!("{INDEX}: its rows are not the files of {DECISIONS}, each once and in order"));
    }
    for (name, title) in &listed {
        let text = files.iter().find(|(file, _)| file == name).map(|(_, text)| text.as_str()).unwrap_or_default();
        if text.lines().next() != Some(&format!("# {title}")) {
            faults.push(format!("{INDEX}: {name} has another title than `{title}`"));
        }
    }
    faults
}

/// What a decision lacks.
fn decision_faults(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    if !DECISION_LINES.contains(&lines) {
        let (least, most) = (DECISION_LINES.start(), DECISION_LINES.end());
        faults.push(format!("{name}: {lines} lines, {least} to {most} are right"));
    }
    let sections: Vec<&str> = text.lines().filter(|line| line.starts_with("## ")).collect();
    if sections != SECTIONS {
        faults.push(format!("{name}: its sections must be {}", SECTIONS.join(", ")));
    }
    if !text.lines().any(|line| line.starts_with("Status: ") && line.contains("Date: ")) {
        faults.push(format!("{name}: it has no `Status: … Date: …`"));
    }
    faults
}

/// Decisions that the code names and that do not exist. `numbers` are those of the files.
fn unknown_decisions(path: &str, text: &str, numbers: &BTreeSet<String>) -> Vec<String> {
    let named = text.split(DECISIONS).skip(1).map(|rest| rest.chars().take(4).collect::<String>());
    let unknown = named.filter(|number| number.chars().all(|c| c.is_ascii_digit()) && !numbers.contains(number));
    unknown.map(|number| format!("{path}: there is no decision {number}")).collect()
}

/// The pages of the repository with their texts.
fn pages() -> Vec<(String, String)> {
    let pages = tree::everything()
        .into_iter()
        .filter(|path| std::path::Path::new(path).extension().is_some_and(|extension| extension == "md"));
    let pages: Vec<_> = pages.filter_map(|path| tree::read(&path).ok().map(|text| (path, text))).collect();
    assert!(pages.len() > 20, "hardly any page was found: the test reads nothing");
    pages
}

/// The decisions: name of the file in its folder, and text.
fn decisions() -> Vec<(String, String)> {
    let files = pages().into_iter().filter(|(path, _)| path != INDEX);
    files.filter_map(|(path, text)| path.strip_prefix(DECISIONS).map(|name| (name.to_owned(), text))).collect()
}

#[test]
fn root_pages_are_short() {
    let faults: Vec<String> = SIZES
        .into_iter()
        .filter_map(|(page, unit, most)| match tree::read(page) {
            Ok(text) => too_long(page, &text, unit, most),
            Err(fault) => Some(fault),
        })
        .collect();
    verdict("A root page is read in five minutes", EXPLAINED, &faults);
}

#[test]
fn every_link_and_every_path_of_a_page_leads_somewhere() {
    let paths: BTreeSet<String> = tree::everything().into_iter().collect();
    let read = |path: &str| tree::read(path).ok();
    let faults: Vec<String> = pages().iter().flat_map(|(page, text)| dead_ends(page, text, &paths, read)).collect();
    verdict("A page names what exists", EXPLAINED, &faults);
}

#[test]
fn every_page_is_written_in_the_words_of_the_field() {
    let faults: Vec<String> = pages().iter().flat_map(|(page, text)| private_words(page, text)).collect();
    verdict("A page is written in the words of the glossary", EXPLAINED, &faults);
}

#[test]
fn the_index_of_decisions_is_the_folder_and_each_decision_is_whole() {
    let files = decisions();
    let mut faults = match tree::read(INDEX) {
        Ok(index) => index_faults(&index, &files),
        Err(fault) => vec![fault],
    };
    faults.extend(files.iter().flat_map(|(name, text)| decision_faults(name, text)));
    verdict("Every decision stands in the index and says why", EXPLAINED, &faults);
}

#[test]
fn every_decision_that_the_code_names_exists() {
    let numbers: BTreeSet<String> = decisions().iter().map(|(name, _)| name.chars().take(4).collect()).collect();
    let files = tree::rust_files(&["shared/", "functions/", "infra/"]);
    let texts = files.iter().filter_map(|path| tree::read(path).ok().map(|text| (path, text)));
    let faults: Vec<String> = texts.flat_map(|(path, text)| unknown_decisions(path, &text, &numbers)).collect();
    verdict("The code names decisions that exist", EXPLAINED, &faults);
}

#[test]
fn a_page_that_grew_is_seen() {
    assert_eq!(too_long("x.md", "a\nb\n", Unit::Lines, 2), None);
    assert!(too_long("x.md", "a\nb\nc\n", Unit::Lines, 2).is_some());
    assert_eq!(too_long("x.md", "abc", Unit::Bytes, 3), None);
    assert!(too_long("x.md", "abcd", Unit::Bytes, 3).is_some());
}

#[test]
fn a_link_or_a_path_that_leads_nowhere_is_seen() {
    let paths: BTreeSet<String> = ["A.md", "docs/b.md", "docs/c.svg", "tests/run"].map(str::to_owned).into();
    let read = |path: &str| (path == "docs/b.md").then(|| "# Some heading, here\n```\n# none\n```\n".to_owned());
    let faults = |page: &str, text: &str| dead_ends(page, text, &paths, read).len();
    for (page, text) in [
        ("A.md", "[b](docs/b.md) ![c](docs/c.svg) [elsewhere](https://x.example/y)"),
        ("docs/b.md", "[a](../A.md), [self](b.md#some-heading-here) [here](#some-heading-here)"),
        ("A.md", "`docs/b.md` `./tests/run lint` `docs/b.md::a_test` `docs/*.md` `functions/{a,b}` `other/x`"),
        ("A.md", "```sh\n[x](nowhere.md) `docs/nowhere.md`\n```"),
    ] {
        assert_eq!(faults(page, text), 0, "{page}: {text}");
    }
    for (page, text) in [
        ("A.md", "[b](b.md)"),
        ("docs/b.md", "![c](docs/c.svg)"),
        ("docs/b.md", "[self](#another-heading)"),
        ("A.md", "[b](docs/b.md#none)"),
        ("A.md", "`docs/nowhere.md`"),
        ("A.md", "`tests/nowhere.rs::a_test`"),
        ("A.md", "```sh\n```\n`shared/src`"),
    ] {
        assert_eq!(faults(page, text), 1, "{page}: {text}");
    }
}

#[test]
fn a_word_of_our_own_is_seen_where_it_is_no_code() {
    assert_eq!(private_words("x.md", "Two seats at a Door.\n").len(), 2);
    assert_eq!(private_words("x.md", "`./tests/run seats`, indoors\n```\na door\n```\n"), [""; 0]);
}

#[test]
fn a_decision_that_is_not_listed_or_not_whole_is_seen() {
    let whole =
        format!("# T\n\nStatus: accepted. Date: 2026-01-01.\n{}", SECTIONS.map(|s| format!("\n{s}\n\nx\n")).join(""));
    let files = [("0001-t.md".to_owned(), whole.clone())];
    let index = "| number | decision |\n|---|---|\n| [0001](0001-t.md) | T |\n";
    assert_eq!(index_faults(index, &files), [""; 0]);
    assert_eq!(index_faults("", &files).len(), 1);
    assert_eq!(index_faults(&index.replace("| T |", "| U |"), &files).len(), 1);
    assert_eq!(index_faults(&format!("{index}| [0002](0002-u.md) | U |\n"), &files).len(), 2);
    assert_eq!(decision_faults("x", &whole), [""; 0]);
    assert_eq!(decision_faults("x", &whole.replace("## Context", "## Why")).len(), 1);
    assert_eq!(decision_faults("x", &whole.replace("Status", "State")).len(), 1);
    assert_eq!(decision_faults("x", &format!("{whole}{}", "\n".repeat(40))).len(), 1);
}

#[test]
fn a_decision_that_does_not_exist_is_seen_in_the_code() {
    let numbers: BTreeSet<String> = ["0001".to_owned()].into();
    let named = |number: &str| unknown_decisions("x.rs", &format!("// {DECISIONS}{number}: why"), &numbers);
    assert_eq!((named("0001").len(), named("0002").len(), named("README").len()), (0, 1, 0));
}
