//! What a function may touch: the fields of its struct, and the table in the architecture page.

use std::collections::{BTreeMap, BTreeSet};

use architecture::document::{Row, quoted, table, table_in};
use architecture::{tree, verdict};
use quote::ToTokens;
use syn::{Item, ItemStruct};

const EXPLAINED: &str = "ARCHITECTURE.md, 'What each function may touch'";

/// The columns of the table.
const COLUMNS: [&str; 2] = ["function", "may touch"];

/// Everything at once. To hold one of these is to have no list at all.
const EVERYTHING: [&str; 3] = ["Dependencies", "Vault", "Backend"];

/// Types of fields by function.
type Touches = BTreeMap<String, BTreeSet<String>>;

/// The types of the fields of the struct that has the function's name.
fn fields(function: &str, text: &str) -> Result<BTreeSet<String>, String> {
    let file = syn::parse_file(text).map_err(|error| format!("{function}: not Rust: {error}"))?;
    let named = |item: &ItemStruct| item.ident.to_string().to_lowercase() == function.replace('_', "");
    let state = file.items.iter().find_map(|item| match item {
        Item::Struct(item) if named(item) => Some(item),
        _ => None,
    });
    let state = state.ok_or(format!("functions/{function}/src/state.rs has no struct of the function's name"))?;
    Ok(state.fields.iter().map(|field| field.ty.to_token_stream().to_string().replace(' ', "")).collect())
}

/// The table, by function.
fn listed(rows: &[Row], faults: &mut Vec<String>) -> Touches {
    let mut listed = Touches::new();
    for row in rows {
        let types = quoted(&row.cells[1]).into_iter().map(str::to_owned).collect();
        if listed.insert(row.cells[0].trim_matches('`').to_owned(), types).is_some() {
            faults.push(format!("ARCHITECTURE.md:{}: {} stands there twice", row.line, row.cells[0]));
        }
    }
    listed
}

/// Where structs and table differ.
fn differences(held: &Touches, listed: &Touches) -> Vec<String> {
    let (nothing, mut faults) = (BTreeSet::new(), Vec::new());
    for function in held.keys().chain(listed.keys()).collect::<BTreeSet<_>>() {
        let (held, listed) = (held.get(function).unwrap_or(&nothing), listed.get(function).unwrap_or(&nothing));
        let unlisted = held.difference(listed);
        faults.extend(unlisted.map(|part| format!("{function} holds `{part}`, which the table does not grant it")));
        let idle = listed.difference(held);
        faults.extend(idle.map(|part| format!("the table grants {function} `{part}`, which it does not hold")));
        let whole = held.iter().filter(|part| EVERYTHING.contains(&part.as_str()));
        faults.extend(whole.map(|part| format!("{function} holds `{part}`, which is everything at once")));
    }
    faults
}

#[test]
fn every_function_touches_what_architecture_says() {
    let (mut faults, mut held) = (Vec::new(), Touches::new());
    for function in tree::functions() {
        match tree::read(&format!("functions/{function}/src/state.rs")).and_then(|text| fields(&function, &text)) {
            Ok(fields) => drop(held.insert(function, fields)),
            Err(fault) => faults.push(fault),
        }
    }
    assert!(held.len() >= 4, "the functions were not found: {held:?}");
    match table("ARCHITECTURE.md", "touches", &COLUMNS) {
        Ok(rows) => {
            let listed = listed(&rows, &mut faults);
            faults.extend(differences(&held, &listed));
        }
        Err(fault) => faults.push(fault),
    }
    verdict("A function may touch only what the table grants it", EXPLAINED, &faults);
}

const SAMPLE: &str = "\
<!-- touches -->
| function | may touch |
|---|---|
| `callback` | `ApiKeys`, `Option<AppReader>` |
<!-- /touches -->
";

const CODE: &str =
    "struct Other { v: u8 } #[derive(Clone)] pub struct Callback { keys: ApiKeys, a: Option<AppReader> }";

fn compare(code: &str, sample: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let listed = listed(&table_in(sample, "touches", &COLUMNS).unwrap_or_default(), &mut faults);
    match fields("callback", code) {
        Ok(fields) => faults.extend(differences(&Touches::from([("callback".to_owned(), fields)]), &listed)),
        Err(fault) => faults.push(fault),
    }
    faults
}

#[test]
fn a_table_that_names_every_field_passes() {
    assert_eq!(compare(CODE, SAMPLE), [""; 0]);
}

#[test]
fn every_field_too_many_or_too_few_is_seen() {
    for (code, sample, fault) in [
        (CODE.replace("keys: ApiKeys", "keys: ApiKeys, g: Graph"), SAMPLE.to_owned(), "callback holds `Graph`"),
        (CODE.replace("keys: ApiKeys,", ""), SAMPLE.to_owned(), "grants callback `ApiKeys`"),
        (CODE.replace("ApiKeys", "Vault"), SAMPLE.replace("ApiKeys", "Vault"), "everything at once"),
        (CODE.replace("Callback", "Caller"), SAMPLE.to_owned(), "no struct of the function's name"),
        (CODE.to_owned(), SAMPLE.replace("`callback`", "`intake`"), "grants intake `ApiKeys`"),
        (CODE.to_owned(), SAMPLE.replace("`callback` |", "callback | `A` |\n| callback |"), "stands there twice"),
    ] {
        let faults = match compare(&code, &sample) {
            faults if faults.is_empty() => vec!["nothing".to_owned()],
            faults => faults,
        };
        assert!(faults.iter().any(|found| found.contains(fault)), "{fault}: {faults:?}");
    }
}
