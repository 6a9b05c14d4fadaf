//! Create, get and update a meeting.
//!
//! Each operation is several calls to Graph, and every call may be repeated: after an interruption the same request finds
//! what is there and does the rest.

use futures_util::future::join;
use shared::domain::meeting::{ExternalId, IdempotencyKey, MeetingChange, MeetingId, MeetingOrder};
use shared::http::problem::{Outcome, Problem, ProblemKind};

use crate::cancellation::require_not_cancelled;
use crate::entity_tag::IfMatch;
use crate::graph_session::GraphSession;
use crate::meeting_result::MeetingResult;
use crate::requests::RequestContext;
use crate::responses::MeetingAnswer;
use crate::state::Meetings;

/// Creates the meeting, or finds the one that the same order created before: Graph knows the order by its external id.
/// Options are set until they are in force.
pub(crate) async fn create(
    meetings: &Meetings,
    context: &RequestContext,
    key: &IdempotencyKey,
    order: &MeetingOrder,
) -> Result<MeetingAnswer, Problem> {
    let external_id = ExternalId::for_order(key, &context.customer, &context.user);
    let mut session = GraphSession::open(meetings, &context.customer, &context.user).await?;
    let (cancelled, now) = (meetings.cancellations.get(&context.customer, &context.user).await?, meetings.clock.now());
    if cancelled.contains_order(&external_id, now) {
        return Err(ProblemKind::OrderCancelled.into());
    }
    // Only the answer needs the link key, and an order may be repeated: so the key is read while Graph is at work.
    let (created, link_key) =
        join(session.create_with_options(&external_id, order, &cancelled, now), meetings.link_keys.current()).await;
    match created {
        Ok(result) => MeetingAnswer::new(meetings, &*link_key?, &context.customer, &context.user, result),
        Err(error) => Err(session.problem_for(error).await),
    }
}

/// Gets the meeting as Graph has it.
pub(crate) async fn get(
    meetings: &Meetings,
    context: &RequestContext,
    id: &MeetingId,
) -> Result<MeetingAnswer, Problem> {
    let link_key = meetings.link_keys.current().await?;
    let mut session = GraphSession::open(meetings, &context.customer, &context.user).await?;
    require_not_cancelled(meetings, context, id).await?;
    match session.get_plausible(id, context.language).await {
        Ok(meeting) => {
            let result = MeetingResult { outcome: Outcome::Existing, meeting, dropped: Vec::new() };
            MeetingAnswer::new(meetings, &link_key, &context.customer, &context.user, result)
        }
        Err(error) => Err(session.problem_for(error).await),
    }
}

/// Changes what differs from `change`; the link stays.
pub(crate) async fn update(
    meetings: &Meetings,
    context: &RequestContext,
    id: &MeetingId,
    condition: &IfMatch,
    change: &MeetingChange,
) -> Result<MeetingAnswer, Problem> {
    let link_key = meetings.link_keys.current().await?;
    let mut session = GraphSession::open(meetings, &context.customer, &context.user).await?;
    require_not_cancelled(meetings, context, id).await?;
    match session.apply_change(id, condition, change, context.language, meetings.clock.now()).await {
        Ok(result) => MeetingAnswer::new(meetings, &link_key, &context.customer, &context.user, result),
        Err(error) => Err(session.problem_for(error).await),
    }
}
