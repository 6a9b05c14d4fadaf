//! Every route: its method, its path and, for a call of the ATS, its audit action. Routers, the audit log and the OpenAPI document
//! read this table; a path is written nowhere else in the code.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};

use crate::domain::audit::AuditAction;

/// A method of HTTP that a route has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteMethod {
    /// Reads.
    Get,
    /// Creates, or acts.
    Post,
    /// Replaces.
    Put,
    /// Changes a part.
    Patch,
    /// Deletes.
    Delete,
}

/// A method on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: RouteMethod,
    /// The path, with `{name}` for each of its parameters.
    pub path: &'static str,
    /// What the audit log calls it, if the ATS calls it with an API key.
    pub audit_action: Option<AuditAction>,
}

macro_rules! routes {
    (
        api { $($api:ident = $api_method:ident $api_path:literal, $action:ident;)* }
        others { $($other:ident = $method:ident $path:literal;)* }
    ) => {
        $(
            #[doc = concat!("`", $api_path, "`")]
            pub const $api: Route = Route {
                method: RouteMethod::$api_method,
                path: $api_path,
                audit_action: Some(AuditAction::$action),
            };
        )*
        $(
            #[doc = concat!("`", $path, "`")]
            pub const $other: Route = Route { method: RouteMethod::$method, path: $path, audit_action: None };
        )*

        /// All routes.
        pub const ALL: &[Route] = &[$($api,)* $($other,)*];
    };
}

routes! {
    api {
        CREATE_INTAKE_LINK = Post "/v1/customers/{customer}/intake-links", CreateIntakeLink;
        WITHDRAW_INTAKE_LINKS = Delete "/v1/customers/{customer}/intake-links", WithdrawIntakeLinks;
        PUT_CREDENTIALS = Put "/v1/customers/{customer}/credentials", HandOverCredentials;
        CREATE_CERTIFICATE = Post "/v1/customers/{customer}/certificate", OrderCertificate;
        CREATE_FEDERATED_TRUST = Post "/v1/customers/{customer}/federation", OrderFederatedTrust;
        GET_CUSTOMER = Get "/v1/customers/{customer}", ShowCustomer;
        LIST_CUSTOMERS = Get "/v1/customers", ListCustomers;
        LIST_USERS = Get "/v1/customers/{customer}/users", ListUsers;
        CREATE_SUPPORT_LINK = Post "/v1/support-links", CreateSupportLink;
        CHECK_CUSTOMER = Post "/v1/customers/{customer}/check", CheckCustomer;
        OFFBOARD_CUSTOMER = Delete "/v1/customers/{customer}", OffboardCustomer;
        CREATE_CONNECT_LINK = Post "/v1/customers/{customer}/users/{user}/connect-links", CreateConnectLink;
        WITHDRAW_CONNECT_LINKS = Delete "/v1/customers/{customer}/users/{user}/connect-links", WithdrawConnectLinks;
        COMPLETE_CONNECTION = Post "/v1/customers/{customer}/users/{user}/connection", CompleteConnection;
        GET_CONNECTION = Get "/v1/customers/{customer}/users/{user}/connection", ShowConnection;
        DISCONNECT = Delete "/v1/customers/{customer}/users/{user}/connection", Disconnect;
        REFRESH_CONNECTION = Post "/v1/customers/{customer}/users/{user}/connection/refresh", RefreshConnection;
        CREATE_MEETING = Post "/v1/customers/{customer}/users/{user}/meetings", OrderMeeting;
        GET_MEETING = Get "/v1/customers/{customer}/users/{user}/meetings/{id}", ShowMeeting;
        GET_INVITATION = Get "/v1/customers/{customer}/users/{user}/meetings/{id}/invitation.ics", ShowMeeting;
        GET_QR_CODE = Get "/v1/customers/{customer}/users/{user}/meetings/{id}/qr.svg", ShowMeeting;
        UPDATE_MEETING = Patch "/v1/customers/{customer}/users/{user}/meetings/{id}", ChangeMeeting;
        CANCEL_MEETING = Delete "/v1/customers/{customer}/users/{user}/meetings/{id}", CancelMeeting;
        HAND_OVER_MEETING = Post "/v1/customers/{customer}/users/{user}/meetings/{id}/hand-over", HandOverMeeting;
    }
    others {
        SHOW_INTAKE_FORM = Get "/intake/{link}";
        SUBMIT_INTAKE_FORM = Post "/intake/{link}";
        DOWNLOAD_SETUP_SCRIPT = Get "/intake/{link}/kit/{file}";
        DOWNLOAD_CERTIFICATE = Get "/intake/{link}/certificate";
        MAKE_CERTIFICATE = Post "/intake/{link}/certificate";
        MAKE_FEDERATED_TRUST = Post "/intake/{link}/federation";
        START_SIGN_IN = Get "/connect/{link}";
        SIGN_IN_HELP = Get "/connect/{link}/help";
        START_SIGN_IN_TEST = Get "/sign-in-test/{link}";
        RETURN_FROM_MICROSOFT = Get "/oauth/callback";
        RETURN_FROM_MICROSOFT_LEGACY = Get "/Integrations/BusinessIntegration/Microsoft/OAuth2.aspx";
        SHOW_SUPPORT_PAGE = Get "/support/{link}";
        SHOW_SUPPORT_CUSTOMER = Get "/support/{link}/customers/{customer}";
        CREATE_INTAKE_LINK_FOR_SUPPORT = Post "/support/{link}/customers/{customer}/intake-links";
        FOLLOW_MEETING_LINK = Get "/m/{link}";
        HOME = Get "/";
        SECURITY_TXT = Get "/.well-known/security.txt";
        API_DOCS = Get "/docs";
        API_DOCS_PAGE = Get "/docs/{page}";
        EXPLAIN_CODE = Get "/problems/{code}";
        OPENAPI_DOCUMENT = Get "/openapi.json";
        OLDER_OPENAPI_DOCUMENT = Get "/openapi-3.0.json";
        ISSUER_DISCOVERY = Get "/.well-known/openid-configuration";
        ISSUER_KEYS = Get "/.well-known/jwks.json";
        HEALTH = Get "/healthz";
    }
}

impl RouteMethod {
    /// The method's name in a request.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Put => MethodFilter::PUT,
            Self::Patch => MethodFilter::PATCH,
            Self::Delete => MethodFilter::DELETE,
        }
    }
}

impl Route {
    /// The address of the route, with a value for each parameter of its path.
    #[must_use]
    pub fn url(self, public_url: &str, parameters: &[(&str, &str)]) -> String {
        let fill = |path: String, (name, value): &(&str, &str)| path.replace(&format!("{{{name}}}"), value);
        parameters.iter().fold(format!("{public_url}{}", self.path), fill)
    }
}

/// Adds routes of the table to a router.
pub trait ServeRoute<S> {
    /// Answers a route with a handler.
    #[must_use]
    fn serve<H: Handler<T, S>, T: 'static>(self, route: Route, handler: H) -> Self;

    /// Answers the same path with a slash behind it, and with anything behind that: mail programs add to links.
    #[must_use]
    fn serve_with_rest<H: Handler<T, S>, T: 'static>(self, route: Route, handler: H) -> Self;
}

impl<S: Clone + Send + Sync + 'static> ServeRoute<S> for Router<S> {
    fn serve<H: Handler<T, S>, T: 'static>(self, route: Route, handler: H) -> Self {
        self.route(route.path, on(route.method.filter(), handler))
    }

    fn serve_with_rest<H: Handler<T, S>, T: 'static>(self, route: Route, handler: H) -> Self {
        let (slash, rest) = (format!("{}/", route.path), format!("{}/{{*rest}}", route.path));
        self.route(&slash, on(route.method.filter(), handler.clone())).route(&rest, on(route.method.filter(), handler))
    }
}

/// What the audit log calls a call of the ATS, by its method and the path of its route.
#[must_use]
pub fn audit_action(method: &str, path: &str) -> AuditAction {
    let method = if method == "HEAD" { RouteMethod::Get.as_str() } else { method };
    let route = ALL.iter().find(|route| route.method.as_str() == method && route.path == path);
    route.and_then(|route| route.audit_action).unwrap_or(AuditAction::OtherCall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_known_by_method_and_route() {
        let connection = "/v1/customers/{customer}/users/{user}/connection";
        assert_eq!(audit_action("DELETE", connection), AuditAction::Disconnect);
        assert_eq!(audit_action("GET", connection), AuditAction::ShowConnection);
        assert_eq!(audit_action("HEAD", connection), AuditAction::ShowConnection);
        assert_eq!(audit_action("PUT", connection), AuditAction::OtherCall);
        let invitation = "/v1/customers/{customer}/users/{user}/meetings/{id}/invitation.ics";
        assert_eq!(audit_action("GET", invitation), AuditAction::ShowMeeting);
        assert_eq!(audit_action("GET", HEALTH.path), AuditAction::OtherCall);
    }

    #[test]
    fn a_method_on_a_path_stands_in_the_table_once() {
        for (at, route) in ALL.iter().enumerate() {
            let same = |other: &Route| other.method == route.method && other.path == route.path;
            assert!(!ALL[at + 1..].iter().any(same), "{route:?}");
        }
    }

    #[test]
    fn every_call_of_the_ats_has_an_audit_action_and_no_page_has_one() {
        for route in ALL {
            assert_eq!(route.audit_action.is_some(), route.path.starts_with("/v1/"), "{route:?}");
        }
    }

    #[test]
    fn an_address_has_a_value_for_each_parameter() {
        let url = CREATE_CONNECT_LINK.url("https://x.example", &[("customer", "kadry"), ("user", "anna")]);
        assert_eq!(url, "https://x.example/v1/customers/kadry/users/anna/connect-links");
    }
}
