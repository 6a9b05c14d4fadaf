//! The ATS orders a meeting: one order, one meeting, one link, in the recruiter's own name.

mod graph_session;
mod hand_over;
mod invitation;
mod meeting;
mod meeting_link;
#[cfg(feature = "openapi")]
mod openapi;
mod requests;
mod responses;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};

use shared::adapters::microsoft::graph::GraphClient;
use shared::adapters::vault::api_keys::ApiKeys;
use shared::adapters::vault::hand_overs::HandOvers;
use shared::adapters::vault::link_keys::LinkKeys;
use shared::domain::api_key::ApiScope;
use shared::http::accept_language::AcceptLanguage;
use shared::http::api_key_auth::{require_api_key, require_api_key_with_query};
use shared::http::extract::{JsonBody, PathIds};
use shared::http::problem::Problem;
use shared::http::stack::with_html_problems;
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::Settings;
use shared::types::clock::Clock;
use shared::types::ids::{CustomerId, UserId};
use shared::use_cases::token_refresh::TokenRefresher;

#[cfg(feature = "openapi")]
pub use openapi::operations;

use meeting::RequestContext;
use requests::MeetingIdPath;
use responses::{CreateMeetingAnswer, InvitationResponse, MeetingAnswer};

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Meetings {
    api_keys: ApiKeys,
    link_keys: LinkKeys,
    hand_overs: HandOvers,
    renewal: TokenRefresher,
    graph: GraphClient,
    clock: Clock,
    settings: Settings,
}

impl Meetings {
    /// Takes its parts.
    #[must_use]
    pub fn new(parts: &Dependencies) -> Self {
        Self {
            api_keys: parts.vault.api_keys(),
            link_keys: parts.vault.link_keys(),
            hand_overs: parts.vault.hand_overs(),
            renewal: parts.token_refresher(),
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
        .route("/v1/customers/{customer}/users/{user}/meetings", post(create_meeting))
        .route(
            "/v1/customers/{customer}/users/{user}/meetings/{id}",
            get(get_meeting).patch(update_meeting).delete(cancel_meeting),
        )
        .route("/v1/customers/{customer}/users/{user}/meetings/{id}/hand-over", post(hand_over_meeting));
    let invitations =
        Router::new().route("/v1/customers/{customer}/users/{user}/meetings/{id}/invitation.ics", get(get_invitation));
    let people = with_html_problems(Router::new().route("/m/{link}", get(follow_meeting_link)));
    let (keys, clock) = (&meetings.api_keys, &meetings.clock);
    let machines = require_api_key(machines, ApiScope::Meetings, keys.clone(), clock.clone());
    let invitations = require_api_key_with_query(invitations, ApiScope::Meetings, keys.clone(), clock.clone());
    machines.merge(invitations).merge(people).with_state(meetings)
}

/// `POST …/meetings`: a new meeting, or the one that the same order made before.
async fn create_meeting(
    State(meetings): State<Meetings>,
    PathIds((customer, user)): PathIds<(CustomerId, UserId)>,
    AcceptLanguage(language): AcceptLanguage,
    headers: HeaderMap,
    JsonBody(body): JsonBody<requests::CreateMeetingRequest>,
) -> Result<CreateMeetingAnswer, Problem> {
    let key = requests::parse_idempotency_key(&headers)?;
    let order = body.parse(language, meetings.clock.now())?;
    let asked = RequestContext { customer, user, language };
    meetings.order(&asked, &key, &order).await.map(CreateMeetingAnswer)
}

/// `GET …/meetings/{id}`: the meeting as Graph has it.
async fn get_meeting(
    State(meetings): State<Meetings>,
    PathIds((customer, user, MeetingIdPath(id))): PathIds<(CustomerId, UserId, MeetingIdPath)>,
    AcceptLanguage(language): AcceptLanguage,
) -> Result<MeetingAnswer, Problem> {
    meetings.read(&RequestContext { customer, user, language }, &id).await
}

/// `PATCH …/meetings/{id}`: changes what differs from the wish; the link stays.
async fn update_meeting(
    State(meetings): State<Meetings>,
    PathIds((customer, user, MeetingIdPath(id))): PathIds<(CustomerId, UserId, MeetingIdPath)>,
    AcceptLanguage(language): AcceptLanguage,
    JsonBody(body): JsonBody<requests::UpdateMeetingRequest>,
) -> Result<MeetingAnswer, Problem> {
    let change = body.parse()?;
    meetings.change(&RequestContext { customer, user, language }, &id, &change).await
}

/// `DELETE …/meetings/{id}`: cancels it; one that is gone is cancelled.
async fn cancel_meeting(
    State(meetings): State<Meetings>,
    PathIds((customer, user, MeetingIdPath(id))): PathIds<(CustomerId, UserId, MeetingIdPath)>,
    AcceptLanguage(language): AcceptLanguage,
) -> Result<StatusCode, Problem> {
    meetings.cancel(&RequestContext { customer, user, language }, &id).await.map(|()| StatusCode::NO_CONTENT)
}

/// `POST …/meetings/{id}/hand-over`: the interview goes to a colleague, and its link leads on.
async fn hand_over_meeting(
    State(meetings): State<Meetings>,
    PathIds((customer, user, MeetingIdPath(id))): PathIds<(CustomerId, UserId, MeetingIdPath)>,
    AcceptLanguage(language): AcceptLanguage,
    JsonBody(body): JsonBody<requests::HandOverRequest>,
) -> Result<MeetingAnswer, Problem> {
    meetings.hand_over(&RequestContext { customer, user, language }, &id, &body.to_user).await
}

/// `GET …/meetings/{id}/invitation.ics`: the interview for a calendar, or that it was called off.
async fn get_invitation(
    State(meetings): State<Meetings>,
    PathIds((customer, user, MeetingIdPath(id))): PathIds<(CustomerId, UserId, MeetingIdPath)>,
    AcceptLanguage(language): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<InvitationResponse, Problem> {
    let wish = requests::parse_invitation_query(query.as_deref().unwrap_or_default(), language)?;
    let asked = RequestContext { customer, user, language: wish.language };
    meetings.invitation(&asked, &id, &wish).await
}

/// `GET /m/{link}`: whoever is invited goes to where the interview is now.
async fn follow_meeting_link(
    State(meetings): State<Meetings>,
    Path(link): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let join_url = meetings.join(&link).await?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, join_url.as_str().to_owned())]))
}
