//! The `.ics` of a meeting.

use shared::adapters::microsoft::graph::GraphError;
use shared::domain::meeting::{
    CalendarMessage, InvitationContext, ItipMethod, MeetingId, Organizer, render_cancellation, render_invitation,
};
use shared::http::problem::Problem;

use crate::cancellation::{cannot_sign_in, require_not_cancelled};
use crate::graph_session::{GraphCallError, GraphSession};
use crate::meeting_link;
use crate::requests::{InvitationQuery, RequestContext};
use crate::state::Meetings;

/// Renders the calendar message about a meeting as it is now. A cancellation can also be rendered for a meeting that is
/// gone, so the ATS may ask before or after it cancels, and for one whose recruiter cannot be asked any more.
pub(crate) async fn render(
    meetings: &Meetings,
    context: &RequestContext,
    id: &MeetingId,
    query: &InvitationQuery,
) -> Result<CalendarMessage, Problem> {
    match render_from_graph(meetings, context, id, query).await {
        Err(problem) if query.method == ItipMethod::Cancel && cannot_sign_in(&problem) => {
            let organizer = Organizer { customer: &context.customer, name: "", mailbox: query.organizer.as_ref() };
            Ok(render_cancellation(id, organizer, &invitation_context(meetings, query)))
        }
        rendered => rendered,
    }
}

async fn render_from_graph(
    meetings: &Meetings,
    context: &RequestContext,
    id: &MeetingId,
    query: &InvitationQuery,
) -> Result<CalendarMessage, Problem> {
    let link_key = meetings.link_keys.current().await?;
    let mut session = GraphSession::open(meetings, &context.customer, &context.user).await?;
    if query.method != ItipMethod::Cancel {
        require_not_cancelled(meetings, context, id).await?;
    }
    let read = session.get_plausible(id, query.language).await;
    let mailbox = match session.get_mailbox().await {
        Ok(mailbox) => mailbox,
        Err(error) => return Err(session.problem_for(error).await),
    };
    let name = &session.account().name;
    let organizer = Organizer { customer: &context.customer, name, mailbox: mailbox.as_ref() };
    let invitation = invitation_context(meetings, query);
    match read {
        Ok(meeting) => {
            let link = meeting_link::url(meetings, &link_key, &context.customer, &context.user, &meeting)?;
            Ok(render_invitation(query.method, &meeting, &link, organizer, &invitation))
        }
        Err(GraphCallError::Graph(GraphError::NotFound)) if query.method == ItipMethod::Cancel => {
            Ok(render_cancellation(id, organizer, &invitation))
        }
        Err(error) => Err(session.problem_for(error).await),
    }
}

fn invitation_context<'a>(meetings: &Meetings, query: &'a InvitationQuery) -> InvitationContext<'a> {
    InvitationContext {
        language: query.language,
        zone: query.zone.as_ref(),
        alarm_minutes: query.alarm_minutes,
        removed: &query.removed,
        now: meetings.clock.now(),
    }
}
