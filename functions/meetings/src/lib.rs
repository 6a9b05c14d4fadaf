//! The meetings function: one order, one meeting, one link, in the recruiter's own name.

mod cancellation;
mod entity_tag;
mod graph_session;
mod hand_over;
mod invitation;
mod meeting;
mod meeting_link;
mod meeting_result;
#[cfg(feature = "openapi")]
mod openapi;
mod qr_code;
mod requests;
mod resolved_links;
mod responses;
mod state;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;

use shared::domain::api_key::ApiScope;
use shared::http::accept_language::AcceptLanguage;
use shared::http::api_key_auth::{ApiKeyAuth, CustomerScope};
use shared::http::extract::{JsonBody, PathIds};
use shared::http::problem::Problem;
use shared::http::routes::{self, ServeRoute};
use shared::http::stack::with_html_problems;
use shared::types::ids::{CustomerId, UserId};

#[cfg(feature = "openapi")]
pub use openapi::operations;
pub use state::Meetings;

use cancellation::CancelOutcome;
use entity_tag::IfMatch;
use requests::{MeetingIdPath, MeetingLinkPath, RequestContext};
use responses::{CreateMeetingAnswer, InvitationResponse, MeetingAnswer, QrCodeResponse};

/// The routes of this function.
pub fn router(meetings: Meetings) -> Router {
    let api = Router::new()
        .serve(routes::CREATE_MEETING, create_meeting)
        .serve(routes::GET_MEETING, get_meeting)
        .serve(routes::UPDATE_MEETING, update_meeting)
        .serve(routes::CANCEL_MEETING, cancel_meeting)
        .serve(routes::GET_QR_CODE, get_qr_code)
        .serve(routes::HAND_OVER_MEETING, hand_over_meeting);
    let api_with_query = Router::new().serve(routes::GET_INVITATION, get_invitation);
    let link = Router::new()
        .serve(routes::FOLLOW_MEETING_LINK, follow_meeting_link)
        .serve_with_rest(routes::FOLLOW_MEETING_LINK, follow_meeting_link);
    let pages = with_html_problems(link);
    let auth = ApiKeyAuth::new(meetings.api_keys.clone(), meetings.clock.clone());
    let api = auth.require(api, ApiScope::Meetings, CustomerScope::PathCustomer);
    let api_with_query = auth.require(api_with_query, ApiScope::Meetings, CustomerScope::PathCustomerWithQuery);
    api.merge(api_with_query).merge(pages).with_state(meetings)
}

/// `POST …/meetings`: creates a meeting, or returns the one that the same order created before.
async fn create_meeting(
    State(meetings): State<Meetings>,
    PathIds((customer, user)): PathIds<(CustomerId, UserId)>,
    AcceptLanguage(language): AcceptLanguage,
    headers: HeaderMap,
    JsonBody(body): JsonBody<requests::CreateMeetingRequest>,
) -> Result<CreateMeetingAnswer, Problem> {
    let key = requests::parse_idempotency_key(&headers)?;
    let order = body.parse(language, meetings.clock.now())?;
    let context = RequestContext { customer, user, language };
    meeting::create(&meetings, &context, &key, &order).await.map(CreateMeetingAnswer)
}

/// `GET …/meetings/{id}`: the meeting as Graph has it.
async fn get_meeting(
    State(meetings): State<Meetings>,
    PathIds((customer, user, MeetingIdPath(id))): PathIds<(CustomerId, UserId, MeetingIdPath)>,
    AcceptLanguage(language): AcceptLanguage,
) -> Result<MeetingAnswer, Problem> {
    meeting::get(&meetings, &RequestContext { customer, user, language }, &id).await
}

/// `PATCH …/meetings/{id}`: changes what differs from the request; the link stays.
async fn update_meeting(
    State(meetings): State<Meetings>,
    PathIds((customer, user, MeetingIdPath(id))): PathIds<(CustomerId, UserId, MeetingIdPath)>,
    AcceptLanguage(language): AcceptLanguage,
    headers: HeaderMap,
    JsonBody(body): JsonBody<requests::UpdateMeetingRequest>,
) -> Result<MeetingAnswer, Problem> {
    let (condition, change) = (IfMatch::parse(&headers)?, body.parse()?);
    meeting::update(&meetings, &RequestContext { customer, user, language }, &id, &condition, &change).await
}

/// `DELETE …/meetings/{id}`: cancels the meeting; one that is gone counts as cancelled.
async fn cancel_meeting(
    State(meetings): State<Meetings>,
    PathIds((customer, user, MeetingIdPath(id))): PathIds<(CustomerId, UserId, MeetingIdPath)>,
    AcceptLanguage(language): AcceptLanguage,
    headers: HeaderMap,
) -> Result<CancelOutcome, Problem> {
    let context = RequestContext { customer, user, language };
    cancellation::cancel(&meetings, &context, &id, &IfMatch::parse(&headers)?).await
}

/// `GET …/meetings/{id}/qr.svg`: the link to the meeting as a QR code.
async fn get_qr_code(
    State(meetings): State<Meetings>,
    PathIds((customer, user, MeetingIdPath(id))): PathIds<(CustomerId, UserId, MeetingIdPath)>,
    AcceptLanguage(language): AcceptLanguage,
) -> Result<QrCodeResponse, Problem> {
    let answer = meeting::get(&meetings, &RequestContext { customer, user, language }, &id).await?;
    qr_code::render(answer.link()).map(QrCodeResponse)
}

/// `POST …/meetings/{id}/hand-over`: moves the interview to a colleague; its link leads to the new meeting.
async fn hand_over_meeting(
    State(meetings): State<Meetings>,
    PathIds((customer, user, MeetingIdPath(id))): PathIds<(CustomerId, UserId, MeetingIdPath)>,
    AcceptLanguage(language): AcceptLanguage,
    JsonBody(body): JsonBody<requests::HandOverRequest>,
) -> Result<MeetingAnswer, Problem> {
    let order = body.parse(language, meetings.clock.now())?;
    hand_over::hand_over(&meetings, &RequestContext { customer, user, language }, &id, &order).await
}

/// `GET …/meetings/{id}/invitation.ics`: the interview for a calendar, or its cancellation.
async fn get_invitation(
    State(meetings): State<Meetings>,
    PathIds((customer, user, MeetingIdPath(id))): PathIds<(CustomerId, UserId, MeetingIdPath)>,
    AcceptLanguage(language): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<InvitationResponse, Problem> {
    let query = requests::parse_invitation_query(query.as_deref().unwrap_or_default(), language)?;
    let context = RequestContext { customer, user, language: query.language };
    invitation::render(&meetings, &context, &id, &query).await.map(InvitationResponse)
}

/// `GET /m/{link}`: redirects to where the interview takes place now.
async fn follow_meeting_link(
    State(meetings): State<Meetings>,
    Path(MeetingLinkPath { link }): Path<MeetingLinkPath>,
) -> Result<impl IntoResponse, Problem> {
    let join_url = meeting_link::resolve_and_audit(&meetings, &link).await?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, join_url.as_str().to_owned())]))
}
