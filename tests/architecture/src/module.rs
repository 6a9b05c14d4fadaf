//! Which file is which module, and which of them are tests: read from the `mod` lines, as the compiler does.

use std::collections::BTreeSet;

use crate::rust::{Kind, Token, attribute, closing, tokens};
use crate::{manifest, tree};

/// A file and the module that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file.
    pub path: String,
    /// The module, from the root of its crate; empty for the root.
    pub module: Vec<String>,
    /// Whether it is compiled for tests only.
    pub test: bool,
}

/// A `mod name;` line.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    name: String,
    path: Option<String>,
    test: bool,
}

/// The files of a crate, from its root on. Files that are not Rust are left to the compiler.
#[must_use]
pub fn sources(root: &str, test: bool) -> Vec<Source> {
    let mut sources = Vec::new();
    follow(root, &[], test, folder(root), &mut sources);
    sources
}

/// All files that are compiled for tests only, except the roots of test targets.
#[must_use]
pub fn test_modules() -> BTreeSet<String> {
    let files = tree::everything();
    let mut modules = BTreeSet::new();
    for manifest in files.iter().filter(|path| path.ends_with("/Cargo.toml")) {
        for (root, test) in targets(manifest, &files) {
            let sources = sources(&root, test).into_iter();
            modules.extend(sources.filter(|source| source.test && source.path != root).map(|source| source.path));
        }
    }
    modules
}

/// The roots of a package's targets, and whether each is a test.
fn targets(manifest: &str, files: &[String]) -> Vec<(String, bool)> {
    let folder = folder(manifest);
    let mut targets: Vec<(String, bool)> = manifest::named_targets(manifest);
    for file in files {
        let Some(inside) = file.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) else { continue };
        let parts: Vec<&str> = inside.split('/').collect();
        match parts.as_slice() {
            ["src", "lib.rs" | "main.rs"] => targets.push((file.clone(), false)),
            ["src", "bin", name] | ["examples", name] if is_rust(name) => targets.push((file.clone(), false)),
            ["tests" | "benches", name] if is_rust(name) => targets.push((file.clone(), true)),
            ["tests" | "benches", _, "main.rs"] => targets.push((file.clone(), true)),
            _ => {}
        }
    }
    targets
}

fn is_rust(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension == "rs")
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn follow(path: &str, module: &[String], test: bool, children: &str, sources: &mut Vec<Source>) {
    let Ok(content) = tree::read(path) else { return };
    sources.push(Source { path: path.to_owned(), module: module.to_vec(), test });
    for line in lines(&tokens(&content).unwrap_or_default()) {
        let module = [module, std::slice::from_ref(&line.name)].concat();
        let test = test || line.test;
        if let Some(given) = line.path {
            let file = format!("{}/{given}", folder(path));
            follow(&file, &module, test, folder(&file), sources);
            continue;
        }
        let children = format!("{children}/{}", line.name);
        for file in [format!("{children}.rs"), format!("{children}/mod.rs")] {
            follow(&file, &module, test, &children, sources);
        }
    }
}

fn lines(tokens: &[Token]) -> Vec<Line> {
    let (mut lines, mut at) = (Vec::new(), 0);
    let (mut path, mut test) = (None, false);
    while let Some(token) = tokens.get(at) {
        if let Some(attribute) = attribute(tokens, at) {
            test |= attribute.is_for_tests_only();
            if attribute.is("path") {
                path = attribute.content.iter().find(|token| token.kind == Kind::Literal);
            }
            at = attribute.end;
            continue;
        }
        if token.is_word("mod") && tokens.get(at + 2).is_some_and(|token| token.is_mark(";")) {
            let path = path.map(|token| token.text.trim_matches('"').to_owned());
            lines.push(Line { name: tokens[at + 1].text.clone(), path, test });
        }
        if token.is_mark("{") {
            at = closing(tokens, at);
        }
        if token.is_mark("{") || token.is_mark(";") {
            (path, test) = (None, false);
        }
        at += 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mod_line_is_read_with_the_attributes_before_it() {
        let text = "#[cfg(test)] fn f() { mod inner; }\npub mod a;\n#[cfg(test)] #[path = \"b_tests.rs\"] mod b;";
        let (a, b) = ("a".to_owned(), "b".to_owned());
        let expected =
            [Line { name: a, path: None, test: false }, Line { name: b, path: Some("b_tests.rs".into()), test: true }];
        assert_eq!(lines(&tokens(text).unwrap()), expected);
    }

    #[test]
    fn the_modules_of_this_crate_are_found() {
        let sources = sources("tests/architecture/src/lib.rs", false);
        let this = sources.iter().find(|source| source.path.ends_with("src/module.rs")).unwrap();
        assert_eq!((this.module.as_slice(), this.test), (["module".to_owned()].as_slice(), false));
    }
}
