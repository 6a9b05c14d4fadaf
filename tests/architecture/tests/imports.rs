//! Imports: what a file of `shared` may import, that files import one another in no circle, and which crate may have which.

use std::collections::{BTreeMap, BTreeSet};

use architecture::manifest::{self, Manifest};
use architecture::module::Source;
use architecture::rust::{Path, Token, paths, tokens, without_tests};
use architecture::{module, tree, verdict};

const EXPLAINED: &str = "ARCHITECTURE.md, 'Folders'";

/// The folders of `shared/src`. A file imports from its own folder and from those before it.
const FOLDERS: [&str; 6] = ["types", "domain", "adapters", "use_cases", "http", "startup"];

/// The adapters that do not import each other; `http_client` is for all of them.
const ADAPTERS: [&str; 4] = ["event_queue", "microsoft", "vault", "webhook"];

/// `#[macro_export]` puts the macro of `types/text.rs` at the root of the crate.
const MACROS_AT_THE_ROOT: [&str; 1] = ["messages"];

/// Folders without I/O.
const WITHOUT_IO: [&str; 2] = ["types", "domain"];

/// Ways to the outside.
const OUTSIDE: [&str; 18] = [
    "axum",
    "hyper",
    "http",
    "reqwest",
    "tower",
    "tower_http",
    "lambda_http",
    "lambda_runtime",
    "redb",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "tokio::fs",
    "tokio::net",
    "tokio::process",
    "tokio::spawn",
];

/// The roots of the product's crates.
const CRATE_ROOTS: [&str; 7] = [
    "shared/src/lib.rs",
    "functions/callback/src/lib.rs",
    "functions/intake/src/lib.rs",
    "functions/meetings/src/lib.rs",
    "functions/refresh/src/lib.rs",
    "infra/local/src/lib.rs",
    "infra/simulator/src/lib.rs",
];

/// Which of our crates a crate may depend on; the last column in tests only.
const CRATES: [(&str, &[&str], &[&str]); 12] = [
    ("shared", &[], &["infra/simulator"]),
    ("functions/", &["shared"], &[]),
    ("infra/local", &["shared", "functions/", "infra/simulator"], &[]),
    ("infra/operator", &["shared"], &[]),
    ("infra/simulator", &[], &[]),
    ("tests/architecture", &[], &[]),
    ("tests/aws-contract", &["shared", "infra/operator"], &[]),
    ("tests/bench", &["shared", "infra/local", "tests/lambda", "infra/simulator"], &[]),
    ("tests/lambda", &["shared", "tests/support", "infra/simulator"], &[]),
    (
        "tests/journeys",
        &[],
        &["shared", "functions/", "infra/local", "infra/simulator", "tests/architecture", "tests/support"],
    ),
    ("tests/support", &["shared", "functions/", "infra/local", "infra/simulator", "tests/architecture"], &[]),
    ("tests/", &["shared", "functions/", "infra/local", "infra/simulator"], &[]),
];

fn position(folder: &str) -> Option<usize> {
    FOLDERS.iter().position(|name| *name == folder)
}

/// Where a path leads, from the root of its crate; nothing for a path into another crate. `children` are the modules that
/// the file declares.
fn target(path: &Path, module: &[String], children: &[String]) -> Option<Vec<String>> {
    let mut here = [module, &path.within].concat();
    let mut parts = path.parts.iter().peekable();
    match path.parts.first()?.as_str() {
        "crate" => here.clear(),
        "self" | "super" => {}
        child if path.within.is_empty() && path.parts.len() > 1 && children.iter().any(|name| name == child) => {}
        _ => return None,
    }
    while let Some(part) = parts.next_if(|part| ["crate", "self", "super"].contains(&part.as_str())) {
        if part == "super" {
            here.pop();
        }
    }
    here.extend(parts.cloned());
    Some(here)
}

/// An import of one file from another of the same crate: where it leads, and the line.
struct Import {
    to: Vec<String>,
    line: usize,
}

/// The tokens without those of `pub(in path)`, which says who may see an item and imports nothing.
fn without_visibility(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut hidden = false;
    for token in tokens {
        hidden = (hidden || token.is_word("in") && kept.last().is_some_and(|before| before.is_mark("(")))
            && !token.is_mark(")");
        if !hidden {
            kept.push(token);
        }
    }
    kept
}

fn imports(module: &[String], children: &[String], tokens: Vec<Token>) -> Vec<Import> {
    let paths = paths(&without_visibility(tokens)).into_iter();
    paths.filter_map(|path| Some(Import { to: target(&path, module, children)?, line: path.line })).collect()
}

/// What is wrong with an import within `shared`.
fn fault(from: &[String], import: &Import) -> Option<String> {
    let (from_path, to_path) = (from.join("::"), import.to.join("::"));
    let here = from.first().and_then(|folder| position(folder))?;
    if import.to == MACROS_AT_THE_ROOT {
        return None;
    }
    let Some(there) = import.to.first().and_then(|folder| position(folder)) else {
        return Some(format!("`{from_path}` imports `crate::{to_path}`, which is in no folder"));
    };
    let adapter = |path: &[String]| match path {
        [folder, adapter, ..] if folder == "adapters" => ADAPTERS.into_iter().find(|name| adapter == name),
        _ => None,
    };
    let crossing = adapter(from).zip(adapter(&import.to)).is_some_and(|(one, other)| one != other);
    (there > here || crossing)
        .then(|| format!("`{from_path}` imports `{to_path}`: only its own folder and those before it"))
}

/// The paths of a file that does no I/O which lead outside.
fn ways_outside(module: &[String], text: &str) -> Result<Vec<String>, String> {
    if module.first().is_none_or(|folder| !WITHOUT_IO.contains(&folder.as_str())) {
        return Ok(Vec::new());
    }
    let out = |path: &Path| {
        let whole = format!("{path}::");
        path.parts[0].starts_with("aws_") || OUTSIDE.iter().any(|way| whole.starts_with(&format!("{way}::")))
    };
    let paths = paths(&tokens(text)?).into_iter().filter(out);
    Ok(paths.map(|path| format!("{}: `{path}`: {} do no I/O", path.line, WITHOUT_IO.join(" and "))).collect())
}

/// Files by module, with the modules that each imports.
type Graph = BTreeMap<String, BTreeSet<String>>;

fn graph(files: &[(Vec<String>, String)]) -> Result<Graph, String> {
    let modules: BTreeSet<Vec<String>> = files.iter().map(|(module, _)| module.clone()).collect();
    let mut graph = Graph::new();
    for (module, text) in files {
        let is_child = |other: &&Vec<String>| other.len() == module.len() + 1 && other.starts_with(module);
        let children: Vec<String> = modules.iter().filter(is_child).filter_map(|child| child.last().cloned()).collect();
        let node = graph.entry(module.join("::")).or_default();
        for import in imports(module, &children, without_tests(&tokens(text)?)) {
            let longest = (0..=import.to.len()).rev().find(|length| modules.contains(&import.to[..*length]));
            if let Some(length) = longest
                && import.to[..length] != module[..]
            {
                node.insert(import.to[..length].join("::"));
            }
        }
    }
    Ok(graph)
}

/// The circles in a graph, each as the files that can reach themselves and one another.
fn circles(graph: &Graph) -> Vec<String> {
    let reach = |start: &str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start.to_owned()]);
        while let Some(next) = open.pop() {
            for to in graph.get(&next).into_iter().flatten() {
                if seen.insert(to.clone()) {
                    open.push(to.clone());
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> = graph.keys().map(|node| (node, reach(node))).collect();
    let mut circles = BTreeSet::new();
    for (node, there) in &reached {
        if there.contains(*node) {
            let ring = there.iter().filter(|other| reached.get(other).is_some_and(|back| back.contains(*node)));
            circles.insert(ring.cloned().collect::<Vec<_>>().join(" ↔ "));
        }
    }
    circles.into_iter().collect()
}

/// A crate's files with their text, tests left out.
fn files(root: &str) -> Result<Vec<(Vec<String>, String)>, String> {
    let product = module::sources(root, false).into_iter().filter(|source| !source.test);
    product.map(|Source { path, module, .. }| Ok((module, tree::read(&path)?))).collect()
}

/// The folders that `lib.rs` does not declare, or in another order.
fn misplaced(lib: &str) -> Result<Vec<String>, String> {
    let tokens = tokens(lib)?;
    let declared = tokens.windows(3).filter(|three| three[0].is_word("mod") && three[2].is_mark(";"));
    let declared: Vec<&str> = declared.map(|three| three[1].text.as_str()).collect();
    let differs = declared != FOLDERS;
    Ok(differs.then(|| format!("shared/src/lib.rs declares {declared:?}, not {FOLDERS:?}")).into_iter().collect())
}

/// The rows of the page's table of folders, in order.
fn misdrawn(page: &str) -> Vec<String> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|line| line.split('`').next());
    let drawn: Vec<&str> = rows.filter(|name| FOLDERS.contains(name)).collect();
    let differs = drawn != FOLDERS;
    differs.then(|| format!("ARCHITECTURE.md shows the folders {drawn:?}, not {FOLDERS:?}")).into_iter().collect()
}

/// Dependencies of a manifest on crates of ours that it may not have. `ours` are folders and names.
fn forbidden(manifest: &Manifest, ours: &[(String, String)]) -> Vec<String> {
    let folder = manifest.path.trim_end_matches("/Cargo.toml");
    let at = |folder: &str, place: &str| folder == place || place.ends_with('/') && folder.starts_with(place);
    let Some((_, always, for_tests)) = CRATES.iter().find(|(place, ..)| at(folder, place)) else {
        return vec![format!("{}: this crate is not on the map", manifest.path)];
    };
    let mut faults = Vec::new();
    for dependency in manifest.dependencies() {
        let Some((there, _)) = ours.iter().find(|(_, name)| *name == dependency.package) else { continue };
        let allowed = always.iter().any(|place| at(there, place))
            || dependency.kind == "dev-dependencies" && for_tests.iter().any(|place| at(there, place));
        if !allowed {
            let (path, kind) = (&manifest.path, &dependency.kind);
            faults.push(format!("{path}: {folder} may not have {there} among its {kind}"));
        }
    }
    faults
}

#[test]
fn every_import_in_shared_leads_into_its_own_folder_or_one_before_it() {
    let (mut faults, mut count) = (Vec::new(), 0);
    let sources = module::sources("shared/src/lib.rs", false);
    for source in &sources {
        for import in imports(&source.module, &[], tokens(&tree::read(&source.path).unwrap()).unwrap()) {
            count += 1;
            let fault = fault(&source.module, &import);
            faults.extend(fault.map(|fault| format!("{}:{}: {fault}", source.path, import.line)));
        }
    }
    for file in tree::rust_files(&["shared/src/"]) {
        if !sources.iter().any(|source| source.path == file) {
            faults.push(format!("{file}: no `mod` names this file"));
        }
    }
    assert!(count > 300, "hardly any import was found: the test reads nothing");
    verdict("A file imports from its own folder and from those before it", EXPLAINED, &faults);
}

#[test]
fn no_files_of_a_crate_import_one_another_in_a_circle() {
    let mut faults = Vec::new();
    for root in CRATE_ROOTS {
        let graph = graph(&files(root).unwrap()).unwrap();
        assert!(graph.len() > 5, "{root}: hardly any file was found");
        faults.extend(circles(&graph).into_iter().map(|circle| format!("{root}: {circle}")));
    }
    verdict("Files import one another in no circle", EXPLAINED, &faults);
}

#[test]
fn the_folders_of_shared_stand_in_lib_and_page_in_this_order() {
    let mut faults = misplaced(&tree::read("shared/src/lib.rs").unwrap()).unwrap();
    faults.extend(misdrawn(&tree::read("ARCHITECTURE.md").unwrap()));
    verdict("The folders of shared", EXPLAINED, &faults);
}

#[test]
fn types_and_domain_do_no_io() {
    let mut faults = Vec::new();
    for source in module::sources("shared/src/lib.rs", false) {
        let ways = ways_outside(&source.module, &tree::read(&source.path).unwrap()).unwrap();
        faults.extend(ways.into_iter().map(|way| format!("{}:{way}", source.path)));
    }
    verdict("Types and domain do no I/O", EXPLAINED, &faults);
}

#[test]
fn every_crate_depends_only_on_those_below_it() {
    let members = manifest::members();
    let folder = |manifest: &Manifest| manifest.path.trim_end_matches("/Cargo.toml").to_owned();
    let ours: Vec<_> = members.iter().map(|manifest| (folder(manifest), manifest.name().to_owned())).collect();
    let faults: Vec<String> = members.iter().flat_map(|manifest| forbidden(manifest, &ours)).collect();
    verdict("Tests, infra/local, functions, shared: dependencies point that way only", EXPLAINED, &faults);
}

#[test]
fn an_import_against_the_order_is_seen_however_it_is_written() {
    let faults = |module: &str, text: &str| {
        let module: Vec<String> = module.split("::").map(str::to_owned).collect();
        imports(&module, &[], tokens(text).unwrap())
            .iter()
            .filter_map(|import| fault(&module, import))
            .collect::<Vec<_>>()
    };
    for (module, text) in [
        ("types::ids", "use crate::domain::audit::AuditEntry;"),
        ("domain::meeting", "use crate::{types::clock::Clock, adapters::{vault}};"),
        ("adapters::vault::api_keys", "fn f() { let _ = crate::http::html::STYLE; }"),
        ("adapters::vault", "fn f() { tracing::info!(\"{}\", crate::adapters::microsoft::SCOPES); }"),
        ("adapters::microsoft::graph", "use super::super::vault::Vault;"),
        ("adapters", "mod inner { use super::super::startup::X; }"),
        ("domain::sign_in", "#[serde(with = \"crate::http::x\")] struct X;"),
        ("use_cases::token_refresh", "#[cfg(test)] mod tests { use crate::http::problem; }"),
        ("types::ids", "macro_rules! m { () => { $crate::domain::connection::State } }"),
        ("adapters::vault", "use crate::nowhere::X;"),
    ] {
        assert_eq!(faults(module, text).len(), 1, "{module}: {text}: {:?}", faults(module, text));
    }
    for (module, text) in [
        (
            "adapters::vault::api_keys",
            "use crate::adapters::vault::model; use super::model::Arn; use crate::types::sealing::Seal;",
        ),
        (
            "domain::connection",
            "use crate::domain::finding::Kind; /* crate::http */ // crate::http::X\nconst X: &str = \"crates\";",
        ),
    ] {
        assert_eq!(faults(module, text), [""; 0], "{module}: {text}");
    }
}

#[test]
fn a_circle_of_files_is_seen_between_siblings_and_between_parent_and_child() {
    let circles = |files: &[(&str, &str)]| {
        let path = |module: &str| module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let files: Vec<_> = files.iter().map(|(module, text)| (path(module), (*text).to_owned())).collect();
        circles(&graph(&files).unwrap())
    };
    let one = [("a", "use crate::b::B;"), ("b", "mod c; use c::C;"), ("b::c", "struct C;")];
    assert_eq!(circles(&one), [""; 0]);
    assert_eq!(circles(&[("a", "use crate::b::B;"), ("b", "fn f() { crate::a::g() }")]), ["a ↔ b"]);
    assert_eq!(circles(&[("b", "mod c; pub use c::C;"), ("b::c", "use super::B;")]), ["b ↔ b::c"]);
    assert_eq!(circles(&[("b", "mod c; fn f() { c::g() }"), ("b::c", "use crate::b::B;")]), ["b ↔ b::c"]);
    assert_eq!(circles(&[("b", "mod c; use c::C;"), ("b::c", "pub(in crate::b) struct C;")]), [""; 0]);
    assert_eq!(circles(&[("b", "#[cfg(test)] mod tests { use super::*; }"), ("c", "use crate::b::B;")]), [""; 0]);
}

#[test]
fn folders_in_another_order_are_seen() {
    let lib = FOLDERS.map(|folder| format!("pub mod {folder};\n")).concat();
    assert_eq!(misplaced(&lib).unwrap(), [""; 0]);
    assert_eq!(misplaced(&format!("{lib}mod shelf;")).unwrap().len(), 1);
    assert_eq!(misplaced(&lib.replace("pub mod http;", "")).unwrap().len(), 1);
    let page = FOLDERS.map(|folder| format!("| `{folder}` | what | rule |\n")).concat();
    assert_eq!(misdrawn(&page), [""; 0]);
    assert_eq!(misdrawn(&page.replace("| `http` |", "| `web` |")).len(), 1);
    assert_eq!(misdrawn("").len(), 1);
}

#[test]
fn a_rule_that_reaches_outside_is_seen() {
    let ways = |module: &str, text: &str| ways_outside(&[module.to_owned()], text).unwrap().len();
    assert_eq!(ways("domain", "use std::{fmt, fs::File}; fn f() { tokio::net::lookup_host(x); reqwest::get(y) }"), 3);
    assert_eq!(ways("domain", "use aws_sdk_secretsmanager::Client; use axum::Router;"), 2);
    assert_eq!(ways("types", "use std::fmt; use std::str::FromStr; use httpdate::HttpDate;"), 0);
    assert_eq!(ways("adapters", "use std::fs::File;"), 0);
}

#[test]
fn a_dependency_against_the_order_is_seen_whatever_its_kind_and_name() {
    let ours = ["shared", "functions/intake", "functions/callback", "infra/local", "infra/simulator"];
    let ours: Vec<_> = ours.iter().map(|at| ((*at).to_owned(), at.rsplit('/').next().unwrap().to_owned())).collect();
    let faults = |folder: &str, text: &str| {
        forbidden(&Manifest::parse(&format!("{folder}/Cargo.toml"), text).unwrap(), &ours).len()
    };
    assert_eq!(faults("shared", "[dependencies]\nintake.workspace = true"), 1);
    assert_eq!(faults("shared", "[dependencies]\nsimulator.workspace = true"), 1);
    assert_eq!(faults("shared", "[dev-dependencies]\nsimulator.workspace = true"), 0);
    assert_eq!(faults("functions/intake", "[dev-dependencies]\ncallback.workspace = true"), 1);
    assert_eq!(faults("functions/intake", "[dependencies]\nx = { path = \"../x\", package = \"local\" }"), 1);
    assert_eq!(faults("functions/intake", "[target.'cfg(unix)'.dev-dependencies]\nsimulator.workspace = true"), 1);
    assert_eq!(faults("functions/intake", "[dependencies]\nshared.workspace = true\nserde.workspace = true"), 0);
    assert_eq!(faults("infra/simulator", "[build-dependencies]\nshared.workspace = true"), 1);
    assert_eq!(faults("infra/local", "[dependencies]\nsimulator.workspace = true\nintake.workspace = true"), 0);
    assert_eq!(faults("tools/x", ""), 1);
}
