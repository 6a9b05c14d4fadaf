//! The `.ics` of a meeting.

use shared::adapters::microsoft::graph::GraphError;
use shared::domain::meeting::{
    InvitationContext, ItipMethod, MeetingId, Organizer, render_cancellation, render_invitation,
};
use shared::http::problem::Problem;

use crate::graph_session::{GraphCallError, GraphSession};
use crate::meeting_link;
use crate::requests::{InvitationQuery, RequestContext};
use crate::responses::InvitationResponse;
use crate::state::Meetings;

/// Renders the calendar message about a meeting as it is now. A cancellation can also be rendered for a meeting that is
/// gone, so the ATS may ask before or after it cancels.
pub(crate) async fn render(
    meetings: &Meetings,
    context: &RequestContext,
    id: &MeetingId,
    query: &InvitationQuery,
) -> Result<InvitationResponse, Problem> {
    let link_key = meetings.link_keys.current().await?;
    let mut session = GraphSession::open(meetings, &context.customer, &context.user).await?;
    let read = session.get(id, query.language).await;
    let account = session.account();
    let organizer = Organizer { customer: &context.customer, name: &account.name, address: &account.upn };
    let now = meetings.clock.now();
    let text = match read {
        Ok(meeting) => {
            let link = meeting_link::url(meetings, &link_key, &context.customer, &context.user, &meeting)?;
            let invitation = InvitationContext { language: query.language, zone: query.zone.as_ref(), now };
            render_invitation(query.method, &meeting, &link, organizer, &invitation)
        }
        Err(GraphCallError::Graph(GraphError::NotFound)) if query.method == ItipMethod::Cancel => {
            render_cancellation(id, organizer, now)
        }
        Err(error) => return Err(session.problem_for(error).await),
    };
    Ok(InvitationResponse { method: query.method, text })
}
