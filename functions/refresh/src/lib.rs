//! The refresh function: keeps connections alive, on demand and by a schedule.

mod app_claim;
mod connection;
mod csv;
mod customers;
mod event_delivery;
mod event_document;
mod keep_alive;
mod list_page;
#[cfg(feature = "openapi")]
mod openapi;
mod pages;
mod requests;
mod responses;
mod state;
mod support_link;
mod supported_customer;
mod users;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::{Extension, Json, Router};

use shared::domain::api_key::{ApiScope, Caller};
use shared::domain::audit::AuditAction;
use shared::domain::entra_app::{FederatedApp, ProbeOutcome};
use shared::http::accept::ListFormat;
use shared::http::accept_language::AcceptLanguage;
use shared::http::api_key_auth::{ApiKeyAuth, CustomerScope};
use shared::http::extract::{OptionalJsonBody, PathIds};
use shared::http::html::HtmlPage;
use shared::http::problem::Problem;
use shared::http::routes::{self, ServeRoute};
use shared::http::same_origin::require_same_origin;
use shared::http::stack::with_html_problems;
use shared::http::urlencoded;
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;

use pages::PageContext;
use support_link::OpenSupportLink;

pub use event_delivery::{Delivery, deliver_event};
pub use keep_alive::{KeepAliveReport, keep_alive};
#[cfg(feature = "openapi")]
pub use openapi::{operations, webhooks};
pub use state::Refresh;

/// The routes of this function. The schedule calls [`keep_alive()`] instead.
pub fn router(refresh: Refresh) -> Router {
    let connections = Router::new().serve(routes::REFRESH_CONNECTION, refresh_connection);
    let customer = Router::new().serve(routes::CHECK_CUSTOMER, check_customer);
    let customers = Router::new().serve(routes::LIST_CUSTOMERS, list_customers);
    let users = Router::new().serve(routes::LIST_USERS, list_users);
    let support_links = Router::new().serve(routes::CREATE_SUPPORT_LINK, create_support_link);
    let pages = Router::new()
        .serve(routes::SHOW_SUPPORT_PAGE, show_support_page)
        .serve(routes::SHOW_SUPPORT_CUSTOMER, show_support_customer)
        .serve(routes::CREATE_INTAKE_LINK_FOR_SUPPORT, create_intake_link);
    let auth = ApiKeyAuth::new(refresh.api_keys.clone(), refresh.clock.clone());
    auth.require(connections, ApiScope::Connections, CustomerScope::PathCustomer)
        .merge(auth.require(users, ApiScope::Connections, CustomerScope::PathCustomerWithQuery))
        .merge(auth.require(customer, ApiScope::Administration, CustomerScope::PathCustomer))
        .merge(auth.require(customers.merge(support_links), ApiScope::Administration, CustomerScope::AllCustomers))
        .merge(with_html_problems(pages))
        .with_state(refresh)
}

/// Probes an app that trusts our issuer, for the function that takes credentials in and cannot sign.
pub async fn probe_federated_app(refresh: &Refresh, app: FederatedApp) -> ProbeOutcome {
    refresh.app_checker.probe_federated_app(app).await
}

/// `POST …/check`: checks the customer's app now.
async fn check_customer(
    State(refresh): State<Refresh>,
    PathIds(customer): PathIds<CustomerId>,
    AcceptLanguage(language): AcceptLanguage,
) -> Result<Json<responses::CheckResponse>, Problem> {
    let (report, consent) = customers::check(&refresh, &customer).await?;
    Ok(Json(responses::CheckResponse::new(customer, &report, consent, language)))
}

/// `GET /v1/customers`: customers, how they stand, and whose credentials expire soon.
async fn list_customers(
    State(refresh): State<Refresh>,
    Extension(caller): Extension<Caller>,
    format: ListFormat,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let page = customers::list(&refresh, &caller, &requests::CustomerListQuery::parse(&query)?).await?;
    list_page::render(&page, format, &query)
}

/// `GET …/users`: a customer's recruiters.
async fn list_users(
    State(refresh): State<Refresh>,
    PathIds(customer): PathIds<CustomerId>,
    format: ListFormat,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let page = users::list(&refresh, &customer, &requests::UserListQuery::parse(&query)?).await?;
    list_page::render(&page, format, &query)
}

/// `POST /v1/support-links`: the ATS creates a link to the page for support.
async fn create_support_link(
    State(refresh): State<Refresh>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    OptionalJsonBody(request): OptionalJsonBody<requests::CreateSupportLinkRequest>,
) -> Result<(StatusCode, Json<responses::SupportLinkResponse>), Problem> {
    urlencoded::parse_known(query.as_deref().unwrap_or_default(), [])?;
    let link = support_link::create(&refresh, &caller, request.parse()?).await?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// `GET /support/{link}`: who must act, and a search.
async fn show_support_page(
    State(refresh): State<Refresh>,
    PathIds(link): PathIds<String>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<HtmlPage, Problem> {
    let opened = support_link::open(&refresh, &link, AuditAction::OpenSupportPage, None).await?;
    let query = requests::SupportPageQuery::parse(query.as_deref());
    let apps = customers::apps_of(&refresh, &opened.caller).await?;
    let context = page_context(&refresh, &link, &opened, query.language.unwrap_or(preferred));
    if query.search.is_empty() {
        let must_sign_in = supported_customer::must_sign_in(&refresh, &apps).await;
        return pages::overview::page(context, apps, &must_sign_in);
    }
    let without_app = supported_customer::find_without_app(&refresh, &opened.caller, &apps, &query.search).await?;
    pages::overview::search_page(context, apps, &query.search, without_app)
}

/// `GET /support/{link}/customers/{customer}`: one customer.
async fn show_support_customer(
    State(refresh): State<Refresh>,
    PathIds((link, customer)): PathIds<(String, CustomerId)>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<HtmlPage, Problem> {
    let opened = support_link::open(&refresh, &link, AuditAction::OpenSupportPage, Some(&customer)).await?;
    let language = requests::SupportPageQuery::parse(query.as_deref()).language.unwrap_or(preferred);
    let found = supported_customer::find(&refresh, &customer).await?;
    let users = match &found.app {
        Some(app) => users::of_app(&refresh, &customer, app, true).await?,
        None => Vec::new(),
    };
    pages::customer::page(page_context(&refresh, &link, &opened, language), &customer, &found, users)
}

/// `POST /support/{link}/customers/{customer}/intake-links`: a new intake link, and a message with it in both languages.
async fn create_intake_link(
    State(refresh): State<Refresh>,
    PathIds((link, customer)): PathIds<(String, CustomerId)>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<HtmlPage, Problem> {
    require_same_origin(&headers, &refresh.public_url)?;
    let opened = support_link::open(&refresh, &link, AuditAction::CreateIntakeLink, Some(&customer)).await?;
    let language = requests::SupportPageQuery::parse(query.as_deref()).language.unwrap_or(preferred);
    let app = supported_customer::find(&refresh, &customer).await?.app;
    let created = support_link::create_intake_link(&refresh, &customer, app.as_ref()).await?;
    pages::intake_link::page(page_context(&refresh, &link, &opened, language), &customer, app.as_ref(), &created)
}

fn page_context<'a>(
    refresh: &'a Refresh,
    link: &'a str,
    opened: &OpenSupportLink,
    language: Language,
) -> PageContext<'a> {
    let (public_url, now) = (refresh.public_url.as_str(), refresh.clock.now());
    PageContext { branding: &refresh.branding, language, public_url, link, expires_at: opened.expires_at, now }
}

/// `POST …/connection/refresh`: proves that the connection works now.
async fn refresh_connection(
    State(refresh): State<Refresh>,
    PathIds((customer, user)): PathIds<(CustomerId, UserId)>,
) -> Result<Json<responses::RefreshResponse>, Problem> {
    let connection = connection::force_refresh(&refresh, &customer, &user).await?;
    Ok(Json((&*connection).into()))
}
