//! Names, sizes and what is never left in the code.

use std::collections::{BTreeMap, BTreeSet};

use architecture::router::routes;
use architecture::rust::{attributes, tokens, without_tests};
use architecture::{module, tree, verdict};

const EXPLAINED: &str = "CONTRIBUTING.md, 'Habits'";

/// Names that say nothing of this business.
const EMPTY_NAMES: [&str; 10] =
    ["util", "utils", "helper", "helpers", "common", "manager", "managers", "service", "services", "misc"];

/// The product of AWS, which is called so.
const PRODUCT: &str = "secrets_manager";

/// The longest Rust file.
const MOST_LINES: usize = 400;

/// The longest handler: parse, one call, answer.
const MOST_HANDLER_LINES: usize = 12;

/// What is for the while of writing only, or hides that something fails.
const UNFINISHED: [&str; 3] = ["todo", "unimplemented", "dbg"];

fn says_nothing(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_").replace(PRODUCT, "");
    name == "lib2" || name.split('_').any(|word| EMPTY_NAMES.contains(&word))
}

/// Files and folders with an empty name.
fn empty_paths(paths: &[String]) -> Vec<String> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let stem = |name: String| name.trim_start_matches('.').split('.').next().unwrap_or_default().to_owned();
    let empty = paths.iter().filter(|path| says_nothing(&stem(name(path))));
    empty.map(|path| format!("{path}: say what it is about")).collect()
}

/// Modules with an empty name, also those that are written in place.
fn empty_modules(path: &str, text: &str) -> Result<Vec<String>, String> {
    let tokens = tokens(text)?;
    let pairs = tokens.windows(2).filter(|pair| pair[0].is_word("mod") && says_nothing(&pair[1].text));
    Ok(pairs.map(|pair| format!("{path}:{}: `mod {}`: say what it is about", pair[1].line, pair[1].text)).collect())
}

fn too_long(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > MOST_LINES).then(|| format!("{path}: {lines} lines, {MOST_LINES} at most"))
}

fn unfinished(path: &str, text: &str) -> Result<Vec<String>, String> {
    let tokens = tokens(text)?;
    let mut faults = Vec::new();
    let calls = tokens.windows(3).filter(|three| {
        UNFINISHED.iter().any(|name| three[0].is_word(name))
            && three[1].is_mark("!")
            && ["(", "[", "{"].iter().any(|open| three[2].is_mark(open))
    });
    faults.extend(calls.map(|three| format!("{path}:{}: `{}!`", three[0].line, three[0].text)));
    for attribute in attributes(&tokens) {
        let line = attribute.line;
        if attribute.is("ignore") {
            faults.push(format!("{path}:{line}: a test that is ignored proves nothing"));
        }
        if attribute.is("allow") {
            faults.push(format!("{path}:{line}: write `#[expect(…, reason = \"…\")]` instead of `allow`"));
        }
        if attribute.is("expect") && !attribute.says("reason") {
            faults.push(format!("{path}:{line}: `#[expect]` without a reason"));
        }
    }
    Ok(faults)
}

fn undocumented(path: &str, text: &str) -> Option<String> {
    let documented = text.lines().next().is_some_and(|line| line.starts_with("//! ") && line.len() > 4);
    (!documented).then(|| format!("{path}:1: begin with `//!` and what the module is for"))
}

/// Handlers that do more than three beats, or stand elsewhere than beside their route.
fn fat_handlers(path: &str, text: &str) -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    let file = syn::parse_file(text).map_err(|error| format!("{path}: not Rust: {error}"))?;
    for route in routes(text)?.routes.iter().filter(|route| route.path.as_deref() != Some("/healthz")) {
        let functions = file.items.iter().filter_map(|item| match item {
            syn::Item::Fn(function) => Some(function),
            _ => None,
        });
        let handler = functions.into_iter().find(|function| Some(function.sig.ident.to_string()) == route.handler);
        let Some(handler) = handler.filter(|handler| handler.sig.asyncness.is_some()) else {
            faults.push(format!("{path}:{}: the handler of a route is an `async fn` of the same file", route.line));
            continue;
        };
        let braces = handler.block.brace_token.span;
        let (open, close) = (braces.open().start().line, braces.close().start().line);
        let lines = close.saturating_sub(open + 1);
        if lines > MOST_HANDLER_LINES {
            let name = &handler.sig.ident;
            faults.push(format!("{path}:{open}: `{name}` has {lines} lines, {MOST_HANDLER_LINES} at most"));
        }
    }
    faults.dedup();
    Ok(faults)
}

/// The names of the types that a file declares for the product.
fn declared_types(text: &str) -> Result<Vec<String>, String> {
    let tokens = without_tests(&tokens(text)?);
    let declares =
        |word: &architecture::rust::Token| ["struct", "enum", "trait", "union"].iter().any(|kind| word.is_word(kind));
    let named = tokens.windows(2).filter(|pair| declares(&pair[0]) && !pair[1].is_mark("$"));
    Ok(named.map(|pair| pair[1].text.clone()).collect())
}

/// Names that stand for two types.
fn ambiguous_types<'a>(files: impl IntoIterator<Item = (&'a String, &'a String)>) -> Result<Vec<String>, String> {
    let mut declared: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (path, text) in files {
        for name in declared_types(text)? {
            declared.entry(name).or_default().push(path);
        }
    }
    let twice = declared.into_iter().filter(|(_, paths)| paths.len() > 1);
    Ok(twice.map(|(name, paths)| format!("`{name}` is declared in {}", paths.join(" and in "))).collect())
}

/// Every Rust file with its text.
fn files() -> Vec<(String, String)> {
    let files = tree::rust_files(&[""]).into_iter().map(|path| (tree::read(&path).unwrap_or_default(), path));
    let files: Vec<_> = files.map(|(text, path)| (path, text)).collect();
    assert!(files.len() > 50, "hardly any file was found: the test reads nothing");
    files
}

fn judge(rule: impl Fn(&str, &str) -> Result<Vec<String>, String>) -> Vec<String> {
    let files = files();
    let judged = files.iter().map(|(path, text)| rule(path, text));
    judged.flat_map(|faults| faults.unwrap_or_else(|fault| vec![fault])).collect()
}

#[test]
fn every_file_folder_and_module_has_a_name_that_says_something() {
    let mut faults = empty_paths(&tree::everything());
    faults.extend(judge(empty_modules));
    verdict("Names are nouns of this business", EXPLAINED, &faults);
}

#[test]
fn the_name_of_a_type_means_one_thing() {
    let tests = module::test_modules();
    let files = files();
    let of_the_product = files.iter().filter(|(path, _)| {
        ["shared/src/", "functions/", "infra/"].iter().any(|folder| path.starts_with(folder))
            && path.contains("/src/")
            && !tests.contains(path)
    });
    let faults = ambiguous_types(of_the_product.map(|(path, text)| (path, text))).unwrap_or_else(|fault| vec![fault]);
    verdict("The name of a type means one thing", EXPLAINED, &faults);
}

#[test]
fn no_rust_file_is_longer_than_400_lines() {
    let faults: Vec<String> = files().iter().filter_map(|(path, text)| too_long(path, text)).collect();
    verdict("A file is read in one sitting", EXPLAINED, &faults);
}

#[test]
fn nothing_unfinished_ignored_or_silenced_is_left() {
    verdict("Nothing is unfinished, ignored or silenced", EXPLAINED, &judge(unfinished));
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let tests: BTreeSet<String> = module::test_modules();
    let files = files();
    let files = files.iter().filter(|(path, _)| !tests.contains(path));
    let faults: Vec<String> = files.filter_map(|(path, text)| undocumented(path, text)).collect();
    verdict("A file begins with what it is for", EXPLAINED, &faults);
}

#[test]
fn every_handler_has_three_beats() {
    let mut faults = Vec::new();
    for function in tree::functions() {
        let path = format!("functions/{function}/src/lib.rs");
        faults.extend(fat_handlers(&path, &tree::read(&path).unwrap()).unwrap());
    }
    verdict("A handler parses, makes one call, and answers", EXPLAINED, &faults);
}

#[test]
fn a_name_that_says_nothing_is_seen() {
    let paths = |path: &str| empty_paths(&[path.to_owned()]).len();
    for path in
        ["a/util.rs", "a/helpers", "shared/src/http_utils.rs", "Common.tsx", "lib2.rs", "token-manager", "misc.d"]
    {
        assert_eq!(paths(path), 1, "{path}");
    }
    for path in ["a/secrets_manager.rs", "infra/local/connector.service", "a/utility.rs", "src/lib.rs", ".gitignore"] {
        assert_eq!(paths(path), 0, "{path}");
    }
    assert_eq!(empty_modules("x.rs", "mod a { pub(crate) mod helpers {} } // mod utils;").unwrap().len(), 1);
    assert_eq!(empty_modules("x.rs", "mod secrets_manager; fn service() {}").unwrap().len(), 0);
}

#[test]
fn a_type_whose_name_is_taken_is_seen() {
    let faults = |one: &str, other: &str| {
        let files = [("a".to_owned(), one.to_owned()), ("b".to_owned(), other.to_owned())];
        ambiguous_types(files.iter().map(|(path, text)| (path, text))).unwrap().len()
    };
    assert_eq!(faults("struct Order;", "pub(crate) enum Order {}"), 1);
    assert_eq!(faults("struct Order; trait Of {}", "fn f(order: Order) -> impl Of {}"), 0);
    assert_eq!(faults("struct Order;", "#[cfg(test)] mod tests { struct Order; }"), 0);
}

#[test]
fn the_401st_line_is_seen() {
    assert_eq!(too_long("x.rs", &"\n".repeat(MOST_LINES)), None);
    assert!(too_long("x.rs", &"\n".repeat(MOST_LINES + 1)).is_some());
}

#[test]
fn what_is_unfinished_ignored_or_silenced_is_seen() {
    let faults = |text: &str| unfinished("x.rs", text).unwrap().len();
    for text in [
        "fn f() { todo!() }",
        "fn f() { assert!(g(), \"{}\", unimplemented!(\"x\")) }",
        "fn f() { dbg! { 1 } }",
        "#[ignore = \"slow\"] #[test] fn f() {}",
        "#[cfg_attr(not(unix), ignore)] fn f() {}",
        "#![allow(dead_code)]",
        "macro_rules! m { () => { #[allow(x)] fn f() {} } }",
        "#[cfg_attr(test, allow(x))] fn f() {}",
        "#[expect(dead_code)] fn f() {}",
    ] {
        assert_eq!(faults(text), 1, "{text}");
    }
    for text in [
        "// todo!() #[ignore]\nfn f() { \"todo!()\"; x.expect(\"y\"); todo != 1; ignore(2) }",
        "#[expect(dead_code, reason = \"because\")] fn f() {}",
    ] {
        assert_eq!(faults(text), 0, "{text}");
    }
}

#[test]
fn a_file_that_does_not_say_what_it_is_for_is_seen() {
    for text in ["", "use std::fmt;", "//!\n", "/// X.\nfn f() {}", "\n//! Late."] {
        assert!(undocumented("x.rs", text).is_some(), "{text}");
    }
    assert_eq!(undocumented("x.rs", "//! What it is for.\n"), None);
}

#[test]
fn a_fourth_beat_is_seen() {
    let faults = |handler: &str| {
        let router = "fn router() -> Router { Router::new().route(\"/a\", get(show)) }\n";
        fat_handlers("x.rs", &format!("{router}{handler}")).unwrap().len()
    };
    let of = |lines: usize| format!("async fn show() {{\n{}}}\n", "    f();\n".repeat(lines));
    assert_eq!(faults(&of(MOST_HANDLER_LINES)), 0);
    assert_eq!(faults(&of(MOST_HANDLER_LINES + 1)), 1);
    assert_eq!(faults("async fn show() {}"), 0);
    assert_eq!(faults("use elsewhere::show;"), 1);
    assert_eq!(fat_handlers("x.rs", "fn r() { x.route(\"/a\", get(|| async { 1 })); }").unwrap().len(), 1);
}
