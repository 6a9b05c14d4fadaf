//! Hands an interview over to a colleague: creates a meeting in the colleague's name and cancels the previous one.
//!
//! The order of the steps matters. An interruption after any of them leaves a link that leads somewhere, and the same
//! request finds what is there and does the rest:
//!
//! 1. create the new meeting, under an external id derived from the previous meeting;
//! 2. record the hand-over, which decides it;
//! 3. cancel the previous meeting.

use shared::adapters::vault::hand_overs::RecordHandOverError;
use shared::domain::meeting::{ExternalId, HandOver, Meeting, MeetingDigest, MeetingId};
use shared::http::problem::{FieldError, Outcome, Problem, ProblemKind};
use shared::types::ids::UserId;

use crate::graph_session::GraphSession;
use crate::meeting_result::MeetingResult;
use crate::requests::RequestContext;
use crate::responses::MeetingAnswer;
use crate::state::Meetings;

/// Hands the interview over to `to`.
pub(crate) async fn hand_over(
    meetings: &Meetings,
    context: &RequestContext,
    id: &MeetingId,
    to: &UserId,
) -> Result<MeetingAnswer, Problem> {
    if *to == context.user {
        let error = FieldError::new("to_user", "is the recruiter who has the meeting");
        return Err(Problem::from(ProblemKind::InvalidFields).with_field(error));
    }
    let link_key = meetings.link_keys.current().await?;
    // The new recruiter's session first: nothing may happen if the colleague is not connected.
    let mut new_session = GraphSession::open(meetings, &context.customer, to).await?;
    let (outcome, (recorded, dropped)) = match meetings.hand_overs.find(&context.customer, &context.user, id).await? {
        Some(recorded) => (Outcome::Existing, (recorded, Vec::new())),
        None => (Outcome::Created, create_and_record(meetings, context, &mut new_session, id, to).await?),
    };
    if recorded.to != *to {
        return Err(ProblemKind::MeetingGone.into());
    }
    let meeting = cancel_previous(meetings, context, &mut new_session, id, &recorded).await?;
    let result = MeetingResult { outcome, meeting, dropped };
    MeetingAnswer::new(meetings, &link_key, &context.customer, to, result)
}

/// Creates the new meeting and records where the interview went. Beside the record stands what is not in force in the new
/// meeting.
async fn create_and_record(
    meetings: &Meetings,
    context: &RequestContext,
    new_session: &mut GraphSession<'_>,
    id: &MeetingId,
    to: &UserId,
) -> Result<(HandOver, Vec<&'static str>), Problem> {
    let mut previous_session = GraphSession::open(meetings, &context.customer, &context.user).await?;
    let previous = match previous_session.get_plausible(id, context.language).await {
        Ok(meeting) => meeting,
        Err(error) => return Err(previous_session.problem_for(error).await),
    };
    let external_id = ExternalId::for_hand_over(id, &context.customer, to);
    let (new, dropped) = match new_session.copy_meeting(&external_id, &previous, context.language).await {
        Ok(copied) => copied,
        Err(error) => return Err(new_session.problem_for(error).await),
    };
    let hand_over = HandOver {
        from: MeetingDigest::from(id),
        to: to.clone(),
        id: new.id.clone(),
        join_url: new.join_url,
        until: HandOver::retention_end(previous.times.end),
    };
    let now = meetings.clock.now();
    let recorded = meetings.hand_overs.record(&context.customer, &context.user, hand_over, now).await;
    let is_superfluous = match &recorded {
        // Another request handed the interview to another colleague first.
        Ok(recorded) => recorded.to != *to,
        Err(RecordHandOverError::Full) => true,
        Err(RecordHandOverError::Vault(_)) => false,
    };
    if is_superfluous && let Err(error) = new_session.cancel(&new.id).await {
        return Err(new_session.problem_for(error).await);
    }
    Ok((recorded?, dropped))
}

/// Cancels the previous meeting and returns the new one.
async fn cancel_previous(
    meetings: &Meetings,
    context: &RequestContext,
    new_session: &mut GraphSession<'_>,
    id: &MeetingId,
    recorded: &HandOver,
) -> Result<Meeting, Problem> {
    let meeting = match new_session.get_plausible(&recorded.id, context.language).await {
        Ok(meeting) => meeting,
        Err(error) => return Err(new_session.problem_for(error).await),
    };
    match GraphSession::open(meetings, &context.customer, &context.user).await {
        Ok(mut previous_session) => {
            if let Err(error) = previous_session.cancel(id).await {
                return Err(previous_session.problem_for(error).await);
            }
        }
        // Nothing can be cancelled in the name of a recruiter who was disconnected since.
        Err(problem) if matches!(problem.kind(), ProblemKind::NotConnected | ProblemKind::Disconnected) => {}
        Err(problem) => return Err(problem),
    }
    Ok(meeting)
}
