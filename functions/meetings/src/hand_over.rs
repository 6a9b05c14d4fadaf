//! Hands an interview over to a colleague: creates a meeting in the colleague's name and cancels the previous one.
//!
//! The order of the steps matters. An interruption after any of them leaves a link that leads somewhere, and the same
//! request finds what is there and does the rest:
//!
//! 1. create the new meeting, under an external id derived from the previous meeting;
//! 2. record the hand-over, which decides it;
//! 3. cancel the previous meeting.
//!
//! A recruiter who has left cannot be asked about the previous meeting. Then the new one is made from what the request says,
//! and the previous one stays at Microsoft; our link leads to the new one.

use shared::adapters::vault::hand_overs::RecordHandOverError;
use shared::domain::meeting::{
    CancelledMeetings, ExternalId, HandOver, Meeting, MeetingDigest, MeetingId, MeetingOrder,
};
use shared::http::problem::{FieldError, Outcome, Problem, ProblemKind};
use shared::types::clock::Timestamp;

use crate::cancellation::{cancel_at_graph, cannot_sign_in, record_without_graph, require_not_cancelled};
use crate::entity_tag::IfMatch;
use crate::graph_session::GraphSession;
use crate::meeting_result::MeetingResult;
use crate::requests::{HandOverOrder, RequestContext};
use crate::responses::MeetingAnswer;
use crate::state::Meetings;

/// Hands the interview over to the colleague whom `order` names.
pub(crate) async fn hand_over(
    meetings: &Meetings,
    context: &RequestContext,
    id: &MeetingId,
    order: &HandOverOrder,
) -> Result<MeetingAnswer, Problem> {
    let to = &order.to;
    if *to == context.user {
        let error = FieldError::new("to_user", "is the recruiter who has the meeting");
        return Err(Problem::from(ProblemKind::InvalidFields).with_field(error));
    }
    let link_key = meetings.link_keys.current().await?;
    // The new recruiter's session first: nothing may happen if the colleague is not connected.
    let mut new_session = GraphSession::open(meetings, &context.customer, to).await?;
    let (outcome, (recorded, dropped)) = match meetings.hand_overs.find(&context.customer, &context.user, id).await? {
        Some(recorded) => (Outcome::Existing, (recorded, Vec::new())),
        None => (Outcome::Created, create_and_record(meetings, context, &mut new_session, id, order).await?),
    };
    if recorded.to != *to {
        return Err(ProblemKind::MeetingGone.into());
    }
    let meeting = match new_session.get_plausible(&recorded.id, context.language).await {
        Ok(meeting) => meeting,
        Err(error) => return Err(new_session.problem_for(error).await),
    };
    let is_previous_cancelled = cancel_previous(meetings, context, id, meeting.times.end).await?;
    let result = MeetingResult { outcome, meeting, dropped };
    let answer = MeetingAnswer::new(meetings, &link_key, &context.customer, to, result)?;
    Ok(answer.with_previous_cancelled(is_previous_cancelled))
}

/// Creates the new meeting and records where the interview went. Beside the record stands what is not in force in the new
/// meeting.
async fn create_and_record(
    meetings: &Meetings,
    context: &RequestContext,
    new_session: &mut GraphSession<'_>,
    id: &MeetingId,
    order: &HandOverOrder,
) -> Result<(HandOver, Vec<&'static str>), Problem> {
    let (external_id, now) = (ExternalId::for_hand_over(id, &context.customer, &order.to), meetings.clock.now());
    let created = match read_previous(meetings, context, id).await {
        Ok(previous) => {
            let copied = new_session.copy_meeting(&external_id, &previous, context.language).await;
            copied.map(|(new, dropped)| (new, dropped, previous.times.end))
        }
        Err(problem) => {
            let order = order_without_previous(order, problem)?;
            let made = new_session.create_with_options(&external_id, order, &CancelledMeetings::default(), now).await;
            made.map(|MeetingResult { meeting, dropped, .. }| (meeting, dropped, order.end))
        }
    };
    let (new, dropped, end) = match created {
        Ok(created) => created,
        Err(error) => return Err(new_session.problem_for(error).await),
    };
    let hand_over = HandOver {
        from: MeetingDigest::from(id),
        to: order.to.clone(),
        id: new.id.clone(),
        join_url: new.join_url,
        until: HandOver::retention_end(end),
    };
    let recorded = meetings.hand_overs.record(&context.customer, &context.user, hand_over, now).await;
    let is_superfluous = match &recorded {
        // Another request handed the interview to another colleague first.
        Ok(recorded) => recorded.to != order.to,
        Err(RecordHandOverError::Full) => true,
        Err(RecordHandOverError::Vault(_)) => false,
    };
    if is_superfluous {
        let removed = match new_session.restrict_lobby(&new.id).await {
            Ok(_) => new_session.delete_if_there(&new.id).await,
            Err(error) => Err(error),
        };
        if let Err(error) = removed {
            return Err(new_session.problem_for(error).await);
        }
    }
    Ok((recorded?, dropped))
}

/// The order of the new meeting, if the previous one cannot be read because of its recruiter.
fn order_without_previous(hand_over: &HandOverOrder, problem: Problem) -> Result<&MeetingOrder, Problem> {
    let is_about_the_recruiter = cannot_sign_in(&problem) || problem.kind() == ProblemKind::TeamsNotAvailable;
    match &hand_over.order {
        Ok(order) if is_about_the_recruiter => Ok(order),
        Err(missing) if is_about_the_recruiter => {
            let detail = "is needed, because the recruiter who has the meeting cannot be asked about it";
            Err(problem.with_fields(missing.iter().map(|field| FieldError::new(field, detail)).collect()))
        }
        _ => Err(problem),
    }
}

async fn read_previous(meetings: &Meetings, context: &RequestContext, id: &MeetingId) -> Result<Meeting, Problem> {
    require_not_cancelled(meetings, context, id).await?;
    let mut session = GraphSession::open(meetings, &context.customer, &context.user).await?;
    match session.get_plausible(id, context.language).await {
        Ok(meeting) => Ok(meeting),
        Err(error) => Err(session.problem_for(error).await),
    }
}

/// Cancels the previous meeting; `false` if its recruiter cannot be asked. Then it counts as cancelled for us alone.
async fn cancel_previous(
    meetings: &Meetings,
    context: &RequestContext,
    id: &MeetingId,
    end: Timestamp,
) -> Result<bool, Problem> {
    let RequestContext { customer, user, .. } = context;
    match cancel_at_graph(meetings, customer, user, id, &IfMatch::None).await {
        Ok(()) => Ok(true),
        Err(problem)
            if cannot_sign_in(&problem)
                || matches!(problem.kind(), ProblemKind::NotConnected | ProblemKind::TeamsNotAvailable) =>
        {
            record_without_graph(meetings, customer, user, id, Some(end)).await?;
            Ok(false)
        }
        Err(problem) => Err(problem),
    }
}
