//! The ladder: what may import what, inside `shared` and between the crates.

use architecture::document::quoted;
use architecture::manifest::{self, Manifest};
use architecture::rust::{Path, paths, tokens};
use architecture::{module, tree, verdict};

const EXPLAINED: &str = "ARCHITECTURE.md, 'The ladder'";

/// A module imports only from lower rungs: never a neighbour, never upward.
const LADDER: [&[&str]; 5] = [
    // Words.
    &["clock", "ids", "language", "lock", "randomness", "seal", "secret", "visible"],
    // Meaning. No I/O.
    &["allowance", "audit", "caller", "connection", "entra_app", "finding", "meeting", "sign_in"],
    // Doors.
    &["microsoft", "vault", "web"],
    // Acts that need two doors.
    &["admission", "doctor", "failure", "renewal"],
    // Start-up.
    &["aws", "config", "parts", "telemetry"],
];

/// Neighbours on one rung of which one is part of what the other means. Each must be needed.
const NEIGHBOURS: [(&str, &str, &str); 13] = [
    ("aws", "config", "start-up on AWS reads the settings"),
    ("aws", "parts", "and assembles the parts"),
    ("aws", "telemetry", "and begins to log"),
    ("seal", "clock", "a seal holds until a time"),
    ("seal", "randomness", "a sealing key is made of chance"),
    ("seal", "secret", "a sealing key is a secret, and a seal is one of the ways that a secret may leave"),
    ("failure", "renewal", "what a failed renewal means to the caller is said where all failures are"),
    ("telemetry", "config", "what is logged is a setting"),
    ("connection", "finding", "why a connection is doubted is a finding, kept with it"),
    ("entra_app", "finding", "every fault of what an administrator hands over is a finding"),
    ("meeting", "entra_app", "the address of a participant ends in a domain, of the kind that also names a tenant"),
    ("sign_in", "finding", "why a sign-in did not come about is a finding"),
    ("parts", "config", "the parts are everything that a process has, its settings among them"),
];

/// The one HTTP client is made by one door and handed to the other at start-up; that door's own tests make it so too.
const HANDED_IN: (&str, &str) = ("vault", "microsoft::http::client");

/// What `config` may know of the doors: the plain types that settings are parsed into.
const PLAIN_TYPES: [&str; 3] = ["microsoft::Base", "microsoft::Endpoints", "vault::layout::Prefix"];

/// How the world is reached. None of it means anything.
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

/// Who may have whom among our own crates, as a dependency of any kind; the last column only for tests.
const CRATES: [(&str, &[&str], &[&str]); 9] = [
    ("shared", &[], &["infra/simulator"]),
    ("functions/", &["shared"], &[]),
    ("infra/local", &["shared", "functions/", "infra/simulator"], &[]),
    ("infra/simulator", &[], &[]),
    ("tests/architecture", &[], &[]),
    ("tests/bench", &["shared", "infra/local", "tests/lambda", "infra/simulator"], &[]),
    ("tests/lambda", &["shared", "tests/journeys", "infra/simulator"], &[]),
    ("tests/journeys", &["shared", "functions/", "infra/local", "infra/simulator", "tests/architecture"], &[]),
    ("tests/", &["shared", "functions/", "infra/local", "infra/simulator"], &[]),
];

fn rung(module: &str) -> Option<usize> {
    LADDER.iter().position(|rung| rung.contains(&module))
}

/// Where a path of `shared` leads, from the root of the crate; nothing for a path into another crate.
fn target(path: &Path, module: &[String]) -> Option<Vec<String>> {
    let mut here = [module, &path.within].concat();
    let mut parts = path.parts.iter().peekable();
    match path.parts.first()?.as_str() {
        "crate" => here.clear(),
        "self" | "super" => {}
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

/// An import from one module of `shared` into another.
struct Import {
    from: String,
    to: Vec<String>,
    line: usize,
}

fn imports(module: &[String], text: &str) -> Result<Vec<Import>, String> {
    let Some(from) = module.first() else { return Ok(Vec::new()) };
    let imports = paths(&tokens(text)?).into_iter().filter_map(|path| {
        let to = target(&path, module)?;
        (to.first() != Some(from)).then(|| Import { from: from.clone(), to, line: path.line })
    });
    Ok(imports.collect())
}

fn fault(import: &Import) -> Option<String> {
    let Import { from, to, .. } = import;
    let whole = to.join("::");
    let Some(to) = to.first().filter(|to| rung(to).is_some()) else {
        return Some(format!("`{from}` imports `crate::{whole}`, which is no module on the ladder"));
    };
    if NEIGHBOURS.iter().any(|(one, other, _)| from == one && to == other) {
        return None;
    }
    if (from.as_str(), whole.as_str()) == HANDED_IN {
        return None;
    }
    if rung(to) >= rung(from) {
        let (here, there) = (rung(from).unwrap_or_default(), rung(to).unwrap_or_default());
        return Some(format!("`{from}` (rung {here}) imports `{whole}` (rung {there}): only lower rungs"));
    }
    let door = LADDER[2].contains(&to.as_str());
    if from == "config" && door && !PLAIN_TYPES.contains(&whole.as_str()) {
        return Some(format!("`config` imports `{whole}`: of the doors it knows only {}", PLAIN_TYPES.join(", ")));
    }
    None
}

/// The paths in a module of meaning that lead outside.
fn ways_outside(module: &[String], text: &str) -> Result<Vec<String>, String> {
    if module.first().is_none_or(|module| rung(module) != Some(1)) {
        return Ok(Vec::new());
    }
    let out = |path: &Path| {
        let whole = format!("{path}::");
        path.parts[0].starts_with("aws_") || OUTSIDE.iter().any(|way| whole.starts_with(&format!("{way}::")))
    };
    let paths = paths(&tokens(text)?).into_iter().filter(out);
    Ok(paths.map(|path| format!("{}: `{path}`: what something means does no I/O", path.line)).collect())
}

/// The modules that `lib.rs` declares but the ladder lacks, and the other way round, and those out of order.
fn misplaced(lib: &str) -> Result<Vec<String>, String> {
    let tokens = tokens(lib)?;
    let declared: Vec<&str> = tokens
        .windows(3)
        .filter(|three| three[0].is_word("mod") && three[2].is_mark(";"))
        .map(|three| three[1].text.as_str())
        .collect();
    let unplaced = declared.iter().filter(|module| rung(module).is_none());
    let mut faults: Vec<String> = unplaced.map(|module| format!("`{module}` stands on no rung")).collect();
    let gone = LADDER.concat().into_iter().filter(|module| !declared.contains(module));
    faults.extend(gone.map(|module| format!("`{module}` is on the ladder and not in shared/src/lib.rs")));
    let rungs: Vec<usize> = declared.iter().filter_map(|module| rung(module)).collect();
    if !rungs.is_sorted() {
        faults.push("shared/src/lib.rs does not declare its modules from the lowest rung to the highest".to_owned());
    }
    Ok(faults)
}

/// The rungs in a page, rows that begin with `| 0 `, `| 1 ` and so on, that are not those of the ladder.
fn misdrawn(page: &str) -> Vec<String> {
    let drawn =
        |rung: usize| page.lines().find_map(|line| line.strip_prefix(&format!("| {rung} "))).unwrap_or_default();
    let cell = |rung: usize| drawn(rung).split('|').nth(1).unwrap_or_default();
    let differs = (0..LADDER.len()).filter(|rung| quoted(cell(*rung)) != LADDER[*rung]);
    differs.map(|rung| format!("ARCHITECTURE.md: rung {rung} must be `{}`", LADDER[rung].join("` `"))).collect()
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
fn every_import_in_shared_points_down_the_ladder() {
    let (mut faults, mut used) = (Vec::new(), Vec::new());
    let sources = module::sources("shared/src/lib.rs", false);
    for source in &sources {
        for import in imports(&source.module, &tree::read(&source.path).unwrap()).unwrap() {
            faults.extend(fault(&import).map(|fault| format!("{}:{}: {fault}", source.path, import.line)));
            used.push((import.from, import.to[0].clone()));
        }
    }
    let idle = |from: &str, to: &str| !used.iter().any(|(one, other)| one == from && other == to);
    let idle = NEIGHBOURS.iter().filter(|(from, to, _)| idle(from, to));
    faults.extend(idle.map(|(from, to, _)| format!("`{from}` no longer imports `{to}`: strike the pair out")));
    for file in tree::rust_files(&["shared/src/"]) {
        if !sources.iter().any(|source| source.path == file) {
            faults.push(format!("{file}: no `mod` names this file"));
        }
    }
    assert!(used.len() > 50, "hardly any import was found: the test reads nothing");
    verdict("A module imports only from lower rungs", EXPLAINED, &faults);
}

#[test]
fn every_module_of_shared_stands_on_one_rung_and_in_that_order() {
    let faults = misplaced(&tree::read("shared/src/lib.rs").unwrap()).unwrap();
    verdict("Every module of shared stands on the ladder", EXPLAINED, &faults);
}

#[test]
fn the_ladder_in_the_architecture_page_is_this_one() {
    let faults = tree::read("ARCHITECTURE.md").map_or_else(|fault| vec![fault], |page| misdrawn(&page));
    verdict("The page draws the ladder that the code stands on", EXPLAINED, &faults);
}

#[test]
fn what_something_means_does_no_io() {
    let mut faults = Vec::new();
    for source in module::sources("shared/src/lib.rs", false) {
        let ways = ways_outside(&source.module, &tree::read(&source.path).unwrap()).unwrap();
        faults.extend(ways.into_iter().map(|way| format!("{}:{way}", source.path)));
    }
    verdict("Rung 1 does no I/O", EXPLAINED, &faults);
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
fn an_import_of_a_neighbour_or_upward_is_seen_however_it_is_written() {
    let faults = |module: &str, text: &str| {
        let module: Vec<String> = module.split("::").map(str::to_owned).collect();
        imports(&module, text).unwrap().iter().filter_map(fault).collect::<Vec<_>>()
    };
    for (module, text) in [
        ("ids", "use crate::secret::ApiKey;"),
        ("meeting", "use crate::{clock::Clock, vault::{Held}};"),
        ("vault::keys", "fn f() { let _ = crate::web::page::STYLE; }"),
        ("vault", "fn f() { tracing::info!(\"{}\", crate::microsoft::SCOPES); }"),
        ("microsoft::graph", "use super::super::vault::Vault;"),
        ("web", "mod inner { use super::super::vault::Vault; }"),
        ("sign_in", "#[serde(with = \"crate::web::x\")] struct X;"),
        ("renewal", "#[cfg(test)] mod tests { use crate::failure; }"),
        ("caller", "macro_rules! m { () => { $crate::connection::State } }"),
        ("vault", "use crate::*;"),
        ("vault", "use crate::nowhere::X;"),
        ("config", "use crate::vault::Vault;"),
    ] {
        assert_eq!(faults(module, text).len(), 1, "{module}: {text}: {:?}", faults(module, text));
    }
    for (module, text) in [
        ("vault::keys", "use crate::vault::{Held, layout}; use super::terms::Arn; use crate::seal::Seal;"),
        ("connection", "use crate::finding::Kind; /* crate::vault */ // crate::web::X\nconst X: &str = \"crates\";"),
        ("config", "use crate::microsoft::{Base, Endpoints};"),
    ] {
        assert_eq!(faults(module, text), [""; 0], "{module}: {text}");
    }
}

#[test]
fn a_module_that_lib_rs_and_the_ladder_do_not_share_is_seen() {
    let all: String = LADDER.concat().iter().fold(String::new(), |all, module| format!("{all}pub mod {module};\n"));
    assert_eq!(misplaced(&all).unwrap(), [""; 0]);
    assert_eq!(misplaced(&format!("{all}mod shelf;")).unwrap(), ["`shelf` stands on no rung"]);
    assert_eq!(misplaced(&all.replace("pub mod web;", "")).unwrap().len(), 1);
    assert_eq!(misplaced(&format!("pub mod parts;{}", all.replace("pub mod parts;", ""))).unwrap().len(), 1);
}

#[test]
fn a_page_that_draws_another_ladder_is_seen() {
    let page: String = LADDER.iter().enumerate().fold(String::new(), |page, (rung, modules)| {
        format!("{page}| {rung} name | `{}` | rule |\n", modules.join("` `"))
    });
    assert_eq!(misdrawn(&page), [""; 0]);
    assert_eq!(misdrawn(&page.replace("`web`", "`web` `mail`")).len(), 1);
    assert_eq!(misdrawn(&page.replace("`vault` ", "")).len(), 1);
    assert_eq!(misdrawn("").len(), LADDER.len());
}

#[test]
fn a_meaning_that_reaches_outside_is_seen() {
    let ways = |module: &str, text: &str| ways_outside(&[module.to_owned()], text).unwrap().len();
    assert_eq!(ways("meeting", "use std::{fmt, fs::File}; fn f() { tokio::net::lookup_host(x); reqwest::get(y) }"), 3);
    assert_eq!(ways("meeting", "use aws_sdk_secretsmanager::Client; use axum::Router;"), 2);
    assert_eq!(ways("meeting", "use std::fmt; use std::str::FromStr; use httpdate::HttpDate;"), 0);
    assert_eq!(ways("vault", "use std::fs::File;"), 0);
}

#[test]
fn a_dependency_against_the_order_is_seen_whatever_its_kind_and_name() {
    let ours = ["shared", "functions/intake", "functions/callback", "infra/local", "infra/simulator"];
    let ours: Vec<_> = ours.iter().map(|at| ((*at).to_owned(), at.rsplit('/').next().unwrap().to_owned())).collect();
    let faults = |folder: &str, text: &str| {
        forbidden(&Manifest::parse(&format!("{folder}/Cargo.toml"), text).unwrap(), &ours).len()
    };
    assert_eq!(faults("shared", "[dependencies]\nintake.workspace = true"), 1);
    assert_eq!(faults("shared", "[dependencies]\nmicrosoft.workspace = true"), 1);
    assert_eq!(faults("shared", "[dev-dependencies]\nmicrosoft.workspace = true"), 0);
    assert_eq!(faults("functions/intake", "[dev-dependencies]\ncallback.workspace = true"), 1);
    assert_eq!(faults("functions/intake", "[dependencies]\nx = { path = \"../x\", package = \"local\" }"), 1);
    assert_eq!(faults("functions/intake", "[target.'cfg(unix)'.dev-dependencies]\nmicrosoft.workspace = true"), 1);
    assert_eq!(faults("functions/intake", "[dependencies]\nshared.workspace = true\nserde.workspace = true"), 0);
    assert_eq!(faults("infra/simulator", "[build-dependencies]\nshared.workspace = true"), 1);
    assert_eq!(faults("infra/local", "[dependencies]\nmicrosoft.workspace = true\nintake.workspace = true"), 0);
    assert_eq!(faults("tools/x", ""), 1);
}
