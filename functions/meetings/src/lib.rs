//! The ATS orders a meeting: one order, one meeting, one link, in the recruiter's own name.

mod act;
mod answer;
#[cfg(feature = "openapi")]
mod contract;
mod parse;
mod seat;
mod steps;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Extension, Router};

use shared::admission::for_callers;
use shared::caller::{Caller, Scope};
use shared::clock::Clock;
use shared::config::Settings;
use shared::ids::{CustomerId, UserId};
use shared::microsoft::graph::Graph;
use shared::parts::Parts;
use shared::renewal::Renewal;
use shared::vault::keys::ApiKeys;
use shared::web::body::{Ids, Json};
use shared::web::locale::Locale;
use shared::web::problem::Problem;

#[cfg(feature = "openapi")]
pub use contract::contract;

use act::{Asked, Done};
use answer::Ordered;
use parse::EncodedId;

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Meetings {
    api_keys: ApiKeys,
    renewal: Renewal,
    graph: Graph,
    clock: Clock,
    settings: Settings,
}

impl Meetings {
    /// Takes its parts.
    #[must_use]
    pub fn new(parts: &Parts) -> Self {
        Self {
            api_keys: parts.vault.api_keys(),
            renewal: parts.renewal(),
            graph: parts.graph(),
            clock: parts.clock.clone(),
            settings: parts.settings.clone(),
        }
    }

    fn public_url(&self) -> &str {
        self.settings.public_url.as_str()
    }
}

/// Its routes.
pub fn router(meetings: Meetings) -> Router {
    let machines = Router::new()
        .route("/v1/customers/{customer}/users/{user}/meetings", post(create))
        .route("/v1/customers/{customer}/users/{user}/meetings/{id}", get(read).patch(change).delete(cancel));
    for_callers(machines, Scope::Meetings, meetings.api_keys.clone()).with_state(meetings)
}

/// `POST …/meetings`: a new meeting, or the one that the same order made before.
async fn create(
    State(meetings): State<Meetings>,
    Extension(caller): Extension<Caller>,
    Ids((customer, user)): Ids<(CustomerId, UserId)>,
    Locale(language): Locale,
    headers: HeaderMap,
    Json(body): Json<parse::OrderBody>,
) -> Result<Ordered, Problem> {
    let key = parse::idempotency_key(&headers)?;
    let order = body.parse(language, meetings.clock.now())?;
    let asked = Asked { caller, customer, user, language };
    meetings.order(&asked, &key, &order).await.map(Ordered)
}

/// `GET …/meetings/{id}`: the meeting as Graph has it.
async fn read(
    State(meetings): State<Meetings>,
    Extension(caller): Extension<Caller>,
    Ids((customer, user, EncodedId(id))): Ids<(CustomerId, UserId, EncodedId)>,
    Locale(language): Locale,
) -> Result<Done, Problem> {
    meetings.read(&Asked { caller, customer, user, language }, &id).await
}

/// `PATCH …/meetings/{id}`: changes what differs from the wish; the link stays.
async fn change(
    State(meetings): State<Meetings>,
    Extension(caller): Extension<Caller>,
    Ids((customer, user, EncodedId(id))): Ids<(CustomerId, UserId, EncodedId)>,
    Locale(language): Locale,
    Json(body): Json<parse::ChangeBody>,
) -> Result<Done, Problem> {
    let change = body.parse()?;
    meetings.change(&Asked { caller, customer, user, language }, &id, &change).await
}

/// `DELETE …/meetings/{id}`: cancels it; one that is gone is cancelled.
async fn cancel(
    State(meetings): State<Meetings>,
    Extension(caller): Extension<Caller>,
    Ids((customer, user, EncodedId(id))): Ids<(CustomerId, UserId, EncodedId)>,
    Locale(language): Locale,
) -> Result<StatusCode, Problem> {
    meetings.cancel(&Asked { caller, customer, user, language }, &id).await.map(|()| StatusCode::NO_CONTENT)
}
