//! The routes of the HTTP API: those that the README lists and one for what a browser asks for besides, because the template
//! has no others.

/// In the column `function`: every function serves it. An HTTP API has one integration a route, so the first one gets it.
const ALL: &str = "all";

/// Takes what a browser asks for and no other route has.
pub const UNKNOWN_ADDRESS: &str = "GET /{proxy+}";

/// A route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The function that it leads to.
    pub function: String,
    /// `POST /intake/{link}`
    pub key: String,
}

/// All of them.
#[derive(Debug)]
pub struct Routes {
    listed: Vec<Route>,
    unknown_address: Route,
}

impl Routes {
    /// The table of the README.
    ///
    /// # Panics
    /// When there is no such table.
    #[must_use]
    pub fn of_the_readme() -> Self {
        Self::of(include_str!("../../../README.md"))
    }

    fn of(text: &str) -> Self {
        let (_, text) = text.split_once("<!-- routes -->").expect("a table of routes");
        let (table, _) = text.split_once("<!-- /routes -->").expect("its end");
        let rows = table.lines().filter(|line| line.starts_with('|')).skip(2);
        let mut routes = Vec::new();
        for row in rows {
            let mut cells = row.split('|').skip(1).map(str::trim);
            let function = cells.next().unwrap_or_default().trim_matches('`');
            let keys = cells.next().unwrap_or_default().split('`').skip(1).step_by(2);
            routes.extend(keys.map(|key| Route { function: function.to_owned(), key: key.to_owned() }));
        }
        let first = routes.first().expect("a route").function.clone();
        for route in &mut routes {
            if route.function == ALL {
                route.function.clone_from(&first);
            }
        }
        Self {
            listed: routes,
            unknown_address: Route { function: "intake".to_owned(), key: UNKNOWN_ADDRESS.to_owned() },
        }
    }

    /// The routes of the table, in its order.
    pub fn all(&self) -> impl Iterator<Item = &Route> {
        self.listed.iter()
    }

    /// The functions, in the order of the table.
    #[must_use]
    pub fn functions(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for route in &self.listed {
            if !names.contains(&route.function.as_str()) {
                names.push(&route.function);
            }
        }
        names
    }

    /// The most specific route of a request
    /// ([Create routes for HTTP APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html)).
    /// The path is taken as it was sent: a variable then takes whatever an encoded slash hides, which is the worse case
    /// for the function.
    #[must_use]
    pub fn find(&self, method: &str, path: &str) -> Option<&Route> {
        let matching = self.listed.iter().filter(|route| {
            route.key.split_once(' ').is_some_and(|(of, template)| of == method && takes(template, path))
        });
        let most_specific = matching.min_by_key(|route| route.key.matches('{').count());
        most_specific.or_else(|| (method == "GET" && path != "/").then_some(&self.unknown_address))
    }
}

fn takes(template: &str, path: &str) -> bool {
    let (parts, segments): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let fits = |(part, segment): (&&str, &&str)| {
        if part.starts_with('{') { !segment.is_empty() } else { part == segment }
    };
    parts.len() == segments.len() && parts.iter().zip(&segments).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_functions_have_routes() {
        let routes = Routes::of_the_readme();
        let mut functions = routes.functions();
        functions.sort_unstable();
        assert_eq!(functions, ["callback", "intake", "meetings", "refresh"]);
    }

    #[test]
    fn a_request_finds_its_route_or_none() {
        let routes = Routes::of_the_readme();
        let found = |method: &str, path: &str| routes.find(method, path).map(|route| route.key.as_str());
        assert_eq!(found("GET", "/healthz"), Some("GET /healthz"));
        assert_eq!(found("POST", "/intake/x"), Some("POST /intake/{link}"));
        assert_eq!(found("GET", "/v1/customers/a%2Fb"), Some("GET /v1/customers/{customer}"));
        assert_eq!(found("GET", "/"), Some("GET /"));
        for path in ["/intake/", "/intake/x/", "/v1/customers/{customer}/credentials"] {
            assert_eq!(found("GET", path), Some(UNKNOWN_ADDRESS), "{path}");
        }
        for (method, path) in [("HEAD", "/healthz"), ("PUT", "/intake/x"), ("POST", "/")] {
            assert_eq!(found(method, path), None, "{method} {path}");
        }
    }
}
