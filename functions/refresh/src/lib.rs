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
mod requests;
mod responses;
mod state;
mod users;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::{Extension, Json, Router};

use shared::domain::api_key::{ApiScope, Caller};
use shared::http::accept::ListFormat;
use shared::http::accept_language::AcceptLanguage;
use shared::http::api_key_auth::{ApiKeyAuth, CustomerScope};
use shared::http::extract::PathIds;
use shared::http::problem::Problem;
use shared::http::routes::{self, ServeRoute};
use shared::types::ids::{CustomerId, UserId};

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
    let auth = ApiKeyAuth::new(refresh.api_keys.clone(), refresh.clock.clone());
    auth.require(connections, ApiScope::Connections, CustomerScope::PathCustomer)
        .merge(auth.require(users, ApiScope::Connections, CustomerScope::PathCustomerWithQuery))
        .merge(auth.require(customer, ApiScope::Administration, CustomerScope::PathCustomer))
        .merge(auth.require(customers, ApiScope::Administration, CustomerScope::AllCustomers))
        .with_state(refresh)
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

/// `POST …/connection/refresh`: proves that the connection works now.
async fn refresh_connection(
    State(refresh): State<Refresh>,
    PathIds((customer, user)): PathIds<(CustomerId, UserId)>,
) -> Result<Json<responses::RefreshResponse>, Problem> {
    let connection = connection::force_refresh(&refresh, &customer, &user).await?;
    Ok(Json((&*connection).into()))
}
