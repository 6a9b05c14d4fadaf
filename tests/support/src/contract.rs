//! The routes of the ATS, taken from the README: a test holds that table equal to the code, so that no route can be
//! forgotten here.

use architecture::document::{quoted, table};
use reqwest::header::{DATE, HeaderMap};
use reqwest::{Client, Method, StatusCode};
use shared::adapters::http_client;
use shared::domain::api_key::ApiScope;

use crate::canary;
use crate::product::Product;

/// A route that needs an API key.
pub struct ReadmeRoute {
    /// The method.
    pub method: Method,
    path: String,
    /// The scope that opens it.
    pub scope: ApiScope,
}

/// What was answered, without what is different each time: the date and the name of the request.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteAnswer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as it came.
    pub body: String,
}

impl ReadmeRoute {
    /// The path, with the names of its parameters.
    pub fn template(&self) -> &str {
        &self.path
    }

    /// The path for this customer and this user.
    pub fn of(&self, customer: &str, user: &str) -> String {
        self.path.replace("{customer}", customer).replace("{user}", user).replace("{id}", "MSpmb3JlaWdu")
    }
}

/// Every route that needs an API key and names a customer.
pub fn routes_of_a_customer() -> Vec<ReadmeRoute> {
    routes().into_iter().filter(|route| route.path.contains("{customer}")).collect()
}

/// Every route that needs an API key.
pub fn routes() -> Vec<ReadmeRoute> {
    let rows = table("README.md", "routes", &["function", "route"]).unwrap();
    let mut routes = Vec::new();
    for row in &rows {
        for (method, path) in quoted(&row.cells[1]).into_iter().filter_map(|route| route.split_once(' ')) {
            if !path.starts_with("/v1/") {
                continue;
            }
            let scope = match row.cells[0].as_str() {
                "intake" => ApiScope::Administration,
                "refresh" if !path.contains("/users") => ApiScope::Administration,
                "callback" | "refresh" => ApiScope::Connections,
                "meetings" => ApiScope::Meetings,
                other => panic!("which scope opens the routes of {other}?"),
            };
            let of_all = ["/v1/customers", "/v1/support-links"].contains(&path);
            assert!(of_all || path.starts_with("/v1/customers/{customer}"), "whose is {path}?");
            routes.push(ReadmeRoute { method: method.parse().unwrap(), path: path.to_owned(), scope });
        }
    }
    assert!(routes.len() >= 10, "hardly any route was found");
    routes
}

/// Whoever stands before the door.
pub struct ForeignCaller<'a> {
    product: &'a Product,
    http: Client,
}

impl<'a> ForeignCaller<'a> {
    /// At the door of this product, with no key.
    pub fn at(product: &'a Product) -> Self {
        Self { product, http: http_client::build_client().unwrap() }
    }

    /// Asks with these header lines.
    pub async fn ask(&self, method: &Method, path: &str, headers: &[(&str, &str)]) -> RouteAnswer {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.product.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, mut headers) = (response.status(), response.headers().clone());
        headers.remove(DATE);
        let name = headers.remove("x-request-id").unwrap();
        let body = response.text().await.unwrap().replace(name.to_str().unwrap(), "");
        canary::heard(&self.product.base, &format!("{status}\n{headers:?}\n{body}"));
        RouteAnswer { status, headers, body }
    }

    /// Asks with an API key.
    pub async fn ask_as(&self, key: &str, route: &ReadmeRoute, customer: &str, user: &str) -> RouteAnswer {
        let bearer = format!("Bearer {key}");
        self.ask(&route.method, &route.of(customer, user), &[("authorization", &bearer)]).await
    }
}
