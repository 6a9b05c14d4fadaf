//! Connections are kept alive: on demand, and by a schedule before Entra lets them lapse.

mod customers;
mod keep_alive;
#[cfg(feature = "openapi")]
mod openapi;
mod responses;

use axum::extract::{RawQuery, State};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};

use shared::adapters::vault::api_keys::ApiKeys;
use shared::adapters::vault::apps::{AppReader, AppStatusWriter};
use shared::adapters::vault::connections::{Connections, SecretIndex};
use shared::domain::api_key::{ApiScope, Caller};
use shared::http::accept_language::AcceptLanguage;
use shared::http::api_key_auth::{require_api_key, require_api_key_for_all_customers};
use shared::http::extract::PathIds;
use shared::http::problem::Problem;
use shared::startup::dependencies::Dependencies;
use shared::types::clock::{Clock, SignedDuration};
use shared::types::ids::{CustomerId, UserId};
use shared::use_cases::app_check::AppChecker;
use shared::use_cases::token_refresh::TokenRefresher;

pub use keep_alive::KeepAliveReport;
#[cfg(feature = "openapi")]
pub use openapi::operations;

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Refresh {
    api_keys: ApiKeys,
    apps: AppReader,
    notes: AppStatusWriter,
    connections: Connections,
    list: SecretIndex,
    doctor: AppChecker,
    renewal: TokenRefresher,
    clock: Clock,
    refresh_tokens_every: SignedDuration,
    check_apps_every: SignedDuration,
}

impl Refresh {
    /// Takes its parts.
    #[must_use]
    pub fn new(parts: &Dependencies) -> Self {
        Self {
            api_keys: parts.vault.api_keys(),
            apps: parts.vault.app_reader(),
            notes: parts.vault.app_status_writer(),
            connections: parts.vault.connections(),
            list: parts.vault.secret_index(),
            doctor: parts.app_checker(),
            renewal: parts.token_refresher(),
            clock: parts.clock.clone(),
            refresh_tokens_every: SignedDuration::from_hours(24 * parts.settings.schedule.refresh_tokens_days),
            check_apps_every: SignedDuration::from_hours(parts.settings.schedule.check_apps_hours),
        }
    }
}

/// Its routes. The schedule calls [`Refresh::keep_alive`] instead.
pub fn router(refresh: Refresh) -> Router {
    let connections =
        Router::new().route("/v1/customers/{customer}/users/{user}/connection/refresh", post(refresh_connection));
    let customer = Router::new().route("/v1/customers/{customer}/check", post(check_customer));
    let customers = Router::new().route("/v1/customers", get(list_customers));
    let (keys, clock) = (&refresh.api_keys, &refresh.clock);
    require_api_key(connections, ApiScope::Connections, keys.clone(), clock.clone())
        .merge(require_api_key(customer, ApiScope::Administration, keys.clone(), clock.clone()))
        .merge(require_api_key_for_all_customers(customers, ApiScope::Administration, keys.clone(), clock.clone()))
        .with_state(refresh)
}

/// `POST …/check`: the whole doctor again, now.
async fn check_customer(
    State(refresh): State<Refresh>,
    PathIds(customer): PathIds<CustomerId>,
    AcceptLanguage(language): AcceptLanguage,
) -> Result<Json<responses::CheckResponse>, Problem> {
    let diagnosis = refresh.check_now(&customer).await?;
    Ok(Json(responses::CheckResponse::new(customer, &diagnosis, language)))
}

/// `GET /v1/customers`: whose credentials end soon.
async fn list_customers(
    State(refresh): State<Refresh>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Result<Json<responses::CustomerListResponse>, Problem> {
    let wish = responses::CustomerListQuery::parse(query.as_deref().unwrap_or_default())?;
    let listed = refresh.customers(&caller, &wish).await?;
    Ok(Json(listed))
}

/// `POST …/connection/refresh`: prove that the connection works now.
async fn refresh_connection(
    State(refresh): State<Refresh>,
    PathIds((customer, user)): PathIds<(CustomerId, UserId)>,
) -> Result<Json<responses::RefreshResponse>, Problem> {
    let connection = refresh.renew(&customer, &user).await?;
    Ok(Json((&*connection).into()))
}
