//! Connections are kept alive: on demand, and by a schedule before Entra lets them lapse.

mod act;
#[cfg(feature = "openapi")]
mod contract;
mod parse;
mod schedule;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};

use shared::admission::for_callers;
use shared::caller::Scope;
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
    let machines = Router::new().route("/v1/customers/{customer}/users/{user}/connection/refresh", post(renew));
    for_callers(machines, Scope::Connections, refresh.api_keys.clone()).with_state(refresh)
}

/// `POST …/connection/refresh`: prove that the connection works now.
async fn renew(
    State(refresh): State<Refresh>,
    Ids((customer, user)): Ids<(CustomerId, UserId)>,
) -> Result<Json<parse::Working>, Problem> {
    let connection = refresh.renew(&customer, &user).await?;
    Ok(Json((&*connection).into()))
}
