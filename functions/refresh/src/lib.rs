//! Connections are kept alive: on demand, and by a schedule before Entra lets them lapse.

mod act;
#[cfg(feature = "openapi")]
mod contract;
mod parse;
mod schedule;

use axum::extract::{RawQuery, State};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};

use shared::admission::{for_callers, for_callers_of_all};
use shared::caller::{Caller, Scope};
use shared::clock::Clock;
use shared::doctor::Doctor;
use shared::ids::{CustomerId, UserId};
use shared::parts::Parts;
use shared::renewal::Renewal;
use shared::vault::apps::{AppNotes, AppReader};
use shared::vault::connections::{ConnectionList, Connections};
use shared::vault::hand_overs::HandOvers;
use shared::vault::keys::ApiKeys;
use shared::web::body::Ids;
use shared::web::locale::Locale;
use shared::web::problem::Problem;

#[cfg(feature = "openapi")]
pub use contract::contract;
pub use schedule::Report;

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Refresh {
    api_keys: ApiKeys,
    apps: AppReader,
    notes: AppNotes,
    connections: Connections,
    hand_overs: HandOvers,
    list: ConnectionList,
    doctor: Doctor,
    renewal: Renewal,
    clock: Clock,
}

impl Refresh {
    /// Takes its parts.
    #[must_use]
    pub fn new(parts: &Parts) -> Self {
        Self {
            api_keys: parts.vault.api_keys(),
            apps: parts.vault.app_reader(),
            notes: parts.vault.app_notes(),
            connections: parts.vault.connections(),
            hand_overs: parts.vault.hand_overs(),
            list: parts.vault.connection_list(),
            doctor: parts.doctor(),
            renewal: parts.renewal(),
            clock: parts.clock.clone(),
        }
    }
}

/// Its routes. The schedule calls [`Refresh::keep_alive`] instead.
pub fn router(refresh: Refresh) -> Router {
    let connections = Router::new().route("/v1/customers/{customer}/users/{user}/connection/refresh", post(renew));
    let customer = Router::new().route("/v1/customers/{customer}/check", post(check));
    let customers = Router::new().route("/v1/customers", get(list));
    let (keys, clock) = (&refresh.api_keys, &refresh.clock);
    for_callers(connections, Scope::Connections, keys.clone(), clock.clone())
        .merge(for_callers(customer, Scope::Administration, keys.clone(), clock.clone()))
        .merge(for_callers_of_all(customers, Scope::Administration, keys.clone(), clock.clone()))
        .with_state(refresh)
}

/// `POST …/check`: the whole doctor again, now.
async fn check(
    State(refresh): State<Refresh>,
    Ids(customer): Ids<CustomerId>,
    Locale(language): Locale,
) -> Result<Json<parse::Checked>, Problem> {
    let diagnosis = refresh.check_now(&customer).await?;
    Ok(Json(parse::Checked::new(customer, &diagnosis, language)))
}

/// `GET /v1/customers`: whose credentials end soon.
async fn list(
    State(refresh): State<Refresh>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Result<Json<parse::Customers>, Problem> {
    let wish = parse::ListWish::read(query.as_deref().unwrap_or_default())?;
    let listed = refresh.customers(&caller, &wish).await?;
    Ok(Json(listed))
}

/// `POST …/connection/refresh`: prove that the connection works now.
async fn renew(
    State(refresh): State<Refresh>,
    Ids((customer, user)): Ids<(CustomerId, UserId)>,
) -> Result<Json<parse::Working>, Problem> {
    let connection = refresh.renew(&customer, &user).await?;
    Ok(Json((&*connection).into()))
}
