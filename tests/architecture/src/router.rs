//! The routes that a file declares: every `.serve(routes::NAME, handler)` and `.route(path, get(…).post(…))`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprCall, ExprMethodCall, ItemFn, ItemMod, Lit, Meta};

use crate::tree;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The table that names every route.
pub const TABLE_FILE: &str = "shared/src/http/routes.rs";

/// What would add routes that [`routes`] does not see.
const OTHER_WAYS: [&str; 5] = ["nest", "nest_service", "route_service", "fallback_service", "on"];

/// A method on a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `GET` and so on.
    pub method: String,
    /// The path, where it is written as a string.
    pub path: Option<String>,
    /// The name of the handler, where it is a function of the same file.
    pub handler: Option<String>,
    /// Where.
    pub line: usize,
}

/// The routes, and what cannot be read as one.
#[derive(Debug, Default)]
pub struct Routes {
    /// What was read.
    pub routes: Vec<Route>,
    /// What was not.
    pub faults: Vec<String>,
}

/// The routes that a file declares.
///
/// # Errors
/// Where it is not Rust.
pub fn routes(text: &str) -> Result<Routes, String> {
    let file = syn::parse_file(text).map_err(|error| format!("not Rust: {error}"))?;
    let mut routes = Routes::default();
    routes.visit_file(&file);
    Ok(routes)
}

impl<'a> Visit<'a> for Routes {
    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if !item.attrs.iter().any(is_for_tests_only) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'a ItemFn) {
        if !item.attrs.iter().any(is_for_tests_only) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'a ExprMethodCall) {
        let line = line(call.method.span());
        if OTHER_WAYS.iter().any(|way| call.method == way) {
            self.faults.push(format!("{line}: `.{}` hides routes; write `.route(\"…\", …)`", call.method));
        }
        if call.method == "route" && call.args.len() == 2 {
            let mut methods = Vec::new();
            if let Err(fault) = read_methods(&call.args[1], &mut methods) {
                self.faults.push(fault);
            }
            let path = text_of(&call.args[0]);
            let route = |(method, handler)| Route { method, path: path.clone(), handler, line };
            self.routes.extend(methods.into_iter().map(route));
        }
        if call.method == "serve"
            && call.args.len() == 2
            && let Some(name) = table_name(&call.args[0])
        {
            match TABLE.get(&name) {
                Some((method, path)) => self.routes.push(Route {
                    method: method.clone(),
                    path: Some(path.clone()),
                    handler: name_of(&call.args[1]),
                    line,
                }),
                None => self.faults.push(format!("{line}: `routes::{name}` is not in {TABLE_FILE}")),
            }
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// The table of routes, by name: method and path.
static TABLE: LazyLock<BTreeMap<String, (String, String)>> = LazyLock::new(|| {
    let text = tree::read(TABLE_FILE).unwrap_or_default();
    text.lines().filter_map(table_row).collect()
});

/// Reads `NAME = Method "/path"`.
fn table_row(line: &str) -> Option<(String, (String, String))> {
    let (name, rest) = line.trim().split_once(" = ")?;
    let (method, rest) = rest.split_once(" \"")?;
    let path = rest.split('"').next()?;
    let is_row = METHODS.contains(&method.to_lowercase().as_str()) && path.starts_with('/');
    is_row.then(|| (name.to_owned(), (method.to_uppercase(), path.to_owned())))
}

/// `NAME` of `routes::NAME`.
fn table_name(expression: &Expr) -> Option<String> {
    let Expr::Path(path) = expression else { return None };
    let mut segments = path.path.segments.iter().rev();
    let name = segments.next()?.ident.to_string();
    (segments.next()?.ident == "routes").then_some(name)
}

/// `#[cfg(test)]`, `#[test]` and their like.
fn is_for_tests_only(attribute: &Attribute) -> bool {
    let test = |path: &syn::Path| path.segments.last().is_some_and(|segment| segment.ident == "test");
    let cfg = || attribute.parse_args::<Meta>().is_ok_and(|meta| meta.path().is_ident("test"));
    test(attribute.path()) || attribute.path().is_ident("cfg") && cfg()
}

/// Reads `get(a).post(b)` from the inside out.
fn read_methods(expression: &Expr, methods: &mut Vec<(String, Option<String>)>) -> Result<(), String> {
    let line = line(expression.span());
    let mut add = |method: String, handler: Option<&Expr>| {
        if METHODS.contains(&method.as_str()) {
            methods.push((method.to_uppercase(), handler.and_then(name_of)));
            return Ok(());
        }
        Err(format!("{line}: `{method}` is none of {}", METHODS.join(", ")))
    };
    match expression {
        Expr::Call(ExprCall { func, args, .. }) => add(last_part(func).unwrap_or_default(), args.first()),
        Expr::MethodCall(call) if ["layer", "route_layer", "with_state"].iter().any(|name| call.method == name) => {
            read_methods(&call.receiver, methods)
        }
        Expr::MethodCall(call) => {
            add(call.method.to_string(), call.args.first())?;
            read_methods(&call.receiver, methods)
        }
        _ => Err(format!("{line}: the methods of a route are written `get(…).post(…)`")),
    }
}

fn text_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

fn name_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

fn last_part(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn line(span: Span) -> usize {
    span.start().line
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = (String, Option<String>, Option<String>);

    fn read(expression: &str) -> (Vec<Read>, usize) {
        let read = routes(&format!("fn router() {{ {expression}; }}")).unwrap();
        (read.routes.into_iter().map(|route| (route.method, route.path, route.handler)).collect(), read.faults.len())
    }

    #[test]
    fn each_method_of_a_route_is_read_with_its_handler() {
        let (routes, faults) = read(r#"Router::new().route("/a", routing::get(x).delete(|| async {})).layer(y)"#);
        let a = || Some("/a".to_owned());
        assert_eq!(routes, [("DELETE".into(), a(), None), ("GET".into(), a(), Some("x".into()))]);
        assert_eq!(faults, 0);
    }

    #[test]
    fn a_route_of_the_table_is_read_with_its_method_and_path() {
        let (routes, faults) = read("Router::new().serve(routes::HEALTH, x).serve(routes::DISCONNECT, y)");
        let connection = "/v1/customers/{customer}/users/{user}/connection";
        let row = |method: &str, path: &str, handler: &str| (method.into(), Some(path.into()), Some(handler.into()));
        assert_eq!(routes, [row("DELETE", connection, "y"), row("GET", "/healthz", "x")]);
        assert_eq!(faults, 0);
        assert_eq!(read("Router::new().serve(routes::NOWHERE, x)"), (vec![], 1));
        assert_eq!(read("listener.serve(router, stop)"), (vec![], 0));
    }

    #[test]
    fn a_path_that_is_no_string_is_not_made_up() {
        assert_eq!(read("people.route(&registered, get(x))").0, [("GET".into(), None, Some("x".into()))]);
    }

    #[test]
    fn the_routes_of_tests_do_not_count() {
        let text = "#[cfg(test)] mod tests { fn f() { r.route(\"/a\", get(x)); } } #[tokio::test] async fn g() { \
            r.route(\"/b\", get(x)); } #[cfg(not(test))] mod real { fn f() { r.route(\"/c\", get(x)); } }";
        let paths: Vec<_> = routes(text).unwrap().routes.into_iter().filter_map(|route| route.path).collect();
        assert_eq!(paths, ["/c"]);
    }

    #[test]
    fn what_would_hide_a_route_is_a_fault() {
        assert_eq!(read(r#"router.nest("/v1", inner)"#).1, 1);
        assert_eq!(read(r#"router.route("/a", any(x))"#).1, 1);
        assert_eq!(read(r#"router.route("/a", methods)"#).1, 1);
    }
}
