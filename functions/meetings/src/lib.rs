//! The ATS orders a meeting: one order, one meeting, one link, in the recruiter's own name.

mod act;
mod parse;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use axum::{Extension, Router};

use shared::admission::for_callers;
use shared::caller::{Caller, Scope};
use shared::clock::Clock;
use shared::ids::{CustomerId, UserId};
use shared::microsoft::graph::Graph;
use shared::parts::Parts;
use shared::renewal::Renewal;
use shared::vault::keys::ApiKeys;
use shared::web::body::{Ids, Json};
use shared::web::locale::Locale;
use shared::web::problem::Problem;

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Meetings {
    api_keys: ApiKeys,
    renewal: Renewal,
    graph: Graph,
    clock: Clock,
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
        }
    }
}

/// Its routes.
pub fn router(meetings: Meetings) -> Router {
    let machines = Router::new().route("/v1/customers/{customer}/users/{user}/meetings", post(create));
    for_callers(machines, Scope::Meetings, meetings.api_keys.clone()).with_state(meetings)
}

/// `POST …/meetings`: a new meeting, or the one that the same order made before.
async fn create(
    State(meetings): State<Meetings>,
    Extension(caller): Extension<Caller>,
    Ids((customer, user)): Ids<(CustomerId, UserId)>,
    Locale(language): Locale,
    headers: HeaderMap,
    Json(body): Json<parse::MeetingBody>,
) -> Result<parse::Ordered, Problem> {
    let key = parse::idempotency_key(&headers)?;
    let order = body.parse(language, meetings.clock.now())?;
    let (made, meeting) = meetings.order(&caller, &customer, &user, &key, &order).await?;
    Ok(parse::Ordered { made, meeting })
}
