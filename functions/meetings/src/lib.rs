//! The ATS orders a meeting: one order, one meeting, one link, in the recruiter's own name.

mod act;
mod answer;
#[cfg(feature = "openapi")]
mod contract;
mod hand_over;
mod invitation;
mod parse;
mod room;
mod seat;
mod steps;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};

use shared::admission::{for_callers, for_callers_with_parameters};
use shared::caller::Scope;
use shared::clock::Clock;
use shared::config::Settings;
use shared::ids::{CustomerId, UserId};
use shared::microsoft::graph::Graph;
use shared::parts::Parts;
use shared::renewal::Renewal;
use shared::vault::hand_overs::HandOvers;
use shared::vault::keys::ApiKeys;
use shared::vault::link_keys::LinkKeys;
use shared::web::body::{Ids, Json};
use shared::web::front::for_people;
use shared::web::locale::Locale;
use shared::web::problem::Problem;

#[cfg(feature = "openapi")]
pub use contract::contract;

use act::Asked;
use answer::{Answer, Message, Ordered};
use parse::EncodedId;

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Meetings {
    api_keys: ApiKeys,
    link_keys: LinkKeys,
    hand_overs: HandOvers,
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
            link_keys: parts.vault.link_keys(),
            hand_overs: parts.vault.hand_overs(),
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
        .route("/v1/customers/{customer}/users/{user}/meetings/{id}", get(read).patch(change).delete(cancel))
        .route("/v1/customers/{customer}/users/{user}/meetings/{id}/hand-over", post(hand_over));
    let invitations =
        Router::new().route("/v1/customers/{customer}/users/{user}/meetings/{id}/invitation.ics", get(invitation));
    let people = for_people(Router::new().route("/m/{link}", get(join)));
    let (keys, clock) = (&meetings.api_keys, &meetings.clock);
    let machines = for_callers(machines, Scope::Meetings, keys.clone(), clock.clone());
    let invitations = for_callers_with_parameters(invitations, Scope::Meetings, keys.clone(), clock.clone());
    machines.merge(invitations).merge(people).with_state(meetings)
}

/// `POST …/meetings`: a new meeting, or the one that the same order made before.
async fn create(
    State(meetings): State<Meetings>,
    Ids((customer, user)): Ids<(CustomerId, UserId)>,
    Locale(language): Locale,
    headers: HeaderMap,
    Json(body): Json<parse::OrderBody>,
) -> Result<Ordered, Problem> {
    let key = parse::idempotency_key(&headers)?;
    let order = body.parse(language, meetings.clock.now())?;
    let asked = Asked { customer, user, language };
    meetings.order(&asked, &key, &order).await.map(Ordered)
}

/// `GET …/meetings/{id}`: the meeting as Graph has it.
async fn read(
    State(meetings): State<Meetings>,
    Ids((customer, user, EncodedId(id))): Ids<(CustomerId, UserId, EncodedId)>,
    Locale(language): Locale,
) -> Result<Answer, Problem> {
    meetings.read(&Asked { customer, user, language }, &id).await
}

/// `PATCH …/meetings/{id}`: changes what differs from the wish; the link stays.
async fn change(
    State(meetings): State<Meetings>,
    Ids((customer, user, EncodedId(id))): Ids<(CustomerId, UserId, EncodedId)>,
    Locale(language): Locale,
    Json(body): Json<parse::ChangeBody>,
) -> Result<Answer, Problem> {
    let change = body.parse()?;
    meetings.change(&Asked { customer, user, language }, &id, &change).await
}

/// `DELETE …/meetings/{id}`: cancels it; one that is gone is cancelled.
async fn cancel(
    State(meetings): State<Meetings>,
    Ids((customer, user, EncodedId(id))): Ids<(CustomerId, UserId, EncodedId)>,
    Locale(language): Locale,
) -> Result<StatusCode, Problem> {
    meetings.cancel(&Asked { customer, user, language }, &id).await.map(|()| StatusCode::NO_CONTENT)
}

/// `POST …/meetings/{id}/hand-over`: the interview goes to a colleague, and its link leads on.
async fn hand_over(
    State(meetings): State<Meetings>,
    Ids((customer, user, EncodedId(id))): Ids<(CustomerId, UserId, EncodedId)>,
    Locale(language): Locale,
    Json(body): Json<parse::HandOverBody>,
) -> Result<Answer, Problem> {
    meetings.hand_over(&Asked { customer, user, language }, &id, &body.to_user).await
}

/// `GET …/meetings/{id}/invitation.ics`: the interview for a calendar, or that it was called off.
async fn invitation(
    State(meetings): State<Meetings>,
    Ids((customer, user, EncodedId(id))): Ids<(CustomerId, UserId, EncodedId)>,
    Locale(language): Locale,
    RawQuery(query): RawQuery,
) -> Result<Message, Problem> {
    let wish = parse::invitation_wish(query.as_deref().unwrap_or_default(), language)?;
    let asked = Asked { customer, user, language: wish.language };
    meetings.invitation(&asked, &id, &wish).await
}

/// `GET /m/{link}`: whoever is invited goes to where the interview is now.
async fn join(State(meetings): State<Meetings>, Path(link): Path<String>) -> Result<impl IntoResponse, Problem> {
    let join_url = meetings.join(&link).await?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, join_url.as_str().to_owned())]))
}
