//! Cancels meetings, and remembers it: a cancelled meeting stays cancelled, whatever Graph says about it later.
//!
//! The order of the steps matters: restrict the lobby, which also tells the meeting's order and end; remember the
//! cancellation; delete the meeting. An interruption leaves something that the same request finishes.

use shared::adapters::microsoft::graph::GraphError;
use shared::domain::meeting::{Cancellation, Meeting, MeetingId};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::clock::Timestamp;
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;

use crate::entity_tag::IfMatch;
use crate::graph_session::{GraphCallError, GraphSession};
use crate::requests::RequestContext;
use crate::state::Meetings;

/// What came of a cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CancelOutcome {
    /// The meeting is gone at Microsoft.
    Cancelled,
    /// Only we know: the recruiter cannot be asked, so the meeting is still there at Microsoft.
    Recorded,
}

/// Cancels the meeting. One that is gone counts as cancelled, under any condition. If the recruiter must sign in again or is
/// disconnected, the cancellation is remembered, and the same request cancels at Microsoft after the sign-in.
pub(crate) async fn cancel(
    meetings: &Meetings,
    context: &RequestContext,
    id: &MeetingId,
    condition: &IfMatch,
) -> Result<CancelOutcome, Problem> {
    match cancel_at_graph(meetings, &context.customer, &context.user, id, condition).await {
        Ok(()) => Ok(CancelOutcome::Cancelled),
        // A sign-in in doubt is settled a minute later. A condition needs the meeting.
        Err(problem)
            if cannot_sign_in(&problem)
                && problem.retry_after_seconds().is_none()
                && !matches!(condition, IfMatch::OneOf(_)) =>
        {
            record_without_graph(meetings, &context.customer, &context.user, id, None).await?;
            Ok(CancelOutcome::Recorded)
        }
        Err(problem) => Err(problem),
    }
}

/// Cancels the meeting at Graph, and remembers it.
pub(crate) async fn cancel_at_graph(
    meetings: &Meetings,
    customer: &CustomerId,
    user: &UserId,
    id: &MeetingId,
    condition: &IfMatch,
) -> Result<(), Problem> {
    let mut session = GraphSession::open(meetings, customer, user).await?;
    if *condition != IfMatch::None {
        match session.get_plausible(id, Language::default()).await {
            Ok(meeting) => condition.check(&meeting)?,
            Err(GraphCallError::Graph(GraphError::NotFound)) => {}
            Err(error) => return Err(session.problem_for(error).await),
        }
    }
    let meeting = match session.restrict_lobby(id).await {
        Ok(meeting) => meeting,
        Err(error) => return Err(session.problem_for(error).await),
    };
    let cancellation = cancellation_of(id, meeting.as_ref(), meetings.clock.now());
    // Before it is remembered it is not deleted: afterwards nobody could tell which order it was of.
    meetings.cancellations.record(customer, user, &cancellation).await?;
    match session.delete_if_there(id).await {
        Ok(()) => Ok(()),
        Err(error) => Err(session.problem_for(error).await),
    }
}

/// Remembers the cancellation of a meeting that Graph cannot be asked about.
pub(crate) async fn record_without_graph(
    meetings: &Meetings,
    customer: &CustomerId,
    user: &UserId,
    id: &MeetingId,
    end: Option<Timestamp>,
) -> Result<(), Problem> {
    let cancellation = Cancellation::new(id, None, end, meetings.clock.now());
    Ok(meetings.cancellations.record(customer, user, &cancellation).await?)
}

/// A cancelled meeting is gone, also if Graph has it again.
pub(crate) async fn require_not_cancelled(
    meetings: &Meetings,
    context: &RequestContext,
    id: &MeetingId,
) -> Result<(), Problem> {
    let cancelled = meetings.cancellations.get(&context.customer, &context.user).await?;
    if cancelled.contains(id, meetings.clock.now()) { Err(ProblemKind::MeetingGone.into()) } else { Ok(()) }
}

/// Whether Graph cannot be asked in the name of this recruiter before somebody signs in.
pub(crate) fn cannot_sign_in(problem: &Problem) -> bool {
    matches!(problem.kind(), ProblemKind::Disconnected | ProblemKind::ReauthRequired)
}

fn cancellation_of(id: &MeetingId, meeting: Option<&Meeting>, now: Timestamp) -> Cancellation {
    let end = meeting.filter(|meeting| meeting.times.is_plausible()).map(|meeting| meeting.times.end);
    Cancellation::new(id, meeting.and_then(|meeting| meeting.external_id.as_ref()), end, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graph_cannot_be_asked_for_whoever_must_sign_in_again() {
        for (kind, expected) in [
            (ProblemKind::Disconnected, true),
            (ProblemKind::ReauthRequired, true),
            (ProblemKind::MicrosoftUnavailable, false),
        ] {
            assert_eq!(cannot_sign_in(&kind.into()), expected, "{kind:?}");
        }
    }
}
