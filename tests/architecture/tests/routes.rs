//! Routes: those that the code serves are those that the README lists, and those that the OpenAPI document describes.

use std::collections::{BTreeMap, BTreeSet};

use architecture::document::{Row, quoted, table, table_in, unquoted};
use architecture::router::{self, Routes};
use architecture::{tree, verdict};
use serde_json::Value;

const EXPLAINED: &str = "README.md, 'Routes'";

/// The columns of the table.
const COLUMNS: [&str; 3] = ["function", "route", "what"];

/// In the column `function`: served by every function and by the deployment on one machine.
const ALL: &str = "all";

/// The OpenAPI document; `cargo run -p contract` writes it.
const DOCUMENT: &str = "functions/openapi.json";

/// The deployment on one machine. It has pages of its own, which are no part of the contract.
const ONE_MACHINE: &str = "infra/local";

/// Routes whose path is a setting: function, method, handler, and why.
const BY_SETTING: [(&str, &str, &str, &str); 1] = [(
    "callback",
    "GET",
    "receive_authorization_response",
    "REDIRECT_PATH: where customers of long ago registered something else",
)];

/// `GET /path` by function.
type Served = BTreeMap<String, BTreeSet<String>>;

/// The routes that a file of a function serves.
fn served_by(function: &str, text: &str, faults: &mut Vec<String>) -> BTreeSet<String> {
    let Routes { routes, faults: unread } = router::routes(text).unwrap_or_else(|fault| {
        let faults = vec![fault];
        Routes { routes: Vec::new(), faults }
    });
    faults.extend(unread.into_iter().map(|fault| format!("{function}:{fault}")));
    let mut served = BTreeSet::new();
    for route in routes {
        let by_setting = |(of, method, handler, _): &(&str, &str, &str, &str)| {
            *of == function && *method == route.method && route.handler.as_deref() == Some(handler)
        };
        match route.path {
            Some(path) => {
                served.insert(format!("{} {path}", route.method));
            }
            None if BY_SETTING.iter().any(by_setting) => {}
            None => faults.push(format!("{function}:{}: write the path of a route as a string", route.line)),
        }
    }
    served
}

/// The routes that the table lists.
fn listed(rows: &[Row], faults: &mut Vec<String>) -> Served {
    let mut listed = Served::new();
    for row in rows {
        let function = row.cells[0].trim_matches('`').to_owned();
        let routes = quoted(&row.cells[1]);
        let between = unquoted(&row.cells[1]).replace("<br>", "");
        if routes.is_empty() || !between.trim().is_empty() {
            faults.push(format!("README.md:{}: write routes as `GET /path`, with <br> between them", row.line));
        }
        for route in routes {
            if !route.split_once(' ').is_some_and(|(method, path)| is_method(method) && path.starts_with('/')) {
                faults.push(format!("README.md:{}: `{route}` is no route: write `GET /path`", row.line));
            } else if !listed.entry(function.clone()).or_default().insert(route.to_owned()) {
                faults.push(format!("README.md:{}: `{route}` stands there twice", row.line));
            }
        }
    }
    listed
}

fn is_method(text: &str) -> bool {
    ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&text)
}

/// Where code and table differ.
fn differences(served: &Served, listed: &Served) -> Vec<String> {
    let (nothing, mut faults) = (BTreeSet::new(), Vec::new());
    let by_all = listed.get(ALL).unwrap_or(&nothing);
    for (function, routes) in served {
        let own = listed.get(function).unwrap_or(&nothing);
        let lacking = by_all.difference(routes);
        faults.extend(lacking.map(|route| format!("`{route}` is listed for all, and {function} does not serve it")));
        if function != ONE_MACHINE {
            let gone = own.difference(routes);
            faults.extend(gone.map(|route| format!("`{route}` is listed, and {function} does not serve it")));
            let new = routes.iter().filter(|route| !own.contains(*route) && !by_all.contains(*route));
            faults.extend(new.map(|route| format!("{function} serves `{route}`, which is not listed under its name")));
        }
    }
    let unknown = listed.keys().filter(|function| *function != ALL && !served.contains_key(*function));
    faults.extend(unknown.map(|function| format!("`{function}` is listed, and there is no such function")));
    faults
}

/// The routes that the OpenAPI document describes.
fn described(document: &str) -> Result<BTreeSet<String>, String> {
    let document: Value = serde_json::from_str(document).map_err(|error| format!("not JSON: {error}"))?;
    let paths = document["paths"].as_object().ok_or("there are no paths")?;
    let methods = |item: &Value| item.as_object().into_iter().flatten().map(|(name, _)| name.to_uppercase()).collect();
    let routes = paths.iter().flat_map(|(path, item)| {
        let methods: Vec<String> = methods(item);
        methods.into_iter().map(move |method| format!("{method} {path}"))
    });
    Ok(routes.collect())
}

/// Where code and OpenAPI document differ.
fn undescribed(served: &Served, described: &BTreeSet<String>) -> Vec<String> {
    let functions = served.iter().filter(|(function, _)| *function != ONE_MACHINE);
    let served: BTreeSet<String> = functions.flat_map(|(_, routes)| routes).cloned().collect();
    let new = served.difference(described).map(|route| format!("`{route}` is served, and {DOCUMENT} lacks it"));
    let gone = described.difference(&served).map(|route| format!("`{route}` is in {DOCUMENT}, and nobody serves it"));
    new.chain(gone).collect()
}

/// What the code serves. Routes that `shared` adds, every function has.
fn served(faults: &mut Vec<String>) -> Served {
    let of = |name: &str, folder: &str, faults: &mut Vec<String>| -> BTreeSet<String> {
        let files = tree::rust_files(&[folder]).into_iter().filter(|path| path != router::TABLE_FILE);
        let files = files.map(|path| tree::read(&path).unwrap_or_default());
        files.flat_map(|text| served_by(name, &text, faults)).collect()
    };
    let by_shared = of("shared", "shared/src/", faults);
    let mut served = Served::new();
    for function in tree::functions() {
        let own = of(&function, &format!("functions/{function}/src/"), faults);
        served.insert(function, own.union(&by_shared).cloned().collect());
    }
    let local = router::routes(&tree::read("infra/local/src/lib.rs").unwrap_or_default()).unwrap_or_default().routes;
    let local = local.into_iter().filter_map(|route| Some(format!("{} {}", route.method, route.path?)));
    served.insert(ONE_MACHINE.to_owned(), local.chain(by_shared).collect());
    served
}

#[test]
fn the_routes_of_the_code_are_the_routes_of_the_readme() {
    let mut faults = Vec::new();
    let served = served(&mut faults);
    assert!(served.values().map(BTreeSet::len).sum::<usize>() > 10, "hardly any route was found: {served:?}");
    match table("README.md", "routes", &COLUMNS) {
        Ok(rows) => {
            let listed = listed(&rows, &mut faults);
            faults.extend(differences(&served, &listed));
            if listed.get(ALL).is_none_or(|routes| !routes.contains("GET /healthz")) {
                faults.push("`GET /healthz` is not listed for all".to_owned());
            }
        }
        Err(fault) => faults.push(fault),
    }
    verdict("The README lists the routes that the code serves, each with its function", EXPLAINED, &faults);
}

#[test]
fn the_routes_of_the_code_are_those_of_the_openapi_document() {
    let mut faults = Vec::new();
    let served = served(&mut faults);
    match tree::read(DOCUMENT).and_then(|text| described(&text)) {
        Ok(described) => faults.extend(undescribed(&served, &described)),
        Err(fault) => faults.push(fault),
    }
    verdict("The OpenAPI document describes every route, and no other", EXPLAINED, &faults);
}

#[test]
fn every_function_declares_its_routes_in_lib_rs() {
    let mut faults = Vec::new();
    for path in tree::rust_files(&["functions/"]) {
        let routes = router::routes(&tree::read(&path).unwrap()).unwrap().routes;
        let apart = !path.ends_with("/src/lib.rs") && !path.contains("/tests/");
        // Four functions in one process have one `/healthz`, so a function may add its own where it starts alone.
        let elsewhere = routes.iter().filter(|route| apart && route.path.as_deref() != Some("/healthz"));
        faults.extend(elsewhere.map(|route| format!("{path}:{}: a route stands in lib.rs", route.line)));
    }
    verdict("A function's routes are read in one place", EXPLAINED, &faults);
}

const SAMPLE: &str = "\
<!-- routes -->
| function | route | what |
|---|---|---|
| `callback` | `POST /v1/{user}/links` | a link |
| callback | `GET /connection`<br>`DELETE /connection` | state |
| all | `GET /healthz` | starts |
<!-- /routes -->
";

const CODE: &str = "fn router() { let people = Router::new().route(\"/v1/{user}/links\", post(a)); \
    people.route(&registered, get(receive_authorization_response)); \
    Router::new().route(\"/connection\", get(b).delete(c)).route(\"/healthz\", get(d)) }";

fn compare(code: &str, sample: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let listed = listed(&table_in(sample, "routes", &COLUMNS).unwrap_or_default(), &mut faults);
    let own = served_by("callback", code, &mut faults);
    let local = BTreeSet::from(["GET /healthz".to_owned(), "GET /console".to_owned()]);
    let served = Served::from([("callback".to_owned(), own), (ONE_MACHINE.to_owned(), local)]);
    faults.extend(differences(&served, &listed));
    faults
}

#[test]
fn a_table_that_says_what_the_code_does_passes() {
    assert_eq!(compare(CODE, SAMPLE), [""; 0]);
}

#[test]
fn every_difference_between_code_and_table_is_seen() {
    for (code, sample, fault) in [
        (CODE.replace(".delete(c)", ""), SAMPLE.to_owned(), "`DELETE /connection` is listed"),
        (CODE.replace("get(b)", "get(b).put(e)"), SAMPLE.to_owned(), "callback serves `PUT /connection`"),
        (CODE.replace("{user}", "{u}"), SAMPLE.to_owned(), "`POST /v1/{user}/links` is listed"),
        (CODE.replace(".route(\"/healthz\", get(d))", ""), SAMPLE.to_owned(), "`GET /healthz` is listed for all"),
        (
            CODE.replace("receive_authorization_response", "other"),
            SAMPLE.to_owned(),
            "write the path of a route as a string",
        ),
        (CODE.to_owned(), SAMPLE.replace("| callback |", "| intake |"), "there is no such function"),
        (CODE.to_owned(), SAMPLE.replace("`GET /connection`", "`GET` /connection"), "write routes as `GET /path`"),
        (CODE.to_owned(), SAMPLE.replace("DELETE", "GET"), "stands there twice"),
    ] {
        let faults = compare(&code, &sample);
        assert!(faults.iter().any(|found| found.contains(fault)), "{fault}: {faults:?}");
    }
}

#[test]
fn every_difference_between_code_and_openapi_document_is_seen() {
    let served = Served::from([
        ("callback".to_owned(), BTreeSet::from(["GET /a".to_owned(), "DELETE /a".to_owned()])),
        (ONE_MACHINE.to_owned(), BTreeSet::from(["GET /console".to_owned()])),
    ]);
    let faults = |document: &str| undescribed(&served, &described(document).unwrap()).len();
    assert_eq!(faults(r#"{"paths":{"/a":{"get":{},"delete":{}}}}"#), 0);
    assert_eq!(faults(r#"{"paths":{"/a":{"get":{}}}}"#), 1);
    assert_eq!(faults(r#"{"paths":{"/a":{"get":{},"put":{}},"/b":{"get":{}}}}"#), 3);
    assert!(described("{}").is_err());
}
